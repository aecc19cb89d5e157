"""Answers: hits with scores, facets, and the sentence that explains a hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from rftsearch.papers.paper import Paper
from rftsearch.text.plural import plural

__all__ = ["SORTS", "Explanation", "Facets", "Hit", "Results", "Sort", "TextField"]


Sort = Literal["relevance", "newest", "oldest"]


SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")


TextField = Literal["title", "abstract", "description"]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many works each choice of a filter would leave, the other filters staying."""

    works: int
    """All that pass, or of a query: that fit it and pass."""
    categories: Mapping[str, int]
    """Without the filter on categories, in the list's order."""
    has: Mapping[str, int]
    """With this kind of link on top of those that are asked for."""
    kinds: Mapping[str, int]
    """Papers and projects, without the filter on kinds."""
    generative: Mapping[bool, int]
    """On generation or not, without the filter on that."""
    without: Mapping[str, int]
    """All that would pass without one of the filters that are set, whether or not they
    fit a query: `categories`, `months`, `has`, `kind`, `generative`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper of an answer."""

    paper: Paper
    score: float
    """How well it answers; higher is better, comparable within one answer."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """What the score is the sum of: `name`, where the question names the paper;
    `meaning`, of vectors; `words`, met; `related` words, which the best papers share;
    `category`, shared with a seed; `liked` and `disliked`, of a recommendation;
    `rerank`, of a cross-encoder."""

    def to_dict(self) -> dict[str, Any]:
        """The paper's JSON values, the score and its parts."""
        return {**self.paper.to_dict(), "score": self.score, "parts": dict(self.parts)}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a paper is in an answer: the sentence of it that answers best.

    All offsets count characters (code points) from 0 and exclude their end. They
    refer to texts as they are stored, LaTeX included, not to what is displayed.
    """

    paper_id: str
    field: TextField
    """The attribute of the paper that holds the sentence."""
    start: int
    """Where the sentence begins in that text."""
    end: int
    """Where it ends."""
    sentence: str
    """`text[start:end]`, without blanks at its ends; empty where a paper has no text."""
    marks: tuple[tuple[int, int], ...] = ()
    """The words of the query, as start and end within `sentence`: in order, not
    overlapping. None where the sentence has no word of the query."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; marks are pairs."""
        return {
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "sentence": self.sentence,
            "marks": [list(mark) for mark in self.marks],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Results(Sequence[Hit]):
    """The answer to a question: hits, best first, and what to know about them."""

    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()
    """What is missing or was left out, one sentence each."""
    facets: Mapping[str, int] = field(default_factory=dict)
    """Papers per category among those that fit, as those that score half of the best do."""

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        """A hit by its rank, counted from 0."""
        return self.hits[index]

    def __repr__(self) -> str:
        """One line: a session at the prompt is not the place for ten abstracts."""
        names = ", ".join(hit.paper.short_name or hit.paper.id for hit in self.hits[:5])
        more = ", ..." if len(self.hits) > 5 else ""
        return f"<Results: {plural(len(self.hits), 'hit')}: {names}{more}>"

    def __len__(self) -> int:
        """How many hits there are."""
        return len(self.hits)
