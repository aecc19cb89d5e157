"""Transformers of sentence-transformers small enough to make, and to export, in a test."""

from __future__ import annotations

from pathlib import Path

WORDS = ("crowd", "count", "video", "audio", "robot", "scan", "draw", "reward", "frame", "the")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
LIMIT = 24


def save_tiny_transformer(
    folder: Path,
    pooling: str | tuple[str, ...] = "mean",
    *,
    prompts: dict[str, str] | None = None,
    include_prompt: bool = True,
    causal: bool = False,
    more: tuple[object, ...] = (),
) -> Path:
    """Save a model of two layers with weights drawn under a fixed seed.

    Args:
        folder: Where to.
        pooling: How tokens become a vector.
        prompts: By the kind of text.
        include_prompt: Whether the prompt's tokens are pooled as well.
        causal: A decoder that is filled up on the left, in place of a BERT.
        more: Modules after the pooling.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, Qwen3Config, Qwen3Model

    sizes = {
        "vocab_size": len(_vocabulary()),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "max_position_embeddings": 64,
        "initializer_range": 0.3,  # So that texts lie far apart.
    }
    with torch.random.fork_rng():
        torch.manual_seed(7)
        if causal:
            body = Qwen3Model(Qwen3Config(**sizes, num_key_value_heads=2, head_dim=8))
        else:
            body = BertModel(BertConfig(**sizes))
    plain = folder.with_name(f"{folder.name}-plain")
    body.save_pretrained(plain)
    _tokenizer("left" if causal else "right").save_pretrained(plain)
    reader = Transformer(str(plain), max_seq_length=LIMIT)
    pool = Pooling(32, pooling, include_prompt=include_prompt)
    SentenceTransformer(modules=[reader, pool, *more], prompts=prompts).save(str(folder))
    return folder


def _vocabulary() -> dict[str, int]:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789:."
    pieces = [*SPECIAL, *WORDS, *letters, *(f"##{letter}" for letter in letters)]
    return {piece: number for number, piece in enumerate(pieces)}


def tokenizer_of_pieces():
    """A tokenizer of BERT's kind over a few words and single letters."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing

    vocabulary = _vocabulary()
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a piece
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def _tokenizer(padding_side: str):
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer_of_pieces(),
        padding_side=padding_side,
        **dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), SPECIAL, strict=True)),
    )
