"""Arrays as files: mapped rather than read, data and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rftsearch.errors import IndexDamagedError
from rftsearch.index.manifest import REPAIR

__all__ = ["open_array", "save_array"]


def save_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write a `.npy` file.

    Raises:
        OSError: It cannot be written.
    """
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)


def open_array(path: Path) -> npt.NDArray[Any]:
    """Map a `.npy` file.

    Raises:
        IndexDamagedError: It is missing, or no such file.
    """
    try:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise IndexDamagedError(f"cannot read {path}; {REPAIR}") from error
    # As a plain array: the mapping's own class costs a microsecond at every access.
    return np.asarray(mapped)
