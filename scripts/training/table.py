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
from training.data import Pair, Pool, WrittenQuery, drawn
from training.loop import HeldOut
from training.rows import Readings, RowNumbers, Rows, fit_rows, negatives, sums_of, unit
from training.vectors import ndcg_of_one

__all__ = ["Begun", "TableRecipe", "fit_change", "judge_change"]


@dataclass(frozen=True)
class TableRecipe(RowNumbers):
    """The numbers of a fit."""

    tables: int = 99
    """At most this many tables are fitted; the first is that of all papers."""
    share: float = 1.2
    """By which the change is multiplied in the file."""


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
    return held_out.by_style(ndcg_of_one(unit(asked), held_out.golds, unit(found)))


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
    pairs = drawn(queries, pool, recipe)
    wrong = negatives(pairs, begun[0].texts, begun[0].documents, recipe)
    turns = [torch.from_numpy(each.turn) for each in begun]

    def units(
        sums: torch.Tensor, here: Sequence[Pair], rows: Sequence[int], draw: np.random.Generator
    ) -> torch.Tensor:
        # A table for each step, in turn by chance: all of them would cost as many times more.
        at = int(draw.integers(len(begun)))
        asked = np.stack([begun[at].texts[pair.text] for pair in here])
        own = torch.from_numpy(np.concatenate([asked, begun[at].documents[list(rows)]]))
        return functional.normalize(own + sums @ turns[at], dim=-1)

    start = np.zeros((read.tokens, len(begun[0].turn)), np.float32)
    return fit_rows(start, pairs, wrong, read, units, recipe)
