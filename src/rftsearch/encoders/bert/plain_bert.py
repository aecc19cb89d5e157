"""Recognize the sentence models whose graph is known without loading them.

A plain BERT is a folder of sentence-transformers that holds the encoder of Devlin et al.
(2019, https://arxiv.org/abs/1810.04805), pooled by the mean or by the first token: MiniLM,
bge, e5, gte and most small models of English. What such a folder may say is listed here.
A folder that says anything else is not a plain BERT, and sentence-transformers loads it:
a setting that is passed over would give other vectors without a word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rftsearch.encoders.bert.word_pieces import read_tokenizer
from rftsearch.encoders.text_config import SideConfig, TextConfig
from rftsearch.json_fields import mapping, text, whole

__all__ = ["INPUTS", "NotPlainBertError", "PlainBert", "read_plain_bert"]

Pooling = Literal["mean", "cls"]

INPUTS = ("input_ids",)
"""What the graph takes. Nothing is padded, so there is no mask; a text alone has one type."""

_IDLE = {
    "_name_or_path",
    "architectures",
    "attention_probs_dropout_prob",
    "bos_token_id",
    "classifier_dropout",
    "dtype",
    "eos_token_id",
    "gradient_checkpointing",
    "hidden_dropout_prob",
    "id2label",
    "initializer_range",
    "label2id",
    "model_type",
    "pad_token_id",
    "tie_word_embeddings",
    "torch_dtype",
    "transformers_version",
    "use_cache",
}
"""Fields of `config.json` that change no vector of a text without padding."""
_FIXED = {
    "add_cross_attention": False,
    "chunk_size_feed_forward": 0,
    "hidden_act": "gelu",
    "is_decoder": False,
    "position_embedding_type": "absolute",
}
"""Fields that a plain BERT may have with one value only."""
_SIZES = {
    "hidden_size",
    "intermediate_size",
    "layer_norm_eps",
    "max_position_embeddings",
    "num_attention_heads",
    "num_hidden_layers",
    "type_vocab_size",
    "vocab_size",
}
_AS_SAVED = {
    "transformer_task": "feature-extraction",
    "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
    "module_output_name": "token_embeddings",
}
"""What sentence-transformers 6 writes of a transformer that reads text."""
_POOLINGS: dict[str, Pooling] = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
}
_NO_POOLINGS = {
    "pooling_mode_max_tokens",
    "pooling_mode_mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens",
    "pooling_mode_lasttoken",
}
_SENTENCE_FIELDS = {"__version__", "model_type", "similarity_fn_name"}


class NotPlainBertError(Exception):
    """A model is not a plain BERT; the message says by what, for tests and developers."""


@dataclass(frozen=True)
class PlainBert:
    """Sizes of a plain BERT, and how it reads texts."""

    layers: int
    heads: int
    width: int
    """Length of a token's vector, and of a text's."""
    inner: int
    """Width of the layer between two others."""
    positions: int
    vocabulary: int
    token_types: int
    epsilon: float
    """Of the normalization."""
    pooling: Pooling
    weights: Path
    """The file of its weights."""
    tokenizer: str
    """In JSON, for the library `tokenizers`."""
    text_config: TextConfig


def read_plain_bert(folder: Path) -> PlainBert:
    """Read a model's folder.

    Raises:
        NotPlainBertError: It is another model, or one with a setting that is not known here.
    """
    try:
        return _read(folder)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise NotPlainBertError(f"{type(error).__name__}: {error}") from error


def _read(folder: Path) -> PlainBert:
    transformer, pooling = _modules(folder)
    config = _json(transformer / "config.json")
    _check_architecture(config)
    if (folder / "adapter_config.json").exists() or not (transformer / _WEIGHTS).is_file():
        raise NotPlainBertError(f"its weights are not one file {_WEIGHTS}")
    positions = whole(config["max_position_embeddings"], 3)
    width, heads = whole(config["hidden_size"], 1), whole(config["num_attention_heads"], 1)
    if width % heads:
        raise NotPlainBertError("its heads do not share its width evenly")
    reading = _Reading.of(transformer)
    tokenizer = read_tokenizer(transformer, lowercase=reading.lowercase)
    limit = reading.limit or min(tokenizer.limit or positions, positions)
    if not 2 < limit <= positions:
        raise NotPlainBertError(f"it reads {limit} tokens and has {positions} positions")
    query, document = _prompts(folder)
    room = limit - tokenizer.special - tokenizer.length(document)
    return PlainBert(
        layers=whole(config["num_hidden_layers"], 1),
        heads=heads,
        width=width,
        inner=whole(config["intermediate_size"], 1),
        positions=positions,
        vocabulary=whole(config["vocab_size"], tokenizer.size),
        token_types=whole(config["type_vocab_size"], 1),
        epsilon=float(config["layer_norm_eps"]),
        pooling=_pooling(pooling, width),
        weights=transformer / _WEIGHTS,
        tokenizer=tokenizer.json,
        text_config=TextConfig(
            dimension=width,
            inputs=INPUTS,
            query=SideConfig(query, limit),
            document=SideConfig(document, limit),
            max_document_tokens=max(1, room),
            truncation_side="right",
        ),
    )


_WEIGHTS = "model.safetensors"


def _modules(folder: Path) -> tuple[Path, Path]:
    """Return the folders of transformer and pooling, which may be followed by a norm only."""
    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    kinds = [text(module["type"]) for module in modules]
    names = [kind.rpartition(".")[2] for kind in kinds]
    own = all(kind.startswith("sentence_transformers.") for kind in kinds)
    if not own or names[:2] != ["Transformer", "Pooling"] or names[2:] not in ([], ["Normalize"]):
        raise NotPlainBertError(f"its modules are {', '.join(kinds)}")
    if any(module.keys() - {"idx", "name", "path", "type"} for module in modules):
        raise NotPlainBertError("its modules take arguments")
    return folder / text(modules[0]["path"]), folder / text(modules[1]["path"])


def _check_architecture(config: Mapping[str, Any]) -> None:
    if config.get("model_type") != "bert":
        raise NotPlainBertError(f"it is a model of the type {config.get('model_type')}")
    if other := config.keys() - _IDLE - _FIXED.keys() - _SIZES:
        raise NotPlainBertError(f"its configuration has {', '.join(sorted(other))}")
    for name, value in _FIXED.items():
        if config.get(name, value) != value:
            raise NotPlainBertError(f"its {name} is {config[name]}")


@dataclass(frozen=True)
class _Reading:
    """What `sentence_bert_config.json` says of reading."""

    limit: int | None
    lowercase: bool

    @classmethod
    def of(cls, transformer: Path) -> _Reading:
        said = dict(_json(transformer / "sentence_bert_config.json"))
        limit, lowercase = said.pop("max_seq_length", None), said.pop("do_lower_case", False)
        for name, value in said.items():
            if _AS_SAVED.get(name) != value:
                raise NotPlainBertError(f"its sentence_bert_config.json has {name}")
        return cls(None if limit is None else whole(limit, 1), bool(lowercase))


def _pooling(folder: Path, width: int) -> Pooling:
    """Return how tokens become a vector."""
    said = dict(_json(folder / "config.json"))
    dimensions = {said.pop(name, width) for name in ("word_embedding_dimension", _DIMENSION)}
    with_prompt = said.pop("include_prompt", True)
    chosen = [_POOLINGS[name] for name in _POOLINGS if said.pop(name, False)]
    chosen += [said.pop("pooling_mode")] if "pooling_mode" in said else []
    others = [name for name in said if name not in _NO_POOLINGS or said[name]]
    if others or len(chosen) != 1 or dimensions != {width} or with_prompt is not True:
        raise NotPlainBertError("its pooling is not the mean or the first token of all of them")
    if chosen[0] not in _POOLINGS.values():
        raise NotPlainBertError(f"its pooling is {chosen[0]}")
    found: Pooling = "cls" if chosen[0] == "cls" else "mean"
    return found


_DIMENSION = "embedding_dimension"


def _prompts(folder: Path) -> tuple[str, str]:
    """Return what stands before queries and before documents."""
    said = dict(_json(folder / "config_sentence_transformers.json"))
    saved, default = mapping(said.pop("prompts", {})), said.pop("default_prompt_name", None)
    if default is not None or said.get("model_type", _MODEL) != _MODEL:
        raise NotPlainBertError("it has a default prompt, or is no embedding model")
    if other := {name for name in said.keys() - _SENTENCE_FIELDS if said[name] is not None}:
        raise NotPlainBertError(f"its prompts come with {', '.join(sorted(other))}")
    # The library has both names at first, with empty prompts, and so never takes `passage`.
    return text(saved.get("query") or ""), text(saved.get("document") or "")


_MODEL = "SentenceTransformer"


def _json(path: Path) -> Mapping[str, Any]:
    return mapping(json.loads(path.read_text("utf-8")))
