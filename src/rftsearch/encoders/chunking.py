"""Long documents: cut into windows, and one vector made of theirs.

A text longer than a model reads at once is cut between tokens into the fewest
even pieces that it does read; the mean of their vectors stands for the whole.
Every form of a model reads by these functions, so that its vectors agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rftsearch.types import FloatArray

__all__ = ["mean_of_windows", "windows"]


def windows(
    texts: Sequence[str], offsets: Sequence[Sequence[tuple[int, int]]], room: int
) -> list[list[str]]:
    """Cut each text between tokens into the fewest even pieces that fit.

    Args:
        texts: Documents.
        offsets: Begin and end of each token of each text, in characters.
        room: How many tokens of a text the model reads at once, 1 or more.
    """
    return [
        _cut(text, ends, -(-len(ends) // room)) for text, ends in zip(texts, offsets, strict=True)
    ]


def _cut(text: str, offsets: Sequence[tuple[int, int]], pieces: int) -> list[str]:
    """Cut a text into pieces of about as many tokens each."""
    if pieces <= 1:
        return [text]
    starts = [offsets[piece * len(offsets) // pieces][0] for piece in range(pieces)]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def mean_of_windows(vectors: FloatArray, counts: Sequence[int]) -> FloatArray:
    """One unit vector for each document, from those of its windows in a row."""
    if len(vectors) == len(counts):
        return vectors
    begins = np.cumsum([0, *counts[:-1]])
    sums = np.add.reduceat(vectors, begins, axis=0)
    norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(sums / norms, dtype=np.float32)
