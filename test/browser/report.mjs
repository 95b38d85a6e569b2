// The report of 100,000 assignments as people meet it: how fast it opens, what it shows, what it never does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import test, { after } from "node:test";

import { axe_source, launch, visit } from "./visit.mjs";

const rows = 100_000;
const screenshots = join(process.env.FOLDER, "screenshots");
mkdirSync(screenshots, { recursive: true });

const make_page = (kind) => {
  const file = join(process.env.FOLDER, `${kind}.html`);
  execFileSync(process.env.SAMPLE, [file, String(rows), kind]);
  return file;
};
const ordinary = make_page("ordinary");
const hostile = make_page("hostile");
const browser = await launch();
after(() => browser.close());

const picture = (page, name, options = {}) => page.screenshot({ path: join(screenshots, `${name}.png`), ...options });
const matches = (page) => page.locator("#matches").textContent();
const column = (page, index) => page.locator(`#rows tr > :nth-child(${index + 1})`).allTextContents();
const head = (page, name) => page.getByRole("columnheader", { name, exact: true }).getByRole("button");
const sort_of = (page, name) => page.locator(".rows thead th", { hasText: name }).getAttribute("aria-sort");
const in_view = (locator) => locator.evaluate((element) => {
  const box = element.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
});

test("opens in less than two seconds", async () => {
  const times = [];
  for (let load = 0; load < 3; ++load)
    await visit(browser, hostile, {}, async (page) => {
      times.push(await page.evaluate(() => performance.getEntriesByName("table shown")[0].startTime));
    });
  console.log(`table shown after ${times.map(Math.round).join(", ")} ms`);
  assert.ok(Math.min(...times) < 2000, `${times} ms`);
});

test("says at a glance which SKU runs out first", async () => {
  await visit(browser, ordinary, {}, async (page) => {
    const headline = page.locator(".headline");
    assert.equal(
      (await headline.innerText()).replace(/\s+/g, " "),
      "3 of 15 SKUs are exhausted: POWER_BI_PRO, PROJECT_P1 and VISIOCLIENT. " +
        "SPE_E5 runs out next: 12 of 3,380 units left (99.6 % in use).");
    assert.ok(await in_view(headline));
    assert.equal(await page.title(), "3 of 15 SKUs are exhausted - license allotments of ids.txt");
    const fourth = page.locator("table.usage").first().locator("tbody tr").nth(3);
    assert.match((await fourth.innerText()).replace(/\s+/g, " "), /^SPE_E5 ▲ Nearly exhausted 99.6 % 12 3,368 3,380 2 /);
    assert.ok(await in_view(fourth));
    await picture(page, "light");
    await picture(page, "light-whole", { fullPage: true });
  });
  await visit(browser, ordinary, { viewport: { width: 390, height: 844 } }, async (page) => {
    assert.ok(await in_view(page.locator(".headline")));
    await picture(page, "narrow");
    await picture(page, "narrow-whole", { fullPage: true });
  });
});

test("bars are as long as what is consumed", async () => {
  await visit(browser, ordinary, {}, async (page) => {
    const widths = await page.locator("table.usage").first().locator("tbody tr").evaluateAll((trs) => trs.map((tr) => {
      const width = (name) => tr.querySelector(`.bar .${name}`)?.getBoundingClientRect().width ?? 0;
      return [tr.querySelector("th").textContent, (width("fill") + width("over")) / width("track")];
    }));
    const share_of = Object.fromEntries(widths);
    for (const [sku, share] of [["POWER_BI_PRO", 463 / 450], ["SPE_E5", 3368 / 3380], ["FLOW_FREE", 0.4127], ["STREAM", 0]])
      assert.ok(Math.abs(share_of[sku] - share) < 0.005, `${sku}: ${share_of[sku]}`);
  });
});

test("names from outside stay names", async () => {
  await visit(browser, hostile, {}, async (page) => {
    const found = await page.evaluate(() => ({
      hostile: window.hostile,
      scripts: document.scripts.length,
      styles: document.querySelectorAll("style").length,
      strange: document.querySelectorAll("img, iframe, object, embed, base, link, form, [style]").length,
      handlers: [...document.querySelectorAll("*")].flatMap((each) => each.getAttributeNames()).filter((name) => /^on/.test(name)),
      links: [...document.links].filter((link) => !link.getAttribute("href").startsWith("#")).length,
      h1: document.querySelectorAll("h1").length,
    }));
    assert.deepEqual(found, { hostile: undefined, scripts: 2, styles: 1, strange: 0, handlers: [], links: 0, h1: 1 });

    const names = await page.locator("table.usage").first().locator("tbody th").allTextContents();
    for (const name of ["</script><script>window.hostile='script'</script>", "&lt;b&gt; &amp;amp; &#60;", "safe\\u202e5E_EPS",
      "line\\u2028separator\\u2029", "nul\\x00 escape\\x1b[31m bell\\x07"])
      assert.ok(names.includes(name), name);

    // The same names in the table, which the script fills.
    const options = await page.locator("#sku-filter option").evaluateAll((all) => all.map((each) => [each.value, each.textContent]));
    assert.equal(options.length, names.length + 1);
    for (const [value, name] of options.slice(1)) {
      await page.selectOption("#sku-filter", value);
      assert.deepEqual(new Set(await column(page, 4)), new Set([name]));
    }
    await page.selectOption("#sku-filter", "");
    await page.selectOption("#outcome-filter", { index: 1 });
    assert.ok((await column(page, 5)).some((text) => text.includes("<iframe src=\"data:")));
    assert.equal(await page.evaluate(() => document.querySelectorAll("img, iframe, h1").length), 1);
    await page.evaluate(() => scrollTo(0, 0));
    await picture(page, "hostile");
  });
});

