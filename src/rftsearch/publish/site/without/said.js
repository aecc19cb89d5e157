// What a sentence says of a thing: that the paper does without it, that it is beaten, that others
// use it, or that the paper has it. The rules are those of `rftsearch/text/reading/negation.py`,
// whose patterns are used.

import { endOf, has } from "../understanding/reading.js";

/**
 * Return "without", "beaten", "others" or "with".
 *
 * @param sentence - One sentence.
 * @param start - Where in it the thing begins.
 * @param end - Where it ends.
 * @param table - The patterns, of `index.json`.
 */
export function stance(sentence, start, end, table) {
  const before = sentence.slice(Math.max(0, start - table.reach), start);
  const after = sentence.slice(end);
  if (has(table.after, after) || denied(before, after, table)) return "without";
  if (has(table.beaten, before) || has(table.beatenAfter, after)) return "beaten";
  const other = sentence.search(table.others);
  const own = sentence.search(table.own);
  // "While existing methods need it, we ..." speaks of others as far as the word "we".
  if (other >= 0 && (own < 0 || start < own || (other > own && own > end))) return "others";
  return "with";
}

/** Return whether a cue before a thing reaches it. */
function denied(before, after, table) {
  for (const cue of before.matchAll(table.before)) {
    const between = before.slice(endOf(cue));
    if (has(table.notOnly, before.slice(cue.index)) || has(table.endOfReach, between)) continue;
    if (cue[0].toLowerCase().startsWith("replac") && has(table.byWhat, between)) continue;
    if (between.includes(",") && !isListed(between, after, table)) continue;
    return true;
  }
  return false;
}

/** Return whether a thing is an item of a list, which a cue reaches as a whole. */
function isListed(between, after, table) {
  const last = between.match(new RegExp(table.list.source, "u"));
  const within = last && last[0].split(/\s+/u).filter(Boolean).length <= table.longestItem;
  return within && (has(table.closed, between) || has(table.goesOn, after));
}
