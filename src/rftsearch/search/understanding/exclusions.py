"""Reads what a question does without: "without SFT", "but not radiology", "don't need labels"."""

from __future__ import annotations

from collections.abc import Iterator

from rftsearch.papers.asked.understood import Part
from rftsearch.search.understanding.cues import WITHOUT
from rftsearch.search.understanding.reading import Reading

__all__ = ["read_exclusions"]


def read_exclusions(reading: Reading) -> Iterator[Part]:
    """Yield what papers should do without."""
    query = reading.query
    if WITHOUT.search(query) is None:
        return
    from rftsearch.text.reading.exclusions import find_exclusions  # noqa: PLC0415 - seldom

    for found in find_exclusions(query):
        words = query[found.start : found.end].strip(" ,;")
        start = query.index(words, found.start)
        label = f"without {' or '.join(found.things)}"
        things = "; ".join(found.things)
        yield Part("without", "exclusion", start, start + len(words), words, label, text=things)