test("the table sorts", async () => {
  await visit(browser, ordinary, {}, async (page) => {
    assert.equal(await matches(page), "100,000 assignments; rows 1 to 100 are shown.");
    assert.equal(await sort_of(page, "Outcome"), "ascending");
    assert.match((await column(page, 0))[0], /failed/);

    await head(page, "Position").click();
    assert.equal(await sort_of(page, "Position"), "ascending");
    assert.equal(await sort_of(page, "Outcome"), null);
    assert.deepEqual(await column(page, 1), Array.from({ length: 100 }, (_, index) => String(index + 1)));
    await head(page, "Position").click();
    assert.equal(await sort_of(page, "Position"), "descending");
    assert.equal((await column(page, 1))[0], "100,000");

    await head(page, "Assignment").click();
    const ids = await column(page, 2);
    assert.deepEqual(ids, [...ids].sort());

    await head(page, "SKU").click();
    assert.equal((await column(page, 4))[0], "DYN365_ENTERPRISE_SALES");
    await head(page, "SKU").click();
    assert.equal((await column(page, 4))[0], "WIN10_VDA_E3");
    await page.getByRole("button", { name: "Last" }).click();
    assert.equal((await column(page, 4))[99], "", "rows without a SKU are last either way");

    await head(page, "Allotment, or why not").click();
    const pools = await column(page, 5);
    assert.ok(pools.every((id) => /^[0-9a-f-]{36}$/.test(id)));
    assert.deepEqual(pools, [...pools].sort());
    await head(page, "Allotment, or why not").click();
    assert.match((await column(page, 5))[0], /^forbidden the token lacks /);
  });
});

test("the table filters", async () => {
  await visit(browser, ordinary, {}, async (page) => {
    const counted = async () => Number((await matches(page)).split(" ")[0].replaceAll(",", ""));
    await page.selectOption("#outcome-filter", { label: (await page.locator("#outcome-filter option", { hasText: "not_found" }).textContent()) });
    const not_found = await counted();
    assert.ok(not_found > 0 && not_found < rows);
    assert.deepEqual(new Set(await column(page, 0)), new Set(["▲ not_found"]));

    await page.getByRole("button", { name: "Clear filters" }).click();
    assert.equal(await counted(), rows);
    const id = (await column(page, 2))[7];
    await page.getByLabel("Text").fill(id.toUpperCase());
    await page.waitForFunction(() => document.querySelectorAll("#rows tr").length === 1);
    assert.equal(await matches(page), "1 of 100,000 assignments match; rows 1 to 1 are shown.");
    await page.getByLabel("Text").fill("no such thing");
    await page.waitForFunction(() => document.querySelectorAll("#rows tr").length === 0);
    assert.equal(await matches(page), "0 of 100,000 assignments match.");

    // What the text filter finds beside ids.
    for (const [words, index] of [["spe_f1", 4], ["no answer within", 5], ["timed_out", 5], ["group ", 3]]) {
      await page.getByRole("button", { name: "Clear filters" }).click();
      await page.getByLabel("Text").fill(words);
      await page.waitForFunction(() => document.querySelector("#matches").textContent.includes("match;"));
      for (const text of await column(page, index))
        assert.ok(text.toLowerCase().includes(words.trim()), `${words}: ${text}`);
    }
  });
});

test("numbers lead to the rows behind them", async () => {
  await visit(browser, ordinary, {}, async (page) => {
    const link = page.getByRole("link", { name: /assignments of SPE_E5/ });
    const expected = (await link.textContent()).split(" ")[0];
    await link.click();
    assert.equal(await matches(page), `${expected} of 100,000 assignments match; rows 1 to 100 are shown.`);
    assert.deepEqual(new Set(await column(page, 4)), new Set(["SPE_E5"]));
    assert.equal(await page.evaluate(() => document.activeElement.id), "assignments");

    for (const name of [/^Show all .* Without an allotment/, /^Show all .* Not found/]) {
      const finding = page.getByRole("link", { name });
      const all = /all ([\d,]+)/.exec(await finding.textContent())[1];
      await finding.click();
      assert.ok((await matches(page)).startsWith(`${all} of `), await matches(page));
    }
    const error = page.getByRole("link", { name: /rows that ended with timed_out/ });
    const failed = (await error.textContent()).split(" ")[0];
    await error.click();
    assert.ok((await matches(page)).startsWith(`${failed} of `), await matches(page));
  });
});

