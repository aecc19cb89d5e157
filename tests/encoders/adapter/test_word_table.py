"""The words of a text are added to its vector, in each form of the model alike."""

from __future__ import annotations

import json

import numpy as np
import pytest

from rftsearch.encoders import torch_encoder
from rftsearch.encoders.adapter.word_table import WordTable
from rftsearch.encoders.learning.packed_rows import PackedRows
from rftsearch.encoders.model_files import BASE_MODEL, WORDS, ModelFiles, find_model
from rftsearch.encoders.onnx_encoder import OnnxEncoder
from rftsearch.encoders.onnx_export import export_by_torch, export_model
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from rftsearch.errors import ModelError
from support.tiny_transformer import save_tiny_transformer, tokenizer_of_pieces

PIECES = tokenizer_of_pieces()
SIZE = PIECES.get_vocab_size()
TEXTS = ["crowd", "count the VIDEO", "", "reward reward frame 7", "群衆", "audio robot scan " * 30]


def words_of(directions: int = 6, dimension: int = 32, share: str = "0.5") -> WordTable:
    draw = np.random.default_rng(directions)
    rows = draw.standard_normal((SIZE, directions)).astype(np.float32)
    rows[:4] = 0  # Special pieces have no vector.
    axes = np.linalg.qr(draw.standard_normal((dimension, directions)))[0].astype(np.float32)
    return WordTable.of(rows, axes, SIZE, {"share": share})


@pytest.fixture
def files(tmp_path) -> ModelFiles:
    base = save_tiny_transformer(tmp_path / "base")
    words_of().save(tmp_path / "words.safetensors")
    return ModelFiles(base, words=tmp_path / "words.safetensors")


@pytest.fixture
def model(files, monkeypatch) -> SentenceTransformerEncoder:
    monkeypatch.setattr(torch_encoder, "find_files", lambda _: files)
    return SentenceTransformerEncoder("tiny")


def test_the_vector_is_that_of_the_transformer_and_the_words(model, files):
    plain = SentenceTransformerEncoder.of(
        torch_encoder.load_model(ModelFiles(files.folder), "plain"), model
    )
    words = WordTable.read(files.words)
    rows = words.rows(SIZE) @ words.axes.T
    sums = np.stack([rows[PIECES.encode(text).ids].sum(0) for text in TEXTS[:4]])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    assert lengths.ravel().tolist()[2] == 0  # An empty text has no words.
    expected = plain.encode_queries(TEXTS[:4]) + 0.5 * sums / np.maximum(lengths, 1e-12)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(model.encode_queries(TEXTS[:4]), expected, atol=2e-3)


@pytest.mark.parametrize("export", [export_model, export_by_torch])
def test_each_export_gives_the_same_vectors(model, tmp_path, export):
    (tmp_path / "light").mkdir()
    export(model, tmp_path / "light")
    light = OnnxEncoder(tmp_path / "light", model.name, model.fingerprint)
    for ours, theirs in (
        (light.encode_queries(TEXTS), model.encode_queries(TEXTS)),
        (light.encode_documents(TEXTS), model.encode_documents(TEXTS)),
    ):
        np.testing.assert_allclose(ours, theirs, atol=2e-6)


def test_the_table_is_part_of_the_fingerprint_and_of_the_stamps(files):
    first = files.fingerprint()
    assert "words.safetensors" in files.stamps()
    words_of(directions=5).save(files.words)
    assert len({first, files.fingerprint(), ModelFiles(files.folder).fingerprint()}) == 3


def test_a_missing_table_names_the_cure(files):
    files.words.unlink()
    with pytest.raises(ModelError, match=rf"words\.safetensors.*reinstall.*--model {BASE_MODEL}"):
        files.fingerprint()


@pytest.mark.parametrize("share", ["", "half", "nan", "-1", "0", "1e9"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ModelError, match="does not say its share; reinstall rftsearch"):
        words_of(share=share).way_back()


def test_a_table_of_another_model_is_refused(model, files, tmp_path):
    words_of(dimension=40).save(files.words)
    (tmp_path / "light").mkdir()
    with pytest.raises(ModelError, match="belongs to another model; reinstall rftsearch"):
        export_model(model, tmp_path / "light")


@pytest.mark.parametrize("directions", [4, 5, 6, 7])
def test_levels_and_scales_are_the_rows(directions):
    words = words_of(directions)
    levels, scales = words.levels(SIZE)
    assert set(np.unique(levels)) <= {-3, -1, 0, 1, 3}
    np.testing.assert_array_equal(levels * scales[:, None], words.rows(SIZE))


class TestShipped:
    def test_fits_the_base_in_two_megabytes(self):
        words = WordTable.read(WORDS)
        tokenizer = json.loads((find_model(BASE_MODEL) / "tokenizer.json").read_text("utf-8"))
        assert words.fits(384, len(tokenizer["model"]["vocab"]))
        assert WORDS.stat().st_size < 2_000_000
        assert {"base", "share", "recipe"} <= set(words.about)
        products = words.axes.T @ words.axes
        np.testing.assert_allclose(products, np.eye(len(products)), atol=2e-3)

    def test_special_tokens_have_no_vector(self):
        tokenizer = json.loads((find_model(BASE_MODEL) / "tokenizer.json").read_text("utf-8"))
        places = [tokenizer["model"]["vocab"][name] for name in ("[PAD]", "[CLS]", "[SEP]")]
        assert not WordTable.read(WORDS).rows(30_522)[places].any()


@pytest.mark.parametrize("spoil", ["missing", "cut", "empty", "not a number"])
def test_a_damaged_file_is_named_with_the_cure(tmp_path, spoil):
    path = tmp_path / "words.safetensors"
    words = words_of()
    if spoil == "not a number":
        words.scales[0] = np.nan
    words.save(path)
    if spoil == "missing":
        path.unlink()
    elif spoil != "not a number":
        path.write_bytes(path.read_bytes()[: 60 if spoil == "cut" else 0])
    with pytest.raises(ModelError, match=r"words\.safetensors.* reinstall rftsearch$"):
        PackedRows.read(path)
