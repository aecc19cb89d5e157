// The ranking: scores as sums of parts, in the order of `rftsearch/search/ranking`. The weights
// come with the index (`index.json`), so that they are written down in one place.

import { addedByConcept, havingConcept } from "./acronyms.js";
import { rank, rarity } from "./numbers.js";
import { judge } from "../without/judged.js";

const round = Math.fround;

/** Return the sum of the parts of each score. */
export function totals(parts, papers) {
  const sums = new Float32Array(papers);
  for (const part of Object.values(parts)) {
    for (let at = 0; at < papers; at += 1) sums[at] += part[at];
  }
  return sums;
}

/**
 * Score all papers for a question.
 *
 * @param index - Has `words`, `meaning` (null while it is not there), `described`, `weights`.
 * @param asked - {terms, concepts} of the question, in order.
 * @param vector - That of the question, or null.
 * @param allowed - For each paper whether it passes the filters; null for all.
 * @param excluded - What papers should do without.
 */
export function scoreQuestion(index, { terms, concepts }, vector, allowed = null, excluded = []) {
  const { words, weights, papers } = index;
  const found = terms.map((term) => words.find(term));
  const own = [...new Set(terms)].map((term) => words.find(term));
  const { information, known } = informationOf(index, found, own, concepts);
  const having = new Map(terms.map((term) => [term, words.frequency(term)]));
  for (const one of concepts) having.set(one.term, havingConcept(words, one));
  let most = 0;
  for (const count of having.values()) most += rarity(papers, count);
  most = Math.max(most, 1e-9);
  const share = round(weights.words / most);
  const covered = information.map((value) => value * share);
  const meaning = vector ? index.meaning.toQuestion(vector) : null;
  const complete = known.map((count) =>
    Number(own.length > 0 && own.length <= weights.fewWords && count === own.length));
  let first = meaning ? meaning.map((value, at) => value + covered[at]) : covered;
  let without = null;
  if (excluded.length) {
    without = judge(index, excluded, first, allowed).map((said) => round(weights.without) * said);
    // Papers that have what is left out would teach its words.
    first = first.map((value, at) => value + without[at]);
  }
  const nearest = rank(first, weights.feedbackPapers, allowed);
  const best = meaning ? nearest : nearest.filter((paper) => covered[paper] > 0);
  const related = relatedTo(index, best);
  const parts = meaning ? { meaning, words: covered, related } : { words: covered, related };
  if (without) parts.without = without;
  const evidence = meaning
    ? evidenceOf(index, meaning, information, round(most))
    : null;
  if (evidence && without) {
    const unit = round(index.scale.kin - index.scale.strangers);
    for (let at = 0; at < papers; at += 1) evidence[at] += round(without[at] / unit);
  }
  return { parts, nearest, evidence, complete };
}

/** Return the BM25 of each paper for the terms and their pairs, and how many terms it has. */
function informationOf(index, found, own, concepts) {
  const { words, weights, papers } = index;
  const sums = new Float64Array(papers);
  const known = new Uint16Array(papers);
  for (const term of own) {
    if (term < 0) continue;
    const rare = words.rarities[term];
    words.addTo(sums, term, (at) => round(words.saturations[at] * rare));
    words.addTo(known, term, () => 1);
  }
  const bm25 = Float32Array.from(sums);
  for (const one of concepts) {
    const { more, otherwise } = addedByConcept(words, one);
    for (let at = 0; at < papers; at += 1) {
      bm25[at] += more[at];
      known[at] += otherwise[at];
    }
  }
  const pairs = new Float64Array(papers);
  const seen = new Set();
  for (let at = 0; at + 1 < found.length; at += 1) {
    const key = `${found[at]} ${found[at + 1]}`;
    if (found[at] < 0 || found[at + 1] < 0 || seen.has(key)) continue;
    seen.add(key);
    words.addPair(pairs, found[at], found[at + 1]);
  }
  const information = bm25.map((value, at) => value + round(weights.pairs * round(pairs[at])));
  return { information, known };
}

/** Return what the words add that the best papers share, for each paper; `most` is their weight. */
export function relatedTo(index, best, most = index.weights.related) {
  const { words, papers } = index;
  const described = best.filter((paper) => index.described[paper]);
  const gains = feedbackTerms(index, described.length ? described : best);
  const sums = new Float64Array(papers);
  let total = 0;
  for (const [term, gain] of gains) {
    total += gain;
    const weight = round(gain);
    words.addTo(sums, term, (at) => round(weight * words.saturations[at]));
  }
  const share = round(most * index.common);
  return Float32Array.from(sums, (value) => (total ? round(round(value) / round(total)) * share : 0));
}

/** Return the terms that the best papers share, with their weights: [term, gain] each. */
function feedbackTerms({ words, weights }, best) {
  const gains = new Map();
  best.forEach((paper, place) => {
    const discount = 1 / Math.log2(place + 2);
    for (let at = words.rowStarts[paper]; at < words.rowStarts[paper + 1]; at += 1) {
      const term = words.rowTerms[at];
      const bm25 = round(words.rowSaturations[at] * words.rarities[term]);
      gains.set(term, (gains.get(term) ?? 0) + discount * bm25);
    }
  });
  const order = [...gains].sort(
    ([one, gain], [other, more]) => more - gain || words.numbers[one] - words.numbers[other],
  );
  return order.slice(0, weights.feedbackTerms);
}

function evidenceOf(index, meaning, information, most) {
  const { strangers, kin } = index.scale;
  const weight = round(index.weights.evidenceWords);
  return meaning.map((value, at) =>
    round((value - strangers) / (kin - strangers)) + round(weight * round(information[at] / most)));
}

/** Score all papers for their similarity to one of them, which is among them. */
export function scoreSimilar(index, row) {
  const { words, weights, papers } = index;
  const own = ownTerms(index, row);
  const sums = new Float64Array(papers);
  for (const [term, weight] of own) {
    words.addTo(sums, term, (at) => round(round(weight) * words.cosines[at]));
  }
  const likeness = Float32Array.from(sums, (value) => round(weights.similarWords) * round(value));
  const category = new Float32Array(papers);
  const shared = new Set(index.records[row].categories);
  for (let paper = 0; paper < papers; paper += 1) {
    const shares = index.records[paper].categories.some((one) => shared.has(one));
    category[paper] = shares ? weights.similarCategory : 0;
  }
  const parts = { words: likeness, category };
  if (!index.meaning) return { parts };
  return { parts: { meaning: index.meaning.toPaper(row, weights.similarTitle), ...parts } };
}

/** Return the terms of a paper as a unit vector of (1 + ln tf) idf: [term, weight] each. */
function ownTerms(index, row) {
  const { words } = index;
  const found = [];
  for (let at = words.rowStarts[row]; at < words.rowStarts[row + 1]; at += 1) {
    found.push([words.rowTerms[at], (1 + Math.log(words.rowCounts[at])) * words.exact[words.rowTerms[at]]]);
  }
  return unitVector(found);
}

/** Return weights of terms, [term, weight] each, as a vector of unit length. */
export function unitVector(weighed) {
  const norm = Math.max(Math.hypot(...weighed.map(([, weight]) => weight)), 1e-9);
  return weighed.map(([term, weight]) => [term, weight / norm]);
}
