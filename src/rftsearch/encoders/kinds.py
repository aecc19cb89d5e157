"""Kinds of embedding models: how each is recognized by its name, opened, and kept in an index.

Beside its vectors an index keeps an export of its model: files from which queries are
encoded without the library that the model came with. What opens and runs a model is
imported when one of its kind is met: a question needs one kind only.

To add a kind, derive a class from `ModelKind` and give an instance to `register_kind`;
builds, engines, `rftsearch status` and repairs find it here, and no other module has to
change.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rftsearch.encoders.base import Encoder, FileStamps
from rftsearch.encoders.model_files import STATIC, STATIC_SETTINGS, full_name, is_static
from rftsearch.encoders.onnx_encoder import GRAPH, OnnxEncoder
from rftsearch.errors import ModelError
from rftsearch.types import Progress

if TYPE_CHECKING:
    from rftsearch.papers.documents import Texts

__all__ = [
    "Corpus",
    "ModelKind",
    "kind_of_encoder",
    "kind_of_export",
    "kind_of_name",
    "register_kind",
]

GROWN = 4
"""A new static model is made once the collection is this many times what the old one knew."""
MANY_TEXTS = 2000
"""From this many texts on, looking for an accelerator is worth the import of torch."""


@dataclass(frozen=True)
class Corpus:
    """The collection that is about to be embedded, for kinds that make a model from it."""

    papers: int
    """How many papers it has."""
    sample: Callable[[int], Iterable[Texts]]
    """Returns the texts of this many of them."""
    progress: Progress
    """Called with the stage `learn` while a model is made."""


class ModelKind(ABC):
    """One kind of embedding model."""

    runs_on: ClassVar[str]
    """What encodes queries, as `rftsearch status` shows it."""
    export_runs_on: ClassVar[str]
    """What encodes queries from the export."""
    without_export: ClassVar[str]
    """What follows if there is no export, as a clause for the user."""
    slow_to_open: ClassVar[bool] = False
    """Whether opening the export takes long enough to begin it while the index is opened."""
    slow_to_export: ClassVar[bool] = False
    """Whether exporting takes seconds: then a model that was refused once is not tried again."""

    @abstractmethod
    def detects(self, name: str) -> bool:
        """Return whether this name, as a user gives it, means a model of this kind."""

    @abstractmethod
    def owns(self, encoder: Encoder) -> bool:
        """Return whether `open`, `reopen` or `open_export` of this kind made the encoder."""

    @abstractmethod
    def open(self, name: str, corpus: Corpus) -> Encoder:
        """Open the model that a build embeds with, or make it from the corpus.

        Raises:
            ModelError: It cannot be found or made.
        """

    @abstractmethod
    def reopen(self, name: str, fingerprint: str, stamps: FileStamps) -> Encoder:
        """Open the model that an index was built with, without what the index keeps of it.

        Args:
            name: As the index has it.
            fingerprint: Of the model. What is returned may have another: the caller compares.
            stamps: Of its files when the fingerprint was computed; empty: compute it again.

        Raises:
            ModelError: It cannot be found.
        """

    def continues(
        self, export: Path, name: str, fingerprint: str, papers: int | None
    ) -> Encoder | None:
        """Open the export to embed more papers with it; None: open the model by its name.

        Args:
            export: The folder in the index.
            name: The model's.
            fingerprint: The model's.
            papers: How many papers the collection has now; None: they do not matter.

        Raises:
            ModelError: The export cannot be read; it is then made again.
        """
        del export, name, fingerprint, papers
        return None

    @abstractmethod
    def export(self, encoder: Encoder, folder: Path) -> None:
        """Write what an index keeps of a model into an empty folder.

        Raises:
            NotExportableError: The model cannot be exported.
            ModelError: The model cannot be found or loaded.
            OSError: The files cannot be written.
        """

    @abstractmethod
    def detects_export(self, files: Collection[str]) -> bool:
        """Return whether files of these names are an export of this kind."""

    @abstractmethod
    def open_export(
        self, folder: Path, name: str, fingerprint: str, *, mapped: bool = False
    ) -> Encoder:
        """Open an export whose hashes were checked.

        Args:
            folder: Where it is.
            name: The model's.
            fingerprint: The model's.
            mapped: Whether its files may be mapped: see `OnnxEncoder`.

        Raises:
            ModelError: It cannot be read.
        """

    def for_documents(self, encoder: Encoder, export: Path, texts: int) -> Encoder:
        """Return what embeds this many documents soonest: the encoder, or its export."""
        del export, texts
        return encoder


class StaticKind(ModelKind):
    """Tables of word vectors that are made from the collection itself."""

    runs_on = export_runs_on = "a table of words"
    without_export = "questions in words cannot be answered"

    def detects(self, name: str) -> bool:
        """Return whether it is `static`, or the folder of a static model."""
        return name == STATIC or is_static(Path(name).expanduser())

    def owns(self, encoder: Encoder) -> bool:
        """Return whether it is a static model."""
        from rftsearch.encoders.static_encoder import StaticEncoder

        return isinstance(encoder, StaticEncoder)

    def open(self, name: str, corpus: Corpus) -> Encoder:
        """Open a folder, or make the model of the corpus."""
        if name != STATIC:
            from rftsearch.encoders.static_encoder import StaticEncoder

            return StaticEncoder(Path(name).expanduser(), full_name(name))
        from rftsearch.encoders.learning.recipe import Recipe
        from rftsearch.encoders.static_cache import made_static

        sample = corpus.sample(Recipe().papers)
        return made_static(sample, corpus.progress, total=corpus.papers)

    def reopen(self, name: str, fingerprint: str, stamps: FileStamps) -> Encoder:
        """Find the model in the cache, or in its folder."""
        from rftsearch.encoders.static_cache import find_static
        from rftsearch.encoders.static_encoder import StaticEncoder

        del stamps
        folder = find_static(name, fingerprint)
        if folder is None:
            raise ModelError(
                "the static model of this index is lost; `rftsearch build --model static` "
                "makes another, and embeds every text with it"
            )
        return StaticEncoder(folder, name, fingerprint)

    def continues(
        self, export: Path, name: str, fingerprint: str, papers: int | None
    ) -> Encoder | None:
        """Go on with the table, unless the collection has outgrown it."""
        from rftsearch.encoders.static_encoder import MADE_FROM, StaticEncoder

        if name != STATIC and self.detects(name):
            return None  # The user's folder is still there, perhaps with another table.
        own = StaticEncoder(export, name, fingerprint)
        outgrown = papers is not None and papers > GROWN * own.settings[MADE_FROM]
        return None if outgrown and name == STATIC else own

    def export(self, encoder: Encoder, folder: Path) -> None:
        """Copy the model's files."""
        from rftsearch.encoders.static_encoder import StaticEncoder, copy_static

        assert isinstance(encoder, StaticEncoder)  # noqa: S101 - `owns` said so
        copy_static(encoder.folder, folder)

    def detects_export(self, files: Collection[str]) -> bool:
        """Return whether the settings of a static model are among them."""
        return STATIC_SETTINGS in files

    def open_export(
        self, folder: Path, name: str, fingerprint: str, *, mapped: bool = False
    ) -> Encoder:
        """Load the table, which is read in any case."""
        from rftsearch.encoders.static_encoder import StaticEncoder

        del mapped
        return StaticEncoder(folder, name, fingerprint)


