"""Read the tokenizer of a plain BERT from its folder, as transformers would make it.

Some classes of transformers make the tokenizer from `tokenizer_config.json` and take only
the vocabulary from `tokenizer.json`; others take all of it from there. Where both files say
the same, it does not matter which: only such folders are read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rftsearch.json_fields import mapping, text, whole

__all__ = ["WordPieces", "read_tokenizer"]

_CLASSES = {"BertTokenizer", "BertTokenizerFast", "PreTrainedTokenizerFast", "TokenizersBackend"}
_MARKS = {
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
    "pad_token": "[PAD]",
    "sep_token": "[SEP]",
    "unk_token": "[UNK]",
}
"""Special tokens, and how every BERT writes them."""
_IDLE = {
    "_name_or_path",
    "backend",
    "clean_up_tokenization_spaces",
    "do_basic_tokenize",
    "is_local",
    "local_files_only",
    "max_length",
    "name_or_path",
    "pad_to_multiple_of",
    "pad_token_type_id",
    "padding_side",
    "special_tokens_map_file",
    "stride",
    "tokenizer_file",
    "truncation_strategy",
}
"""Fields of `tokenizer_config.json` that change no token of a text without padding."""
_EMPTY = {"additional_special_tokens", "extra_special_tokens", "never_split"}
_READ = {
    "added_tokens_decoder",
    "do_lower_case",
    "model_max_length",
    "strip_accents",
    "tokenize_chinese_chars",
    "tokenizer_class",
    "truncation_side",
}
_BOUNDLESS = 10**9
"""A tokenizer without a limit names a larger number."""


@dataclass(frozen=True)
class WordPieces:
    """A tokenizer of BERT's kind."""

    json: str
    """For the library `tokenizers`, without truncation and padding."""
    size: int
    """How many tokens it has."""
    special: int
    """How many it adds to a text."""
    limit: int | None
    """Tokens of a text that the model reads, if the tokenizer says it."""

    def length(self, prompt: str) -> int:
        """Return how many tokens a text has, without special ones."""
        from tokenizers import Tokenizer  # noqa: PLC0415 - only where there is a prompt

        if not prompt:
            return 0
        tokenizer: Tokenizer = Tokenizer.from_str(self.json)
        return len(tokenizer.encode(prompt, add_special_tokens=False).ids)


def read_tokenizer(folder: Path, *, lowercase: bool) -> WordPieces:
    """Read a tokenizer.

    Args:
        folder: Holds `tokenizer.json` and `tokenizer_config.json`.
        lowercase: Whether texts are written in lower case before anything else.

    Raises:
        ValueError, KeyError, TypeError: It is of another kind, or its files do not agree.
        OSError: A file cannot be read.
    """
    state = dict(mapping(json.loads((folder / "tokenizer.json").read_text("utf-8"))))
    config = mapping(json.loads((folder / "tokenizer_config.json").read_text("utf-8")))
    _check_config(config)
    _expect(state["normalizer"], _normalizer(config), "normalizer")
    _expect(state["pre_tokenizer"], {"type": "BertPreTokenizer"}, "pre-tokenizer")
    model = dict(mapping(state["model"]))
    vocabulary = mapping(model.pop("vocab"))
    _expect(model, _MODEL, "model")
    _expect(sorted(vocabulary.values()), list(range(len(vocabulary))), "numbering")
    added = {text(token.pop("content")): token for token in map(dict, state["added_tokens"])}
    for name, token in added.items():
        _expect(token, {"id": vocabulary[name], **_PLAIN}, name)
    _expect(set(added), set(_special_tokens(config)), "special tokens")
    _check_frame(state["post_processor"], vocabulary)
    if lowercase:
        parts = [{"type": "Lowercase"}, state["normalizer"]]
        state["normalizer"] = {"type": "Sequence", "normalizers": parts}
    state |= {"truncation": None, "padding": None}
    limit = config.get("model_max_length")
    return WordPieces(
        json=json.dumps(state, ensure_ascii=False, separators=(",", ":")),
        size=len(vocabulary),
        special=2,
        limit=None if limit is None or limit > _BOUNDLESS else whole(limit, 1),
    )


_MODEL = {
    "type": "WordPiece",
    "unk_token": "[UNK]",
    "continuing_subword_prefix": "##",
    "max_input_chars_per_word": 100,
}
_PLAIN = {
    "special": True,
    "single_word": False,
    "lstrip": False,
    "rstrip": False,
    "normalized": False,
}


def _check_config(config: Mapping[str, Any]) -> None:
    other = config.keys() - _MARKS.keys() - _IDLE - _EMPTY - _READ
    if other:
        raise ValueError(f"its tokenizer_config.json has {', '.join(sorted(other))}")
    if config.get("tokenizer_class") not in _CLASSES:
        raise ValueError(f"its tokenizer is a {config.get('tokenizer_class')}")
    if any(config.get(name) for name in _EMPTY):
        raise ValueError("its tokenizer has tokens of its own")
    _expect(config.get("truncation_side", "right"), "right", "truncation side")


def _normalizer(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The normalizer that the class of BERT makes of its configuration."""
    return {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": config.get("tokenize_chinese_chars", True),
        "strip_accents": config.get("strip_accents"),
        "lowercase": config.get("do_lower_case", True),
    }


def _special_tokens(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the special tokens that transformers knows of."""
    made_whole = text(config["tokenizer_class"]).startswith("Bert")
    for name, usual in _MARKS.items():
        value = config.get(name, usual if made_whole else None)
        if value is not None:
            token = text(value["content"] if isinstance(value, dict) else value)
            _expect(token, usual, name)
            yield token
    for token in mapping(config.get("added_tokens_decoder", {})).values():
        yield text(token["content"])


def _check_frame(processor: Mapping[str, Any], vocabulary: Mapping[str, int]) -> None:
    """Expect that a text stands between [CLS] and [SEP], all of type 0."""
    first, last = ({"SpecialToken": {"id": name, "type_id": 0}} for name in ("[CLS]", "[SEP]"))
    _expect(processor["type"], "TemplateProcessing", "post-processor")
    _expect(processor["single"], [first, {"Sequence": {"id": "A", "type_id": 0}}, last], "frame")
    for name in ("[CLS]", "[SEP]"):
        _expect(processor["special_tokens"][name]["ids"], [vocabulary[name]], name)


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ValueError(f"its {what} is not that of BERT")
