"""The change of a static model's table, fitted to the written queries.

The change is one vector for each token of the teacher. It is fitted on the tables of several
collections at once, so that it serves tables of other collections too. Those tables stay as
they are: of each, only the sums of texts are needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from rftsearch.encoders.static_training import LearnedTable
from training.data import Pair, Pool, WrittenQuery, draw_pairs
from training.loop import HeldOut, contrast
from training.recipes import PairNumbers
from training.vectors import mine, ndcg_of_one

__all__ = ["Begun", "Readings", "TableRecipe", "fit_change", "judge_change"]

Rows = Sequence[np.ndarray]
"""The tokens of each text."""


@dataclass(frozen=True)
class TableRecipe(PairNumbers):
    """The numbers of a fit."""

    rate: float = 2e-3
    """Adam's, for tables whose rows have norms of about 1; falls to 0 in a straight line."""
    decay: float = 0.0
    """By which the change is drawn to nothing (AdamW)."""
    batch: int = 256
    epochs: int = 4
    temperature: float = 0.1
    tables: int = 99
    """At most this many tables are fitted; the first is that of all papers."""
    tokens: int = 24_000
    """Of the teacher, whose change is kept at most."""
    share: float = 1.2
    """By which the change is multiplied in the file."""


@dataclass(frozen=True)
class Readings:
    """The teacher's tokens of the papers, and of the texts that look for them."""

    documents: Rows
    """Of each paper of the pool."""
    texts: Mapping[str, np.ndarray]
    """Of each query and title."""
    tokens: int
    """How many the teacher has."""


@dataclass(frozen=True)
class Begun:
    """A table as it is made from a collection, by the sums of texts."""

    documents: np.ndarray
    """(papers of the pool, dimension) float32."""
    texts: Mapping[str, np.ndarray]
    """(dimension,) float32 of each query and title."""
    turn: np.ndarray
    """(directions, dimension) float32: from the directions of the change to its axes."""

    @classmethod
    def of(
        cls, table: LearnedTable, documents: Rows, texts: Mapping[str, np.ndarray], axes: np.ndarray
    ) -> Begun:
        """Sum the rows of a table.

        Args:
            table: The table.
            documents: The rows of each paper in it.
            texts: The same of queries and titles.
            axes: (dimension of the teacher, directions), those of the change.
        """
        found = sums_of(table.vectors, list(texts.values()))
        return cls(
            sums_of(table.vectors, documents),
            dict(zip(texts, found, strict=True)),
            (axes.T @ table.axes).astype(np.float32),
        )


def sums_of(table: np.ndarray, texts: Rows) -> np.ndarray:
    """Return the sum of the rows of each text, (texts, dimension) float32."""
    return np.stack([table[rows].sum(axis=0) for rows in texts]).astype(np.float32)


def judge_change(
    change: np.ndarray, begun: Begun, held_out: HeldOut, read: Readings
) -> dict[str, np.ndarray]:
    """Return the nDCG@10 of each held-out query, by style.

    Args:
        change: (tokens of the teacher, directions) float32.
        begun: The table to which it is added.
        held_out: The queries and the papers.
        read: Their tokens.
    """
    texts = [query.text for query in held_out.queries]
    asked = np.stack([begun.texts[text] for text in texts])
    asked += sums_of(change, [read.texts[text] for text in texts]) @ begun.turn
    found = begun.documents[held_out.rows]
    found = found + sums_of(change, [read.documents[row] for row in held_out.rows]) @ begun.turn
    return held_out.by_style(ndcg_of_one(_unit(asked), held_out.golds, _unit(found)))


def fit_change(
    begun: Sequence[Begun],
    pool: Pool,
    read: Readings,
    queries: Sequence[WrittenQuery],
    recipe: TableRecipe,
) -> np.ndarray:
    """Fit the change, so that the sum of a query is near that of its paper in each table.

    Args:
        begun: The tables; negatives are looked for with the first.
        pool: The papers.
        read: Their tokens, and those of queries and titles.
        queries: Written queries; those that are held out are left aside.
        recipe: The numbers.

    Returns:
        (tokens of the teacher, directions) float32; zeros for tokens that no text has.
    """
    pairs = _pairs(queries, pool, recipe)
    wrong = _negatives(begun[0], pairs, recipe)
    change = torch.nn.Parameter(torch.zeros(read.tokens, len(begun[0].turn)))
    adam = torch.optim.AdamW([change], lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    steps = len(pairs) // recipe.batch
    slower = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, total_iters=steps)
    draw = np.random.default_rng(recipe.seed)
    turns = [torch.from_numpy(each.turn) for each in begun]
    for start in range(0, steps * recipe.batch, recipe.batch):
        here = pairs[start : start + recipe.batch]
        golds = [pair.row for pair in here]
        negatives = wrong[start : start + recipe.batch]
        rows = golds + [int(draw.choice(near)) for near in negatives]
        bags = [read.texts[pair.text] for pair in here] + [read.documents[row] for row in rows]
        begins = torch.from_numpy(np.cumsum([0, *map(len, bags[:-1])]))
        tokens = torch.from_numpy(np.concatenate(bags).astype(np.int64))
        changed = functional.embedding_bag(tokens, change, begins, mode="sum")
        # A table for each step, in turn by chance: all of them would cost as many times more.
        at = int(draw.integers(len(begun)))
        asked = np.stack([begun[at].texts[pair.text] for pair in here])
        sums = torch.from_numpy(np.concatenate([asked, begun[at].documents[rows]]))
        units = functional.normalize(sums + changed @ turns[at], dim=-1)
        asked_units, found = units[: len(golds)], units[len(golds) :]
        loss = contrast(asked_units, found, golds, rows, recipe.temperature)
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        adam.step()
        slower.step()
    return np.asarray(change.detach().numpy())


def _unit(vectors: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def _pairs(queries: Sequence[WrittenQuery], pool: Pool, recipe: TableRecipe) -> list[Pair]:
    taken = [q for q in queries if not q.held_out and q.style != recipe.left_out]
    return [
        pair
        for epoch in range(recipe.epochs)
        for pair in draw_pairs(
            taken,
            pool,
            share=recipe.older,
            times=recipe.newer,
            titles=recipe.titles,
            seed=recipe.seed + epoch,
        )
    ]


def _negatives(begun: Begun, pairs: Sequence[Pair], recipe: TableRecipe) -> list[np.ndarray]:
    """Return rows of papers that a table takes for a pair's own, though they are not."""
    different = {(pair.text, pair.row): None for pair in pairs}
    golds = np.array([row for _, row in different])
    among = np.union1d(golds, np.arange(min(recipe.pool, len(begun.documents))))
    mined = mine(
        _unit(np.stack([begun.texts[text] for text, _ in different])),
        np.searchsorted(among, golds),
        _unit(begun.documents[among]),
        ranks=(4, 60),
        below=0.95,
    )
    by_pair = {pair: among[rows] for pair, rows in zip(different, mined, strict=True)}
    return [by_pair[pair.text, pair.row] for pair in pairs]
