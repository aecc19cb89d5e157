// References: cite one paper, or take many in a format of other programs. The entries were
// written when the page was published, and come in files of a hundred papers.

const loaded = new Map();

async function entries(engine, format, part) {
  const url = `cite/${format}-${part}.json`;
  if (!loaded.has(url)) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error("The references cannot be loaded; try again.");
    loaded.set(url, await answer.json());
  }
  return loaded.get(url);
}

/** Return some papers in a format, as one text. */
export async function written(engine, rows, name) {
  const format = engine.settings.formats.find((one) => one.name === name);
  const size = engine.settings.citationsAtOnce;
  const found = [];
  for (const row of rows) {
    const part = await entries(engine, name, Math.floor(row / size));
    found.push(part[row % size]);
  }
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
