"""An acronym and its long form find the same papers."""

from __future__ import annotations

import pytest

from rftsearch import Engine
from rftsearch.index.build.build import index_papers
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.ranking.numeric import Parameters
from support.encoder import WordEncoder

LONG = "Guided Reward Policy Search"
TEXTS = {
    "defines": f"We study {LONG} (GRPS) for crowds.",
    "again": f"{LONG} (GRPS) counts video frames.",
    "acronym": "GRPS alone, for audio.",
    "plural": "A family of GRPSs for robots.",
    "long": f"With {LONG.lower()} a robot hears audio.",
    "apart": "A guided tour. Each search has a policy. The reward is small.",
    "other": "A crowd in a video.",
}


@pytest.fixture(scope="module", params=[Parameters(), Parameters(candidates=4)])
def engine(request, tmp_path_factory):
    """With seven papers as all candidates, and as a few of 70."""
    papers = []
    copies = 1 if request.param == Parameters() else 10
    for number, (name, text) in enumerate(
        [*TEXTS.items(), *[("other", TEXTS["other"])] * 60][: 7 * copies]
    ):
        made = Paper(
            f"2501.{number:05}",
            f"{name}{number}",
            f"Title {number}",
            ("All",),
            arxiv_id=f"2501.{number:05}",
        )
        papers.append(made.with_metadata(ArxivMetadata(made.id, made.title, text)))
    index = tmp_path_factory.mktemp("words") / "index"
    index_papers(index, papers, encoder=WordEncoder())
    with Engine.open(index, encoder=WordEncoder(), parameters=request.param) as opened:
        yield opened


def test_an_acronym_and_its_long_form_are_answered_alike(engine):
    by_acronym, by_long = (engine.search(query, k=7) for query in ("GRPS audio", f"{LONG} audio"))
    assert [hit.paper.id for hit in by_acronym] == [hit.paper.id for hit in by_long]
    assert [hit.parts for hit in by_acronym] == [hit.parts for hit in by_long]


def test_a_concept_is_as_rare_as_all_its_forms_together(engine):
    words = {hit.paper.short_name[:-1]: hit.parts["words"] for hit in engine.search("GRPS", k=7)}
    # Its words side by side are worth as much as the acronym, in texts of about one length.
    assert words["long"] > 0.5 * words["acronym"]


def test_a_paper_has_a_concept_by_either_form(engine):
    words = {hit.paper.short_name[:-1]: hit.parts["words"] for hit in engine.search("GRPS", k=7)}
    having = {name for name, value in words.items() if value > 0.05}
    assert having >= {"defines", "again", "acronym", "plural", "long"}
    assert "apart" not in having  # It has the words, but not side by side.


def test_the_words_of_either_form_are_marked(engine):
    hits = engine.search(LONG, k=3).hits
    marked = [
        one.sentence[start:end] for one in engine.explain(LONG, hits) for start, end in one.marks
    ]
    assert {"GRPS", "Guided", "Policy"} <= set(marked)
