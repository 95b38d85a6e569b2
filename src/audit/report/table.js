(() => {
  "use strict";

  const page_rows = 100;
  const find = (id) => document.getElementById(id);
  const data = JSON.parse(find("data").textContent);
  const count = data.position.length;
  const number = new Intl.NumberFormat("en");
  const collator = new Intl.Collator("en", { numeric: true });

  const looks = {
    ok: ["●", "good"],
    none: ["○", "finding"],
    not_found: ["▲", "finding"],
  };
  const look_of = (outcome) => looks[outcome] ?? ["■", "bad"];

  // The columns as arrays, by row. Rows of one outcome stand together.
  const outcome_of = new Uint8Array(count);
  data.outcomes.reduce((from, [, rows], index) => {
    outcome_of.fill(index, from, from + rows);
    return from + rows;
  }, 0);
  const position_of = new Float64Array(count);
  data.position.reduce((last, step, row) => (position_of[row] = last + step), 0);
  const sku_of = (row) => (data.pool[row] < 0 ? -1 : data.pool_sku[data.pool[row]]);
  const error_rows = data.code.length;

  const text_of = {
    principal: (row) => data.principals[data.principal[row]] ?? "tenant",
    sku: (row) => data.skus[sku_of(row)] ?? "",
    pool: (row) => data.pools[data.pool[row]] ?? "",
  };

  // Ranks: numbers that sort as the column does, made when it is first sorted by. Below 0: nothing there.
  const ranks_of_texts = (texts) => {
    const order = texts.map((_, index) => index).sort((left, right) => collator.compare(texts[left], texts[right]));
    const ranks = new Int32Array(texts.length);
    order.forEach((index, rank) => (ranks[index] = texts[index] === "" ? -1 : rank));
    return ranks;
  };
  const rank_by = (rank_of) => Float64Array.from({ length: count }, (_, row) => rank_of(row));
  const rank_by_text = (texts, index_of) => {
    const ranks = ranks_of_texts(texts);
    return rank_by((row) => (index_of(row) < 0 ? -1 : ranks[index_of(row)]));
  };
  const rank_of_ids = () => {
    const ids = data.id;
    const order = Uint32Array.from({ length: count }, (_, row) => row);
    order.sort((left, right) => (ids[left] < ids[right] ? -1 : ids[left] > ids[right] ? 1 : left - right));
    const ranks = new Float64Array(count);
    order.forEach((row, rank) => (ranks[row] = rank));
    return ranks;
  };
  // Allotments, then the reasons why there is none.
  const rank_of_pools = () => {
    const pools = ranks_of_texts(data.pools);
    const messages = ranks_of_texts(data.messages);
    return rank_by((row) => {
      if (data.pool[row] >= 0) return pools[data.pool[row]];
      return row < error_rows ? pools.length + messages[data.message[row]] : -1;
    });
  };
  const make_ranks = [
    () => rank_by((row) => outcome_of[row]),
    () => position_of,
    rank_of_ids,
    () => rank_by_text(data.principals, (row) => data.principal[row]),
    () => rank_by_text(data.skus, sku_of),
    rank_of_pools,
    () => rank_by((row) => (data.status[row] === 0 ? -1 : data.status[row])),
    () => rank_by((row) => data.attempts[row]),
    () => rank_by((row) => data.ms[row]),
  ];
  const ranks = [];

  const order = Uint32Array.from({ length: count }, (_, row) => row);
  let shown = order; // what the filters let through, in this order
  let page = 0;
  let sorted_by = 0;
  let direction = 1;

  const heads = [...document.querySelectorAll(".rows thead th")];
  const text_filter = find("text-filter");
  const outcome_filter = find("outcome-filter");
  const sku_filter = find("sku-filter");

  const sort = () => {
    const rank = (ranks[sorted_by] ??= make_ranks[sorted_by]());
    order.sort((left, right) => {
      const there = (rank[left] < 0) - (rank[right] < 0);
      return there || (rank[left] - rank[right]) * direction || left - right;
    });
  };

  const filter = () => {
    const words = text_filter.value.trim().toLowerCase();
    const outcome = outcome_filter.value === "" ? -1 : Number(outcome_filter.value);
    const sku = sku_filter.value === "" ? -1 : Number(sku_filter.value);
    if (words === "" && outcome < 0 && sku < 0) {
      shown = order;
      return;
    }
    const has = (text) => text.toLowerCase().includes(words);
    const [principals, pools, skus, codes, messages] = [
      data.principals, data.pools, data.skus, data.codes, data.messages,
    ].map((texts) => texts.map(has));
    const matches = (row) =>
      words === "" || has(data.id[row]) || principals[data.principal[row]] || pools[data.pool[row]] ||
      skus[sku_of(row)] || (row < error_rows &&
        (codes[data.code[row]] || messages[data.message[row]] || has(data.request[row])));
    shown = order.filter(
      (row) => (outcome < 0 || outcome_of[row] === outcome) && (sku < 0 || sku_of(row) === sku) && matches(row));
  };

  const element = (name, kind, text) => {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const foreign_cell = (kind, text) => {
    const cell = element("td", kind);
    cell.append(element("bdi", "", text));
    return cell;
  };
  const why_cell = (row) => {
    const cell = element("td", "why");
    cell.append(element("code", "", data.codes[data.code[row]]), " ", element("bdi", "", data.messages[data.message[row]]));
    if (data.request[row]) cell.append(element("span", "note", "request id " + data.request[row]));
    return cell;
  };
  const outcome_cell = (row) => {
    const [name] = data.outcomes[outcome_of[row]];
    const [symbol, kind] = look_of(name);
    const cell = element("td", "outcome " + kind);
    const sign = element("span", "", symbol);
    sign.setAttribute("aria-hidden", "true");
    cell.append(sign, " " + name);
    return cell;
  };
  const row_element = (row) => {
    const made = element("tr");
    const id = element("th", "id");
    id.scope = "row";
    id.append(element("bdi", "", data.id[row]));
    made.append(
      outcome_cell(row), element("td", "n", number.format(position_of[row])), id,
      foreign_cell("id", text_of.principal(row)), foreign_cell("name", text_of.sku(row)),
      row < error_rows ? why_cell(row) : foreign_cell("id", text_of.pool(row)),
      element("td", "n", data.status[row] === 0 ? "" : String(data.status[row])),
      element("td", "n", number.format(data.attempts[row])), element("td", "n", number.format(data.ms[row])));
    return made;
  };

  const pages = () => Math.max(1, Math.ceil(shown.length / page_rows));

  const show = () => {
    const from = page * page_rows;
    const rows = shown.subarray(from, from + page_rows);
    find("rows").replaceChildren(...Array.from(rows, row_element));
    const all = number.format(count);
    find("matches").textContent =
      (shown.length === count ? `${all} assignments` : `${number.format(shown.length)} of ${all} assignments match`) +
      (rows.length === 0 ? "." : `; rows ${number.format(from + 1)} to ${number.format(from + rows.length)} are shown.`);
    find("page-number").textContent = `Page ${number.format(page + 1)} of ${number.format(pages())}`;
    for (const button of document.querySelectorAll("[data-go]")) {
      const ended = ["first", "previous"].includes(button.dataset.go) ? page === 0 : page === pages() - 1;
      button.setAttribute("aria-disabled", String(ended));
    }
    heads.forEach((head, index) => {
      if (index === sorted_by) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
  };

  const filter_and_show = () => {
    filter();
    page = 0;
    show();
  };

  const go = (where) => {
    const wanted = { first: 0, previous: page - 1, next: page + 1, last: pages() - 1 }[where];
    page = Math.min(Math.max(wanted, 0), pages() - 1);
    show();
  };

  heads.forEach((head, index) => head.querySelector("button").addEventListener("click", () => {
    direction = index === sorted_by ? -direction : 1;
    sorted_by = index;
    sort();
    filter_and_show();
  }));
  for (const button of document.querySelectorAll("[data-go]"))
    button.addEventListener("click", () => go(button.dataset.go));

  let waiting;
  text_filter.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter_and_show, 150);
  });
  outcome_filter.addEventListener("change", filter_and_show);
  sku_filter.addEventListener("change", filter_and_show);

  const set_filters = (text, outcome, sku) => {
    clearTimeout(waiting);
    text_filter.value = text;
    outcome_filter.value = outcome;
    sku_filter.value = sku;
    filter_and_show();
  };
  find("clear-filters").addEventListener("click", () => set_filters("", "", ""));

  const option = (value, text) => {
    const made = element("option", "", text);
    made.value = value;
    return made;
  };
  outcome_filter.append(
    ...data.outcomes.map(([name, rows], index) => option(index, `${name} (${number.format(rows)})`)));
  const sku_ranks = ranks_of_texts(data.skus);
  sku_filter.append(
    ...data.skus.map((name, index) => option(index, name))
      .sort((left, right) => sku_ranks[left.value] - sku_ranks[right.value]));

  // From a number elsewhere on the page to the rows behind it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sku], a[data-outcome]");
    if (!link) return;
    const { sku, outcome, text } = link.dataset;
    const index_of = (index) => (index < 0 ? "" : String(index));
    set_filters(
      text ?? "", outcome === undefined ? "" : index_of(data.outcomes.findIndex(([name]) => name === outcome)),
      sku === undefined ? "" : index_of(data.sku_number.indexOf(Number(sku))));
  });

  show();
  find("table").hidden = false;
  performance.mark("table shown");
})();
