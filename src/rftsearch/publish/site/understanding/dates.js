// Dates and an order in a question: "since August 2025", "the last three months", "newest papers".
// The rules are those of `rftsearch/search/understanding/dates.py`, whose patterns are used.

import { proseTerms } from "../engine/terms.js";
import { endOf, escaped, fits, has, spanOf } from "./reading.js";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const FIRST_YEAR = "1991";

/** Return the dates and the order of a question. */
export function readDates(reading) {
  const { bounds, orders } = reading.tables.dates;
  const found = [];
  for (const [name, expression] of bounds) {
    for (const match of reading.matches(expression)) {
      if (found.some((one) => match.index < one.end && one.start < endOf(match))) continue;
      const part = BOUNDS[name](match, reading);
      if (part) found.push(part);
    }
  }
  for (const [sort, expression] of orders) {
    const [match] = reading.matches(expression);
    if (match) found.push(reading.part("dates", "sort", match.index, endOf(match), `${sort} first`, { sort }));
  }
  return found;
}

const BOUNDS = {
  between({ index, 0: words, groups }, reading) {
    const last = monthOf(groups.last, reading, true);
    // "From March to May 2025": the year stands once.
    const typed = last && !has(reading.tables.dates.year, groups.first)
      ? `${groups.first} ${last.slice(0, 4)}` : groups.first;
    const first = monthOf(typed, reading);
    if (!first || !last || first > last) return null;
    const label = `from ${shown(typed, first, reading)} to ${shown(groups.last, last, reading)}`;
    return dated(reading, index, words, first, last, label);
  },
  since({ index, 0: words, groups }, reading) {
    const typed = groups.when ?? groups.on;
    const first = monthOf(typed, reading);
    return first && dated(reading, index, words, first, "", `since ${shown(typed, first, reading)}`);
  },
  after({ index, 0: words, groups: { when } }, reading) {
    const last = monthOf(when, reading, true);
    return last && dated(reading, index, words, moved(last, 1), "", `after ${shown(when, last, reading)}`);
  },
  before({ index, 0: words, groups: { when } }, reading) {
    const first = monthOf(when, reading);
    return first && dated(reading, index, words, "", moved(first, -1), `before ${shown(when, first, reading)}`);
  },
  until({ index, 0: words, groups: { when } }, reading) {
    const last = monthOf(when, reading, true);
    return last && dated(reading, index, words, "", last, `until ${shown(when, last, reading)}`);
  },
  last({ index, 0: words, groups }, reading) {
    const { today, tables } = reading;
    const typed = (groups.count ?? "").toLowerCase();
    const unit = groups.unit.toLowerCase();
    const count = /^\d+$/.test(typed) ? Number(typed) : tables.dates.numbers[typed] ?? 1;
    const now = monthOfDay(today);
    if (unit === "year" && !typed) {
      const year = String(today.year - 1);
      return dated(reading, index, words, `${year}-01`, `${year}-12`, `last year: ${year}`);
    }
    if (unit === "month" && !typed && !/\bthe\b|past/i.test(words)) {
      const month = moved(now, -1);
      return dated(reading, index, words, month, month, `last month: ${named(month)}`);
    }
    const days = { day: 1, week: 7 }[unit];
    // Months are the smallest step: the one in which the time begins counts whole.
    const first = days ? daysBefore(today, days * count) : moved(now, -count * (unit === "year" ? 12 : 1));
    const several = count > 1 ? `${count} ${unit}s` : unit;
    return dated(reading, index, words, first, "", `last ${several}: since ${named(first)}`);
  },
  this({ index, 0: words, groups }, reading) {
    const unit = groups.unit.toLowerCase();
    const now = monthOfDay(reading.today);
    if (unit !== "year") return dated(reading, index, words, now, now, `this ${unit}: ${named(now)}`);
    const year = now.slice(0, 4);
    return dated(reading, index, words, `${year}-01`, `${year}-12`, `this year: ${year}`);
  },
  in(match, reading) {
    const { when } = match.groups;
    // "In may" is a month, "of march" hardly one: the year must be there.
    if (["may", "mar", "march"].includes(when.toLowerCase())) return null;
    const [first, last] = [monthOf(when, reading), monthOf(when, reading, true)];
    if (!first || !last || isName(match, reading, match.index) || isCount(match, reading)) return null;
    return dated(reading, match.index, match[0], first, last, `in ${shown(when, first, reading)}`);
  },
  of_papers(match, reading) {
    const name = match.groups.when ? "when" : "behind";
    const typed = match.groups[name];
    const [first, last] = [monthOf(typed, reading), monthOf(typed, reading, true)];
    const [start] = spanOf(match, name);
    const year = first?.slice(0, 4);
    if (!first || year < FIRST_YEAR || year > String(reading.today.year + 1)) return null;
    if (isName(match, reading, start)) return null;
    return dated(reading, start, typed, first, last, `in ${shown(typed, first, reading)}`);
  },
  at_an_end(match, reading) {
    const name = match.groups.when ? "when" : "last";
    const year = match.groups[name];
    const [start] = spanOf(match, name);
    // A year of which there is nothing here is more likely a number, unless it is all that
    // stands beside an author.
    const alone = reading.taken.length > 0 && reading.freeWords().length === 1;
    if (!(alone || hasYear(reading, year)) || isName(match, reading, start)) return null;
    return dated(reading, start, year, `${year}-01`, `${year}-12`, `in ${year}`);
  },
};

