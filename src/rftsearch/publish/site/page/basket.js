// The basket: papers that the reader likes or does not, and a note on each. It is kept in this
// browser alone.

import { button, fill, make } from "./dom.js";
import { Kept } from "./kept.js";
import { takeMenu } from "./results.js";

const TIME_TO_UNDO = 12_000; // ms

/** What the file of the papers that are liked is called after. */
export const SUBJECT = "basket";

export class Basket {
  constructor(page) {
    this.page = page;
    this.papers = new Kept("basket", []);
    this.notes = new Kept("notes", {});
    const isItem = (one) => typeof one?.id === "string";
    const found = Array.isArray(this.papers.value) ? this.papers.value.filter(isItem) : [];
    this.items = found.map(({ id, liked }) => ({ id, liked: Boolean(liked) }));
    this.before = null; // the papers before some were taken out
    this.forget = 0;
  }

  has(id, liked) {
    return this.items.some((one) => one.id === id && one.liked === liked);
  }

  /** Return the rows of the papers that are liked, or not. */
  rows(liked) {
    return this.items.filter((one) => one.liked === liked)
      .map(({ id }) => this.page.engine.records.findIndex((one) => one.id === id))
      .filter((row) => row >= 0);
  }

  /** Put a paper on one side, or remove it if it is already there. */
  toggle(id, liked) {
    const there = this.has(id, liked);
    this.#set(this.items.filter((one) => one.id !== id).concat(there ? [] : [{ id, liked }]));
  }

  remove(id) {
    const words = fill(this.page.texts.basket.removed, { name: this.#nameOf(id) });
    this.#takeOut(this.items.filter((one) => one.id !== id), words);
  }

  clear() {
    this.#takeOut([], fill(this.page.texts.basket.cleared, { number: this.items.length }));
  }

  undo() {
    document.querySelector("#undone").hidden = true;
    if (this.before) this.#set(this.before);
    this.before = null;
  }

  noteOn(id) {
    return String(this.notes.value?.[id] ?? "");
  }

  write(id, words) {
    const { [id]: _, ...others } = this.notes.value ?? {};
    this.notes.set(words.trim() ? { ...others, [id]: words } : others);
  }

  #takeOut(items, words) {
    const before = this.items;
    this.#set(items);
    this.before = before;
    const bar = document.querySelector("#undone");
    bar.querySelector("span").textContent = words;
    bar.hidden = false;
    clearTimeout(this.forget);
    this.forget = setTimeout(() => (bar.hidden = true), TIME_TO_UNDO);
  }

  #set(items) {
    this.items = items;
    this.papers.set(items);
    this.page.basketChanged();
  }

  #nameOf(id) {
    return this.page.engine.records.find((one) => one.id === id)?.name ?? id;
  }

  /** Return the basket as a part of the page; null if it is empty. */
  show() {
    const { page } = this;
    const words = page.texts.basket;
    if (!this.items.length) return null;
    return make(
      "section.basket", { "aria-label": words.label },
      button("title", [`${words.title} `, make("span.count", {}, String(this.items.length))], () => page.openBasket(), {
        "aria-label": fill(words.open, { number: this.items.length }),
      }),
      make("ul", {}, this.items.map(({ id, liked }) => {
        const name = this.#nameOf(id);
        const side = liked ? words.liked : words.disliked;
        return make(`li.${liked ? "liked" : "disliked"}`, {},
          button("", [make("b", { "aria-hidden": "true" }, liked ? "+" : "−"), ` ${name}`],
            () => page.openBasket(id), { title: fill(words.show, { name }) }),
          button("out", "×", () => this.remove(id), { "aria-label": fill(words.remove_from, { name, side }) }));
      })),
      make("div.tools", {},
        takeMenu(page, words.download, () => this.rows(true), SUBJECT),
        button("quiet", words.clear, () => this.clear(), { "data-action": "empty" }),
        this.rows(true).length > 0 && button("primary", words.recommend, () => page.recommend())),
    );
  }
}
