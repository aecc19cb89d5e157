"""What encodes questions: the model of the index, loaded once, and the vectors it gave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from rftsearch.encoders.base import Encoder
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.models import open_encoder
from rftsearch.types import FloatArray

__all__ = ["QueryEncoder"]

QUERIES_KEPT = 256
"""Vectors of so many queries are remembered."""


class QueryEncoder:
    """The vectors of texts, by the model that a generation was built with.

    Safe from several threads. The model is loaded at the first text.
    """

    def __init__(
        self,
        index: Path,
        given: Encoder | None,
        loading: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Remember where the models lie.

        Args:
            index: The index folder.
            given: An encoder to use instead of the index's own.
            loading: What a caller is within while the model is loaded, by it or by another.
        """
        self._index = index
        self._given = given
        self._encoder: Encoder | None = None
        self._aside = loading
        self._loading = threading.Lock()
        self._known: dict[tuple[str, str], FloatArray] = {}

    def of_query(self, generation: Generation, text: str) -> FloatArray:
        """The vector of a query, (dimension,) float32.

        It is kept, for one question is often asked under many filters.
        """
        key = (generation.manifest.model.fingerprint, text)
        vector = self._known.get(key)
        if vector is None:
            vector = self._encoder_for(generation).encode_queries([text]).reshape(-1)
            if len(self._known) >= QUERIES_KEPT:
                self._known = {}  # a new one: another thread may be reading the old one
            self._known[key] = vector
        return vector

    def of_documents(self, generation: Generation, texts: Sequence[str]) -> FloatArray:
        """The vectors of documents, (n, dimension) float32."""
        return self._encoder_for(generation).encode_documents(texts)

    def _encoder_for(self, generation: Generation) -> Encoder:
        if self._given is not None:
            return self._given
        wanted = generation.manifest.model.fingerprint
        encoder = self._encoder
        if encoder is not None and encoder.fingerprint == wanted:
            return encoder
        with self._aside(), self._loading:
            if self._encoder is None or self._encoder.fingerprint != wanted:
                self._encoder = open_encoder(self._index, generation.manifest)
            return self._encoder
