// What a question says besides its topic: dates and an order, whole names of authors, exact
// phrases and refused words. These are the plain forms of what `rftsearch/search/understanding`
// reads; everything else stays a word that is searched for.

import { fold } from "./terms.js";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?";
const YEAR = "(?:19|20)\\d\\d";
const WHEN = `(?:${YEAR}-(?:0[1-9]|1[0-2])(?!\\d)|(?:${MONTH}\\s+)?${YEAR}(?![-/\\w]))`;
const DOING = "(?:(?:published|released|written|submitted|posted|appearing)\\s+)?";
const TEXTS = "(?:papers?|works?|articles?|publications?|stud(?:y|ies)|research|surveys?|preprints?)";
const FOUND = [
  ["between", `\\b${DOING}(?:from|between)\\s+(${WHEN})\\s*(?:to|until|till|through|and|-|\u2013)\\s*(${WHEN})`],
  ["since", `\\b${DOING}(?:since|starting\\s+(?:in|from))\\s+(${WHEN})`],
  ["after", `\\b${DOING}(?:after|later\\s+than|newer\\s+than)\\s+(${WHEN})`],
  ["before", `\\b${DOING}(?:before|older\\s+than|earlier\\s+than|prior\\s+to)\\s+(${WHEN})`],
  ["until", `\\b${DOING}(?:until|till|up\\s+to)\\s+(${WHEN})`],
  ["in", `\\b(?:published|released|${TEXTS})\\s+(?:in|from|of)\\s+(${WHEN})`],
].map(([kind, pattern]) => [kind, new RegExp(pattern, "gi")]);
const ORDERS = [["newest", "newest|latest|most recent"], ["oldest", "oldest|earliest"]].map(
  ([order, words]) => [order, new RegExp(`\\b(?:the\\s+)?(?:${words})(?:\\s+first\\b|(?=\\s+(?:[\\w-]+\\s+){0,3}?${TEXTS}\\b))`, "i")],
);
const QUOTED = /((?<!\S)-)?["\u201c\u201d]([^"\u201c\u201d]+)["\u201c\u201d]/g;
const REFUSED = /(?<=\s)-([\p{L}\p{N}][\p{L}\p{N}_-]*)(?=[\s,;]|$)/gu;
const BY = /\b(?:(?:papers?|works?|articles?|publications?|research|written|authored|published)\s+)?by\s+/gi;
const JOINING =
  /^(?:[\s,;:]|\b(?:and|or|that|which|who|is|are|was|were|from|in|on|about|of|by|for|with|the)\b(?=[\s,;:]|$))+|(?:[\s,;:]|(?<=[\s,;:])(?:and|or|that|which|who|is|are|was|were|from|in|on|about|of|by|for|with|the)\b)+$|^(?:and|or|from|in|on|about|of|by|for|with|the)$/gi;
const ONLY_ASKING =
  /^(?:(?:papers?|works?|articles?|publications?|stud(?:y|ies)|research|entries|everything|all|any|some|what|which|is|are|there|do|you|have|show|me|us|list|find|give|please|the|a|an|published|released|written|by|from|in|on|of|about|and|with|that|were|was|did|has)\b[\s,;:.?!]*)*$/i;
const MOST_WORDS = 60;

/**
 * Read a question.
 *
 * @param query - One line of text.
 * @param index - Has `records`, `byAuthor` (authors by their folded names) and `rowsWith`.
 * @param ignore - Ids of parts that are plain words.
 * @returns {text, parts}: what is searched for, and the parts {id, label, words, filters, sort,
 *   exact, refused}.
 */
export function understand(query, index, ignore = []) {
  if (ignore.includes("all") || query.split(" ").length > MOST_WORDS) return { text: query, parts: [] };
  const found = [...phrases(query, index), ...authors(query, index), ...dates(query)];
  const parts = [];
  for (const part of found.sort((one, other) => one.start - other.start)) {
    const free = parts.every((one) => part.end <= one.start || one.end <= part.start);
    if (free && !ignore.includes(part.id)) parts.push(part);
  }
  return { text: left(query, parts), parts };
}

const part = (kind, start, end, query, label, more, instead = "") =>
  ({ id: `${kind}:${query.slice(start, end).toLowerCase()}`, start, end, words: query.slice(start, end), label, instead, ...more });

/** Return what is left to search for; the whole question if nothing but filters would be. */
function left(query, parts) {
  let written = "";
  let at = 0;
  for (const one of parts) {
    written += query.slice(at, one.start) + one.instead;
    at = one.end;
  }
  const rest = (written + query.slice(at)).split(/\s+/u).filter(Boolean).join(" ");
  if (!parts.some((one) => !one.instead)) return rest;
  const topic = rest.replace(JOINING, "");
  if (!ONLY_ASKING.test(topic)) return topic;
  return parts.some((one) => one.filters || one.sort) ? "" : query;
}

function* phrases(query, { rowsWith }) {
  for (const match of query.matchAll(QUOTED)) {
    const phrase = match[2].trim().split(/\s+/u).join(" ");
    if (/[\p{L}\p{N}]/u.test(phrase)) yield phrasePart(query, match, phrase, Boolean(match[1]), rowsWith);
  }
  for (const match of query.matchAll(REFUSED)) yield phrasePart(query, match, match[1], true, rowsWith);
}

function phrasePart(query, match, phrase, refused, rowsWith) {
  const having = rowsWith(phrase);
  const [start, end] = [match.index, match.index + match[0].length];
  const has = having.some(Boolean);
  if (refused) {
    const label = has ? `without “${phrase}”` : `no paper mentions “${phrase}”`;
    return part("phrases", start, end, query, label, { refused: having });
  }
  const label = has ? `exactly “${phrase}”` : `no paper has exactly “${phrase}”`;
  return part("phrases", start, end, query, label, has ? { exact: having } : {}, phrase);
}

/** Find whole names of authors behind "by", or as the whole question. */
function* authors(query, { byAuthor }) {
  const words = [...query.matchAll(/[^\s,;]+/gu)];
  const starts = [...query.matchAll(BY)].map((match) => [match.index, match.index + match[0].length]);
  if (byAuthor.has(nameKey(query))) starts.push([0, 0]);
  for (const [start, from] of starts) {
    const behind = words.filter((word) => word.index >= from).slice(0, 5);
    for (let length = behind.length; length > 1; length -= 1) {
      const last = behind[length - 1];
      const end = last.index + last[0].replace(/(?:'s|\u2019s)?[.?!]*$/u, "").length;
      const name = byAuthor.get(nameKey(query.slice(from, end)));
      if (!name) continue;
      yield part("authors", start, end, query, `by ${name}`, { filters: { authors: [name] } });
      break;
    }
  }
}

export const nameKey = (name) => fold(name).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

function* dates(query) {
  for (const [kind, pattern] of FOUND) {
    for (const match of query.matchAll(pattern)) {
      const filters = bounds(kind, match[1], match[2]);
      const keep = kind === "in" ? /^(?:published|released)/i.test(match[0]) : true;
      const start = keep ? match.index : match.index + match[0].search(/\b(?:in|from|of)\b/i);
      const label = kind === "between" ? `from ${match[1]} to ${match[2]}` : `${kind} ${match[1]}`;
      if (filters) yield part("dates", start, match.index + match[0].length, query, label, { filters });
    }
  }
  for (const [sort, pattern] of ORDERS) {
    const match = pattern.exec(query);
    if (match) yield part("dates", match.index, match.index + match[0].length, query, `${sort} first`, { sort });
  }
}

function bounds(kind, first, last) {
  const [begin, end] = [monthOf(first, "01"), monthOf(last ?? first, "12")];
  if (kind === "between") return begin <= end ? { since: begin, until: end } : null;
  if (kind === "since") return { since: begin };
  if (kind === "after") return { since: moved(end, 1) };
  if (kind === "before") return { until: moved(begin, -1) };
  if (kind === "until") return { until: end };
  return { since: begin, until: end };
}

/** Return the month of a date as people write it; of a year alone, its first or last month. */
function monthOf(words, ofYear) {
  const digits = /^(\d{4})-(\d\d)$/.exec(words);
  if (digits) return words;
  const year = words.slice(-4);
  const at = MONTHS.indexOf(words.slice(0, 3).toLowerCase());
  return at < 0 ? `${year}-${ofYear}` : `${year}-${String(at + 1).padStart(2, "0")}`;
}

function moved(month, by) {
  const count = 12 * Number(month.slice(0, 4)) + Number(month.slice(5)) - 1 + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}`;
}
