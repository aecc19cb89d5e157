// Authors in a question: "Ziwei Liu", "papers by Kaituo Feng", "feng 2025". When a name is one, and
// when it is a word, is decided as in `rftsearch/search/understanding/authors.py`.

import { proseTerms } from "../engine/terms.js";
import { escaped, fits, matchAt } from "./reading.js";

/** Return the authors of a question. */
export function readAuthors(reading) {
  const found = [];
  for (const part of [...led(reading), ...unled(reading)]) {
    if (found.every((one) => part.end <= one.start || one.end <= part.start)) found.push(part);
  }
  return found;
}

/** Yield the names behind "by"; several may be joined by "and" or commas. */
function* led(reading) {
  const { query, tables } = reading;
  for (const match of reading.matches(tables.authors.by)) {
    let start = match.index;
    let behind = reading.freeWords().filter((word) => word.start >= match.index + match[0].length);
    while (behind.length) {
      const found = longest(reading, behind, true);
      if (!found) break;
      yield partOf(reading, start, found);
      behind = behind.slice(found.length);
      const { end } = found.at(-1);
      const joint = behind.length ? query.slice(end, behind[0].start) : "";
      if (behind.length > 1 && behind[0].text.toLowerCase() === "and") {
        start = end;
        behind = behind.slice(1);
      } else if (joint.trim() === ",") start = end;
      else break;
    }
  }
}

/** Yield whole names anywhere in a short question, and a family name that stands alone. */
function* unled(reading) {
  const { tables: { authors }, index } = reading;
  const words = reading.freeWords();
  if (!words.length || reading.words.length > authors.mostWords) return;
  const { facts } = index;
  const family = words.map((word) => facts.having(`author:~${facts.nameKey(word.text)}`).length > 0);
  const names = words.filter((word) => !fits(authors.beside, word.text));
  const misspelt = names.length <= authors.longest;
  let at = 0;
  while (at < words.length) {
    const some = misspelt || family.slice(at, at + authors.longest).some(Boolean);
    const found = some ? longest(reading, words.slice(at), false) : null;
    if (found && found.length > 1) {
      yield partOf(reading, found[0].start, found);
      at += found.length;
    } else at += 1;
  }
  if (names.length === 1 && isFamilyName(reading, names[0])) yield partOf(reading, names[0].start, names);
}

/** Return the words at the beginning that are a name, as many as possible. */
function longest(reading, words, sure) {
  const most = Math.min(reading.tables.authors.longest, words.length);
  for (let length = most; length > 0; length -= 1) {
    const some = words.slice(0, length);
    if (besideEachOther(reading, some) && isName(reading, some, sure)) return some;
  }
  return null;
}

/** Return whether nothing but blanks, full stops and one comma stands between words. */
function besideEachOther({ query }, words) {
  const gaps = words.slice(1).map((word, at) => query.slice(words[at].end, word.start));
  return gaps.every((gap) => /^\.?,?\s+$/u.test(gap)) && gaps.filter((gap) => gap.includes(",")).length < 2;
}

function isName(reading, words, sure) {
  const text = reading.query.slice(words[0].start, words.at(-1).end);
  if (/\p{Nd}/u.test(text)) return false;
  const { facts } = reading.index;
  const keys = facts.authorKeys(text);
  if (words.length === 1) {
    const isLed = sure && keys.length && !fits(reading.tables.authors.beside, text);
    return Boolean(isLed && (isCapital(text) || isFamilyName(reading, words[0])));
  }
  if (keys.some((key) => key.startsWith("author:="))) return sure || !isPhrase(reading, words);
  if (keys.length) {
    // An initial and a family name, or a family name of several words.
    const abbreviated = facts.nameWords(text).some((word) => word.length === 1);
    return sure || (abbreviated && isCapital(words[0].text));
  }
  // One typing error in a long name, if its words are none of the collection's.
  const unknown = sure || words.every((word) => used(reading, word) === 0);
  return unknown && facts.nearAuthors(text).length > 0;
}

const isCapital = (text) => /^\p{Lu}/u.test(text);

/** Return whether a word is a family name here, and no word of titles and abstracts. */
function isFamilyName(reading, word) {
  const { facts } = reading.index;
  let count = 0;
  for (const key of facts.authorKeys(word.text)) count += facts.having(key).length;
  return count > 0 && word.text.length > 1 && used(reading, word) <= Math.floor(count / 20);
}

/** Return how many papers use a word in title or abstract. */
function used({ index }, word) {
  const terms = proseTerms(word.text);
  return terms.length ? Math.max(...terms.map((term) => index.words.frequency(term))) : index.papers;
}

/** Return whether the words of a name are all used as words: "Long Chain", "Best Field". */
function isPhrase(reading, words) {
  if (words.some((word) => used(reading, word) === 0)) return false;
  if (!words.every((word) => isCapital(word.text))) return true;
  const text = reading.query.slice(words[0].start, words.at(-1).end);
  return reading.index.anyText(new RegExp(escaped(text), "iu"));
}

/** Return the filter for a name, labelled with who is meant. */
function partOf(reading, start, words) {
  const { query, tables } = reading;
  const { end } = words.at(-1);
  const tail = matchAt(tables.authors.etAl, query, end);
  const name = query.slice(words[0].start, end).replace(/^[ ,.]+|[ ,.]+$/g, "");
  const label = labelOf(reading.index.facts, name, tables.authors);
  return reading.part("authors", "filter", start, end + (tail?.[0].length ?? 0), label, {
    filters: { authors: [name] },
  });
}

/** Return who a name means: `by Ziwei Liu`, `by Feng: Kaituo Feng or Tao Feng`. */
function labelOf(facts, name, { lookedAt, manyPeople }) {
  const wanted = facts.authorKeys(name).map((key) => key.slice("author:".length));
  const people = new Set();
  const rows = [...facts.rowsOf("author", name)].sort((one, other) => one - other);
  for (const row of rows.slice(0, lookedAt)) {
    facts.keysOf[row].forEach((keys, at) => {
      const meant = wanted.length ? keys.some((key) => wanted.includes(key)) : facts.isNear(keys, name);
      if (meant) people.add(facts.records[row].authors[at]);
    });
  }
  const [first] = people;
  if (people.size === 1) return `by ${first}`;
  if (!people.size) return `by ${name}`;
  const more = rows.length > lookedAt ? "at least " : "";
  return people.size > manyPeople ? `by ${name}: ${more}${people.size} people` : `by ${name}: ${[...people].join(" or ")}`;
}
