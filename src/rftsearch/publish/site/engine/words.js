// The words of all papers, from `words.bin`: which papers have a term, how much it weighs there,
// and which words stand side by side. The weights are those of the Python engine: BM25 in two
// halves, saturation and rarity, both in half precision as in an index on disk.

import { half, rarity } from "./numbers.js";
import { numberOf } from "./terms.js";

const round = Math.fround;

export class Words {
  /**
   * Read the file.
   *
   * @param papers - How many there are.
   * @param settings - {terms, logarithms, twins}: how many different terms; the logarithms of
   *   1, 2, 3 and so on; and pairs of terms that the Python engine takes for one: [a, b, c, d],
   *   where the pairs a b and c d have the same number there.
   */
  constructor(buffer, papers, { terms, logarithms, twins }) {
    this.papers = papers;
    this.logarithms = logarithms;
    this.twins = new Map();
    for (const [a, b, c, d] of twins) {
      for (const [one, other] of [[[a, b], [c, d]], [[c, d], [a, b]]]) {
        const key = one.join(" ");
        this.twins.set(key, [...(this.twins.get(key) ?? []), other]);
      }
    }
    this.numbers = new Uint32Array(buffer, 0, terms);
    this.norms = new Float32Array(buffer, 4 * terms, papers);
    this.places = new Map();
    this.numbers.forEach((number, at) => this.places.set(number, at));
    this.#readSequences(new Uint8Array(buffer, 4 * (terms + papers)));
    this.#countTerms();
    this.#weigh();
  }

  /** Return the place of a term in the tables, or -1 if no paper has it. */
  find(term) {
    return this.places.get(numberOf(term)) ?? -1;
  }

  /** Return how many papers have a term. */
  frequency(term) {
    const at = this.find(term);
    return at < 0 ? 0 : this.having[at];
  }

  rarityOf(term) {
    return rarity(this.papers, this.frequency(term));
  }

