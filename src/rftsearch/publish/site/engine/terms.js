// Texts as terms: the words by which papers are found. Names are written in many ways, so
// `VLM-R1` is `vlm`, `r1` and `vlmr1`; words of prose are stemmed, and words that say nothing
// are left out. The rules are those of `rftsearch/text/terms.py`; texts come here without LaTeX.

import { stem } from "./stem.js";

const SAYING_NOTHING = new Set(
  `a about above after again against all also am an and any are as at be because been before
  being below between both but by can cannot could did do does doing down during each few for
  from further had has have having he her here hers him his how i if in into is it its itself
  just me more most my no nor not of off on once only or other our ours out over own same she
  should so some such than that the their theirs them then there these they this those through
  to too under until up very was we were what when where which while who whom why will with
  would you your yours us via using used use may might must shall upon yet whether within
  without`.split(/\s+/),
);

const WORD = /[\p{L}\p{N}]+(?:[-_'\u2019.+/][\p{L}\p{N}]+)*\+*/gu;
const BETWEEN = /[^\p{L}\p{N}]+/gu;
const JOINT = /[-_'\u2019.+/]+/u;
const HUMP = /[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\p{Nd}+|(?:(?![\p{Nd}a-zA-Z])[\p{L}\p{N}])+/gu;
const IDEOGRAPHS = /^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+$/u;
const FOREIGN = /[^\x00-\x7f]+/gu;
const ACCENTS = /(?![\ufe00-\ufe0f])\p{Mn}/gu;
const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega".split(" ");
const PLAIN = /^[A-Za-z][a-z]*$/;

/** Return text without accents, ligatures and width: `é` as `e`, `ﬁ` as `fi`. */
export function fold(text) {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  const apart = text.normalize("NFKD");
  return apart.replace(FOREIGN, (run) => run.replace(ACCENTS, "")).normalize("NFC");
}

/** Return a name or title as it is looked up: letters and digits, no case or accent. */
export function foldName(name) {
  return fold(name).toLowerCase().replaceAll("ß", "ss").replace(BETWEEN, "");
}

/** Return the terms of a text in order: stemmed, without words that say nothing. */
export function proseTerms(text) {
  const found = [];
  for (const [word] of fold(text).matchAll(WORD)) {
    for (const term of termsOfWord(word)) found.push(term);
  }
  return found;
}

const remembered = new Map();

function termsOfWord(word) {
  let found = remembered.get(word);
  if (found === undefined) {
    found = [];
    for (const [term, prose] of split(word)) {
      if (!SAYING_NOTHING.has(term)) found.push(prose ? stem(term) : term);
    }
    if (remembered.size > 100_000) remembered.clear();
    if (word.length <= 64) remembered.set(word, found);
  }
  return found;
}

/** Yield each term of a word in lower case, and whether it is a word of prose. */
function* split(word) {
  if (PLAIN.test(word)) {
    yield [word.toLowerCase(), true];
    return;
  }
  const parts = word.replace(/\++$/, "").split(JOINT).filter(Boolean);
  if (parts.length > 1 && parts.at(-1).toLowerCase() === "s") parts.pop(); // A possessive.
  for (const part of parts) yield* splitPart(part);
  if (parts.length > 1) yield [parts.join("").toLowerCase(), false];
  if (word.endsWith("+")) yield [word.toLowerCase(), false];
}

function* splitPart(part) {
  if (IDEOGRAPHS.test(part)) {
    // Written without blanks: pairs of characters stand in for words.
    for (let at = 0; at < part.length - 1; at += 1) yield [part.slice(at, at + 2), false];
    if (part.length === 1) yield [part, false];
    return;
  }
  const lower = part.toLowerCase();
  const letters = [...part];
  const capitals = letters.slice(1).join("") !== letters.slice(1).join("").toLowerCase();
  const digits = /\p{Nd}/u.test(part);
  yield [lower, !(capitals || digits)];
  const allCapitals = part === part.toUpperCase() && part !== lower;
  if (capitals && !allCapitals) {
    const humps = part.match(HUMP) ?? [];
    if (humps.length > 1) {
      for (const hump of humps) if (hump.length > 1) yield [hump.toLowerCase(), true];
    }
  }
  if (/[\u03b1-\u03c9]/.test(lower)) {
    yield [lower.replace(/[\u03b1-\u03c9]/g, (one) => GREEK[one.charCodeAt(0) - 0x3b1]), false];
  }
}

const CHECKSUMS = new Uint32Array(256).map((_, at) => {
  let value = at;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});
const encoder = new TextEncoder();

/** Return the number that stands for a term in the index: the CRC-32 of its UTF-8. */
export function numberOf(term) {
  let value = 0xffffffff;
  for (const byte of encoder.encode(term)) value = CHECKSUMS[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
