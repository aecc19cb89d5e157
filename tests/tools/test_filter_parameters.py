"""Every filter of the table reaches the endpoints, the plain route and the page's view."""

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest

from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS
from rftsearch.papers.filters import Filters
from rftsearch.tools.filter_parameters import with_filters
from rftsearch.ui.page.view import View

NAMES = [field.name for field in FILTER_FIELDS]
SOME = {
    "categories": ["Audio"],
    "since": "2025",
    "until": "2025-05",
    "has": ["code"],
    "kind": "paper",
    "generative": False,
    "authors": ["Ann Bee"],
    "venue": ["CVPR 2025"],
    "presents": ["survey"],
}
FILTERS = Filters(
    ("Audio",),
    "2025-01",
    "2025-05",
    ("code",),
    "paper",
    False,
    ("Ann Bee",),
    ("CVPR 2025",),
    ("survey",),
)
NOTHING = Filters()


@with_filters
def toy(query: str, filters: Filters = NOTHING, k: int = 10) -> tuple[str, Filters, int]:
    """Answer.

    Args:
        query: What is asked.
        filters: One line for each of FILTER_FIELDS.
        k: How many.
    """
    return query, filters, k


def test_an_endpoint_has_a_parameter_for_each_filter():
    parameters = inspect.signature(toy).parameters
    assert list(parameters) == ["query", *NAMES, "k"]
    assert set(toy.__annotations__) == {*parameters, "return"}
    for field in FILTER_FIELDS:
        assert parameters[field.name].default is None
        assert f"    {field.name}: {field.tool_help}\n" in inspect.getdoc(toy)


def test_it_is_called_by_name_or_by_place():
    assert toy("x", **SOME, k=3) == ("x", FILTERS, 3)
    assert toy("x", *SOME.values(), 3) == ("x", FILTERS, 3)
    assert toy("x") == ("x", NOTHING, 10)


@pytest.mark.parametrize("name", NAMES)
def test_a_value_of_another_type_is_refused_by_name(name: str):
    with pytest.raises(UsageError, match=rf"^{name} must be "):
        toy("x", **{name: 5})


def test_a_view_reads_every_filter():
    assert {field.name for field in fields(View)} >= set(NAMES)
    assert View.read(SOME | {"generative": "no"}).filters() == FILTERS
    assert View.read({}).filters() == NOTHING
