"""Turns: how many compute at once, and that nobody waits for who only waits."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rftsearch.search import index_with_model as engine_module
from rftsearch.search.compute_slots import ComputeSlots
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder

PATIENCE = 120
"""Seconds until a test gives up; none that passes waits so long."""


class CountingEncoder(WordEncoder):
    """Knows how many encode at the same time, and holds each until it may go on."""

    def __init__(self, expected: int) -> None:
        super().__init__()
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self._together = threading.Barrier(expected)

    def encode_queries(self, texts):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self._together.wait(PATIENCE)
        with self._lock:
            self._now -= 1
        return super().encode_queries(texts)


@pytest.fixture
def one_place(monkeypatch):
    monkeypatch.setattr(engine_module, "places", lambda: 1)


def test_no_more_compute_at_once_than_there_are_places(invented_index, monkeypatch):
    places = 3
    monkeypatch.setattr(engine_module, "places", lambda: places)
    encoder = CountingEncoder(places)
    with (
        Engine.open(invented_index, encoder=encoder) as engine,
        ThreadPoolExecutor(4 * places) as pool,
    ):
        asked = [pool.submit(engine.search, f"counting crowds {n}") for n in range(4 * places)]
        assert all(one.result(PATIENCE) for one in asked)
    assert encoder.most == places


@pytest.mark.usefixtures("one_place")
def test_a_place_is_lent_while_arxiv_is_waited_for(invented_index, monkeypatch):
    asked, answered = threading.Event(), threading.Event()

    class SlowOutside:
        def get(self, arxiv_id):
            asked.set()
            assert answered.wait(PATIENCE), "nobody else could ask meanwhile"
            raise RuntimeError(arxiv_id)

    monkeypatch.setattr(engine_module, "ArxivLookup", lambda client: SlowOutside())
    with (
        Engine.open(invented_index, encoder=WordEncoder()) as engine,
        ThreadPoolExecutor(1) as pool,
    ):
        fetching = pool.submit(engine.similar, "2506.00001", fetch=True)
        assert asked.wait(PATIENCE)
        assert engine.search("counting crowds")
        answered.set()
        with pytest.raises(RuntimeError, match=r"2506\.00001"):
            fetching.result(PATIENCE)
        assert engine.search("drawing")  # the place was taken again, and given back


@pytest.mark.usefixtures("one_place")
def test_a_place_is_lent_while_a_reranker_reads(invented_index):
    reading, answered = threading.Event(), threading.Event()

    class SlowReranker:
        name = "slow"

        def score(self, query, texts):
            reading.set()
            assert answered.wait(PATIENCE), "nobody else could ask meanwhile"
            return np.zeros(len(texts), np.float32)

    with (
        Engine.open(invented_index, encoder=WordEncoder(), reranker=SlowReranker()) as engine,
        ThreadPoolExecutor(1) as pool,
    ):
        rereading = pool.submit(engine.search, "counting crowds")
        assert reading.wait(PATIENCE)
        assert engine.similar("DrawWell")
        answered.set()
        assert rereading.result(PATIENCE)


def test_a_mistake_gives_the_place_back():
    slots = ComputeSlots(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="mistake"), slots.acquire():
            raise ValueError("mistake")
    with slots.acquire(), pytest.raises(ValueError, match="mistake"), slots.yielded():
        raise ValueError("mistake")
    done = threading.Thread(target=lambda: slots.acquire().__enter__(), daemon=True)
    done.start()
    done.join(PATIENCE)
    assert not done.is_alive()


@pytest.mark.usefixtures("one_place")
def test_what_needs_no_model_waits_for_none_to_be_loaded(invented_index, monkeypatch):
    loading, answered = threading.Event(), threading.Event()

    def slow(index, manifest):
        loading.set()
        assert answered.wait(PATIENCE), "nobody else could ask meanwhile"
        return WordEncoder()

    monkeypatch.setattr("rftsearch.search.query.query_encoder.open_encoder", slow)
    with Engine.open(invented_index) as engine, ThreadPoolExecutor(1) as pool:
        first = pool.submit(engine.search, "counting crowds")
        assert loading.wait(PATIENCE)
        assert engine.suggest("draw")
        assert engine.similar("DrawWell")
        answered.set()
        assert first.result(PATIENCE)
