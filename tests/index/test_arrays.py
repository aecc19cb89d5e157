"""Places of ids among ascending ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.index.arrays import places_of


@given(st.sets(st.integers(0, 40)), st.integers(0, 10**12), st.data())
def test_a_place_is_where_an_id_stands(numbers, first, data):
    ids = np.array(sorted(numbers), np.int64) + first
    chosen = data.draw(st.lists(st.sampled_from(sorted(numbers)))) if numbers else []
    wanted = np.array(chosen, np.int64) + first
    np.testing.assert_array_equal(ids[places_of(wanted, ids)], wanted)


def test_none_left_out():
    ids = np.arange(7, 19)
    np.testing.assert_array_equal(places_of(np.array([7, 18, 9]), ids), [0, 11, 2])
