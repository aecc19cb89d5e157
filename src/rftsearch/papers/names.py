"""The short name with which a title begins: "VLM-R1: A Stable Model"."""

from __future__ import annotations

import re

__all__ = ["MOST_WORDS_IN_QUERY", "name_in_title", "split_title"]

_MOST_WORDS = 3
"""More words before a colon are a topic rather than a name."""
MOST_WORDS_IN_QUERY = 4
"""Words of a name that a query may hold: lists give some papers a name of four."""

_NAME_IN_TITLE = re.compile(r"([^:]{2,40}):\s")


def name_in_title(title: str) -> str | None:
    """Return the name with which a title begins, of up to three words; None if there is none."""
    match = _NAME_IN_TITLE.match(title)
    name = match[1].strip() if match else ""
    return name if 0 < len(name.split()) <= _MOST_WORDS else None


def split_title(title: str) -> tuple[str, str]:
    """Return what stands before the first colon and what stands after it.

    Without a colon, or if nothing follows it, the first is empty and the second all.
    """
    before, _, after = title.partition(": ")
    return (before, after.lstrip()) if after.strip() else ("", title)
