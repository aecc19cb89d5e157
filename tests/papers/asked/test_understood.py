from __future__ import annotations

import pytest

from rftsearch import Filters
from rftsearch.errors import FilterError
from rftsearch.papers.asked.narrow import narrowed
from rftsearch.papers.asked.understood import Part, Understood


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Filters(), Filters(since="2025"), Filters(since="2025")),
        (Filters(since="2025"), Filters(since="2025-03"), Filters(since="2025-03")),
        (Filters(until="2025-02"), Filters(until="2025"), Filters(until="2025-02")),
        (Filters(has=("code",)), Filters(has=("model", "code")), Filters(has=("code", "model"))),
        (Filters(kind="paper"), Filters(kind="paper"), Filters(kind="paper")),
        (Filters(kind="paper"), Filters(until="2024"), Filters(kind="paper", until="2024")),
    ],
)
def test_a_paper_must_meet_both(one, other, both):
    assert narrowed(one, other) == both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Filters(since="2025"), Filters(until="2024")),
        (Filters(kind="paper"), Filters(kind="project")),
    ],
)
def test_filters_that_contradict_each_other(one, other):
    with pytest.raises(FilterError):
        narrowed(one, other)


def test_only_applied_parts_count():
    since = Part("dates", "filter", 0, 4, "2025", "since 2025", filters=Filters(since="2025"))
    off = Part("sort", "sort", 5, 11, "Newest", "newest first", applied=False, sort="newest")
    without = Part("without", "exclusion", 12, 16, "-sft", "without sft", text="sft")
    understood = Understood("2025 Newest -sft", "", (since, off, without))
    assert understood.filters == Filters(since="2025")
    assert understood.sort is None
    assert understood.texts("exclusion") == ("sft",)
    assert off.id == "sort:newest"
    assert [part["applied"] for part in understood.to_dict()["parts"]] == [True, False, True]
