// What papers say of things that a question leaves out. A sentence that says that the paper does
// without counts for it, one that says that it has the thing counts against it. The rules are those
// of `rftsearch/search/ranking/without.py`, whose numbers and lists of words are used.

import { conceptTerms } from "../engine/acronyms.js";
import { rarity } from "../engine/numbers.js";
import { proseTerms } from "../engine/terms.js";
import { stance } from "./said.js";

const MOST_READ = 2000;
const read = new Map(); // texts that were read, as sentences

/**
 * Return for each paper what it says of excluded things, -1 to `gain`.
 *
 * @param index - See `Engine`; where abstracts are not there yet, titles alone are read.
 * @param excluded - What papers should do without.
 * @param scores - The scores so far; the best that have the words are read.
 * @param allowed - For each paper whether it passes the filters; null for all.
 */
export function judge(index, excluded, scores, allowed) {
  const { judged, said } = index.tables.without;
  const things = excluded.map((text) => thingOf(index, text, judged));
  const speaking = new Uint8Array(index.papers);
  for (const term of things.flatMap((thing) => [...thing.every])) {
    const at = index.words.find(term);
    if (at >= 0) index.words.addTo(speaking, at, () => 1);
  }
  const order = [...speaking.keys()].filter((row) => speaking[row])
    .sort((one, other) => scores[other] - scores[one] || one - other);
  const passing = allowed ? order.filter((row) => allowed[row]) : order;
  const found = new Float32Array(index.papers);
  // Those that pass are shown; by the others choices of filters are counted.
  for (const row of new Set([...passing.slice(0, judged.read), ...order.slice(0, judged.read)])) {
    const verdicts = things.map((thing) => verdict(thing, textsOf(index, row), judged, said));
    const worst = Math.min(...verdicts);
    found[row] = worst < 0 ? worst : judged.gain * Math.max(...verdicts);
  }
  return found;
}

/** Return the title, and the abstract or else the remark: {text, places, whole} each. */
function textsOf({ records, texts }, row) {
  const { title, sentences } = records[row];
  const body = texts?.[row]?.find(Boolean);
  const own = [{ text: title, places: sentences ?? [0, title.length], whole: true }];
  return body ? [...own, { text: body[0], places: body.slice(1), whole: false }] : own;
}

/** Return what a text names, by its words. */
function thingOf(index, text, judged) {
  const { words, papers } = index;
  const found = [];
  const plain = (part) => {
    for (const [word] of part.matchAll(judged.word)) {
      if (!proseTerms(word).length) continue;
      const terms = alike(word, judged);
      const having = Math.max(...[...terms].map((term) => words.frequency(term)));
      found.push(wordOf(terms, [], rarity(papers, having), judged));
    }
  };
  const heavy = (part) => part.split(/\s+/u).filter((word) =>
    !judged.light.includes(word.toLowerCase().replace(/^[,.]+|[,.]+$/g, ""))).join(" ");
  let at = 0;
  for (const { start, end, concept } of index.acronyms.mentions(text)) {
    plain(heavy(text.slice(at, start)));
    const { term, plural, longs } = conceptTerms(concept);
    const having = Math.max(words.frequency(term), words.frequency(plural));
    found.push(wordOf(new Set([term, plural]), longs, rarity(papers, having), judged));
    at = end;
  }
  plain(heavy(text.slice(at)));
  if (!found.length) plain(text);
  const rarest = Math.max(0, ...found.map((word) => word.weight));
  const { tellsNothing, tellsAll } = judged;
  const firsts = new Set(found.flatMap((word) =>
    [...word.terms, ...word.lacking, ...word.sequences.map(([first]) => first)]));
  return {
    words: found,
    firsts,
    beginnings: [...firsts].map((term) => term.slice(0, judged.beginning)),
    every: new Set([...firsts, ...found.flatMap((word) => word.sequences.flat())]),
    telling: Math.min(Math.max((rarest - tellsNothing) / (tellsAll - tellsNothing), 0), 1),
  };
}

function wordOf(terms, sequences, weight, { unsupervised }) {
  const lacking = new Set([...terms].map((term) => `un${term}`));
  if (terms.has("annot")) unsupervised.forEach((term) => lacking.add(term));
  return { terms, sequences, weight, lacking };
}

/** Return the terms of a word and of those that name the same. */
function alike(word, { labels }) {
  const terms = proseTerms(word);
  return new Set(terms.some((term) => labels.includes(term)) ? [...terms, ...labels] : terms);
}

/** Return 1 if a paper does without a thing, -1 if it has it, 0 if it says nothing of it. */
function verdict(thing, texts, judged, table) {
  let good = 0;
  let bad = 0;
  for (const { text, places, whole } of texts) {
    const lower = text.toLowerCase();
    if (!thing.beginnings.some((beginning) => lower.includes(beginning))) continue;
    for (const sentence of sentencesOf(text, places, judged)) {
      const said = [...thing.firsts].some((term) => sentence.terms.has(term))
        ? saidOf(thing, sentence, judged, table) : null;
      if (said === "with") bad = whole || bad ? 1 : judged.once;
      else if (said) good = Math.max(good, judged.weights[said]);
    }
  }
  if (good === judged.weights.without) return good - (bad * thing.telling) / 2;
  return bad ? -bad * thing.telling : good;
}

/** Return what a sentence says of a thing; null if it does not speak of it. */
function saidOf(thing, { text, stems, terms }, judged, table) {
  if (thing.words.some((word) => [...word.lacking].some((term) => terms.has(term)))) return "without";
  let named = 0;
  let total = 0;
  let heaviest = null;
  for (const word of thing.words) {
    const places = placesOf(word, stems, judged);
    total += word.weight;
    if (!places.length) continue;
    named += word.weight;
    if (!heaviest || word.weight > heaviest.weight) heaviest = { weight: word.weight, places };
  }
  if (!heaviest || named < judged.spokenOf * total) return null;
  const stances = heaviest.places.map(([start, end]) => stance(text, start, end, table));
  // What is said most clearly: that it is done without, then that it is there.
  return ["without", "beaten", "with"].find((clear) => stances.includes(clear)) ?? "others";
}

/** Return where a word stands: [start, end] each; an acronym behind its long form is a part of it. */
function placesOf(word, stems, { beside }) {
  const found = [];
  let last = -beside;
  stems.forEach(([term, start, end], at) => {
    let stop = word.terms.has(term) ? end : 0;
    for (const long of word.sequences) {
      const here = long.every((one, place) => stems[at + place]?.[0] === one);
      if (here) [, , stop] = stems[at + long.length - 1];
    }
    if (!stop) return;
    if (start - last >= beside) found.push([start, stop]);
    last = stop;
  });
  return found;
}

/** Return the sentences of a text: {text, stems, terms}, with a term and its place in each stem. */
function sentencesOf(text, places, { word }) {
  if (!read.has(text)) {
    if (read.size > MOST_READ) read.clear();
    const found = [];
    for (let at = 0; at < places.length; at += 2) {
      const own = text.slice(places[at], places[at + 1]);
      const stems = [];
      for (const match of own.matchAll(word)) {
        const end = match.index + match[0].length;
        for (const term of proseTerms(match[0])) stems.push([term, match.index, end]);
      }
      found.push({ text: own, stems, terms: new Set(stems.map(([term]) => term)) });
    }
    read.set(text, found);
  }
  return read.get(text);
}
