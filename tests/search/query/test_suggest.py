"""What is offered while a name is typed: the same, whoever looks for it."""

from __future__ import annotations

from functools import partial

import pytest

from rftsearch.index.build.build import index_papers
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.paper import Paper
from rftsearch.search.query.suggest import suggest
from support.encoder import WordEncoder

TITLES = {
    "SightWise": "SightWise: Temporal Grounding of Videos",
    "Groundwork": "Counting Crowds, Grounded",
    "R1-Sight": "Reasoning over Video",
    "GRPO++": "Rewards \u03c0 & Plus-Signs",
    "\u7fa4\u8846": "\u7fa4\u8846\u3092\u6570\u3048\u308b",
}
PAPERS = [
    Paper(f"2501.{number:05}", name, title, ("Invented",))
    for number, (name, title) in enumerate(TITLES.items())
]


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suggesting")
    index_papers(folder, PAPERS, encoder=WordEncoder())
    opened = Generation.open(folder)
    yield opened
    opened.close()


@pytest.fixture(params=[100, 0], ids=["looked through", "proposed"])
def names(request, generation):
    def offered(text: str, limit: int = 10) -> list[str]:
        found = suggest(generation, text, limit, looked_through=request.param)
        return [paper.short_name for paper in found]

    return partial(offered)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("s", ["SightWise"]),
        ("sight", ["SightWise", "R1-Sight"]),
        ("SIGHT w", ["SightWise"]),
        ("temporal groundi", ["SightWise"]),
        ("temporal grounding", ["SightWise"]),
        ("temporal grounding of vid", ["SightWise"]),
        ("reasoning over", ["R1-Sight"]),
        ("ground", ["Groundwork", "SightWise"]),
        ("counting crowds g", ["Groundwork"]),
        ("r1", ["R1-Sight"]),
        ("grpo+", ["GRPO++"]),
        ("\u7fa4", ["\u7fa4\u8846"]),
    ],
)
def test_names_come_before_titles(names, typed, expected):
    assert names(typed)[: len(expected)] == expected
    assert names(typed, 1) == expected[:1]


@pytest.mark.parametrize("typed", ["", " ", "%", "x.*y", "zzz", "grounding temporal", "+ +", "."])
def test_nothing_is_called_so(names, typed):
    assert names(typed) == []


def test_a_large_collection_is_not_read_through(generation, monkeypatch):
    asked = []
    monkeypatch.setattr(
        type(generation.store), "containing", lambda *arguments: asked.append(arguments[4]) or []
    )
    [(groundwork, _)] = generation.store.find(generation.number, "2501.00001")
    suggest(generation, "counti", 10, looked_through=0)
    assert asked == [[groundwork]]


@pytest.mark.parametrize("typed", ["学" * 1000, "a" * 1000, "crowd " + "щ" * 900])
def test_what_is_longer_than_any_name_finds_nothing(generation, typed):
    assert suggest(generation, typed, 10, looked_through=0) == []
