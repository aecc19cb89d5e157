// The engine: questions in, papers out. `open` loads what words need; `loadMeaning` the rest.

import { Acronyms, speltOut, termsAndConcepts } from "./acronyms.js";
import { Encoder } from "./encode.js";
import { explain } from "./explain.js";
import { countChoices, passing } from "./filters.js";
import { Meaning } from "./meaning.js";
import { Names, onlyId } from "./names.js";
import { rank } from "./numbers.js";
import { scoreQuestion, scoreSimilar, totals } from "./rank.js";
import { recommend } from "./recommend.js";
import { subjectOf } from "./subject.js";
import { Suggestions } from "./suggest.js";
import { proseTerms } from "./terms.js";
import { scoreText } from "./text.js";
import { Words } from "./words.js";
import { Facts } from "../understanding/facts.js";
import { nearestInTime } from "../understanding/nearest.js";
import { compiled } from "../understanding/patterns.js";
import { understand } from "../understanding/understand.js";

async function read(url, kind) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} cannot be loaded (${answer.status})`);
  return kind === "json" ? answer.json() : answer.arrayBuffer();
}

/** Return today as {year, month, day}. */
function now() {
  const day = new Date();
  return { year: day.getFullYear(), month: day.getMonth() + 1, day: day.getDate() };
}

export class Engine {
  /** Open a published folder: its papers and their words. */
  static async open(base) {
    const [settings, papers, words] = await Promise.all([
      read(`${base}index.json`, "json"),
      read(`${base}papers.json`, "json"),
      read(`${base}words.bin`),
    ]);
    return new Engine(base, settings, papers, words);
  }

  constructor(base, settings, records, words) {
    this.base = base;
    this.settings = settings;
    this.papers = records.length;
    this.records = records;
    this.categories = settings.categories;
    this.weights = settings.weights;
    this.scale = settings.scale;
    this.described = Uint8Array.from(records, (record) => Number(record.described ?? false));
    this.words = new Words(words, this.papers, settings);
    this.names = new Names(records, this.words);
    this.acronyms = new Acronyms(settings.acronyms);
    this.common = settings.common;
    this.meaning = null;
    this.encoder = null;
    this.texts = null;
    this.spellings = null;
    this.knownWords = null;
    this.tables = compiled(settings.reading);
    this.facts = new Facts(records, this.tables);
    this.suggestions = new Suggestions(records, this.facts);
  }

  /** Load the vectors of the papers, the table of the model, and how words are spelt. */
  async loadMeaning() {
    const { model } = this.settings;
    if (!model || this.meaning) return;
    const [vectors, table, pieces, spellings] = await Promise.all([
      read(`${this.base}vectors.bin`),
      read(`${this.base}table.bin`),
      read(`${this.base}pieces.json`, "json"),
      read(`${this.base}spellings.json`, "json"),
    ]);
    this.spellings = spellings;
    this.encoder = new Encoder(table, pieces, model);
    const isWord = (piece) => !piece.startsWith("##") && piece.length > 2 && /^\p{L}+$/u.test(piece);
    this.knownWords = new Set(pieces.filter(isWord).map((piece) => piece.toLowerCase()));
    this.meaning = new Meaning(vectors, this.papers, model, this.described);
  }

  /** Load abstracts and remarks. */
  async loadTexts() {
    this.texts ??= await read(`${this.base}texts.json`, "json");
  }

  /**
   * Return what a question says besides its topic; nothing if it is the name of a paper.
   *
   * @param query - What was typed.
   * @param options - {ignore, filters, today}: parts that are plain words, the filters that are
   *   set, and the day {year, month, day} from which "last month" is counted.
   * @returns {text, parts, filters, sort}: what is searched for, the parts, all filters together,
   *   and the order that was asked for, if one was.
   */
  understand(query, { ignore = [], filters = {}, today = now() } = {}) {
    const asked = query.trim().split(/\s+/u).join(" ");
    if (this.names.find(asked).whole) return { text: asked, parts: [], filters };
    const found = understand(asked, this, { tables: this.tables, today, ignore, filters });
    return nearestInTime(this, found, filters);
  }

  /** Return whether any paper passes some filters. */
  hasAny(filters) {
    return (passing(this, filters) ?? this.records).some(Boolean);
  }

  /** Return whether a title or abstract has an expression. */
  anyText(expression) {
    return this.records.some(({ title }, row) => expression.test(`${title} ${this.texts?.[row]?.[0]?.[0] ?? ""}`));
  }

  /** Return for each paper whether it has a phrase; case, accents and hyphens do not matter. */
  rowsWith(phrase) {
    const plain = (text) => text.toLowerCase().split(/\s+/u).join(" ");
    const words = plain(phrase).split(" ").map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const edge = "[\\p{L}\\p{N}_]";
    const wanted = new RegExp(`(?<!${edge})${words.join("[\\s-]+")}(?!${edge})`, "u");
    const having = this.words.withTerms(proseTerms(phrase.replaceAll("-", " ")));
    return this.records.map((record, row) => {
      if (!having[row]) return false;
      const own = this.texts?.[row] ?? [0, 0];
      const texts = [record.name, record.title, own[0]?.[0], own[1]?.[0]];
      return texts.some((text) => text && wanted.test(plain(text)));
    });
  }

  /**
   * Answer a question.
   *
   * @param query - One line of text.
   * @param options - {k, filters, sort, literal, among, acronyms, preferred}; `sort` is relevance, newest or oldest; if
   *   `literal`, acronyms are not taken for their long forms; `among` says of each paper whether
   *   it may be found; `acronyms` names those that are taken for their long forms, null for all; `preferred` are
   *   filters whose papers are lifted; `excluded` is what papers should do without.
   * @returns {order, scores, parts, good, counts, terms, named, absent}: rows in order, and by
   *   row the scores, their parts, and which papers are good matches.
   */
  search(query, { k = 10, filters = {}, sort = "relevance", literal = false, among = null, acronyms = null, preferred = [], excluded = [] } = {}) {
    const asked = query.trim().split(/\s+/u).join(" ");
    const passes = passing(this, filters);
    const allowed = among ? Uint8Array.from(among, (one, row) => Number(one && (!passes || passes[row]))) : passes;
    const known = this.names.find(asked);
    const absent = known.rows.length ? null : onlyId(asked);
    if (absent) return this.#nothing(absent, filters);
    if (known.whole && known.rows.length === 1) {
      const scored = scoreSimilar(this, known.rows[0]);
      const parts = { name: this.#bonus(known), ...scored.parts };
      const good = Uint8Array.from(parts.name, (value) => Number(value > 0));
      return this.#answer(asked, { parts, good, allowed, k, sort, filters, named: known.rows });
    }
    const topic = subjectOf(asked);
    const mentions = (literal || known.whole ? [] : this.acronyms.mentions(topic))
      .filter((one) => !acronyms || acronyms.includes(one.concept.acronym));
    const vector = this.encoder ? this.encoder.encode(speltOut(topic, mentions)) : null;
    const scored = scoreQuestion(this, termsAndConcepts(topic, mentions), vector, allowed, excluded);
    let named = known;
    if (!known.whole && !known.byId) {
      const titled = this.names.titled(asked, scored.nearest);
      if (titled.length) named = { rows: titled, near: [] };
    }
    const parts = named.rows.length
      ? { name: this.#bonus(named), ...scored.parts }
      : scored.parts;
    if (preferred.length) parts.preferred = this.#lifted(preferred);
    const good = this.#good(parts, scored);
    // By date those are ordered that are good beside the other papers that pass.
    const dated = allowed ? this.#good(parts, scored, allowed) : good;
    return this.#answer(topic, { parts, good, dated, allowed, k, sort, filters, named: named.rows, scored });
  }

  #nothing(absent, filters) {
    const none = new Float32Array(this.papers);
    const good = new Uint8Array(this.papers);
    const counts = countChoices(this, filters, good);
    return { order: [], scores: none, parts: {}, good, counts, terms: [], named: [], absent, more: 0 };
  }

  #lifted(preferred) {
    const lifted = new Float32Array(this.papers);
    for (const filters of preferred) {
      passing(this, filters).forEach((one, row) => (lifted[row] += one * Math.fround(this.weights.preferred)));
    }
    return lifted;
  }

  #bonus({ rows, near }) {
    const bonus = new Float32Array(this.papers);
    for (const row of rows) bonus[row] += this.weights.name;
    for (const row of near) bonus[row] += this.weights.nearName;
    return bonus;
  }

  /** Return which papers are good matches, among all or among some: see `docs/scores.md`. */
  #good(parts, { evidence, complete }, among = null) {
    const named = (row) => Boolean(parts.name?.[row] > 0);
    const rows = [...this.records.keys()].filter((row) => !among || among[row]);
    const marked = (isGood) => {
      const good = new Uint8Array(this.papers);
      for (const row of rows) good[row] = Number(isGood(row));
      return good;
    };
    if (!evidence) {
      // Words alone: half as good as the best.
      const sums = totals({ ...parts, name: new Float32Array(this.papers) }, this.papers);
      const best = Math.max(0, ...rows.filter((row) => !named(row)).map((row) => sums[row]));
      return marked((row) => named(row) || complete[row] || (best > 0 && sums[row] >= best / 2));
    }
    const { share, leastBest, least } = this.weights;
    let best = 0;
    for (const row of rows) if (!named(row)) best = Math.max(best, evidence[row]);
    const border = best >= leastBest ? Math.max(share * best, least) : Infinity;
    const good = marked((row) => evidence[row] >= border || complete[row] || named(row));
    const found = rows.filter((row) => good[row]);
    const alone = found.length === 1 && !this.described[found[0]] && !named(found[0]);
    if (alone && rows.some((row) => this.described[row])) good.fill(0);
    return good;
  }

  #answer(topic, { parts, good, dated = good, allowed, k, sort, filters, named, seeds = [], order, scored }) {
    const scores = totals(parts, this.papers);
    const open = (row) => (!allowed || allowed[row]) && !seeds.includes(row);
    for (const row of seeds) good[row] = 0;
    let rows = order;
    if (sort !== "relevance") {
      let wanted = (rows ?? [...this.records.keys()]).filter((row) => open(row) && (rows || dated[row]));
      if (!wanted.length) {
        const surety = scored?.evidence ?? scores;
        const best = Math.max(0, ...[...this.records.keys()].filter(open).map((row) => surety[row]));
        wanted = [...this.records.keys()].filter((row) => open(row) && surety[row] >= best / 2);
      }
      rows = this.#byDate(wanted, sort);
    } else rows ??= rank(scores, this.papers, allowed).filter((row) => !seeds.includes(row));
    const counts = countChoices(this, filters, good);
    return {
      order: rows.slice(0, k), more: Math.max(rows.length - k, 0), scores, parts, good, counts, named,
      terms: this.#telling(topic), unknown: scored ? this.#unknown(topic) : [],
    };
  }

  /** Return the terms by which sentences are chosen: an acronym may stand there as a plural. */
  #telling(topic) {
    const named = this.acronyms.mentions(subjectOf(topic)).map((one) => one.concept.acronym.toLowerCase());
    return [...proseTerms(subjectOf(topic)), ...named.flatMap((one) => [one, `${one}s`])];
  }

  /** Return the words of a question that no paper has in any form. */
  #unknown(topic) {
    const found = new Map();
    for (const [word] of topic.matchAll(/(?:(?!\p{Nd})[\p{L}\p{N}])[\p{L}\p{N}_'\u2019-]{2,}/gu)) {
      const terms = proseTerms(word);
      if (!terms.length || terms.some((term) => this.words.frequency(term))) continue;
      found.set(word.toLowerCase(), word.replace(/['\u2019-]+$/, ""));
    }
    return [...found.values()].slice(0, 4);
  }

  /** Sort rows by date; undated papers come last either way. */
  #byDate(rows, sort) {
    const newest = [...rows].sort((one, other) => one - other);
    if (sort !== "oldest") return newest;
    const dated = newest.filter((row) => this.records[row].month);
    return [...dated.reverse(), ...newest.filter((row) => !this.records[row].month)];
  }

  /** Return all papers that pass, by date. */
  list({ k = 10, filters = {}, sort = "newest" } = {}) {
    const allowed = passing(this, filters);
    const rows = [...this.records.keys()].filter((row) => !allowed || allowed[row]);
    const order = this.#byDate(rows, sort);
    const counts = countChoices(this, filters, null);
    return { order: order.slice(0, k), more: Math.max(order.length - k, 0), counts, terms: [], named: [] };
  }

  /** Find papers similar to a paper, which is not among them. */
  similar(row, { k = 10, filters = {}, sort = "relevance" } = {}) {
    return this.#like("", scoreSimilar(this, row), { allowed: passing(this, filters), k, sort, filters, seeds: [row] });
  }

  /** Find papers similar to a text, such as one's own abstract. */
  similarToText(text, { k = 10, filters = {}, sort = "relevance" } = {}) {
    const allowed = passing(this, filters);
    return this.#like(text, scoreText(this, text, allowed), { allowed, k, sort, filters, seeds: [] });
  }

  /** Answer with the papers that are like something: good ones have half the score of the best. */
  #like(topic, { parts }, options) {
    const { allowed, seeds } = options;
    const scores = totals(parts, this.papers);
    const goodAmong = (some) => {
      const best = Math.max(0, ...scores.filter((_, at) => !seeds.includes(at) && (!some || some[at])));
      return Uint8Array.from(scores, (score) => Number(score >= best / 2));
    };
    const [good, dated] = [goodAmong(null), goodAmong(allowed)];
    return this.#answer(topic, { parts, good, dated, named: [], ...options });
  }

  /** Recommend papers for a basket. */
  recommend(liked, disliked, { k = 10, filters = {}, sort = "relevance" } = {}) {
    const allowed = passing(this, filters);
    const { order, parts, because } = recommend(this, liked, disliked, allowed, k);
    const good = new Uint8Array(this.papers);
    for (const row of order) good[row] = 1;
    const seeds = [...liked, ...disliked];
    const answer = this.#answer("", { parts, good, allowed, k, sort, filters, named: [], seeds, order });
    return { ...answer, because };
  }

  /** Choose the sentence of each paper that answers best; null where there is no text yet. */
  explain(rows, terms) {
    const papers = rows.map((row) => this.#textsOf(row));
    return explain(papers, [...new Set(terms)], (term) => this.words.rarityOf(term));
  }

  #textsOf(row) {
    const { title, sentences } = this.records[row];
    const own = this.texts?.[row] ?? [0, 0];
    const found = [];
    ["abstract", "description"].forEach((field, at) => {
      if (own[at]) found.push([field, own[at][0], own[at].slice(1)]);
    });
    return [...found, ["title", title, sentences ?? [0, title.length]]];
  }
}
