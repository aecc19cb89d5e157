// Questions as vectors: the sum of the vectors of their words, from the table of the model.
// `pieces.json` names the rows of `table.bin`; words that have no row of their own are read
// piece by piece, as the tokenizer of BERT reads them.

const WORD = /[^\s!-/:-@[-`{-~]+/gu;
const PUNCTUATION = /[!-/:-@[-`{-~]|\p{P}/u;
const IDEOGRAPH =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b820}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

export class Encoder {
  /** Take the table; `settings` are those of `index.json`. */
  constructor(buffer, pieces, settings) {
    this.settings = settings;
    this.dimension = settings.dimension;
    this.scales = new Float32Array(buffer, 0, pieces.length);
    this.rows = new Int8Array(buffer, 4 * pieces.length, pieces.length * this.dimension);
    this.places = new Map(pieces.map((piece, at) => [piece, at]));
  }

  /** Return the vector of a text, of unit length; its last number is the same for every text. */
  encode(text) {
    const vector = new Float32Array(this.dimension + 1);
    for (const row of this.rowsOf(text)) {
      const scale = this.scales[row];
      const from = row * this.dimension;
      for (let at = 0; at < this.dimension; at += 1) vector[at] += this.rows[from + at] * scale;
    }
    let squares = 0;
    for (let at = 0; at < this.dimension; at += 1) squares += vector[at] * vector[at];
    const norm = Math.sqrt(squares);
    const own = Math.sqrt(1 - this.settings.shared) / Math.max(norm, 1e-12);
    for (let at = 0; at < this.dimension; at += 1) vector[at] *= own;
    vector[this.dimension] = norm > 0 ? Math.sqrt(this.settings.shared) : 1;
    return vector;
  }

  /** Return the rows of the words of a text, in order; unknown words have none. */
  rowsOf(text) {
    const found = [];
    for (const [word] of text.toLowerCase().matchAll(WORD)) {
      for (const part of this.#parts(word)) this.#addPieces(part, found);
    }
    return found;
  }

  /** Clean a word and split it where the tokenizer of BERT splits. */
  #parts(word) {
    const { settings } = this;
    let text = word;
    if (settings.clean) text = text.replace(/[\0\ufffd]|(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]/gu, "");
    if (settings.ideographs) text = text.replace(IDEOGRAPH, " $& ");
    if (settings.accents) text = text.normalize("NFD").replace(/\p{Mn}/gu, "");
    if (settings.lowercase) text = text.toLowerCase();
    const parts = [];
    for (const piece of text.split(/\s+/u).filter(Boolean)) {
      let part = "";
      for (const sign of piece) {
        if (PUNCTUATION.test(sign)) {
          if (part) parts.push(part);
          parts.push(sign);
          part = "";
        } else part += sign;
      }
      if (part) parts.push(part);
    }
    return parts;
  }

  #addPieces(part, found) {
    const signs = [...part];
    if (signs.length > this.settings.longest) return;
    const rows = [];
    let begin = 0;
    while (begin < signs.length) {
      let end = signs.length;
      let row;
      while (end > begin) {
        const piece = (begin ? "##" : "") + signs.slice(begin, end).join("");
        row = this.places.get(piece);
        if (row !== undefined) break;
        end -= 1;
      }
      if (row === undefined) return;
      rows.push(row);
      begin = end;
    }
    if (part !== this.settings.unknown) found.push(...rows);
  }
}
