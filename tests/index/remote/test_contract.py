"""The contract of every place of an index: the same answers as its folder, ties included."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rftsearch import Engine, Filters, UnknownPaperError, UsageError
from rftsearch.encoders.base import Encoder
from rftsearch.evaluation.judged import read_corpus, read_judged
from rftsearch.index.build.build import index_papers
from rftsearch.index.build.update import update_index
from rftsearch.index.remote.publish import upload_generation
from support.contract import (
    ASKED,
    FEW_CANDIDATES,
    FILTERS,
    KINDS,
    PAPERS,
    HashedWords,
    Pair,
    contract_paper,
    hits,
    pair_of,
    published,
    searched,
)
from support.questions import questions

ENCODER: Encoder = HashedWords()
GENERATED = questions(PAPERS, 30)
MOST_REQUESTS = 8
"""Of any question below; one of them names an author, an acronym and a venue."""


@pytest.fixture(scope="session")
def index(tmp_path_factory) -> Path:
    """The index that is compared; nobody builds in it."""
    folder = tmp_path_factory.mktemp("contract") / "index"
    index_papers(folder, PAPERS, encoder=ENCODER)
    return folder


@pytest.fixture(scope="session", params=KINDS)
def address(request, index, tmp_path_factory) -> Iterator[str]:
    with published(request.param, index, tmp_path_factory.mktemp("place")) as where:
        yield where


@pytest.fixture(scope="session")
def large(index, address, tmp_path_factory) -> Iterator[Pair]:
    """Engines that take few papers as candidates, as in a large collection."""
    cache = tmp_path_factory.mktemp("cache")
    with pair_of(index, address, cache, encoder=ENCODER, parameters=FEW_CANDIDATES) as pair:
        yield pair


@pytest.fixture(scope="session")
def small(index, address, tmp_path_factory) -> Iterator[Pair]:
    """Engines for which every paper is a candidate, as in a list."""
    with pair_of(index, address, tmp_path_factory.mktemp("cache"), encoder=ENCODER) as pair:
        yield pair


def test_answers_are_equal(large):
    for query in (*ASKED, *GENERATED):
        large.same(searched(query), query)


def test_where_every_paper_is_a_candidate_all_counts_are_equal_too(small):
    for query in (*ASKED, *GENERATED[:10]):
        small.same(lambda engine, query=query: engine.answer(query), query)
    for filters in FILTERS:
        small.same(lambda engine, filters=filters: engine.answer("robot video", **filters))


def test_candidates_are_proposed_where_not_everything_is_one(large):
    assert large.remote.read(lambda now: len(now.attributes)) > 2 * FEW_CANDIDATES.candidates
    assert len(large.same(searched("robot grasp"))[0]) == 10


@pytest.mark.parametrize("sent", ["ids", "filters"])
@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_filters_return_k_of_k(large, filters, sent, monkeypatch):
    if sent == "filters":  # As where too many papers pass for their ids to be sent.
        monkeypatch.setattr("rftsearch.index.remote.reading.conditions.FEW_IDS", 0)
    allowed = {paper.id for paper in large.folder.papers(**filters)}
    for query in ("robot video", "speech of people"):
        found, *_ = large.same(searched(query, 12, **filters))
        assert len(found) == min(12, len(allowed))
        assert {paper.id for paper, *_ in found} <= allowed


def test_papers_like_others_are_equal(large):
    names = ("RobotNet-4", "VideoNet-13", "The Crowds Study 3", PAPERS[20].id)
    for name in names:
        large.same(lambda engine, name=name: hits(engine.similar(name, since="2021")))
    large.same(lambda engine: hits(engine.recommend(names[:2], names[2:3], diversity=0.5)))
    text = "A robot arm grasps a joint. The method learns from video frames and speech."
    large.same(lambda engine: hits(engine.similar_to_text(text)))


def test_look_ups_are_equal(large):
    for name in ("robotnet-4", "RobotNet-444", PAPERS[8].title, "https://arxiv.org/abs/2599.99999"):
        large.same(lambda engine, name=name: engine.paper(name))
    with pytest.raises(UnknownPaperError, match="RobotNet"):
        large.remote.paper("RobotNet 444")
    for typed in ("robotn", "the crowds st", "video fr", "2", "ó", "speech voi"):
        large.same(lambda engine, typed=typed: engine.suggest(typed))
        large.same(lambda engine, typed=typed: engine.suggest_authors(typed))
    large.same(lambda engine: engine.suggest_authors("lov"))


def test_what_is_seen_without_a_question_is_equal(large):
    for filters in ({}, {"categories": "video"}, {"authors": "Wei Li", "since": "2022"}):
        wanted = Filters.of(filters)
        large.same(lambda engine, wanted=wanted: sorted(engine.map(wanted).points, key=str))
        large.same(lambda engine, wanted=wanted: engine.timeline(wanted))
        large.same(lambda engine, wanted=wanted: engine.facets(wanted))
        large.same(lambda engine, wanted=wanted: engine.papers(wanted, sort="oldest"))
    large.same(lambda engine: (engine.examples(), engine.months(), engine.categories()))


def test_explanations_orders_and_counts_are_equal(large):
    for sort in ("newest", "oldest"):
        large.same(lambda engine, sort=sort: hits(engine.search("video robot", sort=sort)))
    large.same(lambda engine: engine.explain("robot arm", engine.search("robot arm")))
    large.same(lambda engine: engine.facets(query="RobotNet-4", has="code"))
    large.same(lambda engine: hits(engine.search("robot video", k=60)))


def test_the_requests_of_a_question_are_few(index, tmp_path):
    options = {"encoder": ENCODER, "parameters": FEW_CANDIDATES}
    with (
        published("memory", index, tmp_path) as where,
        pair_of(index, where, tmp_path, **options) as pair,
    ):
        pair.remote.search("method")  # The scale of meaning is measured once.
        used = {}
        for query in (*ASKED, *GENERATED[:10]):
            before = pair.requests()
            pair.remote.search(query)
            used[query] = pair.requests() - before
        assert used["robot grasp"] == 2  # Candidates, and the records of those that are shown.
        assert max(used.values()) <= MOST_REQUESTS, max(used, key=used.__getitem__)
        before = pair.requests()
        pair.remote.search("robot grasp training")
        assert pair.requests() - before <= 2
        before = pair.requests()
        pair.remote.answer("video grasp training", has="code", since="2022")
        assert pair.requests() - before <= 3


def test_readers_follow_the_alias(index, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # A question waits until the new generation is open, however long that takes here.
    monkeypatch.setattr("rftsearch.search.generation_watcher.PATIENCE", 60.0)
    folder = Path(shutil.copytree(index, tmp_path / "index"))
    where = f"qdrant+memory:follow-{tmp_path.name}"
    upload_generation(folder, where)
    with Engine.open(where, encoder=ENCODER) as engine:
        before = engine.version
        update_index(folder, [contract_paper(500)], encoder=ENCODER)
        assert engine.version == before
        upload_generation(folder, where)
        assert engine.version != before
        assert engine.paper(contract_paper(500).id) == contract_paper(500)
        with Engine.open(folder, encoder=ENCODER) as own:
            for query in ASKED[:6]:
                assert hits(engine.search(query)) == hits(own.search(query))


def test_what_needs_the_folder_says_so(address):
    with pytest.raises(UsageError, match="needs the folder that it was published from"):
        index_papers(Path(address), PAPERS, encoder=ENCODER)


def test_a_place_without_an_index_names_the_command(tmp_path):
    with pytest.raises(Exception, match="rftsearch build SOURCE --engine"):
        Engine.open(f"qdrant+path:{tmp_path / 'nothing'}")


@pytest.mark.shared
def test_judged_questions_are_answered_equally(shared, tmp_path):
    judged = shared / "eval/rft"
    folder = tmp_path / "index"
    index_papers(folder, read_corpus(judged / "corpus.jsonl"), encoder=ENCODER)
    queries = read_judged(judged / "queries.jsonl", judged / "qrels.tsv").queries
    with (
        published("memory", folder, tmp_path) as where,
        pair_of(folder, where, tmp_path / "cache", encoder=ENCODER) as pair,
    ):
        for query in (one.text for one in queries):
            pair.same(lambda engine, query=query: hits(engine.search(query)))
