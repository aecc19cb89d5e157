// What a question does without: "without SFT", "but not radiology", "don't need labels". The rules
// are those of `rftsearch/text/reading/exclusions.py`, whose patterns are used.

import { endOf, has, matchAt } from "../understanding/reading.js";

const wordsOf = (text) => text.split(/\s+/u).filter(Boolean);

/** Return what papers should do without. */
export function readExclusions(reading) {
  const { query, tables } = reading;
  return exclusions(query, tables.without).map(({ start, end, things }) => {
    const words = query.slice(start, end).replace(/^[ ,;]+|[ ,;]+$/g, "");
    const from = query.indexOf(words, start);
    const label = `without ${things.join(" or ")}`;
    return reading.part("without", "exclusion", from, from + words.length, label, { things });
  });
}

/** Return where a question excludes something, and what: {start, end, things}. */
function exclusions(question, table) {
  const found = [];
  let at = 0;
  for (;;) {
    const cue = next(table.cue, question, at);
    if (!cue) return found;
    at = endOf(cue);
    const either = has(table.either, question.slice(0, cue.index));
    if (either && cue[0].toLowerCase().startsWith("without")) continue;
    const reach = reachOf(question, cue, table);
    if (!reach) continue;
    found.push({ start: cue.index, ...reach });
    at = reach.end;
  }
}

/** Return how far a cue reaches, and the things there: {end, things}; null if it names none. */
function reachOf(question, cue, table) {
  const behind = endOf(cue);
  const start = behind + (matchAt(table.leadIn, question.slice(behind), 0)?.[0].length ?? 0);
  let end = next(table.end, question, start)?.index ?? question.length;
  end += matchAt(table.listed, question.slice(end), 0)?.[0].length ?? 0;
  if (has(table.doesNot, cue[0])) { // "... that does not use a tokenizer and reads bytes"
    end = start + question.slice(start, end).split(table.joined)[0].length;
  }
  const thing = question.slice(start, end).trim().replace(table.trailing, "");
  if (!thing || wordsOf(thing).length > table.mostWords) return null;
  // "knowing which ..."
  const asked = thing.endsWith("ing") && matchAt(table.asked, question.slice(end), 0);
  if (asked || has(table.alone, thing) || has(table.clause, thing)) return null;
  const things = thing.split(table.and).map((part) => part.replace(/^[ ,"']+|[ ,"']+$/g, ""))
    .filter((part) => /[\p{L}\p{N}_]/u.test(part));
  return things.length ? { end, things } : null;
}

/** Return the first match of an expression from a place of a text on, or null. */
function next(expression, text, at) {
  expression.lastIndex = at;
  return expression.exec(text);
}
