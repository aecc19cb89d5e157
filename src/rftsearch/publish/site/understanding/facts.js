// The facts by which papers are found besides their words: authors, places of publication, and
// what they present. The rules are those of `rftsearch/papers/asked/` and `index/tables/facts.py`.

import { slips } from "../engine/likeness.js";

const LONGEST_NEAR = 64;
const WRITTEN = { neurips: "NeurIPS", corl: "CoRL", interspeech: "Interspeech" };

export class Facts {
  /** Take the records of the papers, newest first, and the tables of `index.json`, compiled. */
  constructor(records, tables) {
    this.records = records;
    this.tables = tables;
    this.rowsBy = new Map();
    this.keysOf = records.map((record) =>
      (record.authors ?? []).map((name, at) => record.people?.[at] ?? this.#plainKeys(name)));
    records.forEach((record, row) => {
      for (const keys of this.keysOf[row]) for (const key of keys) this.#add(`author:${key}`, row);
      for (const place of record.places ?? []) this.#add(`venue:${place}`, row);
      for (const kind of record.presents ?? []) this.#add(`presents:${kind}`, row);
    });
    this.remembered = new Map();
  }

  #add(key, row) {
    const rows = this.rowsBy.get(key);
    if (!rows) this.rowsBy.set(key, [row]);
    else if (rows.at(-1) !== row) rows.push(row);
  }

  /** Return the papers that have a fact. */
  having(key) {
    return this.rowsBy.get(key) ?? [];
  }

  /** Return the rows that a filter leaves: of an author, a place, or what is presented. */
  rowsOf(kind, value) {
    const key = `${kind}:${value}`;
    if (!this.remembered.has(key)) {
      const keys = kind === "author" ? this.authorKeys(value) : kind === "venue" ? this.venueKeys(value) : [key];
      const rows = keys.flatMap((one) => this.having(one));
      const found = kind === "author" && !keys.length ? this.nearAuthors(value) : rows;
      this.remembered.set(key, new Set(found));
    }
    return this.remembered.get(key);
  }

  // --- authors ---

  /** Return the words of a name in small letters, without accents, hyphens or full stops. */
  nameWords(text) {
    const { letters, gap, inside } = this.tables.authors;
    const plain = [...text.toLowerCase().normalize("NFKD")].map((one) => letters[one] ?? one).join("");
    return plain.replace(/\p{M}/gu, "").split(gap).map((word) => word.replace(inside, "")).filter(Boolean);
  }

  nameKey(text) {
    return this.nameWords(text).join("");
  }

  /** Return the keys of an author whose last word is the family name. */
  #plainKeys(name) {
    const words = name.split(/\s+/u).filter(Boolean);
    const family = this.nameKey(words.at(-1));
    const given = this.nameWords(words.slice(0, -1).join(" "));
    const found = new Set();
    for (const first of [given, unabbreviated(given)].map((one) => one.join(""))) {
      found.add(`=${first}${family}`).add(`=${family}${first}`);
    }
    if (family) {
      found.add(`~${family}`);
      if (given.length) found.add(`~${family} ${[...given[0]][0]}`);
    }
    return [...found];
  }

  /** Return the keys that a name means: those of the surest kind that some paper has. */
  authorKeys(name) {
    const words = this.nameWords(name);
    if (!words.length) return [];
    const [first, last] = [words[0], words.at(-1)];
    const exact = unique([words, unabbreviated(words)].map((one) => `=${one.join("")}`));
    const family = [`~${words.join("")}`];
    const initials = [`~${last} ${first[0]}`, `~${first} ${last[0]}`];
    const listed = [`=${first[0]}${last}`, `=${last}${first[0]}`];
    const kinds = words.length === 1
      ? [family, exact]
      : [first, last].some((word) => word.length === 1)
        ? [exact.slice(0, 1), initials, family]
        : [exact, family, listed];
    for (const keys of kinds) {
      const found = keys.map((key) => `author:${key}`).filter((key) => this.having(key).length);
      if (found.length) return found;
    }
    return [];
  }

  /** Return papers by somebody of nearly that whole name; none if it is short. */
  nearAuthors(name) {
    const words = this.nameWords(name);
    const key = `author:=${words.join("")}`;
    const letters = words.join("").length;
    if (words.length < 2 || letters < this.tables.authors.leastNear || letters > LONGEST_NEAR) return [];
    const found = new Set();
    for (const [other, rows] of this.rowsBy) {
      if (other.startsWith("author:=") && slips(key, other, 1) <= 1) rows.forEach((row) => found.add(row));
    }
    return [...found].sort((one, other) => one - other);
  }

  /** Return whether some keys of an author are nearly those of a name. */
  isNear(keys, name) {
    const wanted = `=${this.nameKey(name)}`;
    return keys.some((key) => slips(key, wanted, 1) <= 1);
  }

  // --- places of publication ---

  /** Return the keys that a place means, if some paper has them. */
  venueKeys(text) {
    const wanted = [...this.#placesIn(text), ...this.#placesIn(text.toUpperCase())];
    return unique(wanted.map((one) => `venue:${one}`)).filter((key) => this.having(key).length);
  }

  /** Return the places by name, without years, with how many papers each has: most papers first. */
  places() {
    const short = (name) => this.tables.venues.wellKnown.includes(name) || name.length < 6;
    this.counted ??= [...this.rowsBy]
      .filter(([key]) => key.startsWith("venue:") && !/ \d{4}$/.test(key))
      .map(([key, rows]) => [key.slice("venue:".length), rows.length])
      .filter(([name]) => short(name))
      .map(([name, number]) => [WRITTEN[name] ?? name.toUpperCase(), number])
      .sort(([one, few], [other, more]) => more - few || (one < other ? -1 : 1));
    return this.counted;
  }

  #placesIn(text) {
    const { year, abbreviation, between, notAName, same, noPlace } = this.tables.venues;
    const when = text.match(year)?.[0] ?? "";
    const inYear = when && when.length !== 4 ? `20${when.slice(1)}` : when;
    const named = (text.match(abbreviation) ?? []).map((one) => one.toLowerCase())
      .filter((one) => !noPlace.includes(one)).map((one) => same[one] ?? one);
    const whole = text.replace(year, " ").replace(notAName, " ").replace(between, "").toLowerCase();
    if (same[whole]) named.push(same[whole]);
    if (!named.length && whole && !noPlace.includes(whole)) named.push(whole);
    return unique(named).map((one) => `${one} ${inYear}`.trim());
  }
}

/** Return words without initials, unless nothing else would be left. */
function unabbreviated(words) {
  const long = words.filter((word) => word.length > 1);
  return long.length ? long : words;
}

const unique = (some) => [...new Set(some)];
