from __future__ import annotations

import os
import threading

import pytest

from rftsearch.errors import IndexDamagedError, QueryError, UsageError
from rftsearch.index.build.build import index_papers
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.verify import verify_index
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
    begun = threading.Event()

    def slowly(path):
        opening.append(threading.current_thread())
        begun.set()
        assert go_on.wait(60)
        return opened(path)

    monkeypatch.setattr(Generation, "open", slowly)
    first = follower.current()
    index_papers(index, [ONE, TWO], encoder=WordEncoder())
    for _ in range(3):
        assert follower.current() is first
    assert begun.wait(60)
    go_on.set()
    assert len(opening) == 1, "it is opened once, however many ask"
    opening[0].join(60)
    assert follower.current().number == first.number + 1


def test_one_that_cannot_be_used_is_reported_to_everyone_who_asks(index, monkeypatch):
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


# --- unexpected errors -----------------------------------------------------------------------


class Panic(BaseException):
    """As a library in Rust raises it."""


Panic.__name__ = "PanicException"


def failing(error):
    def ask(_):
        raise error

    return ask


@pytest.fixture
def verifications(monkeypatch):
    found = []

    def counted(folder):
        found.append(folder)
        verify_index(folder)

    monkeypatch.setattr("rftsearch.index.generations.verify.verify_index", counted)
    return found


@pytest.mark.parametrize("error", [RuntimeError("a token"), MemoryError(), Panic("a panic")])
def test_an_unexpected_error_over_altered_bytes_is_damage(index, follower, error):
    [file] = (index / "generations").glob("*/map.npy")
    status, content = file.stat(), bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(IndexDamagedError, match=file.name) as damage:
        follower.answer(failing(error))
    assert damage.value.__cause__ is error


def test_an_unexpected_error_over_an_intact_index_is_itself(index, follower, verifications):
    for _ in range(3):
        with pytest.raises(RuntimeError, match="a mistake"):
            follower.answer(failing(RuntimeError("a mistake")))
    assert verifications == [index]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), QueryError("the query is empty")])
def test_other_errors_are_not_followed_by_a_verification(follower, verifications, error):
    with pytest.raises(type(error)):
        follower.answer(failing(error))
    assert verifications == []


def test_an_error_while_the_index_is_replaced_is_followed_by_another_try(index, follower):
    first = follower.current().number

    def ask(generation):
        if generation.number == first:
            index_papers(index, [ONE, TWO], encoder=WordEncoder())
            raise RuntimeError("a file is gone")
        return generation.number

    assert follower.answer(ask) == first + 1


def test_without_another_thread_the_previous_generation_answers(index, follower, monkeypatch):
    first = follower.current()
    index_papers(index, [ONE, TWO], encoder=WordEncoder())

    def refuse(_):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        assert follower.current() is first
    assert follower.current().number == first.number + 1


def test_a_question_during_which_the_index_is_closed_says_so(index):
    watcher = GenerationWatcher(index, lambda _: None)

    def ask(generation):
        watcher.close()
        return generation.store.titles([1])

    with pytest.raises(UsageError, match="this engine is closed"):
        watcher.answer(ask)