class SentenceTransformerKind(ModelKind):
    """Models of sentence-transformers, exported for onnxruntime if they can be."""

    runs_on = "sentence-transformers"
    export_runs_on = "onnxruntime"
    without_export = "sentence-transformers encodes queries, which takes seconds to load"
    slow_to_open = True
    slow_to_export = True

    def detects(self, name: str) -> bool:
        """Return True: whatever no other kind knows is an id or a path of such a model."""
        del name
        return True

    def owns(self, encoder: Encoder) -> bool:
        """Return whether sentence-transformers runs it."""
        from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder

        return isinstance(encoder, SentenceTransformerEncoder)

    def open(self, name: str, corpus: Corpus) -> Encoder:
        """Name the model; it is loaded when the first text is encoded."""
        from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder

        del corpus
        return SentenceTransformerEncoder(name)

    def reopen(self, name: str, fingerprint: str, stamps: FileStamps) -> Encoder:
        """Name the model; its files are hashed if they changed since."""
        from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder

        return SentenceTransformerEncoder(name, known=(fingerprint, stamps))

    def export(self, encoder: Encoder, folder: Path) -> None:
        """Write the model as a graph that onnxruntime runs."""
        from rftsearch.encoders.onnx_export import export_model
        from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder

        assert isinstance(encoder, SentenceTransformerEncoder)  # noqa: S101 - `owns` said so
        export_model(encoder, folder)

    def detects_export(self, files: Collection[str]) -> bool:
        """Return whether a graph is among them."""
        return GRAPH in files

    def open_export(
        self, folder: Path, name: str, fingerprint: str, *, mapped: bool = False
    ) -> Encoder:
        """Load the graph."""
        return OnnxEncoder(folder, name, fingerprint, mapped=mapped)

    def for_documents(self, encoder: Encoder, export: Path, texts: int) -> Encoder:
        """Return the export, unless there are many documents and a GPU."""
        from rftsearch.encoders.torch_encoder import accelerated

        if texts >= MANY_TEXTS and accelerated():
            return encoder
        return OnnxEncoder(export, encoder.name, encoder.fingerprint, mapped=True)


_KINDS: list[ModelKind] = [StaticKind(), SentenceTransformerKind()]
"""The first that detects a name has it; the last takes every name."""


def register_kind(kind: ModelKind) -> Callable[[], None]:
    """Add a kind of model; it is asked before those that are there.

    Returns:
        A function that takes it out again.
    """
    _KINDS.insert(0, kind)
    return lambda: _KINDS.remove(kind)


def kind_of_name(name: str) -> ModelKind:
    """Return the kind of the model that a user names so."""
    return next(kind for kind in _KINDS if kind.detects(name))


def kind_of_encoder(encoder: Encoder) -> ModelKind | None:
    """Return the kind of an encoder; None if a program brought one of its own."""
    return next((kind for kind in _KINDS if kind.owns(encoder)), None)


def kind_of_export(files: Collection[str]) -> ModelKind | None:
    """Return the kind of an export by the names of its files; None if none knows them."""
    return next((kind for kind in _KINDS if kind.detects_export(files)), None)
