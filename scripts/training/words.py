"""The table of words that is added to the default model's vectors, fitted to written queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from training.coverage import Coverage
from training.data import Pair, Pool, WrittenQuery, drawn
from training.loop import HeldOut
from training.rows import Readings, RowNumbers, fit_rows, negatives, sums_of, unit
from training.vectors import ndcg_of_scores

__all__ = ["WordRecipe", "WordVectors", "fit_words", "judge_words"]


@dataclass(frozen=True)
class WordRecipe(RowNumbers):
    """The numbers of a fit; the defaults made the table that is shipped."""

    titles: int = 8000
    pool: int = 16_000
    directions: int = 256
    """Of the model's space, in which the words have their vectors."""
    weight: float = 0.45
    """The length of the sum of a text's words in the fit, beside a vector of length one."""
    share: float = 0.3
    """The same in the product."""
    words: float = 0.6
    """What the coverage of a query's words counts, beside a cosine; as in the ranking."""
    fits: int = 2
    """Of two, the second is without coverage, and their mean is kept: one table completes
    BM25, the other serves where words are rare."""
    common: float = 1e-3
    """The share of all tokens at which a token weighs half at first: a of a / (a + p)."""
    prior: int = 50_000
    """Tokens of ordinary English that are counted too, in Zipf's distribution."""


@dataclass(frozen=True)
class WordVectors:
    """Vectors of the transformer, which stay as they are."""

    documents: np.ndarray
    """(papers, dimension) float32 unit rows."""
    texts: Mapping[str, np.ndarray]
    """(dimension,) float32 of each query and title."""
    alone: np.ndarray
    """(tokens, dimension) float32, each token as a text of its own; zeros where it has no text."""

    def axes(self, directions: int) -> np.ndarray:
        """Return the directions in which papers differ most, (dimension, directions) float32."""
        _, axes = np.linalg.eigh(np.cov(self.documents.T.astype(np.float64)))
        return np.ascontiguousarray(axes[:, ::-1][:, :directions], np.float32)


def fit_words(
    vectors: WordVectors,
    pool: Pool,
    read: Readings,
    queries: Sequence[WrittenQuery],
    recipe: WordRecipe,
    coverage: Coverage,
) -> np.ndarray:
    """Fit the table, so that what it adds completes the transformer and BM25.

    Args:
        vectors: Those of the transformer.
        pool: The papers.
        read: Their tokens, and those of queries and titles.
        queries: Written queries; those that are held out are left aside.
        recipe: The numbers.
        coverage: BM25 of queries, titles and papers.

    Returns:
        (tokens, directions) float32; zeros for tokens that no text has.
    """
    pairs = drawn(queries, pool, recipe)
    wrong = negatives(pairs, vectors.texts, vectors.documents, recipe)
    axes = vectors.axes(recipe.directions)
    way_back = torch.from_numpy(np.float32(recipe.weight) * axes.T)

    def units(
        sums: torch.Tensor, here: Sequence[Pair], rows: Sequence[int], draw: np.random.Generator
    ) -> torch.Tensor:
        del draw
        asked = np.stack([vectors.texts[pair.text] for pair in here])
        own = torch.from_numpy(np.concatenate([asked, vectors.documents[list(rows)]]))
        return functional.normalize(own + functional.normalize(sums, dim=-1) @ way_back, dim=-1)

    def more(here: Sequence[Pair], rows: Sequence[int]) -> np.ndarray:
        return np.float32(recipe.words) * coverage.between([pair.text for pair in here], rows)

    added = (more, None)[: recipe.fits]

    counts = np.zeros(read.tokens)
    for tokens in (*read.documents, *read.texts.values()):
        counts += np.bincount(tokens, minlength=read.tokens)
    start = _start(vectors, axes, counts, recipe)
    fitted = [fit_rows(start, pairs, wrong, read, units, recipe, each) for each in added]
    table = np.asarray(np.mean(fitted, axis=0), np.float32)
    table[counts == 0] = 0
    return table


def judge_words(
    table: np.ndarray,
    share: float,
    vectors: WordVectors,
    axes: np.ndarray,
    held_out: HeldOut,
    read: Readings,
    coverage: np.ndarray,
) -> dict[str, np.ndarray]:
    """Return the nDCG@10 of each held-out query, by style.

    Args:
        table: (tokens, directions) float32.
        share: The length of the sum of a text's words.
        vectors: Those of the transformer.
        axes: (dimension, directions) float32.
        held_out: The queries and the papers.
        read: Their tokens.
        coverage: (queries, papers) float32, what is added to the cosines.
    """
    texts = [query.text for query in held_out.queries]
    way_back = np.float32(share) * axes.T
    asked = np.stack([vectors.texts[text] for text in texts])
    asked = asked + unit(sums_of(table, [read.texts[text] for text in texts])) @ way_back
    found = vectors.documents[held_out.rows]
    sums = sums_of(table, [read.documents[row] for row in held_out.rows])
    found = found + unit(sums) @ way_back
    scores = unit(asked) @ unit(found).T + coverage
    return held_out.by_style(ndcg_of_scores(scores, held_out.golds))


def _start(
    vectors: WordVectors, axes: np.ndarray, counts: np.ndarray, recipe: WordRecipe
) -> np.ndarray:
    """Where the table begins: each token's own vector, less of it the more frequent it is."""
    # The vocabulary of BERT is roughly in the order of frequency; see `static_training`.
    usual = 1 / np.maximum(np.arange(len(counts)) - 1000, 1000)
    expected = counts + recipe.prior * usual / usual.sum()
    weights = recipe.common / (recipe.common + expected / expected.sum())
    table = (vectors.alone - vectors.alone.mean(axis=0)) @ axes * weights[:, None]
    return np.asarray(table / np.linalg.norm(table, axis=1).mean(), np.float32)
