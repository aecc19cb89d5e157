// The legend of the map and of the timeline: categories with their picture, each a filter.

import { make } from "./dom.js";

/** Return an empty legend. */
export const legend = ({ texts }) => make("ul.legend", { "aria-label": texts.filters.category });

/**
 * Fill a legend.
 *
 * @param page - See `main.js`.
 * @param list - The legend.
 * @param counts - By category how many papers are drawn; one without any is left out.
 * @param picture - Returns the picture of a category.
 */
export function showLegend(page, list, counts, picture) {
  const { engine, view } = page;
  const chosen = view.categories;
  const toggle = (name) => page.change({
    categories: chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name],
  });
  const focused = document.activeElement?.closest(".legend button")?.dataset.value;
  const item = (name, at) => make("li", {}, make("button", {
    type: "button", hue: engine.settings.hues[at], "data-value": name,
    "aria-pressed": String(chosen.includes(name)), click: () => toggle(name),
  }, picture(at), name, make("span.count", {}, String(counts[at]))));
  list.replaceChildren(...engine.categories.flatMap((name, at) => (counts[at] ? [item(name, at)] : [])));
  if (focused) list.querySelector(`[data-value="${CSS.escape(focused)}"]`)?.focus();
}
