"""Time a search in a new process, against txtai and a plain script; and the start of the page.

For each command: seconds from the start of the process until its answer is on stdout. The
commands run in turns. The first run of each is not counted, so files are in the system's
cache, as they are for a second search. For the page, `python app.py`: seconds until it
answers `GET /`, and until it answers a search.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import peers
from benchmarks.clients import Connection, two_step
from benchmarks.options import add_index
from benchmarks.processes import ProcessError, percentile, printed
from benchmarks.report import Report
from rftsearch import Engine
from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS
from rftsearch.settings import default_index

__all__ = ["add_arguments", "run"]

QUESTION = "video temporal grounding"
APP = Path(__file__).resolve().parents[2] / "app.py"
LIBRARIES = ("onnxruntime", "tokenizers", "faiss-cpu", "tantivy", "gradio")
PEERS = ("txtai", "sentence-transformers", "faiss-cpu", "torch")
NAMES = {"txtai": "txtai, hybrid", "naive": "sentence-transformers and FAISS"}

SEARCH = 0.5
"""Seconds that a search may take (median)."""
FASTER = 10
"""txtai must take at least this many times as long."""
PAGE, PAGE_AND_SEARCH = 4.0, 5.0
"""Seconds until the page must answer, and until its first search must be answered."""
PATIENCE = 120.0
"""Seconds after which we stop waiting for the page."""

Taken = dict[str, list[float]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py cold`."""
    add_index(parser)
    parser.add_argument("--runs", type=int, default=20, help="runs of each command")
    parser.add_argument("--starts", type=int, default=5, help="starts of the page")


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        IndexStateError: There is no index that can be used.
        ProcessError: A process failed, or a peer cannot be installed.
        UsageError: Nothing is to be run.
    """
    if arguments.runs < 1 or arguments.starts < 1:
        raise UsageError("run everything once or more")
    index = arguments.index or default_index()
    with Engine.open(index) as engine:
        papers = engine.papers()
    paper = next((one.id for one in papers if one.abstract), papers[0].id)
    own = [sys.executable, "-m", "rftsearch"]
    commands: dict[str, Sequence[str | Path]] = {
        "rftsearch search": [*own, "search", QUESTION, "--index", index],
        "rftsearch similar": [*own, "similar", paper, "--index", index],
    }
    taken: Taken = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        documents = peers.documents(folder / "documents.jsonl", papers)
        for peer, name in NAMES.items():
            where = peers.built(peer, folder / peer, documents)
            commands[name] = peers.command(peer, "search", where, QUESTION)
        for round_number in range(arguments.runs + 1):
            for name, command in commands.items():
                environment = dict(os.environ) if command[0] == own[0] else peers.variables()
                seconds, _ = printed(command, environment)
                if round_number:
                    taken.setdefault(name, []).append(seconds)
    for page, searched in (started(index) for _ in range(arguments.starts)):
        taken.setdefault("app.py, first page", []).append(page)
        taken.setdefault("app.py, first search", []).append(searched)
    return _report(taken, len(papers))


def started(index: Path) -> tuple[float, float]:
    """Return the seconds from the start of `python app.py` to its first page and first search.

    Raises:
        ProcessError: It does not answer.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"RFTSEARCH_INDEX": str(index), "GRADIO_SERVER_PORT": str(port)}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, APP], env=os.environ | settings, stdout=subprocess.DEVNULL
    ) as process:
        try:
            return asyncio.run(_first_answers(f"http://127.0.0.1:{port}", began, process))
        finally:
            process.terminate()


async def _first_answers(
    address: str, began: float, process: subprocess.Popen[bytes]
) -> tuple[float, float]:
    while process.poll() is None and time.perf_counter() - began < PATIENCE:
        async with Connection(address) as connection:
            try:
                status, _ = await connection.ask("GET", "/")
            except (OSError, EOFError):
                await asyncio.sleep(0.005)
                continue
            page = time.perf_counter() - began
            ask = two_step("search", (10, *[None] * len(FILTER_FIELDS), "relevance"))
            if status == 200 and await ask(connection, QUESTION):
                return page, time.perf_counter() - began
        break
    raise ProcessError("app.py did not answer; its messages are above")


def _report(taken: Taken, papers: int) -> Report:
    ours = statistics.median(taken["rftsearch search"])
    values = {
        name: {
            "runs": len(seconds),
            "median_s": round(statistics.median(seconds), 3),
            "least_s": round(min(seconds), 3),
            "p90_s": round(percentile(seconds, 0.9), 3),
            "ratio": round(statistics.median(seconds) / ours, 2),
        }
        for name, seconds in taken.items()
    }
    rows = [
        [
            name,
            f"{one['runs']}",
            *(f"{one[key]:.2f}" for key in ("median_s", "least_s", "p90_s")),
            f"{one['ratio']:.1f}",
        ]
        for name, one in values.items()
    ]
    return Report(
        title=f"From the start of a process to its answer, on {papers} papers",
        head=["process", "runs", "median s", "least s", "p90 s", "times `rftsearch search`"],
        rows=rows,
        values=values,
        libraries=LIBRARIES,
        peers={name: peers.pins()[name] for name in PEERS},
        remarks=[
            f"Asked was `{QUESTION}`, of `similar` a paper of the index. Files were in the "
            "system's cache."
        ],
        failures=list(_failures(taken, ours)),
    )


def _failures(taken: Taken, ours: float) -> Iterator[str]:
    if ours > SEARCH:
        yield f"the median of a search is above {SEARCH} s."
    if statistics.median(taken[NAMES["txtai"]]) < FASTER * ours:
        yield f"a search is less than {FASTER} times as fast as txtai's."
    for name, limit in (("page", PAGE), ("search", PAGE_AND_SEARCH)):
        if statistics.median(taken[f"app.py, first {name}"]) > limit:
            yield f"the page's first {name} is answered later than {limit:.0f} s after its start."
