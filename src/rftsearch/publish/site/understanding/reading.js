// A question while one reader after the other looks at it: its words, and which of them are taken.
// The rules are those of `rftsearch/search/understanding/reading.py`.

export class Reading {
  /**
   * Take a question.
   *
   * @param query - One line of text.
   * @param index - What is searched: see `Engine`.
   * @param tables - Those of `index.json`, compiled.
   * @param today - The day from which "last month" is counted: {year, month, day}.
   */
  constructor(query, index, tables, today) {
    Object.assign(this, { query, index, tables, today });
    this.taken = [];
    this.words = [...query.matchAll(tables.word)].map((match) => ({
      text: match[0], start: match.index, end: match.index + match[0].length,
    }));
  }

  /** Return whether no earlier part has a sign from `start` to before `end`. */
  isFree(start, end) {
    return this.taken.every(([first, last]) => end <= first || last <= start);
  }

  /** Return the words that no earlier part has. */
  freeWords() {
    return this.words.filter(({ start, end }) => this.isFree(start, end));
  }

  /** Return the matches of an expression that no earlier part has a sign of. */
  matches(expression) {
    return [...this.query.matchAll(expression)].filter((match) => this.isFree(match.index, endOf(match)));
  }

  /** Return a part: what some words mean. `more` has what differs from the usual. */
  part(kind, means, start, end, label, more = {}) {
    const words = this.query.slice(start, end);
    const id = `${kind}:${words.toLowerCase()}`;
    return { id, kind, means, start, end, words, label, applied: true, instead: "", ...more };
  }
}

/** Return where a match ends. */
export const endOf = (match) => match.index + match[0].length;

/** Return where a named group of a match begins and ends. */
export const spanOf = (match, name) => match.indices.groups[name];

const wholes = new WeakMap();

/** Return whether an expression matches the whole of a text. */
export function fits(expression, text) {
  if (!wholes.has(expression)) {
    const flags = expression.flags.replace(/[dg]/g, "");
    wholes.set(expression, new RegExp(`^(?:${expression.source})$`, flags));
  }
  return wholes.get(expression).test(text);
}

const atOnce = new WeakMap();

/** Return the match of an expression that begins at a place of a text, or null. */
export function matchAt(expression, text, at) {
  if (!atOnce.has(expression)) {
    atOnce.set(expression, new RegExp(expression.source, expression.flags.replace("g", "y")));
  }
  const own = atOnce.get(expression);
  own.lastIndex = at;
  return own.exec(text);
}

/** Return a text as it stands in an expression. */
export const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Return whether an expression matches anywhere in a text. */
export const has = (expression, text) => text.search(expression) >= 0;
