"""An open index with the model that encodes for it, and the slots in which questions compute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from rftsearch.encoders.base import Encoder
from rftsearch.index.generations.generation import Generation
from rftsearch.search.compute_slots import ComputeSlots, places
from rftsearch.search.index_reader import IndexReader
from rftsearch.search.query.arxiv_lookup import ArxivLookup
from rftsearch.search.query.query_encoder import QueryEncoder
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.search.retriever import Retriever
from rftsearch.types import FloatArray

if TYPE_CHECKING:
    from rftsearch.encoders.cross_encoder import Reranker
    from rftsearch.sources.arxiv.api import ArxivClient

__all__ = ["IndexWithModel"]

Value = TypeVar("Value")


class IndexWithModel(IndexReader):
    """Answers any function from the current generation; the part of `Engine` below questions."""

    def __init__(
        self,
        path: Path | None = None,
        encoder: Encoder | None = None,
        parameters: Parameters | None = None,
        reranker: Reranker | None = None,
        client: ArxivClient | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Open an index; see `Engine.open`, which takes texts as paths too."""
        super().__init__(path, encoder)
        self._slots = ComputeSlots(places())
        self._retriever = Retriever(
            parameters or Parameters(),
            QueryEncoder(encoder, loading=self._slots.yielded),
            ArxivLookup(client),
            reranker,
            self._slots,
            today,
        )

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        encoder: Encoder | None = None,
        parameters: Parameters | None = None,
        reranker: Reranker | None = None,
        client: ArxivClient | None = None,
        today: Callable[[], date] = date.today,
    ) -> Self:
        """Open an index.

        Args:
            path: Its folder, or an address such as `qdrant://host:6333/papers`; None for the
                default index, see `default_index`. A relative path is resolved now, so that
                the current folder may change later.
            encoder: Encodes queries; None for the model that built the index.
            parameters: The weights of the ranking; None for the defaults.
            reranker: Reads the best candidates of a search once more; None for none.
            client: Reaches arXiv if a method is called with `fetch=True`; None for the
                public API.
            today: The day from which a question's "last month" is counted.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be used.
            ModelMismatchError: `encoder` is not the one that built it.
        """
        folder = None if path is None else Path(path)
        return cls(folder, encoder, parameters, reranker, client, today)

    def document_vectors(self, texts: Sequence[str]) -> FloatArray:
        """Encode texts as the index encodes its papers: (n, dimension) float32, unit rows.

        Raises:
            ModelError, ModelMismatchError: The model cannot be loaded or used.
        """
        return self.ask(lambda own, now: own.encoder.document_vectors(now, texts))

    def ask(self, question: Callable[[Retriever, Generation], Value]) -> Value:
        """Answer a question of any kind from the current generation, in a compute slot."""

        def within_slot(generation: Generation) -> Value:
            with self._slots.acquire():
                return question(self._retriever, generation)

        return self._answer(within_slot)
