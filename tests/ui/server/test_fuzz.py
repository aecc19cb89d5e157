"""Random and damaged requests, as `scripts/fuzz_server.py` sends them for minutes."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.paths import ROOT


def in_a_thread(work):
    """Run a coroutine in a thread of its own: tests in a browser leave a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.mark.parametrize("seed", [1, 2])
def test_no_request_is_a_fault(address, monkeypatch, caplog, seed):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from fuzzing.asking import fuzz

    found = in_a_thread(fuzz(address.rstrip("/"), 60, seed=seed, most=250))
    assert found.faults == []
    assert sum(found.kinds.values()) == 250
    assert found.statuses["200"] > 20
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_faults_are_found(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from fuzzing.asking import fuzz

    async def answer(reader, writer):
        first = await reader.read(100)
        document = b'{"paths": {"/api/search": {"get": {}}}}'
        body, status = (document, 200) if b"openapi" in first else (b"Traceback", 500)
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body))
        await writer.drain()
        writer.close()

    async def run():
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await fuzz(f"http://127.0.0.1:{port}", 20, most=20, clients=1)

    assert any("status 500" in one for one in in_a_thread(run()).faults)
