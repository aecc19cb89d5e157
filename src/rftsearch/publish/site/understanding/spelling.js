// Words that no paper has and that are nearly a word of the collection: `benchmrak`. The rules are
// those of `rftsearch/search/understanding/spelling.py` and `search/words/spelling.py`.

import { slips } from "../engine/likeness.js";
import { foldName, proseTerms } from "../engine/terms.js";
import { cannotBeRead } from "./language.js";

/** Return the words that were corrected; never names, ids, or words that a paper has. */
export function readSpelling(reading) {
  const { index, query, words, tables: { spelling } } = reading;
  const has = (term) => index.words.frequency(term) > 0;
  // Without the words that the model knows, a right word could not be told from a wrong one.
  if (!index.knownWords || !index.spellings || proseTerms(query).every(has)) return [];
  const free = reading.freeWords();
  const found = [];
  for (const { text, start, end } of free) {
    if (!/^[A-Za-z]+$/.test(text) || !/^[a-z]+$/.test(text.slice(1))) continue; // A name, or an id.
    if (/^[A-Z]/.test(text) && start) continue;
    const terms = proseTerms(text);
    const key = foldName(text);
    if (!terms.length || terms.some(has) || index.names.byKey.has(key)) continue;
    if (words.length <= spelling.wordsOfAName && index.names.begins(key)) continue; // It is being typed.
    if (cannotBeRead(reading, free.map((one) => one.text).join(" "))) return [];
    const meant = correction(index, text.toLowerCase(), spelling);
    if (meant) found.push(reading.part("spelling", "correction", start, end, `showing results for “${meant}”`, { instead: meant }));
  }
  return found;
}

/** Return the word that was probably meant; null if a word is right, or it is not clear. */
function correction({ spellings, knownWords }, word, { shortest, oneSlip, twoSlips, least, clearly }) {
  if (word.length < shortest || knownWords.has(word)) return null;
  const most = word.length < twoSlips ? 1 : 2;
  const letters = (text) => [...text].sort().join("");
  let near = [];
  for (const other of Object.keys(spellings)) {
    const distance = slips(word, other, most);
    if (distance <= most) near.push([other, distance]);
  }
  if (word.length < oneSlip) near = near.filter(([other]) => letters(other) === letters(word));
  // A first letter is seldom wrong, but may stand second.
  near = near.filter(([other]) => other[0] === word[0] || other.slice(0, 2) === word[1] + word[0]);
  if (!near.length) return null;
  const closest = Math.min(...near.map(([, distance]) => distance));
  const rivals = near.filter(([, distance]) => distance === closest).map(([other]) => other)
    .sort((one, other) => spellings[other] - spellings[one] || (one < other ? -1 : 1));
  const [best] = rivals;
  const stems = (text) => proseTerms(text).join(" ");
  const next = rivals.find((one) => stems(one) !== stems(best));
  if (spellings[best] < least || (next && spellings[best] < clearly * spellings[next])) return null;
  return best;
}
