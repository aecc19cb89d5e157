// The view: what the page shows. It stands in the address, under the names that the page of
// `rftsearch app` has as well, so that back, forward and copied links work.

export const STEP = 10;
const NAMES = {
  query: "q", seed: "like", show: "show", categories: "category", since: "since", until: "until",
  has: "has", kind: "kind", generative: "generative", authors: "author", venue: "venue", presents: "presents", sort: "sort", tab: "tab",
  ignore: "ignore", k: "k",
};
const LISTS = ["categories", "has", "authors", "venue", "presents", "ignore"];
export const FILTERS = ["categories", "since", "until", "has", "kind", "generative", "authors", "venue", "presents"];

export const EMPTY = Object.freeze({
  query: "", text: "", seed: "", show: "", categories: [], since: "", until: "", has: [], kind: "",
  generative: "", authors: [], venue: [], presents: [], sort: "", tab: "", ignore: [], k: STEP,
});

/** What a view has where nothing is asked. */
export const NO_QUESTION = Object.freeze({ query: "", text: "", seed: "", show: "", ignore: [], sort: "" });

/**
 * Return the view of an address. A pasted text may be unpublished: it stands in the history of this
 * tab, and never in the address.
 */
export function readView(search = location.search, state = history.state) {
  const params = new URLSearchParams(search);
  const view = { ...EMPTY, text: state?.text ?? "" };
  for (const [key, name] of Object.entries(NAMES)) {
    if (LISTS.includes(key)) view[key] = params.getAll(name);
    else view[key] = params.get(name) ?? EMPTY[key];
  }
  view.k = Math.min(Math.max(Number(view.k) || STEP, STEP), 1000);
  if (/^\d{4}$/.test(view.since)) view.since += "-01";
  if (/^\d{4}$/.test(view.until)) view.until += "-12";
  return view;
}

/** Return the address of a view, from its question mark on. */
export function addressOf(view) {
  const params = new URLSearchParams();
  for (const [key, name] of Object.entries(NAMES)) {
    if (LISTS.includes(key)) for (const one of view[key]) params.append(name, one);
    else if (view[key] !== EMPTY[key]) params.set(name, view[key]);
  }
  const search = params.toString();
  return search ? `?${search}` : location.pathname;
}

/** Return the filters of a view. */
export const filtersOf = (view) => Object.fromEntries(FILTERS.map((name) => [name, view[name]]));

/** Return a view without filters. */
export const withoutFilters = (view) => ({
  ...view, k: STEP, ...Object.fromEntries(FILTERS.map((name) => [name, EMPTY[name]])),
});
