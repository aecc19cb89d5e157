"""Embedding models, as the rest of the package knows them: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from rftsearch.types import BoolArray, FloatArray

__all__ = [
    "Encoder",
    "FileStamps",
]


FileStamps = Mapping[str, Sequence[int]]
"""Size in bytes and modification time in ns of each file of a model, by its name."""


class Encoder(Protocol):
    """An embedding model.

    Two encoders with the same fingerprint give the same vectors, whatever
    library computes them.
    """

    @property
    def name(self) -> str:
        """How a user names the model: an id or a path."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def fingerprint(self) -> str:
        """Hex digest over everything of the model that shapes a vector."""

    @property
    def stamps(self) -> FileStamps:
        """Sizes and times of the model's files; empty where it has none."""

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed what people ask: (n, dimension) float32, rows of unit norm."""

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed what is searched: (n, dimension) float32, rows of unit norm."""

    def windowed(self, texts: Sequence[str]) -> BoolArray:
        """Which of these documents are longer than the model reads, (n,) bool."""
