"""Clients that go away: what they cost the server and the visitor who comes next."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from benchmarks.clients import Connection, plain

__all__ = ["Left", "uncollected", "vanishing"]


@dataclass(frozen=True)
class Left:
    """What clients that went away cost."""

    requests: int
    refused: int
    """Requests that got status 503."""
    next_visitor: float
    """Seconds until the next search was answered."""
    memory: tuple[float, float]
    """Resident memory of the server before and after, in megabytes."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "requests": self.requests,
            "refused": self.refused,
            "next_visitor_ms": round(1000 * self.next_visitor, 1),
            "memory_mb": [round(size, 1) for size in self.memory],
        }


async def vanishing(
    address: str, queries: Sequence[str], clients: int, memory: Callable[[], float]
) -> Left:
    """Ask every query over its own connection, and close it without reading the answer."""
    parts = urlsplit(address)

    async def vanish(query: str) -> int:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        head = f"GET /api/search?q={quote(query)} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"
        writer.write(head.encode())
        await writer.drain()
        writer.close()
        return 0

    return await _left(address, queries, clients, memory, vanish)


async def uncollected(
    address: str, queries: Sequence[str], clients: int, memory: Callable[[], float]
) -> Left:
    """Call the search for every query, in both of Gradio's ways, and never fetch an answer."""
    async with Connection(address) as connection:
        _, config = await connection.ask("GET", "/config")
    [number] = [
        one["id"] for one in json.loads(config)["dependencies"] if one["api_name"] == "search"
    ]

    async def call(query: str) -> int:
        async with Connection(address) as connection:
            if len(query) % 2:
                body: Any = {"data": [query, 10]}
                status, _ = await connection.ask("POST", "/gradio_api/call/search", body)
            else:
                body = {"data": [query, 10], "fn_index": number, "session_hash": "one"}
                status, _ = await connection.ask("POST", "/gradio_api/queue/join", body)
        return status

    return await _left(address, queries, clients, memory, call)


async def _left(
    address: str,
    queries: Sequence[str],
    clients: int,
    memory: Callable[[], float],
    leave: Callable[[str], Awaitable[int]],
) -> Left:
    before = memory()
    found: Counter[int] = Counter()
    waiting = iter(queries)

    async def client() -> None:
        for query in waiting:
            with suppress(OSError, EOFError):
                found[await leave(query)] += 1

    await asyncio.gather(*(client() for _ in range(clients)))
    began = time.perf_counter()
    async with Connection(address) as connection:
        while not await plain(connection, queries[0]):
            await asyncio.sleep(0.05)  # refused with 503: a visitor asks again
    took = time.perf_counter() - began
    return Left(len(queries), found[503], took, (before, memory()))
