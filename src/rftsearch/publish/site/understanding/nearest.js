// All filters of a question together. Where its dates leave nothing, what is nearest in time is shown
// instead, as in `rftsearch/search/understanding/nearest.py`.

import { narrowed } from "./understand.js";

/**
 * Return a question with its filters and its order.
 *
 * @param index - What is searched.
 * @param understood - {text, parts} of `understand`.
 * @param own - The filters that are set.
 */
export function nearestInTime(index, { text, parts }, own) {
  const asking = parts.filter((one) => one.applied && one.means === "filter");
  const together = (some) => some.reduce((found, one) => narrowed(found, one.filters), own);
  const filters = together(asking);
  const sort = parts.find((one) => one.applied && one.sort)?.sort;
  const found = { text, parts, filters, sort };
  const isDated = (one) => Boolean(one.filters.since || one.filters.until);
  const dated = asking.filter(isDated);
  if (!dated.length || index.hasAny(filters)) return found;
  const undated = together(asking.filter((one) => !isDated(one)));
  const rows = index.list({ filters: undated, k: index.papers }).order;
  const months = rows.map((row) => index.records[row].month).filter(Boolean)
    .map((month) => (month.length === 4 ? `${month}-01` : month)).sort();
  if (!months.length) return found; // Another filter leaves nothing, too.
  const until = dated.map((one) => one.filters.until).filter(Boolean).sort()[0] ?? "9999";
  // What was asked for lies before all of them, or else behind most.
  const order = until < months[0] ? "oldest" : "newest";
  const month = order === "oldest" ? months[0] : months.at(-1);
  const nearest = (one) => ({
    ...one, means: "sort", filters: undefined, sort: sort ?? order,
    label: `${one.label}: nothing here; the nearest in time is of ${month}`,
  });
  const changed = parts.map((one) => (dated.includes(one) ? nearest(one) : one));
  return { text, parts: changed, filters: undated, sort: sort ?? order };
}
