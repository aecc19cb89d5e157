// Cards: what the page shows of one paper.

import { button, fill, make, markedText, monthWords } from "./dom.js";

const FIRST_AUTHORS = 3;
const LEAD = 320;

/**
 * Return the card of a paper.
 *
 * @param page - Has `engine`, `texts`, `basket`, and what a card may do.
 * @param row - The paper's row.
 * @param result - The answer it belongs to, if there is one.
 * @param why - Its sentence that answers, if there is one.
 */
export function card(page, row, { result = null, why = null, seed = false } = {}) {
  const record = page.engine.records[row];
  const words = page.texts.card;
  return make(
    `article.card${seed ? ".seed" : ""}`,
    { "data-id": record.id, "data-row": row, tabindex: "-1" },
    labels(page, record),
    make(seed ? "p.name" : "h3.name", {}, heading(record, why)),
    authors(page, record),
    record.venue && make("p.authors", {}, record.venue),
    remark(page, row, why),
    abstract(page, row, why) ?? missing(record, words),
    result && score(page, row, result),
    actions(page, row, seed),
  );
}

function labels({ engine, texts }, record) {
  const own = record.categories.map((one) =>
    make("span.category", { hue: engine.settings.hues[one] }, engine.categories[one]));
  return make(
    "p.labels", {}, own,
    record.generative && make("span.tag", {}, texts.card.generative),
    make("span.kind", {}, record.kind === "project" ? "Project" : "Paper"),
    record.month && make("time", { datetime: record.month }, monthWords(record.month)),
    record.arxiv && make("span", {}, `· arXiv:${record.arxiv}`),
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
function titleAfter(name, title) {
  if (title.toLowerCase() === name.toLowerCase()) return "";
  const at = title.indexOf(":");
  const begins = at > 0 && title.slice(0, at).trim().toLowerCase() === name.toLowerCase();
  return begins ? title.slice(at + 1).trimStart() : title;
}

function authors(page, record) {
  const people = record.authors ?? [];
  if (!people.length) return null;
  const one = (name) =>
    button("person", name, () => page.change({ authors: [name], query: "", seed: "", show: "" }), {
      title: fill(page.texts.card.by, { name }),
    });
  const listed = (names) => names.flatMap((name, at) => (at ? [", ", one(name)] : [one(name)]));
  const line = make("p.authors", {}, listed(people.slice(0, FIRST_AUTHORS)));
  if (people.length > FIRST_AUTHORS) {
    const rest = people.length - FIRST_AUTHORS;
    line.append(" ", button("person", `and ${rest} more`, () => line.replaceChildren(...listed(people))));
  }
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
  const line = make("p.why", { title: texts.card.why },
    make("span.score", {}, fill(texts.card.score, { score: total.toFixed(2) })), " =", pieces);
  return line;
}

function actions(page, row, seed) {
  const record = page.engine.records[row];
  const { card: words } = page.texts;
  const { name } = record;
  const links = (record.links ?? []).map(([kind, label, url]) =>
    make("a.button", { href: url }, label || kind));
  if (record.arxiv) {
    links.unshift(make("a.button", { href: `https://arxiv.org/pdf/${record.arxiv}` }, "PDF"));
  }
  const vote = (sign, liked, label, title) =>
    button("", sign, () => page.basket.toggle(record.id, liked), {
      "data-action": liked ? "plus" : "minus",
      "aria-label": fill(label, { name }),
      "aria-pressed": String(page.basket.has(record.id, liked)),
      title,
    });
  return make(
    "div.actions", {}, links,
    make("span.end", {},
      button("act", words.cite, () => page.cite(row), {
        "data-action": "cite", "aria-label": fill(words.cite_label, { name }), title: words.cite_title,
      }),
      !seed && button("act.like", words.like, () => page.like(row), {
        "aria-label": fill(words.like_label, { name }),
      }),
      make("span.vote", { role: "group", "aria-label": fill(words.basket_label, { name }) },
        vote("+", true, words.plus_label, words.plus_title),
        vote("\u2212", false, words.minus_label, words.minus_title))),
  );
}
