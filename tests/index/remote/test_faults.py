"""A server that misbehaves: one line with the cure, few attempts, and nothing lost."""

from __future__ import annotations

import re
from urllib.parse import unquote

import httpx
import pytest

from rftsearch.errors import IndexMissingError, IndexServerError, RftsearchError, UsageError
from rftsearch.index.remote import client as module
from rftsearch.index.remote import upload
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.collections import answering
from rftsearch.index.remote.drift import check_whole, compare_all
from rftsearch.index.remote.publish import upload_generation
from rftsearch.index.remote.tables import read_mark
from support.qdrant_server import LoopbackQdrant

POINTS = "PUT /collections/papers@[0-9]+-[0-9a-f]+/points"
"""The writing of papers."""


PATIENCE = {"seconds": 30}
"""Seconds that a request may take."""


@pytest.fixture
def only_points_hurry(monkeypatch):
    """Give all requests but the writing of papers a minute, whatever they were to be given."""
    real = httpx.Client.send

    def send(client, request, **more):
        if not re.fullmatch(POINTS, f"{request.method} {unquote(request.url.path)}"):
            request.extensions["timeout"] = httpx.Timeout(60).as_dict()
        return real(client, request, **more)

    monkeypatch.setattr(httpx.Client, "send", send)


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """Instead of waiting, take down for how long."""
    waited: list[float] = []
    real = Remote.open.__func__

    def opened(cls, address, timeout=10, sleep=None):
        return real(cls, address, PATIENCE["seconds"], waited.append)

    monkeypatch.setattr(Remote, "open", classmethod(opened))
    return waited


def said(error: pytest.ExceptionInfo[RftsearchError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 500
    return text


def test_a_server_gets_what_the_local_mode_gets(built, server: LoopbackQdrant):
    done = upload_generation(built, server.address())
    assert (done.papers, done.written) == (40, 40)
    with Remote.open(server.address()) as remote:
        mark = check_whole(done.collection, read_mark(remote, done.collection))
        compare_all(remote, done.collection, mark)  # numbers survive JSON to the last bit
    indexed = [one for one in server.asked if one.endswith("/index")]
    assert len(indexed) == 11  # the lease has one
    assert set(server.keys) == {None}


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("cut", POINTS),
        ("500", "PUT .*tables/points"),
        ("503", "GET /aliases"),
        ("429", ".*/scroll"),
        ("cut", "PUT .*@lease/points"),
    ],
)
def test_what_passes_is_asked_again(built, server, waits, path, kind):
    server.fault(kind, path, times=2)
    assert upload_generation(built, server.address()).papers == 40
    assert waits == [0.2, 0.8]


def test_an_alias_whose_switch_was_cut_off_is_switched_once_more(built, server, waits):
    server.fault("cut", "POST /collections/aliases", times=1)
    done = upload_generation(built, server.address())
    with Remote.open(server.address()) as remote:
        assert answering(remote) == done.collection


@pytest.mark.usefixtures("only_points_hurry")
def test_a_server_that_hangs_is_given_up(built, server, waits, monkeypatch):
    monkeypatch.setattr(module, "_PAUSES", ())
    monkeypatch.setitem(PATIENCE, "seconds", 1)
    server.fault("hang", POINTS)
    with pytest.raises(IndexServerError) as error:
        upload_generation(built, server.address())
    assert "did not answer within 1 seconds" in said(error)
    assert sum("/points" in one and "PUT" in one and "tables" not in one for one in server.asked)


def test_a_server_says_how_long_to_wait(built, server, waits):
    server.fault("429", POINTS, times=2, headers={"Retry-After": "7"})
    server.fault("429", POINTS, times=1, headers={"Retry-After": "700"})
    upload_generation(built, server.address())
    assert waits == [7.0, 7.0, 30.0]


CASES = [
    ("500", "oops: panic", IndexServerError, "reports a failure of its own (oops: panic); read"),
    ("429", "rate limit", IndexServerError, "is asked more than it allows (rate limit); try"),
    ("401", "no key", IndexServerError, "refuses the login (no key); set RFTSEARCH_QDRANT_API_KEY"),
    ("403", "read only", IndexServerError, "refuses the login (read only); set RFTSEARCH_QDRANT"),
    ("507", "", IndexServerError, "is full; make room"),
    ("500", "No space left on device", IndexServerError, "is full (No space left on device); make"),
    ("400", "bad vector", IndexServerError, "does not take what was asked (bad vector); see docs"),
    ("cut", "", IndexServerError, "broke off while it answered; see whether Qdrant still runs"),
    ("html", "", IndexServerError, "is not Qdrant's REST API"),
    ("broken", "", IndexServerError, "is not Qdrant's REST API"),
    ("empty", "", IndexServerError, "is not Qdrant's REST API"),
]


