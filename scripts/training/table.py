"""The table of a static model, fitted to the written queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from training.data import Pair, Pool, WrittenQuery, draw_pairs
from training.loop import HeldOut, contrast
from training.recipes import PairNumbers
from training.vectors import mine, ndcg_of_one

__all__ = ["Readings", "TableRecipe", "fit_table", "judge_table", "vectors_of"]

Rows = Sequence[np.ndarray]
"""The rows of the table that each text reads."""


@dataclass(frozen=True)
class TableRecipe(PairNumbers):
    """The numbers of a fit."""

    parts: str = "rows"
    """What is fitted: `rows`, each number of the table; `weights`, one number for each row, by
    which it is multiplied; `weights+map`, and one linear map of all vectors."""
    rate: float = 2e-3
    """Adam's, for rows with norms of about 1; falls to 0 in a straight line."""
    weights_rate: float = 2e-2
    """The same for the logarithms of weights."""
    batch: int = 256
    epochs: int = 4
    temperature: float = 0.05
    mined: int = 1
    """Whether (1) each pair has a negative beside the other papers of its batch."""


@dataclass(frozen=True)
class Readings:
    """What is read of the papers and of the texts that look for them."""

    documents: Rows
    """Of each paper of the pool."""
    texts: Mapping[str, np.ndarray]
    """Of each query and title."""


def vectors_of(table: np.ndarray, texts: Rows) -> np.ndarray:
    """Return unit rows, (texts, dimension) float32; zeros for a text without known words."""
    sums = np.stack([table[rows].sum(axis=0) for rows in texts])
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(norms, 1e-12), np.float32)


def judge_table(table: np.ndarray, held_out: HeldOut, read: Readings) -> dict[str, np.ndarray]:
    """Return the nDCG@10 of each held-out query, by style."""
    found = vectors_of(table, [read.documents[row] for row in held_out.rows])
    asked = vectors_of(table, [read.texts[query.text] for query in held_out.queries])
    return held_out.by_style(ndcg_of_one(asked, held_out.golds, found))


def fit_table(
    table: np.ndarray,
    pool: Pool,
    read: Readings,
    queries: Sequence[WrittenQuery],
    recipe: TableRecipe,
) -> np.ndarray:
    """Fit the rows of a table, so that the sum of a query is near that of its paper.

    Args:
        table: (tokens, dimension) float32, to begin with.
        pool: The papers.
        read: Their rows, and those of queries and titles.
        queries: Written queries; those that are held out are left aside.
        recipe: The numbers.

    Returns:
        (tokens, dimension) float32. Rows that no text of the training has stay as they are.
    """
    pairs = _pairs(queries, pool, recipe)
    wrong = _negatives(table, pairs, read, recipe) if recipe.mined else None
    texts = [read.texts[pair.text] for pair in pairs]
    used = np.unique(np.concatenate([*texts, *read.documents]))
    place = np.zeros(len(table), np.int64)
    place[used] = np.arange(len(used))
    fit = Fit(torch.from_numpy(table[used]), recipe)
    adam = torch.optim.Adam(fit.groups(), fused=True)
    steps = len(pairs) // recipe.batch
    slower = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, total_iters=steps)
    draw = np.random.default_rng(recipe.seed)
    for start in range(0, steps * recipe.batch, recipe.batch):
        here = range(start, start + recipe.batch)
        rows = [pairs[at].row for at in here]
        golds = list(rows)
        if wrong is not None:
            rows += [int(draw.choice(wrong[at])) for at in here]
        bags = [place[texts[at]] for at in here] + [place[read.documents[row]] for row in rows]
        begins = torch.from_numpy(np.cumsum([0, *map(len, bags[:-1])]))
        tokens = torch.from_numpy(np.concatenate(bags))
        units = functional.normalize(fit.sums(tokens, begins), dim=-1)
        asked, found = units[: len(golds)], units[len(golds) :]
        loss = contrast(asked, found, golds, rows, recipe.temperature)
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
        adam.step()
        slower.step()
    fitted = fit.mapped(table)
    fitted[used] = fit.table()
    return fitted


class Fit:
    """What is fitted of a table, and the sums that follow from it."""

    def __init__(self, table: torch.Tensor, recipe: TableRecipe) -> None:
        """Begin with a table, (rows, dimension)."""
        self.recipe, self.rows = recipe, torch.nn.Parameter(table, recipe.parts == "rows")
        self.weights = torch.nn.Parameter(torch.zeros(len(table)), recipe.parts != "rows")
        self.map = torch.nn.Parameter(torch.eye(table.shape[1]), recipe.parts == "weights+map")

    def groups(self) -> list[dict[str, Any]]:
        """Return what the optimizer changes, and how fast."""
        rates = [(self.rows, self.recipe.rate), (self.map, self.recipe.rate)]
        rates.append((self.weights, self.recipe.weights_rate))
        return [{"params": [part], "lr": rate} for part, rate in rates if part.requires_grad]

    def sums(self, tokens: torch.Tensor, begins: torch.Tensor) -> torch.Tensor:
        """Return the sum of each text, whose tokens begin at these places."""
        if self.rows.requires_grad:
            return functional.embedding_bag(tokens, self.rows, begins, mode="sum")
        weights = self.weights[tokens].exp()
        sums = functional.embedding_bag(
            tokens, self.rows, begins, mode="sum", per_sample_weights=weights
        )
        return sums @ self.map

    def mapped(self, table: np.ndarray) -> np.ndarray:
        """Return rows that were not fitted, as they are in the fitted table."""
        return np.asarray(table @ self.map.detach().numpy(), np.float32)

    def table(self) -> np.ndarray:
        """Return the fitted rows."""
        weighted = self.rows.detach() * self.weights.detach().exp()[:, None]
        return np.asarray((weighted @ self.map.detach()).numpy())


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


def _negatives(
    table: np.ndarray, pairs: Sequence[Pair], read: Readings, recipe: TableRecipe
) -> list[np.ndarray]:
    """Return rows of papers that the table takes for a pair's own, though they are not."""
    different = {(pair.text, pair.row): None for pair in pairs}
    golds = np.array([row for _, row in different])
    among = np.union1d(golds, np.arange(min(recipe.pool, len(read.documents))))
    mined = mine(
        vectors_of(table, [read.texts[text] for text, _ in different]),
        np.searchsorted(among, golds),
        vectors_of(table, [read.documents[row] for row in among]),
        ranks=(4, 60),
        below=0.95,
    )
    by_pair = {pair: among[rows] for pair, rows in zip(different, mined, strict=True)}
    return [by_pair[pair.text, pair.row] for pair in pairs]
