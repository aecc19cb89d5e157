from __future__ import annotations

import pytest

from rftsearch.papers.names import name_in_title, split_title


@pytest.mark.parametrize(
    ("title", "name", "parts"),
    [
        ("VLM-R1: A Stable Model", "VLM-R1", ("VLM-R1", "A Stable Model")),
        ("One Two Three: Four", "One Two Three", ("One Two Three", "Four")),
        ("One Two Three Four: Five", None, ("One Two Three Four", "Five")),
        ("A: B: C", None, ("A", "B: C")),
        ("Wide : A gap", "Wide", ("Wide ", "A gap")),
        ("Ratios of 3:1", None, ("", "Ratios of 3:1")),
        ("No colon", None, ("", "No colon")),
        ("Nothing follows: ", "Nothing follows", ("", "Nothing follows: ")),
    ],
)
def test_the_name_in_a_title_and_what_follows_it(title, name, parts):
    assert name_in_title(title) == name
    assert split_title(title) == parts
