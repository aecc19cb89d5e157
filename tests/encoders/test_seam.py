"""A kind of model is added through `register_kind` alone: builds and engines find it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from rftsearch.encoders.base import Encoder, NotExportableError, check_encoder
from rftsearch.encoders.kinds import Corpus, ModelKind, kind_of_name, register_kind
from rftsearch.errors import IndexDamagedError, ModelError, ModelMismatchError
from rftsearch.index.build.build import build_index
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.update import update_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.models import open_encoder
from rftsearch.index.generations.preload import preloaded, preloading
from rftsearch.index.generations.status import read_status
from rftsearch.index.generations.verify import verify_index
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list


class LetterEncoder:
    """A text's vector counts its letters, from `a` to the last letter of the model's name."""

    batch_size = 2

    def __init__(self, name: str, seen: list[int] | None = None) -> None:
        self.name = name
        self.dimension = "abcdefghijklmnopqrstuvwxyz".index(name[-1]) + 2
        self.fingerprint = hashlib.sha256(name.encode()).hexdigest()
        self.stamps: dict[str, list[int]] = {}
        self.batches = [] if seen is None else seen

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            vector[:-1] = [text.lower().count(chr(97 + at)) for at in range(self.dimension - 1)]
            vector[-1] = 0 if vector.any() else 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
        self.batches.append(len(texts))
        return self.encode_queries(texts)

    def exceeds_limit(self, texts: Sequence[str]) -> np.ndarray:
        return np.zeros(len(texts), np.bool_)


class LetterKind(ModelKind):
    """Models that are named `letters:z`; what an index keeps of one is its last letter."""

    runs_on = "counting"
    export_runs_on = "counting letters"
    without_export = "letters cannot be counted"
    slow_to_open = True

    def __init__(self, *, exportable: bool = True) -> None:
        self.exportable = exportable
        self.batches: list[int] = []

    def detects(self, name: str) -> bool:
        return name.startswith("letters:")

    def owns(self, encoder: Encoder) -> bool:
        return isinstance(encoder, LetterEncoder)

    def open(self, name: str, corpus: Corpus) -> Encoder:
        assert corpus.papers == 6
        return LetterEncoder(name, self.batches)

    def reopen(self, name: str, fingerprint: str, stamps: object) -> Encoder:
        return LetterEncoder(name)

    def export(self, encoder: Encoder, folder: Path) -> None:
        if not self.exportable:
            raise NotExportableError("letters are shy")
        (folder / "letters.txt").write_text(encoder.name, "utf-8")

    def detects_export(self, files: Collection[str]) -> bool:
        return "letters.txt" in files

    def open_export(
        self, folder: Path, name: str, fingerprint: str, *, mapped: bool = False
    ) -> Encoder:
        return LetterEncoder((folder / "letters.txt").read_text("utf-8"))


@pytest.fixture(params=[True, False], ids=["exported", "not exported"])
def kind(request) -> Iterator[LetterKind]:
    kind = LetterKind(exportable=request.param)
    unregister = register_kind(kind)
    yield kind
    unregister()


@pytest.fixture
def index(kind, tmp_path) -> Path:
    sources, abstracts = [write_list(tmp_path)], write_abstracts(tmp_path)
    build_index(tmp_path / "index", sources, model="letters:z", abstracts=abstracts, offline=True)
    return tmp_path / "index"


def test_an_index_is_built_with_it_and_answers(kind, index):
    assert max(kind.batches) == LetterEncoder.batch_size
    manifest = Manifest.read(index)
    assert (manifest.model.name, manifest.model.dimension) == ("letters:z", 27)
    assert list(manifest.export.files) == (["letters.txt"] if kind.exportable else [])
    with Engine.open(index) as engine:
        assert engine.search("counting people in a crowd", k=1)[0].paper.short_name == "CrowdSeer"
    verify_index(index)


def test_status_says_what_encodes(kind, index):
    status = read_status(index)
    expected = ("counting letters", "") if kind.exportable else ("counting", "letters are shy")
    assert (status.encoded_by, status.no_export_reason) == expected


def test_a_later_build_goes_on_with_it(kind, index):
    with pytest.raises(ModelMismatchError):
        update_index(index, remove=["2502.00004"], encoder=WordEncoder())
    kind.batches.clear()
    update_index(index, [write_list(index.parent)], offline=True)
    assert kind.batches == []
    assert Manifest.read(index).generation == 2


def test_a_repair_makes_the_export_again(kind, index):
    manifest = Manifest.read(index)
    if kind.exportable:
        (index / "models" / manifest.export.folder / "letters.txt").write_text("letters:c")
        with pytest.raises(IndexDamagedError, match="--repair"):
            open_encoder(index, manifest)
    assert repair_index(index).manifest.export == manifest.export
    assert open_encoder(index, Manifest.read(index)).dimension == 27


def test_it_is_loaded_while_the_index_is_opened(kind, index):
    export = Manifest.read(index).export
    with preloading(index):
        assert isinstance(preloaded(export), LetterEncoder if kind.exportable else type(None))


@pytest.mark.parametrize("kind", [True], indirect=True, ids=["exported"])
def test_an_index_of_a_kind_that_is_not_there_says_so(kind, index):
    manifest = Manifest.read(index)
    kind.detects_export = lambda _: False
    with pytest.raises(ModelError, match="does not know; update it"):
        open_encoder(index, manifest)
    assert read_status(index).encoded_by == "a model of an unknown kind"


def test_every_other_name_is_a_model_of_sentence_transformers():
    assert kind_of_name("letters:z").runs_on == "sentence-transformers"


class TestAnEncoderOfAnEarlierVersion:
    """Before 0.2 an encoder had no `batch_size`, and `exceeds_limit` had another name."""

    def old(self) -> object:
        members = {
            name: value
            for name, value in vars(WordEncoder).items()
            if name not in ("batch_size", "exceeds_limit", "__dict__", "__weakref__")
        }
        return type("OldEncoder", (), members)()

    def test_is_refused_with_the_names_of_what_it_lacks(self, tmp_path):
        with pytest.raises(ModelError, match="OldEncoder lacks batch_size, exceeds_limit") as error:
            build_index(tmp_path / "i", [write_list(tmp_path)], encoder=self.old(), offline=True)
        assert "\n" not in str(error.value)

    def test_still_answers_questions(self, tmp_path):
        build_index(tmp_path / "i", [write_list(tmp_path)], encoder=WordEncoder(), offline=True)
        with Engine.open(tmp_path / "i", encoder=self.old()) as engine:
            assert engine.search("crowd", k=1)

    def test_members_may_be_set_when_it_is_made(self):
        encoder = self.old()
        vars(encoder).update(batch_size=1, exceeds_limit=len)
        check_encoder(encoder)
