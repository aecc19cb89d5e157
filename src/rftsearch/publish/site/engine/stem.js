// English stems, as the Snowball project defines them (https://snowballstem.org, English,
// version 3): the same as the index was built with, so that a word of a question and a word
// of a paper meet. Words are in lower case.

const VOWELS = "aeiouy";
const WHOLE = new Map([
  ["skis", "ski"], ["skies", "sky"], ["idly", "idl"], ["gently", "gentl"], ["ugly", "ugli"],
  ["early", "earli"], ["only", "onli"], ["singly", "singl"], ["sky", "sky"], ["news", "news"],
  ["howe", "howe"], ["atlas", "atlas"], ["cosmos", "cosmos"], ["bias", "bias"],
  ["andes", "andes"],
]);
// Beginnings after which the first region starts, whatever letters they have.
const BEGINNINGS = [
  "gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter",
];
const KEEP_EED = new Set(["proc", "exc", "succ"]);
const KEEP_ING = new Set(["inn", "out", "cann", "herr", "earr", "even"]);
const DOUBLES = new Set(["bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"]);
const BEFORE_LI = "cdeghkmnrt";

// Longest endings first: of two that fit, the longer one counts.
const SECOND = [
  ["ational", "ate"], ["ization", "ize"], ["fulness", "ful"], ["ousness", "ous"],
  ["iveness", "ive"], ["tional", "tion"], ["biliti", "ble"], ["lessli", "less"],
  ["entli", "ent"], ["ation", "ate"], ["alism", "al"], ["aliti", "al"], ["ousli", "ous"],
  ["iviti", "ive"], ["fulli", "ful"], ["ogist", "og"], ["enci", "ence"], ["anci", "ance"],
  ["abli", "able"], ["izer", "ize"], ["ator", "ate"], ["alli", "al"], ["bli", "ble"],
  ["ogi", "og"], ["li", ""],
];
const THIRD = [
  ["ational", "ate"], ["tional", "tion"], ["alize", "al"], ["icate", "ic"], ["iciti", "ic"],
  ["ative", ""], ["ical", "ic"], ["ness", ""], ["ful", ""],
];
const FOURTH = [
  "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous",
  "ive", "ize", "ion", "al", "er", "ic",
];

const isVowel = (letter) => letter !== undefined && VOWELS.includes(letter);

/** Return where a region begins: behind the first vowel and the first other letter after it. */
function region(word, from) {
  let at = from;
  while (at < word.length && !isVowel(word[at])) at += 1;
  while (at < word.length && isVowel(word[at])) at += 1;
  return Math.min(at + 1, word.length);
}

/** Return whether a word ends in a short syllable. */
function endsShort(word) {
  const [third, second, last] = [word.at(-3), word.at(-2), word.at(-1)];
  if (word.length < 2) return false;
  if (word.endsWith("past")) return true;
  if (word.length === 2) return isVowel(second) && !isVowel(last);
  return !isVowel(third) && isVowel(second) && !isVowel(last) && !"wxY".includes(last);
}

const hasVowel = (word) => [...word].some(isVowel);

/** Mark each y that is a consonant by writing it large. */
function marked(word) {
  let found = "";
  for (let at = 0; at < word.length; at += 1) {
    const consonant = word[at] === "y" && (at === 0 || isVowel(found[at - 1]));
    found += consonant ? "Y" : word[at];
  }
  return found;
}

function plurals(word) {
  if (word.endsWith("sses")) return word.slice(0, -2);
  if (word.endsWith("ied") || word.endsWith("ies")) {
    return word.slice(0, word.length > 4 ? -2 : -1);
  }
  if (word.endsWith("us") || word.endsWith("ss") || !word.endsWith("s")) return word;
  return hasVowel(word.slice(0, -2)) ? word.slice(0, -1) : word;
}

function pasts(word, first) {
  const ending = ["eedly", "ingly", "edly", "eed", "ing", "ed"].find((one) => word.endsWith(one));
  if (!ending) return word;
  const rest = word.slice(0, -ending.length);
  if (ending.startsWith("eed")) {
    if (KEEP_EED.has(rest) || rest.length < first) return word;
    return `${rest}ee`;
  }
  if (ending === "ing") {
    if (rest.length === 2 && !isVowel(rest[0]) && rest[1] === "y") return `${rest[0]}ie`;
    if (KEEP_ING.has(rest)) return word;
  }
  if (!hasVowel(rest)) return word;
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (DOUBLES.has(rest.slice(-2))) {
    return rest.length === 3 && "aeo".includes(rest[0]) ? rest : rest.slice(0, -1);
  }
  return rest.length === first && endsShort(rest) ? `${rest}e` : rest;
}

function replaced(word, first, second, table) {
  const found = table.find(([ending]) => word.endsWith(ending));
  if (!found) return word;
  const [ending, instead] = found;
  const rest = word.slice(0, -ending.length);
  if (rest.length < first) return word;
  if (ending === "ogi" && !rest.endsWith("l")) return word;
  if (ending === "li" && !(rest && BEFORE_LI.includes(rest.at(-1)))) return word;
  if (ending === "ative" && rest.length < second) return word;
  return rest + instead;
}

function endings(word, second) {
  const ending = FOURTH.find((one) => word.endsWith(one));
  if (!ending) return word;
  const rest = word.slice(0, -ending.length);
  if (rest.length < second || (ending === "ion" && !/[st]$/.test(rest))) return word;
  return rest;
}

function lastLetter(word, first, second) {
  const rest = word.slice(0, -1);
  if (word.endsWith("e")) {
    const drops = rest.length >= second || (rest.length >= first && !endsShort(rest));
    return drops ? rest : word;
  }
  return word.endsWith("ll") && rest.length >= second ? rest : word;
}

/** Return the stem of a word. */
export function stem(given) {
  if (WHOLE.has(given)) return WHOLE.get(given);
  if (given.length < 3) return given;
  let word = marked(given.startsWith("'") ? given.slice(1) : given);
  const beginning = BEGINNINGS.find((one) => word.startsWith(one));
  const first = beginning ? beginning.length : region(word, 0);
  const second = region(word, first);
  word = pasts(plurals(word.replace(/'(?:s'?)?$/, "")), first);
  if (/[yY]$/.test(word) && word.length > 2 && !isVowel(word.at(-2))) {
    word = `${word.slice(0, -1)}i`;
  }
  word = replaced(word, first, second, SECOND);
  word = replaced(word, first, second, THIRD);
  return lastLetter(endings(word, second), first, second).replaceAll("Y", "y");
}
