from __future__ import annotations

import json

import pytest

from rftsearch.index import onnx_export
from rftsearch.index.light import GRAPH, READING, TOKENIZER
from rftsearch.index.onnx_export import NotExportableError, export_model
from rftsearch.index.sentence_encoder import SentenceTransformerEncoder
from support.tiny_transformer import save_tiny_transformer


def refused(model, folder) -> str:
    folder.mkdir()
    with pytest.raises(NotExportableError) as reason:
        export_model(SentenceTransformerEncoder(str(model)), folder)
    assert "\n" not in str(reason.value)
    return str(reason.value)


def test_what_is_written(minilm):
    names = {path.name for path in minilm.light.folder.iterdir()}
    assert names == {GRAPH, f"{GRAPH}.data", TOKENIZER, READING}
    assert b"site-packages" not in (minilm.light.folder / GRAPH).read_bytes()


def test_a_static_model_is_none(tiny_model, tmp_path):
    assert "no transformer but a StaticEmbedding" in refused(tiny_model, tmp_path / "x")


def test_code_of_its_own_is_not_run(tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    (model / "modules.json").write_text(json.dumps([{"type": "custom_st.Transformer"}]))
    assert "custom_st.Transformer is code of its own" in refused(model, tmp_path / "x")


def test_a_pooling_that_leaves_the_prompt_out(tmp_path):
    model = save_tiny_transformer(tmp_path / "model", include_prompt=False)
    assert "leaves the prompt out" in refused(model, tmp_path / "x")


def test_a_model_that_cannot_be_loaded(tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    (model / "config.json").write_text("{}")
    assert "cannot load" in refused(model, tmp_path / "x")


def test_an_export_that_fails_says_why(monkeypatch, tmp_path):
    def fail(*_: object) -> None:
        raise RuntimeError("no such operator\nand a long story")

    monkeypatch.setattr(onnx_export, "_export", fail)
    model = save_tiny_transformer(tmp_path / "model")
    assert refused(model, tmp_path / "x") == "its export failed: no such operator"


def test_a_graph_that_gives_other_vectors_does_not_count(causal):
    model = onnx_export.load_model(causal.original.folder, "m", device="cpu")
    onnx_export._compare(model, causal.original, causal.light.folder)
    model.prompts["query"] = "robot "  # As a reading would be that was taken down wrongly.
    with pytest.raises(NotExportableError, match="gives other vectors"):
        onnx_export._compare(model, causal.original, causal.light.folder)
