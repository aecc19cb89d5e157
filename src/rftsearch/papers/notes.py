"""Notes: one sentence each on what a reader should know about an answer, with a code."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

__all__ = ["Note", "NoteCode"]


class NoteCode(StrEnum):
    """What a note is about. Programs compare codes; texts may be rewritten."""

    NO_GOOD_MATCH = "no-good-match"
    """The query has no good match; the hits are the closest papers."""
    WORDS_UNKNOWN = "words-unknown"
    """No paper has some words of the query."""
    NOT_IN_INDEX = "not-in-index"
    """The query is an arXiv id that the index lacks."""
    FETCHED = "fetched"
    """A paper was fetched from arXiv for this answer."""
    AMBIGUOUS_NAME = "ambiguous-name"
    """Several papers have the name that was given; the newest was taken."""
    SEED_WITHOUT_ABSTRACT = "seed-without-abstract"
    """The abstract of the given paper was not fetched yet."""
    UNDATED_HIDDEN = "undated-hidden"
    """The date filter hides papers that have no date."""
    ABSTRACTS_PENDING = "abstracts-pending"
    """Some abstracts of the index were not fetched yet."""
    IDS_UNKNOWN = "ids-unknown"
    """The index holds ids that arXiv does not know."""
    AS_OF = "as-of"
    """The answer is that of an earlier day, and something of that day is not known."""
    BASKET_PAPER_GONE = "basket-paper-gone"
    """A saved paper is no longer in the index."""
    BASKET_PAPER_UNREACHABLE = "basket-paper-unreachable"
    """A saved paper is not in the index, and arXiv does not answer."""


class Note(str):
    """One sentence about an answer. It is a `str`, so it prints and compares as its text."""

    __slots__ = ("code",)

    code: NoteCode
    """What it is about."""

    def __new__(cls, code: NoteCode, text: str) -> Self:
        """Make a note from its code and its text."""
        note = super().__new__(cls, text)
        note.code = code
        return note

    def __getnewargs__(self) -> tuple[NoteCode, str]:  # type: ignore[override]  # that of `str` has one
        """Return what `__new__` takes, for `pickle` and `copy`."""
        return self.code, str(self)

    @property
    def text(self) -> str:
        """The sentence, without the code."""
        return str(self)
