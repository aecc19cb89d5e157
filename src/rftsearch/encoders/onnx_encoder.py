"""The light path: an exported model, run by onnxruntime without torch.

Its vectors are those of sentence-transformers in single precision, but for the
last digits, so both are one encoder with one fingerprint.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rftsearch.encoders.base import FileStamps
from rftsearch.encoders.chunking import mean_of_windows, windows
from rftsearch.encoders.onnx_sessions import GraphError, Sessions
from rftsearch.encoders.text_config import TextConfig
from rftsearch.errors import ModelError
from rftsearch.settings import threads
from rftsearch.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["GRAPH", "READING", "TOKENIZER", "VECTOR", "OnnxEncoder"]

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
READING = "reading.json"
VECTOR = "sentence_vector"
"""The graph's one output: (n, `dimension` or more) float32, pooled as the model pools."""

BATCH_TOKENS = 384
"""Rows times columns of a batch: what larger ones compute does not stay in a core's
cache, and 4,096 took half as much processor time again. Two windows of most abstracts
fit in: of 256, which hold one, they took 1.02 times as long."""

_COLUMNS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
"""What a graph takes, as the tokenizer calls it."""


class OnnxEncoder:
    """An exported model; several threads may share one.

    How many threads a computation takes is told in `sessions`.
    """

    batch_size = 64
    """Documents that a build hands over at a time: of 16, fewer have the same length and
    threads wait for each other more often, so that documents take 1.03 times as long."""

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
        count = threads()
        self.folder = folder
        self.name = name
        self.fingerprint = fingerprint
        try:
            self._reading = TextConfig.open(folder / READING)
            self._queries = self._tokenizer(self._reading.query.limit)
            self._sessions = Sessions(folder / GRAPH, count)
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own.
            raise _unloadable(name) from error
        self._documents: tuple[Tokenizer, Tokenizer] | None = None
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

    def exceeds_limit(self, texts: Sequence[str]) -> BoolArray:
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
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        batches = list(_batches([len(encoding.ids) for encoding in encodings]))
        for rows, found in zip(batches, self._run_each(batches, encodings), strict=True):
            vectors[rows] = found
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self.name} gave a vector that is not finite; use another model")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)

    def _run_each(
        self, batches: Sequence[Sequence[int]], encodings: Sequence[Encoding]
    ) -> Iterator[FloatArray]:
        """The vectors of each batch, in the order of the batches."""

        def feed(rows: Sequence[int]) -> dict[str, IntArray]:
            return self._feed([encodings[row] for row in rows])

        try:
            for vectors in self._sessions.each(VECTOR, batches, feed):
                yield vectors[:, : self.dimension]
        except GraphError as error:  # One that is opened when it is needed.
            raise _unloadable(self.name) from error

    def _feed(self, encodings: Sequence[Encoding]) -> dict[str, IntArray]:
        return {
            name: np.array([getattr(one, _COLUMNS[name]) for one in encodings], np.int64)
            for name in self._reading.inputs
        }

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


def _unloadable(name: str) -> ModelError:
    return ModelError(
        f"the exported form of {name} cannot be loaded; `rftsearch build --repair` makes it anew"
    )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows of one length together: none is filled up, so none depends on another.

    The longest first: threads that share the batches then end together. A row without
    any token is in none.
    """
    read = [row for row, length in enumerate(lengths) if length]
    read.sort(key=lengths.__getitem__, reverse=True)
    for length, group in groupby(read, lengths.__getitem__):
        rows, together = list(group), max(1, BATCH_TOKENS // length)
        for start in range(0, len(rows), together):
            yield rows[start : start + together]
