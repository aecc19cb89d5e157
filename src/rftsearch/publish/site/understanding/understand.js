// What a question says besides its topic: one reader after the other finds the parts of its kind,
// as in `rftsearch/search/understanding/`. What is not read stays a word that is searched for.

import { readAcronyms } from "./acronyms.js";
import { readAuthors } from "./authors.js";
import { readDates } from "./dates.js";
import { readLanguage } from "./language.js";
import { topicOf } from "./left-over.js";
import { readPhrases } from "./phrases.js";
import { has, Reading } from "./reading.js";
import { readResources } from "./resources.js";
import { readSpelling } from "./spelling.js";
import { readVenues } from "./venues.js";
import { readExclusions } from "../without/asked.js";

const READERS = [
  ["without", readExclusions],
  ["phrases", readPhrases],
  ["authors", readAuthors],
  ["venues", readVenues],
  ["dates", readDates],
  ["resources", readResources],
  ["acronyms", readAcronyms],
  ["language", readLanguage],
  ["spelling", readSpelling],
];

/**
 * Read a question that is not the name of a paper.
 *
 * @param query - One line of text.
 * @param index - What is searched: see `Engine`.
 * @param options - {tables, today, ignore, filters}: the tables of `index.json`, compiled; the day
 *   {year, month, day}; kinds or ids of parts that are plain words; the filters that are set.
 * @returns {text, parts}: what is searched for, and the parts, see `Reading.part`.
 */
export function understand(query, index, { tables, today, ignore = [], filters = {} }) {
  const reading = new Reading(query, index, tables, today);
  if (ignore.includes("all") || reading.words.length > tables.mostWords) return { text: query, parts: [] };
  let parts = [];
  for (const [kind, read] of READERS) {
    const cues = tables.cues[kind];
    if (ignore.includes(kind) || (cues && !cues.some((cue) => has(cue, query)))) continue;
    const found = read(reading).filter((one) => reading.isFree(one.start, one.end));
    // Words of a part that is switched off are plain text to later readers, too.
    for (const one of found) reading.taken.push([one.start, one.end]);
    parts.push(...found.filter((one) => !ignore.includes(one.id)));
  }
  parts = agreeing(parts.sort((one, other) => one.start - other.start), filters);
  return { text: searched(query, parts, tables), parts };
}

/** Return the parts, without effect those that contradict filters or earlier parts. */
function agreeing(parts, own) {
  let filters = own;
  return parts.map((part) => {
    if (!part.applied || !part.filters) return part;
    const both = narrowed(filters, part.filters);
    if (!both) return { ...part, applied: false, label: `${part.label}: another filter is set` };
    if (part.means === "filter") filters = both;
    const isSet = (name) => part.filters[name].every((one) => filters[name]?.includes(one));
    if (part.means === "preference" && Object.keys(part.filters).every(isSet)) {
      return { ...part, means: "filter", label: `${part.label.replace(/ first$/, "")} only` };
    }
    return part;
  });
}

/** Return two sets of filters as one; null if no paper could meet both. */
export function narrowed(filters, more) {
  const found = { ...filters };
  for (const [name, value] of Object.entries(more)) {
    if (Array.isArray(value)) found[name] = [...new Set([...(filters[name] ?? []), ...value])];
    else if (name === "since") found.since = filters.since > value ? filters.since : value;
    else if (name === "until") found.until = filters.until && filters.until < value ? filters.until : value;
    else if (filters[name] && filters[name] !== value) return null;
    else found[name] = value;
  }
  return found.since && found.until && found.since > found.until ? null : found;
}

/** Return what is left to search for; the whole question if a part needs some topic. */
function searched(query, parts, tables) {
  let written = "";
  let at = 0;
  let cut = false;
  for (const { applied, instead, start, end } of parts) {
    if (!applied || instead === null) continue;
    written += query.slice(at, start) + instead;
    at = end;
    cut ||= !instead;
  }
  const left = (written + query.slice(at)).split(/\s+/u).filter(Boolean).join(" ");
  const topic = cut ? topicOf(left, tables) : left;
  if (topic || !cut) return topic;
  const bounded = parts.some((one) => one.applied && ["filter", "sort"].includes(one.means));
  return bounded ? "" : query;
}
