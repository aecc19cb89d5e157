from __future__ import annotations

import random
from dataclasses import replace

from rftsearch.search.answer.overview import MapPoint
from rftsearch.search.answer.regions import FEWEST, name_regions

SUBJECTS = {
    (0.0, 0.0): "Counting Moving Crowds",
    (50.0, 0.0): "Drawing Fine Pictures",
    (0.0, 50.0): "Hearing Quiet Voices",
}


def points(each: int = 30) -> list[MapPoint]:
    """Three heaps of papers, each about something else."""
    draw = random.Random(7)  # noqa: S311 - invented places
    return [
        MapPoint(
            f"{title}-{number}", f"N{number}", f"N{number}: {title} {number}", "All", "paper",
            "2025-03", x + draw.gauss(0, 2), y + draw.gauss(0, 2),
        )
        for (x, y), title in SUBJECTS.items()
        for number in range(each)
    ]  # fmt: skip


def test_each_heap_is_named_by_the_words_of_its_titles():
    found = name_regions(points())
    assert {region.words for region in found} == {
        "counting moving crowds", "drawing fine pictures", "hearing quiet voices",
    }  # fmt: skip
    for region in found:
        title = region.words.title()
        [(x, y)] = [place for place, words in SUBJECTS.items() if words == title]
        assert abs(region.x - x) < 3 > abs(region.y - y)
        assert region.size == 30


def test_the_order_of_the_papers_changes_nothing():
    shuffled = points()
    random.Random(3).shuffle(shuffled)  # noqa: S311
    assert sorted(map(str, name_regions(shuffled))) == sorted(map(str, name_regions(points())))


def test_a_few_papers_have_no_regions():
    assert name_regions(points()[: FEWEST - 1]) == []
    assert name_regions([]) == []


def test_a_word_names_a_heap_that_shares_no_pair():
    varied = [
        replace(point, title=f"{point.short_name}: Zorb{at}a Medical Quux{at}a")
        if point.title.endswith(f"Quiet Voices {at % 30}")
        else point
        for at, point in enumerate(points())
    ]
    assert "medical" in {region.words for region in name_regions(varied)}
