// Whether a question is in another language than English, which the model does not read. The rules
// are those of `rftsearch/text/reading/language.py`, whose lists of words are used.

import { proseTerms } from "../engine/terms.js";
import { has } from "./reading.js";

const LAST_LATIN = "\u024f";

/** Say that the model does not read a question, if it does not. */
export function readLanguage(reading) {
  const free = reading.freeWords().map((word) => word.text).join(" "); // Without names of people.
  const { cue, said } = reading.tables.language;
  if (/^[\x00-\x7f]*$/.test(free) && !has(cue, free)) return [];
  return cannotBeRead(reading, free) ? [reading.part("language", "note", 0, 0, said, { instead: null })] : [];
}

/** Return whether a text is in another language, and the model reads only English. */
export function cannotBeRead({ tables: { language }, index }, text) {
  if (!index.knownWords || language.multilingual) return false;
  return isForeign(text, language, (word) => proseTerms(word).some((term) => index.words.frequency(term)));
}

function isForeign(text, { small, doubtful, english, fewest }, known) {
  const isSmall = (word) => small.includes(word) || doubtful.includes(word);
  if (/^[\x00-\x7f]*$/.test(text) && !text.toLowerCase().split(/\s+/u).some(isSmall)) return false;
  const letters = text.match(/\p{L}/gu) ?? [];
  const others = letters.filter((letter) => letter > LAST_LATIN).length;
  if (others >= fewest && 2 * others > letters.length) return true;
  const words = (text.replace(/\bet al\b/gi, "").match(/(?:(?!\p{Nd})[\p{L}\p{N}])+/gu) ?? [])
    .map((word) => word.toLowerCase());
  const found = words.filter(isSmall);
  const sure = found.filter((word) => !doubtful.includes(word)).length;
  if (found.length <= words.filter((word) => english.includes(word) && !isSmall(word)).length) return false;
  const rest = words.filter((word) => !isSmall(word) && word.length > 2);
  const unknown = rest.filter((word) => !known(word)).length;
  if (sure && found.length > 1) return unknown > 0;
  return Boolean(sure || found.length > 1) && 2 * unknown > rest.length;
}
