"""Let fifty visitors search at once: errors, latency, memory, and a slow arXiv.

Each client asks again as soon as it has an answer. A search through Gradio's two steps is
compared with a function that does nothing, on an unchanged Gradio server. The two run in
turns, so that both meet the same machine. The same function on the page's server shows how
much of a search is Gradio's part there. Then the plain route is measured, alone and while
arXiv does not answer, and memory during many searches. The last two rounds are clients that
close the connection before the answer, and calls whose answers nobody fetches: memory of
the server before and after, and how long the next visitor waits.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clients import Ask, Connection, Series, many, plain, two_step
from benchmarks.leaving import Left, uncollected, vanishing
from benchmarks.options import add_index
from benchmarks.processes import memory, processor
from benchmarks.questions import Questions
from benchmarks.report import Report
from rftsearch import Engine
from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS
from rftsearch.settings import default_index

__all__ = ["add_arguments", "run"]

ROUNDS = 3
SLOWER = 1.25
"""The p95 of a search may be this many times that of doing nothing."""
PLAIN_P95 = 0.300
"""The p95 of the plain route may be this many seconds."""
GROWTH = 20.0
"""Megabytes by which memory may grow during the second half of the searches."""
LEFT_BEHIND = 50.0
"""Megabytes by which memory may grow during a round of clients that go away."""
NEXT_VISITOR = 2.0
"""Seconds that the next visitor may wait."""
LIBRARIES = ("gradio", "uvicorn", "onnxruntime", "faiss-cpu", "tantivy")

SEARCH = two_step("search", (10, *[None] * len(FILTER_FIELDS), "relevance"))
NOTHING = two_step("nothing")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py load`."""
    add_index(parser)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--requests", type=int, default=3000, help="requests of each kind")
    parser.add_argument(
        "--searches", type=int, default=20000, help="searches before memory is measured"
    )


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        IndexStateError: There is no index that can be used.
        UsageError: Too few requests to say anything.
    """
    if arguments.requests < ROUNDS * arguments.clients or arguments.clients < 1:
        raise UsageError(f"ask for {ROUNDS * arguments.clients} requests or more: each client's")
    index = arguments.index or default_index()
    with Engine.open(index) as engine:
        words = [word for paper in engine.papers() for word in paper.title.split()]
    with served() as bare, served(index) as page:
        found = asyncio.run(_measure(bare, page, Questions(words), arguments))
    return _report(found, arguments)


@dataclass(frozen=True)
class Found:
    """What was measured."""

    series: dict[str, Series]
    memory: list[float]
    """Resident memory of the server in megabytes: before, half way, after."""
    left: dict[str, Left]
    """The rounds of clients that go away, by name."""


BARE = "nothing, on unchanged Gradio"
SLOW = "plain route, arXiv slow"


async def _measure(
    bare: Server, page: Server, questions: Questions, arguments: argparse.Namespace
) -> Found:
    clients, each = arguments.clients, arguments.requests // ROUNDS

    async def measured(server: Server, ask: Ask, count: int = each) -> Series:
        before = server.processor()
        found = await many(server.address, ask, questions.take(count), clients)
        found.cpu = server.processor() - before
        return found

    kinds = {
        BARE: (bare, NOTHING),
        "nothing": (page, NOTHING),
        "search": (page, SEARCH),
        "plain route": (page, plain),
    }
    for server, ask in kinds.values():
        await measured(server, ask, 2 * clients)  # every thread and connection has been used once
    series = {name: Series() for name in (*kinds, SLOW)}
    for _ in range(ROUNDS):
        for name, (server, ask) in kinds.items():
            series[name].add(await measured(server, ask))
    async with _waiting_for_arxiv(page.address):
        series[SLOW].add(await measured(page, plain))
    memory = []
    for count in (arguments.searches // 10, arguments.searches // 2, arguments.searches // 2):
        for ask in (SEARCH, plain):
            await measured(page, ask, count // 2)
        memory.append(page.resident())
    left = {
        name: await leave(page.address, questions.take(arguments.requests), clients, page.resident)
        for name, leave in (("vanishing clients", vanishing), ("uncollected answers", uncollected))
    }
    return Found(series, memory, left)


# --- the server, and an arXiv that never answers --------------------------------------


@dataclass(frozen=True)
class Server:
    """A server process and its address."""

    process: int
    address: str

    def processor(self) -> float:
        """Return the processor time that it has used, in seconds."""
        return processor(self.process)

    def resident(self) -> float:
        """Return its resident memory in megabytes."""
        return memory(self.process)["all"]


@contextmanager
def served(index: Path | None = None) -> Iterator[Server]:
    """Run a server in a process of its own; without an index, only Gradio."""
    script = Path(__file__).with_name("server.py")
    with (
        silent_arxiv() as arxiv,
        subprocess.Popen(
            [sys.executable, str(script), *([str(index)] if index else [])],
            env=os.environ | {"RFTSEARCH_ARXIV_URL": arxiv, "GRADIO_ANALYTICS_ENABLED": "False"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise UsageError("the server did not start; its messages are above")
            yield Server(process.pid, address)
        finally:
            if process.stdin:
                process.stdin.close()


@contextmanager
def silent_arxiv() -> Iterator[str]:
    """Run a server that accepts every connection and never answers; yield its address."""
    import socket  # noqa: PLC0415 - only here

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/query"


@asynccontextmanager
async def _waiting_for_arxiv(address: str) -> AsyncIterator[None]:
    """Let ten clients ask for papers that only arXiv knows."""

    async def ask(number: int) -> None:
        async with Connection(address) as connection:
            body = {"data": [f"1801.{number:05}", 5, *[None] * len(FILTER_FIELDS), True]}
            await connection.ask("POST", "/gradio_api/run/similar", body)

    waiting = [asyncio.create_task(ask(number)) for number in range(10)]
    done, _ = await asyncio.wait(waiting, timeout=1)
    try:
        yield
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    if len(done) == len(waiting):
        raise UsageError("nobody waited for arXiv, so this measurement means nothing")


# --- the report ----------------------------------------------------------------------


def _report(found: Found, arguments: argparse.Namespace) -> Report:
    values: dict[str, Any] = {name: one.to_dict() for name, one in found.series.items()}
    values["memory_mb"] = [round(size, 1) for size in found.memory]
    rows = [
        [
            name,
            f"{one['requests']}",
            f"{one['errors']}",
            *(f"{one[key]:.0f}" for key in ("p50_ms", "p95_ms", "a_second")),
            f"{one['cpu_ms']:.1f}",
        ]
        for name, one in values.items()
        if name != "memory_mb"
    ]
    values |= {name: one.to_dict() for name, one in found.left.items()}
    ratio, own = (
        found.series["search"].percentile(0.95) / found.series[name].percentile(0.95)
        for name in (BARE, "nothing")
    )
    values["search_to_nothing_p95"] = round(ratio, 3)
    values["search_to_own_nothing_p95"] = round(own, 3)
    sizes = ", ".join(f"{size:.0f}" for size in found.memory)
    searches = arguments.searches
    return Report(
        title=f"{arguments.clients} clients at once",
        head=["asked", "requests", "errors", "p50 ms", "p95 ms", "a second", "server CPU ms"],
        rows=rows,
        values=values,
        libraries=LIBRARIES,
        remarks=[
            f"The p95 of a search is {ratio:.2f} times that of doing nothing on unchanged Gradio "
            f"(at most {SLOWER}), and {own:.2f} times that of doing nothing on the same server.",
            f"The server's memory after {searches // 10}, {searches // 10 + searches // 2} and "
            f"{searches // 10 + searches} searches more: {sizes} MB.",
            *(_remark(name, one) for name, one in found.left.items()),
        ],
        failures=list(_failures(found, ratio)),
    )


def _remark(name: str, left: Left) -> str:
    before, after = left.memory
    return (
        f"{left.requests} {name}: {left.refused} refused, memory {before:.0f} MB before and "
        f"{after:.0f} MB after, the next visitor was answered in {left.next_visitor:.2f} s."
    )


def _failures(found: Found, ratio: float) -> Iterator[str]:
    errors = sum(one.errors for one in found.series.values())
    if errors:
        yield f"{errors} requests were not answered."
    if ratio > SLOWER:
        yield f"the p95 of a search is more than {SLOWER} times that of doing nothing."
    for name in ("plain route", SLOW):
        if found.series[name].percentile(0.95) > PLAIN_P95:
            yield f"the p95 of the {name} is above {PLAIN_P95 * 1000:.0f} ms."
    if found.memory[2] - found.memory[1] > GROWTH:
        yield f"the second half of the searches added more than {GROWTH:.0f} MB."
    for name, left in found.left.items():
        if left.memory[1] - left.memory[0] > LEFT_BEHIND:
            yield f"{name} added more than {LEFT_BEHIND:.0f} MB."
        if left.next_visitor > NEXT_VISITOR:
            yield f"after {name} the next visitor waited more than {NEXT_VISITOR:.0f} s."
