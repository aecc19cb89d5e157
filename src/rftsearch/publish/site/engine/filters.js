// Filters: which papers an answer may contain, and how many each choice would leave.

const CHOICES = ["categories", "kind", "generative", "presents"];

/** Return for each paper whether it passes; null if nothing is set. */
export function passing(index, filters) {
  if (!isSet(filters)) return null;
  const { facts } = index;
  const every = (kind, values) => (values || []).map((one) => facts.rowsOf(kind, one));
  const needed = [...every("author", filters.authors), ...every("presents", filters.presents)];
  const places = every("venue", filters.venue);
  return Uint8Array.from(index.records, (record, row) => Number(
    passes(index, record, filters) && needed.every((rows) => rows.has(row)) &&
    (!places.length || places.some((rows) => rows.has(row)))));
}

export const isSet = (filters) => Object.values(filters ?? {}).some((value) => value?.length);

function passes(index, record, filters) {
  const { categories, since, until, has, kind, generative } = filters;
  if (categories?.length) {
    if (!record.categories.some((one) => categories.includes(index.categories[one]))) return false;
  }
  if (since || until) {
    // A year alone counts as its January.
    const month = record.month?.length === 4 ? `${record.month}-01` : record.month;
    if (!month || (since && month < since) || (until && month > until)) return false;
  }
  if (has?.length && !has.every((one) => record.has?.includes(one))) return false;
  if (kind && record.kind !== kind) return false;
  return !generative || Boolean(record.generative) === (generative === "yes");
}

/**
 * Count how many papers each choice of a filter would leave.
 *
 * @param index - The papers.
 * @param filters - Those that are set.
 * @param good - For each paper whether it is counted; null for all.
 */
export function countChoices(index, filters, good) {
  const counted = (row, own) => (!good || good[row]) && (!own || own[row]);
  const off = Object.fromEntries(
    CHOICES.map((name) => [name, passing(index, { ...filters, [name]: "" })]),
  );
  const here = passing(index, filters);
  const counts = { total: 0, categories: {}, has: {}, kind: {}, generative: {}, presents: {} };
  const add = (name, value) => (counts[name][value] = (counts[name][value] ?? 0) + 1);
  index.records.forEach((record, row) => {
    if (counted(row, here)) {
      counts.total += 1;
      for (const one of record.has ?? []) add("has", one);
    }
    if (counted(row, off.categories)) {
      for (const one of record.categories) add("categories", index.categories[one]);
    }
    if (counted(row, off.kind)) add("kind", record.kind);
    if (counted(row, off.presents)) for (const one of record.presents ?? []) add("presents", one);
    if (counted(row, off.generative)) add("generative", record.generative ? "yes" : "no");
  });
  return counts;
}
