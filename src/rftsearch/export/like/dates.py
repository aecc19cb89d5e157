"""Months, days and years as a list writes them, and others in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rftsearch.text.dates import month_of_words

__all__ = ["DateForm", "find_dates", "venue_alone", "write_venue"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_WHOLE = {"june", "july"}
_NAME = (
    r"(?P<name>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"


@dataclass(frozen=True, slots=True)
class DateForm:
    """A date of a list, and how it is written."""

    text: str
    """As it stands there: `2025-04-10`."""
    month: str | None
    """What it says: `2025-04`; None for a year alone."""
    year: str
    groups: tuple[tuple[str, int, int], ...]
    """Its parts with their places in `text`: `year`, `short`, `month`, `name`, `day`."""

    @property
    def short_name(self) -> bool | None:
        """Return whether its month is shortened; None without a name, and for May."""
        name = self._part("name").lower()
        return None if name in {"", "may"} else len(name) <= len("Sept") and name not in _WHOLE

    def _part(self, wanted: str) -> str:
        return next((self.text[a:b] for name, a, b in self.groups if name == wanted), "")

    def write(
        self, month: str | None, day: str | None = None, *, short_names: bool = True
    ) -> str | None:
        """Return another date in this form; without its day if none is known.

        Args:
            month: `2025-03`, or a year for a form that has no month.
            day: `2025-03-17`; it counts only if it is of that month.
            short_names: Whether the list shortens months, where this date does not say it.

        Returns:
            None if the form needs a month and there is none.
        """
        if month is None or (self.month is not None and len(month) < len("2025-03")):
            return None
        known = day[8:10] if day and day[:7] == month[:7] else None
        written, at = "", 0
        for name, start, end in self.groups:
            between, old = self.text[at:start], self.text[start:end]
            if name == "day" and known is None:
                at = end
                written += _without_day(between, self.text[end:])
                at += len(self.text[end:]) - len(self.text[end:].lstrip(" ,.-/"))
                continue
            at = end
            written += between
            if name == "name":
                short = short_names if self.short_name is None else self.short_name
                written += _month_name(old, month, short=short)
            elif name == "day":
                written += _day(old, known or "", padded=bool(self._part("month")))
            else:
                written += _digits(name, old, month)
        return (written + self.text[at:]).strip(" ,")


def _without_day(before: str, after: str) -> str:
    """Return what stays of the signs around a day: one of them, where a part follows."""
    return before if not before.strip() or after.strip() else ""


def _month_name(old: str, month: str, *, short: bool) -> str:
    name = _MONTHS[int(month[5:7]) - 1]
    name = name[:3] if short else name
    return name.upper() if old.isupper() else name.lower() if old.islower() else name


def _day(old: str, day: str, *, padded: bool) -> str:
    """Return a day as another one is written: `03`, `3`, `3rd`.

    Args:
        old: The other one.
        day: Two digits.
        padded: Whether two digits say that days have two, as in `2025-04-10`.
    """
    digits = re.match(r"\d+", old)
    like = digits[0] if digits else ""
    two = like.startswith("0") or (padded and len(like) == len("10"))
    written = day if two else str(int(day))
    if len(like) < len(old):
        ending = {"1": "st", "2": "nd", "3": "rd"}.get(written[-1], "th")
        written += "th" if written in {"11", "12", "13"} else ending
    return written


def _digits(name: str, old: str, month: str) -> str:
    if name == "month":
        return month[5:7] if len(old) == len("10") else str(int(month[5:7]))
    return month[:4] if name == "year" else month[2:4]


_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\d.]){_YEAR}[-/.](?P<month>1[0-2]|0?[1-9])[-/.](?P<day>[0-3]?\d)(?!\d)",
        rf"(?<!\d)(?P<day>[0-3]?\d(?:st|nd|rd|th)?)[ -]{_NAME}\b[.,]?[ -]*{_YEAR}(?!\d)",
        rf"\b{_NAME}\b[.,]?\s+(?P<day>[0-3]?\d(?:st|nd|rd|th)?)[.,]?\s+{_YEAR}(?!\d)",
        rf"\b{_NAME}\b[.,]?['\s]*{_YEAR}(?!\d)",
        rf"(?<![\d.]){_YEAR}[,/\s.-]*{_NAME}\b",
        rf"(?<![\d.]){_YEAR}[-/.](?P<month>1[0-2]|0?[1-9])(?![\d.-])",
        r"(?<=\[)(?P<short>[0-9]\d)(?P<month>0[1-9]|1[0-2])(?=\])",
        r"(?<![\d/.-])(?P<short>[12]\d)[/.-](?P<month>0[1-9]|1[0-2])(?![\d/.-])",
        rf"(?<![\d/.-]){_YEAR}(?![\d/-]|\.\d)",
        r"(?<=[A-Za-z]['\u2019`])(?P<short>\d\d)(?!\d)",
    )
]


def find_dates(text: str) -> Iterator[tuple[int, int, DateForm]]:
    """Yield the dates of a text with their places; no two of them overlap."""
    taken: list[tuple[int, int]] = []
    for form in _FORMS:
        for found in form.finditer(text):
            start, end = found.span()
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            yield start, end, _read(found)


def _read(found: re.Match[str]) -> DateForm:
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    start = found.start()
    groups = sorted(
        ((name, found.start(name) - start, found.end(name) - start) for name in parts),
        key=lambda group: group[1],
    )
    short = parts.get("short", "")
    century = "19" if short > "90" else "20"
    year = parts.get("year") or f"{century}{short}"
    month = None
    if "name" in parts:
        month = month_of_words(parts["name"], year)
    elif "month" in parts:
        month = f"{year}-{int(parts['month']):02}"
    return DateForm(found[0], month, year, tuple(groups))


# --- venues with their year --------------------------------------------------------------

_OF_YEAR = re.compile(r"(?P<name>.*\w)(?P<between>[,'\u2019 ]+)(?P<year>(?:19|20)\d\d)", re.DOTALL)


def write_venue(venue: str, year: str | None, like: str) -> str:
    """Return a venue as the list writes another one.

    Args:
        venue: `CVPR 2024`, or `Nature`.
        year: What to write behind a venue without a year, if the list does so; None for nothing.
        like: The other venue in the list: `ICRA, 2021`.
    """
    usual, own = _OF_YEAR.fullmatch(like), _OF_YEAR.fullmatch(venue)
    if usual is None:
        return venue
    name, year = (own["name"], own["year"]) if own else (venue, year)
    return f"{name}{usual['between']}{year}" if year and year not in name else venue


def venue_alone(venue: str | None, released: str | None) -> str | None:
    """Return a venue without the year of its paper, which many lists write behind it."""
    own = _OF_YEAR.fullmatch(venue or "")
    return own["name"] if own and own["year"] == (released or "")[:4] else venue
