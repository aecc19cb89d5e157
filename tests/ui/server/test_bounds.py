"""Bounds: what waits, what nobody fetches, and clients that go away or are too slow."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore
from urllib.parse import urlsplit

import pytest
import requests
from starlette.requests import Request

from rftsearch.tools.schemas import Endpoint
from rftsearch.ui.door.connections import (
    Connection,
    OncePerMinute,
    connection_class,
    raise_descriptor_limit,
)
from rftsearch.ui.server import waiting_calls
from rftsearch.ui.server.places import BusyError, ClientGoneError, Places, while_connected
from rftsearch.ui.server.waiting_calls import Call, WaitingCalls
from support.paths import TESTS
from support.serving import in_a_loop, served


class Slow:
    """In place of the engine's search: one that lasts until it may end."""

    def __init__(self, monkeypatch, engine):
        self.began, self.may_end = Semaphore(0), Event()
        self.searches = self.ended = 0
        search = engine.search

        def slowly(*args, **kwargs):
            self.searches += 1
            self.began.release()
            allowed = self.may_end.wait(60)
            self.ended += 1
            assert allowed
            return search(*args, **kwargs)

        monkeypatch.setattr(engine, "search", slowly)


@contextmanager
def hung_up_after(address: str, path: str):
    """A client that sends a request and can hang up."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        yield client


@pytest.fixture
def hung_up(monkeypatch):
    """Counts the clients that the server has seen hang up before their answer."""
    seen, lost = Semaphore(0), Connection.connection_lost

    def counted(connection, exc):
        unanswered = not connection.is_idle
        lost(connection, exc)
        if unanswered:
            seen.release()

    monkeypatch.setattr(Connection, "connection_lost", counted)
    return seen


def test_what_nobody_waits_for_is_not_computed(engine, address, monkeypatch, hung_up):
    slow = Slow(monkeypatch, engine)
    busy = [hung_up_after(address, "/api/search?q=crowd") for _ in range(4)]
    with ThreadPoolExecutor(1) as thread:
        for one in busy:
            one.__enter__()
        for _ in busy:
            assert slow.began.acquire(timeout=60)  # every place is taken
        for _ in range(50):
            with hung_up_after(address, "/api/search?q=crowd"):
                pass
        for _ in range(50):
            assert hung_up.acquire(timeout=60)
        last = thread.submit(requests.get, f"{address}api/search?q=crowd", timeout=60)
        slow.may_end.set()
        assert last.result().status_code == 200
        for one in busy:
            one.__exit__(None, None, None)
    # The four, the last, and of the fifty at most those whose turn came with their end.
    assert slow.searches < 10


def test_a_call_is_computed_when_it_is_fetched(engine, address, monkeypatch):
    slow = Slow(monkeypatch, engine)
    slow.may_end.set()
    at = f"{address}gradio_api/call"
    asked = {"query": "crowd", "k": 1}
    events = [requests.post(f"{at}/v2/search", json=asked, timeout=60).json() for _ in range(20)]
    assert slow.searches == 0
    answer = requests.get(f"{at}/search/{events[0]['event_id']}", timeout=60).text
    assert "event: complete" in answer
    assert slow.searches == 1
    again = requests.get(f"{at}/search/{events[0]['event_id']}", timeout=60)
    assert again.status_code == 404
    assert "fetched before" in again.json()["error"]


def test_a_session_has_only_so_many_calls(address):
    asked = {"data": ["crowd", 1], "fn_index": None, "session_hash": "greedy"}
    config = requests.get(f"{address}config", timeout=60).json()
    [asked["fn_index"]] = [
        one["id"] for one in config["dependencies"] if one["api_name"] == "search"
    ]
    with requests.Session() as session:
        for _ in range(waiting_calls.MOST_OF_A_SESSION):
            answer = session.post(f"{address}gradio_api/queue/join", json=asked, timeout=60)
            assert answer.status_code == 200
        answer = session.post(f"{address}gradio_api/queue/join", json=asked, timeout=60)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "busy" in answer.json()["error"]
        at = f"{address}gradio_api/queue/data?session_hash=greedy"
        messages = [
            json.loads(line.removeprefix("data: "))
            for line in session.get(at, timeout=60).text.split("\n\n")
            if line
        ]
    done = [one for one in messages if one["msg"] == "process_completed"]
    assert len(done) == waiting_calls.MOST_OF_A_SESSION
    assert all(one["success"] for one in done)
    assert messages[-1]["msg"] == "close_stream"


def nothing() -> None:
    """Do nothing."""


CALL = Call(Endpoint("nothing", nothing), {})


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def test_calls_that_nobody_fetches_are_forgotten():
    clock = Clock()
    calls = WaitingCalls(clock)
    first = calls.add(CALL, 10)
    clock.now += waiting_calls.LONGEST + 1
    second = calls.add(CALL, 10)
    assert len(calls) == 1
    assert calls.take(first) is None
    assert calls.take(second) is CALL
    assert calls.take(second) is None


def test_when_too_many_calls_wait_old_ones_make_room():
    clock = Clock()
    calls = WaitingCalls(clock)
    events = [calls.add(CALL, 10) for _ in range(waiting_calls.MOST)]
    with pytest.raises(BusyError):
        calls.add(CALL, 10)
    clock.now += waiting_calls.SAFE + 1
    calls.add(CALL, 10)
    assert len(calls) == waiting_calls.MOST
    assert calls.take(events[0]) is None
    assert calls.take(events[1]) is CALL


def test_large_calls_are_fewer():
    calls = WaitingCalls(Clock())
    for _ in range(16):
        calls.add(CALL, 1 << 20)
    with pytest.raises(BusyError):
        calls.add(CALL, 1 << 20)


def test_so_many_may_wait_for_a_place_and_no_more():
    may_end, began = Event(), Semaphore(0)

    def work() -> str:
        began.release()
        assert may_end.wait(60)
        return "done"

    async def crowd() -> list[object]:
        places = Places(1, waiting=3)
        running = asyncio.ensure_future(places.run(work))
        await asyncio.to_thread(began.acquire, timeout=60)
        waiting = [asyncio.ensure_future(places.run(work)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await places.run(work)
        waiting[0].cancel()
        may_end.set()
        return await asyncio.gather(running, *waiting, return_exceptions=True)

    first, cancelled, *rest = in_a_loop(crowd)
    assert isinstance(cancelled, asyncio.CancelledError)
    assert [first, *rest] == ["done"] * 3


def test_work_ends_with_its_client():
    ended = []

    async def hang_up() -> None:
        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        async def receive():
            return {"type": "http.disconnect"}

        with pytest.raises(ClientGoneError):
            await while_connected(Request({"type": "http"}, receive), work())

    in_a_loop(hang_up)
    assert ended == [True]


# --- connections ---


def answers(client: socket.socket) -> bytes:
    """What comes until the other side hangs up."""
    found = b""
    try:
        while more := client.recv(1 << 16):
            found += more
    except ConnectionError:
        pass
    return found


@pytest.fixture
def impatient(engine, monkeypatch):
    """A server that waits for requests for a moment only, and takes few connections."""
    monkeypatch.setattr(Connection, "request_time", 0.3)
    with served(engine) as address:
        parts = urlsplit(address)
        yield parts.hostname, parts.port


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST /api/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{",
    ],
    ids=["nothing", "headers", "body"],
)
def test_a_request_that_does_not_come_is_not_waited_for(impatient, sent):
    with socket.create_connection(impatient, timeout=60) as client:
        client.sendall(sent)
        assert b" 200 " not in answers(client)


def test_idle_connections_make_room_for_new_ones(engine, monkeypatch):
    monkeypatch.setattr("rftsearch.ui.door.connections.MOST", 16)
    with served(engine) as address:
        parts = urlsplit(address)
        place = (parts.hostname, parts.port)
        idle = [socket.create_connection(place, timeout=60) for _ in range(60)]
        assert requests.get(f"{address}api/search?q=crowd", timeout=60).status_code == 200
        # All but the last fifteen were closed, without a wait for their time to end.
        for one in idle[:40]:
            assert answers(one) == b""
        for one in idle:
            one.close()


FEW = """
import resource, sys
from rftsearch import Engine
from support.encoder import WordEncoder
from support.serving import served

resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))
with Engine.open(sys.argv[1], encoder=WordEncoder()) as engine, served(engine) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


def test_few_descriptors_are_enough_and_nothing_floods_the_log(index):
    with subprocess.Popen(
        [sys.executable, "-c", FEW, index],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        address = process.stdout.readline().strip()
        parts = urlsplit(address)
        idle = [
            socket.create_connection((parts.hostname, parts.port), timeout=60) for _ in range(400)
        ]
        answer = requests.get(f"{address}api/search?q=crowd", timeout=60)
        for one in idle:
            one.close()
        _, errors = process.communicate("", timeout=240)
    assert answer.status_code == 200
    assert len(errors.splitlines()) < 20


def test_descriptors_bound_the_connections():
    assert connection_class(100_000).most == 1000
    assert connection_class(1024).most == 824
    assert connection_class(64).most == 16
    assert raise_descriptor_limit() >= 256


def test_a_message_that_repeats_is_printed_once_a_minute(caplog):
    clock = Clock()
    logger = logging.getLogger("rftsearch.test.bounds")
    once = OncePerMinute(clock)
    logger.addFilter(once)
    try:
        with caplog.at_level(logging.ERROR, logger.name):
            for number in range(1000):
                logger.error("socket.accept() out of system resource\nsocket: %s", number)
            logger.error("another")
            clock.now += 61
            logger.error("socket.accept() out of system resource\nsocket: %s", "later")
    finally:
        logger.removeFilter(once)
    first, another, last = (record.getMessage() for record in caplog.records)
    assert first.endswith("socket: 0")
    assert another == "another"
    assert last.endswith("socket: later (and 999 more like it)")


def test_the_server_ends_at_once_with_open_streams(engine, monkeypatch):
    slow, opened = Slow(monkeypatch, engine), []
    with served(engine) as address:
        parts = urlsplit(address)
        call = f"{address}gradio_api/call/v2/search"
        for _ in range(5):
            event = requests.post(call, json={"query": "crowd"}, timeout=60).json()["event_id"]
            client = socket.create_connection((parts.hostname, parts.port), timeout=60)
            opened.append(client)
            path = f"/gradio_api/call/search/{event}"
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        assert slow.began.acquire(timeout=60)
    assert slow.ended == 0  # nothing was waited for
    slow.may_end.set()
    for client in opened:
        answers(client)
        client.close()
