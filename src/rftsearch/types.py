"""Type aliases that the whole package shares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["BoolArray", "FloatArray", "HalfArray", "IdArray", "Progress"]


FloatArray = npt.NDArray[np.float32]


BoolArray = npt.NDArray[np.bool_]


IdArray = npt.NDArray[np.int64]


HalfArray = npt.NDArray[np.float16]


Progress = Callable[[str, int, int], None]
"""Called as (stage, done, total) while something long goes on; total 0: not known."""
