// Places of publication in a question: "accepted at CVPR 2026", "NeurIPS papers". The rules are
// those of `rftsearch/search/understanding/venues.py`, whose patterns are used.

import { topicOf } from "./left-over.js";
import { endOf, has, spanOf } from "./reading.js";

/** Return the place that a question names, if there is one: a filter, or a wish. */
export function readVenues(reading) {
  const { query, tables: { venues }, index: { facts } } = reading;
  for (const kind of ["led", "named", "alone"]) {
    for (const match of reading.matches(venues[kind])) {
      const group = match.groups.name === undefined ? "first" : "name";
      const name = match.groups[group];
      const [start, end] = [kind === "led" ? match.index : spanOf(match, group)[0], endOf(match)];
      const place = query.slice(query.indexOf(name, start), end).trim();
      const words = query.slice(start, end);
      if (kind === "led" && !isLed(venues, words, name, place)) continue;
      const said = name === name.toLowerCase() ? place.toUpperCase() : place;
      if (facts.venueKeys(place).length) {
        const filters = { venue: [place] };
        return kind === "alone" && isOnlyNamed(reading, start, end)
          ? [reading.part("venues", "preference", start, end, `${said} first`, { filters })]
          : [reading.part("venues", "filter", start, end, `at ${said}`, { filters })];
      }
      const sure = has(venues.accepted, words) && capitals(name) > 1;
      if (sure || venues.wellKnown.includes(name.toLowerCase())) {
        const label = `no paper here is said to be of ${said}`;
        return [reading.part("venues", "note", start, end, label, { instead: null })];
      }
    }
  }
  return [];
}

const capitals = (text) => (text.match(/\p{Lu}/gu) ?? []).length;

/** Return whether "in X" may speak of a place: "images in nature" does not. */
function isLed(venues, words, name, place) {
  const written = capitals(name) > 1 || venues.wellKnown.includes(name.toLowerCase());
  return written || place !== name || has(venues.accepted, words);
}

/** Return whether a question has a topic besides a place, and asks for no papers of it. */
function isOnlyNamed({ query, tables }, start, end) {
  const [behind] = query.slice(end).trim().split(/\s+/u);
  if (["paper", "papers"].includes(behind.toLowerCase().replace(/^[,.]+|[,.]+$/g, ""))) return false;
  return topicOf(`${query.slice(0, start)} ${query.slice(end)}`.trim(), tables) !== "";
}
