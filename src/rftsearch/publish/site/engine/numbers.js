// Numbers as the index of the Python engine has them: halves, singles, and small helpers.

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** Return a number rounded to half precision, as the index on disk keeps weights. */
export function half(value) {
  single[0] = value;
  if (single[0] === 0) return 0;
  const exponent = Math.max(((bits[0] >>> 23) & 0xff) - 127, -14);
  const step = 2 ** (exponent - 10);
  const steps = single[0] / step;
  const low = Math.floor(steps);
  const rest = steps - low;
  const up = rest > 0.5 || (rest === 0.5 && low % 2 !== 0);
  return (up ? low + 1 : low) * step;
}

/** Return the numbers of a buffer of half-precision floats as singles. */
export function halvesToSingles(halves) {
  const found = new Float32Array(halves.length);
  for (let at = 0; at < halves.length; at += 1) {
    const word = halves[at];
    const exponent = (word >> 10) & 0x1f;
    const fraction = word & 0x3ff;
    const size = exponent ? 2 ** (exponent - 25) * (1024 + fraction) : 2 ** -24 * fraction;
    found[at] = word & 0x8000 ? -size : size;
  }
  return found;
}

/** Return the inverse document frequency of a term that `having` of `papers` have. */
export function rarity(papers, having) {
  return Math.log(1 + (Math.max(papers - having, 0) + 0.5) / (having + 0.5));
}

/**
 * Return the places of the best scores, best first; of equal scores the lower place wins, which
 * is the newer paper.
 */
export function rank(scores, first = scores.length, allowed = null) {
  const places = [];
  for (let at = 0; at < scores.length; at += 1) if (!allowed || allowed[at]) places.push(at);
  if (first < places.length / 4) {
    // Few of many: keep a short sorted list instead of sorting everything.
    const best = [];
    for (const at of places) {
      if (best.length === first && scores[at] <= scores[best[first - 1]]) continue;
      let slot = best.length;
      while (slot > 0 && scores[best[slot - 1]] < scores[at]) slot -= 1;
      best.splice(slot, 0, at);
      if (best.length > first) best.pop();
    }
    return best;
  }
  return places.sort((one, other) => scores[other] - scores[one] || one - other).slice(0, first);
}

/** Return the product of two rows of numbers, from places on. */
export function product(one, other, length, from = 0, otherFrom = 0) {
  let total = 0;
  for (let at = 0; at < length; at += 1) total += one[from + at] * other[otherFrom + at];
  return total;
}
