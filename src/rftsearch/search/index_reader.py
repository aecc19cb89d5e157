"""An open index that is looked at without a query: its papers, categories, months and map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar, Unpack

from rftsearch.encoders.base import Encoder
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.models import check_model
from rftsearch.papers.filters import FilterKeywords, Filters
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Sort
from rftsearch.search.generation_watcher import GenerationWatcher
from rftsearch.search.query.checks import check_count, check_date_sort
from rftsearch.search.query.clean import clean
from rftsearch.search.query.resolve import resolve
from rftsearch.search.scope import Scope
from rftsearch.settings import index_place

if TYPE_CHECKING:
    from rftsearch.index.generations.status import Status
    from rftsearch.search.answer.overview import PaperMap

__all__ = ["IndexReader"]

Value = TypeVar("Value")


class IndexReader:
    """Looks papers up in an index; the part of `Engine` that needs no model."""

    def __init__(self, path: Path | None = None, encoder: Encoder | None = None) -> None:
        """Open an index.

        Args:
            path: Its folder or address; None for the default one.
            encoder: The encoder that must have built it; None for any.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be used.
            ModelMismatchError: Another encoder built it.
        """

        def check(generation: Generation) -> None:
            if encoder is not None:
                check_model(generation.manifest, encoder)

        self.path = index_place(path)  # Whole: the current folder may change later.
        self._watcher = GenerationWatcher(self.path, check)

    def close(self) -> None:
        """Close the index; every later call raises a `UsageError`."""
        self._watcher.close()

    def __enter__(self) -> Self:
        """Return the engine itself.

        Raises:
            UsageError: It is closed.
        """
        self._watcher.check_open()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the index."""
        self.close()

    def paper(self, reference: str) -> Paper:
        """Return the paper of an id, an arXiv URL in any form, a short name or a title.

        Raises:
            UnknownPaperError: The index has no such paper; it carries similar names.
            QueryError: No paper was named.
        """
        return self._answer(lambda now: resolve(now, reference).paper)

    def papers(
        self,
        filters: Filters | FilterKeywords | None = None,
        limit: int | None = None,
        *,
        sort: Sort = "newest",
        **keywords: Unpack[FilterKeywords],
    ) -> list[Paper]:
        """Return the papers that pass, newest or oldest first, undated ones last.

        Raises:
            FilterError: If a filter makes no sense or no paper has one of the categories.
            QueryError: If `limit` is below 1 or the order is neither `newest` nor
                `oldest`; `relevance` needs a query.
        """
        from rftsearch.search.listing import list_papers

        wanted = Filters.of(filters, **keywords)
        most = None if limit is None else check_count("limit", limit)
        check_date_sort(sort)
        return self._answer(lambda now: list_papers(now, wanted, most, sort))

    def suggest(self, text: str, limit: int = 10) -> list[Paper]:
        """Return papers whose short name or title contains what was typed; names first."""
        from rftsearch.search.query.suggest import suggest

        typed, most = clean(text, "text"), check_count("limit", limit)
        return self._answer(lambda now: suggest(now, typed, most))

    def suggest_authors(self, text: str, limit: int = 10) -> dict[str, int]:
        """Return authors whose name begins with what was typed, with the number of their papers."""
        from rftsearch.search.query.suggest import suggest_authors

        typed, most = clean(text, "text"), check_count("limit", limit)
        return self._answer(lambda now: suggest_authors(now, typed, most))

    def categories(
        self, filters: Filters | FilterKeywords | None = None, **keywords: Unpack[FilterKeywords]
    ) -> dict[str, int]:
        """Return the number of papers that pass in each category, in the list's order."""
        wanted = Filters.of(filters, **keywords)
        return self._answer(
            lambda now: now.attributes.count_categories(Scope.of(now, wanted).passing)
        )

    def category(self, name: str) -> str:
        """Return the full name of a category, given in any case or by a part of its name.

        Raises:
            FilterError: If no category, or more than one, has that part.
        """
        return self._answer(lambda now: now.attributes.category(name))

    def months(self) -> list[str]:
        """Return every month in which a paper was released, `2025-03`, newest first."""
        return self._answer(lambda now: now.attributes.months())

    def map(
        self, filters: Filters | FilterKeywords | None = None, **keywords: Unpack[FilterKeywords]
    ) -> PaperMap:
        """Return the papers that pass as points in the plane: similar papers lie close together.

        Filters remove points and move none.

        Raises:
            FilterError: If a filter makes no sense or no paper has one of the categories.
        """
        from rftsearch.search.answer.overview import PaperMap

        wanted = Filters.of(filters, **keywords)
        return self._answer(lambda now: PaperMap.of(now, Scope.of(now, wanted)))

    def examples(self, limit: int = 5) -> list[str]:
        """Return queries to start from: phrases that titles share, and one short name.

        They depend only on the index. There are fewer than `limit` if its titles have
        little in common.
        """
        from rftsearch.search.query.examples import example_queries

        most = check_count("limit", limit)
        return self._answer(lambda now: example_queries(now, most))

    def status(self) -> Status:
        """Return the figures of the index, read from its folder or server."""
        self._watcher.check_open()
        return self._watcher.place.status()

    def read(self, ask: Callable[[Generation], Value]) -> Value:
        """Return what a function reads from the generation that is current now.

        For what is learnt from a whole index; nothing of the generation may be kept.
        """
        return self._answer(ask)

    @property
    def version(self) -> str:
        """A text that changes whenever another index becomes current; a key for caches."""
        manifest = self._watcher.current().manifest
        return f"{manifest.generation}/{manifest.built}"

    def _answer(self, ask: Callable[[Generation], Value]) -> Value:
        """Answer from the current generation, without waiting for a compute slot."""
        return self._watcher.answer(ask)
