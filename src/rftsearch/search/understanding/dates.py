"""Dates and order in a question: "since August 2025", "newest", "the last three months".

A year alone is a date only where the words around it say so ("2026 papers", "from 2023"), or
where it stands at an end of the question and no paper has it in a name beside the same word:
ImageNet 2012 and COCO 2017 are names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rftsearch.papers.asked.understood import DateOrder, Part
from rftsearch.papers.filters import Filters
from rftsearch.search.understanding.cues import DATES
from rftsearch.search.understanding.reading import Reading
from rftsearch.text.dates import month_of_words
from rftsearch.text.terms import prose_terms

__all__ = ["TABLE", "read_dates"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_WHEN = (
    rf"(?:{_YEAR}[-/](?:0?[1-9]|1[0-2])(?!\d)|(?:{_MONTH}\s+(?:of\s+)?)?{_YEAR}(?![-/\w])"
    rf"|{_MONTH}(?![\w-]))"
)
_PAPERS = (
    r"(?:papers?|works?|articles?|publications?|stud(?:y|ies)|methods?|models?|benchmarks?"
    r"|datasets?|surveys?|reviews?|research|results?|advances|preprints?)"
)
_DOING = r"(?:(?:published|released|written|submitted|posted|appearing|out|new)\s+)?"
_NUMBER = {
    **{"a": 1, "one": 1, "couple of": 2, "two": 2, "few": 3, "three": 3, "four": 4, "five": 5},
    **{"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12},
}
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBER)})"
_UNITS = r"(?:day|week|month|year)"

_BETWEEN = re.compile(
    rf"\b{_DOING}(?:from|between)\s+(?P<first>{_WHEN})\s*(?:to|until|till|through|and|-|\u2013)\s*"
    rf"(?P<last>{_WHEN})",
    re.IGNORECASE,
)
_SINCE = re.compile(
    rf"\b{_DOING}(?:since|starting\s+(?:in|from)|no\s+(?:older|earlier)\s+than)\s+"
    rf"(?P<when>{_WHEN})(?:\s+on(?:wards?)?\b)?"
    rf"|\b{_DOING}from\s+(?P<on>{_WHEN})\s+(?:on|onwards?|or\s+later)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\b{_DOING}(?:after|later\s+than|newer\s+than|more\s+recent\s+than)\s+(?P<when>{_WHEN})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"\b{_DOING}(?:before|older\s+than|earlier\s+than|prior\s+to)\s+(?P<when>{_WHEN})",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    rf"\b{_DOING}(?:until|till|up\s+to|through|by\s+the\s+end\s+of)\s+(?P<when>{_WHEN})",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"\b{_DOING}(?:in|during|within|over|of|from)?\s*(?:the\s+)?(?:last|past|previous)\s+"
    rf"(?:(?P<count>{_COUNT})\s+)?(?P<unit>{_UNITS})s?\b",
    re.IGNORECASE,
)
_THIS = re.compile(
    rf"\b{_DOING}(?:in|of|from|during)?\s*this\s+(?P<unit>week|month|year)(?:'s)?\b", re.IGNORECASE
)
# A year that says when: before or behind papers, or led by words of time.
_IN = re.compile(
    rf"\b{_DOING}(?:in|from|of|during)\s+(?P<when>{_WHEN})(?!\s*(?:to|-|\u2013)\s*\d)",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(
    rf"\b(?P<when>(?:{_MONTH}\s+)?{_YEAR})(?='?s?\s+(?:\w+[\s-]+){{0,3}}?{_PAPERS}\b)"
    rf"|\b{_PAPERS}\s+(?P<behind>(?:{_MONTH}\s+)?{_YEAR})\b",
    re.IGNORECASE,
)
_MONTH_AND_YEAR = re.compile(rf"\b(?P<when>{_MONTH}\s+{_YEAR})\b", re.IGNORECASE)
_AT_AN_END = re.compile(rf"^(?P<when>{_YEAR})(?=\s)|(?<=\s)(?P<last>{_YEAR})\W*$")
_TEXTS = r"(?:papers?|works?|articles?|publications?|stud(?:y|ies)|research|surveys?|preprints?)"
# "The latest frame" and "the latest models" are no order: it must speak of papers, or be all.
_NEWEST, _OLDEST = (
    re.compile(
        rf"\b(?:(?:the\s+)?(?:{words})\s+first|sort(?:ed)?\s+by\s+(?:date|{words}))\b"
        rf"|\b(?:the\s+)?(?:{words})(?=\s+(?:[\w-]+\s+){{0,3}}?{_TEXTS}\b)|^(?:the\s+)?(?:{words})$",
        re.IGNORECASE,
    )
    for words in ("newest|latest|most recent", "oldest|earliest")
)


def read_dates(reading: Reading) -> Iterator[Part]:
    """Find dates and orders; "this year" and the like are counted from `reading.today`."""
    if DATES.search(reading.query) is None:
        return
    found: list[Part] = []
    for pattern, bounds in _BOUNDS:
        for match in reading.matches(pattern):
            if any(match.start() < part.end and part.start < match.end() for part in found):
                continue
            part = bounds(match, reading)
            if part is not None:
                found.append(part)
    yield from found
    for pattern, order, label in _ORDERS:
        for match in reading.matches(pattern):
            yield Part("dates", "sort", *match.span(), match[0], label, sort=order)
            return


# --- what each pattern means -----------------------------------------------------------------


def _between(match: re.Match[str], reading: Reading) -> Part | None:
    last = _month(match["last"], reading.today, end=True)
    first_text = match["first"]
    if last and not re.search(_YEAR, first_text):  # "from March to May 2025"
        first_text = f"{first_text} {last[:4]}"
    first = _month(first_text, reading.today)
    if not first or not last or first > last:
        return None
    return _filter(
        match, first, last, f"from {_shown(first_text, first)} to {_shown(match['last'], last)}"
    )


def _since(match: re.Match[str], reading: Reading) -> Part | None:
    typed = match["when"] or match["on"]
    first = _month(typed, reading.today)
    return _filter(match, first, None, f"since {_shown(typed, first)}") if first else None


def _after(match: re.Match[str], reading: Reading) -> Part | None:
    last = _month(match["when"], reading.today, end=True)
    if not last:
        return None
    return _filter(match, _moved(last, 1), None, f"after {_shown(match['when'], last)}")


def _before(match: re.Match[str], reading: Reading) -> Part | None:
    first = _month(match["when"], reading.today)
    if not first:
        return None
    return _filter(match, None, _moved(first, -1), f"before {_shown(match['when'], first)}")


def _until(match: re.Match[str], reading: Reading) -> Part | None:
    last = _month(match["when"], reading.today, end=True)
    return _filter(match, None, last, f"until {_shown(match['when'], last)}") if last else None


def _last(match: re.Match[str], reading: Reading) -> Part | None:
    word, unit = (match["count"] or "").casefold(), match["unit"].casefold()
    count = int(word) if word.isdigit() else _NUMBER.get(word, 1)
    now = _of_day(reading.today)
    if unit == "year" and not word:  # "last year": the year before this one
        year = str(reading.today.year - 1)
        said = f"last year: {year}"
        return _filter(match, f"{year}-01", f"{year}-12", said)
    if unit == "month" and not word and not re.search(r"\bthe\b|past", match[0], re.IGNORECASE):
        month = _moved(now, -1)
        return _filter(match, month, month, f"last month: {_named(month)}")
    days = {"day": 1, "week": 7}.get(unit)
    if days:  # Months are the smallest step: the one in which the time begins counts whole.
        begin = date.fromordinal(max(1, reading.today.toordinal() - days * count))
        first = _of_day(begin)
    else:
        first = _moved(now, -count * (12 if unit == "year" else 1))
    several = f"{count} {unit}s" if count > 1 else unit
    return _filter(match, first, None, f"last {several}: since {_named(first)}")


def _this(match: re.Match[str], reading: Reading) -> Part | None:
    unit, now = match["unit"].casefold(), _of_day(reading.today)
    if unit == "year":
        year = now[:4]
        return _filter(match, f"{year}-01", f"{year}-12", f"this year: {year}")
    return _filter(match, now, now, f"this {unit}: {_named(now)}")


def _in(match: re.Match[str], reading: Reading) -> Part | None:
    when = match["when"]
    if re.fullmatch(_MONTH, when, re.IGNORECASE) and when.casefold() in {"may", "mar", "march"}:
        return None  # "in may" is a month, "of march" hardly one: the year must be there
    first, last = _month(when, reading.today), _month(when, reading.today, end=True)
    if not first or not last or _is_name(match, reading) or _is_count(match, reading):
        return None
    return _filter(match, first, last, f"in {_shown(when, first)}")


def _of_papers(match: re.Match[str], reading: Reading) -> Part | None:
    name = "when" if match["when"] else "behind"
    first, last = (_month(match[name], reading.today, end=end) for end in (False, True))
    start, end = match.span(name)
    if not first or not last or not "1991" <= first[:4] <= str(reading.today.year + 1):
        return None
    if _is_name(match, reading, start):
        return None
    only, label = Filters(since=first, until=last), f"in {_shown(match[name], first)}"
    return Part("dates", "filter", start, end, match[name], label, filters=only)


def _at_an_end(match: re.Match[str], reading: Reading) -> Part | None:
    name = "when" if match["when"] else "last"
    year, (start, end) = match[name], match.span(name)
    # A year of which there is nothing here is more likely a number, unless it is all that
    # stands beside an author.
    alone = bool(reading.taken) and len(reading.free_words()) == 1
    if not (alone or _has_year(reading, year)) or _is_name(match, reading, start):
        return None
    only = Filters(since=year, until=year)
    return Part("dates", "filter", start, end, year, f"in {year}", filters=only)


_BOUNDS = (
    (_BETWEEN, _between),
    (_SINCE, _since),
    (_AFTER, _after),
    (_BEFORE, _before),
    (_UNTIL, _until),
    (_LAST, _last),
    (_THIS, _this),
    (_IN, _in),
    (_OF_PAPERS, _of_papers),
    (_MONTH_AND_YEAR, _in),
    (_AT_AN_END, _at_an_end),
)
_ORDERS: tuple[tuple[re.Pattern[str], DateOrder, str], ...] = (
    (_NEWEST, "newest", "newest first"),
    (_OLDEST, "oldest", "oldest first"),
)


# --- names with a year -----------------------------------------------------------------------

_LEADS = re.compile(
    r"(?:in|from|of|during|since|before|after|until|on|by|at|for|with|and|or|the|about|papers?"
    r"|works?|published|released)",
    re.IGNORECASE,
)


def _is_name(match: re.Match[str], reading: Reading, start: int | None = None) -> bool:
    """Return whether a year belongs to a name that stands before it: ImageNet 2012.

    The collection decides: its texts have the year right behind that word, or do not know
    the word, which is written as a name.
    """
    at = match.start() if start is None else start
    before = [word for word in reading.words if word.end <= at]
    year = re.search(_YEAR, reading.query[at : match.end()])
    if not before or year is None or _LEADS.fullmatch(before[-1].text):
        return False
    if not reading.is_free(before[-1].start, before[-1].end):
        return False  # It is something else already: an author.
    name = before[-1].text
    terms = prose_terms(f"{name} {year[0]}")
    if len(terms) < 2:
        return False
    named = name[:1].isupper() or any(letter.isupper() for letter in name[1:])
    lexical = reading.generation.lexical
    together = lexical.search(terms, 20)[1]
    pairs = sum(_side_by_side(reading, int(identifier), name, year[0]) for identifier in together)
    return pairs > 0 or (named and not lexical.frequency(terms[0]) and len(name) > 1)


def _is_count(match: re.Match[str], reading: Reading) -> bool:
    """Return whether "of 2000" or "in 2000 steps" counts something: nothing here is that old."""
    year = match["when"]
    if not re.fullmatch(_YEAR, year) or _has_year(reading, year):
        return False
    behind = reading.query[match.end() :].split()
    follows = bool(behind) and re.fullmatch(rf"{_PAPERS}\W*", behind[0], re.IGNORECASE) is None
    return follows or match[0].casefold().startswith("of")


def _has_year(reading: Reading, year: str) -> bool:
    return any(month.startswith(year) for month in reading.generation.attributes.months())


def _side_by_side(reading: Reading, identifier: int, name: str, year: str) -> bool:
    paper = reading.generation.store.papers([identifier]).get(identifier)
    if paper is None:
        return False
    pattern = rf"\b{re.escape(name)}[\s-]*['\u2019]?(?:{year}|{year[2:]})\b"
    return re.search(pattern, f"{paper.title} {paper.abstract}", re.IGNORECASE) is not None


# --- months ----------------------------------------------------------------------------------


def _filter(match: re.Match[str], first: str | None, last: str | None, label: str) -> Part:
    only = Filters(since=first, until=last)
    return Part("dates", "filter", *match.span(), match[0], label, filters=only)


def _month(text: str, today: date, *, end: bool = False) -> str | None:
    """Return the month of a date as it is typed; of a year its January, or its December.

    A month without a year is the last one of that name.
    """
    digits = re.fullmatch(rf"({_YEAR})[-/](\d\d?)", text.strip())
    if digits:
        return f"{digits[1]}-{int(digits[2]):02}"
    year = re.search(_YEAR, text)
    name = re.search(_MONTH, text, re.IGNORECASE)
    if name is None:
        return f"{year[0]}-{12 if end else 1:02}" if year else None
    if year is not None:
        return month_of_words(name[0], year[0])
    found = month_of_words(name[0], str(today.year))
    return found if found <= _of_day(today) else month_of_words(name[0], str(today.year - 1))


def _moved(month: str, by: int) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04}-{number + 1:02}"


def _of_day(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _named(month: str) -> str:
    return date.fromisoformat(f"{month}-01").strftime("%b %Y")


def _shown(typed: str, month: str) -> str:
    """Return a date as chips show it: the year alone if only a year was typed."""
    return month[:4] if re.fullmatch(_YEAR, typed.strip()) else _named(month)


TABLE: Mapping[str, Any] = {
    "bounds": [(bounds.__name__.strip("_"), pattern) for pattern, bounds in _BOUNDS],
    "orders": [(order, pattern) for pattern, order, _ in _ORDERS],
    "numbers": _NUMBER,
    "year": re.compile(_YEAR),
    "month": re.compile(_MONTH, re.IGNORECASE),
    "leads": _LEADS,
    "papers": re.compile(_PAPERS, re.IGNORECASE),
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""
