// Keys: what can be done without a mouse.

import { button, make } from "./dom.js";
import { OWN } from "./own-texts.js";

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

/** Listen to the keys of the page. */
export function listen(page) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const act = actions(page)[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}

function actions(page) {
  const cards = [...document.querySelectorAll("#found .cards .card")];
  const at = cards.indexOf(document.activeElement?.closest?.(".card"));
  const go = (step) => {
    const next = cards[Math.min(Math.max(at < 0 ? 0 : at + step, 0), cards.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => at >= 0 && cards[at].querySelector(selector)?.click();
  return {
    "/": () => document.querySelector("#query").focus(),
    j: () => go(1),
    k: () => go(-1),
    o: () => press(".name a"),
    c: () => press('[data-action="cite"]'),
    m: () => press(".like"),
    "+": () => press('[data-action="plus"]'),
    "-": () => press('[data-action="minus"]'),
    "?": showKeys,
  };
}

function showKeys() {
  const rows = OWN.keys.flatMap(([key, words]) => [make("dt", {}, key), make("dd", {}, words)]);
  const dialog = make("dialog.keys", { "aria-label": "Keys", close: () => dialog.remove() },
    make("dl", {}, rows), button("chip", "Close", () => dialog.close()));
  document.body.append(dialog);
  dialog.showModal();
}
