"""Where a new entry belongs: its section, and its place among the entries there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias

from rftsearch.export.like.spans import fold
from rftsearch.papers.paper import Paper
from rftsearch.sources.markdown.places import EntryPlace, ListPlaces

__all__ = ["Order", "Section", "find_section", "order_of", "place_in", "sections_of", "usual_order"]

Order: TypeAlias = Literal["newest", "oldest", "title", "none"]


@dataclass(frozen=True)
class Section:
    """Entries that stand together under the same headings."""

    path: tuple[str, ...]
    category: str
    kind: str
    """Of its papers: `paper` or `project`."""
    entries: tuple[EntryPlace, ...]

    @cached_property
    def year(self) -> str | None:
        """Return the year that its innermost heading names."""
        found = re.search(r"\b(?:19|20)\d\d\b", self.path[-1]) if self.path else None
        return found[0] if found else None

    @property
    def form(self) -> str:
        """Return what its entries are: items, rows, paragraphs."""
        return self.entries[0].kind


def sections_of(places: ListPlaces) -> list[Section]:
    """Return the sections of a list in its order."""
    sections: list[Section] = []
    run: list[EntryPlace] = []
    for entry in places.entries:
        if run and _key(entry) != _key(run[0]):
            sections.append(_section(run))
            run = []
        run.append(entry)
    return [*sections, _section(run)] if run else sections


def _key(entry: EntryPlace) -> tuple[object, ...]:
    paper = entry.paper
    return paper.heading_paths, paper.categories, paper.kind, entry.kind


def _section(run: Sequence[EntryPlace]) -> Section:
    paper = run[0].paper
    path = paper.heading_paths[0] if paper.heading_paths else ()
    return Section(path, paper.category, paper.kind, tuple(run))


def find_section(sections: Sequence[Section], paper: Paper, category: str) -> Section | None:
    """Return the section in which a paper belongs; None if the list has none for it.

    Args:
        sections: Those of the list.
        paper: The paper; the headings above it in another copy of the list count first.
        category: The category under which it is written.
    """
    fitting = [one for one in sections if fold(one.category) == fold(category)]
    if any(one.kind == paper.kind for one in sections):  # Then kinds stand apart.
        fitting = [one for one in fitting if one.kind == paper.kind]
    by_path = [one for one in fitting if one.path and one.path in paper.heading_paths]
    candidates = by_path or fitting
    year = (paper.released or "")[:4]
    of_year = [one for one in candidates if year and one.year == year]
    # The list's newest entries stand in its largest part of that name.
    return max(of_year or candidates, key=lambda one: len(one.entries), default=None)


# --- order -------------------------------------------------------------------------------

_CLEAR = 0.75
"""The share of neighbours that must be in an order for a section to have it."""
_ENOUGH = 3
"""Neighbours that say something, fewer prove nothing."""


def _is_newer(paper: Paper, other: Paper) -> bool | None:
    """Return whether a paper is newer than another; None if their dates do not tell.

    Where one has a month and the other a year alone, their years are compared.
    """
    one, two = paper.released, other.released
    if not one or not two:
        return None
    shared = min(len(one), len(two))
    if one[:shared] != two[:shared]:
        return one[:shared] > two[:shared]
    numbers = _number_in_month(paper), _number_in_month(other)
    return None if numbers[0] == numbers[1] or not all(numbers) else numbers[0] > numbers[1]


def _number_in_month(paper: Paper) -> str:
    """Return the part of an arXiv id that counts on within its month."""
    number = (paper.arxiv_id or "").rpartition("/")[2]
    same_month = number[:4] == (paper.released or "")[2:7].replace("-", "")
    return number if same_month else ""


def order_of(entries: Sequence[EntryPlace]) -> Order | None:
    """Return in which order entries stand; None if too few of them say it."""
    falling, rising = _steps(entries)
    if falling + rising >= _ENOUGH and (order := _by_date(falling, rising)):
        return order
    titles = [fold(entry.paper.title) for entry in entries]
    sorted_ = sum(one <= other for one, other in pairwise(titles))
    if len(titles) > _ENOUGH * 2 and sorted_ >= 0.95 * (len(titles) - 1):
        return "title"
    return "none" if falling + rising >= _ENOUGH else None


def usual_order(sections: Sequence[Section]) -> Order:
    """Return the order that most sections have, else the one that their entries suggest."""
    found = [order for one in sections if (order := order_of(one.entries))]
    if found:
        return Counter(found).most_common(1)[0][0]
    steps = [_steps(one.entries) for one in sections]
    return _by_date(sum(one for one, _ in steps), sum(one for _, one in steps)) or "none"


def _steps(entries: Sequence[EntryPlace]) -> tuple[int, int]:
    """Return how often the next entry is older, and how often it is newer."""
    dated = [entry.paper.released for entry in entries if entry.paper.released]
    # Behind "2024-08", "2024" says nothing.
    steps = [(a[: len(b)], b[: len(a)]) for a, b in pairwise(dated)]
    return sum(a > b for a, b in steps), sum(a < b for a, b in steps)


def _by_date(falling: int, rising: int) -> Order | None:
    if falling > 0 and falling >= _CLEAR * (falling + rising):
        return "newest"
    return "oldest" if rising > 0 and rising >= _CLEAR * (falling + rising) else None


def place_in(entries: Sequence[EntryPlace], paper: Paper, order: Order) -> int:
    """Return before which entry a paper belongs; their number for behind the last.

    Sections are seldom in perfect order: the place with the fewest entries on the wrong
    side is chosen, the first of several in a list with the newest first, else the last.
    """
    if order == "none" or (order != "title" and not paper.released):
        return len(entries)
    falls = order == "newest"
    before = [_belongs_before(entry.paper, paper, order) for entry in entries]
    # Entries before the place that belong behind it, and entries behind it that belong before.
    wrong = before.count(True)
    best, fewest = 0, wrong
    for number, belongs in enumerate(before, start=1):
        if belongs is not None:
            wrong += -1 if belongs else 1
        if wrong < fewest or (wrong == fewest and not falls):
            best, fewest = number, wrong
    return best


def _belongs_before(listed: Paper, paper: Paper, order: Order) -> bool | None:
    """Return whether a listed paper belongs before a new one; None if nothing says it."""
    if order == "title":
        return fold(listed.title) <= fold(paper.title)
    newer = _is_newer(listed, paper)
    return None if newer is None else newer == (order == "newest")
