"""What an engine was asked, checked before an index is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.asked.narrow import narrowed
from rftsearch.papers.asked.understood import Understood
from rftsearch.papers.filters import FilterKeywords, Filters
from rftsearch.papers.results import Sort
from rftsearch.search.query.checks import check_count, check_references, check_sort, check_text
from rftsearch.search.retriever import Retriever
from rftsearch.search.understanding.nearest import nearest_in_time
from rftsearch.search.understanding.understand import understand

__all__ = ["EMPTY_QUERY", "Asked", "Question"]

EMPTY_QUERY = "type what the papers should be about"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is answered: what it means, and what was set besides."""

    understood: Understood
    k: int
    filters: Filters
    """Those that were set and those of the words together."""
    sort: Sort

    @property
    def text(self) -> str:
        """What is searched for; empty for every paper that passes."""
        return self.understood.text


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked."""

    text: str
    k: int
    filters: Filters
    sort: Sort
    ignore: tuple[str, ...] = ()
    """What is not to be read into the words; see `understand`."""

    @classmethod
    def of(
        cls,
        text: str,
        k: int,
        filters: Filters | FilterKeywords | None,
        sort: Sort,
        ignore: Iterable[str] | str,
        keywords: FilterKeywords,
    ) -> Self:
        """Check what was given to `Engine.search`.

        Raises:
            QueryError: The text is empty, k below 1, the order unknown, or `ignore` no text.
            FilterError: A filter makes no sense.
        """
        asked = check_text("query", text, EMPTY_QUERY)
        wanted, count = Filters.of(filters, **keywords), check_count("k", k)
        check_sort(sort)
        return cls(asked, count, wanted, sort, tuple(check_references("ignore", ignore)))

    def understood(self, retriever: Retriever, generation: Generation) -> Question:
        """Return the question as it is answered: what was set, and what the words say."""
        found = understand(generation, self.text, retriever.today(), self.ignore, self.filters)
        if not found.parts:
            return Question(found, self.k, self.filters, self.sort)
        found = nearest_in_time(generation.attributes, found, self.filters)
        sort = self.sort if self.sort != "relevance" else found.sort or "relevance"
        return Question(found, self.k, narrowed(self.filters, found.filters), sort)
