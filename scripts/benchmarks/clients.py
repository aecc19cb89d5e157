"""A small HTTP/1.1 client: many requests at once, over connections that stay open.

On two cores, a large client such as httpx takes as much processor time as the server that
it measures.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import quote, urlsplit

from benchmarks.processes import percentile

__all__ = ["Ask", "Connection", "Series", "many", "plain", "two_step"]

Ask = Callable[["Connection", str], Awaitable[bool]]
"""Asks one query over a connection; returns whether it was answered."""


class Connection:
    """One connection to a server on this machine."""

    def __init__(self, address: str) -> None:
        """Connect at the first request to `address`."""
        parts = urlsplit(address)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        """Use it in an `async with`."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:  # noqa: ANN401 - any JSON value
        """Send a request and return its whole answer: status and content."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port, limit=1 << 22)
        reader, writer = self._streams
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        await writer.drain()
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(None, 2)[1])
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        if "chunked" in headers.get("transfer-encoding", ""):
            content = await _chunks(reader)
        else:
            content = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            await self.__aexit__()
        return status, content


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    content = b""
    while size := int(await reader.readline(), 16):
        content += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return content


# --- ways to ask ---------------------------------------------------------------


def two_step(endpoint: str, arguments: Sequence[Any] = ()) -> Ask:
    """Return a way to ask as Gradio's clients do: send the query, then wait for its answer."""

    async def ask(connection: Connection, query: str) -> bool:
        body = {"data": [query, *arguments]}
        status, answer = await connection.ask("POST", f"/gradio_api/call/{endpoint}", body)
        if status != 200:
            return False
        event = json.loads(answer)["event_id"]
        status, answer = await connection.ask("GET", f"/gradio_api/call/{endpoint}/{event}")
        return status == 200 and b"event: complete" in answer

    return ask


def plain(connection: Connection, query: str) -> Awaitable[bool]:
    """Ask the plain route `/api/search`; return whether it answered."""

    async def ask() -> bool:
        status, answer = await connection.ask("GET", f"/api/search?q={quote(query)}")
        return status == 200 and answer.startswith(b'{"hits":[{')

    return ask()


# --- many at once --------------------------------------------------------------


@dataclass
class Series:
    """How long many requests of one kind took."""

    seconds: list[float] = field(default_factory=list)
    """Of each request that got an answer."""
    errors: int = 0
    wall: float = 0.0
    """From the first request to the last answer, in seconds."""
    cpu: float = 0.0
    """Seconds of processor time that the server used in that time."""

    def add(self, other: Series) -> None:
        """Add another series of the same kind."""
        self.seconds += other.seconds
        self.errors += other.errors
        self.wall += other.wall
        self.cpu += other.cpu

    def percentile(self, share: float) -> float:
        """Return the seconds in which this share of the requests was answered (nearest rank)."""
        return percentile(self.seconds, share)

    @property
    def rate(self) -> float:
        """Return the answers per second."""
        return len(self.seconds) / self.wall

    def to_dict(self) -> dict[str, float]:
        """Return plain JSON values, with times in milliseconds."""
        return {
            "requests": len(self.seconds) + self.errors,
            "errors": self.errors,
            "p50_ms": round(1000 * self.percentile(0.50), 1),
            "p95_ms": round(1000 * self.percentile(0.95), 1),
            "a_second": round(self.rate, 1),
            "cpu_ms": round(1000 * self.cpu / max(1, len(self.seconds)), 2),
        }


async def many(address: str, ask: Ask, queries: Sequence[str], clients: int) -> Series:
    """Ask every query once, with this many clients; each asks again as soon as it has an answer."""
    series = Series()
    waiting = iter(queries)

    async def client() -> None:
        async with Connection(address) as connection:
            for query in waiting:
                began = time.perf_counter()
                try:
                    answered = await ask(connection, query)
                except (OSError, EOFError, ValueError):
                    answered = False
                if answered:
                    series.seconds.append(time.perf_counter() - began)
                else:
                    series.errors += 1

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    series.wall = time.perf_counter() - began
    return series
