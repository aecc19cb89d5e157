from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rftsearch.encoders.cross_encoder import CrossEncoderReranker
from rftsearch.errors import ModelError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "crowd", "count", "video", "audio"]


def save_tiny_cross_encoder(folder: Path, labels: int = 1, *, headless: bool = False) -> Path:
    """Save a cross-encoder of one layer with random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS) + "\n", "utf-8")
    tokenizer = BertTokenizer(vocab=str(folder / "vocab.txt"), model_max_length=32)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=32,
        num_labels=labels,
    )
    torch.manual_seed(1)
    model = BertModel(config) if headless else BertForSequenceClassification(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_scores_lie_between_0_and_1_and_depend_on_both_texts(tmp_path):
    reranker = CrossEncoderReranker(str(save_tiny_cross_encoder(tmp_path / "m")))
    texts = ["crowd", "video audio video", "count " * 500, ""]
    scores = reranker.score("crowd count", texts)
    assert scores.dtype == np.float32
    assert scores.shape == (4,)
    assert ((scores > 0) & (scores < 1)).all()
    assert len(set(scores.tolist())) > 1
    assert reranker.score("crowd count", texts).tolist() == scores.tolist()
    assert reranker.score("audio", texts).tolist() != scores.tolist()
    assert reranker.score("crowd", []).shape == (0,)


def test_a_model_that_is_no_cross_encoder(tmp_path):
    folder = save_tiny_cross_encoder(tmp_path / "m", headless=True)
    with pytest.raises(
        ModelError, match="is not a cross-encoder but a BertModel; give the id or folder"
    ):
        CrossEncoderReranker(str(folder)).score("a", ["b"])


def test_a_model_that_tells_classes_apart(tmp_path):
    folder = save_tiny_cross_encoder(tmp_path / "m", labels=3)
    with pytest.raises(ModelError, match="has 3 scores; give one with a single score"):
        CrossEncoderReranker(str(folder)).score("a", ["b"])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/no/such/model", "there is no model folder /no/such/model; give the path of one"),
        ("./nowhere", "there is no model folder"),
        (
            "nobody/nothing",
            "cannot get the model nobody/nothing: .*; check the id and the network",
        ),
    ],
)
def test_a_model_that_is_missing(name, message):
    with pytest.raises(ModelError, match=message) as refused:
        CrossEncoderReranker(name).score("a", ["b"])
    assert "\n" not in str(refused.value)


def test_a_folder_that_holds_no_model(tmp_path):
    with pytest.raises(ModelError, match="holds no cross-encoder"):
        CrossEncoderReranker(str(tmp_path)).score("a", ["b"])


def test_naming_a_model_reads_nothing():
    assert CrossEncoderReranker("nobody/nothing").name == "nobody/nothing"
