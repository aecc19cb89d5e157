"""Papers that are not of the index, as seeds: asked for only when they may be."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rftsearch.errors import FetchError, UnknownPaperError
from rftsearch.search.engine import Engine
from rftsearch.sources.arxiv.api import ArxivClient, RateLimiter
from support.arxiv_feed import ArxivFeed, status
from support.encoder import WordEncoder

OUTSIDE = {
    "arxiv_id": "2506.00001",
    "title": "Outside: Drawing at Length",
    "abstract": "We draw and draw.",
    "authors": ["Author One"],
    "published": "2025-06-02",
    "categories": ["cs.CV"],
}


@pytest.fixture
def feed():
    with ArxivFeed([OUTSIDE]) as served:
        yield served


@pytest.fixture
def engine(invented_index, feed):
    client = ArxivClient(feed.url, limiter=RateLimiter(0), patience=60)
    with Engine.open(invented_index, encoder=WordEncoder(), client=client) as opened:
        yield opened


def test_similar_asks_arxiv_once_and_says_so(engine, feed):
    found = engine.similar("https://arxiv.org/abs/2506.00001v2", k=3, fetch=True)
    assert found[0].paper.short_name == "DrawWell"
    assert found.notes == ("2506.00001 is not in this index; it was fetched from arXiv",)
    assert engine.similar("2506.00001", k=3, fetch=True) == found
    paper = engine.paper("2506.00001", fetch=True)
    assert (paper.short_name, paper.category, paper.released) == ("Outside", "cs.CV", "2025-06")
    assert len(feed.requests) == 1


def test_recommend_takes_them_among_others(engine):
    found = engine.recommend(["2506.00001", "EarTest"], ["CrowdSeer"], k=5, fetch=True)
    names = [hit.paper.short_name for hit in found]
    assert names[0] == "DrawWell"
    assert not {"EarTest", "CrowdSeer"} & set(names)


def test_what_the_index_has_is_never_asked_for(engine, feed):
    assert engine.similar("2504.00002", fetch=True) == engine.similar("2504.00002")
    assert engine.similar("DrawWell", fetch=True) == engine.similar("2504.00002")
    with pytest.raises(UnknownPaperError, match="did you mean CrowdSeer"):
        engine.similar("CrowdSear", fetch=True)
    assert feed.requests == []


def test_without_leave_nothing_is_asked_and_the_cure_is_named(engine, feed):
    for ask in (engine.similar, lambda name: engine.recommend([name])):
        with pytest.raises(UnknownPaperError, match=r"'2506.00001' in this index; `--fetch` "):
            ask("2506.00001")
    with pytest.raises(UnknownPaperError) as refused:
        engine.paper("2506.00001")
    assert "--fetch" not in str(refused.value)
    assert feed.requests == []


def test_an_id_that_arxiv_does_not_have(invented_index, feed):
    client = ArxivClient(feed.url, limiter=RateLimiter(0), sleep=lambda _: None)
    with (
        Engine.open(invented_index, encoder=WordEncoder(), client=client) as engine,
        pytest.raises(UnknownPaperError, match="arXiv has none of that id either"),
    ):
        engine.similar("2506.99999", fetch=True)


def test_an_arxiv_that_does_not_answer(invented_index):
    with ArxivFeed([OUTSIDE], faults=[status(503)]) as feed:
        client = ArxivClient(feed.url, limiter=RateLimiter(0), patience=0.1)
        with Engine.open(invented_index, encoder=WordEncoder(), client=client) as engine:
            with pytest.raises(FetchError, match=r"cannot fetch 2506.00001: .*; try again") as no:
                engine.similar("2506.00001", fetch=True)
            assert "\n" not in str(no.value)
            assert len(engine.similar("2506.00001", fetch=True)) == 6


def test_arxiv_is_imported_by_fetching_alone(invented_index):
    script = f"""
import sys
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
with Engine.open({str(invented_index)!r}, encoder=WordEncoder()) as engine:
    engine.similar("DrawWell", fetch=True)
    engine.search("2506.00001")
print("arxiv" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=240,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )
    assert done.stdout.strip() == "False"
