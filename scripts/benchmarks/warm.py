"""Time new searches in a running process, against txtai, a plain script and bm25s.

Every system answers every question. The systems answer one portion of questions each, in
turn; before its portion, each answers some that are not counted. Peers measure the time
inside their own process. For rftsearch the report also shows how long it takes to encode
the question, and how long the rest takes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import peers
from benchmarks.options import add_index
from benchmarks.processes import ProcessError, percentile
from benchmarks.questions import Questions
from benchmarks.report import Report
from rftsearch import Engine
from rftsearch.encoders.base import Encoder, FileStamps
from rftsearch.errors import UsageError
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.models import open_encoder
from rftsearch.settings import default_index
from rftsearch.types import BoolArray, FloatArray

__all__ = ["TimedEncoder", "add_arguments", "run"]

PORTION = 25
"""Questions in a portion: many, so that the processor's caches hold what a system needs."""
BEFORE = 5
"""Queries that each system answers before its portion and that do not count: threads of the
previous system are still awake then, and its data is in the caches."""
K = 10
LIBRARIES = ("onnxruntime", "tokenizers", "faiss-cpu", "tantivy")
PEERS = ("txtai", "sentence-transformers", "faiss-cpu", "torch", "bm25s")
NAMES = {
    "txtai": "txtai, hybrid",
    "naive": "sentence-transformers and FAISS",
    "bm25s": "bm25s, words alone",
}

REST, P50, P99 = 0.001, 0.004, 0.010
"""Seconds: median without encoding, median in all, and 99th percentile in all."""
FASTER = 4
"""The median of txtai must be at least this many times ours."""


class TimedEncoder:
    """An encoder that measures how long it takes."""

    def __init__(self, encoder: Encoder) -> None:
        """Measure another encoder."""
        self._encoder = encoder
        self.seconds = 0.0
        """Seconds that the last question took to encode."""
        self.name: str = encoder.name
        self.dimension: int = encoder.dimension
        self.fingerprint: str = encoder.fingerprint
        self.stamps: FileStamps = encoder.stamps
        self.batch_size: int = encoder.batch_size

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Encode queries with the other encoder, and measure it."""
        began = time.perf_counter()
        try:
            return self._encoder.encode_queries(texts)
        finally:
            self.seconds = time.perf_counter() - began

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Encode documents with the other encoder; not measured."""
        return self._encoder.encode_documents(texts)

    def exceeds_limit(self, texts: Sequence[str]) -> BoolArray:
        """Return what the other encoder returns."""
        return self._encoder.exceeds_limit(texts)


@dataclass
class Taken:
    """The seconds of each question."""

    whole: list[float] = field(default_factory=list)
    encoding: list[float] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `bench.py warm`."""
    add_index(parser)
    parser.add_argument("--questions", type=int, default=1000)


def run(arguments: argparse.Namespace) -> Report:
    """Measure.

    Raises:
        IndexStateError: There is no index that can be used.
        ProcessError: A peer failed or cannot be installed.
        UsageError: Too few questions to say anything.
    """
    if arguments.questions < PORTION:
        raise UsageError(f"ask {PORTION} questions or more")
    index = arguments.index or default_index()
    encoder = TimedEncoder(open_encoder(index, Manifest.read(index)))
    with ExitStack() as opened:
        engine = opened.enter_context(Engine.open(index, encoder=encoder))
        papers = engine.papers()
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        documents = peers.documents(folder / "documents.jsonl", papers)
        others = {
            name: opened.enter_context(
                peers.serving(peer, peers.built(peer, folder / peer, documents))
            )
            for peer, name in NAMES.items()
        }
        questions = Questions([word for paper in papers for word in paper.title.split()])
        _ask(engine, encoder, others, questions.take(PORTION), Taken())  # not counted
        taken = Taken()
        for _ in range(arguments.questions // PORTION):
            _ask(engine, encoder, others, questions.take(BEFORE + PORTION), taken)
    return _report(taken, len(papers))


def _ask(
    engine: Engine,
    encoder: TimedEncoder,
    others: dict[str, peers.Peer],
    questions: Sequence[str],
    taken: Taken,
) -> None:
    for number, question in enumerate(questions):
        encoder.seconds = 0.0
        began = time.perf_counter()
        hits = engine.search(question, K)
        whole = time.perf_counter() - began
        if len(hits) < K or not encoder.seconds:
            raise ProcessError("a question got fewer than ten papers, or was not encoded")
        if number >= BEFORE:
            taken.whole.append(whole)
            taken.encoding.append(encoder.seconds)
            taken.rest.append(whole - encoder.seconds)
    for name, peer in others.items():
        answer = peer.search(questions)
        if min(answer["found"]) < 1:
            raise ProcessError(f"{name} left a question without an answer")
        taken.peers.setdefault(name, []).extend(answer["seconds"][BEFORE:])


def _report(taken: Taken, papers: int) -> Report:
    series = {
        "rftsearch": taken.whole,
        "... encoding the question": taken.encoding,
        "... all else": taken.rest,
        **taken.peers,
    }
    ours = percentile(taken.whole, 0.5)
    values = {
        name: {
            "questions": len(seconds),
            "p50_ms": round(1000 * percentile(seconds, 0.5), 3),
            "p99_ms": round(1000 * percentile(seconds, 0.99), 3),
            "ratio": round(percentile(seconds, 0.5) / ours, 2),
        }
        for name, seconds in series.items()
    }
    rows = [
        [
            name,
            f"{one['questions']}",
            f"{one['p50_ms']:.2f}",
            f"{one['p99_ms']:.2f}",
            f"{one['ratio']:.2f}",
        ]
        for name, one in values.items()
    ]
    return Report(
        title=f"New questions, one after another, on {papers} papers",
        head=["answered by", "questions", "p50 ms", "p99 ms", "times rftsearch's p50"],
        rows=rows,
        values=values,
        libraries=LIBRARIES,
        peers={name: peers.pins()[name] for name in PEERS},
        remarks=["rftsearch returns whole records, its peers ids."],
        failures=list(_failures(taken, ours)),
    )


def _failures(taken: Taken, ours: float) -> Iterator[str]:
    if percentile(taken.rest, 0.5) > REST:
        yield f"everything besides encoding takes more than {1000 * REST:.0f} ms in the median."
    for limit, share in ((P50, 0.5), (P99, 0.99)):
        if percentile(taken.whole, share) > limit:
            yield f"the p{100 * share:.0f} of a search is above {1000 * limit:.0f} ms."
    if percentile(taken.peers[NAMES["txtai"]], 0.5) < FASTER * ours:
        yield f"a search is less than {FASTER} times as fast as txtai's."
