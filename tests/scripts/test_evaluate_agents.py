"""Several short queries beside one question: what is read, and what is counted."""

from __future__ import annotations

import json

import pytest

from support.paths import ROOT


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))


def test_answers_are_joined_in_turns():
    from evaluate_agents import union

    answers = [["a", "b", "c"], ["b", "d"], []]
    assert union(answers, 10) == ["a", "b", "d", "c"]
    assert union(answers, 3) == ["a", "b", "d"]
    assert union([], 3) == []


def test_as_many_papers_are_read_each_way():
    from evaluate_agents import WAYS, rankings

    found = rankings(lambda query, read: [f"{query}{n}" for n in range(read)], "q", ["x", "y"], 4)
    assert dict(zip(WAYS, found.values(), strict=True)) == {
        "one question": ["q0", "q1", "q2", "q3"],
        "all words in one query": ["x, y0", "x, y1", "x, y2", "x, y3"],
        "union of short queries": ["x0", "y0", "x1", "y1"],
    }


def test_recall_counts_papers_of_a_grade():
    from evaluate_agents import recall

    grades = {"a": 2, "b": 1, "c": 0, "d": 2}
    assert recall(["a", "c", "x"], grades, 1) == pytest.approx(1 / 3)
    assert recall(["a", "c", "x"], grades, 2) == 0.5


def test_short_queries_are_short():
    from evaluate_agents import read_sub_queries

    found = read_sub_queries()
    assert len(found) == 30
    for queries in found.values():
        assert 3 <= len(queries) == len(set(queries)) <= 4
        assert all(len(query.split()) <= 7 for query in queries)


def test_other_servers_answers_have_their_shapes():
    from benchmarks.tools import arxiv_mcp_server, paper_search_mcp
    from rftsearch import Paper
    from rftsearch.papers.paper import ArxivMetadata

    meta = ArxivMetadata("2505.00001", "T", "We count.", ("A B", "C"), "2025-05-02")
    paper = Paper("2505.00001", "X", "T", ("V",), arxiv_id="2505.00001", metadata=meta)
    first = json.loads(arxiv_mcp_server([paper]))
    assert first["total_results"] == 1
    assert first["papers"][0]["published"] == "2025-05-02T00:00:00+00:00"
    [second] = json.loads(paper_search_mcp([paper]))
    assert (second["authors"], second["abstract"], len(second)) == ("A B; C", "We count.", 15)
