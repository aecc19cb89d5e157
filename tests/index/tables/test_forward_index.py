"""A forward index whose files contradict each other is refused before a row is read."""

from __future__ import annotations

import numpy as np
import pytest

from rftsearch.errors import IndexDamagedError
from rftsearch.index.tables.forward_index import UNIGRAM_WEIGHTS, ForwardIndex
from rftsearch.index.tables.npy import save_array


def offsets_of(values: list[int]) -> np.ndarray:
    return np.array(values, np.int64)


@pytest.mark.parametrize(
    "offsets",
    [
        [0, 2, 10**15],
        [0, -(10**15), 4],
        [0, 3, 2],
        [1, 2, 4],
        [0, 2],
        [],
    ],
)
def test_offsets_out_of_bounds_are_refused(tmp_path, offsets):
    save_array(tmp_path / "terms.npy", np.arange(4, dtype=np.uint32))
    save_array(tmp_path / "weights.npy", np.zeros(4, UNIGRAM_WEIGHTS))
    save_array(tmp_path / "offsets.npy", offsets_of([0, 2, 4]))
    assert len(ForwardIndex.open(tmp_path)) == 2
    save_array(tmp_path / "offsets.npy", offsets_of(offsets))
    for in_memory in (True, False):
        with pytest.raises(IndexDamagedError, match="do not belong together"):
            ForwardIndex.open(tmp_path, in_memory=in_memory)
