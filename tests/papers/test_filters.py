"""Filters: what they accept, what they refuse, and how they are given."""

from __future__ import annotations

import pytest

from rftsearch.errors import FilterError
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import KINDS


def test_no_filter():
    assert not Filters()
    assert not Filters().dated
    assert not Filters(categories=None, since="", has=None)


def test_filters_are_normalised():
    filters = Filters(categories="Audio", since=" 2025-03 ", has=" Code ")
    assert filters
    assert filters.dated
    assert (filters.categories, filters.since, filters.has) == (("Audio",), "2025-03", ("code",))
    assert Filters(has=["code"]) == Filters(has=("code",))
    assert Filters(until="2025-03").dated
    assert Filters(generative=False)


@pytest.mark.parametrize("kind", KINDS)
def test_known_kinds(kind):
    assert Filters(kind=kind).kind == kind


def test_a_year_stands_for_all_its_months():
    filters = Filters(since="2024", until=" 2024 ")
    assert (filters.since, filters.until) == ("2024-01", "2024-12")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"since": "March"}, "not a month"),
        ({"since": "202"}, "not a month"),
        ({"since": "2025", "until": "2024"}, "no month lies between 2025-01 and 2024-12"),
        ({"until": "2025-13"}, "not a month"),
        ({"since": "2025-04", "until": "2025-03"}, "no month lies between"),
        ({"has": ("code", "toy")}, "unknown resource 'toy'; one of model, dataset"),
        ({"kind": "book"}, "unknown kind 'book'; one of paper, project"),
    ],
)
def test_filters_that_make_no_sense(arguments, message):
    with pytest.raises(FilterError, match=message):
        Filters(**arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"since": 2025}, "since is 2025; give a text such as '2025-03'"),
        ({"categories": 5}, "categories is 5; give a list of texts"),
        ({"has": ["code", 1]}, "give a list of texts"),
        ({"kind": ["paper"]}, "unknown kind"),
        ({"generative": "yes"}, "generative is 'yes'; give True, False or None"),
    ],
)
def test_values_of_a_wrong_type(arguments, message):
    with pytest.raises(FilterError, match=message):
        Filters(**arguments)


# --- two ways to give them ------------------------------------------------------------------


def test_keywords_a_dictionary_and_filters_mean_the_same():
    wanted = Filters(categories=("Audio",), since="2025-01")
    assert Filters.of(wanted) == wanted
    assert Filters.of({"categories": ["Audio"], "since": "2025"}) == wanted
    assert Filters.of(categories="Audio", since="2025") == wanted
    assert Filters.of(Filters(since="2025"), categories=["Audio"]) == wanted
    assert Filters.of() == Filters.of(None, since=None) == Filters.of({}) == Filters()


def test_a_keyword_that_sets_nothing_takes_nothing_away():
    assert Filters.of(Filters(generative=False), generative=None, has=()).generative is False


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("since", "2025", "2024"),
        ("has", "code", "code"),
        ("generative", True, False),
        ("categories", "Audio", ["Audio"]),
    ],
)
def test_a_filter_given_twice_is_named(name, one, other):
    with pytest.raises(FilterError, match=f"{name} is given twice"):
        Filters.of({name: one}, **{name: other})


@pytest.mark.parametrize("given", [{"category": "Audio"}, {1: 2}])
def test_an_unknown_filter_names_the_known_ones(given):
    with pytest.raises(FilterError, match="one of categories, since, until, has, kind, gen"):
        Filters.of(given)


def test_keywords_must_be_known():
    with pytest.raises(FilterError, match="no filter is called 'category'"):
        Filters.of(category="Audio")


@pytest.mark.parametrize("given", ["Audio", ["Audio"], 5])
def test_filters_are_no_text(given):
    with pytest.raises(FilterError, match="give a Filters or a dictionary"):
        Filters.of(given)


def test_dates_must_agree_across_both_ways():
    with pytest.raises(FilterError, match="no month lies between"):
        Filters.of(Filters(since="2025"), until="2024")
