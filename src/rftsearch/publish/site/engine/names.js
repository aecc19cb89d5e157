// Papers that a question names by arXiv id, short name or title, or nearly names. The danger is
// a name that is also a word: inside a longer question a name counts only if it looks like one.

import { foldName, proseTerms } from "./terms.js";
import { alikeSorted, alike, slips } from "./likeness.js";

const MOST_WORDS = 4;
const LEAST_NEAR = 6;
const TITLE_WORDS = 4;
const SAME_TITLE = 85;
const AROUND = /^[ .,:;!?()[\]<>"']+|[ .,:;!?()[\]<>"']+$/g;
const NEW_ID = String.raw`(?<year>\d{2})(?<month>\d{2})\.(?<number>\d{4,5})`;
const OLD_ID = String.raw`(?<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(?<old>\d{7})`;
const PREFIX = [
  String.raw`(?:https?://)?(?:`,
  String.raw`(?:[a-z]+\.)*arxiv\.org/(?:abs|pdf|html|ps|format|e-print|src|tb|cits)/+(?:arxiv:)?`,
  String.raw`|(?:www\.)?alphaxiv\.org/(?:[a-z]{2}/)?(?:abs|pdf|html|overview)/`,
  String.raw`|ar5iv(?:\.labs\.arxiv)?\.org/(?:abs|html)/|(?:www\.)?huggingface\.co/papers/`,
  String.raw`|(?:www\.)?scirate\.com/arxiv/|(?:(?:www|api)\.)?semanticscholar\.org/arxiv:`,
  String.raw`|ui\.adsabs\.harvard\.edu/abs/arxiv:|(?:dx\.|www\.)?doi\.org/10\.48550/arxiv\.`,
  String.raw`)|doi:\s*10\.48550/arxiv\.|10\.48550/arxiv\.`,
  String.raw`|(?:arxiv\s+(?:e-?prints?|preprint)[\s,:]*)?(?:arxiv\s*:?\s*)?`,
].join("");
const SUFFIX = String.raw`(?:\s*\[[a-z-]+(?:\.[a-z-]+)?\]?)?(?:,?\s*\(?(?:19|20)\d\d\)?)?\.?`;
const ARXIV_ID = new RegExp(
  `^(?:${PREFIX})?(?:${NEW_ID}|${OLD_ID})(?:v\\d+)?(?:(?:\\.pdf)?/?(?:(?:[?#]|%20).*)?|${SUFFIX})$`,
  "i",
);

const isMonth = (digits) => digits >= "01" && digits <= "12";

/** Return the arXiv id of a text without its version, or null. */
export function arxivIdOf(text) {
  const found = ARXIV_ID.exec(text.trim().slice(0, 2000))?.groups;
  if (!found) return null;
  if (found.old) {
    const when = (found.old.slice(0, 2) > "90" ? "19" : "20") + found.old.slice(0, 4);
    const sound = isMonth(found.old.slice(2, 4)) && when >= "199107" && when <= "200703";
    return sound ? `${found.archive.toLowerCase()}/${found.old}` : null;
  }
  const { year, month, number } = found;
  const when = year + month;
  const sound = isMonth(month) && when >= "0704" && when < "9101";
  return sound && number.length === (year < "15" ? 4 : 5) ? `${when}.${number}` : null;
}

/** Return the arXiv id if a question is nothing but an id or its address, else null. */
export const onlyId = (query) => arxivIdOf(query.replace(AROUND, ""));

export class Names {
  /** Take the records of the papers, newest first. */
  constructor(records, words) {
    this.records = records;
    this.words = words;
    this.byKey = new Map();
    this.byArxiv = new Map();
    records.forEach((record, row) => {
      if (record.arxiv) this.byArxiv.set(record.arxiv, row);
      for (const key of record.keys ?? []) {
        if (!this.byKey.has(key)) this.byKey.set(key, []);
        this.byKey.get(key).push(row);
      }
    });
  }

  /** Return {rows, near, whole, byId}: the papers that a question names. */
  find(query) {
    const words = query.split(" ");
    const whole = onlyId(query);
    const ids = whole ? [whole] : words.map((word) => arxivIdOf(word.replace(AROUND, "")));
    const rows = ids.filter((id) => this.byArxiv.has(id)).map((id) => this.byArxiv.get(id));
    if (rows.length) return { rows: unique(rows), near: [], whole: whole !== null, byId: true };
    const key = foldName(query);
    const named = this.byKey.get(key);
    if (key && named) {
      const near = key.length >= LEAST_NEAR ? this.#nearly(key, 1) : [];
      return { rows: named, near: near.filter((row) => !named.includes(row)), whole: true };
    }
    const misspelt = this.#misspelt(query, key, words.length);
    if (misspelt.length) return { rows: misspelt, near: [], whole: true };
    return { rows: this.#mentioned(words), near: [], whole: false };
  }

  /** Return whether a name begins with a key. */
  begins(key) {
    for (const other of this.byKey.keys()) if (other.startsWith(key)) return true;
    return false;
  }

  #nearly(key, most) {
    const found = [];
    for (const [other, rows] of this.byKey) {
      if (slips(key, other, most) <= most) found.push(...rows);
    }
    return unique(found);
  }

  /** Find a name with one or two typing errors; digits must be right, as in R1 and R2. */
  #misspelt(query, key, count) {
    if (key.length < 5 || key.length > 40 || count > MOST_WORDS) return [];
    if (proseTerms(query).every((term) => this.words.frequency(term))) return [];
    const digits = key.replace(/\D/g, "");
    return this.#nearly(key, key.length < 8 ? 1 : 2).filter((row) =>
      this.records[row].keys.some(
        (name) => name.replace(/\D/g, "") === digits && alike(name, key) >= 80,
      ));
  }

  /** Find names inside a longer question, the longest at each place. */
  #mentioned(words) {
    const folded = words.map(foldName);
    const found = [];
    for (let start = 0; start < folded.length; start += 1) {
      for (let length = Math.min(MOST_WORDS, folded.length - start); length > 0; length -= 1) {
        const key = folded.slice(start, start + length).join("");
        if (key.length < 3 || !this.byKey.has(key)) continue;
        const named = this.byKey.get(key).filter((row) => looksLikeName(this.#name(row)));
        if (!named.length) continue;
        found.push(...named);
        start += length - 1;
        break;
      }
    }
    return unique(found);
  }

  #name(row) {
    return this.records[row].called ?? this.records[row].name;
  }

  /** Return those of the best papers whose title, or half of it, is the question. */
  titled(query, nearest) {
    if (query.split(" ").length < TITLE_WORDS) return [];
    const asked = query.toLowerCase();
    return nearest.filter((row) => {
      const record = this.records[row];
      const forms = (record.titles ?? [record.title]).flatMap(formsOf);
      return forms.some((form) => alikeSorted(asked, form) >= SAME_TITLE);
    });
  }
}

/** Return a title as people remember it: whole, and without the name before the colon. */
function formsOf(title) {
  const at = title.indexOf(": ");
  const name = title.slice(0, at);
  const rest = title.slice(at + 2);
  const short = at > 0 && rest.trim() && name.trim().split(/\s+/).length <= MOST_WORDS;
  return short ? [title.toLowerCase(), rest.trimStart().toLowerCase()] : [title.toLowerCase()];
}

function looksLikeName(name) {
  if (/\p{Nd}/u.test(name)) return true;
  if (/[-+]/.test(name) && name.trim().split(/\s+/).length === 1) return true;
  return name.split(/[\s-]+/).some((word) => {
    const upper = word === word.toUpperCase() && word !== word.toLowerCase();
    return /\p{Lu}/u.test([...word].slice(1).join("")) && !upper;
  });
}

const unique = (rows) => [...new Set(rows)];
