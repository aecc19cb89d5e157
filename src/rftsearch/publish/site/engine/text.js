// Papers like a text that somebody pasted: it is compared whole and by its sentences, by its words,
// and by the words that the closest papers share. As in `rftsearch/search/ranking/score.py`.

import { rank, rarity } from "./numbers.js";
import { relatedTo, totals, unitVector } from "./rank.js";
import { ownSentences } from "./sentences.js";
import { proseTerms } from "./terms.js";

const round = Math.fround;

/**
 * Score all papers for their similarity to a text.
 *
 * @param index - As for `scoreQuestion`, with `encoder` and `tables`.
 * @param text - What was pasted.
 * @param allowed - For each paper whether it passes the filters; null for all.
 * @returns {parts}
 */
export function scoreText(index, text, allowed = null) {
  const parts = {
    ...(index.meaning ? { meaning: meaningOf(index, text) } : {}),
    words: likeness(index, text),
  };
  const best = rank(totals(parts, index.papers), index.weights.feedbackPapers, allowed);
  return { parts: { ...parts, related: relatedTo(index, best, index.weights.textRelated) } };
}

function likeness({ words, weights, papers }, text) {
  const counts = new Map();
  for (const term of proseTerms(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const weighed = [...counts].map(([term, count]) =>
    [words.find(term), (1 + Math.log(count)) * rarity(papers, words.frequency(term))]);
  const sums = new Float64Array(papers);
  for (const [term, weight] of unitVector(weighed)) {
    if (term >= 0) words.addTo(sums, term, (at) => round(round(weight) * words.cosines[at]));
  }
  return Float32Array.from(sums, (value) => round(weights.similarWords) * round(value));
}

/** Return how near papers are to a text in meaning: to the whole, and to its closest sentences. */
function meaningOf({ encoder, meaning, weights, tables, papers }, text) {
  const whole = meaning.toText(encoder.encode(text));
  const each = ownSentences(text, tables.sentences).map((one) => meaning.toText(encoder.encode(one)));
  if (!each.length) return whole;
  const share = round(weights.textSentences);
  const closest = Math.min(weights.closestSentences, each.length);
  return Float32Array.from({ length: papers }, (_, paper) => {
    const near = each.map((one) => one[paper]).sort((one, other) => other - one).slice(0, closest);
    return (1 - share) * whole[paper] + share * (near.reduce((sum, one) => sum + one, 0) / closest);
  });
}
