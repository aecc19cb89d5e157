"""An encoder whose vectors can be worked out by hand."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

WORDS = ("crowd", "count", "video", "audio", "robot", "scan", "draw", "reward")


class WordEncoder:
    """One axis for each word of a tiny vocabulary, and one for all other texts.

    A text's vector is the number of times it holds each word, divided by its
    norm; a text with none of them lies on the last axis.
    """

    batch_size = 16

    def __init__(self, words: Sequence[str] = WORDS, *, name: str = "words", limit: int = 40):
        self.name = name
        self.words = tuple(words)
        self.limit = limit
        self.encoded: list[str] = []
        self.stamps: dict[str, list[int]] = {}

    @property
    def dimension(self) -> int:
        return len(self.words) + 1

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(" ".join(self.words).encode()).hexdigest()

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self._encode(texts)

    def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return self._encode(texts)

    def exceeds_limit(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([len(text.split()) > self.limit for text in texts], dtype=np.bool_)

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            found = re.findall(r"[a-z]+", text.lower())
            vector[:-1] = [found.count(word) for word in self.words]
            vector[-1] = 0 if vector.any() else 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
