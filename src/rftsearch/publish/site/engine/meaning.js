// Meaning: the vectors of the papers, from `vectors.bin`, and what they say of a question.

import { halvesToSingles, product } from "./numbers.js";

export class Meaning {
  /** Read the file; `described` has a flag for each paper: is more than its title known? */
  constructor(buffer, papers, settings, described) {
    const dimension = settings.dimension + 1;
    Object.assign(this, { papers, dimension, settings, described, likely: null });
    this.textMean = new Float32Array(buffer, 0, dimension);
    this.titleMean = new Float32Array(buffer, 4 * dimension, dimension);
    this.texts = new Float32Array(buffer, 8 * dimension, papers * dimension);
    const from = 8 * dimension + 4 * papers * dimension;
    const halves = new Uint16Array(buffer, from, papers * dimension);
    this.titles = halvesToSingles(halves);
    this.#mix();
    this.common = product(this.textMean, this.textMean, dimension);
    this.titleCommon = product(this.titleMean, this.titleMean, dimension);
  }

  /**
   * Mix text and title of each paper, as a question is compared with them. Where nothing but a
   * title is known, the text is the one that titles let expect.
   */
  #mix() {
    const { dimension, settings, described } = this;
    const weight = settings.title;
    this.mixed = new Float32Array(this.texts.length);
    const text = new Float32Array(dimension);
    for (let paper = 0; paper < this.papers; paper += 1) {
      const from = paper * dimension;
      if (described[paper]) text.set(this.texts.subarray(from, from + dimension));
      else this.#expect(text, from);
      for (let at = 0; at < dimension; at += 1) {
        this.mixed[from + at] = (text[at] + weight * this.titles[from + at]) / (1 + weight);
      }
    }
  }

  #expect(text, from) {
    const { ofTitle, ofMean } = this.settings;
    let squares = 0;
    for (let at = 0; at < this.dimension; at += 1) {
      text[at] = ofTitle * this.titles[from + at] + ofMean * this.textMean[at];
      squares += text[at] * text[at];
    }
    const norm = Math.max(Math.sqrt(squares), 1e-9);
    for (let at = 0; at < this.dimension; at += 1) text[at] /= norm;
  }

  /** Return how close each paper is to the vector of a question. */
  toQuestion(vector) {
    const found = new Float32Array(this.papers);
    for (let paper = 0; paper < this.papers; paper += 1) {
      found[paper] = product(this.mixed, vector, this.dimension, paper * this.dimension);
    }
    return found;
  }

  /** Return how close each paper is to one of them: text to text, and title to title. */
  toPaper(row, titleWeight) {
    const { dimension } = this;
    const own = (vectors) => vectors.subarray(row * dimension, (row + 1) * dimension);
    const texts = this.#centred(this.texts, own(this.texts), this.textMean, this.common);
    const titles = this.#centred(this.titles, own(this.titles), this.titleMean, this.titleCommon);
    return texts.map((value, paper) => value + Math.fround(titleWeight * titles[paper]));
  }

  /**
   * Return how close the text of each paper is to the vector of a text; where nothing but a title
   * is known, the text that titles let expect.
   */
  toText(vector) {
    this.likely ??= this.#likelyTexts();
    return this.#centred(this.likely, vector, this.textMean, this.common);
  }

  #likelyTexts() {
    if (this.described.every(Boolean)) return this.texts;
    const found = this.texts.slice();
    this.described.forEach((one, paper) => {
      const from = paper * this.dimension;
      if (!one) this.#expect(found.subarray(from, from + this.dimension), from);
    });
    return found;
  }

  /** Return cosines after a part of what all vectors have in common was taken away. */
  #centred(vectors, vector, mean, common) {
    const { dimension, papers } = this;
    const away = Float32Array.from(mean, (value) => common * value);
    const own = new Float32Array(dimension);
    for (let at = 0; at < dimension; at += 1) own[at] = vector[at] - away[at];
    const ownNorm = Math.sqrt(product(own, own, dimension));
    const found = new Float32Array(papers);
    for (let paper = 0; paper < papers; paper += 1) {
      let total = 0;
      let squares = 0;
      for (let at = 0; at < dimension; at += 1) {
        const value = Math.fround(vectors[paper * dimension + at] - away[at]);
        total += value * own[at];
        squares += value * value;
      }
      found[paper] = total / Math.max(Math.sqrt(squares) * ownNorm, 1e-9);
    }
    return found;
  }
}
