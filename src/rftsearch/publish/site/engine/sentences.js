// Where the sentences of a text begin and end, as `rftsearch/text/sentences.py` finds them. Of the
// papers they come with the index; this is for what a reader pastes. A full stop inside a formula
// is not known as such here.

import { matchAt } from "../understanding/reading.js";

const LAST_WORD = /[^\s([{\u201c"~]*$/u;

/** Return the sentences of a text of several, without headings and scraps. */
export function ownSentences(text, table) {
  const whole = sentencesOf(text, table).filter((one) => one.split(/\s+/u).length >= table.leastWords);
  return whole.length > 1 ? whole.slice(0, table.most) : [];
}

/** Return the sentences of a text, without the blanks around them. */
export function sentencesOf(text, table) {
  const found = [];
  let start = 0;
  for (const match of text.matchAll(table.end)) {
    const after = match.index + match[0].length;
    if (!ends(text, match, after, table)) continue;
    found.push(text.slice(start, after));
    start = after;
  }
  return [...found, text.slice(start)].map((one) => one.trim()).filter(Boolean);
}

/** Return whether a sentence ends at this full stop. */
function ends(text, match, after, { leading, trailing, beginnings, nextWord }) {
  const next = matchAt(nextWord, text, after)?.[1] ?? "";
  const isSmall = next !== next.toUpperCase() && next === next.toLowerCase() && /^[\x00-\x7f]/.test(next);
  if (isSmall) return false;
  if (match[0][0] !== ".") return true;
  const [before] = LAST_WORD.exec(text.slice(Math.max(0, match.index - 20), match.index));
  const word = before.toLowerCase();
  if (leading.includes(word) || /^\p{Lu}$/u.test(before)) return false;
  return !trailing.includes(word) || beginnings.includes(next.toLowerCase());
}
