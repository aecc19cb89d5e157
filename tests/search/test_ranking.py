from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.search.ranking import rank, top


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(1, 50), st.randoms())
def test_top_is_the_start_of_a_plain_sort(levels, k, random):
    scores = np.array(levels, np.float32) / 3
    ids = np.arange(len(levels), dtype=np.int64)
    ties = list(range(len(levels)))
    random.shuffle(ties)

    def search(wanted: int):
        # Among equals an index returns any: here, whatever the shuffle says.
        order = sorted(ids, key=lambda i: (-scores[i], random.random()))[:wanted]
        return scores[order], np.array(order, np.int64)

    _, found = top(search, lambda wanted: np.array([ties[i] for i in wanted], np.intp), k)

    expected = sorted(ids, key=lambda i: (-scores[i], ties[i]))[:k]
    assert found.tolist() == [int(i) for i in expected]


def test_rank_settles_equals_by_the_second_order():
    order = rank(np.array([0.5, 0.9, 0.5], np.float32), np.array([2, 0, 1]))
    assert order.tolist() == [1, 2, 0]
