// How alike two words or titles are, letter by letter.

/** Return how many letters differ: added, missing, other or swapped; above `most` it may be less. */
export function slips(one, other, most) {
  const [first, second] = [[...one], [...other]];
  if (Math.abs(first.length - second.length) > most) return most + 1;
  let before = [];
  let last = Array.from({ length: second.length + 1 }, (_, at) => at);
  for (let row = 1; row <= first.length; row += 1) {
    const now = [row];
    let least = row;
    for (let at = 1; at <= second.length; at += 1) {
      const other = first[row - 1] === second[at - 1] ? 0 : 1;
      now[at] = Math.min(now[at - 1] + 1, last[at] + 1, last[at - 1] + other);
      const swapped = first[row - 1] === second[at - 2] && first[row - 2] === second[at - 1];
      if (row > 1 && at > 1 && swapped) now[at] = Math.min(now[at], before[at - 2] + 1);
      least = Math.min(least, now[at]);
    }
    if (least > most) return most + 1;
    [before, last] = [last, now];
  }
  return last[second.length];
}

/** Return how alike two texts are, 0 to 100: twice the letters they share in order, over all. */
export function alike(one, other) {
  const [first, second] = [[...one], [...other]];
  if (!first.length && !second.length) return 100;
  let last = new Uint16Array(second.length + 1);
  for (const letter of first) {
    const now = new Uint16Array(second.length + 1);
    for (let at = 1; at <= second.length; at += 1) {
      now[at] = letter === second[at - 1] ? last[at - 1] + 1 : Math.max(last[at], now[at - 1]);
    }
    last = now;
  }
  return (200 * last[second.length]) / (first.length + second.length);
}

const sorted = (text) => text.split(/\s+/).filter(Boolean).sort().join(" ");

/** Return how alike two texts are when the order of their words does not count. */
export const alikeSorted = (one, other) => alike(sorted(one), sorted(other));
