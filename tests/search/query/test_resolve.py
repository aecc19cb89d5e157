"""What an unknown or ambiguous reference is answered with, and names beyond the short list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rftsearch.errors import UnknownPaperError
from rftsearch.index.build.build import index_papers
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.engine import Engine
from rftsearch.search.ranking.numeric import Parameters
from support.encoder import WordEncoder

OLD = "A Title That Was Given Up"
PAPERS = [
    Paper(f"2501.{number:05}", f"Robo{number}", f"Robot {number}", ("Robots",))
    for number in range(30)
]
RENAMED = Paper(
    "2502.00001",
    "SightWise",
    OLD,
    ("Vision",),
    listed_title=OLD,
    metadata=ArxivMetadata("2502.00001", "Video, Reworked", "A video."),
)
NAMED = replace(
    PAPERS[0], id="2503.00001", short_name="VidMind2", title="Drawn", released="2025-03"
)
KIN = replace(PAPERS[0], id="2503.00002", short_name="VidMind3", title="Crowds", released="2025-01")


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("references")
    index_papers(folder, [*PAPERS, RENAMED, NAMED, KIN], encoder=WordEncoder())
    # So few candidates that neither engine proposes the kin.
    with Engine.open(folder, encoder=WordEncoder(), parameters=Parameters(candidates=2)) as opened:
        yield opened


def test_a_title_of_the_list_finds_the_paper_as_it_does_in_a_search(engine):
    assert engine.paper(OLD.lower()).id == RENAMED.id
    assert engine.search(OLD, k=1)[0].paper.id == RENAMED.id


@pytest.mark.parametrize("typed", ["SigthWise", "sight wise pro", "sigh", "Wise Sight"])
def test_an_unknown_name_is_answered_with_what_comes_close(engine, typed):
    with pytest.raises(UnknownPaperError) as refused:
        engine.paper(typed)
    assert "SightWise" in refused.value.suggestions


@pytest.mark.parametrize("typed", ["???", "\u4e2d", "x.*y", "\\", "qqqqqqqqqqqqqqqqqqqqqqqqqq"])
def test_nothing_comes_close(engine, typed):
    with pytest.raises(UnknownPaperError):
        engine.paper(typed)


def test_nearly_the_same_name_stands_second_in_a_long_list_too(engine):
    found = engine.search("VidMind2", k=2)
    assert [hit.paper.id for hit in found] == [NAMED.id, KIN.id]
