"""Both forms of a model are one encoder: what onnxruntime gives is what torch gives."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.encoders.onnx_encoder import (
    BATCH_TOKENS,
    GRAPH,
    TEXT_CONFIG,
    TOKENIZER,
    OnnxEncoder,
    batches_of_one_length,
)
from rftsearch.encoders.onnx_export import AGREEMENT
from rftsearch.errors import ModelError, UsageError
from rftsearch.papers.documents import LONGEST_TEXT
from rftsearch.settings import THREADS_VARIABLE

TEXTS = [
    "crowd",
    "Count the video, COUNT",
    "?",
    " ",
    "",
    "\u200b",
    "群衆を数える",
    "🤗 robot 👩‍🔬",
    "e\u0301 naïve",
    "[SEP] [PAD] [CLS]",
    "reward " * 21,  # exactly what a tiny model reads
    "reward " * 23,
    "crowd count video audio robot " * 80,
    "x" * 500,
]
MANY = TEXTS * 6
"""More than are encoded as questions are."""
MODELS = ["four_poolings", "causal", "minilm"]


@pytest.fixture(params=MODELS)
def both(request):
    return request.getfixturevalue(request.param)


def cosines(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(ours, axis=-1) * np.linalg.norm(theirs, axis=-1)
    return np.sum(ours * theirs, axis=-1) / norms


@pytest.fixture
def opened(monkeypatch) -> list[int]:
    """How many threads each session of onnxruntime has, as they are opened."""
    found = []

    class Session(onnxruntime.InferenceSession):
        def __init__(self, path, options, *rest, **others) -> None:
            found.append(options.intra_op_num_threads)
            super().__init__(path, options, *rest, **others)

    monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
    return found


class TestAgreement:
    def test_of_queries(self, both):
        ours, theirs = both.light.encode_queries(TEXTS), both.original.encode_queries(TEXTS)
        assert cosines(ours, theirs).min() >= AGREEMENT
        np.testing.assert_allclose(ours, theirs, atol=1e-5)

    def test_of_documents_long_ones_too(self, both):
        ours, theirs = both.light.encode_documents(TEXTS), both.original.encode_documents(TEXTS)
        assert cosines(ours, theirs).min() >= AGREEMENT
        np.testing.assert_allclose(ours, theirs, atol=1e-5)

    def test_of_what_is_too_long_to_be_read_at_once(self, both):
        windowed = both.light.exceeds_limit(TEXTS)
        assert windowed.tolist() == both.original.exceeds_limit(TEXTS).tolist()
        assert windowed.any()
        assert not windowed.all()

    @pytest.mark.parametrize("kind", [0, 1, 2, 3], ids=["mean", "cls", "last token", "max"])
    def test_of_each_pooling_by_itself(self, four_poolings, kind):
        part = slice(32 * kind, 32 * (kind + 1))
        ours = four_poolings.light.encode_queries(TEXTS)[:, part]
        theirs = four_poolings.original.encode_queries(TEXTS)[:, part]
        assert cosines(ours, theirs).min() >= AGREEMENT
        assert cosines(ours[0], ours[1]) < 0.99, "texts that differ"

    def test_of_who_they_are(self, both):
        assert both.light.fingerprint == both.original.fingerprint
        assert both.light.dimension == both.original.dimension
        assert both.light.stamps == {}

    def test_on_real_abstracts(self, minilm, shared):
        lines = (shared / "data" / "abstracts.jsonl").read_text("utf-8").splitlines()[:24]
        papers = [json.loads(line) for line in lines]
        texts = [f"{paper['title']}. {paper['abstract']}" for paper in papers]
        ours, theirs = minilm.light.encode_documents(texts), minilm.original.encode_documents(texts)
        assert cosines(ours, theirs).min() >= AGREEMENT


class TestReading:
    def test_a_vector_does_not_depend_on_its_batch_mates(self, both):
        together = both.light.encode_documents(TEXTS)
        alone = np.concatenate([both.light.encode_documents([text]) for text in TEXTS])
        np.testing.assert_allclose(together, alone, atol=1e-5)
        backwards = both.light.encode_documents(TEXTS[::-1])[::-1]
        np.testing.assert_allclose(together, backwards, atol=1e-5)

    def test_rows_have_unit_norm(self, both):
        vectors = both.light.encode_documents(TEXTS)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)

    def test_prompts_are_put_before_the_right_side(self, four_poolings):
        light = four_poolings.light
        query, document = light.encode_queries(["crowd"])[0], light.encode_documents(["crowd"])[0]
        assert cosines(query, document) < 0.99

    def test_a_prompt_takes_none_of_a_document_away(self, four_poolings):
        # The last word of a window is read although a prompt stands before it.
        texts = ["reward " * 18 + last for last in ("crowd", "video")]
        assert not four_poolings.light.exceeds_limit(texts).any()
        one, other = four_poolings.light.encode_documents(texts)
        assert np.abs(one - other).max() > 1e-3

    def test_a_text_without_end_is_read_as_far_as_the_bound(self, causal):
        text = ("crowd video " * LONGEST_TEXT)[:LONGEST_TEXT]
        for encoder in (causal.light, causal.original):
            one, other = encoder.encode_documents([text, text + "robot " * 100_000])
            np.testing.assert_allclose(one, other, atol=1e-6)

    def test_nothing_gives_nothing(self, both):
        for vectors in (both.light.encode_queries([]), both.light.encode_documents([])):
            assert vectors.shape == (0, both.light.dimension)
        assert both.light.exceeds_limit([]).shape == (0,)

    def test_threads_get_what_one_gets(self, minilm):
        texts = [f"video grounding with {number} rewards" for number in range(32)]
        expected = [minilm.light.encode_queries([text]) for text in texts]
        with ThreadPoolExecutor(32) as pool:
            found = list(pool.map(lambda text: minilm.light.encode_queries([text]), texts))
        np.testing.assert_array_equal(found, expected)

    def test_documents_are_the_same_by_any_number_of_threads(self, minilm, monkeypatch, opened):
        found = []
        for number, sessions in (("1", [1]), ("3", [2, 1])):
            monkeypatch.setenv(THREADS_VARIABLE, number)
            opened.clear()
            light = OnnxEncoder(minilm.light.folder, "m", "f")
            found.append(light.encode_documents(MANY))
            assert opened == sessions
        np.testing.assert_array_equal(*found)

    def test_callers_share_the_threads_for_documents(self, four_poolings, monkeypatch, opened):
        monkeypatch.setenv(THREADS_VARIABLE, "2")
        light = OnnxEncoder(four_poolings.light.folder, "m", "f")
        expected = light.encode_documents(MANY)
        before = threading.active_count()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(light.encode_documents, [MANY] * 8))
            assert threading.active_count() <= before + 8
        for vectors in found:
            np.testing.assert_array_equal(vectors, expected)
        assert opened == [2, 1]

    def test_few_documents_open_no_second_session(self, minilm, monkeypatch, opened):
        monkeypatch.setenv(THREADS_VARIABLE, "2")
        light = OnnxEncoder(minilm.light.folder, "m", "f")
        light.encode_documents(TEXTS[:4])
        assert opened == [2]

    def test_files_that_went_meanwhile_are_named_with_the_cure(self, four_poolings, tmp_path):
        copy = shutil.copytree(four_poolings.light.folder, tmp_path / "copy")
        light = OnnxEncoder(copy, "m", "f")
        (copy / GRAPH).unlink()
        with pytest.raises(ModelError, match="--repair"):
            light.encode_documents(MANY)

    def test_an_older_export_that_also_says_how_to_fill_up_is_read(self, four_poolings, tmp_path):
        copy = shutil.copytree(four_poolings.light.folder, tmp_path / "copy")
        reading = json.loads((copy / TEXT_CONFIG).read_text())
        reading |= {"pad": "right", "pad_id": 0, "pad_type_id": 0}
        (copy / TEXT_CONFIG).write_text(json.dumps(reading))
        found = OnnxEncoder(copy, "m", "f").encode_documents(TEXTS)
        np.testing.assert_array_equal(found, four_poolings.light.encode_documents(TEXTS))

    def test_a_text_without_any_token_is_nothing(self, four_poolings, tmp_path):
        copy = shutil.copytree(four_poolings.light.folder, tmp_path / "copy")
        tokenizer = json.loads((copy / TOKENIZER).read_text())
        tokenizer["post_processor"] = None  # which puts special tokens around a text
        (copy / TOKENIZER).write_text(json.dumps(tokenizer))
        config = json.loads((copy / TEXT_CONFIG).read_text())
        config["query"]["prompt"] = ""
        (copy / TEXT_CONFIG).write_text(json.dumps(config))
        [nothing, word] = OnnxEncoder(copy, "m", "f").encode_queries(["", "crowd"])
        assert not nothing.any()
        assert np.linalg.norm(word) == pytest.approx(1)

    @given(st.lists(st.one_of(st.integers(0, 5), st.integers(0, 600))))
    def test_only_rows_of_one_length_go_together(self, lengths):
        batches = list(batches_of_one_length(lengths))
        assert sorted(row for batch in batches for row in batch) == [
            row for row, length in enumerate(lengths) if length
        ]
        every = [[lengths[row] for row in batch] for batch in batches]
        assert all(len(set(batch)) == 1 for batch in every)
        assert all(len(batch) == 1 or sum(batch) <= BATCH_TOKENS for batch in every)
        assert [batch[0] for batch in every] == sorted((batch[0] for batch in every), reverse=True)

    def test_what_is_no_number_of_threads_is_refused(self, four_poolings, monkeypatch):
        monkeypatch.setenv(THREADS_VARIABLE, "many")
        with pytest.raises(UsageError, match=THREADS_VARIABLE):
            OnnxEncoder(four_poolings.light.folder, "m", "f")

    def test_files_that_cannot_be_loaded_are_named_with_the_cure(self, four_poolings, tmp_path):
        copy = shutil.copytree(four_poolings.light.folder, tmp_path / "copy")
        (copy / GRAPH).write_bytes(b"no graph")
        with pytest.raises(ModelError, match="--repair") as refused:
            OnnxEncoder(copy, "m", "f")
        assert "\n" not in str(refused.value)

    def test_no_torch_is_loaded(self, minilm):
        script = (
            "import sys; from pathlib import Path; "
            "from rftsearch.encoders.onnx_encoder import OnnxEncoder\n"
            "light = OnnxEncoder(Path(sys.argv[1]), 'm', 'f')\n"
            "light.encode_queries(['x']); light.encode_documents(['x', 'y ' * 300])\n"
            "heavy = ('torch', 'transformers', 'sentence_transformers')\n"
            "print([module for module in heavy if module in sys.modules])"
        )
        command = [sys.executable, "-c", script, str(minilm.light.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240)
        assert done.stdout.strip() == "[]"
