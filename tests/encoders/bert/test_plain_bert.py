"""What counts as a plain BERT: a setting that nobody knows here is left to its own library."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rftsearch.encoders.bert.plain_bert import NotPlainBertError, read_plain_bert
from rftsearch.encoders.model_files import BASE_MODEL, find_model
from rftsearch.encoders.text_config import SideConfig
from support.tiny_transformer import LIMIT, save_tiny_transformer

PROMPTS = {"query": "scan: ", "document": "draw the: "}
Change = Callable[[dict], None]


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    return save_tiny_transformer(tmp_path_factory.mktemp("tiny") / "model", prompts=PROMPTS)


@pytest.fixture
def model(saved, tmp_path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "model"))


def change(model: Path, name: str, edit: Change) -> None:
    path = model / name
    value = json.loads(path.read_text("utf-8")) if path.exists() else {}
    edit(value)
    path.write_text(json.dumps(value), "utf-8")


def test_the_default_model_is_one():
    bert = read_plain_bert(find_model(BASE_MODEL))
    assert (bert.layers, bert.heads, bert.width, bert.inner) == (6, 12, 384, 1536)
    assert (bert.positions, bert.vocabulary, bert.pooling) == (512, 30522, "mean")
    assert bert.text_config.query == bert.text_config.document == SideConfig("", 256)
    assert bert.text_config.max_document_tokens == 254


def test_prompts_and_limits_are_read(model):
    bert = read_plain_bert(model)
    assert bert.text_config.query == SideConfig("scan: ", LIMIT)
    # `draw the :` are three tokens, and two more stand around a text.
    assert bert.text_config.document == SideConfig("draw the: ", LIMIT)
    assert bert.text_config.max_document_tokens == LIMIT - 5


def test_without_a_limit_its_positions_are_one(model):
    change(model, "tokenizer_config.json", lambda it: it.update(model_max_length=10**30))
    assert read_plain_bert(model).text_config.query.max_tokens == 64
    change(model, "sentence_bert_config.json", lambda it: it.update(max_seq_length=32))
    assert read_plain_bert(model).text_config.query.max_tokens == 32


LEGACY = {
    "word_embedding_dimension": 32,
    "pooling_mode_cls_token": True,
    "pooling_mode_mean_tokens": False,
    "pooling_mode_max_tokens": False,
    "pooling_mode_mean_sqrt_len_tokens": False,
}


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        (
            "config.json",
            lambda it: it.update(id2label={"0": "LABEL_0"}, position_embedding_type="absolute"),
        ),
        ("config_sentence_transformers.json", lambda it: it.update(similarity_fn_name=None)),
        ("sentence_bert_config.json", lambda it: it.update(do_lower_case=True)),
        ("1_Pooling/config.json", lambda it: it.update(pooling_mode="cls")),
        ("1_Pooling/config.json", lambda it: (it.clear(), it.update(LEGACY))),
        (
            "tokenizer_config.json",
            lambda it: it.update(
                tokenizer_class="BertTokenizer", do_lower_case=True, mask_token=None
            ),
        ),
        (
            "modules.json",
            lambda it: it.append(
                {"type": "sentence_transformers.models.Normalize", "path": "2_Normalize"}
            ),
        ),
    ],
)
def test_settings_that_are_known(model, name, edit):
    change(model, name, edit)
    read_plain_bert(model)


@pytest.mark.parametrize(
    ("name", "edit", "reason"),
    [
        ("config.json", lambda it: it.update(model_type="roberta"), "of the type roberta"),
        ("config.json", lambda it: it.update(hidden_act="gelu_new"), "its hidden_act is gelu_new"),
        ("config.json", lambda it: it.update(is_decoder=True), "its is_decoder is True"),
        (
            "config.json",
            lambda it: it.update(position_embedding_type="relative_key"),
            "its position_embedding_type",
        ),
        ("config.json", lambda it: it.update(rope_theta=1), "configuration has rope_theta"),
        ("config.json", lambda it: it.update(num_attention_heads=5), "share its width"),
        ("config.json", lambda it: it.update(hidden_size="32"), "whole number"),
        ("config.json", lambda it: it.pop("layer_norm_eps"), "KeyError"),
        ("config.json", lambda it: it.update(vocab_size=4), "whole number"),
        ("sentence_bert_config.json", lambda it: it.update(max_seq_length=65), "64 positions"),
        ("modules.json", lambda it: it.append(it[1]), "its modules are"),
        ("modules.json", lambda it: it.pop(), "its modules are"),
        ("modules.json", lambda it: it[0].update(type="mine.Transformer"), "its modules are"),
        ("modules.json", lambda it: it[0].update(kwargs=["task"]), "take arguments"),
        ("1_Pooling/config.json", lambda it: it.update(pooling_mode="max"), "its pooling is max"),
        ("1_Pooling/config.json", lambda it: it.update(pooling_mode=["mean", "cls"]), "pooling"),
        ("1_Pooling/config.json", lambda it: it.update(include_prompt=False), "its pooling"),
        (
            "1_Pooling/config.json",
            lambda it: (it.clear(), it.update(LEGACY, pooling_mode_max_tokens=True)),
            "its pooling",
        ),
        ("sentence_bert_config.json", lambda it: it.update(query_length=8), "query_length"),
        (
            "config_sentence_transformers.json",
            lambda it: it.update(default_prompt_name="query"),
            "default prompt",
        ),
        (
            "config_sentence_transformers.json",
            lambda it: it.update(model_type="SparseEncoder"),
            "no embedding model",
        ),
        ("config_sentence_transformers.json", lambda it: it.update(truncate_dim=8), "truncate_dim"),
        ("adapter_config.json", lambda _: None, "not one file"),
        ("tokenizer_config.json", lambda it: it.update(tokenizer_class="Mine"), "is a Mine"),
        ("tokenizer_config.json", lambda it: it.update(do_lower_case=False), "its normalizer"),
        ("tokenizer_config.json", lambda it: it.update(truncation_side="left"), "truncation side"),
        ("tokenizer_config.json", lambda it: it.update({"sep_token": "</s>"}), "its sep_token"),
        ("tokenizer_config.json", lambda it: it.update(new_setting=1), "has new_setting"),
        (
            "tokenizer_config.json",
            lambda it: it.update(extra_special_tokens=["<image>"]),
            "tokens of its own",
        ),
        (
            "tokenizer_config.json",
            lambda it: it.update(tokenizer_class="BertTokenizer"),
            "its special tokens",  # The class adds [MASK], which this vocabulary lacks.
        ),
        ("tokenizer.json", lambda it: it.update(pre_tokenizer=None), "its pre-tokenizer"),
        ("tokenizer.json", lambda it: it["model"].update({"unk_token": "?"}), "its model"),
        ("tokenizer.json", lambda it: it["model"]["vocab"].pop("robot"), "its numbering"),
        ("tokenizer.json", lambda it: it["added_tokens"][0].update(lstrip=True), r"its \[PAD\]"),
        ("tokenizer.json", lambda it: it["added_tokens"].pop(), "its special tokens"),
        ("tokenizer.json", lambda it: it["post_processor"]["single"].pop(), "its frame"),
        ("tokenizer.json", lambda it: it.update(post_processor=None), "TypeError"),
    ],
)
def test_settings_that_are_not(model, name, edit, reason):
    change(model, name, edit)
    with pytest.raises(NotPlainBertError, match=reason):
        read_plain_bert(model)


@pytest.mark.parametrize(
    "name", ["model.safetensors", "modules.json", "tokenizer.json", "config.json", "1_Pooling"]
)
def test_a_part_that_is_missing(model, name):
    path = model / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(NotPlainBertError):
        read_plain_bert(model)
