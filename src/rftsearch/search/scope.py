"""Which papers of a generation may be in an answer, and their records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import Filters
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.paper import Paper
from rftsearch.text.plural import plural
from rftsearch.types import BoolArray, IdArray

__all__ = ["RowsGoneError", "Scope", "records"]


class RowsGoneError(Exception):
    """The store no longer has a version that a generation names."""


@dataclass(frozen=True)
class Scope:
    """What of a generation may be in an answer."""

    passing: BoolArray | None
    """Which rows of its attributes; None for all of them."""
    undated: int
    """Works left out only because they have no month."""

    @classmethod
    def of(cls, generation: Generation, filters: Filters | None) -> Self:
        """What passes some filters.

        Raises:
            FilterError: A category that no paper has.
        """
        if not filters:
            return cls(None, 0)
        attributes = generation.attributes
        undated = 0
        if filters.dated:
            otherwise = attributes.mask(replace(filters, since=None, until=None))
            undated = int((otherwise & ~attributes.dated()).sum())
        return cls(attributes.mask(filters), undated)

    def within(self, rows: BoolArray) -> Self:
        """What of it is among some rows, (n,) bool."""
        return replace(self, passing=rows if self.passing is None else self.passing & rows)

    def ids(self, generation: Generation) -> IdArray | None:
        """The integer ids that pass, newest first; None for all of them."""
        if self.passing is None:
            return None
        return generation.attributes.ids[self.passing]

    def notes(self) -> tuple[Note, ...]:
        """Return what to say about the papers that the filters hide."""
        if not self.undated:
            return ()
        entries = plural(self.undated, "entry has no date and is", "entries have no date and are")
        return (Note(NoteCode.UNDATED_HIDDEN, f"{entries} hidden by the date filter"),)


def records(generation: Generation, ids: Iterable[int]) -> list[Paper]:
    """The papers of some integer ids, in their order.

    Raises:
        RowsGoneError: One of them is no longer there.
    """
    wanted = [int(identifier) for identifier in ids]
    papers = generation.store.papers(wanted)
    if len(papers) < len(wanted):
        raise RowsGoneError
    return [papers[identifier] for identifier in wanted]
