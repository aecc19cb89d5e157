// Filters: what can be chosen, and how many papers each choice would leave.

import { button, make, monthWords } from "./dom.js";
import { symbol } from "./symbols.js";
import { FILTERS, STEP } from "./view.js";

const MOST_PLACES = 40;

/** Return the filters as a form. */
export function panel(page, view, counts) {
  const { engine, texts } = page;
  const words = texts.filters;
  const many = engine.categories.length > 12;
  const set = FILTERS.some((name) => view[name].length);
  const choose = (values) => page.change({ ...values, k: STEP });
  const toggled = (list, value, on) => (on ? [...list, value] : list.filter((one) => one !== value));

  const row = (type, name, value, label, count, place) =>
    make(`label.row${count ? "" : ".empty"}`, { hue: engine.settings.hues[place] },
      make("input", {
        type, name, value,
        checked: type === "radio" ? view[name] === value : view[name].includes(value),
        change: ({ target }) =>
          choose({ [name]: type === "radio" ? value : toggled(view[name], value, target.checked) }),
      }),
      place !== undefined && make("span.dot", { "aria-hidden": "true" }, symbol(place)),
      make("span.name", {}, label),
      count !== null && make("span.count", {}, String(count ?? 0)));

  const field = (legend, ...rows) => make("fieldset", {}, make("legend", {}, legend), rows);
  const months = monthsOf(engine);
  const select = (name, label, short) =>
    make("label", {}, make("span", {}, short),
      make("select", { name, "aria-label": label, change: ({ target }) => choose({ [name]: target.value }) },
        make("option", { value: "" }, words.any_month),
        months.map((month) =>
          make("option", { value: month, selected: view[name] === month }, monthWords(month)))));

  const resources = texts.resources.filter(([kind]) => engine.records.some((one) => one.has?.includes(kind)));
  const places = engine.facts.places().filter(([place]) => !view.venue.includes(place)).slice(0, MOST_PLACES);
  const presented = ["survey", "dataset", "benchmark"].filter((kind) =>
    engine.facts.having(`presents:${kind}`).length);
  const kinds = new Set(engine.records.map((one) => one.kind));
  const generative = engine.records.some((one) => one.generative);
  const choices = (name, all, values) =>
    all.map(([value, label]) => row("radio", name, value, label, value ? values[value] ?? 0 : null));

  return make(
    "form.filters", { id: "filters", "aria-label": words.title, submit: (event) => event.preventDefault() },
    make("div.title", {}, make("h2", {}, words.title),
      set && button("quiet.clear", words.clear, () => page.clearFilters())),
    ["authors", "venue"].map((name) => view[name].length > 0 && field(words[name],
      view[name].map((value) => row("checkbox", name, value, value, null)))),
    engine.categories.length > 1 && field(words.category,
      make(`div.choices${many ? ".many" : ""}`, {}, engine.categories.map((name, at) =>
        row("checkbox", "categories", name, name, counts.categories[name] ?? 0, at)))),
    months.length > 1 && field(words.released,
      make("div.range", {}, select("since", words.since, "from"), select("until", words.until, "until"))),
    resources.length > 0 && field(words.has, resources.map(([kind, label]) =>
      row("checkbox", "has", kind, label, counts.has[kind] ?? 0))),
    places.length > 0 && field(words.venue,
      make("label", {}, make("select", {
        name: "venue", "aria-label": words.venue,
        change: ({ target }) => target.value && choose({ venue: [...view.venue, target.value] }),
      }, make("option", { value: "" }, view.venue.length ? "or …" : texts.without.venue),
      places.map(([place, number]) => make("option", { value: place }, `${place} (${number})`))))),
    presented.length > 0 && field(words.presents, presented.map((kind) =>
      row("checkbox", "presents", kind, `A ${kind}`, counts.presents[kind] ?? 0))),
    kinds.size > 1 && field("Kind", choices("kind", texts.kinds, counts.kind)),
    generative && field("Task", choices("generative", texts.generative, counts.generative)),
  );
}

let known = null;

/** Return every month of the list, newest first. */
export function monthsOf(engine) {
  known ??= [...new Set(engine.records.map((one) => one.month).filter((month) => month?.length === 7))]
    .sort().reverse();
  return known;
}
