// Acronyms: an acronym and its long form are one word of a question, as the papers define them.
// The rules are those of `rftsearch/index/tables/acronyms.py` and `search/ranking/query_words.py`.

import { rarity } from "./numbers.js";
import { proseTerms } from "./terms.js";

const WORD = /[\p{L}\p{N}]+/gu;
const LINKING = new Set("a an the of for and or in on by with from via using to".split(" "));
const BEGINNING = 8;
const LONGEST = 10;
const FEW_OTHERS = 3;

/** Return a word without the s of a plural. */
function singular(lower) {
  const plural = lower.length > 3 && lower.endsWith("s") && lower.at(-2) !== "s";
  return plural ? lower.slice(0, -1) : lower;
}

const isLower = (text) => text === text.toLowerCase() && text !== text.toUpperCase();

export class Acronyms {
  /** Take rows of `index.json`: acronym, papers that define it, whether small letters mean it, long forms. */
  constructor(rows) {
    this.concepts = rows.map(([acronym, papers, small, longs]) => ({ acronym, papers, small, longs }));
    this.byAcronym = new Map(this.concepts.map((one) => [one.acronym.toLowerCase(), one]));
    this.byLong = new Map();
    this.beginnings = new Set();
    for (const one of [...this.concepts].sort((a, b) => a.papers - b.papers)) {
      for (const long of one.longs) {
        const words = (long.match(WORD) ?? []).map((word) => word.toLowerCase());
        const key = words.filter((word) => !LINKING.has(word)).map(singular).join("");
        this.byLong.set(key, one);
        for (let n = 1; n <= BEGINNING; n += 1) this.beginnings.add(key.slice(0, n));
      }
    }
  }

  /** Return where a text names a concept: {start, end, concept} each, the longest at each place. */
  mentions(text) {
    if (!this.concepts.length) return [];
    const words = [...text.matchAll(WORD)].map((found) => [
      found.index, found.index + found[0].length, found[0],
    ]);
    const found = [];
    let at = 0;
    while (at < words.length) {
      const mention = this.#longAt(words, at) ?? this.#acronymAt(text, words[at]);
      if (mention) {
        found.push(mention);
        while (at < words.length && words[at][0] < mention.end) at += 1;
      } else at += 1;
    }
    return found;
  }

  #longAt(words, at) {
    const [start, , first] = words[at];
    if (LINKING.has(first.toLowerCase())) return null;
    let best = null;
    let key = "";
    words.slice(at, at + 2 * LONGEST).every(([, end, word], place) => {
      const lower = word.toLowerCase();
      if (LINKING.has(lower)) return true;
      key += singular(lower);
      if (!this.beginnings.has(key.slice(0, BEGINNING))) return false;
      const concept = this.byLong.get(key);
      if (concept && place) best = { start, end, concept };
      return true;
    });
    return best;
  }

  #acronymAt(text, [start, end, word]) {
    const lower = word.toLowerCase();
    const concept = this.byAcronym.get(lower) ?? this.byAcronym.get(lower.replace(/s$/, ""));
    if (!concept) return null;
    const capitals = (word.match(/\p{Lu}/gu) ?? []).length;
    if (capitals < 2 && !(concept.small && isLower(word))) return null;
    return isWithinName(text, start, end) ? null : { start, end, concept };
  }
}

/** Return whether an acronym is a part of a name, like GRPO in S-GRPO; not in GRPO-based. */
function isWithinName(text, start, end) {
  const before = /([\p{L}\p{N}]+)[-+/]$/u.exec(text.slice(0, start));
  const after = /^(?:\+|[-+/]([\p{L}\p{N}]+))/u.exec(text.slice(end));
  return [before, after].some((part) => part && (part[1] === undefined || !isLower(part[1])));
}

/** Return a text as it is encoded: a short one is the same for an acronym and its long form. */
export function speltOut(text, mentions) {
  const count = (words) => words.split(/\s+/u).filter(Boolean).length;
  const total = count(text);
  let written = "";
  let at = 0;
  for (const { start, end, concept } of mentions) {
    const typed = text.slice(start, end);
    const short = total - count(typed) <= FEW_OTHERS;
    written += text.slice(at, start) + (short ? `${concept.longs[0]} (${concept.acronym})` : typed);
    at = end;
  }
  return written + text.slice(at);
}

/** Return the terms of a text, each acronym as one term, and the concepts among them. */
export function termsAndConcepts(text, mentions) {
  const terms = [];
  const concepts = new Map();
  let at = 0;
  for (const { start, end, concept } of mentions) {
    const own = conceptTerms(concept);
    concepts.set(own.term, own);
    terms.push(...proseTerms(text.slice(at, start)), own.term);
    at = end;
  }
  terms.push(...proseTerms(text.slice(at)));
  return { terms, concepts: [...concepts.values()] };
}

/** Return the terms of an acronym, its plural and its long forms. */
export function conceptTerms({ acronym, longs }) {
  const term = acronym.toLowerCase();
  const forms = [...longs, ...longs.map((long) => long.replaceAll("-", " "))].map(proseTerms);
  const distinct = new Map(forms.filter((form) => form.length > 1).map((form) => [form.join(" "), form]));
  return { term, plural: `${term}s`, longs: [...distinct.values()] };
}

/** Return how many papers have an acronym, its plural, or all words of a long form. */
export function havingConcept(words, own) {
  const having = new Uint8Array(words.papers);
  for (const form of [[own.term], [own.plural], ...own.longs]) {
    const distinct = [...new Set(form)];
    const counts = new Uint8Array(words.papers);
    for (const term of distinct) {
      const at = words.find(term);
      if (at >= 0) words.addTo(counts, at, () => 1);
    }
    counts.forEach((count, paper) => {
      if (count === distinct.length) having[paper] = 1;
    });
  }
  return having.reduce((sum, one) => sum + one, 0);
}

/**
 * Return what long form and plural of an acronym change in its BM25 in each paper, and which
 * papers have one of them but not the acronym itself.
 */
export function addedByConcept(words, own) {
  const whole = concept(words, own);
  const rare = Math.fround(rarity(words.papers, havingConcept(words, own)));
  const alone = new Float32Array(words.papers);
  const term = words.find(own.term);
  if (term >= 0) words.addTo(alone, term, (at) => words.saturations[at] * words.rarities[term]);
  const more = whole.map((value, at) => Math.fround(rare * value) - alone[at]);
  const otherwise = whole.map((value, at) => Number(value > 0 && alone[at] === 0));
  return { more, otherwise };
}

/** Return how much each paper has of a concept: of a long form its rarest word counts. */
function concept(words, own) {
  const column = (term) => {
    const found = new Float32Array(words.papers);
    const at = words.find(term);
    if (at >= 0) words.addTo(found, at, (place) => words.saturations[place]);
    return found;
  };
  const plural = column(own.plural);
  const best = column(own.term).map((value, at) => Math.max(value, plural[at]));
  for (const long of own.longs) {
    const columns = [...new Set(long)].map(column);
    const places = long.map((term) => words.find(term));
    const pairs = new Set(places.slice(1).map((next, at) => `${places[at]} ${next}`));
    const having = new Uint16Array(words.papers);
    for (const pair of pairs) {
      const [first, second] = pair.split(" ").map(Number);
      if (first < 0 || second < 0) continue;
      for (const [paper] of words.neighbours(first, second)) having[paper] += 1;
    }
    for (let paper = 0; paper < words.papers; paper += 1) {
      const least = Math.min(...columns.map((each) => each[paper]));
      if (least > best[paper] && having[paper] === pairs.size) best[paper] = least;
    }
  }
  return best;
}
