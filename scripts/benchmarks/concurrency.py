"""Ask one engine from many threads: answers per second, and whether they are the same.

Each thread asks again as soon as it has an answer. Each number of threads gets a new engine
and the same questions. No question is asked twice, so no vector of a question is known
already. There are two settings: the default, in which a single question is encoded by more
than one thread, and `RFTSEARCH_THREADS=1`. Both are compared with one thread that asks
under `RFTSEARCH_THREADS=1`, which shows what one processor does.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.options import add_index
from benchmarks.questions import Questions
from benchmarks.report import Report
from rftsearch import Engine
from rftsearch.errors import UsageError
from rftsearch.papers.results import Results
from rftsearch.settings import THREADS_VARIABLE, cores, default_index

__all__ = ["add_arguments", "run"]

THREADS = (1, 2, 4, 8, 16, 32)
LIBRARIES = ("onnxruntime", "tokenizers", "faiss-cpu", "tantivy")
DEFAULT, ONE = "by default", "one thread each"
GROWTH = 0.8
"""The rate must grow by at least this share of the number of cores."""
SAME = 1e-5
"""How much two scores of one question may differ: sums are added up in another order."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py concurrency`."""
    add_index(parser)
    parser.add_argument(
        "--questions", type=int, default=2000, help="questions for each number of threads"
    )


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        IndexStateError: There is no index that can be used.
        UsageError: Too few questions to say anything.
    """
    if arguments.questions < 2 * max(THREADS):
        raise UsageError(f"ask {2 * max(THREADS)} questions or more")
    index = arguments.index or default_index()
    with Engine.open(index) as engine:
        words = [word for paper in engine.papers() for word in paper.title.split()]
        papers = len(engine.papers())
    questions = Questions(words).take(arguments.questions)
    rates: dict[str, dict[int, float]] = {DEFAULT: {}, ONE: {}}
    others: dict[int, int] = {}
    for setting, found in rates.items():
        with _threads_each("1" if setting == ONE else None):
            alone: list[Results] = []
            for threads in THREADS:
                found[threads], answers = asked(index, questions, threads)
                alone = alone or answers
                others[threads] = others.get(threads, 0) + different(alone, answers)
    return _report(rates, others, papers, arguments.questions)


@contextmanager
def _threads_each(number: str | None) -> Iterator[None]:
    """Let an engine encode with this many threads; None for the default number."""
    before = os.environ.pop(THREADS_VARIABLE, None)
    if number is not None:
        os.environ[THREADS_VARIABLE] = number
    try:
        yield
    finally:
        os.environ.pop(THREADS_VARIABLE, None)
        if before is not None:
            os.environ[THREADS_VARIABLE] = before


def asked(index: Path, questions: Sequence[str], threads: int) -> tuple[float, list[Results]]:
    """Return the answers per second from this many threads, and the answers in order."""
    with Engine.open(index) as engine, ThreadPoolExecutor(threads) as pool:
        list(pool.map(engine.search, ["loads the model"] * threads))
        began = time.perf_counter()
        answers = list(pool.map(engine.search, questions))
        return len(questions) / (time.perf_counter() - began), answers


def different(ones: Sequence[Results], others: Sequence[Results]) -> int:
    """Return how many questions got other papers or other scores."""
    return sum(not _same(one, other) for one, other in zip(ones, others, strict=True))


def _same(one: Results, other: Results) -> bool:
    if [hit.paper.id for hit in one] != [hit.paper.id for hit in other]:
        return False
    return all(abs(a.score - b.score) <= SAME for a, b in zip(one, other, strict=True))


def _report(
    rates: dict[str, dict[int, float]], others: dict[int, int], papers: int, questions: int
) -> Report:
    alone = rates[ONE][1]
    values = {
        str(threads): {
            **{
                name: {
                    "a_second": round(found[threads], 1),
                    "ratio": round(found[threads] / alone, 2),
                }
                for name, found in rates.items()
            },
            "different": others[threads],
        }
        for threads in THREADS
    }
    rows = [
        [
            str(threads),
            *(
                cell
                for found in rates.values()
                for cell in (f"{found[threads]:.0f}", f"{found[threads] / alone:.2f}")
            ),
            str(others[threads]),
        ]
        for threads in THREADS
    ]
    return Report(
        title=f"One engine on {papers} papers, {questions} new questions",
        head=[
            "threads",
            *(cell for name in rates for cell in (f"a second, {name}", "times one processor")),
            "answered differently",
        ],
        rows=rows,
        values=values,
        libraries=LIBRARIES,
        failures=list(_failures(rates, others)),
    )


def _failures(rates: dict[str, dict[int, float]], others: dict[int, int]) -> Iterator[str]:
    if max(others.values()):
        yield "some answers differ from those of one thread."
    many, growth = max(THREADS), GROWTH * cores()
    for name, found in rates.items():
        if found[many] < growth * rates[ONE][1]:
            yield f"{many} threads, {name}: fewer than {growth:.1f} times one processor's."
