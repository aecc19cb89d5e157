"""A question while it is being read: its words, and which of them a reader has taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.asked.understood import Part

__all__ = ["WORD", "Reader", "Reading", "Word"]

WORD = re.compile(r"[^\W_]+(?:(?:[-_.+/&]|['\u2019](?!s\b))[^\W_]+)*\+*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question."""

    text: str
    start: int
    end: int


@dataclass
class Reading:
    """A question while one reader after the other looks at it."""

    query: str
    """The question, as one line."""
    generation: Generation
    """What is searched: the evidence for what a word may mean."""
    today: date
    """The day from which "last month" is counted."""
    taken: list[tuple[int, int]] = field(default_factory=list)
    """Where the words of earlier parts stand."""

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words, in order."""
        return tuple(Word(match[0], *match.span()) for match in WORD.finditer(self.query))

    def is_free(self, start: int, end: int) -> bool:
        """Return whether no earlier part has a character from `start` to before `end`."""
        return all(end <= first or last <= start for first, last in self.taken)

    def free_words(self) -> tuple[Word, ...]:
        """Return the words that no earlier part has."""
        return tuple(word for word in self.words if self.is_free(word.start, word.end))

    def matches(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern that no earlier part has a character of."""
        return (match for match in pattern.finditer(self.query) if self.is_free(*match.span()))


Reader = Callable[[Reading], Iterable[Part]]
"""Finds the parts of one kind in the words that are free; it changes nothing."""
