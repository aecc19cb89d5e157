"""The graph that is written without torch gives the vectors of torch, but for the last digits."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from rftsearch.encoders.base import NotExportableError
from rftsearch.encoders.bert.export import export_plain_bert
from rftsearch.encoders.bert.plain_bert import INPUTS, NotPlainBertError
from rftsearch.encoders.model_files import ModelFiles
from rftsearch.encoders.onnx_encoder import GRAPH, TEXT_CONFIG, TOKENIZER, OnnxEncoder
from rftsearch.encoders.onnx_export import export_model
from rftsearch.encoders.text_config import TextConfig
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from rftsearch.types import FloatArray
from support.tiny_transformer import save_tiny_transformer

TEXTS = [
    "crowd",
    "Count the video, COUNT",
    "",
    "群衆を数える 🤗",
    "e\u0301 naïve Müller",
    "[SEP] [PAD] [CLS]",
    *("reward " * length for length in (1, 2, 3, 5, 8, 13, 21, 22, 34)),
    "crowd count video audio robot " * 80,
]
MANY = [f"{text}{' of' * (place % 7)}" for place, text in enumerate(TEXTS * 4)]
"""More than are encoded as questions are."""


def exported(
    encoder: SentenceTransformerEncoder, folder: Path, *, rounded: bool = False
) -> OnnxEncoder:
    folder.mkdir()
    export_plain_bert(encoder.files, folder, rounded=rounded)
    return OnnxEncoder(folder, encoder.name, encoder.fingerprint)


def agree(ours: FloatArray, theirs: FloatArray) -> None:
    np.testing.assert_allclose(ours, theirs, atol=2e-6)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
@pytest.mark.parametrize("prompts", [None, {"query": "scan: ", "document": "draw the: "}])
def test_gives_the_vectors_of_sentence_transformers(pooling, prompts, tmp_path):
    model = save_tiny_transformer(tmp_path / "model", pooling, prompts=prompts)
    theirs = SentenceTransformerEncoder(str(model))
    ours = exported(theirs, tmp_path / "light")
    agree(ours.encode_queries(TEXTS), theirs.encode_queries(TEXTS))
    agree(ours.encode_documents(TEXTS), theirs.encode_documents(TEXTS))
    assert ours.exceeds_limit(TEXTS).tolist() == theirs.exceeds_limit(TEXTS).tolist()


class TestTheDefaultModel:
    """`minilm.light` is its export as builds make it, without torch."""

    def test_gives_the_vectors_that_it_gave_when_torch_exported_it(self, minilm, minilm_by_torch):
        for texts in (TEXTS, MANY):
            ours, theirs = (one.light.encode_documents(texts) for one in (minilm, minilm_by_torch))
            agree(ours, theirs)
        agree(minilm.light.encode_queries(TEXTS), minilm_by_torch.light.encode_queries(TEXTS))

    def test_reads_texts_in_the_same_way(self, minilm, minilm_by_torch):
        folders = [one.light.folder for one in (minilm, minilm_by_torch)]
        ours, theirs = (TextConfig.open(folder / TEXT_CONFIG) for folder in folders)
        assert ours == replace(theirs, inputs=INPUTS)
        ours, theirs = (json.loads((folder / TOKENIZER).read_text("utf-8")) for folder in folders)
        for set_by_the_encoder in ("padding", "truncation"):
            assert ours.pop(set_by_the_encoder) is None
            theirs.pop(set_by_the_encoder)
        assert ours == theirs

    def test_is_the_same_bytes_each_time(self, minilm, tmp_path):
        again = exported(minilm.original, tmp_path / "again").folder
        for name in (GRAPH, f"{GRAPH}.data", TOKENIZER, TEXT_CONFIG):
            assert (again / name).read_bytes() == (minilm.light.folder / name).read_bytes(), name


class TestRounded:
    """The form of a teacher: maps in whole numbers."""

    def test_gives_nearly_the_same_vectors(self, minilm, tmp_path):
        rounded = exported(minilm.original, tmp_path / "rounded", rounded=True)
        ours, theirs = (one.encode_documents(MANY) for one in (rounded, minilm.light))
        assert not np.array_equal(ours, theirs)
        assert np.vecdot(ours, theirs).min() > 0.97

    def test_gives_the_same_vectors_each_time(self, minilm, tmp_path):
        first, second = (
            exported(minilm.original, tmp_path / name, rounded=True).encode_documents(MANY)
            for name in ("first", "second")
        )
        np.testing.assert_array_equal(first, second)

    @pytest.mark.parametrize("pooling", ["mean", "cls"])
    def test_with_either_pooling(self, pooling, tmp_path):
        encoder = SentenceTransformerEncoder(
            str(save_tiny_transformer(tmp_path / "model", pooling))
        )
        rounded = exported(encoder, tmp_path / "rounded", rounded=True)
        whole = exported(encoder, tmp_path / "whole")
        ours, theirs = (one.encode_documents(MANY) for one in (rounded, whole))
        assert np.vecdot(ours, theirs).min() > 0.97


def test_it_lowers_letters_where_sentence_transformers_does(tmp_path):
    model = save_tiny_transformer(tmp_path / "model")
    path = model / "sentence_bert_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"do_lower_case": True}))
    theirs = SentenceTransformerEncoder(str(model))
    ours = exported(theirs, tmp_path / "light")
    texts = ["İSTANBUL Crowd", "CROWD", "ΣΑΣ"]
    agree(ours.encode_queries(texts), theirs.encode_queries(texts))


class TestWeights:
    @pytest.fixture
    def model(self, tmp_path) -> Path:
        return save_tiny_transformer(tmp_path / "model")

    def edit(self, model: Path, change) -> None:
        path = model / "model.safetensors"
        save_file(change(load_file(path)), path, {"format": "pt"})

    def test_half_precision(self, model, tmp_path):
        self.edit(model, lambda it: {name: one.astype(np.float16) for name, one in it.items()})
        theirs = SentenceTransformerEncoder(str(model))
        ours = exported(theirs, tmp_path / "light")
        agree(ours.encode_queries(TEXTS), theirs.encode_queries(TEXTS))

    def test_names_of_a_model_with_a_head(self, model, tmp_path):
        before = exported(SentenceTransformerEncoder(str(model)), tmp_path / "before")
        self.edit(model, lambda it: {f"bert.{name}": one for name, one in it.items()})
        after = exported(SentenceTransformerEncoder(str(model)), tmp_path / "after")
        agree(after.encode_queries(TEXTS), before.encode_queries(TEXTS))

    @pytest.mark.parametrize(
        "change",
        [
            lambda it: it | {(name := "embeddings.LayerNorm.bias"): it[name].astype(np.float64)},
            lambda it: it | {(name := "embeddings.LayerNorm.bias"): it[name][:-1].copy()},
            lambda it: {k: v for k, v in it.items() if k != "encoder.layer.1.output.dense.weight"},
        ],
        ids=["double precision", "another shape", "one is missing"],
    )
    def test_others_are_not_taken(self, model, tmp_path, change):
        self.edit(model, change)
        with pytest.raises(NotPlainBertError):
            export_plain_bert(ModelFiles(model), tmp_path)

    def test_a_file_that_is_none(self, model, tmp_path):
        (model / "model.safetensors").write_bytes(b"x" * 100)
        with pytest.raises(NotPlainBertError, match="cannot be read"):
            export_plain_bert(ModelFiles(model), tmp_path)


def test_every_other_model_goes_by_torch(monkeypatch, tmp_path):
    asked = []

    def by_torch(encoder: SentenceTransformerEncoder, folder: Path) -> None:
        asked.append(encoder.name)
        raise NotExportableError("enough")

    monkeypatch.setattr("rftsearch.encoders.onnx_export.export_by_torch", by_torch)
    model = save_tiny_transformer(tmp_path / "model", "max")
    with pytest.raises(NotExportableError, match="enough"):
        export_model(SentenceTransformerEncoder(str(model)), tmp_path)
    assert asked == [str(model)]


BUILD = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(f"{{name}} is not for this build")

sys.meta_path.insert(0, Blocked())
import rftsearch
report = rftsearch.build_index({index!r}, offline=True, model={model!r})
with rftsearch.Engine.open({index!r}) as engine:
    print(report.encoded, engine.search("reward hacking", k=1)[0].paper.title)
"""


def test_a_build_with_the_default_model_loads_neither_torch_nor_its_libraries(tmp_path):
    blocked = {"torch", "sentence_transformers", "transformers", "onnxscript", "onnx_ir", "gradio"}
    script = BUILD.format(blocked=blocked, index=str(tmp_path / "index"), model=None)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 70
