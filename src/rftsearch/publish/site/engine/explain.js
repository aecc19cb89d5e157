// The sentence of a paper that answers a question best, and the words to mark in it.

import { proseTerms } from "./terms.js";

const LENGTH = 0.25;
const RELATED = 10;
const PASSAGE = 32;
const TELLING = 15;
const NUMBER = /^\d[\d.,]*(?:st|nd|rd|th|k|m|b|x)?$/;
const WORD = /(?:[\p{L}\p{N}]|[\u0300-\u036f])+(?:[-_'\u2019.+/](?:[\p{L}\p{N}]|[\u0300-\u036f])+)*\+*/gu;
const IDEOGRAPHS = /^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]{2,}$/u;

/**
 * Choose a sentence of each paper.
 *
 * @param papers - Of each its texts: [field, text, places of its sentences] with the title last.
 * @param terms - Those of the question.
 * @param rarityOf - Returns how rare a term is.
 * @returns For each paper {field, start, end, marks}, or null if it has no text.
 */
export function explain(papers, terms, rarityOf) {
  const wanted = telling(terms, rarityOf);
  const read = papers.map((texts) => texts.flatMap(sentencesOf));
  let related = null;
  return read.map((own) => {
    let best = bestOf(own, wanted);
    if (!best) {
      related ??= shared(read, rarityOf);
      best = bestOf(own, related) ?? own[0];
    }
    return best ? { ...best, marks: marksOf(best.text, wanted) } : null;
  });
}

/** Return the terms by which a sentence is chosen, with their weights; of a long text the rarest. */
function telling(terms, rarityOf) {
  const counts = new Map();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  if (terms.length <= PASSAGE) {
    return new Map([...counts].map(([term, count]) => [term, count * rarityOf(term)]));
  }
  const weights = [...counts]
    .filter(([term]) => !NUMBER.test(term))
    .map(([term, count]) => [term, (1 + Math.log(count)) * rarityOf(term)]);
  return new Map(weights.sort(heaviest).slice(0, TELLING));
}

const heaviest = ([one, weight], [other, more]) => more - weight || (one < other ? -1 : 1);

function sentencesOf([field, text, places]) {
  const found = [];
  for (let at = 0; at < places.length; at += 2) {
    const [start, end] = [places[at], places[at + 1]];
    const own = text.slice(start, end);
    const terms = proseTerms(own);
    found.push({ field, start, end, text: own, length: terms.length, terms: new Set(terms) });
  }
  return found;
}

/** Return the sentence with most of the weight of some terms; a title only if it has more. */
function bestOf(own, wanted) {
  if (!wanted.size || !own.length) return null;
  const total = own.reduce((sum, sentence) => sum + sentence.length, 0);
  const usual = Math.max(total / own.length, 1);
  let best = null;
  let most = 0;
  for (const title of [false, true]) {
    let greatest = 0;
    let value = -1;
    let chosen = null;
    for (const sentence of own) {
      if ((sentence.field === "title") !== title) continue;
      let weight = 0;
      for (const [term, each] of wanted) if (sentence.terms.has(term)) weight += each;
      greatest = Math.max(greatest, weight);
      const worth = weight / (1 - LENGTH + (LENGTH * sentence.length) / usual);
      if (worth > value) [value, chosen] = [worth, sentence];
    }
    if (greatest > most) [best, most] = [chosen, greatest];
  }
  return best;
}

/** Return the words that several papers of an answer share; better papers count more. */
function shared(read, rarityOf) {
  const weights = new Map();
  const having = new Map();
  read.forEach((own, place) => {
    for (const term of new Set(own.flatMap((sentence) => [...sentence.terms]))) {
      weights.set(term, (weights.get(term) ?? 0) + 1 / (2 + place));
      having.set(term, (having.get(term) ?? 0) + 1);
    }
  });
  const gains = [...weights]
    .filter(([term]) => having.get(term) > 1)
    .map(([term, weight]) => [term, weight * rarityOf(term)]);
  return new Map(gains.sort(heaviest).slice(0, RELATED));
}

/** Return the places of the words of a question in a text: [start, end] each, in order. */
export function marksOf(text, wanted) {
  const spans = [];
  for (const match of text.matchAll(WORD)) {
    const word = match[0];
    if (IDEOGRAPHS.test(word)) {
      for (let at = 0; at + 1 < word.length; at += 1) {
        spans.push([match.index + at, match.index + at + 2]);
      }
    } else spans.push([match.index, match.index + word.length]);
  }
  const marked = [];
  for (const [start, end] of spans) {
    if (!proseTerms(text.slice(start, end)).some((term) => wanted.has(term))) continue;
    const last = marked.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else marked.push([start, end]);
  }
  return marked;
}
