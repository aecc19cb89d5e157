"""Understand a question: one reader after the other finds the parts of its kind.

To add a kind, write a reader in a module of its own and add a row to `READERS`. A reader
is a pure function of the question, the open index and the day. It must cost next to
nothing for a question without such a part: look for its cue first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from rftsearch.errors import FilterError
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.asked.narrow import narrowed
from rftsearch.papers.asked.understood import Part, Understood
from rftsearch.papers.filters import Filters
from rftsearch.search.query.known_items import find_known_items
from rftsearch.search.understanding.acronyms import read_acronyms
from rftsearch.search.understanding.authors import read_authors
from rftsearch.search.understanding.cues import DATES, RESOURCES, VENUES, WITHOUT, on_cue
from rftsearch.search.understanding.language import read_language
from rftsearch.search.understanding.phrases import read_phrases
from rftsearch.search.understanding.reading import Reader, Reading
from rftsearch.search.understanding.spelling import read_spelling

__all__ = ["ALL", "MOST_WORDS", "READERS", "understand"]

READERS: tuple[tuple[str, Reader], ...] = (
    ("without", on_cue(WITHOUT, "exclusions", "read_exclusions")),
    ("phrases", read_phrases),
    ("authors", read_authors),
    ("venues", on_cue(VENUES, "venues", "read_venues")),
    ("dates", on_cue(DATES, "dates", "read_dates")),
    ("resources", on_cue(RESOURCES, "resources", "read_resources")),
    ("acronyms", read_acronyms),
    ("language", read_language),
    ("spelling", read_spelling),
)
"""The kinds in the order in which they are read: an earlier one takes its words first."""

ALL = "all"
"""In `ignore`: read nothing into the question."""

_NO_FILTERS = Filters()

MOST_WORDS = 60
"""A longer one is no question but a text, such as an abstract: a year, a quotation or a
"without" in it says what the text is about, and not what is asked for."""


def understand(
    generation: Generation,
    query: str,
    today: date,
    ignore: Collection[str] = (),
    filters: Filters = _NO_FILTERS,
) -> Understood:
    """Return what a question means. One that is a paper's name or id means that paper.

    A text of more than 60 words is searched as it is.

    Args:
        generation: What is searched.
        query: One line of text.
        today: The day from which "last month" is counted.
        ignore: What is not to be read into it: kinds, `Part.id`s, or `ALL`.
        filters: What was set besides; it counts more than the words. A part that contradicts
            it, or an earlier part, is not applied and says so.
    """
    if ALL in ignore or not READERS:
        return Understood(query, query)
    reading = Reading(query, generation, today)
    if len(reading.words) > MOST_WORDS:
        return Understood(query, query)
    ignored = {each.casefold() for each in ignore}
    parts: list[Part] = []
    for kind, read in READERS:
        if kind in ignored:
            continue
        found = [part for part in read(reading) if reading.is_free(part.start, part.end)]
        # Words of a part that is switched off are plain text to later readers, too.
        reading.taken += [(part.start, part.end) for part in found]
        parts += [part for part in found if part.id not in ignored]
    if not parts or find_known_items(generation, query).whole:
        return Understood(query, query)
    parts = _agreeing(sorted(parts, key=lambda part: part.start), filters)
    return Understood(query, _searched(query, parts), tuple(parts))


def _agreeing(parts: Sequence[Part], filters: Filters) -> list[Part]:
    """Return the parts, without effect those that contradict filters or earlier parts."""
    agreed = []
    for part in parts:
        agreed.append(part)
        if not (part.applied and part.filters):
            continue
        try:
            both = narrowed(filters, part.filters)
        except FilterError:
            label = f"{part.label}: another filter is set"
            agreed[-1] = replace(part, applied=False, label=label)
            continue
        if part.means == "filter":
            filters = both
        elif part.means == "preference" and both == filters:  # It was made a filter.
            label = f"{part.label.removesuffix(' first')} only"
            agreed[-1] = replace(part, means="filter", label=label)
    return agreed


def _searched(query: str, parts: Sequence[Part]) -> str:
    """Return what is left to search for; the whole question if a part needs some topic."""
    pieces: list[str] = []
    end, cut = 0, False
    for part in parts:
        if part.applied and part.instead is not None:
            pieces += [query[end : part.start], part.instead]
            end, cut = part.end, cut or not part.instead
    left = " ".join("".join([*pieces, query[end:]]).split())
    if not cut:
        return left
    from rftsearch.search.understanding.left_over import topic_of  # noqa: PLC0415 - seldom

    left = topic_of(left)
    if left:
        return left
    bounded = any(part.applied and part.means in {"filter", "sort"} for part in parts)
    return "" if bounded else query
