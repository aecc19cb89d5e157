from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import IndexDamagedError
from rftsearch.index.vectors import VectorIndex


def unit_rows(seed: int, count: int, dimension: int = 8) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 60),
    k=st.integers(1, 80),
    kept=st.floats(0, 1),
)
def test_finds_what_brute_force_finds(seed, count, k, kept):
    vectors = unit_rows(seed, count)
    ids = np.random.default_rng(seed).permutation(10 * count)[:count].astype(np.int64)
    allowed = np.sort(ids[: int(kept * count)])
    index = VectorIndex.build(ids, vectors)
    query = unit_rows(seed + 1, 1)[0]

    scores, found = index.search(query, k, allowed)

    exact = {int(i): float(v @ query) for i, v in zip(ids, vectors, strict=True) if i in allowed}
    best = sorted(exact.values(), reverse=True)[:k]
    assert len(found) == min(k, len(allowed))
    np.testing.assert_allclose(scores, best, atol=1e-6)
    np.testing.assert_allclose([exact[int(i)] for i in found], scores, atol=1e-6)


def test_without_a_filter_everything_may_be_found():
    index = VectorIndex.build(np.array([7, 3], np.int64), unit_rows(1, 2))
    _, found = index.search(unit_rows(2, 1)[0], 10)
    assert sorted(found) == [3, 7]


def test_survives_the_disk(tmp_path: Path):
    vectors = unit_rows(3, 5)
    ids = np.array([10, 20, 30, 40, 50], np.int64)
    VectorIndex.build(ids, vectors).save(tmp_path / "v")
    index = VectorIndex.open(tmp_path / "v")
    assert len(index) == 5
    assert index.dimension == 8
    np.testing.assert_array_equal(index.vector(30), vectors[2])


def test_an_unknown_id_has_no_vector():
    index = VectorIndex.build(np.array([1], np.int64), unit_rows(1, 1))
    with pytest.raises(KeyError):
        index.vector(2)


def test_a_cut_file_is_refused(tmp_path: Path):
    VectorIndex.build(np.array([1], np.int64), unit_rows(1, 1)).save(tmp_path / "v")
    (tmp_path / "v").write_bytes((tmp_path / "v").read_bytes()[:-9])
    with pytest.raises(IndexDamagedError, match="--repair"):
        VectorIndex.open(tmp_path / "v")


def test_a_foreign_kind_of_index_is_refused(tmp_path: Path):
    faiss.write_index(faiss.IndexFlatL2(4), str(tmp_path / "v"))
    with pytest.raises(IndexDamagedError, match="foreign"):
        VectorIndex.open(tmp_path / "v")