test("works with the keyboard alone", async () => {
  await visit(browser, ordinary, {}, async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    const tab_to = async (name) => {
      for (let steps = 0; steps < 20; ++steps) {
        if ((await focused()) === name) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${name} is not reached; the focus is on ${await focused()}`);
    };
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Skip to the content");
    assert.ok(await in_view(page.locator(".skip")));
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "content");

    await page.locator("#text-filter").focus();
    await page.keyboard.type("EMSPREMIUM");
    await page.waitForFunction(() => document.querySelector("#matches").textContent.includes("match;"));
    await tab_to("Clear filters");
    await page.keyboard.press("Enter");
    assert.match(await matches(page), /^100,000 assignments;/);
    await tab_to("Position");
    await page.keyboard.press("Space");
    assert.equal(await sort_of(page, "Position"), "ascending");
    assert.equal(await focused(), "Position");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, "solid", "the focus shows");
    await tab_to("Next");
    await page.keyboard.press("Enter");
    assert.equal((await column(page, 1))[0], "101");
    assert.equal(await focused(), "Next");
    await tab_to("Last");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#page-number").textContent(), "Page 1,000 of 1,000");
    assert.equal(await focused(), "Last", "the focus stays where there is nothing more to do");
  });
});

for (const colorScheme of ["light", "dark"])
  for (const [name, file, width] of [["ordinary", ordinary, 1400], ["hostile", hostile, 390]])
    test(`has no accessibility violation: ${name}, ${colorScheme}, ${width} wide`, async () => {
      await visit(browser, file, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
        if (name === "ordinary" && colorScheme === "dark") {
          await picture(page, "dark");
          await picture(page, "dark-whole", { fullPage: true });
        }
        await page.evaluate(axe_source);
        const { violations, passes } = await page.evaluate(() =>
          axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]), []);
        assert.ok(passes.some(({ id }) => id === "color-contrast"));
      });
    });

test("reads well to a screen reader", async () => {
  await visit(browser, ordinary, {}, async (page) => {
    const tree = await page.locator("body").ariaSnapshot();
    for (const line of [
      '- heading "SKUs" [level=2]', "- rowheader \"SPE_E5\"", '- status: 100,000 assignments; rows 1 to 100 are shown.',
      '- searchbox "Text"', '- combobox "Outcome"', '- navigation "Sections"', '- main', "- contentinfo",
      '- img "Assignments read per second over the time the audit ran At most',
    ])
      assert.ok(tree.includes(line), line);
    assert.match(tree, /- row "SPE_E5 Nearly exhausted 99\.6 % 12 3,368 3,380 2 [\d,]+ assignments of SPE_E5"/);
  });
});

test("fits the page at any width", async () => {
  for (const file of [ordinary, hostile])
    await visit(browser, file, {}, async (page) => {
      for (const width of [320, 390, 768, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${file} at ${width}`);
      }
    });
});

test("prints", async () => {
  for (const file of [ordinary, hostile])
    await visit(browser, file, { viewport: { width: 720, height: 1000 }, colorScheme: "dark" }, async (page) => {
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator(".filters").isVisible(), false);
      assert.equal(await page.locator(".pager").isVisible(), false);
      assert.ok(await page.locator(".headline").isVisible());
      const look = await page.evaluate(() => ({
        background: getComputedStyle(document.body).backgroundColor,
        fits: document.documentElement.scrollWidth <= innerWidth,
        cut: [...document.querySelectorAll(".scroll")].filter((each) => each.scrollWidth > each.clientWidth + 1).length,
      }));
      assert.deepEqual(look, { background: "rgb(255, 255, 255)", fits: true, cut: 0 });
      if (file === ordinary) await picture(page, "print", { fullPage: true });
    });
});

test("shows all but the table without scripts", async () => {
  await visit(browser, ordinary, { javaScriptEnabled: false }, async (page) => {
    const note = page.locator("noscript p");
    assert.ok(await note.isVisible());
    assert.match(await note.innerText(), /^Scripts are off: .* allot export audit\.db$/);
    assert.equal(await page.locator("#table").isVisible(), false);
    assert.ok(await page.locator(".headline").isVisible());
    assert.equal(await page.locator("table.usage").count(), 3);
    assert.ok(await page.locator(".plot svg").isVisible());
  });
});
