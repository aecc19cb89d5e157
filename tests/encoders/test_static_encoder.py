"""A static model looks words up: its vectors can be worked out, and need no torch."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.encoders import static_encoder
from rftsearch.encoders.model_files import STATIC_SETTINGS, is_static
from rftsearch.encoders.static_encoder import (
    TABLE,
    TOKENIZER,
    StaticEncoder,
    StaticModel,
    words_of,
)
from rftsearch.errors import ModelError
from support.static import SHARED_COSINE, save_static_model, word_pieces


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return save_static_model(tmp_path_factory.mktemp("static") / "model")


@pytest.fixture
def encoder(folder) -> StaticEncoder:
    return StaticEncoder(folder, "static")


def by_hand(encoder: StaticEncoder, text: str) -> np.ndarray:
    """The unit vector of a text, piece by piece through the whole tokenizer."""
    tokenizer = word_pieces(encoder.folder)
    vectors = StaticModel.open(encoder.folder).vectors
    found = tokenizer.encode(text, add_special_tokens=False)
    left_out = {"[UNK]", ":", "."}
    ids = [i for i, piece in zip(found.ids, found.tokens, strict=True) if piece not in left_out]
    if not ids:
        return np.eye(encoder.dimension)[-1]
    total = vectors[ids].sum(axis=0)
    own = total / np.linalg.norm(total) * np.sqrt(1 - SHARED_COSINE)
    return np.append(own, np.sqrt(SHARED_COSINE))


class TestVectors:
    def test_is_the_sum_of_the_rows_of_its_pieces(self, encoder):
        text = "The crowd counts: a ROBOT draws, crowdcount!"
        np.testing.assert_allclose(
            encoder.encode_queries([text])[0], by_hand(encoder, text), atol=1e-6
        )

    def test_queries_and_documents_are_read_alike(self, encoder):
        texts = ["crowd video", "a robot", "reward the robot " * 500]
        np.testing.assert_array_equal(
            encoder.encode_queries(texts), encoder.encode_documents(texts)
        )

    def test_a_text_does_not_depend_on_its_neighbours(self, encoder):
        texts = ["crowd video", "", "audio of a robot", "reward " * 300]
        together = encoder.encode_documents(texts)
        for vector, text in zip(together, texts, strict=True):
            np.testing.assert_array_equal(encoder.encode_documents([text])[0], vector)

    def test_has_unit_norm(self, encoder):
        vectors = encoder.encode_documents(["crowd", "", " \n", "?!", "群衆 🎬", "video " * 9000])
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        np.testing.assert_array_equal(vectors[1:5], np.eye(encoder.dimension)[[-1] * 4])
        assert vectors.dtype == np.float32

    def test_two_texts_have_at_least_what_all_share_but_for_what_parts_them(self, encoder):
        ours = encoder.encode_documents(["crowd", "video", "crowd video"])
        own = ours[:, :-1] / np.sqrt(1 - SHARED_COSINE)
        expected = SHARED_COSINE + (1 - SHARED_COSINE) * (own @ own.T)
        np.testing.assert_allclose(ours @ ours.T, expected, atol=1e-6)

    def test_no_texts_are_no_vectors(self, encoder):
        assert encoder.encode_documents([]).shape == (0, encoder.dimension)
        assert encoder.exceeds_limit([]).shape == (0,)

    def test_nothing_is_too_long(self, encoder):
        texts = ["crowd " * 10_000, "crowd"]
        assert not encoder.exceeds_limit(texts).any()
        same = encoder.encode_documents(texts)
        np.testing.assert_allclose(same[0], same[1], atol=1e-3)

    def test_case_and_accents_do_not_count(self, encoder):
        vectors = encoder.encode_queries(["robot", "RÓBOT", "«robot»"])
        np.testing.assert_allclose(vectors, vectors[[0, 0, 0]], atol=1e-6)

    # Control characters apart: Python counts some of them as white space.
    @given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60))
    def test_reads_any_text_as_the_tokenizer_does(self, folder, text):
        encoder = StaticEncoder(folder, "static", "known")
        np.testing.assert_allclose(
            encoder.encode_queries([text])[0], by_hand(encoder, text.lower()), atol=1e-5
        )

    @given(st.text(max_size=200))
    def test_words_hold_neither_space_nor_ascii_punctuation(self, text):
        for word in words_of(text):
            assert word
            assert not any(c.isspace() or c in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" for c in word)


class TestMemory:
    def test_forgets_and_goes_on(self, folder, monkeypatch):
        monkeypatch.setattr(static_encoder, "REMEMBERED", 3)
        small, large = StaticEncoder(folder, "static"), ["crowd video audio", "robot scan", "draw"]
        some = [small.encode_queries([text])[0] for text in [*large, *large]]
        monkeypatch.undo()
        all_ = StaticEncoder(folder, "static").encode_queries([*large, *large])
        np.testing.assert_array_equal(np.stack(some), all_)


class TestFiles:
    def test_are_data_and_few(self, folder):
        assert sorted(path.name for path in folder.iterdir()) == [TABLE, STATIC_SETTINGS, TOKENIZER]
        assert is_static(folder)
        assert not is_static(folder.parent)

    def test_come_back_as_they_were(self, folder, tmp_path):
        model = StaticModel.open(folder)
        model.save(tmp_path)
        for name in (TABLE, STATIC_SETTINGS, TOKENIZER):
            assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
        assert StaticEncoder(tmp_path, "x").fingerprint == StaticEncoder(folder, "y").fingerprint

    def test_a_byte_for_a_number_is_near_enough(self):
        vectors = np.random.default_rng(0).standard_normal((50, 64)).astype(np.float32)
        vectors[7] = 0
        kept = StaticModel.of(vectors, "{}", {}).vectors
        norms = np.linalg.norm(vectors, axis=1)
        cosines = (kept * vectors).sum(axis=1)[norms > 0] / (
            np.linalg.norm(kept, axis=1)[norms > 0] * norms[norms > 0]
        )
        assert cosines.min() > 0.9999
        assert not kept[7].any()

    def test_another_table_is_another_fingerprint(self, folder, tmp_path):
        model = StaticModel.open(folder)
        rows = model.rows.copy()
        rows[0, 0] += 1
        StaticModel(rows, model.scales, model.tokenizer, model.settings).save(tmp_path)
        assert StaticEncoder(tmp_path, "x").fingerprint != StaticEncoder(folder, "x").fingerprint

    @pytest.mark.parametrize("name", [TABLE, STATIC_SETTINGS, TOKENIZER])
    @pytest.mark.parametrize("change", ["gone", "cut", "else"])
    def test_damage_is_one_line_with_a_cure(self, folder, tmp_path, name, change):
        StaticModel.open(folder).save(tmp_path)
        path = tmp_path / name
        if change == "gone":
            path.unlink()
        elif change == "cut":
            path.write_bytes(path.read_bytes()[:-20])
        else:
            path.write_text(json.dumps({"format": 99}), "utf-8")
        with pytest.raises(ModelError) as caught:
            StaticEncoder(tmp_path, "static", "known")
        assert "\n" not in str(caught.value)
        assert "build --model static" in str(caught.value)


def test_encoding_needs_no_torch(folder):
    script = f"""
