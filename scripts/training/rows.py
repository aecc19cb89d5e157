"""Vectors of single tokens, fitted so that the words of a query are near those of its paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from training.data import Pair
from training.loop import contrast
from training.recipes import PairNumbers
from training.vectors import mine

__all__ = ["Readings", "RowNumbers", "Rows", "fit_rows", "negatives", "sums_of", "unit"]

Rows = Sequence[np.ndarray]
"""The tokens of each text."""
Units = Callable[[torch.Tensor, Sequence[Pair], Sequence[int], np.random.Generator], torch.Tensor]
"""Gives (n + m, dimension) unit rows: of the queries of n pairs, then of m papers. It takes the
sums of their tokens' vectors, the pairs, the rows of the papers, and what it may draw by."""
More = Callable[[Sequence[Pair], Sequence[int]], np.ndarray]
"""Gives (n, m) float32, what the queries of n pairs and m papers score besides their cosine."""


@dataclass(frozen=True)
class RowNumbers(PairNumbers):
    """The numbers of a fit."""

    rate: float = 2e-3
    """Adam's, for rows with norms of about 1; falls to 0 in a straight line."""
    decay: float = 0.0
    """By which the rows are drawn to nothing (AdamW)."""
    batch: int = 256
    epochs: int = 4
    temperature: float = 0.1
    tokens: int = 24_000
    """Of the model, whose rows are kept at most."""


@dataclass(frozen=True)
class Readings:
    """The model's tokens of the papers, and of the texts that look for them."""

    documents: Rows
    """Of each paper of the pool."""
    texts: Mapping[str, np.ndarray]
    """Of each query and title."""
    tokens: int
    """How many the model has."""


def sums_of(table: np.ndarray, texts: Rows) -> np.ndarray:
    """Return the sum of the rows of each text, (texts, dimension) float32."""
    return np.stack([table[rows].sum(axis=0) for rows in texts]).astype(np.float32)


def unit(vectors: np.ndarray) -> np.ndarray:
    """Return rows of length one, (n, dimension) float32; rows of zeros stay."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def negatives(
    pairs: Sequence[Pair],
    texts: Mapping[str, np.ndarray],
    documents: np.ndarray,
    recipe: RowNumbers,
) -> list[np.ndarray]:
    """Return for each pair rows of papers that are taken for its own, though they are not.

    Args:
        pairs: The pairs.
        texts: The vector of each query and title.
        documents: (papers, dimension) float32, those of the papers.
        recipe: The numbers.
    """
    different = {(pair.text, pair.row): None for pair in pairs}
    golds = np.array([row for _, row in different])
    among = np.union1d(golds, np.arange(min(recipe.pool, len(documents))))
    mined = mine(
        unit(np.stack([texts[text] for text, _ in different])),
        np.searchsorted(among, golds),
        unit(documents[among]),
        ranks=(4, 60),
        below=0.95,
    )
    by_pair = {pair: among[rows] for pair, rows in zip(different, mined, strict=True)}
    return [by_pair[pair.text, pair.row] for pair in pairs]


def fit_rows(
    start: np.ndarray,
    pairs: Sequence[Pair],
    wrong: Sequence[np.ndarray],
    read: Readings,
    units: Units,
    recipe: RowNumbers,
    more: More | None = None,
) -> np.ndarray:
    """Fit rows by contrast: each query is to be nearer to its paper than to others.

    Args:
        start: (tokens, directions) float32, where they begin.
        pairs: Each query and its paper.
        wrong: For each pair, papers of which one is a negative.
        read: The tokens of the texts.
        units: What a text's vector is.
        recipe: The numbers.
        more: What is added to the cosines; None: nothing.

    Returns:
        (tokens, directions) float32.
    """
    fitted = torch.nn.Parameter(torch.from_numpy(start.astype(np.float32)))
    adam = torch.optim.AdamW([fitted], lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    steps = len(pairs) // recipe.batch
    slower = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, total_iters=steps)
    draw = np.random.default_rng(recipe.seed)
    for begin in range(0, steps * recipe.batch, recipe.batch):
        here = pairs[begin : begin + recipe.batch]
        golds = [pair.row for pair in here]
        near = wrong[begin : begin + recipe.batch]
        rows = golds + [int(draw.choice(each)) for each in near]
        bags = [read.texts[pair.text] for pair in here] + [read.documents[row] for row in rows]
        begins = torch.from_numpy(np.cumsum([0, *map(len, bags[:-1])]))
        tokens = torch.from_numpy(np.concatenate(bags).astype(np.int64))
        sums = functional.embedding_bag(tokens, fitted, begins, mode="sum")
        found = units(sums, here, rows, draw)
        added = None if more is None else torch.from_numpy(more(here, rows))
        asked, papers = found[: len(here)], found[len(here) :]
        loss = contrast(asked, papers, golds, rows, recipe.temperature, added)
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        adam.step()
        slower.step()
    return np.asarray(fitted.detach().numpy())