  #readSequences(bytes) {
    const starts = new Uint32Array(this.papers + 1);
    const heads = new Uint32Array(this.papers);
    const sequence = new Uint32Array(bytes.length);
    let at = 0;
    let length = 0;
    const next = () => {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++];
        value += (byte & 127) * 2 ** shift;
        if (byte < 128) return value;
      }
    };
    for (let paper = 0; paper < this.papers; paper += 1) {
      heads[paper] = next();
      const count = heads[paper] + next();
      for (let each = 0; each < count; each += 1) sequence[length++] = next();
      starts[paper + 1] = length;
    }
    this.starts = starts;
    this.heads = heads;
    this.sequence = sequence.subarray(0, length);
  }

  /** Lay out the terms of each paper with their frequencies; name and title count twice. */
  #countTerms() {
    const counts = new Uint32Array(this.numbers.length);
    const rowStarts = new Uint32Array(this.papers + 1);
    const rowTerms = new Uint32Array(this.sequence.length);
    const rowCounts = new Float32Array(this.sequence.length);
    this.having = new Uint32Array(this.numbers.length);
    let length = 0;
    for (let paper = 0; paper < this.papers; paper += 1) {
      const [begin, end] = [this.starts[paper], this.starts[paper + 1]];
      const body = begin + this.heads[paper];
      for (let at = begin; at < end; at += 1) {
        const term = this.sequence[at];
        if (!counts[term]) rowTerms[length++] = term;
        counts[term] += at < body ? 2 : 1;
      }
      for (let at = rowStarts[paper]; at < length; at += 1) {
        rowCounts[at] = counts[rowTerms[at]];
        this.having[rowTerms[at]] += 1;
        counts[rowTerms[at]] = 0;
      }
      rowStarts[paper + 1] = length;
    }
    this.rowStarts = rowStarts;
    this.rowTerms = rowTerms.subarray(0, length);
    this.rowCounts = rowCounts.subarray(0, length);
  }

  /** Weigh the terms of each paper, and list the papers of each term. */
  #weigh() {
    const { rowTerms, rowStarts, rowCounts, papers } = this;
    this.exact = Float64Array.from(this.having, (having) => rarity(papers, having));
    const singles = Float32Array.from(this.exact);
    this.rarities = Float32Array.from(singles, half);
    this.rowSaturations = new Float32Array(rowTerms.length);
    this.rowCosines = new Float32Array(rowTerms.length);
    for (let paper = 0; paper < papers; paper += 1) {
      const [begin, end] = [rowStarts[paper], rowStarts[paper + 1]];
      let squares = 0;
      for (let at = begin; at < end; at += 1) {
        const count = rowCounts[at];
        this.rowSaturations[at] = half(round(count / round(count + this.norms[paper])));
        const weight = round(round(1 + this.logarithms[count - 1]) * singles[rowTerms[at]]);
        this.rowCosines[at] = weight;
        squares += round(weight * weight);
      }
      const norm = Math.max(Math.sqrt(squares), 1e-9);
      for (let at = begin; at < end; at += 1) this.rowCosines[at] = half(this.rowCosines[at] / norm);
    }
    const termStarts = new Uint32Array(this.numbers.length + 1);
    for (let term = 0; term < this.numbers.length; term += 1) {
      termStarts[term + 1] = termStarts[term] + this.having[term];
    }
    const filled = termStarts.slice();
    this.owners = new Uint32Array(rowTerms.length);
    this.saturations = new Float32Array(rowTerms.length);
    this.cosines = new Float32Array(rowTerms.length);
    for (let paper = 0; paper < papers; paper += 1) {
      for (let at = rowStarts[paper]; at < rowStarts[paper + 1]; at += 1) {
        const place = filled[rowTerms[at]]++;
        this.owners[place] = paper;
        this.saturations[place] = this.rowSaturations[at];
        this.cosines[place] = this.rowCosines[at];
      }
    }
    this.termStarts = termStarts;
  }

  /** Add what `weight` returns for each paper that has a term to its place in `sums`. */
  addTo(sums, term, weight) {
    for (let at = this.termStarts[term]; at < this.termStarts[term + 1]; at += 1) {
      sums[this.owners[at]] += weight(at);
    }
  }

  /** Return the papers that have two terms side by side, with how often: [paper, count] each. */
  neighbours(first, second) {
    const twins = this.twins.get(`${first} ${second}`);
    if (!twins) return this.#neighbours(first, second);
    const counts = new Map();
    for (const [one, other] of [[first, second], ...twins]) {
      for (const [paper, count] of this.#neighbours(one, other)) {
        counts.set(paper, (counts.get(paper) ?? 0) + count);
      }
    }
    return [...counts];
  }

  /** Return for each paper whether it has all of some terms. */
  withTerms(terms) {
    const places = terms.map((term) => this.find(term));
    if (!places.length || places.some((at) => at < 0)) return new Uint8Array(this.papers);
    const having = new Uint8Array(this.papers).fill(1);
    for (const at of places) {
      const rows = new Set(this.owners.subarray(this.termStarts[at], this.termStarts[at + 1]));
      having.forEach((one, row) => (having[row] = Number(one && rows.has(row))));
    }
    return having;
  }

  #neighbours(first, second) {
    const [rarer, other] =
      this.having[first] <= this.having[second] ? [first, second] : [second, first];
    const has = new Set();
    for (let at = this.termStarts[other]; at < this.termStarts[other + 1]; at += 1) {
      has.add(this.owners[at]);
    }
    const found = [];
    for (let at = this.termStarts[rarer]; at < this.termStarts[rarer + 1]; at += 1) {
      const paper = this.owners[at];
      if (!has.has(paper)) continue;
      const count = this.#countPair(paper, first, second);
      if (count) found.push([paper, count]);
    }
    return found;
  }

  #countPair(paper, first, second) {
    const end = this.starts[paper + 1];
    const body = this.starts[paper] + this.heads[paper];
    let count = 0;
    for (let at = this.starts[paper]; at + 1 < end; at += 1) {
      // The last word of a title has no neighbour in the abstract.
      if (this.sequence[at] === first && this.sequence[at + 1] === second && at + 1 !== body) {
        count += 1;
      }
    }
    return count;
  }

  /** Add the weight of a pair of neighbours to the papers that have it. */
  addPair(sums, first, second) {
    const found = this.neighbours(first, second);
    const rare = round(rarity(this.papers, found.length));
    for (const [paper, count] of found) {
      sums[paper] += half(round(round(count / round(count + this.norms[paper])) * rare));
    }
  }
}
