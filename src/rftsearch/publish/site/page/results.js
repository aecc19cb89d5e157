// The answer to a view: its heading, its notes and its cards.

import { SUBJECT } from "./basket.js";
import { card } from "./cards.js";
import { button, fill, make, plural } from "./dom.js";
import { OWN } from "./own-texts.js";
import { EMPTY, filtersOf, STEP } from "./view.js";

/** Kinds of answers whose good matches are counted. */
const COUNTED = ["search", "similar", "text"];

/** Return what answers a view: {kind, answer, heading, seed}. */
export function answerOf(page, view) {
  const { engine, texts } = page;
  const options = { k: view.k, filters: filtersOf(view), sort: view.sort || "relevance" };
  const literal = view.ignore.includes("all");
  if (view.show === "saved") {
    const { counts } = engine.list(options);
    const answer = { order: page.basket.rows(true), aside: page.basket.rows(false), more: 0, counts };
    return { kind: "saved", answer, heading: texts.basket.heading };
  }
  if (view.show === "basket" && page.basket.rows(true).length) {
    const answer = engine.recommend(page.basket.rows(true), page.basket.rows(false), options);
    return { kind: "basket", answer, heading: texts.heading.basket };
  }
  const seed = view.seed ? engine.records.findIndex((one) => one.id === view.seed) : -1;
  if (seed >= 0) {
    const heading = fill(texts.heading.similar, { name: engine.records[seed].name });
    return { kind: "similar", answer: engine.similar(seed, options), heading, seed };
  }
  if (view.text) return { kind: "text", answer: engine.similarToText(view.text, options), heading: texts.heading.text };
  if (view.query.trim()) {
    return asked(page, view, options, literal);
  }
  const sort = view.sort === "oldest" ? "oldest" : "newest";
  const heading = sort === "oldest" ? texts.heading.oldest : texts.heading.newest;
  return { kind: "list", answer: engine.list({ ...options, sort }), heading };
}

/** Return what answers a question: what it says besides its topic becomes filters. */
function asked({ engine, texts, today }, view, options, literal) {
  const heading = fill(texts.heading.search, { query: view.query.trim() });
  const understood = engine.understand(view.query, { ignore: view.ignore, filters: options.filters, today });
  const { text, parts, filters } = understood;
  const sort = view.sort || understood.sort || "relevance";
  const applied = (means) => parts.filter((one) => one.applied && one.means === means);
  const phrases = [...applied("exact"), ...applied("refusal")];
  const among = phrases.length
    ? engine.records.map((_, row) => phrases.every((one) => one.rows[row] === (one.means === "exact")))
    : null;
  if (!text) {
    const answer = engine.list({ ...options, filters, sort: sort === "oldest" ? "oldest" : "newest" });
    return { kind: "list", answer: { ...answer, parts: {}, understood: parts, wished: understood.sort }, heading, filters };
  }
  const acronyms = applied("expansion").map((one) => one.acronym);
  const preferred = applied("preference").map((one) => one.filters);
  const excluded = applied("exclusion").flatMap((one) => one.things);
  const answer = engine.search(text, { ...options, filters, sort, literal, among, acronyms, preferred, excluded });
  return { kind: "search", answer: { ...answer, understood: parts, wished: understood.sort }, heading, filters };
}

/** Return the answer as a part of the page. */
export function results(page, view, { kind, answer, heading, seed }) {
  const { texts, engine } = page;
  const words = texts.results;
  const kept = kind === "saved";
  const scored = kind !== "list" && !kept;
  const { aside = [] } = answer;
  const cards = answer.order;
  const why = ["search", "text"].includes(kind) && cards.length ? engine.explain(cards, answer.terms) : [];
  const good = COUNTED.includes(kind) ? answer.good : null;
  const firstWeak = good && (view.sort || answer.wished || "relevance") === "relevance" ? cards.findIndex((row) => !good[row]) : -1;
  return make(
    "section.answer", { "aria-labelledby": "heading" },
    make("div.top", {},
      kind !== "list" && button("quiet.back", `← ${words.back}`, () => history.back()),
      make("h2", { id: "heading", tabindex: "-1" }, heading),
      kept ? aboutBasket(page, cards, aside) : cards.length > 0 && about(page, view, kind, answer)),
    understood(page, answer, words),
    notes(answer).map((note) => make("p.note", {}, note)),
    seed !== undefined && card(page, seed, { seed: true }),
    kept && !cards.length && !aside.length && make("div.notice", {}, make("p", {}, texts.basket.empty)),
    !kept && !cards.length && make("div.notice", {}, make("p", {}, nothing(page, view, answer)),
      make("p", {}, button("chip", words.clear_filters, () => page.clearFilters()))),
    cards.length > 0 && make("ol.cards", {}, cards.map((row, at) =>
      make("li", {
        "data-id": engine.records[row].id,
        "data-weaker": firstWeak > 0 && at === firstWeak ? words.weaker : null,
      }, card(page, row, { result: scored ? answer : null, why: why[at], kept })))),
    aside.length > 0 && [make("h3.aside", {}, texts.basket.disliked_heading),
      make("ol.cards", {}, aside.map((row) =>
        make("li", { "data-id": engine.records[row].id }, card(page, row, { kept }))))],
    answer.more > 0 && button("more", words.more, () => page.change({ k: view.k + STEP }, { keep: true })),
  );
}

