from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import onnx
import onnx_ir
import pytest
from onnxscript.rewriter.ort_fusions import attention

from rftsearch.encoders import onnx_export
from rftsearch.encoders.base import NotExportableError
from rftsearch.encoders.onnx_encoder import GRAPH, TEXT_CONFIG, TOKENIZER, OnnxEncoder
from rftsearch.encoders.onnx_export import export_by_torch, export_model
from rftsearch.encoders.onnx_fusion import without_masks
from rftsearch.encoders.text_config import SideConfig, TextConfig
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder, text_config_of
from support.tiny_transformer import save_tiny_transformer


@pytest.fixture(scope="module")
def graphs() -> dict[str, onnx_ir.Model]:
    return {}


@pytest.fixture
def exported_once(graphs, monkeypatch):
    """Export the tiny BERT once for all tests of what is done with its graph afterwards."""
    export = onnx_export._export

    def once(model, features) -> onnx_ir.Model:
        if "tiny" not in graphs:
            graphs["tiny"] = export(model, features)
        return graphs["tiny"]

    monkeypatch.setattr(onnx_export, "_export", once)


def refused(model, folder, export=export_model) -> str:
    folder.mkdir()
    with pytest.raises(NotExportableError) as reason:
        export(SentenceTransformerEncoder(str(model)), folder)
    assert "\n" not in str(reason.value)
    return str(reason.value)


@pytest.mark.parametrize("model", ["minilm", "minilm_by_torch"])
def test_what_is_written(request, model):
    folder = request.getfixturevalue(model).light.folder
    names = {path.name for path in folder.iterdir()}
    assert names == {GRAPH, f"{GRAPH}.data", TOKENIZER, TEXT_CONFIG}
    assert b"site-packages" not in (folder / GRAPH).read_bytes()


def test_a_static_model_is_not_exported(tiny_model, tmp_path):
    assert "not a transformer but a StaticEmbedding" in refused(tiny_model, tmp_path / "x")


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
    reason = refused(model, tmp_path / "x", export_by_torch)
    assert reason == "its export failed: no such operator"


@pytest.mark.usefixtures("exported_once")
def test_a_model_whose_export_gives_other_vectors_is_refused(monkeypatch, tmp_path):
    def wrong(*arguments: object) -> TextConfig:
        config = text_config_of(*arguments)
        return replace(config, query=SideConfig("robot ", config.query.max_tokens))

    monkeypatch.setattr(onnx_export, "text_config_of", wrong)
    model = save_tiny_transformer(tmp_path / "model")
    assert "its graph gives other vectors" in refused(model, tmp_path / "x", export_by_torch)


# --- attention as one step ---------------------------------------------------


def steps(folder) -> Counter:
    graph = onnx.load(folder / GRAPH, load_external_data=False).graph
    return Counter(node.op_type for node in graph.node)


def test_attention_is_put_together_and_its_weights_side_by_side(minilm_by_torch):
    found = steps(minilm_by_torch.light.folder)
    assert (found["Attention"], found["Softmax"], found["Transpose"]) == (6, 0, 0)
    assert (found["Where"], found["GatherND"]) == (0, 0)  # Of which masks would be made.
    # Of 384 numbers each: made when the model is exported, not whenever it is opened.
    graph = onnx.load(minilm_by_torch.light.folder / GRAPH, load_external_data=False).graph
    weights = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    attention = [node for node in graph.node if node.op_type == "Attention"]
    assert [weights[node.input[1]] for node in attention] == [[384, 3 * 384]] * 6


def test_other_attention_is_left_as_it_was_exported(causal):
    assert steps(causal.light.folder)["Attention"] == 0


@pytest.mark.usefixtures("exported_once")
def test_masks_stay_where_vectors_are_others_without_them(monkeypatch, tmp_path):
    def damaged(graph):
        bare = without_masks(graph)
        for tensor in bare.graph.initializers.values():
            if tensor.shape == [32, 3 * 32]:
                tensor.const_value = onnx_ir.tensor(-tensor.const_value.numpy(), name=tensor.name)
        return bare

    monkeypatch.setattr(onnx_export, "without_masks", damaged)
    model = SentenceTransformerEncoder(str(save_tiny_transformer(tmp_path / "model")))
    folder = tmp_path / "light"
    folder.mkdir()
    export_by_torch(model, folder)
    found = steps(folder)
    assert found["Attention"]
    assert found["Where"]
    light = OnnxEncoder(folder, model.name, model.fingerprint)
    text = ["crowd counting"]
    assert np.allclose(light.encode_queries(text), model.encode_queries(text), atol=1e-6)


@pytest.mark.usefixtures("exported_once")
@pytest.mark.parametrize("damage", ["other vectors", "no graph at all"])
def test_a_fusion_that_goes_wrong_is_left_out(monkeypatch, tmp_path, damage):
    def damaged(graph):
        if damage == "no graph at all":
            raise ValueError("not a graph this rule knows")
        for tensor in graph.graph.initializers.values():
            if tensor.shape == [32, 3 * 32]:
                tensor.const_value = onnx_ir.tensor(-tensor.const_value.numpy(), name=tensor.name)
                return 2
        raise AssertionError("there is nothing to damage")

    found = attention.fuse_attention
    monkeypatch.setattr(attention, "fuse_attention", lambda graph: found(graph) and damaged(graph))
    model = SentenceTransformerEncoder(str(save_tiny_transformer(tmp_path / "model")))
    folder = tmp_path / "light"
    folder.mkdir()
    export_by_torch(model, folder)
    assert steps(folder)["Attention"] == 0
    light = OnnxEncoder(folder, model.name, model.fingerprint)
    text = ["crowd counting"]
    assert np.allclose(light.encode_queries(text), model.encode_queries(text), atol=1e-6)
