"use strict";
// Filters choose among figures that SQL computed and among rows that it wrote; nothing is
// computed here that a table does not say.
(() => {
  const ALL = "(all)";
  const DAY = 86400000;
  // The style sheet hides the others on paper.
  const PRINTED_ROWS = 20;
  const data = JSON.parse(document.getElementById("data").textContent);
  const asOf = Date.parse(data.as_of);
  const FILTERS = { account: "account_id", tier: "subscription_tier", team: "team" };
  // Without a list of teams there is no filter of them.
  const filters = Object.keys(FILTERS)
    .map((name) => document.getElementById(name)).filter(Boolean);
  const period = document.getElementById("period");
  const count = new Intl.NumberFormat("en");

  // --- Faults -----------------------------------------------------------------------------
  // What goes wrong in a block is said in it and leaves the others as they are.
  function guarded(place, task) {
    try {
      task();
    } catch (error) {
      place.hidden = false;
      place.textContent = `This could not be shown: ${error.message}`;
    }
  }

  // --- Age --------------------------------------------------------------------------------
  // The page may be opened long after it was written; scripts/check_alerts.py counts the same way.
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

  // A month is shown if a day of it is in the period.
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

  // Says which filters do not apply, where a table does not have what they choose by.
  function scope(by) {
    return filters.filter(({ id, value }) => value !== ALL && !by.includes(id))
      .map(({ id }) => `all ${id}s`).join(", ");
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

  function showNumber(place, block) {
    const { by, texts, unknown, unmatched } = data.numbers[place.dataset.number];
    const key = keyOf(by);
    const nothing = key === keyOf([]) ? unknown : unmatched;
    const [text, change] = texts[key] || [nothing, ""];
    place.textContent = text;
    block.querySelector(".change").textContent = change;
    block.querySelector(".scope").textContent = scope(by);
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
      axis: { ...text, domainColor: get("--line"), tickColor: get("--line"),
        gridColor: get("--line"), labelPadding: 6, titlePadding: 10, labelLimit: 130 },
      axisY: { domain: false, ticks: false },
      axisX: { labelOverlap: true, labelSeparation: 4 },
      legend: { ...text, orient: "bottom", direction: "horizontal",
        labelFontSize: 11, columnPadding: 8, symbolOpacity: 1,
        layout: { bottom: { anchor: "start", direction: "vertical" } } },
    };
  }

  // As many columns as fit beside the axis, and labels cut where the next column begins.
  function legendOf(width) {
    const columns = Math.max(1, Math.floor((width - 50) / 145));
    return { columns, labelLimit: (width - 50) / columns - 24 };
  }

  function namesOn(field, rows) {
    return new Set(rows.map((row) => row[field])).size;
  }

  // Vega groups by keys of plain objects, which have members such as toString: a name like that
  // goes on with a space of no width.
  function harmless(value) {
    return JSON.parse(JSON.stringify(value), (_, text) =>
      typeof text === "string" && text in Object.prototype ? `${text}\u200b` : text);
  }

  // Vega writes to the console what goes wrong while it draws, and draws nothing.
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
    for (const [name, chart] of Object.entries(data.charts)) {
      const card = document.querySelector(`[data-chart="${name}"]`);
      if (!card) continue;
      const empty = card.querySelector(".empty");
      try {
        const isEmpty = chosen(rowsOf(chart.dataset), chart.date).length === 0;
        card.querySelector(".plot").hidden = isEmpty;
        empty.hidden = !isEmpty;
        empty.textContent = rowsOf(chart.dataset).length
          ? "Nothing matches the filters." : empty.dataset.empty;
        card.querySelector(".scope").textContent = scope(card.dataset.by.split(" "));
        if (!isEmpty) await draw(name);
      } catch (error) {
        // The others are drawn all the same.
        card.querySelector(".plot").hidden = true;
        empty.hidden = false;
        empty.textContent = `This chart could not be drawn: ${error.message}`;
      }
    }
  }

  // --- Tables -----------------------------------------------------------------------------
  function showTable(card) {
    const body = card.querySelector("tbody");
    if (!body) return;
    const { byDate, source } = card.dataset;
    const by = card.dataset.by.split(" ");
    const search = card.querySelector("input");
    const words = search ? search.value.trim().toLowerCase() : "";
    const start = startOf("usage_month");
    let shown = 0;
    for (const row of body.rows) {
      const matches =
        filters.every(({ id, value }) => !by.includes(id) || value === ALL ||
          [value, ALL].includes(row.dataset[id])) &&
        (byDate === "0" || !row.dataset.date || Date.parse(row.dataset.date) >= start) &&
        (!words || row.textContent.toLowerCase().includes(words));
      row.hidden = !matches;
      shown += matches;
    }
    card.querySelector(".scroll").hidden = shown === 0;
    card.querySelector(".scroll ~ .empty").hidden = shown > 0;
    card.querySelector(".scope").textContent = scope(by);
    const totals = JSON.parse(card.dataset.totals);
    const capped = Object.keys(totals).length > 0;
    const total = capped ? totals[keyOf(by)] || 0 : shown;
    card.querySelector(".count").textContent = capped && total > shown
      ? `${count.format(shown)} of ${count.format(total)} rows shown; ` +
        `${count.format(total - shown)} more not shown, see tables/${source}.csv.`
      : `${count.format(shown)} ${shown === 1 ? "row" : "rows"}.`;
    card.querySelector(".count").dataset.printed =
      shown > PRINTED_ROWS ? ` The first ${PRINTED_ROWS} are printed.` : "";
  }

  function sortTable(head) {
    const table = head.closest("table");
    const column = head.cellIndex;
    const isFigure = head.classList.contains("figure");
    const first = isFigure ? "descending" : "ascending";
    const direction = head.getAttribute("aria-sort") === "none" ? first
      : head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const value = (row) => row.cells[column].dataset.sort;
    const sorted = [...table.tBodies[0].rows].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      // What is not known comes last either way.
      if (a === "" || b === "") return (a === "") - (b === "");
      return sign * (isFigure ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
    });
    table.tBodies[0].append(...sorted);
  }

  const tables = [...document.querySelectorAll("[data-table]")];
  for (const card of tables) {
    card.querySelector("input")?.addEventListener("input", () => showTable(card));
    for (const button of card.querySelectorAll("th button")) {
      button.addEventListener("click", () => sortTable(button.parentElement));
    }
  }

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
    for (const card of tables) {
      guarded(card.querySelector(".scroll ~ .empty, .empty"), () => showTable(card));
    }
    const isFiltered = filters.some(({ value }) => value !== ALL) || period.value !== "";
    document.getElementById("clear").disabled = !isFiltered;
    document.getElementById("filtered").textContent = isFiltered
      ? "Filtered. The period acts on charts and dated lists." : "";
    redraw();
  }

  const form = document.querySelector(".filters");
  form.addEventListener("change", show);
  form.addEventListener("reset", () => setTimeout(show));
  form.addEventListener("submit", (event) => event.preventDefault());

  const theme = document.getElementById("theme");
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  function setTheme(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    theme.setAttribute("aria-pressed", String(dark));
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

  // Escape puts a definition away without moving the focus.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.activeElement?.classList.add("quiet");
  });
  document.addEventListener("focusout", (event) => event.target.classList?.remove("quiet"));

  const links = [...document.querySelectorAll("nav a")];
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links) {
        if (link.hash === `#${entry.target.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));

  guarded(document.getElementById("stale"), showAge);
  show();
})();
