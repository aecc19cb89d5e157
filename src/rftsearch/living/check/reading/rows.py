"""Where the entries of a library or a table stand: by the lines that their readers tell."""

from __future__ import annotations

import re
from functools import cached_property

from rftsearch.papers.paper import Paper
from rftsearch.sources.base import ParsedList
from rftsearch.sources.markdown.link_places import LinkPlace
from rftsearch.sources.markdown.places import EntryPlace, ListPlaces

__all__ = ["RowPlaces", "find_rows"]

_ADDRESS = re.compile(r"https?://[^\s\"'{}<>|\\^`]+", re.IGNORECASE)
_AFTER = ".,;:!?)]"
"""What follows an address and is no part of it."""


class RowPlaces(ListPlaces):
    """Places in a text without Markdown: no headings, and addresses are all its links."""

    @cached_property
    def links(self) -> tuple[LinkPlace, ...]:
        """Return all addresses, in the order of the text."""
        found = []
        for match in _ADDRESS.finditer(self.text):
            address = match[0].rstrip(_AFTER)
            start, end = match.start(), match.start() + len(address)
            found.append(LinkPlace("bare", "", address, start, end, start, end))
        return tuple(found)


def find_rows(text: str, parsed: ParsedList) -> RowPlaces:
    """Find the entries of a library or a table in its text.

    An entry ends where the next one begins.

    Args:
        text: The text, without a byte order mark.
        parsed: What was read of it.
    """
    lines = re.split(r"\r\n?|\n", text)
    by_line: dict[int, list[Paper]] = {}
    for paper in parsed.papers:
        if paper.provenance:
            by_line.setdefault(min(paper.provenance[0].line, len(lines)), []).append(paper)
    starts = sorted(by_line)
    entries = []
    for first, after in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        last = after - 1
        while last > first and not lines[last - 1].strip():
            last -= 1
        entries.append(EntryPlace(tuple(by_line[first]), first, last, "row"))
    return RowPlaces(text, parsed, tuple(entries), ())
