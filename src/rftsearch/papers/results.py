"""Answers: hits with scores, facets, and the sentence that explains a hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, overload

from rftsearch.papers.asked.understood import Understood
from rftsearch.papers.notes import Note
from rftsearch.papers.paper import Paper
from rftsearch.text.plural import plural

__all__ = ["SORTS", "Answer", "Explanation", "Facets", "Hit", "Results", "Sort", "TextField"]


Sort = Literal["relevance", "newest", "oldest"]

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")

TextField = Literal["title", "abstract", "description"]

# Mappings have no hash of their own. They count in comparisons but not in hashes, so that
# facets, hits and results can stand in a set.


@dataclass(frozen=True, slots=True)
class Facets:
    """How many papers each choice of a filter would leave while the other filters stay."""

    total: int
    """All papers that pass the filters; with a query, only its good matches among them."""
    categories: Mapping[str, int] = field(hash=False)
    """By category, without the filter on categories; in the list's order."""
    has: Mapping[str, int] = field(hash=False)
    """By kind of link, in addition to the kinds that are asked for."""
    kinds: Mapping[str, int] = field(hash=False)
    """Papers and projects, without the filter on kinds."""
    generative: Mapping[bool, int] = field(hash=False)
    """On generation or not, without the filter on that."""
    without: Mapping[str, int] = field(hash=False)
    """For each filter that is set, how many papers would pass without it, whether or not
    they match a query: `categories`, `months`, `has`, `kind`, `generative`, `authors`,
    `venue`, `presents`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper of an answer."""

    paper: Paper
    score: float
    """How well it answers. Higher is better; compare scores within one answer only."""
    parts: Mapping[str, float] = field(default_factory=dict, hash=False)
    """The summands of the score. `name`: the query names the paper; `meaning`: similarity
    of vectors; `words`: words of the query; `related`: words that the best papers share;
    `category`: a category shared with the given paper; `liked` and `disliked`: of a
    recommendation; `rerank`: by a cross-encoder."""
    because: str = ""
    """Of a recommendation: the id of the liked paper that it is closest to."""

    def to_dict(self) -> dict[str, Any]:
        """Return the paper's JSON values, the score and its parts."""
        return {**self.paper.to_dict(), "score": self.score, "parts": dict(self.parts)}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a paper is in an answer: its sentence that answers the query best.

    Offsets count characters (code points) from 0; an end is excluded. They refer to
    texts as they are stored, with LaTeX, and not as they are displayed.
    """

    paper_id: str
    field: TextField
    """The attribute of the paper that holds the sentence."""
    start: int
    """Where the sentence begins in that text."""
    end: int
    """Where it ends."""
    sentence: str
    """`text[start:end]`, without blanks at its ends; empty if the paper has no text."""
    marks: tuple[tuple[int, int], ...] = ()
    """The words of the query, as start and end within `sentence`: in order, not
    overlapping; empty if the sentence has no word of the query."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; marks are pairs."""
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
    notes: tuple[Note, ...] = ()
    """What is missing or was left out, one sentence each."""
    facets: Mapping[str, int] = field(default_factory=dict, hash=False)
    """Good matches per category, in the list's order."""
    understood: Understood | None = None
    """What the question was taken to mean; None if papers or a text were given instead."""

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        """Return a hit by its rank, counted from 0."""
        return self.hits[index]

    def __len__(self) -> int:
        """Return the number of hits."""
        return len(self.hits)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return one dictionary of JSON values for each hit, as `Hit.to_dict`.

        >>> pandas.DataFrame(engine.search("crowd counting").to_dicts())
        """
        return [hit.to_dict() for hit in self.hits]

    def __repr__(self) -> str:
        """Return one line: at a Python prompt nobody wants ten abstracts."""
        names = ", ".join(hit.paper.short_name or hit.paper.id for hit in self.hits[:5])
        more = ", ..." if len(self.hits) > 5 else ""
        return f"<Results: {plural(len(self.hits), 'hit')}: {names}{more}>"

    def _repr_html_(self) -> str:
        """Return a table for notebooks; everything in it is escaped."""
        from rftsearch.papers.notebook import results_table  # noqa: PLC0415 - for notebooks alone

        return results_table([(hit.paper, hit.score) for hit in self.hits], self.notes)


@dataclass(frozen=True, slots=True)
class Answer:
    """The results of a query and the counts beside its filters, from one scoring."""

    results: Results
    facets: Facets
