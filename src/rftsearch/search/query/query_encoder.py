"""The query encoder: the model of the index, loaded once, and the vectors it returned."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache

from rftsearch.encoders.base import Encoder
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.models import open_encoder
from rftsearch.types import FloatArray

__all__ = ["QueryEncoder"]

VECTORS_KEPT = 256
"""Vectors that are remembered, of queries and of documents each."""
PASSAGES_KEPT = 32
"""Texts that are remembered with the vectors of their sentences: one is often filtered."""


class QueryEncoder:
    """Encodes texts with the model that a generation was built with.

    Safe from several threads. The model is loaded at the first text. Vectors are
    remembered: one query is often asked under many filters.
    """

    def __init__(
        self,
        given: Encoder | None,
        loading: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Load nothing yet.

        Args:
            given: An encoder to use instead of the index's own.
            loading: A context for callers that load the model or wait until it is loaded.
        """
        self._given = None if given is None else _RememberingEncoder(given)
        self._loaded: _RememberingEncoder | None = None
        self._loading_context = loading
        self._loading = threading.Lock()

    def query_vector(self, generation: Generation, text: str) -> FloatArray:
        """Return the vector of a query, (dimension,) float32 of unit norm.

        Raises:
            ModelError, ModelMismatchError: The model cannot be loaded or used.
        """
        return self._encoder_for(generation).query(text)

    def document_vector(self, generation: Generation, text: str) -> FloatArray:
        """Return the vector of a document, (dimension,) float32 of unit norm.

        Raises:
            ModelError, ModelMismatchError: The model cannot be loaded or used.
        """
        return self._encoder_for(generation).document(text)

    def document_vectors(self, generation: Generation, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of many documents, (n, dimension) float32 of unit norm.

        They are not remembered.

        Raises:
            ModelError, ModelMismatchError: The model cannot be loaded or used.
        """
        return self._encoder_for(generation).documents(texts)

    def passage_vectors(self, generation: Generation, texts: tuple[str, ...]) -> FloatArray:
        """Return the vectors of a text and its sentences, encoded at once and remembered.

        Args:
            generation: What is searched.
            texts: The text, and then its sentences.

        Returns:
            (n, dimension) float32 of unit norm.

        Raises:
            ModelError, ModelMismatchError: The model cannot be loaded or used.
        """
        return self._encoder_for(generation).passage(texts)

    def _encoder_for(self, generation: Generation) -> _RememberingEncoder:
        if self._given is not None:
            return self._given
        wanted = generation.manifest.model.fingerprint
        loaded = self._loaded
        if loaded is not None and loaded.fingerprint == wanted:
            return loaded
        with self._loading_context(), self._loading:
            if self._loaded is None or self._loaded.fingerprint != wanted:
                self._loaded = _RememberingEncoder(
                    open_encoder(generation.index, generation.manifest)
                )
            return self._loaded


class _RememberingEncoder:
    """An encoder, and the last vectors it returned."""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint = encoder.fingerprint

        @lru_cache(VECTORS_KEPT)
        def query(text: str) -> FloatArray:
            return encoder.encode_queries([text]).reshape(-1)

        wholes: dict[str, FloatArray] = {}  # Whoever needs the text itself has it already.

        @lru_cache(VECTORS_KEPT)
        def document(text: str) -> FloatArray:
            known = wholes.get(text)
            return encoder.encode_documents([text]).reshape(-1) if known is None else known

        @lru_cache(PASSAGES_KEPT)
        def passage(texts: tuple[str, ...]) -> FloatArray:
            vectors = encoder.encode_documents(list(texts))
            if len(wholes) >= PASSAGES_KEPT:
                wholes.clear()
            wholes[texts[0]] = vectors[0]
            return vectors

        def documents(texts: Sequence[str]) -> FloatArray:
            # The encoder decides itself how long and how short texts go together.
            return encoder.encode_documents(list(texts))

        self.query, self.document, self.documents = query, document, documents
        self.passage = passage
