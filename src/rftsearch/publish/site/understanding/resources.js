// Resources and kinds in a question: "with code" is a filter, "a survey of" a preference. The rules
// are those of `rftsearch/search/understanding/resources.py`, whose patterns are used.

import { endOf, matchAt, spanOf } from "./reading.js";

/** Return what papers should come with or present, and whether projects are meant. */
export function readResources(reading) {
  const { tables: { resources }, index } = reading;
  if (reading.words.length > resources.mostWords) return [];
  const found = [];
  for (const [kind, expression] of resources.links) {
    for (const match of reading.matches(expression)) {
      const [start, end] = [match.index, endOf(match)];
      const filters = { has: [kind] };
      if (index.hasAny(filters)) {
        found.push(reading.part("resources", "filter", start, end, resources.said[kind], { filters }));
        found.push(...joined(reading, end, kind));
      } else {
        const label = `no paper here has a link of the kind “${kind}”`;
        found.push(reading.part("resources", "note", start, end, label, { instead: null }));
      }
    }
  }
  for (const match of reading.matches(resources.projects)) {
    const filters = { kind: "project" };
    if (!index.hasAny(filters)) continue;
    found.push(reading.part("resources", "filter", match.index, endOf(match), "projects only", { filters }));
  }
  return [...found, ...presented(reading)];
}

/** Return what follows a resource with "and": "with code and model weights". */
function joined(reading, end, before) {
  const { more, said } = reading.tables.resources;
  for (const [kind, expression] of more) {
    const match = matchAt(expression, reading.query, end);
    const filters = { has: [kind] };
    if (!match || kind === before || !reading.index.hasAny(filters)) continue;
    return [reading.part("resources", "filter", match.index, endOf(match), said[kind], { filters })];
  }
  return [];
}

/** Return what papers should present: a must where the words say "only", else a wish. */
function presented(reading) {
  const found = [];
  for (const [kind, label, only, wished] of reading.tables.resources.presented) {
    const filters = { presents: [kind] };
    const musts = reading.matches(only).map((match) => [match.index, endOf(match)]);
    const wishes = reading.matches(wished)
      .map((match) => spanOf(match, match.groups.first === undefined ? "last" : "first"));
    for (const [start, end] of musts.length ? musts : wishes) {
      const part = (means, said, more) => found.push(reading.part("resources", means, start, end, said, more));
      if (!reading.index.hasAny(filters)) part("note", `no paper here presents a ${kind}`, { instead: null });
      else if (musts.length) part("filter", `${label} only`, { filters, instead: kind });
      else part("preference", `${label} first`, { filters, instead: null });
    }
  }
  return found;
}
