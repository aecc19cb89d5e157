// References: cite one paper, or take many in a format of other programs. The entries were
// written when the page was published, and come in files of a hundred papers.

import { make } from "./dom.js";

const loading = new Map();

async function read(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error("The references cannot be loaded; try again.");
  return answer.json();
}

function entries(format, part) {
  const url = `cite/${format}-${part}.json`;
  if (!loading.has(url)) {
    loading.set(url, read(url));
    loading.get(url).catch(() => loading.delete(url));
  }
  return loading.get(url);
}

/** Return the entry of each of some papers in a format. */
async function entriesOf(engine, rows, name) {
  const size = engine.settings.citationsAtOnce;
  const found = [];
  for (const row of rows) found.push((await entries(name, Math.floor(row / size)))[row % size]);
  return found;
}

/**
 * Let Zotero's button find the papers of some cards: each gets a line that only programs read.
 * Where the lines cannot be loaded, as without a network, the cards stay as they are.
 */
export async function markForZotero(engine, cards) {
  const lines = await entriesOf(engine, cards.map((card) => +card.dataset.row), "coins").catch(() => []);
  lines.forEach((line, at) => {
    if (cards[at].querySelector(".Z3988")) return;
    cards[at].append(make("span.Z3988", { title: line, "aria-hidden": "true" }));
  });
  document.dispatchEvent(new Event("ZoteroItemUpdated")); // its button looks again
}

/** Return some papers in a format, as one text. */
export async function written(engine, rows, name) {
  const format = engine.settings.formats.find((one) => one.name === name);
  const found = await entriesOf(engine, rows, name);
  return format.first + found.join(format.between) + format.last;
}

/** Let the reader save some papers as a file, called after a subject; return its name. */
export async function download(engine, rows, name, subject) {
  const format = engine.settings.formats.find((one) => one.name === name);
  const text = await written(engine, rows, name);
  const url = URL.createObjectURL(new Blob([text], { type: format.type }));
  const file = `${fileStem(subject)}${format.suffix}`;
  const link = Object.assign(document.createElement("a"), { href: url, download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return file;
}

const LONGEST = 50;

/** Return the name of a file about something, without its ending: `rftsearch-reward-hacking`. */
export function fileStem(subject) {
  const bare = subject.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  let words = (bare.match(/[\p{L}\p{N}]+/gu) ?? []).join("-");
  if (words.length > LONGEST) words = words.slice(0, LONGEST).replace(/(.)-[^-]*$/, "$1");
  return ["rftsearch", words].filter(Boolean).join("-");
}
