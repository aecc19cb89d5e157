"""A reader when something goes wrong: on the server, on the way, or in its own cache."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rftsearch import Engine, IndexDamagedError, IndexServerError
from rftsearch.index.build.update import update_index
from rftsearch.index.remote.address import Address
from rftsearch.index.remote.client import Remote, forget_memory
from rftsearch.index.remote.collections import answering, drop, owned
from rftsearch.index.remote.publish import upload_generation
from rftsearch.index.remote.reading.open import ServerPlace
from rftsearch.index.remote.tables import State, read_mark, write_mark
from support.encoder import WordEncoder
from support.invented_papers import invented_paper


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("rftsearch.index.remote.client._PAUSES", (0.0, 0.0))
    return tmp_path / "cache"


@pytest.fixture
def memory(built):
    upload_generation(built, "qdrant+memory:reading")
    yield "qdrant+memory:reading"
    forget_memory("reading")


def found(engine: Engine, query: str = "robot grasp"):
    return [(hit.paper.id, hit.score) for hit in engine.search(query)]


def test_a_server_that_goes_away_in_the_middle_of_a_question(built, server):
    upload_generation(built, server.address())
    with Engine.open(server.address(), encoder=WordEncoder()) as engine:
        server.fault("cut", "POST .*/points.*", times=1)
        answer = found(engine)
        server.fault("cut", "POST .*/points.*")
        with pytest.raises(IndexServerError) as refused:
            engine.paper("no such paper")
        assert "\n" not in str(refused.value)
        server.faults.clear()
        assert found(engine) == answer
    with Engine.open(built, encoder=WordEncoder()) as own:
        assert found(own) == answer


def test_a_collection_that_was_dropped_under_a_reader(folder, server):
    upload_generation(folder, server.address())
    new = invented_paper(77, "Audio")
    with Engine.open(server.address(), encoder=WordEncoder()) as engine:
        update_index(folder, [new], encoder=WordEncoder())
        with Remote.open(server.address()) as remote:
            old = answering(remote)
            upload_generation(folder, server.address())
            drop(remote, [str(old)], [each.index_id for each in owned(remote)])
        assert engine.paper(new.id) == new


def test_half_written_papers_are_not_read(memory):
    with Remote.open(memory) as remote:
        collection = str(answering(remote))
        mark = read_mark(remote, collection)
        assert mark is not None
        write_mark(remote, collection, replace(mark, state=State.FILLING))
    with pytest.raises(IndexDamagedError, match=r"half-written; `rftsearch build --repair`"):
        Engine.open(memory)


def test_what_is_damaged_in_the_cache_is_fetched_again(memory, cache):
    with Engine.open(memory, encoder=WordEncoder()) as engine:
        answer = found(engine)
    [file] = cache.rglob("attributes.npy")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"x")
    with Engine.open(memory, encoder=WordEncoder()) as engine:
        assert found(engine) == answer
    assert file.read_bytes() == whole


def test_a_paper_that_the_server_lost_is_named(memory):
    with Engine.open(memory, encoder=WordEncoder()) as engine:
        collection = engine.read(lambda now: now.vectors._points.collection)
        with Remote.open(memory) as remote:
            remote.ask(lambda client: client.delete(collection, [3]))
        with pytest.raises(IndexDamagedError, match="holds 39 papers, and 40 were published"):
            engine.search("robot grasp")


def test_the_alias_is_followed_over_one_connection_and_a_silence_is_not_waited_for(
    built, server, monkeypatch
):
    upload_generation(built, server.address())
    opened, now = [], iter(range(0, 100, 10))
    plain = Remote.open.__func__

    def counted(cls, *given, **named):
        opened.append(given)
        return plain(cls, *given, **named)

    monkeypatch.setattr(Remote, "open", classmethod(counted))
    place = ServerPlace(Address.parse(server.address()), clock=lambda: next(now))
    first = place.stamp()
    assert first is not None
    assert place.stamp() == first
    before = len(server.asked)
    server.fault("500", ".*")
    assert place.stamp() == first
    assert len(server.asked) == before + 1
    server.faults.clear()
    assert place.stamp() == first
    assert len(opened) == 1
    place.close()
