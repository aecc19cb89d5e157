"""The day on which a list was last changed, as it says."""

from __future__ import annotations

import re
from datetime import date

from rftsearch.text.dates import month_of_words

__all__ = ["day_or_month", "updated_in"]

_NAMES = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?P<year>20\d\d)\s*[-/.\u5e74]\s*(?P<month>\d{1,2})(?:\s*[-/.\u6708]\s*(?P<day>\d{1,2}))?(?!\d)"
    rf"|{_NAMES.format('name')}\s+(?:(?P<after>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<of_name>20\d\d)"
    rf"|(?P<before>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_NAMES.format('second')}[\s,-]+(?P<of_day>20\d\d)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?:\blast[\s_-]*(?:update[ds]?|modified|changed?|edited|revised|commit)|\blatest\s+update"
    r"|\bupdated\s+(?:on|at|in)|\bdate\s+of\s+(?:last\s+)?update|\bas\s+of(?=\W{1,3}(?:20|[A-Z]))"
    r"|\u66f4\u65b0(?:\u65f6\u95f4|\u65e5\u671f|\u4e8e|\u65e5)|\u6700[\u540e\u8fd1]\u66f4\u65b0"
    r"|\u6700\u7d42\u66f4\u65b0\u65e5?)"
    r"[\s:\uff1a*_`(\[\]~|-]{0,8}(?:(?:on|at|in|date|time)\b)?[\s:\uff1a*_`(\[\]~|-]{0,12}",
    re.IGNORECASE,
)


def day_or_month(text: str) -> str:
    """Return the date with which a text begins, `2025-05-03` or `2025-05`; else nothing.

    >>> day_or_month("May 3rd, 2025")
    '2025-05-03'
    """
    found = _DATE.match(text.strip())
    if found is None:
        return ""
    if found["year"]:
        month, day = f"{found['year']}-{int(found['month']):02}", found["day"]
    elif found["name"]:
        month, day = month_of_words(found["name"], found["of_name"]), found["after"]
    else:
        month, day = month_of_words(found["second"], found["of_day"]), found["before"]
    written = f"{month}-{int(day or 1):02}"
    try:
        date.fromisoformat(written)
    except ValueError:
        return ""
    return written if day else month


def updated_in(line: str) -> str:
    """Return the date of the last change that a line states; empty if it states none."""
    for found in _SAYS.finditer(line):
        if said := day_or_month(line[found.end() : found.end() + 40]):
            return said
    return ""
