// Suggestions while typing: papers whose name or title contains what was typed, names first, and
// authors whose name begins so. The rules are those of `rftsearch/search/query/suggest.py`.

import { foldName } from "./terms.js";

const LEAST_OF_AN_AUTHOR = 3;
const byText = (one, other) => (one < other ? -1 : Number(one > other));

export class Suggestions {
  /** Take the records of the papers, newest first, and their facts. */
  constructor(records, facts) {
    Object.assign(this, { records, facts, keys: null });
  }

  /** Return the rows of papers for a text, best first. */
  papers(text, most) {
    const key = foldName(text);
    if (!key) return [];
    this.keys ??= this.records.map(({ name, title }) => [foldName(name), foldName(title)]);
    const found = [];
    this.keys.forEach(([name, title], row) => {
      const [inName, inTitle] = [name.indexOf(key), title.indexOf(key)];
      if (inName >= 0 || inTitle >= 0) found.push({ row, name, inName, inTitle });
    });
    found.sort((one, other) =>
      Number(one.inName < 0) - Number(other.inName < 0) || one.inName - other.inName ||
      byText(one.name, other.name) || one.inTitle - other.inTitle || one.row - other.row);
    return found.slice(0, most).map(({ row }) => row);
  }

  /** Return authors whose name begins so, in either order: [name, papers] each, most papers first. */
  authors(text, most) {
    const typed = this.facts.nameKey(text);
    if ([...typed].length < LEAST_OF_AN_AUTHOR) return [];
    const found = new Map();
    this.records.forEach(({ authors = [] }, row) => {
      authors.forEach((name, at) => {
        const whole = this.facts.keysOf[row][at].filter((key) => key.startsWith(`=${typed}`));
        if (!whole.length || found.has(name)) return;
        found.set(name, Math.max(...whole.map((key) => this.facts.having(`author:${key}`).length)));
      });
    });
    const mostFirst = ([one, few], [other, more]) => more - few || byText(one, other);
    return [...found].sort(mostFirst).slice(0, most);
  }
}