function dated(reading, start, words, since, until, label) {
  const filters = { ...(since && { since }), ...(until && { until }) };
  return reading.part("dates", "filter", start, start + words.length, label, { filters });
}

/** Return whether a year belongs to a name that stands before it: ImageNet 2012. */
function isName(match, reading, start) {
  const { tables: { dates }, query, index } = reading;
  const before = reading.words.filter((word) => word.end <= start).at(-1);
  const year = query.slice(start, endOf(match)).match(new RegExp(dates.year.source, "u"))?.[0];
  if (!before || !year || fits(dates.leads, before.text)) return false;
  if (!reading.isFree(before.start, before.end)) return false; // It is an author already.
  const name = before.text;
  const terms = proseTerms(`${name} ${year}`);
  if (terms.length < 2) return false;
  const edge = "(?<![\\p{L}\\p{N}_])";
  const together = new RegExp(`${edge}${escaped(name)}[\\s-]*['\u2019]?(?:${year}|${year.slice(2)})(?![\\p{L}\\p{N}_])`, "iu");
  const isWritten = /^\p{Lu}/u.test(name) || /\p{Lu}/u.test([...name].slice(1).join(""));
  return index.anyText(together) || (isWritten && !index.words.frequency(terms[0]) && name.length > 1);
}

/** Return whether "of 2000" or "in 2000 steps" counts something: nothing here is that old. */
function isCount(match, reading) {
  const { tables: { dates }, query } = reading;
  const { when } = match.groups;
  if (!fits(dates.year, when) || hasYear(reading, when)) return false;
  const [behind] = query.slice(endOf(match)).split(/\s+/u).filter(Boolean);
  const follows = behind !== undefined && !fits(dates.papers, behind.replace(/[^\p{L}\p{N}_]+$/u, ""));
  return follows || match[0].toLowerCase().startsWith("of");
}

const hasYear = ({ index }, year) => index.records.some((one) => one.month?.startsWith(year));

/** Return the month of a date as it is typed; of a year its January, or its December. */
function monthOf(typed, { tables: { dates }, today }, end = false) {
  const digits = /^(\d{4})[-/](\d\d?)$/.exec(typed.trim());
  if (digits) return `${digits[1]}-${digits[2].padStart(2, "0")}`;
  const year = typed.match(dates.year)?.[0];
  const name = typed.match(dates.month)?.[0];
  if (!name) return year ? `${year}-${end ? 12 : "01"}` : null;
  const at = MONTHS.findIndex((month) => month.toLowerCase() === name.slice(0, 3).toLowerCase());
  const inYear = (some) => `${some}-${String(at + 1).padStart(2, "0")}`;
  if (year) return inYear(year);
  // A month without a year is the last one of that name.
  const found = inYear(today.year);
  return found <= monthOfDay(today) ? found : inYear(today.year - 1);
}

/** Return a month so many months later. */
function moved(month, by) {
  const count = 12 * Number(month.slice(0, 4)) + Number(month.slice(5)) - 1 + by;
  return `${String(Math.floor(count / 12)).padStart(4, "0")}-${String((count % 12) + 1).padStart(2, "0")}`;
}

const monthOfDay = ({ year, month }) => `${year}-${String(month).padStart(2, "0")}`;

/** Return the month of the day so many days before another. */
function daysBefore({ year, month, day }, days) {
  const found = new Date(Date.UTC(year, month - 1, day - days));
  return monthOfDay({ year: found.getUTCFullYear(), month: found.getUTCMonth() + 1 });
}

const named = (month) => `${MONTHS[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;

/** Return a date as chips show it: the year alone if only a year was typed. */
const shown = (typed, month, { tables }) =>
  fits(tables.dates.year, typed.trim()) ? month.slice(0, 4) : named(month);
