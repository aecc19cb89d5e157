// Cards: what the page shows of one paper.

import { button, fill, icon, make, markedText, monthWords } from "./dom.js";
import { NO_QUESTION } from "./view.js";

const FIRST_AUTHORS = 3;
const LEAD = 320;
const ARXIV = "https://arxiv.org/";

/**
 * Return the card of a paper.
 *
 * @param page - Has `engine`, `texts`, `basket`, and what a card may do.
 * @param row - The paper's row.
 * @param shown - {result, why, seed, kept}: the answer it belongs to and its sentence that answers,
 *   if there is one; whether it is what others are compared with; whether it lies in the basket
 *   that is shown.
 */
export function card(page, row, { result = null, why = null, seed = false, kept = false } = {}) {
  const record = page.engine.records[row];
  const words = page.texts.card;
  return make(
    `article.card${seed ? ".seed" : ""}`,
    { "data-id": record.id, "data-row": row },
    kept && takeOut(page, record),
    make(seed ? "p.name" : "h3.name", {}, heading(record, why)),
    labels(page, record),
    remark(page, row, why),
    abstract(page, row, why) ?? missing(record, words),
    kept && note(page, record),
    actions(page, row, seed, result),
  );
}

function takeOut({ basket, texts }, { id, name }) {
  const words = fill(texts.basket.remove, { name });
  return button("out", "×", () => basket.remove(id), { "aria-label": words, title: words });
}

/** Return a place for a note, which stays in this browser. */
function note({ basket, texts }, { id, name }) {
  const { note: words, note_label: label } = texts.basket;
  const place = make("textarea", {
    rows: "1", maxlength: "2000", placeholder: words, input: ({ target }) => basket.write(id, target.value),
  });
  place.value = basket.noteOn(id);
  return make("label.jotted", {}, make("span.unseen", {}, fill(label, { name })), place);
}

function labels(page, record) {
  const { engine, texts } = page;
  const { settings } = engine;
  const own = engine.categories.length > 1 ? record.categories.filter((one) => !record.files?.includes(one)) : [];
  const facts = [
    record.kind === "project" && make("span.kind.fact", {}, "Project"),
    record.month && make("time.fact", { datetime: record.month }, monthWords(record.month)),
    record.venue && make("span.venue.fact", {}, record.venue),
    record.arxiv && make("span.fact.read", {},
      make("a", { href: `${ARXIV}abs/${record.arxiv}` }, `arXiv:${record.arxiv}`), " · ",
      make("a", { href: `${ARXIV}pdf/${record.arxiv}`, "aria-label": fill(texts.card.pdf_label, { name: record.name }) }, "PDF")),
  ];
  return make(
    "p.labels", {},
    own.map((one) => make("span.category", { hue: settings.hues[one] }, engine.categories[one])),
    record.generative && make("span.tag", {}, texts.card.generative),
    authors(page, record),
    facts,
  );
}

function heading(record, why) {
  const title = titleAfter(record.name, record.title);
  const from = record.title.length - title.length;
  const marks = why?.field === "title"
    ? why.marks.map(([start, end]) => [start + why.start - from, end + why.start - from])
    : [];
  const pieces = markedText(title, marks.filter(([start]) => start >= 0));
  const inner = [make("b", {}, record.name), title && " ", title && make("span", {}, pieces)];
  return record.url ? make("a", { href: record.url }, inner) : inner;
}

/** Return the title without the short name that many titles begin with. */
export function titleAfter(name, title) {
  if (title.toLowerCase() === name.toLowerCase()) return "";
  const at = title.indexOf(":");
  const begins = at > 0 && title.slice(0, at).trim().toLowerCase() === name.toLowerCase();
  return begins ? title.slice(at + 1).trimStart() : title;
}

/** Return the authors: the first, and the others when they are asked for. */
function authors(page, record) {
  const people = record.authors ?? [];
  if (!people.length) return null;
  const words = page.texts.card;
  const one = (name) => make("a.person", {
    href: `?${new URLSearchParams({ author: name })}`, title: fill(words.by, { name }),
    click: (event) => page.follow(event, { ...NO_QUESTION, authors: [name] }),
  }, name);
  const listed = (names) => names.flatMap((name, at) => (at ? [", ", one(name)] : [one(name)]));
  // A single further one is as short as a button.
  const count = people.length === FIRST_AUTHORS + 1 ? people.length : FIRST_AUTHORS;
  const rest = people.slice(count);
  const line = make("span.authors", {}, listed(people.slice(0, count)));
  if (!rest.length) return line;
  const others = make("span.rest", { hidden: true }, ", ", listed(rest));
  const more = fill(words.everyone, { number: rest.length });
  line.append(button("everyone", more, ({ target }) => {
    others.hidden = !others.hidden;
    target.setAttribute("aria-expanded", String(!others.hidden));
    target.textContent = others.hidden ? more : words.fewer;
  }, { "aria-expanded": "false" }), others);
  return line;
}

