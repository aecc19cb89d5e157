from __future__ import annotations

import pytest

from rftsearch.text.plural import plural


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((0, "paper"), "0 papers"),
        ((1, "paper"), "1 paper"),
        ((1200, "paper"), "1,200 papers"),
        ((1, "paper was added", "papers were added"), "1 paper was added"),
        ((2, "paper was added", "papers were added"), "2 papers were added"),
    ],
)
def test_a_number_has_its_noun(words, said):
    assert plural(*words) == said
