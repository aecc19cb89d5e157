"""A static model small enough to write down, and the texts of a library to make one from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from rftsearch.encoders.model_files import DEFAULT_MODEL, find_model
from rftsearch.encoders.static_encoder import MADE_FROM, SHARED, TOKENIZER, StaticModel
from rftsearch.papers.documents import Texts
from support.tiny_transformer import tokenizer_of_pieces

DIMENSION = 8
SHARED_COSINE = 0.2

SUBJECTS = ("crowd", "video", "audio", "robot", "scan", "draw")


def save_static_model(folder: Path, *, seed: int = 0, made_from: int = 10) -> Path:
    """Save a model whose table is drawn under a fixed seed."""
    tokenizer = tokenizer_of_pieces()
    vectors = np.random.default_rng(seed).standard_normal((tokenizer.get_vocab_size(), DIMENSION))
    folder.mkdir(parents=True)
    settings = {MADE_FROM: made_from, SHARED: SHARED_COSINE}
    StaticModel.of(vectors.astype(np.float32), tokenizer.to_str(), settings).save(folder)
    return folder


def save_wordy_static_model(folder: Path, *, dimension: int = 48) -> Path:
    """Save a model with the tokenizer of the default one, and a table drawn at random."""
    tokenizer = (find_model(DEFAULT_MODEL) / TOKENIZER).read_text("utf-8")
    state = json.loads(tokenizer) | {"padding": None, "truncation": None}
    size = len(state["model"]["vocab"])
    vectors = np.random.default_rng(3).standard_normal((size, dimension), np.float32)
    folder.mkdir(parents=True)
    settings = {MADE_FROM: 1_000, SHARED: SHARED_COSINE}
    StaticModel.of(vectors, json.dumps(state), settings).save(folder)
    return folder


def word_pieces(folder: Path):
    """The tokenizer of a static model, as its library has it."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / TOKENIZER))


def library_texts(count: int = 24) -> list[Texts]:
    """Invented papers, each about one of a few subjects."""
    texts = []
    for number in range(count):
        subject = SUBJECTS[number % len(SUBJECTS)]
        title = f"The {subject} {number}."
        texts.append(Texts(f"{title} Count the {subject} in frame {number}: a reward.", title))
    return texts
