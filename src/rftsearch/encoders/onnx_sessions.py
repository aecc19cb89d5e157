"""A graph that onnxruntime runs, and how many threads a run gets.

One question alone is computed by two threads. Questions at the same time, and
documents, are computed by one thread each: together that is faster.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from rftsearch.types import FloatArray, IntArray

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    import onnxruntime

__all__ = ["GraphError", "Sessions"]

Batch = TypeVar("Batch")
Feed = dict[str, IntArray]

PAIR = 2
"""Threads for one question: two take 0.52 to 0.75 of the time of one. More were not measured."""
QUIET = 0.1
"""Seconds without two questions at the same time, after which the next one counts as alone:
threads that ask one question after the other also do other things in between."""
FEW = 8
"""Up to this many batches, as of a pasted text, are computed as questions are."""


class GraphError(Exception):
    """A graph cannot be opened."""


class Sessions:
    """One graph, run by many; several threads may share it."""

    def __init__(self, graph: Path, count: int, *, mapped: bool) -> None:
        """Open the session that computes one question alone.

        Args:
            graph: The model's file.
            count: Threads for one computation, 1 or more.
            mapped: Whether the weights may be mapped; see `OnnxEncoder`.

        Raises:
            GraphError: It cannot be opened. `each` raises the same.
        """
        self._graph = graph
        self._count = count
        self._mapped = mapped
        self._together = _session(graph, min(count, PAIR), mapped=mapped)
        self._apart: onnxruntime.InferenceSession | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._asking = 0
        self._met = -math.inf
        """When two questions were last computed at the same time."""
        self._lock = threading.Lock()
        self._opening = threading.Lock()

    def each(
        self, output: str, batches: Sequence[Batch], feed: Callable[[Batch], Feed]
    ) -> Iterable[FloatArray]:
        """Compute one output of the graph for each batch, in the order of the batches.

        Args:
            output: Its name.
            batches: What is computed, one after another or side by side.
            feed: Returns the inputs of the graph for a batch, by their names.
        """

        def run(session: onnxruntime.InferenceSession, batch: Batch) -> FloatArray:
            [found] = session.run([output], feed(batch))
            return np.asarray(found, np.float32)

        if len(batches) <= FEW:
            with self._question() as session:
                return [run(session, batch) for batch in batches]
        return self._threads().map(partial(run, self._single()), batches)

    @contextmanager
    def _question(self) -> Iterator[onnxruntime.InferenceSession]:
        with self._lock:
            self._asking += 1
            now = time.monotonic()
            if self._asking > 1:
                self._met = now
            alone = now - self._met > QUIET
        try:
            yield self._together if alone else self._single()
        finally:
            with self._lock:
                self._asking -= 1

    def _single(self) -> onnxruntime.InferenceSession:
        """The session whose runs take only the thread of their caller."""
        if self._count == 1:
            return self._together
        with self._opening:
            if self._apart is None:
                self._apart = _session(self._graph, 1, mapped=self._mapped)
            return self._apart

    def _threads(self) -> ThreadPoolExecutor:
        """The threads for documents: one set for all callers, however many there are."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - no query needs it

        with self._opening:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._count, "rftsearch-encode")
            return self._pool


def _session(graph: Path, count: int, *, mapped: bool) -> onnxruntime.InferenceSession:
    """Open a session whose runs take this many threads, the caller's among them."""
    # Read by onnxruntime when it is loaded: else it reports every process to its makers.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415 - only where words are encoded

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = count
    options.inter_op_num_threads = 1
    # Between the steps of a run the threads stay awake, but not between runs.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3  # Errors; they are raised as well.
    # The first computes what it fuses number by number: a tenth of a document's time. The
    # second takes longer than a sum and its activation apart: a fiftieth.
    unwanted = ["SkipLayerNormFusion", "BiasGeluFusion"]
    try:
        if not mapped and (weights := graph.with_name(f"{graph.name}.data")).is_file():
            # onnxruntime copies what it needs of them while the session is made.
            content = weights.read_bytes()
            options.add_external_initializers_from_files_in_memory(
                [weights.name], [content], [len(content)]
            )
        return onnxruntime.InferenceSession(
            str(graph), options, ["CPUExecutionProvider"], disabled_optimizers=unwanted
        )
    except Exception as error:  # onnxruntime raises kinds of its own.
        raise GraphError(str(graph)) from error
