// The basket: papers that the reader likes or does not, kept in this browser alone.

import { button, fill, make } from "./dom.js";
import { OWN } from "./own-texts.js";
import { takeMenu } from "./results.js";
import { fileStem } from "./take.js";

const PLACE = `rftsearch.basket.${location.pathname}`;

export class Basket {
  constructor(page) {
    this.page = page;
    this.items = [];
    this.cleared = null;
    try {
      const kept = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
      this.items = kept.filter((one) => typeof one?.id === "string").map(({ id, liked }) => ({ id, liked: Boolean(liked) }));
    } catch {
      // A browser that keeps nothing has a basket for as long as the page is open.
    }
  }

  has(id, liked) {
    return this.items.some((one) => one.id === id && one.liked === liked);
  }

  /** Return the rows of the papers that are liked, or not. */
  rows(liked) {
    return this.#rowsOf(this.items.filter((one) => one.liked === liked));
  }

  #rowsOf(items) {
    return items
      .map(({ id }) => this.page.engine.records.findIndex((one) => one.id === id))
      .filter((row) => row >= 0);
  }

  toggle(id, liked) {
    const there = this.has(id, liked);
    this.#set(this.items.filter((one) => one.id !== id).concat(there ? [] : [{ id, liked }]));
  }

  remove(id) {
    this.#set(this.items.filter((one) => one.id !== id));
  }

  #set(items, cleared = null) {
    this.items = items;
    this.cleared = cleared;
    try {
      localStorage.setItem(PLACE, JSON.stringify(items));
    } catch {
      // As above.
    }
    this.page.basketChanged();
  }

  /** Return the basket as a part of the page; null if it is empty. */
  show() {
    const { engine } = this.page;
    const words = OWN.basket;
    if (!this.items.length) {
      if (!this.cleared) return null;
      return make("section.basket", { "aria-label": words.title },
        make("p.title", {}, words.title),
        button("quiet", words.undo, () => this.#set(this.cleared)));
    }
    const rows = this.#rowsOf(this.items);
    return make(
      "section.basket", { "aria-label": words.title },
      make("p.title", {}, words.title, " ", make("span.count", {}, String(this.items.length))),
      make("ul", {}, this.items.map(({ id, liked }) => {
        const name = engine.records.find((one) => one.id === id)?.name ?? id;
        return make(`li.${liked ? "liked" : "disliked"}`, {},
          button("", [make("b", { "aria-hidden": "true" }, liked ? "+" : "−"), ` ${name} `,
            make("span", { "aria-hidden": "true" }, "×")],
          () => this.remove(id), { "aria-label": fill(words.remove, { name }) }));
      })),
      make("div.tools", {},
        takeMenu(this.page, words.download, () => rows, fileStem(`${engine.settings.about.title} basket`)),
        button("quiet", words.clear, () => this.#set([], this.items)),
        this.rows(true).length > 0 && button("primary", words.recommend, () =>
          this.page.change({ show: "basket", query: "", seed: "", sort: "" }))),
    );
  }
}
