// The page: opens the index, shows the view of the address, and answers what the reader does.

import { Engine } from "../engine/engine.js";
import { passing } from "../engine/filters.js";
import { Basket } from "./basket.js";
import { Box } from "./box.js";
import { button, fill, make } from "./dom.js";
import { Kept } from "./kept.js";
import { goTo, listen, showKeys } from "./keys.js";
import { PaperMap } from "./map.js";
import { OWN } from "./own-texts.js";
import { panel } from "./panel.js";
import { answerOf, results } from "./results.js";
import { download, markForZotero, written } from "./take.js";
import { timeline } from "./timeline.js";
import { addressOf, EMPTY, filtersOf, NO_QUESTION, readView, STEP, withoutFilters } from "./view.js";

const $ = (selector) => document.querySelector(selector);

class Page {
  constructor(engine, texts) {
    Object.assign(this, { engine, texts, state: OWN.loading, isLoaded: false, map: null });
    this.layout = new Kept("layout", "cards");
    this.basket = new Basket(this);
    this.box = new Box(this);
    this.view = readView();
    this.title = document.title;
  }

  start() {
    this.#showHead();
    this.#showAsk();
    listen(this);
    addEventListener("popstate", () => {
      this.view = readView();
      this.show();
    });
    this.show();
    this.basketChanged();
  }

  // --- what the parts of the page ask for ---

  /** Change the view, and show it. */
  change(values, { keep = false } = {}) {
    this.view = { ...this.view, ...(keep ? {} : { k: STEP }), ...values };
    history.pushState({ text: this.view.text }, "", addressOf(this.view));
    this.show();
  }

  ask(query) {
    this.change({ ...NO_QUESTION, query });
  }

  /** Find papers like a text. */
  askWith(text) {
    this.change({ ...NO_QUESTION, text });
  }

  like(row) {
    this.change({ seed: this.engine.records[row].id, show: "", sort: "" });
    scrollTo({ top: 0 });
  }

  clearFilters() {
    this.change(withoutFilters(this.view));
  }

