"""The adapter is added to the weights of its base, and names a model of its own."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from rftsearch.encoders import model_files, torch_encoder
from rftsearch.encoders.adapter.low_rank import LowRankAdapter
from rftsearch.encoders.model_files import (
    ADAPTER,
    BASE_MODEL,
    DEFAULT_MODEL,
    ModelFiles,
    find_files,
)
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from rftsearch.errors import ModelError
from rftsearch.index.build.build import index_papers
from rftsearch.index.build.update import update_index
from rftsearch.search.engine import Engine
from support.exported import Both, copy_exports
from support.invented_papers import invented_paper
from support.tiny_transformer import save_tiny_transformer

LAYER = "encoder.layer.1.output.dense"
"""Of the tiny transformer: 48 numbers in, 32 out."""


def save_adapter(path: Path, *, share: str = "0.5", rank: int = 2) -> Path:
    draw = np.random.default_rng(rank)
    factors = {
        f"{LAYER}.down": draw.normal(size=(rank, 48)).astype(np.float16),
        f"{LAYER}.up": draw.normal(size=(32, rank)).astype(np.float16),
    }
    save_file(factors, path, {"base": "tiny", "share": share})
    return path


class TestFile:
    def test_an_update_is_the_share_of_the_product(self, tmp_path):
        adapter = LowRankAdapter.read(save_adapter(tmp_path / "a.safetensors"))
        [(layer, update)] = adapter.updates()
        up, down = adapter.factors[LAYER]
        assert layer == LAYER
        assert update.dtype == np.float32
        np.testing.assert_allclose(update, 0.5 * up @ down, rtol=1e-6)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda path: path.unlink(),
            lambda path: path.write_bytes(b"not an adapter"),
            lambda path: path.write_bytes(path.read_bytes()[:-7]),
            lambda path: save_file({"x": np.ones(3)}, path, {"base": "tiny", "share": "1"}),
            lambda path: save_file({"x.down": np.ones((2, 3))}, path, {"base": "b", "share": "1"}),
            lambda path: save_adapter(path, share="half"),
            lambda path: save_adapter(path, share="nan"),
        ],
    )
    def test_a_file_that_is_no_adapter_is_one_line(self, tmp_path, spoil):
        path = save_adapter(tmp_path / "a.safetensors")
        spoil(path)
        with pytest.raises(ModelError, match="reinstall rftsearch") as refused:
            LowRankAdapter.read(path)
        assert "\n" not in str(refused.value)


class TestShipped:
    def test_updates_every_linear_layer_of_the_base_in_two_megabytes(self):
        assert ADAPTER.stat().st_size < 2_000_000
        adapter = LowRankAdapter.read(ADAPTER)
        assert adapter.base == BASE_MODEL
        inner = ("attention.self.query", "attention.self.key", "attention.self.value")
        outer = ("attention.output.dense", "intermediate.dense", "output.dense")
        assert set(adapter.factors) == {
            f"encoder.layer.{number}.{name}" for number in range(6) for name in (*inner, *outer)
        }

    def test_has_its_card(self):
        card = (ADAPTER.parent / "README.md").read_text("utf-8")
        for part in ("## Data", "## Training", "## Results", "## Licence"):
            assert part in card

    def test_says_all_that_its_training_depends_on(self):
        with ADAPTER.open("rb") as file:
            [length] = struct.unpack("<Q", file.read(8))
            about = json.loads(file.read(length))["__metadata__"]
        assert {"base", "share", "recipe"} <= set(about)


class TestModel:
    @pytest.fixture
    def base(self, tmp_path) -> Path:
        return save_tiny_transformer(tmp_path / "base")

    @pytest.fixture
    def adapted(self, base, tmp_path, monkeypatch) -> SentenceTransformerEncoder:
        files = ModelFiles(base, save_adapter(tmp_path / "adapter.safetensors"))
        monkeypatch.setattr(torch_encoder, "find_files", lambda _: files)
        return SentenceTransformerEncoder("adapted")

    def test_runs_with_the_sum_of_the_weights(self, adapted, base):
        from rftsearch.encoders.torch_encoder import load_model

        [(_, update)] = LowRankAdapter.read(adapted.files.adapter).updates()
        plain = load_model(ModelFiles(base), "plain")
        before = plain[0].auto_model.get_submodule(LAYER).weight.detach().numpy().copy()
        after = load_model(adapted.files, "adapted")[0].auto_model.get_submodule(LAYER).weight
        np.testing.assert_allclose(after.detach().numpy(), before + update, atol=1e-6)

    def test_is_exported_as_it_runs(self, adapted, tmp_path):
        both = Both.of("adapted", tmp_path / "light")
        texts = ["count the crowd", "a robot"]
        ours = both.light.encode_documents(texts)
        np.testing.assert_allclose(ours, adapted.encode_documents(texts), atol=1e-5)

    def test_its_fingerprint_is_base_and_adapter(self, adapted, base):
        plain = ModelFiles(base).fingerprint()
        first = ModelFiles(base, adapted.files.adapter).fingerprint()
        save_adapter(adapted.files.adapter, rank=3)
        assert len({plain, first, ModelFiles(base, adapted.files.adapter).fingerprint()}) == 3

    def test_a_changed_adapter_is_hashed_again(self, adapted):
        known = (adapted.fingerprint, adapted.stamps)
        save_adapter(adapted.files.adapter, rank=3)
        assert SentenceTransformerEncoder("adapted", known=known).fingerprint != known[0]

    def test_a_missing_adapter_names_the_cure(self, monkeypatch, tmp_path):
        monkeypatch.setattr(model_files, "ADAPTER", tmp_path / "none")
        with pytest.raises(
            ModelError, match=rf"adapter\.safetensors.*reinstall.*--model {BASE_MODEL}"
        ):
            _ = SentenceTransformerEncoder(DEFAULT_MODEL).fingerprint


class TestNames:
    @pytest.mark.parametrize("name", ["minilm", "sentence-transformers/all-MiniLM-L6-v2"])
    def test_the_base_is_the_default_model_without_its_adapter(self, name):
        base = SentenceTransformerEncoder(name)
        default = SentenceTransformerEncoder(DEFAULT_MODEL)
        assert base.name == BASE_MODEL
        assert base.files == ModelFiles(default.files.folder)
        assert default.files == find_files(DEFAULT_MODEL)
        assert base.fingerprint != default.fingerprint

    def test_an_index_made_with_the_base_keeps_it(self, minilm, tmp_path, monkeypatch):
        base = SentenceTransformerEncoder("minilm")
        copy_exports(monkeypatch, Both(base, minilm.light))  # Which weights does not matter here.
        index = tmp_path / "index"
        papers = [invented_paper(number, "Video") for number in range(5)]
        first = index_papers(index, papers[:3], encoder="minilm").manifest.model
        assert (first.name, first.fingerprint) == (BASE_MODEL, base.fingerprint)
        update_index(index, add=papers[3:4])
        later = index_papers(index, papers[:5]).manifest.model
        assert (later.name, later.fingerprint) == (BASE_MODEL, base.fingerprint)
        with Engine.open(index) as engine:
            assert engine.search(papers[0].title, k=1)[0].paper.id == papers[0].id
