from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.index.store.lru import RecentById


class Shelf:
    """Has the numbers below ten, each spelt; remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def read(self, ids):
        self.asked += ids
        return {one: str(one) for one in ids if one < 10}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_what_was_read_is_not_read_again(shelf):
    recent = RecentById(4)
    assert recent.get([1, 2], shelf.read) == {1: "1", 2: "2"}
    assert recent.get([2, 3, 1], shelf.read) == {1: "1", 2: "2", 3: "3"}
    assert shelf.asked == [1, 2, 3]


def test_what_was_asked_for_longest_ago_goes_first(shelf):
    recent = RecentById(2)
    for ids in ([1, 2], [1], [3], [1]):
        recent.get(ids, shelf.read)
    assert shelf.asked == [1, 2, 3]
    recent.get([2], shelf.read)
    assert shelf.asked == [1, 2, 3, 2]


def test_what_is_not_there_is_left_out_and_asked_for_again(shelf):
    recent = RecentById(2)
    assert recent.get([12], shelf.read) == {}
    assert recent.get([12, 1], shelf.read) == {1: "1"}
    assert shelf.asked == [12, 12, 1]


@given(st.lists(st.lists(st.integers(0, 14), max_size=8), max_size=12), st.integers(1, 5))
def test_any_size_and_order_give_what_is_read(questions, size):
    recent = RecentById(size)
    for ids in questions:
        assert recent.get(ids, Shelf().read) == Shelf().read(ids)


def test_threads_may_share_one(shelf):
    recent = RecentById(3)
    questions = [[number % 10, (number * 7) % 10] for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda ids: recent.get(ids, Shelf().read), questions))
    assert found == [Shelf().read(ids) for ids in questions]
