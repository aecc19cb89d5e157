"""An exported model lies in the index whole, is shared, and goes when nobody needs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rftsearch.encoders import kinds, torch_encoder
from rftsearch.encoders.onnx_encoder import GRAPH, OnnxEncoder
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from rftsearch.errors import IndexDamagedError, ModelError
from rftsearch.index.build.build import build_index
from rftsearch.index.build.repair import repair_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.models import document_encoder, open_encoder
from rftsearch.index.generations.preload import preloading
from rftsearch.index.generations.status import read_status
from rftsearch.index.generations.verify import verify_index
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.exported import copy_exports
from support.library import LIST, write_list
from support.paths import TESTS


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return write_list(tmp_path)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(autouse=True)
def exports(monkeypatch, causal, four_poolings) -> list[str]:
    return copy_exports(monkeypatch, causal, four_poolings)


def build(index, lists, both, **options):
    return build_index(index, [lists], model=both.original.name, offline=True, **options)


def models(index: Path) -> list[str]:
    folder = index / "models"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def no_original(monkeypatch) -> None:
    """As on a machine where sentence-transformers must not be loaded."""

    def load(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("rftsearch.encoders.torch_encoder.load_model", load)


class TestKeeping:
    def test_documents_and_queries_are_encoded_by_it(self, index, lists, causal, monkeypatch):
        no_original(monkeypatch)
        report = build(index, lists, causal)
        assert report.encoded == 6
        assert report.notes[0].startswith("4 abstracts not fetched yet")
        assert models(index) == [report.manifest.export.folder]
        verify_index(index)
        assert read_status(index).encoded_by == "onnxruntime"
        with Engine.open(index) as engine:
            assert len(engine.search("counting people in a crowd", k=3)) == 3
            assert len(engine.similar_to_text("crowd " * 100, k=3)) == 3

    def test_both_forms_answer_alike(self, index, lists, causal):
        build(index, lists, causal)
        with Engine.open(index) as light, Engine.open(index, encoder=causal.original) as original:
            for query in ("count the crowd", "video", "reward for a robot"):
                ours, theirs = light.search(query), original.search(query)
                assert [hit.paper.id for hit in ours] == [hit.paper.id for hit in theirs]
                np.testing.assert_allclose(
                    [hit.score for hit in ours], [hit.score for hit in theirs], atol=1e-5
                )

    def test_generations_share_it(self, index, lists, causal, exports):
        for text in (LIST, LIST.partition("## Audio")[0], LIST):
            lists.write_text(text, "utf-8")
            build(index, lists, causal)
        assert exports == [causal.original.name]
        assert len(models(index)) == 1

    def test_it_goes_with_the_last_generation_that_names_it(
        self, index, lists, causal, four_poolings
    ):
        first = build(index, lists, causal).manifest.export.folder
        second = build(index, lists, four_poolings).manifest.export.folder
        assert models(index) == sorted([first, second]), "the generation before may answer still"
        build(index, lists, four_poolings)
        assert models(index) == [second]
        for _ in range(2):
            build_index(index, [lists], encoder=WordEncoder(), offline=True)
        assert models(index) == []
        assert not (index / "models").exists()

    def test_a_lost_manifest_does_not_cost_an_export(self, index, lists, causal, exports):
        build(index, lists, causal)
        (index / "manifest.json").write_text("{")
        build_index(index, [lists], offline=True)
        assert len(exports) == 1

    def test_a_running_engine_outlives_two_builds_with_another_model(
        self, index, lists, causal, four_poolings
    ):
        build(index, lists, causal)
        with Engine.open(index) as engine:
            for _ in range(2):
                build(index, lists, four_poolings)
            assert len(engine.search("crowd", k=2)) == 2

    def test_an_index_from_before_says_how_to_get_one(self, index, lists, tiny_model, monkeypatch):
        monkeypatch.setattr("rftsearch.index.build.publish.export_for", lambda *_: None)
        build_index(index, [lists], model=str(tiny_model), offline=True)
        assert read_status(index).encoded_by == "sentence-transformers"
        assert read_status(index).no_export_reason == "`rftsearch build` exports the model"
        with Engine.open(index) as engine:
            assert engine.search("crowd", k=1)[0].paper.short_name == "CrowdSeer"


class TestWithout:
    def test_a_model_that_cannot_be_exported_says_so_and_answers(
        self, index, lists, tiny_model, monkeypatch
    ):
        monkeypatch.undo()
        report = build_index(index, [lists], model=str(tiny_model), offline=True)
        [note] = [note for note in report.notes if "not exported" in note]
        assert "not a transformer but a StaticEmbedding; sentence-transformers encodes" in note
        status = read_status(index)
        assert status.encoded_by == "sentence-transformers"
        assert status.no_export_reason == "it is not a transformer but a StaticEmbedding"
        assert models(index) == []
        with Engine.open(index) as engine:
            results = engine.search("crowd", k=1)
            assert results[0].paper.short_name == "CrowdSeer"
            assert note not in results.notes, "it is said once"

    def test_an_encoder_of_a_program_has_none(self, index, lists):
        report = build_index(index, [lists], encoder=WordEncoder(), offline=True)
        assert report.manifest.export is None
        assert read_status(index).encoded_by == ""
        assert read_status(index).no_export_reason == ""


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)


class TestDamage:
    @pytest.fixture(autouse=True)
    def _built(self, index, lists, causal):
        build(index, lists, causal)

    @pytest.fixture
    def graph(self, index) -> Path:
        return index / "models" / models(index)[0] / GRAPH

    def test_is_refused_and_repaired(self, index, graph, exports):
        damage(graph)
        with Engine.open(index) as engine:
            assert engine.similar("CrowdSeer"), "what needs no model answers"
            with pytest.raises(IndexDamagedError, match=rf"{GRAPH} is damaged: .*--repair"):
                engine.search("crowd")
        with pytest.raises(IndexDamagedError):
            verify_index(index)
        repair_index(index)
        verify_index(index)
        assert len(exports) == 2
        with Engine.open(index) as engine:
            assert engine.search("crowd")

    def test_is_mended_by_the_next_build(self, index, lists, causal, graph):
        graph.unlink()
        build(index, lists, causal)
        verify_index(index)

    def test_without_the_model_a_repair_says_so(self, index, graph, monkeypatch):
        def nowhere(_: object) -> str:
            raise ModelError("there is no model folder m; give the path of one")

        damage(graph)
        monkeypatch.setattr(SentenceTransformerEncoder, "fingerprint", property(nowhere))
        manifest = repair_index(index).manifest
        assert "no model folder" in manifest.export.no_export_reason
        verify_index(index)
        assert "no model folder" in read_status(index).no_export_reason
        assert models(index) == []

    def test_a_repair_takes_no_other_model_for_it(self, index, graph, monkeypatch):
        damage(graph)
        monkeypatch.setattr(SentenceTransformerEncoder, "fingerprint", "other")
        assert "is another one" in repair_index(index).manifest.export.no_export_reason

    def test_a_repair_of_something_else_leaves_it_alone(self, index, exports, monkeypatch):
        (index / "manifest.json").write_text("{")
        no_original(monkeypatch)
        repair_index(index)
        verify_index(index)
        assert len(exports) == 1

    def test_a_process_that_answers_once_does_not_hash_large_files(self, index, monkeypatch):
        def answer_once() -> OnnxEncoder:
            with preloading(index):
                return open_encoder(index, Manifest.read(index))

        answer_once()

        def hashed(*_: object) -> str:
            raise AssertionError

        monkeypatch.setattr("rftsearch.files.ALWAYS_HASHED", 0)
        monkeypatch.setattr("rftsearch.files._sha256", hashed)
        assert isinstance(answer_once(), OnnxEncoder)
        with pytest.raises(AssertionError):
            open_encoder(index, Manifest.read(index))
        (index / "models" / models(index)[0] / "verified.json").unlink()
        with pytest.raises(AssertionError):
            answer_once()

    def test_a_manifest_names_no_folder_elsewhere(self, index):
        path = index / "manifest.json"
        path.write_text(path.read_text().replace(f'"{models(index)[0]}"', '"../elsewhere"'))
        with pytest.raises(IndexDamagedError):
            Manifest.read(index)


@pytest.mark.parametrize("action", ["kill", "full"])
def test_a_build_that_dies_over_an_export_leaves_nothing_that_counts(index, lists, causal, action):
    build_index(index, [lists], encoder=WordEncoder(), offline=True)
    paths = [str(TESTS), str(TESTS.parent / "src")]
    script = [sys.executable, "-m", "support.child_build", str(index), str(lists)]
    done = subprocess.run(
        [*script, action, "exported", causal.original.name],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == (-9 if action == "kill" else 1)
    assert [name.partition("-")[0] for name in models(index)] == ["draft"] * (action == "kill")
    if action == "full":
        assert "IndexWriteError: cannot write the index" in done.stderr
    assert Manifest.read(index).export is None
    verify_index(index)
    build_index(index, [lists], encoder=WordEncoder(), offline=True)
    assert models(index) == []


def test_what_is_many_depends_on_an_accelerator(index, lists, causal, monkeypatch):
    export = build(index, lists, causal).manifest.export
    for fast in (True, False):
        monkeypatch.setattr(torch_encoder, "accelerated", lambda fast=fast: fast)
        few = document_encoder(index, export, causal.original, kinds.MANY_TEXTS - 1)
        many = document_encoder(index, export, causal.original, kinds.MANY_TEXTS)
        assert isinstance(few, OnnxEncoder)
        assert isinstance(many, SentenceTransformerEncoder if fast else OnnxEncoder)
