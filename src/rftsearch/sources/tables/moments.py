"""When a paper appeared, from the columns of a table that say it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rftsearch.sources.libraries.dates import UNKNOWN, When, read_date, when_of
from rftsearch.text.dates import is_month, month_of_digits

__all__ = ["When", "moment_of", "shows_day_first", "when_of"]

_NUMBERS = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?![\d/.-]).*", re.DOTALL)
_MONTH_AND_YEAR = re.compile(r"\s*(0?[1-9]|1[0-2])\s*[/.-]\s*((?:19|20)\d\d)\s*")
_DIGITS = re.compile(r"\s*((?:19|20)\d\d)(\d\d)(\d\d)?\s*")
_SHORT = re.compile(r"\s*\[?(\d{4})\]?\s*")
_POINT_NOTHING = re.compile(r"\.0+\s*$")
"""What programs that read a column with gaps as numbers write behind them."""


def shows_day_first(texts: Iterable[str]) -> bool | None:
    """Return whether dates such as 3/4/2025 begin with the day; None if no date shows it.

    Args:
        texts: All dates of a file: one of them may have a day after the 12th.
    """
    found: set[bool] = set()
    for text in texts:
        if numbers := _NUMBERS.fullmatch(text[:100]):
            first, second = int(numbers[1]), int(numbers[3])
            if numbers[2] == "." or (first > 12 >= second):
                found.add(True)
            elif second > 12 >= first:
                found.add(False)
    return found.pop() if len(found) == 1 else None


def moment_of(
    dates: Iterable[str],
    year: str,
    month: str,
    day: str,
    *,
    day_first: bool | None,
    reasons: list[str],
) -> When:
    """Return when a paper appeared, as exactly as any column says it.

    Args:
        dates: What stands in columns of dates.
        year: What stands in the column of the year.
        month: What stands in that of the month; it may hold the year too.
        day: What stands in that of the day.
        day_first: See `shows_day_first`.
        reasons: A date of which the month is not clear is added here.
    """
    found = [_read(text, day_first, reasons) for text in dates]
    month, day = _POINT_NOTHING.sub("", month), _POINT_NOTHING.sub("", day)
    found.append(when_of(year, month, day) if year else _read(month, day_first, reasons))
    if len(year) > len("2025.0"):  # A whole date.
        found.append(_read(year, day_first, reasons))
    return max(
        found, key=lambda when: (when.month is not None, when.day is not None), default=UNKNOWN
    )


def _read(text: str, day_first: bool | None, reasons: list[str]) -> When:
    text = _POINT_NOTHING.sub("", text[:100])
    if numbers := _NUMBERS.fullmatch(text):
        return _of_numbers(text, numbers, day_first, reasons)
    if found := _MONTH_AND_YEAR.fullmatch(text):
        return when_of(found[2], found[1])
    if (found := _DIGITS.fullmatch(text)) and is_month(found[2]):
        return when_of(found[1], found[2], found[3] or "")
    if (found := _SHORT.fullmatch(text)) and not found[1].startswith(("19", "20")):
        known = month_of_digits(found[1])
        return read_date(known) if known else UNKNOWN
    return read_date(text)


def _of_numbers(
    text: str, numbers: re.Match[str], day_first: bool | None, reasons: list[str]
) -> When:
    first, second = numbers[1], numbers[3]
    year = numbers[4] if len(numbers[4]) == 4 else f"20{numbers[4]}"
    if numbers[2] == "." or int(first) > 12:
        day_first = True
    elif int(second) > 12 or int(first) == int(second):
        day_first = False
    if day_first is None:
        reasons.append(
            f"the month of the date {text.strip()} is not clear, so only its year is read; "
            f"write it as {year}-{int(first):02}-{int(second):02}"
        )
        return when_of(year)
    month, day = (second, first) if day_first else (first, second)
    return when_of(year, month, day)
