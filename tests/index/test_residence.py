from __future__ import annotations

import mmap

import numpy as np
import pytest

from rftsearch.index.arrays import Stacked, open_array, save_array
from rftsearch.index.residence import EVERY, Residence, mapping_of, resident_files

MEGABYTE = 1 << 20

pytestmark = pytest.mark.skipif(not resident_files(), reason="the system does not say")


@pytest.fixture
def mapped(tmp_path):
    """32 MB that are mapped, and of which every page was looked at."""
    save_array(tmp_path / "rows.npy", np.arange(4 * MEGABYTE, dtype=np.int64))
    rows = open_array(tmp_path / "rows.npy")
    assert rows.sum() == 2 * MEGABYTE * (4 * MEGABYTE - 1)
    return rows


def test_the_mapping_of_a_view_is_that_of_its_file(mapped):
    own = mapping_of(mapped)
    assert isinstance(own, mmap.mmap)
    assert mapping_of(mapped[5:].view(np.uint8)) is own
    assert mapping_of(np.arange(3)) is None


@pytest.mark.parametrize("stacked", [False, True], ids=["alone", "stacked"])
def test_what_is_too_much_is_let_go_of_and_reads_as_before(mapped, stacked):
    rows = Stacked([mapped, np.arange(3)]) if stacked else mapped
    residence, before = Residence([rows], most=MEGABYTE), resident_files()
    for _ in range(EVERY - 1):
        residence.asked()
    assert resident_files() > before - 8 * MEGABYTE  # It is not looked at each time.
    residence.asked()
    assert resident_files() < before - 24 * MEGABYTE
    assert mapped.sum() == 2 * MEGABYTE * (4 * MEGABYTE - 1)


def test_what_is_little_stays(mapped):
    residence, before = Residence([mapped], most=33 * MEGABYTE), resident_files()
    for _ in range(2 * EVERY):
        residence.asked()
    assert resident_files() > before - 8 * MEGABYTE


def test_each_mapping_has_its_turn(mapped, tmp_path):
    save_array(tmp_path / "more.npy", np.ones(4 * MEGABYTE, np.int64))
    more = open_array(tmp_path / "more.npy")
    assert more.sum() == 4 * MEGABYTE
    residence, before = Residence([mapped, more], most=MEGABYTE), resident_files()
    for _ in range(2 * EVERY):
        residence.asked()
    assert resident_files() < before - 48 * MEGABYTE