import sys
from pathlib import Path
from rftsearch.encoders.static_encoder import StaticEncoder
print(StaticEncoder(Path({str(folder)!r}), "static").encode_queries(["crowd"]).shape)
heavy = ["torch", "sentence_transformers", "transformers", "onnxruntime", "scipy", "sklearn"]
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout.splitlines() == ["(1, 9)", "[]"]


def test_threads_share_one(encoder):
    from concurrent.futures import ThreadPoolExecutor

    texts = [f"crowd {word} robot{number}" for number, word in enumerate(["video", "audio"] * 40)]
    alone = encoder.encode_queries(texts)
    fresh = StaticEncoder(encoder.folder, "static")
    with ThreadPoolExecutor(8) as pool:
        vectors = list(pool.map(lambda text: fresh.encode_queries([text]), texts))
    np.testing.assert_array_equal(np.concatenate(vectors), alone)
    assert list(chain.from_iterable(fresh.exceeds_limit([text]) for text in texts[:2])) == [
        False,
        False,
    ]


def test_very_long_words_are_read_but_not_held(encoder):
    long = "crowd" * 800
    [alone], [among] = encoder.encode_queries([long]), encoder.encode_queries([f"{long} count"])
    assert np.allclose(alone, by_hand(encoder, long), atol=1e-6)
    assert np.allclose(among, by_hand(encoder, f"{long} count"), atol=1e-6)
    assert not any(len(word) > 64 for word in encoder._reader._pieces)