@pytest.mark.parametrize(("kind", "text", "error", "line"), CASES)
def test_what_does_not_pass_is_one_line_with_its_cure(
    built, server, waits, monkeypatch, kind, text, error, line
):
    monkeypatch.setattr(upload, "BATCH", 10)
    server.fault(kind, POINTS, after=2, text=text)
    with pytest.raises(error) as raised:
        upload_generation(built, server.address())
    assert line in said(raised)
    assert len(waits) <= 3
    # Nothing is lost: what was written is not written again, and nobody saw half of it.
    server.faults.clear()
    with Remote.open(server.address()) as remote:
        assert answering(remote) is None
    done = upload_generation(built, server.address())
    assert (done.papers, done.written) == (40, 20)


@pytest.mark.parametrize("request_number", range(1, 48, 6))
def test_wherever_a_publication_breaks_off_the_next_one_completes_it(
    built, server, waits, request_number
):
    server.fault("broken" if request_number % 4 == 1 else "403", after=request_number)
    with pytest.raises(IndexServerError):
        upload_generation(built, server.address())
    server.faults.clear()
    # The lease is of this process, which lives; a builder that died frees it by dying.
    collections = [one.name for one in server.client.get_collections().collections]
    if "papers@lease" in collections:
        server.client.delete_collection("papers@lease")
    done = upload_generation(built, server.address(), grace=0)
    assert done.papers == 40
    with Remote.open(server.address()) as remote:
        assert answering(remote) == done.collection
        mark = check_whole(done.collection, read_mark(remote, done.collection))
        compare_all(remote, done.collection, mark)


def test_nobody_listens(built, waits):
    with pytest.raises(IndexServerError) as error:
        upload_generation(built, "qdrant://127.0.0.1:9/papers")
    assert "no Qdrant answers at http://127.0.0.1:9" in said(error)
    assert "start it, or correct the address" in said(error)


def test_what_listens_is_something_else(built, server, waits):
    server.fault("404", text="")
    with pytest.raises(IndexServerError) as error:
        upload_generation(built, server.address())
    assert "is not Qdrant's REST API" in said(error)


def test_a_server_that_is_too_old_is_named(built, server):
    server.version = "1.15.5"
    with pytest.raises(IndexServerError) as error:
        upload_generation(built, server.address())
    assert "is Qdrant 1.15.5; update it to 1.16 or newer" in said(error)


def test_the_key_comes_from_the_environment_and_is_in_no_error(built, server, monkeypatch):
    server.key = "s3cret"
    with pytest.raises(IndexServerError) as error:
        upload_generation(built, server.address())
    assert "refuses the login (Must provide an API key" in said(error)
    monkeypatch.setenv("RFTSEARCH_QDRANT_API_KEY", "wr0ng")
    with pytest.raises(IndexServerError) as error:
        upload_generation(built, server.address())
    assert "wr0ng" not in said(error)
    monkeypatch.setenv("RFTSEARCH_QDRANT_API_KEY", "s3cret")
    assert upload_generation(built, server.address()).papers == 40
    monkeypatch.setenv("RFTSEARCH_QDRANT_API_KEY", "s3\ncret")
    with pytest.raises(UsageError, match="holds a sign that no key has"):
        Remote.open(server.address())


def test_authorities_are_a_file(server, monkeypatch, tmp_path):
    monkeypatch.setenv("RFTSEARCH_QDRANT_CA", str(tmp_path / "missing.pem"))
    with pytest.raises(UsageError, match="holds no certificates; name a PEM file"):
        Remote.open("qdrant+https://127.0.0.1:9/papers")


def test_no_index_there(server, waits):
    with Remote.open(server.address()) as remote, pytest.raises(IndexMissingError) as error:
        remote.ask(lambda client: client.retrieve("papers", [1]))
    assert f"`rftsearch build --engine {server.address()}` publishes one" in said(error)


def test_a_folder_serves_one_process(tmp_path):
    place = tmp_path / "local"
    from qdrant_client import QdrantClient

    other = QdrantClient(path=str(place))
    with pytest.raises(IndexServerError) as error:
        Remote.open(f"qdrant+path:{place}")
    assert "is open in another process, and local mode serves one" in said(error)
    other.close()
    with Remote.open(f"qdrant+path:{place}") as one, Remote.open(f"qdrant+path:{place}") as two:
        assert one.ask(lambda c: c.get_collections()) == two.ask(lambda c: c.get_collections())


def test_a_damaged_folder_is_one_line(tmp_path):
    place = tmp_path / "local"
    place.mkdir()
    (place / "meta.json").write_text("{", "utf-8")
    with pytest.raises(IndexServerError) as error:
        Remote.open(f"qdrant+path:{place}")
    assert str(place) in said(error)


def test_without_the_client_the_extra_is_named(built, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "qdrant_client", None)
    with pytest.raises(IndexServerError, match=r'pip install "rftsearch\[qdrant\]"'):
        upload_generation(built, "qdrant://127.0.0.1:9/papers")
