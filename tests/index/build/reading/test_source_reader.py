"""Records that a program gives have the bounds of every other source."""

from __future__ import annotations

from dataclasses import replace

from rftsearch.index.build.build import index_papers
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder


def test_what_is_too_long_of_a_given_paper_is_cut_and_named(tmp_path):
    paper = Paper("2505.00001", "CrowdSeer", "Counting People", ("Vision",), arxiv_id="2505.00001")
    metadata = ArxivMetadata(paper.id, paper.title, "crowd " * 1_000_000, authors=("A. Author",))
    other = Paper("slug:x", "X", "Another", ("Vision",))
    long = replace(paper.with_metadata(metadata), title="Counting " * 1_000)
    encoder = WordEncoder()
    report = index_papers(tmp_path, [other, long], encoder=encoder)
    reasons = {(problem.line, problem.reason) for problem in report.problems}
    assert reasons == {
        (2, "its title is longer than 1,000 characters; the rest is left out"),
        (2, "its abstract is longer than 20,000 characters; the rest is left out"),
    }
    assert max(map(len, encoder.encoded)) < 22_000
    with Engine.open(tmp_path, encoder=encoder) as engine:
        assert len(engine.paper("2505.00001").abstract) <= 20_000
