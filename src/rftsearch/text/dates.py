"""Months and days as arXiv, lists and files write them, and how dates of them compare.

A *date* here is a year, a month or a day: `2024`, `2024-05`, `2024-05-03`. Dates of different
precision do not compare as text: `2024` is less than `2024-05`, but may be a later day. So a date
is the days that it may mean, and what compares dates says what it wants of them.
"""

from __future__ import annotations

import re
from datetime import date

__all__ = [
    "check_date",
    "day_of",
    "first_day",
    "is_from",
    "is_month",
    "lies_after",
    "lies_before",
    "may_lie_within",
    "month_of_digits",
    "month_of_words",
]

_LAST_YEAR = 2199
"""Later ones are fillers such as 9999-12-31; an index holds months up to the year 2730."""
_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
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


def check_date(text: str) -> str:
    """Return a year, a month or a day without blanks around it.

    Raises:
        ValueError: It is something else.
    """
    text = text.strip()
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    date.fromisoformat(first_day(text))
    return text


def first_day(when: str) -> str:
    """Return the first day that a date may mean: `2024-01-01` of `2024`. A time is of its day."""
    return when[:10] + "-01-01"[len(when) - 4 :]


def _last_day(when: str) -> str:
    """Return the last day that a date may mean; the 31st of any month, which compares as well."""
    return when[:10] + "-12-31"[len(when) - 4 :]


def lies_before(when: str, bound: str) -> bool:
    """Return whether all days that a date may mean are before the first one of a bound."""
    return _last_day(when) < first_day(bound)


def lies_after(when: str, bound: str) -> bool:
    """Return whether all days that a date may mean are after the last one of a bound."""
    return first_day(when) > _last_day(bound)


def is_from(when: str, bound: str) -> bool:
    """Return whether all days that a date may mean are the first one of a bound or later."""
    return first_day(when) >= first_day(bound)


def may_lie_within(when: str, since: str, until: str) -> bool:
    """Return whether a day of a date may be from the first of `since` to the last of `until`.

    A year alone may lie within one of its months.
    """
    return not lies_before(when, since) and not lies_after(when, until)
