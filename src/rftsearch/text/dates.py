"""Months and days as arXiv, lists and files write them."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["day_of", "is_month", "month_of_digits", "month_of_words"]

_LAST_YEAR = 2199
"""Later ones are fillers such as 9999-12-31; an index holds months up to the year 2730."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# As mail and arXiv write it: `Mon, 3 Mar 2025 10:00:00 GMT`.
_MAIL = re.compile(r"(?:[A-Za-z]{3},\s+)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\b", re.ASCII)


def is_month(digits: str) -> bool:
    """Return whether two digits are the number of a month, `01` to `12`."""
    return "01" <= digits <= "12"


def month_of_digits(digits: str) -> str | None:
    """Return the month of four digits, year first: `2025-03` of `2503`; None if it is not a month.

    Years from 91 on are of the last century: arXiv began in 1991.
    """
    year, month = digits[:2], digits[2:]
    return f"{'19' if year > '90' else '20'}{year}-{month}" if is_month(month) else None


def month_of_words(name: str, year: str) -> str:
    """Return the month of an English name, long or short, and a year: `2025-03` of `March`.

    Raises:
        ValueError: The name is of no month.
    """
    return f"{year}-{_MONTHS.index(name[:3].lower()) + 1:02}"


def day_of(text: str) -> str:
    """Return the day of `Mon, 3 Mar 2025 10:00:00 GMT` or `2025-03-03T10:00:00Z`: `2025-03-03`.

    Raises:
        ValueError: It does not begin with a day, or with one after the year 2199.
    """
    match = _MAIL.match(text)
    if match and match[2].lower() in _MONTHS:
        day = date(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
    else:
        day = date.fromisoformat(text[:10])
    if day.year > _LAST_YEAR:
        raise ValueError(day)
    return day.isoformat()
