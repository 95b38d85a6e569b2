// Opens a page in Chromium and watches it: anything it runs, asks for or complains of beyond itself is a failure.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.FOLDER, "package.json"));
const { chromium } = require("playwright-core");

export const axe_source = require("axe-core").source;

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });

/** Opens `file` in a context of its own, gives the page to `use`, and fails on anything the page should not do. */
export const visit = async (browser, file, options, use) => {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, reducedMotion: "reduce", ...options });
  const url = pathToFileURL(file).href;
  const wrong = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
    page.on("console", (message) => wrong.push(`console: ${message.text()}`));
    page.on("request", (request) => request.url() === url || wrong.push(`request: ${request.url().slice(0, 200)}`));
    page.on("dialog", (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    context.on("page", (opened) => opened === page || wrong.push("another page opened"));
    await page.goto(url);
    await use(page);
    assert.equal(page.url().split("#")[0], url);
  } finally {
    await context.close();
  }
  assert.deepEqual(wrong, []);
};
