// Papers for somebody who likes some papers and dislikes others: each liked paper is an interest
// of its own, papers similar to a disliked one sink, and papers that are alike stand apart.

import { product, rank } from "./numbers.js";
import { scoreSimilar, totals } from "./rank.js";

/**
 * Choose papers.
 *
 * @param index - As for `scoreSimilar`.
 * @param liked - Rows, one or more.
 * @param disliked - Rows.
 * @param allowed - For each paper whether it may be chosen; null for all.
 * @param k - How many.
 * @param diversity - From 0, the best papers, to 1, the most different.
 * @returns {order, parts, because}: rows in the order of choice, their parts by row, and by row
 *   the row of the liked paper that each is closest to.
 */
export function recommend(index, liked, disliked, allowed, k, diversity = 0.3) {
  const seeds = new Set([...liked, ...disliked]);
  const score = (row) => totals(scoreSimilar(index, row).parts, index.papers);
  const likes = liked.map(score);
  const wanted = Math.max(index.weights.pool, 2 * k) + seeds.size;
  const pool = new Set(likes.flatMap((scores) => rank(scores, wanted, allowed)));
  const rows = [...pool].filter((row) => !seeds.has(row)).sort((one, other) => one - other);
  const interests = likes.map((scores) => relevance(scores, rows));
  const served = rows.map((_, at) => Math.max(...interests.map((own) => own[at])));
  let against = rows.map(() => 0);
  for (const scores of disliked.map(score)) {
    const own = relevance(scores, rows);
    against = against.map((value, at) => Math.max(value, own[at]));
  }
  // A dislike thins out a liked topic but does not erase it.
  against = against.map((value, at) => Math.max(0, value - served[at] / 2));
  const weighed = interests.map((own) =>
    own.map((value, at) => Math.min(Math.max(value - index.weights.disliked * against[at], 0), 1)));
  const chosen = spread(index, rows, weighed, k, diversity);
  const parts = { liked: new Float32Array(index.papers) };
  if (disliked.length) parts.disliked = new Float32Array(index.papers);
  rows.forEach((row, at) => {
    parts.liked[row] = served[at];
    if (disliked.length) parts.disliked[row] = -index.weights.disliked * against[at];
  });
  const closest = (at) => liked[interests.findIndex((own) => own[at] === served[at])];
  const because = new Map(chosen.map((at) => [rows[at], closest(at)]));
  return { order: chosen.map((at) => rows[at]), parts, because };
}

function relevance(scores, rows) {
  const most = Math.max(...rows.map((row) => scores[row]), 1e-9);
  return rows.map((row) => Math.min(Math.max(scores[row] / most, 0), 1));
}

/** Choose papers that serve every interest and differ from each other, one after the other. */
function spread(index, rows, interests, k, diversity) {
  const left = new Set(rows.keys());
  let need = interests.map(() => 1);
  const closest = rows.map(() => 0);
  const relevant = Math.max(1 - diversity, 1e-3);
  const chosen = [];
  while (left.size && chosen.length < k) {
    const gains = rows.map((_, at) => interests.reduce((sum, own, i) => sum + own[at] * need[i], 0));
    const most = Math.max(...[...left].map((at) => gains[at]), 1e-9);
    let best = -1;
    let value = -Infinity;
    for (const at of left) {
      const worth = (relevant * gains[at]) / most - diversity * closest[at];
      if (worth > value) [best, value] = [at, worth];
    }
    chosen.push(best);
    left.delete(best);
    need = need.map((each, i) => each * (1 - index.weights.served * interests[i][best]));
    const greatest = Math.max(...need);
    need = need.map((each) => each / greatest);
    for (const at of left) closest[at] = Math.max(closest[at], similarity(index, rows[at], rows[best]));
  }
  return chosen;
}

function similarity(index, one, other) {
  if (!index.meaning) return 0;
  const { texts, dimension } = index.meaning;
  return product(texts, texts, dimension, one * dimension, other * dimension);
}
