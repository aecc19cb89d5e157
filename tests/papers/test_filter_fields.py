from __future__ import annotations

import pytest

from rftsearch.errors import FilterError
from rftsearch.papers.filter_fields import FILTER_FIELDS, make_filters
from rftsearch.papers.filters import Filters


def test_the_table_has_every_filter_in_order():
    assert [field.name for field in FILTER_FIELDS] == list(Filters.__dataclass_fields__)
    for field in FILTER_FIELDS:
        assert field.help
        assert field.tool_help.endswith(".")
        assert bool(field.choices) == (field.type == "choice")


@pytest.mark.parametrize("nothing", [None, "", ()])
def test_what_is_empty_filters_nothing(nothing):
    assert make_filters({field.name: nothing for field in FILTER_FIELDS}) == Filters()
    assert make_filters({}) == Filters()


def test_values_become_filters():
    values = {"categories": ["Audio"], "since": "2025", "kind": "paper", "generative": False}
    assert make_filters(values) == Filters(("Audio",), "2025-01", kind="paper", generative=False)
    with pytest.raises(FilterError, match="unknown kind 'book'"):
        make_filters({"kind": "book"})
