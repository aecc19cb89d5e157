from __future__ import annotations

import threading

import pytest

from rftsearch.errors import IndexDamagedError
from rftsearch.index.build.build import index_papers
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.paper import Paper
from rftsearch.search import generation_watcher
from rftsearch.search.generation_watcher import GenerationWatcher
from support.encoder import WordEncoder

ONE = Paper("one", "One", "One: Video", ("Part",))
TWO = Paper("two", "Two", "Two: Audio", ("Part",))


@pytest.fixture
def index(tmp_path):
    index_papers(tmp_path, [ONE], encoder=WordEncoder())
    return tmp_path


@pytest.fixture
def follower(index):
    follower = GenerationWatcher(index, lambda _: None)
    yield follower
    follower.close()


def test_a_new_generation_answers_at_once(index, follower):
    first = follower.current()
    index_papers(index, [ONE, TWO], encoder=WordEncoder())
    assert follower.current().number == first.number + 1
    assert follower.current() is follower.current()


def test_where_opening_takes_long_the_old_one_answers_meanwhile(index, follower, monkeypatch):
    monkeypatch.setattr(generation_watcher, "PATIENCE", 0.01)
    opened, go_on, opening = Generation.open, threading.Event(), []

    def slowly(path):
        opening.append(threading.current_thread())
        assert go_on.wait(60)
        return opened(path)

    monkeypatch.setattr(Generation, "open", slowly)
    first = follower.current()
    index_papers(index, [ONE, TWO], encoder=WordEncoder())
    for _ in range(3):
        assert follower.current() is first
    go_on.set()
    assert len(opening) == 1, "it is opened once, however many ask"
    opening[0].join(60)
    assert follower.current().number == first.number + 1


def test_one_that_cannot_be_used_is_told_to_everyone_who_asks(index, monkeypatch):
    def check(generation):
        if generation.number > 1:
            raise IndexDamagedError("another model")

    tried = []

    def counted(generation):
        tried.append(generation.number)
        check(generation)

    follower = GenerationWatcher(index, counted)
    index_papers(index, [ONE, TWO], encoder=WordEncoder())
    for _ in range(3):
        with pytest.raises(IndexDamagedError, match="another model"):
            follower.current()
    assert tried == [1, 2], "it is not opened again for each who asks"
    monkeypatch.setattr(generation_watcher, "RETRY", -1)
    with pytest.raises(IndexDamagedError, match="another model"):
        follower.current()
    assert tried == [1, 2, 2]
    follower.close()


def test_what_is_published_after_a_failure_answers(index):
    def check(generation):
        if generation.number == 2:
            raise IndexDamagedError("another model")

    follower = GenerationWatcher(index, check)
    index_papers(index, [ONE, TWO], encoder=WordEncoder())
    with pytest.raises(IndexDamagedError):
        follower.current()
    index_papers(index, [TWO], encoder=WordEncoder())
    assert follower.current().number == 3
    follower.close()


def test_where_no_thread_can_start_everyone_is_told_and_the_next_tries_again(
    index, follower, monkeypatch
):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    first = follower.current()
    index_papers(index, [ONE, TWO], encoder=WordEncoder())
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            follower.current()
    assert follower.current().number == first.number + 1
