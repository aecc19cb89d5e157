"""What written queries taught a table of words, for the table of any collection.

A table that is made from papers alone has never seen a question. `scripts/train_table.py`
fits such tables to queries that were written for papers, and keeps how the vector of each
token changed. The change lies in the space of the teacher's vectors, so it can be added to
every table of the same teacher, whatever axes that table has.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rftsearch.encoders.learning.packed_rows import PackedRows
from rftsearch.types import DoubleArray, FloatArray

__all__ = ["CHANGE", "LearnedChange"]

CHANGE = Path(__file__).parents[2] / "data" / "static" / "change.safetensors"
"""The change that comes with rftsearch, for tables of the default model."""


class LearnedChange(PackedRows):
    """Changes of the vectors of some tokens of a teacher's vocabulary."""

    def added(
        self, vectors: FloatArray, axes: DoubleArray, pieces: Sequence[Sequence[int]]
    ) -> FloatArray:
        """Return a table with the change added.

        Args:
            vectors: (tokens, dimension) float32.
            axes: (dimension of the teacher, dimension) float64, those of the table.
            pieces: For each token of the table that the teacher does not have, in their
                order at its end, the teacher's tokens that spell it: it changes as they do.
        """
        own = len(vectors) - len(pieces)
        change = self.rows(own) @ (self.axes.T @ axes).astype(np.float32)
        words = [change[list(its)].sum(axis=0) for its in pieces]
        return np.asarray(vectors + np.vstack([change, *words]), np.float32)