/** Return what the words were taken to mean: each part can be taken as plain words again. */
function understood(page, { understood: parts = [] }, words) {
  if (!parts.length) return null;
  return make("ul.understood", { "aria-label": words.understood }, parts.map((one) => {
    const plain = fill(words.plain, { words: one.words });
    const drop = () => page.change({ ignore: [...page.view.ignore, one.id] });
    return make(`li.part${one.applied && one.means !== "note" ? "" : ".unused"}`, {}, one.label,
      one.means === "preference" && [" ", only(page, one.filters, words)],
      one.words && [" ", button("", "×", drop, { "aria-label": plain, title: plain })]);
  }));
}

/** Return the button that makes a filter of a preference. */
function only(page, filters, words) {
  const [[name, [value]]] = Object.entries(filters);
  const choose = () => page.change({ [name]: [...page.view[name], value] });
  return button("only", words.only, choose, { title: words.strict });
}

/** Return what can be done with the papers of the basket that is shown. */
function aboutBasket(page, liked, disliked) {
  const { texts: { plural: numbers, basket: words } } = page;
  if (!liked.length && !disliked.length) return null;
  return make("div.about", {},
    make("span.works", {}, plural(liked.length, numbers.paper)),
    takeMenu(page, words.download, () => liked, SUBJECT),
    button("quiet", words.clear, () => page.basket.clear()),
    liked.length > 0 && button("quiet", words.recommend_all, () => page.recommend()));
}

/** Return what a file of an answer is called after. */
function subjectOf({ engine }, view, kind) {
  const names = {
    search: view.query, basket: "recommended", text: "like your text",
    similar: `like ${engine.records.find((one) => one.id === view.seed)?.name}`,
  };
  return names[kind] || view.query || engine.settings.about.title;
}

function about(page, view, kind, { order: cards, counts: { total: passing }, wished }) {
  const { texts } = page;
  const words = texts.results;
  const counted = COUNTED.includes(kind);
  const paper = plural(passing, counted ? texts.plural.good : texts.plural.paper);
  const explanation = {
    search: texts.order.score + texts.order.good, similar: texts.order.likeness, text: OWN.likeText, basket: texts.order.basket,
  }[kind];
  const sorts = kind === "list" ? texts.sorts.slice(1) : texts.sorts;
  return make(
    "div.about", {},
    make("span.works", {}, counted && !passing ? words.no_good : paper),
    make("label.sort", {}, make("select", {
      name: "sort", "aria-label": words.sort,
      change: ({ target }) => page.change({ sort: target.value === (wished ?? sorts[0][0]) ? "" : target.value, k: STEP }),
    }, sorts.map(([value, label]) => make("option", { value, selected: (view.sort || wished) === value }, label)))),
    takeMenu(page, fill(OWN.download, { number: cards.length }), () => cards, subjectOf(page, view, kind)),
    explanation && make("details.explanation", {}, make("summary", {}, words.why_order), make("p", {}, explanation)),
  );
}

/** Return a menu of the formats in which papers can be taken. */
export function takeMenu(page, words, rows, subject) {
  return make(
    "details.take", {}, make("summary", {}, words),
    make("div.menu", { role: "group", "aria-label": `${words} as` },
      page.engine.settings.formats.map(({ name, label }) =>
        button("", label, ({ target }) => {
          target.closest("details").open = false;
          page.download(rows(), name, subject);
        }))),
  );
}

function notes(answer) {
  const found = [];
  if (answer.absent) found.push(fill(OWN.absent, { id: answer.absent }));
  const { unknown = [] } = answer;
  if (unknown.length) {
    const words = [unknown.slice(0, -1).join(", "), unknown.at(-1)].filter(Boolean).join(" or ");
    found.push(fill(OWN.unknown, { words }));
  }
  return found;
}

function nothing({ texts, engine }, view, { understood: parts = [] }) {
  if (!engine.papers) return texts.notice.empty;
  const set = Object.entries(filtersOf(view)).some(([name, value]) => value.length && EMPTY[name] !== undefined);
  if (set) return texts.notice.nothing_at_all;
  return parts.some((one) => one.applied) ? texts.notice.narrowed : texts.heading.notice;
}
