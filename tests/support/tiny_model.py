"""A sentence-transformers model small enough to make in a test, with known vectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from support.encoder import WORDS


def save_tiny_model(folder: Path, prompts: dict[str, str] | None = None) -> Path:
    """Save a static model: one axis for each word, and one for every other word."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(
        WordLevel({word: number for number, word in enumerate((*WORDS, "[UNK]"))}, "[UNK]")
    )
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.eye(len(WORDS) + 1, dtype=np.float32)
    weights[-1] *= 0.01
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights)], prompts=prompts
    )
    model.save(str(folder))
    return folder
