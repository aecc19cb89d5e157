"""Send random and damaged requests to the page's server, and watch what it does.

    python scripts/fuzz_server.py --minutes 10

Starts `rftsearch app` on this machine, in a process of its own, and asks it for ten minutes:
every route of its OpenAPI document with values of any kind, both call styles of Gradio's
clients, the MCP server, and bytes that are hardly HTTP. Some clients go away before they are
answered.

These are faults: a status of 500 or more (except 503 with one line that says why), an answer
that is not JSON where JSON is due, no answer within half a minute, a traceback in the log, a
log that visitors fill, memory that still grows in the second half of the run, and a usual
search whose answer is no longer what it was at the beginning. Each is printed with its request.
`--seed` repeats a run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import memory
from fuzzing.asking import Findings, fuzz
from rftsearch.settings import default_index

ROUNDS = 10
GROWTH = 64
"""Megabytes by which memory may grow in the second half of the rounds."""
MOST_LOGGED = 2_000
"""Characters that the server may print: visitors must not be able to fill its log."""
MOST_SHOWN = 20
"""Faults that are printed."""


@contextmanager
def started(index: Path, log: Path) -> Iterator[tuple[int, str]]:
    """Start the page in a process of its own; yield its number and its address."""
    command = [sys.executable, "-m", "rftsearch", "app", "--no-browser", "--index", str(index)]
    settings = {"RFTSEARCH_ARXIV_URL": "http://127.0.0.1:9/api/query", "PYTHONUNBUFFERED": "1"}
    with (
        log.open("wb") as said,
        subprocess.Popen(
            command, env=os.environ | settings, stdout=said, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            address = None
            while address is None and process.poll() is None:
                time.sleep(0.2)
                words = log.read_text("utf-8", "replace").split()
                address = next((word for word in words if word.startswith("http://")), None)
            if address is None:
                raise SystemExit(f"fuzz_server.py: the page did not start: {log.read_text()}")
            yield process.pid, address
        finally:
            process.terminate()


def main() -> int:
    """Run; return 1 if there were faults."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0, help="how long; 10 by default")
    parser.add_argument(
        "--index", type=Path, help="folder of the index; by default that of rftsearch"
    )
    parser.add_argument("--clients", type=int, default=4, help="requests at once")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers")
    parser.add_argument("--log", type=Path, help="keep what the server prints in this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = arguments.log or Path(folder) / "log"
        with started(arguments.index or default_index(), log) as (process, address):
            found, sizes = [], []
            for number in range(ROUNDS):
                seconds, seed = 60 * arguments.minutes / ROUNDS, arguments.seed + number
                done = fuzz(address, seconds, seed=seed, clients=arguments.clients)
                found.append(asyncio.run(done))
                sizes.append(memory(process)["all"])
        said = log.read_text("utf-8", "replace")
    return _report(found, sizes, said)


def _report(found: Sequence[Findings], sizes: Sequence[float], said: str) -> int:
    kinds = sum((one.kinds for one in found), Counter[str]())
    statuses = sum((one.statuses for one in found), Counter[str]())
    faults = [fault for one in found for fault in one.faults]
    if "Traceback (most recent" in said:
        faults.append(f"a traceback in the log: {said[said.index('Traceback') :][:4000]}")
    if len(said) > MOST_LOGGED or not said.replace("\n", "").isprintable():
        faults.append(f"the log holds what visitors sent: {said[-2000:]!r}")
    half, end = sizes[ROUNDS // 2 - 1], sizes[-1]
    if end - half > GROWTH:
        faults.append(f"in the second half, memory grew from {half:.0f} to {end:.0f} MB")
    print(f"{sum(kinds.values()):,} requests: ", end="")
    print(", ".join(f"{number:,} {kind}" for kind, number in kinds.most_common()))
    print("answers: " + ", ".join(f"{status}: {n:,}" for status, n in statuses.most_common()))
    print("megabytes after each tenth: " + ", ".join(f"{size:.0f}" for size in sizes))
    print(f"the server's log: {len(said):,} characters")
    print(f"faults: {len(faults)}")
    for fault in faults[:MOST_SHOWN]:
        print(f"- {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
