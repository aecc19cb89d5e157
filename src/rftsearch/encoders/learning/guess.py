"""What a sentence model would say of a token, guessed from what it says of others."""

from __future__ import annotations

import numpy as np

from rftsearch.types import BoolArray, FloatArray

__all__ = ["guessed"]

_RIDGE = np.float32(1.0)
"""Weight of the regression's penalty, for embeddings of unit norm; 0.3 and 3 did as well."""


def guessed(embeddings: FloatArray, said: FloatArray, asked: BoolArray) -> FloatArray:
    """Return the vectors of all tokens, guessing those that were not asked for.

    By a linear regression from the model's own embeddings, which are its first layer. With
    4,000 tokens asked for, the others' cosine with what the model says is 0.72, the mean taken
    off; it is a guess for words that the collection does not contain.

    Args:
        embeddings: (tokens, d) float32, a row for each token.
        said: (tokens, dimension) float32; rows that were not asked for are overwritten.
        asked: (tokens,) bool, at least one.
    """
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    rows = embeddings / np.maximum(lengths, np.float32(1e-12))
    here, there = rows[asked], said[asked]
    centre, middle = here.mean(axis=0), there.mean(axis=0)
    here, there = here - centre, there - middle
    penalty = _RIDGE * np.eye(rows.shape[1], dtype=np.float32)
    slope = np.linalg.solve(here.T @ here + penalty, here.T @ there)
    found = (rows[~asked] - centre) @ slope
    # A regression says less than it should of whatever it does not know.
    usual = np.linalg.norm(there, axis=1).mean()
    found *= usual / max(float(np.linalg.norm(found, axis=1).mean()), 1e-12) if len(found) else 1
    said[~asked] = middle + found
    return said
