// Keys: what can be done without a mouse. They act where nobody types, and can be switched off.

import { button, make } from "./dom.js";
import { Kept } from "./kept.js";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog, canvas";
const off = new Kept("keys-off", false);
let last = ""; // id of the card that the reader was on: an answer may have replaced it

const cards = () => [...document.querySelectorAll("#found .cards > li")];
const current = () => document.activeElement?.closest?.("#found .cards > li") ?? null;
const remembered = () => cards().find((item) => item.dataset.id === last);

/** Listen to the keys of the page. */
export function listen(page) {
  const keys = {
    "/": () => {
      page.box.shown.focus();
      page.box.shown.select();
      scrollTo({ top: 0 });
    },
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    o: () => subject()?.querySelector(".name a")?.click(),
    c: () => onCard("cite"), m: () => onCard("like"), "+": () => onCard("plus"), "=": () => onCard("plus"),
    "-": () => onCard("minus"),
    b: () => page.basket.items.length && page.openBasket(),
    "?": () => showKeys(page),
  };
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Escape") escape(target);
    const act = keys[key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || off.value || target.closest(TYPING)) return;
    // Arrow keys scroll the page until the reader is among the papers.
    if (key.startsWith("Arrow") && (!target.closest("#found .cards") || event.shiftKey)) return;
    event.preventDefault();
    act();
  });
}

/** Close the menu that is open; leave the box of the question. */
function escape(target) {
  for (const menu of document.querySelectorAll("details.take[open]")) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
  if (target.closest("#ask")) target.blur();
}

function step(by) {
  const items = cards();
  if (!items.length) return;
  const here = items.indexOf(current() ?? remembered());
  const next = here < 0 ? 0 : here + by;
  if (next >= items.length) document.querySelector("#found .more")?.focus();
  else goTo(items[Math.max(next, 0)]);
}

/** Move to a card of the list. */
export function goTo(item) {
  last = item.dataset.id;
  const link = item.querySelector(".name a") ?? item;
  if (link === item) item.tabIndex = -1;
  link.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

// The card that a key acts on: that with the focus, or else the one the reader was on.
const subject = () => current() ?? remembered() ?? cards()[0];

function onCard(action) {
  const item = subject();
  last = item?.dataset.id ?? "";
  item?.querySelector(`[data-action=${action}]`)?.click();
}

/** Show the keys, and whether they are on. */
export function showKeys({ texts: { shortcuts: words } }) {
  const rows = words.all.map(([keys, said]) => make("div", {},
    make("dt", {}, keys.flatMap((key, at) => [at > 0 && " ", make("kbd", {}, key)])), make("dd", {}, said)));
  const on = make("input", { type: "checkbox", checked: !off.value, change: ({ target }) => off.set(!target.checked) });
  const dialog = make("dialog.keys", { "aria-labelledby": "keys-title", close: () => dialog.remove() },
    make("h2", { id: "keys-title" }, words.title), make("dl", {}, rows),
    make("label.off", {}, on, ` ${words.on}`), button("primary", words.close, () => dialog.close()));
  document.querySelector("#ask .ask").append(dialog);
  dialog.showModal();
}
