"""The filters of a page: those that can choose something, and those that are set."""

from __future__ import annotations

import re

import pytest

from rftsearch.papers.results import Facets
from rftsearch.ui.page.layout import MANY_CATEGORIES, filter_panel
from rftsearch.ui.page.view import View

MONTHS = ("2025-05", "2025-04")


def facets(categories=("A", "B"), projects=1, generative=1, total=9, **has) -> Facets:
    links = dict.fromkeys(("code", "model", "dataset", "demo", "project"), 0)
    return Facets(
        total,
        dict.fromkeys(categories, 1),
        {**links, **has},
        {"paper": total - projects, "project": projects},
        {True: generative, False: total - generative},
        {},
    )


def legends(whole: Facets, months=MONTHS, **view) -> list[str]:
    panel = filter_panel(whole, whole, {}, months, View(**view))
    return re.findall("<legend>(.*?)</legend>", panel)


def test_all_filters_stand_where_each_can_choose():
    everything = ["Category", "Released", "Comes with", "Kind", "Generative"]
    assert legends(facets(code=3)) == everything


@pytest.mark.parametrize(
    ("missing", "whole", "months"),
    [
        ("Category", facets(("A",), code=1), MONTHS),
        ("Released", facets(code=1), ()),
        ("Released", facets(code=1), MONTHS[:1]),
        ("Comes with", facets(), MONTHS),
        ("Comes with", facets(code=9), MONTHS),
        ("Kind", facets(projects=0, code=1), MONTHS),
        ("Kind", facets(projects=9, code=1), MONTHS),
        ("Generative", facets(generative=0, code=1), MONTHS),
        ("Generative", facets(generative=9, code=1), MONTHS),
    ],
)
def test_a_filter_that_cannot_choose_is_not_there(missing, whole, months):
    shown = legends(whole, months)
    assert missing not in shown
    assert len(shown) == 4


@pytest.mark.parametrize(
    ("legend", "view"),
    [
        ("Category", {"categories": ("A",)}),
        ("Released", {"until": "2025-03"}),
        ("Comes with", {"has": ("demo",)}),
        ("Kind", {"kind": "project"}),
        ("Generative", {"generative": "no"}),
    ],
)
def test_what_an_address_has_set_can_be_taken_off(legend, view):
    assert legends(facets(("A",), 0, 0), (), **view) == [legend]


def test_kinds_of_links_that_no_paper_has_are_not_there():
    whole = facets(code=3, demo=1)
    panel = filter_panel(whole, whole, {}, (), View())
    assert re.findall('name="has" value="(.*?)"', panel) == ["code", "demo"]
    # A query that leaves none of them changes nothing.
    here = filter_panel(facets(), whole, {}, (), View())
    assert re.findall('name="has" value="(.*?)"', here) == ["code", "demo"]


def test_without_any_filter_there_is_no_heading():
    panel = filter_panel(facets(("A",), 0, 0), facets(("A",), 0, 0), {}, (), View())
    assert "<h2>" not in panel
    assert "<fieldset>" not in panel
    assert 'id="filters"' in panel


def test_many_categories_scroll_in_a_box():
    few, many = (facets([f"C{n}" for n in range(MANY_CATEGORIES + more)]) for more in (0, 1))
    assert 'class="choices"' in filter_panel(few, few, {}, (), View())
    assert 'class="choices many"' in filter_panel(many, many, {}, (), View())
