"""Send requests to a server for some time, and note what must not happen."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fuzzing.maker import Maker, Request

__all__ = ["SLOW", "Findings", "fuzz"]

SLOW = 30.0
"""Seconds for a whole answer. arXiv is not reachable, and is given up after 20."""
PATIENCE = 2.0
"""Seconds to wait for an answer to what may be only the beginning of a request."""
USUAL = "/api/search?q=crowd&k=3"
"""A search that must always be answered in the same way."""


@dataclass
class Findings:
    """What happened."""

    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def fault(self, what: str, request: Request) -> None:
        """Note a fault with the request that led to it."""
        self.faults.append(f"{what}: {request.content[:400]!r}")


async def send(address: str, content: bytes, *, leaves: bool = False) -> bytes:
    """Send bytes over a connection of their own; return all that comes back."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(content)
        await writer.drain()
        return b"" if leaves else await reader.read(-1)
    finally:
        writer.close()


async def operations_of(address: str) -> dict[tuple[str, str], list[str]]:
    """Return the parameters of each method and path of the server's OpenAPI document."""
    head = f"GET /gradio_api/openapi.json HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
    _, document = _split(await send(address, f"{head}Connection: close\r\n\r\n".encode()))
    found = {}
    for path, item in json.loads(document)["paths"].items():
        for method, operation in item.items():
            names = [one["name"] for one in operation.get("parameters", ())]
            if "requestBody" in operation:
                sent = operation["requestBody"]["content"]["application/json"]["schema"]
                names += sent.get("properties", {})
            found[method.upper(), path] = names
    return found


async def fuzz(
    address: str, seconds: float, *, seed: int = 0, clients: int = 4, most: int | None = None
) -> Findings:
    """Send requests for some time.

    Args:
        address: Of the server.
        seconds: How long.
        seed: Of the random numbers.
        clients: Requests at once.
        most: The largest number of requests; None for no limit.

    Returns:
        What happened.
    """
    findings, host = Findings(), urlsplit(address).netloc
    maker = Maker(seed, host, await operations_of(address))
    usual = Request(
        "usual", f"GET {USUAL} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    )
    expected = _split(await send(address, usual.content))
    end, sent = time.monotonic() + seconds, 0

    async def client() -> None:
        nonlocal sent
        while time.monotonic() < end and (most is None or sent < most):
            sent += 1
            if sent % 200 == 0 and _split(await send(address, usual.content)) != expected:
                findings.fault("a usual search is answered in another way", usual)
            await _ask(address, maker, maker.next(), findings)

    await asyncio.gather(*(client() for _ in range(clients)))
    return findings


async def _ask(address: str, maker: Maker, request: Request, findings: Findings) -> None:
    findings.kinds[request.kind.partition(",")[0]] += 1
    began = time.monotonic()
    incomplete = request.kind == "noise" or request.kind.endswith("damaged")
    asked = send(address, request.content, leaves=request.leaves)
    try:
        answer = await asyncio.wait_for(asked, PATIENCE if incomplete else SLOW)
    except TimeoutError:
        if incomplete:
            findings.statuses["kept waiting for the rest of a request"] += 1
        else:
            findings.fault(f"no answer in {SLOW:.0f} s", request)
        return
    except OSError as error:
        findings.statuses["connection closed"] += 1
        if isinstance(error, ConnectionRefusedError):
            findings.fault("the server is gone", request)
            raise
        return
    if request.leaves:
        findings.statuses["not read"] += 1
        return
    status, body = _split(answer)
    findings.statuses[str(status or "nothing")] += 1
    _check(status, body, request, findings)
    if time.monotonic() - began > SLOW / 2 and status == 200:
        findings.fault(f"slow ({time.monotonic() - began:.0f} s)", request)
    with suppress(ValueError, LookupError, TypeError):
        path = request.content.split(None, 2)[1].decode().partition("?")[0]
        maker.events.append(f"{path}/{json.loads(body)['event_id']}")


def _check(status: int, body: bytes, request: Request, findings: Findings) -> None:
    if status >= 500:
        error = None
        with suppress(ValueError, KeyError, TypeError):
            error = json.loads(body)["error"]
        # 501: the method does not exist.
        if not (status == 503 and error) and status != 501:
            findings.fault(f"status {status} {body[:200]!r}", request)
    elif request.is_json and status:
        try:
            json.loads(body)
        except ValueError:
            findings.fault(f"status {status}, not JSON: {body[:200]!r}", request)
    if b"Traceback (most recent" in body:
        findings.fault("a traceback in the answer", request)


def _split(answer: bytes) -> tuple[int, bytes]:
    """Return the status and the content of an answer; the status is 0 without an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first = head.split(b"\r\n", 1)[0].split()
    status = int(first[1]) if len(first) > 1 and first[1].isdigit() else 0
    if b"transfer-encoding: chunked" in head.lower():
        body = b"".join(_chunks(body))
    return status, body


def _chunks(body: bytes) -> Iterator[bytes]:
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size or b"0", 16)
        yield body[:length]
        body = body[length + 2 :]
