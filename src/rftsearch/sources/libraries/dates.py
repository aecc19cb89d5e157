"""Dates as libraries write them: `2025-03-17`, `mar`, `17 March 2025`, `2025/03//Spring`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

__all__ = ["UNKNOWN", "When", "read_date", "when_of"]

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# What German, French, Spanish, Italian and Portuguese libraries hold, where it begins otherwise.
_FOREIGN = {
    "mär": 3, "mae": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "avr": 4, "juin": 6, "juil": 7,
    "aoû": 8, "aou": 8, "déc": 12, "ene": 1, "abr": 4, "ago": 8, "dic": 12, "gen": 1, "mag": 5,
    "giu": 6, "lug": 7, "set": 9, "ott": 10, "fev": 2, "out": 10,
}  # fmt: skip
_LONGEST = 100
"""Characters of a date that are looked at."""

_NUMBERS = re.compile(
    r"\s*(?P<year>\d{4})(?:[-/.]\s*(?P<month>\d{1,2})(?!\d)(?:[-/.](?P<day>\d{1,2})(?!\d))?)?"
)
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20|21)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_DAY = re.compile(r"(?<![\d/])(?:0?[1-9]|[12]\d|3[01])(?![\d/])")


@dataclass(frozen=True, slots=True)
class When:
    """A date, as exactly as it is known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def released(self) -> str | None:
        """The month, `2025-03`, or the year, `2025`; None if there is none."""
        if self.year is None:
            return None
        return f"{self.year:04}" + (f"-{self.month:02}" if self.month else "")

    @property
    def published(self) -> str | None:
        """The day, `2025-03-17`; None if it is not known."""
        return f"{self.released}-{self.day:02}" if self.day else None


UNKNOWN = When()


def read_date(text: str) -> When:
    """Read a date in any of the forms in which people and programs write one.

    >>> read_date("2025-03-17"), read_date("March 2025"), read_date("2025/03//Spring")
    (When(year=2025, month=3, day=17), When(year=2025, month=3, day=None), \
When(year=2025, month=3, day=None))
    """
    text = text[:_LONGEST]
    numbers = _NUMBERS.match(text)
    if numbers and _YEAR.fullmatch(numbers["year"]):
        rest = text[numbers.end() :]
        if numbers["month"] is None and (month := _month_named(rest)):
            return when_of(numbers["year"], str(month), _day_in(rest))
        return when_of(numbers["year"], numbers["month"] or "", numbers["day"] or "")
    year = _YEAR.search(text)
    if year is None:
        return UNKNOWN
    rest = f"{text[: year.start()]} {text[year.end() :]}"
    month = _month_named(rest)
    return when_of(year[0], str(month or ""), _day_in(rest) if month else "")


def when_of(year: str, month: str = "", day: str = "") -> When:
    """Make a date of its parts, each as a file has it; what makes no sense is left out.

    Args:
        year: A text with a year of four digits in it.
        month: A number, or a name in full or short; a day may stand beside the name, as in
            `mar # "~17"`.
        day: A number.
    """
    found = _YEAR.search(year[:_LONGEST])
    if found is None:
        return UNKNOWN
    month = month[:_LONGEST]
    number = int(month) if re.fullmatch(r"\s*\d{1,2}\s*", month) else _month_named(month)
    if not number or not 1 <= number <= 12:
        return When(int(found[0]))
    day = day or ("" if month.strip().isdigit() else _day_in(month))
    try:
        whole = date(int(found[0]), number, int(day))
    except ValueError:
        return When(int(found[0]), number)
    return When(whole.year, whole.month, whole.day)


def _month_named(text: str) -> int | None:
    """Return the number of the first month that a text names."""
    for word in _WORD.findall(text.lower()):
        if word[:3] in _NAMES:
            return _NAMES.index(word[:3]) + 1
        if found := _FOREIGN.get(word[:4]) or _FOREIGN.get(word[:3]):
            return found
    return None


def _day_in(text: str) -> str:
    """Return the only number in a text that may be a day; of `17--19 March` it is the first."""
    found = _DAY.search(text)
    return found[0] if found else ""