function remark(page, row, why) {
  const text = page.engine.texts?.[row]?.[1]?.[0];
  if (!text) return null;
  const marks = why?.field === "description" ? why.marks : [];
  return make("p.remark", {}, markedText(text, marks, why?.start ?? 0));
}

function abstract({ engine, texts }, row, why) {
  const text = engine.texts?.[row]?.[0]?.[0];
  if (!text) return null;
  const answers = why?.field === "abstract";
  const lead = answers ? markedText(why.text, why.marks) : [text.slice(0, LEAD)];
  const whole = answers
    ? [
        text.slice(0, why.start),
        make("span.answering", {}, markedText(why.text, why.marks)),
        text.slice(why.end),
      ]
    : [text];
  return make(
    `details.abstract${answers ? ".answers" : ""}`, {},
    make("summary", {}, make("b", {}, texts.card.abstract), " ",
      make("span.lead", {}, answers && why.start > 0 && "… ", lead)),
    make("p", {}, whole),
  );
}

function missing(record, words) {
  const text = words[record.missing];
  return text ? make("p.missing", {}, text) : null;
}

/** Return the score as the sum of its parts, which are shown so that they add up. */
function score({ texts }, row, { parts, scores }) {
  const total = Math.round(scores[row] * 100) / 100;
  const shown = Object.entries(parts)
    .map(([name, values]) => [name, Math.round(values[row] * 100) / 100])
    .filter(([, value]) => value);
  if (!shown.length) return null;
  const largest = shown.reduce((best, one) => (Math.abs(one[1]) > Math.abs(best[1]) ? one : best));
  largest[1] += total - shown.reduce((sum, [, value]) => sum + value, 0);
  const pieces = shown.flatMap(([name, value], at) => [
    at || value < 0 ? ` ${value < 0 ? "\u2212" : "+"} ` : " ",
    make("span.part", { title: texts.parts[name]?.[1] ?? "" },
      `${texts.parts[name]?.[0] ?? name} ${Math.abs(value).toFixed(2)}`),
  ]);
  return make("p.why", { title: texts.card.why },
    make("span.score", {}, fill(texts.card.score, { score: total.toFixed(2) })),
    make("span.sum", {}, " =", pieces));
}

/** Return the paper of the basket for which one is recommended. */
function because(page, row, result) {
  const liked = page.engine.records[result.because?.get(row)];
  if (!liked) return null;
  return make("p.why.because", {}, page.texts.card.because, " ",
    make("a.quiet", {
      href: `?${new URLSearchParams({ like: liked.id })}`,
      click: (event) => page.follow(event, { seed: liked.id, show: "", sort: "" }),
    }, liked.name));
}

function actions(page, row, seed, result) {
  const record = page.engine.records[row];
  const { card: words } = page.texts;
  const { name } = record;
  const links = (record.links ?? []).map(([kind, label, url]) =>
    make("a.button", { href: url }, icon(page.texts, kind), label));
  const vote = (sign, liked, label, title) =>
    button("", sign, () => page.basket.toggle(record.id, liked), {
      "data-action": liked ? "plus" : "minus",
      "aria-label": fill(label, { name }),
      "aria-pressed": String(page.basket.has(record.id, liked)),
      title,
    });
  return make(
    "div.actions", {}, links,
    result && score(page, row, result), result && because(page, row, result),
    make("span.end", {},
      button("act", [icon(page.texts, "cite"), make("span", {}, words.cite)], () => page.cite(row), {
        "data-action": "cite", "aria-label": fill(words.cite_label, { name }), title: words.cite_title,
      }),
      !seed && button("act.like", words.like, () => page.like(row), {
        "data-action": "like", "aria-label": fill(words.like_label, { name }),
      }),
      make("span.vote", { role: "group", "aria-label": fill(words.basket_label, { name }) },
        vote("+", true, words.plus_label, words.plus_title),
        vote("\u2212", false, words.minus_label, words.minus_title))),
  );
}