  /** Show another view, as a link does; a browser opens it elsewhere where it is asked to. */
  follow(event, values) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.change(values);
    scrollTo({ top: 0 });
  }

  /** Show the papers of the basket; move to one of them. */
  openBasket(id = null) {
    if (this.view.show !== "saved") this.change({ show: "saved", seed: "", sort: "", tab: "" });
    const item = [...document.querySelectorAll("#found .cards > li")].find((one) => one.dataset.id === id);
    if (item) goTo(item);
    else $("#heading").focus();
  }

  recommend() {
    this.change({ ...NO_QUESTION, show: "basket" });
    scrollTo({ top: 0 });
  }

  #setLayout(name) {
    this.layout.set(name);
    this.#showLayout();
  }

  #showLayout() {
    document.body.dataset.layout = this.layout.value;
    for (const one of document.querySelectorAll("#tabs [data-value]")) {
      one.setAttribute("aria-pressed", String(one.dataset.value === this.layout.value));
    }
  }

  async cite(row) {
    await this.#tell(async () => {
      const { name } = this.engine.records[row];
      if (!navigator.clipboard) return this.#downloaded([row], "bibtex", name);
      await navigator.clipboard.writeText(await written(this.engine, [row], "bibtex"));
      return fill(OWN.copied, { name });
    });
  }

  async download(rows, format, subject) {
    await this.#tell(() => this.#downloaded(rows, format, subject));
  }

  async #downloaded(rows, format, subject) {
    const words = this.texts.results;
    if (!rows.length) return words.nothing_to_download;
    return fill(words.downloaded, { name: await download(this.engine, rows, format, subject) });
  }

  async #tell(act) {
    try {
      this.say((await act()) ?? "");
    } catch (error) {
      this.say(error.message);
    }
  }

  say(words) {
    $("#spoken").textContent = words;
    $("#said").textContent = words;
  }

  basketChanged() {
    $("#basket").replaceChildren(...[this.basket.show()].filter(Boolean));
    for (const one of document.querySelectorAll(".vote button")) {
      const { id } = one.closest(".card").dataset;
      one.setAttribute("aria-pressed", String(this.basket.has(id, one.dataset.action === "plus")));
    }
    if (["basket", "saved"].includes(this.view.show)) this.show();
  }

  // --- what is shown ---

  show() {
    const { view } = this;
    this.box.show(view);
    const found = answerOf(this, view);
    const subject = view.show || view.seed || view.text ? found.heading : view.query;
    document.title = subject ? `${subject} · ${this.title}` : this.title;
    document.body.classList.toggle("asked", Boolean(view.tab || view.query || view.text || view.seed || view.show));
    const open = [...document.querySelectorAll("#panel .choices")].map((one) => one.scrollTop);
    const focused = document.activeElement?.closest("#panel") ? document.activeElement : null;
    $("#panel").replaceChildren(panel(this, view, found.answer.counts));
    document.querySelectorAll("#panel .choices").forEach((one, at) => (one.scrollTop = open[at] ?? 0));
    if (focused) $(`#panel [name="${focused.name}"][value="${CSS.escape(focused.value)}"]`)?.focus();
    $("#found").replaceChildren(make("div.slot", {}, results(this, view, found)));
    // What answers is loaded first.
    if (this.isLoaded) markForZotero(this.engine, [...document.querySelectorAll("#found .card")]);
    this.#showTabs(found);
    this.#showState();
  }

  #showHead() {
    const { about } = this.engine.settings;
    const facts = [about.counts, about.licence && `licence ${about.licence}`, about.updated ? `updated ${about.updated}` : `indexed ${about.built}`];
    const items = facts.filter(Boolean).map((fact) => make("li", {}, fact));
    if (about.home) items.push(make("li", {}, make("a", { href: about.home }, "This list")));
    $("#masthead .facts").replaceChildren(...items);
    if (about.title.length > 48) $("#masthead h1").className = "long";
  }

  #showAsk() {
    const words = this.texts.ask;
    const { examples } = this.engine.settings;
    const unfold = ({ currentTarget }) => {
      const open = document.body.classList.toggle("filters-open");
      currentTarget.setAttribute("aria-expanded", String(open));
    };
    const submit = (event) => {
      event.preventDefault();
      this.box.submit();
    };
    $("#ask").replaceChildren(make("div.ask", {},
      make("form.search", { role: "search", submit },
        make("label.unseen", { for: "query" }, words.label),
        make("div.box", {},
          this.box.elements(),
          make("button.primary", { type: "submit" }, words.button)),
        make("p.said", { id: "text-said", role: "status" })),
      examples.length > 0 && make("p.examples", {}, make("span", {}, words.try), " ",
        examples.map((one) => button("chip", one, () => this.ask(one)))),
      make("div.toggles", {}, button("quiet.toggle", words.filters, unfold, { "aria-expanded": "false" })),
      make("p.note", { id: "said" }),
      make("div.undone", { id: "undone", hidden: true }, make("span", { role: "status" }), " ",
        button("quiet", this.texts.basket.undo, () => this.basket.undo())),
      make("p.unseen", { id: "spoken", role: "status" })));
  }

  #showTabs({ kind, answer, filters }) {
    const { view, engine } = this;
    const dated = engine.records.some((one) => one.month?.length === 7);
    const placed = engine.settings.map.places.some((one) => one.length);
    const tabs = OWN.tabs.filter(([value]) => (value !== "map" || placed) && (value !== "timeline" || dated));
    const { tabs: words, shortcuts } = this.texts;
    $("#tabs").replaceChildren(make("div.bar", {},
      make("div.tabs", { role: "group", "aria-label": words.label },
        tabs.map(([value, label]) => button("", label, () => this.change({ tab: value }, { keep: true }), {
          "aria-pressed": String(view.tab === value),
        }))),
      make("div.looks", { role: "group", "aria-label": words.looks }, ["cards", "compact"].map((name) =>
        button("", words[name], () => this.#setLayout(name), { "data-value": name }))),
      button("hint", "?", () => showKeys(this), { "aria-label": shortcuts.title, title: shortcuts.title })));
    this.#showLayout();
    $("#map-panel").classList.toggle("open", view.tab === "map");
    $("#timeline-panel").classList.toggle("open", view.tab === "timeline");
    const allowed = passing(engine, filters ?? filtersOf(view));
    const asked = kind !== "list";
    if (view.tab === "map") {
      this.map ??= new PaperMap(this, $("#map-panel"));
      this.map.show(allowed, asked ? answer.order : null);
    }
    if (view.tab === "timeline") {
      const rows = [...engine.records.keys()].filter((row) =>
        (!allowed || allowed[row]) && (!asked || (answer.good?.[row] ?? answer.order.includes(row))));
      timeline(this, $("#timeline-panel"), rows, asked);
    }
  }

  #showState() {
    const { settings, meaning } = this.engine;
    const state = meaning ? "" : settings.model ? this.state : OWN.onlyWords;
    $("#foot").replaceChildren(OWN.foot, " ", state ? make("span", { id: "state" }, state) : "", " ", OWN.ask);
    document.documentElement.dataset.ready = meaning ? "meaning" : "words";
  }
}

const failed = (error) => {
  $("#found").replaceChildren(make("div.slot", {}, make("div.notice", {}, make("p", {}, error.message))));
};

async function open() {
  const [engine, texts] = await Promise.all([
    Engine.open("data/"),
    fetch("texts.json").then((answer) => answer.json()),
  ]);
  const page = new Page(engine, texts);
  page.state = OWN.words;
  page.start();
  await engine.loadTexts();
  if (page.view.query || page.view.text || page.view.tab === "") page.show();
  try {
    await engine.loadMeaning();
  } catch {
    page.state = OWN.failed;
  }
  page.isLoaded = true;
  page.show();
  if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("worker.js");
}

open().catch(failed);
