// The timeline: papers by month of release, coloured and hatched by their first category.

import { fill, make, monthWords, plural } from "./dom.js";
import { legend, showLegend } from "./legend.js";
import { HATCHES, svg, swatch } from "./symbols.js";

const LEFT = 36;
const BOTTOM = 24;
const MONTH = 62; // as wide as the name of one

/** Draw the timeline of some rows. */
export function timeline(page, element, rows, asked) {
  const { engine, texts } = page;
  const dated = rows.filter((row) => engine.records[row].month?.length === 7);
  const counts = new Map();
  for (const row of dated) {
    const { month, categories } = engine.records[row];
    if (!counts.has(month)) counts.set(month, new Map());
    const own = counts.get(month);
    own.set(categories[0], (own.get(categories[0]) ?? 0) + 1);
  }
  const months = everyMonth([...counts.keys()].sort());
  const shown = plural(dated.length, asked ? texts.plural.good : texts.plural.paper);
  const drawing = make("div");
  const list = legend(page);
  const undated = rows.length - dated.length;
  const missing = undated ? ` Not shown: ${plural(undated, texts.plural.paper)} without a month.` : "";
  const about = months.length ? fill(texts.timeline.about, { shown }) + missing : texts.timeline.none;
  element.replaceChildren(make("section.plot", { "aria-label": "Timeline" },
    make("p.note.about", {}, about),
    months.length > 0 && make("div.canvas", { role: "img", "aria-label": `${about} The table has the numbers.` },
      drawing),
    list,
    months.length > 0 && numbers(months, counts)));
  const drawn = engine.categories.map((_, at) => dated.filter((row) => engine.records[row].categories[0] === at).length);
  showLegend(page, list, drawn, swatch);
  const { clientWidth, clientHeight } = drawing.parentElement ?? element;
  if (clientWidth) drawing.append(bars(page, months, counts, clientWidth, clientHeight));
}

function everyMonth(months) {
  if (!months.length) return [];
  const found = [];
  let [year, month] = months[0].split("-").map(Number);
  for (let name = months[0]; name <= months.at(-1) && found.length < 600; ) {
    found.push(name);
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
    name = `${year}-${String(month).padStart(2, "0")}`;
  }
  return found;
}

const totalOf = (own) => [...(own?.values() ?? [])].reduce((sum, one) => sum + one, 0);

function bars(page, months, counts, width, height) {
  const most = Math.max(...months.map((month) => totalOf(counts.get(month))), 1);
  const step = (width - LEFT) / months.length;
  const unit = (height - BOTTOM - 10) / most;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height });
  drawing.append(hatches());
  const every = Math.ceil((80 * months.length) / width);
  months.forEach((month, at) => {
    let top = height - BOTTOM;
    const own = [...(counts.get(month) ?? [])].sort(([one], [other]) => one - other);
    for (const [category, count] of own) {
      const tall = count * unit;
      top -= tall;
      const place = { x: LEFT + at * step + 1, y: top, width: Math.max(step - 2, 1), height: tall };
      const bar = svg("rect", { class: "bar", ...place });
      bar.style.setProperty("--hue", page.engine.settings.hues[category]);
      bar.addEventListener("click", () =>
        page.change({ since: month, until: month, categories: [page.engine.categories[category]] }));
      bar.append(words("title", `${page.engine.categories[category]}, ${monthWords(month)}: ${count}`));
      drawing.append(bar, svg("rect", { class: "over", fill: `url(#hatch-${category % HATCHES.length})`, ...place }));
    }
    if (at % every === 0) {
      drawing.append(words("text", monthWords(month), { x: Math.min(LEFT + at * step, width - MONTH), y: height - 6 }));
    }
  });
  drawing.append(words("text", String(most), { x: 2, y: 16 }), words("text", "0", { x: 2, y: height - BOTTOM }));
  return drawing;
}

/** Return an element of a drawing with a text. */
function words(name, text, attributes = {}) {
  const made = svg(name, attributes);
  made.append(text);
  return made;
}

/** Return the hatches as patterns, which lie over the bars. */
function hatches() {
  const found = svg("defs", {});
  HATCHES.forEach(([, d], at) => {
    const pattern = svg("pattern", {
      id: `hatch-${at}`, viewBox: "-6 -6 12 12", width: 9, height: 9, patternUnits: "userSpaceOnUse",
    });
    pattern.append(svg("path", { d, class: "hatch" }));
    found.append(pattern);
  });
  return found;
}

function numbers(months, counts) {
  const rows = months.map((month) =>
    make("tr", {}, make("th", {}, monthWords(month)), make("td", {}, String(totalOf(counts.get(month))))));
  return make("details.numbers", {}, make("summary", {}, "The numbers as a table"),
    make("div.scroll", { tabindex: "0", role: "region", "aria-label": "Papers by month" },
      make("table", {}, rows)));
}
