"""The light path: an exported model, run by onnxruntime without torch.

Its vectors are those of sentence-transformers in single precision, but for the
last digits, so both are one encoder with one fingerprint.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rftsearch.errors import ModelError
from rftsearch.index.encoders import BoolArray, FileStamps, FloatArray
from rftsearch.index.reading import Edge, Reading
from rftsearch.index.threads import threads
from rftsearch.index.windows import mean_of_windows, windows

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    import onnxruntime
    from tokenizers import Encoding, Tokenizer

__all__ = ["GRAPH", "READING", "TOKENIZER", "VECTOR", "LightEncoder"]

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
READING = "reading.json"
VECTOR = "sentence_vector"
"""The graph's one output: (n, `dimension` or more) float32, pooled as the model pools."""

BATCH_TOKENS = 256
"""Rows times columns of a batch: what larger ones compute does not stay in a core's
cache, and 4,096 took half as much processor time again."""


PAIR = 2
"""Threads for one question: two answer in 0.55 to 0.75 of one's time, for either reads half of
the weights, and asleep between the steps they cost two askers at once a tenth. More of them
were not measured."""


FEW = 8
"""Up to so many batches, as of a pasted text, are encoded as questions are: the session for
documents takes longer to open."""


class LightEncoder:
    """An exported model; several threads may share one.

    A question is shared by `PAIR` threads, where the second is not at another one; of the
    many batches that documents are each is computed by one thread.
    """

    def __init__(self, folder: Path, name: str, fingerprint: str) -> None:
        """Load what queries need; documents need a little more, loaded with the first.

        Args:
            folder: Graph, tokenizer and reading, whose hashes were checked.
            name: How the user calls the model.
            fingerprint: Of the model that was exported.

        Raises:
            ModelError: They cannot be read; the message names the cure.
            UsageError: `RFTSEARCH_THREADS` is no number of threads.
        """
        self._threads = threads()
        self.folder = folder
        self.name = name
        self.fingerprint = fingerprint
        try:
            self._reading = Reading.open(folder / READING)
            self._queries = self._tokenizer(self._reading.query.limit)
            self._session = _session(folder / GRAPH, min(self._threads, PAIR))
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own.
            raise _unloadable(name) from error
        self._documents: tuple[Tokenizer, Tokenizer] | None = None
        self._workers: _Workers | None = None
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._reading.dimension

    @property
    def stamps(self) -> FileStamps:
        """Empty: the index watches over these files."""
        return {}

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed queries, under the model's own query prompt."""
        return self._encode(texts, self._queries, self._reading.query.prompt)

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed documents, under the model's own document prompt."""
        _, clipped = self._document_tokenizers()
        pieces = self._windows(texts)
        every = [piece for cut in pieces for piece in cut]
        vectors = self._encode(every, clipped, self._reading.document.prompt)
        return mean_of_windows(vectors, [len(cut) for cut in pieces])

    def windowed(self, texts: Sequence[str]) -> BoolArray:
        """Which of these texts have more tokens than the model reads at once, (n,) bool."""
        return np.fromiter((len(cut) > 1 for cut in self._windows(texts)), np.bool_, len(texts))

    def _windows(self, texts: Sequence[str]) -> list[list[str]]:
        room = self._reading.room
        if room is None:
            return [[text] for text in texts]
        whole, _ = self._document_tokenizers()
        encodings = whole.encode_batch(list(texts), add_special_tokens=False)
        return windows(texts, [encoding.offsets for encoding in encodings], room)

    def _encode(self, texts: Sequence[str], tokenizer: Tokenizer, prompt: str) -> FloatArray:
        # One text alone wakes no threads of the tokenizer's.
        encodings = (
            [tokenizer.encode(prompt + texts[0])]
            if len(texts) == 1
            else tokenizer.encode_batch([prompt + text for text in texts])
        )
        vectors = np.empty((len(texts), self.dimension), np.float32)
        batches = list(_batches([len(encoding.ids) for encoding in encodings]))
        for rows, found in zip(batches, self._run_each(batches, encodings), strict=True):
            vectors[rows] = found
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self.name} gave a vector that is not finite; use another model")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)

    def _run_each(
        self, batches: Sequence[Sequence[int]], encodings: Sequence[Encoding]
    ) -> Iterable[FloatArray]:
        """The vectors of each batch, in the order of the batches."""

        def run(session: onnxruntime.InferenceSession, rows: Sequence[int]) -> FloatArray:
            return self._run(session, [encodings[row] for row in rows])

        if len(batches) <= FEW or self._threads == 1:
            return map(partial(run, self._session), batches)
        workers = self._many()
        return workers.pool.map(partial(run, workers.session), batches)

    def _many(self) -> _Workers:
        """The threads for documents: one set for all callers, however many there are."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - no query needs it

        with self._lock:
            if self._workers is None:
                try:
                    session = _session(self.folder / GRAPH, 1)
                except Exception as error:  # As above.
                    raise _unloadable(self.name) from error
                pool = ThreadPoolExecutor(self._threads, "rftsearch-encode")
                self._workers = _Workers(pool, session)
            return self._workers

    def _run(
        self, session: onnxruntime.InferenceSession, encodings: Sequence[Encoding]
    ) -> FloatArray:
        reading = self._reading
        columns = {
            "input_ids": ([one.ids for one in encodings], reading.pad_id),
            "attention_mask": ([one.attention_mask for one in encodings], 0),
            "token_type_ids": ([one.type_ids for one in encodings], reading.pad_type_id),
        }
        feed = {name: _filled(*columns[name], reading.pad) for name in reading.inputs}
        [vectors] = session.run([VECTOR], feed)
        return np.asarray(vectors[:, : reading.dimension], np.float32)

    def _document_tokenizers(self) -> tuple[Tokenizer, Tokenizer]:
        """One that reads whole documents, and one that reads no more than the model."""
        with self._lock:
            if self._documents is None:
                limit = self._reading.document.limit
                self._documents = (self._tokenizer(None), self._tokenizer(limit))
            return self._documents

    def _tokenizer(self, limit: int | None) -> Tokenizer:
        from tokenizers import Tokenizer  # noqa: PLC0415 - only where words are encoded

        tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        if limit is not None:
            tokenizer.enable_truncation(limit, direction=self._reading.cut)
        return tokenizer


@dataclass(frozen=True)
class _Workers:
    """Threads that each compute batches of their own."""

    pool: ThreadPoolExecutor
    session: onnxruntime.InferenceSession


def _unloadable(name: str) -> ModelError:
    return ModelError(
        f"the exported form of {name} cannot be loaded; `rftsearch build --repair` makes it anew"
    )


def _session(graph: Path, count: int) -> onnxruntime.InferenceSession:
    """A session of which each run is shared by so many threads, the caller's among them."""
    import onnxruntime  # noqa: PLC0415 - only where words are encoded

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = count
    options.inter_op_num_threads = 1
    # Threads that wait for work sleep: awake they take processors from other questions.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # Errors; they are raised as well.
    # What this one fuses it computes number by number: a tenth of a document's time.
    unwanted = ["SkipLayerNormFusion"]
    return onnxruntime.InferenceSession(
        str(graph), options, ["CPUExecutionProvider"], disabled_optimizers=unwanted
    )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows of about one length together, so that little is filled up in vain.

    The longest first: threads that share the batches then end together.
    """
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _filled(rows: Sequence[Sequence[int]], fill: int, edge: Edge) -> npt.NDArray[np.int64]:
    """Rows of unequal length as one array, (n, longest) int64."""
    width = max(1, *map(len, rows))
    filled = np.full((len(rows), width), fill, np.int64)
    for line, values in zip(filled, rows, strict=True):
        if edge == "left":
            line[width - len(values) :] = values
        else:
            line[: len(values)] = values
    return filled
