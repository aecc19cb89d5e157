"""Type aliases that the whole package shares: arrays by their dtype, and progress.

Every array alias stands here, and a docstring says the shape. This module loads
numpy and nothing else of weight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "AnyArray",
    "BoolArray",
    "DoubleArray",
    "FloatArray",
    "HalfArray",
    "IdArray",
    "IndexArray",
    "IntArray",
    "ListNumbers",
    "Progress",
    "RecordArray",
    "TermArray",
    "TokenArray",
]

FloatArray = npt.NDArray[np.float32]
"""Vectors and scores."""
DoubleArray = npt.NDArray[np.float64]
"""What is computed in double precision: measures, and places on the map."""
HalfArray = npt.NDArray[np.float16]
ListNumbers = npt.NDArray[np.uint16]
"""Vectors on disk."""
BoolArray = npt.NDArray[np.bool_]
"""Masks."""
IntArray = npt.NDArray[np.int64]
"""Counts, and offsets in files."""
IdArray = npt.NDArray[np.int64]
"""Integer ids of versions of papers, as the store gives them."""
IndexArray = npt.NDArray[np.intp]
"""Places in another array, as numpy takes them."""
TermArray = npt.NDArray[np.uint32]
"""Numbers that stand for terms."""
TokenArray = npt.NDArray[np.int32]
"""Rows of a table of tokens."""
RecordArray = npt.NDArray[np.void]
"""Rows of several named fields."""
AnyArray = npt.NDArray[Any]
"""An array of any dtype."""

Progress = Callable[[str, int, int], None]
"""Called as (stage, done, total) while something long goes on; total 0: not known."""
