"""Measure the machine itself: a matrix product, and a copy of memory."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.report import Report
from rftsearch.errors import UsageError
from rftsearch.settings import cores

__all__ = ["add_arguments", "run"]

SIDE = 2048
"""Rows and columns of the float32 matrices."""
COPIED = 1 << 29
"""Bytes that are copied: far more than the caches hold."""
LIBRARIES = ("numpy",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py machine`."""
    parser.add_argument(
        "--repeats", type=int, default=10, help="repeats of each; the fastest counts"
    )


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        UsageError: Nothing is to be run.
    """
    if arguments.repeats < 1:
        raise UsageError("repeat everything once or more")
    found = {
        threads: (product(threads, arguments.repeats), copy(threads, arguments.repeats))
        for threads in sorted({1, cores()})
    }
    return Report(
        title="The machine's own limit",
        head=["threads", "matrix product GFLOP/s", "memory copied GB/s"],
        rows=[[str(n), f"{flops:.1f}", f"{copied:.1f}"] for n, (flops, copied) in found.items()],
        values={
            str(n): {"gflops": round(flops, 2), "copied_gb_s": round(copied, 2)}
            for n, (flops, copied) in found.items()
        },
        libraries=LIBRARIES,
        remarks=[
            f"Of {SIDE} x {SIDE} float32 matrices, by numpy's BLAS; of {COPIED >> 20} MiB, each "
            f"byte read once and written once. The best of {arguments.repeats} times."
        ],
    )


def product(threads: int, repeats: int) -> float:
    """Return multiplications and additions per second, in units of 10**9."""
    left, right = np.random.default_rng(0).random((2, SIDE, SIDE), np.float32)
    out = np.empty_like(left)
    with threadpool_limits(threads):
        return 2 * SIDE**3 / 1e9 / _best(lambda: np.matmul(left, right, out=out), repeats)


def copy(threads: int, repeats: int) -> float:
    """Return bytes copied per second, in units of 10**9; the threads share the work."""
    source, target = np.ones(COPIED, np.uint8), np.zeros(COPIED, np.uint8)
    ends = [COPIED * n // threads for n in range(threads + 1)]

    def part(number: int) -> None:
        rows = slice(ends[number], ends[number + 1])
        np.copyto(target[rows], source[rows])

    with ThreadPoolExecutor(threads) as pool:
        # numpy lets other threads run while it copies.
        return COPIED / 1e9 / _best(lambda: list(pool.map(part, range(threads))), repeats)


def _best(work: Callable[[], object], repeats: int) -> float:
    """Return the seconds of the fastest repeat; the first one is not counted."""
    work()
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)
