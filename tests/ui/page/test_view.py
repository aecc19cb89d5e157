from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import FilterError
from rftsearch.ui.page.view import MAX_BASKET, MAX_CARDS, MAX_PASTED, MAX_TEXT, View

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NAMES = ["query", "seed", "text", "liked", "categories", "since", "has", "kind", "sort", "k"]


class TestView:
    def test_what_a_browser_sends(self):
        view = View.read(
            {
                "query": " a  b ",
                "categories": ["Audio"],
                "since": "2025-01",
                "kind": "paper",
                "k": 20,
            }
        )
        assert view.query == "a  b"
        assert view.k == 20
        assert view.filters().categories == ("Audio",)
        assert view.filters().kind == "paper"

    def test_nothing_is_the_empty_view(self):
        assert View.read(None) == View.read({}) == View()
        assert not View().filters()

    @given(ANYTHING | st.dictionaries(st.sampled_from(NAMES), ANYTHING))
    def test_anything_may_arrive(self, data):
        view = View.read(data)
        assert 1 <= view.k <= MAX_CARDS
        assert len(view.query) <= MAX_TEXT
        view.query.encode("utf-8")
        with suppress(FilterError):
            view.filters()

    def test_half_a_character_can_be_sent_back(self):
        assert View.read({"query": "a\ud800"}).query == "a?"

    def test_texts_and_lists_are_bounded(self):
        long = "x" * 100_000
        ids = [str(number) for number in range(1000)]
        view = View.read({"query": long, "seed": long, "text": long, "liked": ids})
        assert len(view.query) == len(view.seed) == MAX_TEXT
        assert len(view.text) == MAX_PASTED
        assert len(view.liked) == MAX_BASKET

    @pytest.mark.parametrize(
        ("sent", "question"),
        [
            ({}, "newest"),
            ({"query": "a"}, "search"),
            ({"query": "a", "seed": "b"}, "similar"),
            ({"query": "a", "seed": "b", "text": "c"}, "text"),
            ({"text": "c", "liked": ["d"]}, "text"),
            ({"text": "c", "liked": ["d"], "show": "basket"}, "recommend"),
            ({"query": "a", "show": "basket"}, "search"),
            ({"query": "a", "show": "saved"}, "saved"),
        ],
    )
    def test_which_question_it_asks(self, sent, question):
        assert View.read(sent).question == question
