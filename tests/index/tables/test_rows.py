"""Places of ids among ascending ones, and runs of rows."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import IndexDamagedError
from rftsearch.index.tables.npy import save_array
from rftsearch.index.tables.rows import (
    FileRows,
    Stacked,
    every_row,
    in_single,
    places_of,
    products_of,
    rows_of,
    runs_of,
)


def forms(rows, cut, folder):
    """Whatever may hold some rows: an array, a file, and both of them stacked."""
    save_array(Path(folder, "rows.npy"), rows)
    save_array(Path(folder, "first.npy"), rows[:cut])
    in_file, first = (FileRows(Path(folder, f"{name}.npy")) for name in ("rows", "first"))
    return rows, in_file, Stacked([rows[:cut], rows[cut:]]), Stacked([first, rows[cut:]])


@given(st.sets(st.integers(0, 40)), st.integers(0, 10**12), st.data())
def test_a_place_is_where_an_id_stands(numbers, first, data):
    ids = np.array(sorted(numbers), np.int64) + first
    chosen = data.draw(st.lists(st.sampled_from(sorted(numbers)))) if numbers else []
    wanted = np.array(chosen, np.int64) + first
    np.testing.assert_array_equal(ids[places_of(wanted, ids)], wanted)


def test_none_left_out():
    ids = np.arange(7, 19)
    np.testing.assert_array_equal(places_of(np.array([7, 18, 9]), ids), [0, 11, 2])


@given(st.lists(st.integers(0, 6), min_size=1), st.data())
def test_runs_are_rows_one_after_another(lengths, data):
    ends = np.cumsum(lengths)
    begins = ends - lengths
    rows = np.arange(int(ends[-1])) * 7
    chosen = np.array(sorted(data.draw(st.sets(st.integers(0, len(lengths) - 1)))), np.intp)
    cut = int(begins[data.draw(st.integers(0, len(lengths) - 1))])  # Parts end where rows do.
    expected = [row for one in chosen for row in rows[begins[one] : ends[one]]]
    with tempfile.TemporaryDirectory() as folder:
        for form in forms(rows, cut, folder):
            assert runs_of(form, begins[chosen], ends[chosen]).tolist() == expected


@given(st.integers(1, 6), st.integers(0, 6), st.data())
def test_rows_are_found_in_whatever_holds_them(count, cut, data):
    rows = np.zeros(count, [("own", np.int32), ("other", np.int32)])
    rows["own"] = np.arange(count) * 7
    wide = np.arange(count * 3).reshape(count, 3)
    places = np.array(data.draw(st.lists(st.integers(0, count - 1))), np.intp)
    for one in (rows, rows["own"], wide):
        with tempfile.TemporaryDirectory() as folder:
            for form in forms(one, cut, folder):
                np.testing.assert_array_equal(rows_of(form, places), one[places])
                np.testing.assert_array_equal(every_row(form), one)
                assert (len(form), form.shape, form.dtype) == (len(one), one.shape, one.dtype)


@given(st.lists(st.integers(0, 2999)))
def test_near_rows_and_far_ones_are_read_from_a_file(chosen):
    rows = np.arange(6000).reshape(3000, 2)
    places = np.array(chosen, np.intp)
    with tempfile.TemporaryDirectory() as folder:
        save_array(Path(folder, "rows.npy"), rows)
        np.testing.assert_array_equal(FileRows(Path(folder, "rows.npy"))[places], rows[places])


def test_what_one_call_does_not_give_is_read_by_several(tmp_path, monkeypatch):
    save_array(tmp_path / "rows.npy", np.arange(3000))
    rows, whole = FileRows(tmp_path / "rows.npy"), os.pread
    monkeypatch.setattr(os, "pread", lambda file, size, start: whole(file, min(size, 999), start))
    np.testing.assert_array_equal(rows[np.arange(3000)], np.arange(3000))
    assert rows[np.array([2, 2500])].tolist() == [2, 2500]


def test_a_file_that_became_shorter_is_damaged(tmp_path):
    save_array(tmp_path / "rows.npy", np.arange(3000))
    rows = FileRows(tmp_path / "rows.npy")
    os.truncate(tmp_path / "rows.npy", 20_000)
    assert rows[np.array([0, 2000])].tolist() == [0, 2000]
    with pytest.raises(IndexDamagedError, match=r"rows\.npy"):
        rows[np.array([0, 2999])]


def test_a_file_that_is_no_array_is_named(tmp_path):
    (tmp_path / "rows.npy").write_bytes(b"rows")
    with pytest.raises(IndexDamagedError, match=r"rows\.npy"):
        FileRows(tmp_path / "rows.npy")


def test_every_half_number_is_the_same_in_single_precision():
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    every = every[np.isfinite(every)]
    for rows in (every, every.reshape(-1, 64), every[:0], every[::3]):
        found = in_single(rows)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, rows.astype(np.float32))
        np.testing.assert_array_equal(np.signbit(found), np.signbit(rows))  # of zeros too


@pytest.mark.parametrize("count", [0, 1, 600])
def test_products_are_those_of_single_precision_to_the_last_bit(count):
    chance = np.random.default_rng(3)
    rows = (chance.standard_normal((900, 24)) * 10.0 ** chance.uniform(-7, 0, (900, 24))).astype(
        np.float16
    )
    query = chance.uniform(-1, 1, 24).astype(np.float32)
    places = chance.integers(0, 900, count)
    wanted = np.vecdot(in_single(rows[places]), query)
    assert np.array_equal(products_of(rows, places, query), wanted)
    assert np.array_equal(products_of(np.asfortranarray(rows), places, query), wanted)
