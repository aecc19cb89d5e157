"""Embedding models as sentence-transformers runs them: any model, at the price of torch.

The libraries are imported when the first text is encoded: a build that finds
every embedding in the store, and a search for papers like a known one, never
load them.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from rftsearch.encoders.adapter.low_rank import LowRankAdapter
from rftsearch.encoders.adapter.word_table import WordTable
from rftsearch.encoders.base import FileStamps
from rftsearch.encoders.chunking import mean_of_windows, readable, windows
from rftsearch.encoders.model_files import (
    DEFAULT_MODEL,
    ModelFiles,
    find_files,
    first_line,
    full_name,
)
from rftsearch.encoders.text_config import SideConfig, TextConfig
from rftsearch.errors import ModelError
from rftsearch.settings import threads
from rftsearch.types import BoolArray, FloatArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "SentenceTransformerEncoder",
    "accelerated",
    "load_model",
    "quiet_loading",
    "text_config_of",
]

MODEL_BATCH = 32
"""Windows of documents that the model computes at once."""


class SentenceTransformerEncoder:
    """A model run by sentence-transformers, loaded when first needed.

    Several threads may share one; they take turns.
    """

    batch_size = 16
    """Documents between two visits of a build to the store: a second's work at most."""

    def __init__(
        self,
        name: str = DEFAULT_MODEL,
        *,
        known: tuple[str, FileStamps] | None = None,
    ) -> None:
        """Name a model; nothing is read yet.

        Args:
            name: `rftsearch-minilm` or `all-MiniLM-L6-v2` (installed with rftsearch),
                the path of a model's folder, or an id on the model hub.
            known: Fingerprint and stamps noted when the model was last hashed.
                If the stamps still hold, its files are not hashed again.
        """
        self.name = full_name(name)
        self._known = known
        self._lock = threading.RLock()
        self._files: ModelFiles | None = None
        self._fingerprint: str | None = None
        self._model: SentenceTransformer | None = None
        self._max_document_tokens: int | None = None

    @classmethod
    def of(cls, model: SentenceTransformer, named: SentenceTransformerEncoder) -> Self:
        """Return an encoder that runs a loaded model under the name of another encoder."""
        encoder = cls(named.name)
        encoder._model = model
        encoder._max_document_tokens = _max_document_tokens(model)
        return encoder

    @property
    def dimension(self) -> int:
        """Return the length of a vector. Loads the model."""
        size = self._load().get_embedding_dimension()
        if size is None:
            raise ModelError(
                f"{self.name} does not say how long its vectors are; use another model"
            )
        return int(size)

    @property
    def stamps(self) -> FileStamps:
        """Return sizes and times of the model's files."""
        return self._locate().stamps()

    @property
    def files(self) -> ModelFiles:
        """Return where the model lies.

        Raises:
            ModelError: The model cannot be found.
        """
        return self._locate()

    @property
    def fingerprint(self) -> str:
        """Return the hex digest over the model's files. Loads nothing.

        Raises:
            ModelError: The model cannot be found, or the default model's weights
                are not those of the official release.
        """
        with self._lock:
            if self._fingerprint is None:
                self._fingerprint = self._locate().identify(self.name, self._known)
            return self._fingerprint

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed queries, with the model's own query prompt: (n, dimension) float32, unit rows."""
        model = self._load()
        with self._lock:
            vectors = model.encode_query(
                readable(texts),
                batch_size=MODEL_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return self._checked(vectors, len(texts))

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed documents, with the model's own prompt: (n, dimension) float32, unit rows."""
        model = self._load()
        pieces = self._windows(texts)
        with self._lock:
            vectors = model.encode_document(
                [piece for windows in pieces for piece in windows],
                batch_size=MODEL_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return mean_of_windows(
            self._checked(vectors, sum(map(len, pieces))), [len(windows) for windows in pieces]
        )

    def exceeds_limit(self, texts: Sequence[str]) -> BoolArray:
        """Return which texts have more tokens than the model reads at once, (n,) bool."""
        return np.fromiter((len(w) > 1 for w in self._windows(texts)), np.bool_, len(texts))

    def _windows(self, texts: Sequence[str]) -> list[list[str]]:
        model = self._load()
        texts = readable(texts)
        max_tokens = self._max_document_tokens
        if not texts or max_tokens is None or not getattr(model.tokenizer, "is_fast", False):
            return [[text] for text in texts]  # A static model reads everything.
        tokens = model.tokenizer(
            texts,
            add_special_tokens=False,
            truncation=False,
            return_offsets_mapping=True,
            verbose=False,
        )
        return windows(texts, tokens["offset_mapping"], max_tokens)

    def _checked(self, vectors: object, count: int) -> FloatArray:
        if count == 0:
            return np.empty((0, self.dimension), dtype=np.float32)
        array = np.ascontiguousarray(vectors, dtype=np.float32).reshape(count, -1)
        if not np.isfinite(array).all():
            raise ModelError(f"{self.name} gave a vector that is not finite; use another model")
        return array

    def _locate(self) -> ModelFiles:
        with self._lock:
            if self._files is None:
                self._files = find_files(self.name)
                if not self._files.names():
                    raise ModelError(f"{self._files.folder} holds no embedding model")
            return self._files

    def _load(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                # The fingerprint first: weights that are not those of the release are not run.
                _ = self.fingerprint
                model = load_model(self._locate(), self.name)
                self._max_document_tokens = _max_document_tokens(model)
                self._model = model
            return self._model


def load_model(
    files: ModelFiles, name: str, *, device: str | None = None, attention: str | None = None
) -> SentenceTransformer:
    """Load a model for computing in single precision, whatever precision it is stored in.

    Args:
        files: Where it is. The update of its adapter is added to its weights, and the sums of
            its table of words to its vectors.
        name: How the user calls it.
        device: Where to compute; None for the fastest device.
        attention: Which implementation of attention to use; None for the model's own.

    Raises:
        ModelError: It cannot be loaded.
    """
    import torch  # noqa: PLC0415 - costs seconds
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - costs seconds

    torch.set_num_threads(threads())
    options: dict[str, object] = {"dtype": torch.float32}
    if attention is not None:
        options["attn_implementation"] = attention
    try:
        with quiet_loading():
            model = SentenceTransformer(
                str(files.folder), device=device, model_kwargs=options, local_files_only=True
            )
    except Exception as error:  # Whatever a foreign model folder provokes.
        raise ModelError(
            f"cannot load the embedding model {name}: {first_line(error)}; "
            "give --model another id or the path of a sentence-transformers model"
        ) from error
    if files.adapter is not None:
        _adapt(model, LowRankAdapter.read(files.adapter))
    if files.words is not None:
        from rftsearch.encoders.adapter.word_sums import WordSums  # noqa: PLC0415 - loads torch

        words = WordTable.read(files.words)
        model.append(WordSums(words, len(model.tokenizer)).to(model.device))
    return model


def _adapt(model: SentenceTransformer, adapter: LowRankAdapter) -> None:
    """Add the updates of an adapter to the weights of a model."""
    import torch  # noqa: PLC0415 - costs seconds

    with torch.no_grad():
        for name, update in adapter.updates():
            weights = model[0].auto_model.get_submodule(name).weight
            weights += torch.from_numpy(update).to(weights.device)


def text_config_of(model: SentenceTransformer, inputs: Sequence[str]) -> TextConfig:
    """Return how a transformer model reads texts, by its own configuration.

    Args:
        model: A model with a fast tokenizer.
        inputs: What its transformer takes.
    """
    tokenizer = model.tokenizer
    kinds = ("query",), ("document", "passage", "corpus")
    query, document = (
        SideConfig(_prompt(model, names), _limit(model, f"{names[0]}_length")) for names in kinds
    )
    return TextConfig(
        dimension=int(model.get_embedding_dimension() or 0),
        inputs=tuple(inputs),
        query=query,
        document=document,
        max_document_tokens=_max_document_tokens(model),
        truncation_side=tokenizer.truncation_side,
    )


def _prompt(model: SentenceTransformer, names: Sequence[str]) -> str:
    """The prompt that sentence-transformers takes for such texts."""
    found = next((name for name in names if name in model.prompts), model.default_prompt_name)
    return str(model.prompts.get(found) or "") if found else ""


def _limit(model: SentenceTransformer, task: str) -> int | None:
    """How many tokens the model reads at once; None if nothing limits it."""
    limit = getattr(model[0], task, None) or getattr(model, "max_seq_length", None)
    # A tokenizer without a limit names a number beyond all bounds.
    return int(limit) if limit and limit < _BOUNDLESS else None


_BOUNDLESS = 10**9


def _max_document_tokens(model: SentenceTransformer) -> int | None:
    """How many tokens of a document itself are read beside prompt and special tokens."""
    limit = _limit(model, "document_length")
    if limit is None:
        return None
    tokenizer = model.tokenizer
    prompt = _prompt(model, ("document", "passage", "corpus"))
    taken = len(tokenizer(prompt, add_special_tokens=False)["input_ids"]) if prompt else 0
    return max(1, limit - taken - int(tokenizer.num_special_tokens_to_add()))


_DEVICES = ("nvidiactl", "dxg", "kfd", "dri", "accel")
"""In `/dev` of Linux, the accelerators that builds of torch know: NVIDIA's, the same under
Windows, AMD's, Intel's and others."""


def accelerated() -> bool:
    """Return whether torch finds a GPU or another accelerator.

    Where there is plainly none, torch is not loaded to be asked.
    """
    devices = Path("/dev")
    if sys.platform == "linux" and not any((devices / name).exists() for name in _DEVICES):
        return False
    if version("torch").endswith("+cpu"):
        return False
    import torch  # noqa: PLC0415 - costs seconds

    return bool(torch.accelerator.is_available())


@contextmanager
def quiet_loading() -> Iterator[None]:
    """Hide the progress bar of transformers: it counts tensors, which says nothing to a user."""
    from transformers.utils import logging  # noqa: PLC0415 - costs seconds

    bar_was_on = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # theirs
    try:
        yield
    finally:
        if bar_was_on:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # theirs
