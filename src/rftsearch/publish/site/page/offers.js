// The box of a question: it suggests papers and authors while the reader types.

import { titleAfter } from "./cards.js";
import { isOpen, offer, onOfferKey, onOfferPress } from "./combobox.js";
import { fill, make, plural } from "./dom.js";
import { OWN } from "./own-texts.js";
import { NO_QUESTION } from "./view.js";

const LEAST_TYPED = 2; // characters from which names are suggested
const MOST = 8;
const MOST_AUTHORS = 3;

/** Close the list of what a box offers. */
export const fold = (box) => offer(box, []);

/** Return the box and the list of what it offers; `typed` is called after each change. */
export function questionBox(page, typed) {
  const { ask: words } = page.texts;
  const choose = (box, one) => chosen(page, box, one);
  return [
    make("input", {
      id: "query", name: "q", type: "text", role: "combobox", maxlength: "1000", autocomplete: "off",
      spellcheck: "false", enterkeyhint: "search", placeholder: words.placeholder,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "query-list",
      input: ({ target }) => {
        typed();
        if (!target.hidden) offer(target, suggestions(page, target.value));
      },
      keydown: (event) => {
        if (event.isComposing) return;
        const open = isOpen();
        onOfferKey(event, choose, fold);
        if (open && event.key === "Escape") event.stopPropagation(); // the next one leaves the box
      },
      blur: ({ target }) => fold(target),
    }),
    make("ul.offers", {
      id: "query-list", role: "listbox", "aria-label": words.offers, hidden: true,
      mousedown: (event) => onOfferPress(event, choose),
    }),
  ];
}

function suggestions({ engine, texts }, text) {
  if (text.trim().length < LEAST_TYPED) return [];
  const authors = engine.suggestions.authors(text, MOST_AUTHORS);
  const rows = engine.suggestions.papers(text, MOST - authors.length);
  const papers = rows.map((row) => {
    const { name, title } = engine.records[row];
    return { row, name, title: titleAfter(name, title) };
  });
  const people = authors.map(([name, number]) => (
    { author: name, name, title: fill(OWN.authorOf, { papers: plural(number, texts.plural.paper) }) }));
  // The last one offers what is like the first paper.
  const like = papers.slice(0, 1).map(({ row, name }) => ({ like: row, name: fill(texts.ask.like, { name }), title: "" }));
  return [...papers, ...people, ...like];
}

function chosen(page, box, { author, like, name }) {
  fold(box);
  box.value = author ? "" : like !== undefined ? page.view.query : name;
  if (author) page.change({ ...NO_QUESTION, authors: [author] });
  else if (like !== undefined) page.like(like);
  else page.ask(name);
}
