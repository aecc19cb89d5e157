"""An exported model, run by onnxruntime without torch.

Its vectors are those of sentence-transformers in single precision, except for the
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
from rftsearch.encoders.chunking import mean_of_windows, readable, windows
from rftsearch.encoders.onnx_sessions import GraphError, Sessions
from rftsearch.encoders.text_config import TextConfig
from rftsearch.errors import ModelError
from rftsearch.settings import threads
from rftsearch.types import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

__all__ = ["GRAPH", "TEXT_CONFIG", "TOKENIZER", "VECTOR", "OnnxEncoder", "batches_of_one_length"]

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
TEXT_CONFIG = "reading.json"
VECTOR = "sentence_vector"
"""The graph's one output: (n, `dimension` or more) float32, pooled as the model pools."""

BATCH_TOKENS = 384
"""Rows times columns of a batch: what larger ones compute does not stay in a core's
cache, and 4,096 took half as much processor time again. Two windows of most abstracts
are one batch; with 256, which hold one window, they took 1.02 times as long."""

_COLUMNS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
"""The inputs of a graph, and what the tokenizer calls them."""


class OnnxEncoder:
    """An exported model; several threads may share one.

    `onnx_sessions` says how many threads a computation takes.
    """

    batch_size = 64
    """Documents that a build hands over at a time: of 16, fewer have the same length and
    threads wait for each other more often, so that documents take 1.03 times as long."""

    def __init__(self, folder: Path, name: str, fingerprint: str, *, mapped: bool = False) -> None:
        """Load what queries need; what documents need besides is loaded with the first of them.

        Args:
            folder: Graph, tokenizer and text configuration, whose hashes were checked.
            name: How the user calls the model.
            fingerprint: Of the model that was exported.
            mapped: Whether the weights may be mapped. That opens the default model in 0.11
                instead of 0.26 s of processor time, and takes 60 MB less; but where its file
                is overwritten or cut meanwhile, the system ends the process (SIGBUS). For
                processes that answer once, and for builds.

        Raises:
            ModelError: They cannot be read; the message names the cure.
            UsageError: `RFTSEARCH_THREADS` is not a number of threads.
        """
        count = threads()
        self.folder = folder
        self.name = name
        self.fingerprint = fingerprint
        try:
            self._config = TextConfig.open(folder / TEXT_CONFIG)
            self._queries = self._tokenizer(self._config.query.max_tokens)
            self._sessions = Sessions(folder / GRAPH, count, mapped=mapped)
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own.
            raise _unloadable(name) from error
        self._documents: tuple[Tokenizer, Tokenizer] | None = None
        self._lock = threading.Lock()

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._config.dimension

    @property
    def stamps(self) -> FileStamps:
        """Return nothing: the index itself checks these files."""
        return {}

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed queries, with the model's own query prompt: (n, dimension) float32, unit rows."""
        return self._encode(readable(texts), self._queries, self._config.query.prompt)

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed documents, with the model's own prompt: (n, dimension) float32, unit rows."""
        _, clipped = self._document_tokenizers()
        pieces = self._windows(texts)
        every = [piece for cut in pieces for piece in cut]
        vectors = self._encode(every, clipped, self._config.document.prompt)
        return mean_of_windows(vectors, [len(cut) for cut in pieces])

    def exceeds_limit(self, texts: Sequence[str]) -> BoolArray:
        """Return which texts have more tokens than the model reads at once, (n,) bool."""
        return np.fromiter((len(cut) > 1 for cut in self._windows(texts)), np.bool_, len(texts))

    def _windows(self, texts: Sequence[str]) -> list[list[str]]:
        max_tokens = self._config.max_document_tokens
        if max_tokens is None:
            return [[text] for text in readable(texts)]
        whole, _ = self._document_tokenizers()
        texts = readable(texts)
        encodings = whole.encode_batch(texts, add_special_tokens=False)
        return windows(texts, [encoding.offsets for encoding in encodings], max_tokens)

    def _encode(self, texts: Sequence[str], tokenizer: Tokenizer, prompt: str) -> FloatArray:
        # For one text the tokenizer wakes no threads.
        encodings = (
            [tokenizer.encode(prompt + texts[0])]
            if len(texts) == 1
            else tokenizer.encode_batch([prompt + text for text in texts])
        )
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        batches = list(batches_of_one_length([len(encoding.ids) for encoding in encodings]))
        for rows, found in zip(batches, self._run_each(batches, encodings), strict=True):
            vectors[rows] = found
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self.name} gave a vector that is not finite; use another model")
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)

    def _run_each(
        self, batches: Sequence[Sequence[int]], encodings: Sequence[Encoding]
    ) -> Iterator[FloatArray]:
        """Yield the vectors of each batch, in the order of the batches."""

        def feed(rows: Sequence[int]) -> dict[str, IntArray]:
            return self._feed([encodings[row] for row in rows])

        try:
            for vectors in self._sessions.each(VECTOR, batches, feed):
                yield vectors[:, : self.dimension]
        except GraphError as error:  # A second session is opened when it is needed.
            raise _unloadable(self.name) from error

    def _feed(self, encodings: Sequence[Encoding]) -> dict[str, IntArray]:
        return {
            name: np.array([getattr(one, _COLUMNS[name]) for one in encodings], np.int64)
            for name in self._config.inputs
        }

    def _document_tokenizers(self) -> tuple[Tokenizer, Tokenizer]:
        """Return a tokenizer for whole documents, and one that reads as much as the model."""
        with self._lock:
            if self._documents is None:
                limit = self._config.document.max_tokens
                self._documents = (self._tokenizer(None), self._tokenizer(limit))
            return self._documents

    def _tokenizer(self, limit: int | None) -> Tokenizer:
        from tokenizers import Tokenizer  # noqa: PLC0415 - only where words are encoded

        tokenizer = Tokenizer.from_file(str(self.folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        if limit is not None:
            tokenizer.enable_truncation(limit, direction=self._config.truncation_side)
        return tokenizer


def _unloadable(name: str) -> ModelError:
    return ModelError(
        f"the exported form of {name} cannot be loaded; `rftsearch build --repair` makes it again"
    )


def batches_of_one_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Put rows of one length together: no row is padded, so no vector depends on another row.

    The longest come first: threads that share the batches then end together. A row
    without any token is left out.
    """
    read = [row for row, length in enumerate(lengths) if length]
    read.sort(key=lengths.__getitem__, reverse=True)
    for length, group in groupby(read, lengths.__getitem__):
        rows, together = list(group), max(1, BATCH_TOKENS // length)
        for start in range(0, len(rows), together):
            yield rows[start : start + together]
