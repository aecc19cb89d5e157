// One box for everything: a topic, a name, an id, or a text. What has more words than a question is
// read as a text; the box then has several lines, and says what it does.

import { button, fill, make } from "./dom.js";
import { fold, questionBox } from "./offers.js";

const LONGEST_TEXT = 4000; // characters: a long abstract
const $ = (selector) => document.querySelector(selector);
const countWords = (text) => text.split(/\s+/u).filter(Boolean).length;

export class Box {
  /** Make the box of a page. */
  constructor(page) {
    this.page = page;
    this.wordsWanted = false; // the reader wants a long text searched for its words
  }

  /** Return the box of a question, that of a text, and the list of what is offered. */
  elements() {
    const text = make("textarea", {
      id: "text", rows: "3", maxlength: LONGEST_TEXT, hidden: true,
      "aria-label": this.page.texts.ask.text_label, "aria-describedby": "text-said",
      input: () => this.#fit(),
      keydown: (event) => {
        // Enter asks; Shift and Enter begin a line.
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.submit();
      },
    });
    const [query, list] = questionBox(this.page, () => this.#fit());
    query.addEventListener("paste", (event) => this.#paste(event));
    return [query, text, list];
  }

  /** The box that is shown. */
  get shown() {
    return $("#text").hidden ? $("#query") : $("#text");
  }

  /** Show what a view asks, unless somebody is typing. */
  show({ query, text }) {
    if (this.shown === document.activeElement && this.shown.value) return;
    this.wordsWanted = !text && this.#isLong(query);
    this.shown.value = text || query;
    this.#fit();
  }

  submit() {
    const value = this.shown.value.trim();
    fold($("#query"));
    if (this.#isLong(value) && !this.wordsWanted) this.page.askWith(value);
    else this.page.ask(value);
  }

  #isLong(text) {
    return countWords(text) > this.page.texts.ask.words_of_a_text;
  }

  /** Show the box that fits what stands in it, with the cursor where it was. */
  #fit() {
    const [from, { value }] = [this.shown, this.shown];
    const to = $(this.#isLong(value) && !this.wordsWanted ? "#text" : "#query");
    if (to !== from) {
      const [held, at] = [document.activeElement === from, from.selectionStart];
      to.value = value;
      this.#swap(from, to);
      if (held) {
        to.focus({ preventScroll: true });
        to.setSelectionRange(at, at);
      }
    }
    this.#sayHow(value);
  }

  #swap(from, to) {
    [to.hidden, from.hidden, from.value] = [false, true, ""];
    fold($("#query"));
  }

  #sayHow(value) {
    if (!this.#isLong(value)) return $("#text-said").replaceChildren();
    const { ask: words } = this.page.texts;
    const number = countWords(value).toLocaleString("en");
    const said = fill(this.wordsWanted ? words.words : words.text, { number });
    const other = button("quiet", this.wordsWanted ? words.as_text : words.as_query, () => {
      this.wordsWanted = !this.wordsWanted;
      this.#fit();
      this.submit();
    });
    return $("#text-said").replaceChildren(said, " ", other);
  }

  /** Keep the line breaks of a paragraph: a box of one line would not. */
  #paste(event) {
    const pasted = event.clipboardData?.getData("text") ?? "";
    if (!this.#isLong(pasted)) return;
    event.preventDefault();
    const { target: from } = event;
    const { value, selectionStart: start, selectionEnd: end } = from;
    const to = $("#text");
    to.value = (value.slice(0, start) + pasted + value.slice(end)).slice(0, LONGEST_TEXT);
    this.wordsWanted = false;
    this.#swap(from, to);
    to.focus();
    this.#sayHow(to.value);
  }
}
