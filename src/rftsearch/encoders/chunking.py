"""Long documents: cut into windows, whose vectors are joined to one.

A text longer than a model reads at once is cut between tokens into the fewest
even windows that it does read; the mean of their vectors stands for the whole.
Every form of a model reads by these functions, so that its vectors agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rftsearch.papers.documents import LONGEST_TEXT
from rftsearch.types import FloatArray

__all__ = ["mean_of_windows", "readable", "windows"]


def readable(texts: Sequence[str]) -> list[str]:
    """Return the part of each text that is read: its first `LONGEST_TEXT` characters."""
    return [text[:LONGEST_TEXT] for text in texts]


def windows(
    texts: Sequence[str], offsets: Sequence[Sequence[tuple[int, int]]], max_tokens: int
) -> list[list[str]]:
    """Cut each text between tokens into the fewest even windows that the model reads.

    Args:
        texts: Documents.
        offsets: Begin and end of each token of each text, in characters.
        max_tokens: Tokens of a text that the model reads at once, 1 or more.

    Returns:
        The windows of each text; joined, they are the text.
    """
    return [
        _cut(text, ends, -(-len(ends) // max_tokens))
        for text, ends in zip(texts, offsets, strict=True)
    ]


def _cut(text: str, offsets: Sequence[tuple[int, int]], count: int) -> list[str]:
    """Cut a text into this many windows with about the same number of tokens."""
    if count <= 1:
        return [text]
    starts = [offsets[number * len(offsets) // count][0] for number in range(count)]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def mean_of_windows(vectors: FloatArray, counts: Sequence[int]) -> FloatArray:
    """Join the vectors of windows to one unit vector for each document.

    Args:
        vectors: (w, dimension) float32, document after document.
        counts: (n,) how many windows each document has, 1 or more.

    Returns:
        (n, dimension) float32.
    """
    if len(vectors) == len(counts):
        return vectors
    begins = np.cumsum([0, *counts[:-1]])
    sums = np.add.reduceat(vectors, begins, axis=0)
    norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(sums / norms, dtype=np.float32)
