"""Which papers of a generation an answer may contain, and their records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from rftsearch.index.engines.base import Selection
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.filters import Filters
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.paper import Paper
from rftsearch.text.plural import plural
from rftsearch.types import BoolArray

__all__ = ["RowsGoneError", "Scope", "records"]


class RowsGoneError(Exception):
    """The store no longer has a version of a paper that a generation names."""


@dataclass(frozen=True)
class Scope:
    """The papers of a generation that an answer may contain."""

    passing: BoolArray | None = None
    """(n,) bool, which rows of its attributes; None for all of them."""
    undated: int = 0
    """Papers that are hidden only because they have no date."""
    filters: Filters | None = None
    """What all of them pass and nothing else does; None if that is not known."""

    @classmethod
    def of(cls, generation: Generation, filters: Filters) -> Self:
        """Return the papers that pass some filters.

        Raises:
            FilterError: If no paper has one of the categories.
        """
        if not filters:
            return cls()
        attributes = generation.attributes
        undated = 0
        # Where all have a date, as in a snapshot, nothing is counted: millions take a while.
        if filters.dated and not (dated := attributes.dated()).all():
            otherwise = attributes.mask(replace(filters, since=None, until=None))
            undated = int(np.count_nonzero(otherwise & ~dated))
        return cls(attributes.mask(filters), undated, filters)

    def within(self, rows: BoolArray) -> Self:
        """Return those of the papers that are among some rows, (n,) bool."""
        passing = rows if self.passing is None else self.passing & rows
        return replace(self, passing=passing, filters=None)

    def selection(self, generation: Generation) -> Selection:
        """Return what engines may find."""
        if self.passing is None:
            return Selection()
        return Selection(generation.attributes.ids[self.passing], filters=self.filters)

    def notes(self) -> tuple[Note, ...]:
        """Return what to say about the papers that the filters hide."""
        if not self.undated:
            return ()
        entries = plural(self.undated, "entry has no date and is", "entries have no date and are")
        return (Note(NoteCode.UNDATED_HIDDEN, f"{entries} hidden by the date filter"),)


def records(generation: Generation, ids: Iterable[int]) -> list[Paper]:
    """Return the papers of some integer ids, in their order.

    Raises:
        RowsGoneError: If the store lacks one of them.
    """
    wanted = [int(identifier) for identifier in ids]
    papers = generation.store.papers(wanted)
    if len(papers) < len(wanted):
        raise RowsGoneError
    return [papers[identifier] for identifier in wanted]
