"use strict";
// Filters select figures and rows that SQL computed; the page calculates almost nothing itself.
(() => {
  const ALL = "(all)";
  const DAY = 86400000;
  // The style sheet hides the other tabs in print.
  const PRINTED_ROWS = 15;
  const data = JSON.parse(document.getElementById("data").textContent);
  const asOf = Date.parse(data.as_of);
  const FILTERS = { account: "account_id", plan: "subscription_tier", team: "team" };
  // Without a list of teams there is no team filter.
  const filters = Object.keys(FILTERS)
    .map((name) => document.getElementById(name)).filter(Boolean);
  const period = document.getElementById("period");
  const count = new Intl.NumberFormat("en");
  const dollars = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

  // --- Faults -----------------------------------------------------------------------------
  // An error is shown in its block and does not affect other blocks.
  function guarded(place, task) {
    try {
      task();
    } catch (error) {
      place.hidden = false;
      place.textContent = `This block could not be shown: ${error.message}`;
    }
  }

  // --- Stale pages ------------------------------------------------------------------------
  // The page may be opened long after the build; scripts/check_alerts.py counts days the same way.
  function showAge() {
    const today = Math.floor(Date.now() / DAY) * DAY;
    let workingDays = 0;
    for (let day = asOf + DAY; day < today; day += DAY) {
      workingDays += ![0, 6].includes(new Date(day).getUTCDay());
    }
    const place = document.getElementById("stale");
    place.hidden = data.stale_days === null || workingDays < data.stale_days;
    place.querySelector("strong").textContent = `${count.format(workingDays)} working days`;
  }

  // --- Rows -------------------------------------------------------------------------------
  const unpacked = {};

  function rowsOf(name) {
    if (!(name in unpacked)) {
      const columns = Object.entries(data.datasets[name]).map(([column, packed]) => {
        if (Array.isArray(packed)) return [column, packed];
        const words = packed.is_date
          ? packed.words.map((word) => (word === null ? null : Date.parse(word)))
          : packed.words;
        return [column, packed.rows.map((word) => words[word])];
      });
      const length = columns.length ? columns[0][1].length : 0;
      unpacked[name] = Array.from({ length }, (_, row) =>
        Object.fromEntries(columns.map(([column, values]) => [column, values[row]])));
    }
    return unpacked[name];
  }

  function firstDay() {
    return period.value ? asOf - (Number(period.value) - 1) * DAY : -Infinity;
  }

  function monthOf(day) {
    const date = new Date(day);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }

  // A month is shown if any of its days falls in the period.
  function startOf(field) {
    const first = firstDay();
    return field === "usage_month" && first !== -Infinity ? monthOf(first) : first;
  }

  function chosen(rows, date) {
    const start = startOf(date);
    const hasTotals = rows.some((row) => row.account_id === ALL);
    return rows.filter((row) =>
      filters.every(({ id, value }) => {
        const column = FILTERS[id];
        return !(column in row) || row[column] === value ||
          (value === ALL && !(hasTotals && id === "account"));
      }) && (!date || row[date] >= start));
  }

  // A block that does not support a selected filter is dimmed and labeled.
  function showScope(block, by, isDated) {
    const idle = filters.filter(({ id, value }) => value !== ALL && !by.includes(id))
      .map(({ id }) => id);
    if (period.value && !isDated) idle.push("period");
    const place = block.querySelector(".scope");
    if (!place) return;
    place.textContent = idle.length ? `Not filtered by ${idle.join(", ")}` : "";
    block.classList.toggle("dimmed", idle.length > 0);
  }

  function keyOf(by) {
    return JSON.stringify(Object.keys(FILTERS).map((name) => {
      const filter = filters.find(({ id }) => id === name);
      return filter && by.includes(name) ? filter.value : ALL;
    }));
  }

  // --- Numbers ----------------------------------------------------------------------------
  function showNumbers() {
    for (const place of document.querySelectorAll("[data-number]")) {
      guarded(place, () => showNumber(place, place.closest(".number")));
    }
  }

  const rowsOfScopes = {};

  function rowOfScope(scope, key) {
    if (!(scope in rowsOfScopes)) {
      const columns = data.scopes[scope];
      const rows = columns.length ? columns[0].rows : [];
      rowsOfScopes[scope] = new Map(rows.map((_, row) =>
        [JSON.stringify(columns.map((column) => column.words[column.rows[row]])), row]));
    }
    return rowsOfScopes[scope].get(key);
  }

  function showNumber(place, block) {
    const { by, scope, parts, unknown, unmatched } = data.numbers[place.dataset.number];
    const key = keyOf(by);
    const nothing = key === keyOf([]) ? unknown : unmatched;
    const at = rowOfScope(scope, key);
    const [text, ...more] = at === undefined ? [nothing, "", "", ""]
      : parts.map(({ words, rows }) => words[rows[at]]);
    place.textContent = text;
    [".change", ".detail", ".certainty"].forEach((name, number) => {
      const part = block.querySelector(name);
      if (part) part.textContent = more[number];
    });
    const trend = block.querySelector("[data-trend]");
    if (trend) showTrend(trend);
    showScope(block, by, Boolean(trend));
  }

  // --- Trends: a bar per month, the last one for the current month -------------------
  function showTrend(place) {
    const ofTeam = filters.some(({ id, value }) => id === "team" && value !== ALL);
    const rows = ofTeam ? []
      : rowsOf("trends").filter((row) => row.figure === place.dataset.trend &&
        filters.every(({ id, value }) => id === "team" || row[FILTERS[id]] === value) &&
        row.value !== null && row.period_end_date >= startOf("usage_month"));
    rows.sort((one, other) => one.period_end_date - other.period_end_date);
    place.replaceChildren();
    if (rows.length < 2) {
      place.textContent = ofTeam ? "The Teams tab shows teams by month."
        : "No trend: there is no data about past months for this selection.";
      return;
    }
    const isShare = rows.every(({ value }) => value <= 1);
    const words = rows.map(({ period_end_date: day, value }) => {
      const month = new Date(day).toLocaleDateString("en", {
        month: "short", year: "numeric", timeZone: "UTC",
      });
      return `${month}: ${isShare ? `${(100 * value).toFixed(1)} %` : dollars.format(value)}`;
    });
    const svg = element("svg", { viewBox: `0 0 ${rows.length * 10} 28`, role: "img",
      preserveAspectRatio: "none", "aria-label": words.join(", ") });
    const most = Math.max(...rows.map(({ value }) => value)) || 1;
    rows.forEach(({ value }, at) => {
      const height = Math.max(1, 28 * value / most);
      const bar = element("rect", { x: at * 10 + 1, y: 28 - height, width: 8, height });
      if (at === rows.length - 1) bar.setAttribute("class", "last");
      bar.append(Object.assign(element("title"), { textContent: words[at] }));
      svg.append(bar);
    });
    place.append(svg);
  }

  function element(name, attributes = {}) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // --- Sums and rankings ------------------------------------------------------------------
  function showBars(place) {
    const parts = place.dataset.bars.split(" ");
    place.replaceChildren(...parts.map((name) => {
      const bar = document.createElement("span");
      const text = document.querySelector(`[data-number="${name}"]`).textContent;
      bar.className = name;
      bar.style.flexGrow = Number(text.replaceAll(",", "")) || 0;
      return bar;
    }));
  }

  function showRanking(card) {
    const name = card.dataset.ranking;
    const all = rowsOf(name);
    const groups = {};
    for (const { label, seats, saved_usd: saved, cost_usd: cost, confidence } of chosen(all, "")) {
      const group = groups[`:${label}`] ||= { label, seats: 0, saved: 0, cost: 0, sure: {} };
      group.seats += seats;
      group.saved += saved;
      group.cost += cost;
      group.sure[confidence] = (group.sure[confidence] || 0) + seats;
    }
    const ranked = Object.values(groups)
      .sort((one, other) => other.saved - one.saved || (one.label < other.label ? -1 : 1));
    const usd = (amount) => `$${dollars.format(amount)}`;
    card.querySelector("tbody").replaceChildren(...ranked.map(({ label, seats, saved, cost, sure }) => {
      const row = document.createElement("tr");
      const words = ["certain", "likely", "possible"].filter((word) => sure[word])
        .map((word) => `${count.format(sure[word])} ${word}`).join(", ");
      const link = made("a", label);
      link.href = addressOf(card.dataset.list, [`${card.dataset.list}.${label}`]);
      row.insertCell().append(link);
      for (const [text, kind] of [[count.format(seats), "figure"],
        [usd(saved), "figure"], [usd(cost), "figure"], [words, ""]]) {
        row.append(made("td", text, kind));
      }
      return row;
    }));
    const total = (part) => ranked.reduce((sum, group) => sum + group[part], 0);
    card.querySelector(".total").textContent = ranked.length
      ? `Together, they save ${usd(total("saved"))} and cost ${usd(total("cost"))} per month. ` : "";
    const empty = card.querySelector(".empty");
    card.querySelector("table").hidden = ranked.length === 0;
    empty.hidden = ranked.length > 0;
    empty.textContent = all.length ? "Nothing matches the filters." : empty.dataset.empty;
    showScope(card, card.dataset.by.split(" "), false);
  }

  // --- Charts -----------------------------------------------------------------------------
  const views = {};

  function look() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(name).trim();
    const text = { labelColor: get("--soft"), titleColor: get("--soft"), labelFontSize: 12,
      titleFontSize: 12, titleFontWeight: 500, labelFont: "system-ui, sans-serif",
      titleFont: "system-ui, sans-serif" };
    return {
      background: "transparent",
      font: "system-ui, sans-serif",
      view: { stroke: null },
      range: { heatmap: [get("--heat-low"), get("--heat-high")] },
      axis: { ...text, domainColor: get("--line"), tickColor: get("--line"),
        gridColor: get("--line"), labelPadding: 6, titlePadding: 10, labelLimit: 130 },
      axisY: { domain: false, ticks: false },
      axisX: { labelOverlap: true, labelSeparation: 4 },
      legend: { ...text, orient: "bottom", direction: "horizontal",
        labelFontSize: 11, columnPadding: 8, symbolOpacity: 1,
        layout: { bottom: { anchor: "start", direction: "vertical" } } },
    };
  }

  // Fit as many columns as possible next to the axis; longer labels are truncated.
  function legendOf(width) {
    const columns = Math.max(1, Math.floor((width - 50) / 145));
    return { columns, labelLimit: (width - 50) / columns - 24 };
  }

  function namesOn(field, rows) {
    return new Set(rows.map((row) => row[field])).size;
  }

  // Vega groups by object keys, so a name like toString, which every object already has, gets a
  // zero-width space at the end.
  function harmless(value) {
    return JSON.parse(JSON.stringify(value), (_, text) =>
      typeof text === "string" && text in Object.prototype ? `${text}\u200b` : text);
  }

  // Vega only logs drawing errors to the console.
  function failing() {
    const log = { failure: "" };
    for (const level of ["level", "info", "debug"]) log[level] = () => log;
    log.warn = (...words) => {
      console.warn(...words);
      return log;
    };
    log.error = (...words) => {
      log.failure = words.join(" ");
      return log;
    };
    return log;
  }

  async function draw(name) {
    const chart = data.charts[name];
    const place = document.getElementById(`chart-${name}`);
    if (!place || place.hidden) return;
    views[name]?.finalize();
    delete views[name];
    const config = look();
    Object.assign(config.legend, legendOf(place.clientWidth));
    const values = chosen(rowsOf(chart.dataset), chart.date);
    const { height } = chart.spec;
    const spec = {
      ...harmless(chart.spec),
      width: "container",
      height: height.step ? height.step * namesOn(chart.spec.encoding.y.field, values) : height,
      data: { name: "rows", values: harmless(values) },
      config,
    };
    const logger = failing();
    views[name] = await vegaEmbed(place, spec, {
      actions: false, ast: true, mode: "vega-lite", renderer: "svg", logger,
      tooltip: { theme: "custom" },
    });
    if (logger.failure) throw new Error(logger.failure);
  }

  async function showCharts() {
    for (const card of currentTab().querySelectorAll("[data-chart]")) {
      const name = card.dataset.chart;
      const chart = data.charts[name];
      if (!chart) continue;
      const empty = card.querySelector(".empty");
      try {
        const isEmpty = chosen(rowsOf(chart.dataset), chart.date).length === 0;
        card.querySelector(".plot").hidden = isEmpty;
        empty.hidden = !isEmpty;
        empty.textContent = rowsOf(chart.dataset).length
          ? "Nothing matches the filters." : empty.dataset.empty;
        showScope(card, card.dataset.by.split(" "), chart.date !== "");
        if (!isEmpty) await draw(name);
      } catch (error) {
        // Keep drawing the other charts.
        card.querySelector(".plot").hidden = true;
        empty.hidden = false;
        empty.textContent = `This chart could not be drawn: ${error.message}`;
      }
    }
  }

  // --- Tables -----------------------------------------------------------------------------
  // Only the first matching rows are shown until the reader clicks, to keep the page short.
  const FIRST_ROWS = 15;

  function matching(card) {
    const { byDate } = card.dataset;
    const by = card.dataset.by.split(" ");
    const words = (card.querySelector("[type=search]")?.value || "").trim().toLowerCase();
    const start = startOf("usage_month");
    const wanted = [...card.querySelectorAll(".column-filters input")]
      .map((input, column) => [column, input.value.trim().toLowerCase()])
      .filter(([, text]) => text);
    return (row) =>
      filters.every(({ id, value }) => !by.includes(id) || value === ALL ||
        [value, ALL].includes(row.dataset[id])) &&
      (byDate === "0" || !row.dataset.date || Date.parse(row.dataset.date) >= start) &&
      (!words || row.textContent.toLowerCase().includes(words)) &&
      wanted.every(([column, text]) => cellMatches(row.cells[column], text));
  }

  // Cells without a sort key sort by their text.
  function sortKey(cell) {
    return cell.dataset.sort ?? cell.textContent.toLowerCase();
  }

  // Numbers can be compared, as in > 100.
  function cellMatches(cell, text) {
    const [, sign, bound] = /^([<>])\s*\$?(-?[\d.,]+)$/.exec(text) || [];
    if (!sign || !cell.classList.contains("figure")) {
      return cell.textContent.toLowerCase().includes(text);
    }
    if (sortKey(cell) === "") return false;
    const difference = Number(sortKey(cell)) - Number(bound.replaceAll(",", ""));
    return sign === ">" ? difference > 0 : difference < 0;
  }

  function showTable(card, all = false) {
    const body = card.querySelector("tbody");
    if (!body) return;
    const { byDate, source } = card.dataset;
    const by = card.dataset.by.split(" ");
    const matches = matching(card);
    let found = 0;
    for (const row of body.rows) {
      row.hidden = !matches(row);
      found += !row.hidden;
      row.classList.toggle("later", !all && found > FIRST_ROWS);
    }
    // Keep the header visible: it contains the column filters.
    const isFiltered = [...card.querySelectorAll(".column-filters input")].some(({ value }) => value);
    card.querySelector(".scroll").hidden = found === 0 && !isFiltered;
    card.querySelector(".scroll ~ .empty").hidden = found > 0;
    showScope(card, by, byDate !== "0");
    const totals = JSON.parse(card.dataset.totals);
    const capped = Object.keys(totals).length > 0;
    const total = capped ? totals[keyOf(by)] || 0 : found;
    const place = card.querySelector(".count");
    place.textContent = capped && total > found
      ? `${count.format(found)} of ${count.format(total)} rows shown; ` +
        `${count.format(total - found)} more are in tables/${source}.csv.`
      : `${count.format(found)} ${found === 1 ? "row" : "rows"}.`;
    place.dataset.printed = found > PRINTED_ROWS ? ` The first ${PRINTED_ROWS} are printed.` : "";
    const more = card.querySelector(".all");
    more.hidden = all || found <= FIRST_ROWS;
    more.textContent = `Show all ${count.format(found)}`;
  }

  // Text that a spreadsheet would run as a formula; same rule as scripts/dashboard/files.py.
  const FORMULA = /^[\s\p{Z}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

  function csvOf(card) {
    const cell = (text) => {
      const safe = FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const heads = [...card.querySelectorAll("th")].map((head) => head.textContent.trim());
    const rows = [...card.querySelector("tbody").rows].filter(({ hidden }) => !hidden)
      .map((row) => [...row.cells].map((place) =>
        place.classList.contains("figure") ? sortKey(place) : place.textContent));
    return [heads, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  }

  function download(card) {
    const link = document.createElement("a");
    // Spreadsheets recognize UTF-8 by the byte order mark.
    link.href = URL.createObjectURL(new Blob(["\ufeff", csvOf(card)], { type: "text/csv" }));
    link.download = `${card.id}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  function sortTable(head, wanted = "") {
    const table = head.closest("table");
    const column = head.cellIndex;
    const isFigure = head.classList.contains("figure");
    const first = isFigure ? "descending" : "ascending";
    const direction = wanted || (head.getAttribute("aria-sort") === "none" ? first
      : head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending");
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const value = (row) => sortKey(row.cells[column]);
    const sorted = [...table.tBodies[0].rows].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      // Unknown values come last in both sort orders.
      if (a === "" || b === "") return (a === "") - (b === "");
      return sign * (isFigure ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
    });
    table.tBodies[0].append(...sorted);
  }

  const tables = [...document.querySelectorAll("[data-table]")];
  for (const card of tables) {
    for (const input of card.querySelectorAll("input")) {
      input.addEventListener("input", () => {
        showTable(card);
        showClear();
        keepAddress();
      });
    }
    card.querySelector(".all")?.addEventListener("click", () => showTable(card, true));
    card.querySelector(".csv")?.addEventListener("click", () => download(card));
    card.querySelector(".columns")?.addEventListener("click", ({ target }) => {
      const row = card.querySelector(".column-filters");
      row.hidden = !row.hidden;
      target.setAttribute("aria-expanded", String(!row.hidden));
    });
    for (const button of card.querySelectorAll("th button")) {
      button.addEventListener("click", () => {
        sortTable(button.parentElement);
        showTable(card);
        keepAddress();
      });
    }
  }

  // --- A person ---------------------------------------------------------------------------
  const panel = document.getElementById("person");
  // Parsed only when the first panel opens, because the data can take up several megabytes.
  let people;

  function made(tag, text, kind = "") {
    return Object.assign(document.createElement(tag), { textContent: text, className: kind });
  }

  function terms(place, pairs) {
    place.replaceChildren(...pairs.flatMap(([term, text]) => [made("dt", term), made("dd", text)]));
  }

  // One bar per day; the line is a thirtieth of the monthly allowance.
  function showDays(place, { days, allowance }) {
    place.replaceChildren();
    if (!days.length) {
      place.textContent = "No credits on these days.";
      return;
    }
    const perDay = allowance === null ? 0 : allowance / 30;
    const most = Math.max(perDay, ...days.map(([, credits]) => credits));
    const svg = element("svg", { viewBox: "0 0 920 80", preserveAspectRatio: "none", role: "img",
      "aria-label": `${days.length} days with credits, at most ${dollars.format(most)} on one day` });
    for (const [ago, credits] of days) {
      const height = Math.max(1, 80 * credits / most);
      const bar = element("rect", { x: (91 - ago) * 10 + 1, y: 80 - height, width: 8, height });
      const day = new Date(asOf - ago * DAY).toLocaleDateString("en", {
        day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
      });
      bar.append(Object.assign(element("title"), { textContent: `${day}: ${credits} credits` }));
      svg.append(bar);
    }
    if (perDay) {
      const y = 80 - 80 * perDay / most;
      svg.append(element("line", { x1: 0, x2: 920, y1: y, y2: y }));
    }
    place.append(svg, made("p", perDay
      ? `The line is a thirtieth of the allowance: ${perDay.toFixed(1)} credits a day.`
      : "The allowance is not known.", "note"));
  }

  function showPerson(number) {
    people ||= JSON.parse(document.getElementById("people").textContent);
    const person = people.panels[number];
    if (!person) return;
    panel.querySelector("h2").textContent = person.title;
    panel.querySelector(".window").textContent = person.where;
    panel.querySelector(".id").hidden = !person.id;
    panel.querySelector("code").textContent = person.id || "";
    terms(panel.querySelector(".advice"), person.advice);
    terms(panel.querySelector(".facts"), people.facts.map((name, at) => [name, person.facts[at]]));
    showDays(panel.querySelector(".days"), person);
    panel.querySelector(".other").hidden = !person.others.length;
    panel.querySelector(".other ul").replaceChildren(...person.others.map((it) => made("li", it)));
    panel.querySelector("tbody").replaceChildren(...person.months.map((month) => {
      const row = document.createElement("tr");
      row.append(...month.map((word, at) =>
        made("td", people.words[word], at > 2 ? "figure" : "name")));
      return row;
    }));
    panel.querySelector(".models").hidden = !person.models.length;
    terms(panel.querySelector(".models dl"), person.models);
    panel.showModal();
    panel.scrollTop = 0;
  }

  // The page has panels only for a limited number of seats.
  for (const button of document.querySelectorAll(".person")) {
    if (Number(button.closest("tr").dataset.seat) > data.last_person) {
      button.replaceWith(button.textContent);
    }
  }

  document.addEventListener("click", ({ target }) => {
    const row = target.closest?.(".person") && target.closest("[data-seat]");
    if (row) showPerson(row.dataset.seat);
  });
  panel.querySelector(".close").addEventListener("click", () => panel.close());
  panel.querySelector(".copy").addEventListener("click", () => {
    // Select the text too: a browser may block the clipboard for local pages.
    getSelection().selectAllChildren(panel.querySelector("code"));
    navigator.clipboard?.writeText(panel.querySelector("code").textContent).catch(() => {});
  });

  // --- Filters, theme, definitions ----------------------------------------------------------
  let drawing = Promise.resolve();

  function redraw() {
    document.documentElement.dataset.drawn = "no";
    drawing = drawing.then(showCharts).then(() => {
      document.documentElement.dataset.drawn = "yes";
    });
  }

  function show() {
    showNumbers();
    for (const place of document.querySelectorAll("[data-bars]")) showBars(place);
    for (const block of document.querySelectorAll("[data-figures]")) {
      showScope(block, block.dataset.by.split(" "), false);
    }
    for (const card of document.querySelectorAll("[data-ranking]")) {
      guarded(card.querySelector(".empty"), () => showRanking(card));
    }
    for (const card of tables) {
      guarded(card.querySelector(".scroll ~ .empty, .empty"), () => showTable(card));
    }
    showClear();
    redraw();
  }

  function showClear() {
    const isFiltered = filters.some(({ value }) => value !== ALL) || period.value !== "" ||
      tables.some((card) => [...card.querySelectorAll("input")].some(({ value }) => value));
    document.getElementById("clear").disabled = !isFiltered;
  }

  // Charts adapt to the window width automatically, but their legends do not.
  let width = innerWidth;
  let resized;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    clearTimeout(resized);
    resized = setTimeout(redraw, 200);
  });

  const form = document.querySelector(".filters");
  form.addEventListener("change", () => {
    keepAddress();
    show();
  });
  function clearLists() {
    for (const card of tables) {
      for (const input of card.querySelectorAll("input")) input.value = "";
    }
  }

  form.addEventListener("reset", () => setTimeout(() => {
    clearLists();
    keepAddress();
    show();
  }));
  form.addEventListener("submit", (event) => event.preventDefault());

  // --- URL: tab, filters, searches and sort order, so that views can be shared ----------------
  const tabs = [...document.querySelectorAll("[data-tab]")];
  const links = [...document.querySelectorAll("nav a")];

  function currentTab() {
    return tabs.find(({ hidden }) => !hidden);
  }

  function addressOf(place, searches, sorts = []) {
    const state = new URLSearchParams();
    for (const { id, value } of filters) if (value !== ALL) state.set(id, value);
    if (period.value) state.set("period", period.value);
    for (const search of searches) state.append("search", search);
    for (const sort of sorts) state.append("sort", sort);
    const query = state.toString();
    return `#${place}${query ? `?${query}` : ""}`;
  }

  function keepAddress() {
    const searches = tables.filter((card) => card.querySelector("[type=search]")?.value)
      .map((card) => `${card.id}.${card.querySelector("[type=search]").value}`);
    const sorts = tables.map((card) => [card.id, card.querySelector(`th:not([aria-sort="none"])`)])
      .filter(([, head]) => head)
      .map(([table, head]) => `${table}.${head.cellIndex}.${head.ariaSort}`);
    history.replaceState(null, "", addressOf(currentTab().dataset.tab, searches, sorts));
  }

  // A URL without filters, such as a link within the page, leaves the filters unchanged.
  function readAddress() {
    const [name, query] = location.hash.slice(1).split("?");
    const place = document.getElementById(name);
    const tab = tabs.find(({ dataset }) => dataset.tab === name) ||
      place?.closest("[data-tab]") || currentTab() || tabs[0];
    for (const other of tabs) other.hidden = other !== tab;
    for (const link of links) {
      if (link.hash !== `#${tab.dataset.tab}`) {
        link.removeAttribute("aria-current");
        continue;
      }
      link.setAttribute("aria-current", "page");
      // On a phone, the tab bar is wider than the screen.
      link.scrollIntoView({ block: "nearest", inline: "center" });
    }
    if (query !== undefined) {
      const state = new URLSearchParams(query);
      for (const select of [...filters, period]) {
        const wanted = state.get(select.id) || (select === period ? "" : ALL);
        const known = [...select.options].some(({ value }) => value === wanted);
        select.value = known ? wanted : select.options[0].value;
      }
      clearLists();
      for (const search of state.getAll("search")) {
        const [table, ...words] = search.split(".");
        const field = document.getElementById(table)?.querySelector("[type=search]");
        if (field) field.value = words.join(".");
      }
      for (const sort of state.getAll("sort")) {
        const [table, column, direction] = sort.split(".");
        const head = tables.find(({ id }) => id === table)?.querySelectorAll("th")[column];
        if (head && ["ascending", "descending"].includes(direction)) sortTable(head, direction);
      }
    }
    keepAddress();
    if (place && place !== tab) place.scrollIntoView();
    else scrollTo(0, 0);
    return place;
  }

  // Charts above the target push it down while they are being drawn.
  function openAddress() {
    const place = readAddress();
    show();
    if (place && !place.dataset.tab) drawing.then(() => place.scrollIntoView());
  }

  addEventListener("hashchange", openAddress);

  const theme = document.getElementById("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  function setTheme(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    theme.textContent = dark ? "Light mode" : "Dark mode";
  }

  setTheme(prefersDark.matches);
  theme.addEventListener("click", () => {
    setTheme(document.documentElement.dataset.theme !== "dark");
    redraw();
  });
  prefersDark.addEventListener("change", () => {
    setTheme(prefersDark.matches);
    redraw();
  });

  // Escape closes a definition but keeps the focus.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement?.classList.add("quiet");
  });
  document.addEventListener("focusout", (event) => event.target.classList?.remove("quiet"));

  guarded(document.getElementById("stale"), showAge);
  openAddress();
})();
