"""The fit of a table of words to what a teacher says of texts, and to pairs of texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rftsearch.encoders.learning.descent import (
    Sums,
    Table,
    contrast,
    counts_of,
    gradient_of,
    stacked,
)
from rftsearch.encoders.learning.recipe import Recipe
from rftsearch.types import FloatArray, TokenArray

__all__ = ["fitted"]


def fitted(
    vectors: FloatArray,
    examples: Sequence[TokenArray],
    targets: FloatArray,
    pairs: tuple[Sequence[TokenArray], Sequence[TokenArray]],
    recipe: Recipe,
) -> FloatArray:
    """Fit vectors of tokens, so that their sums point in the directions of the targets.

    Args:
        vectors: (tokens, dimension) float32, to begin with.
        examples: Rows of texts.
        targets: (examples, dimension) float32, of unit norm.
        pairs: Rows of titles, and of the abstracts that belong to them.
        recipe: The numbers.

    Returns:
        (tokens, dimension) float32; tokens that occur in no text keep their vectors.
    """
    titles, abstracts = pairs
    readable = np.flatnonzero([len(rows) > 0 for rows in examples])
    paired = np.flatnonzero([len(titles[i]) and len(abstracts[i]) for i in range(len(titles))])
    if not len(readable):
        return vectors
    used = np.unique(np.concatenate([*examples, *abstracts]))
    place = np.zeros(len(vectors), np.int64)
    place[used] = np.arange(len(used))
    table = Table(vectors[used], recipe.rate)
    taught, title, abstract = (
        counts_of([place[rows] for rows in texts], len(used))
        for texts in (examples, titles, abstracts)
    )
    steps = recipe.steps_for(len(readable))
    draw = np.random.default_rng(recipe.seed)
    for step in range(steps):
        one = draw.choice(readable, min(recipe.batch, len(readable)), replace=False)
        two = draw.choice(paired, min(recipe.pairs, len(paired)), replace=False)
        # One product for all texts: what a token gets from several of them is added up.
        counts = stacked([taught[one], title[two], abstract[two]])
        sums = Sums.of(counts @ table.rows)
        towards = np.zeros_like(sums.directions)
        towards[: len(one)] = -targets[one] / np.float32(len(one))
        if recipe.contrast and len(two) > 1:
            ours, theirs = sums.directions[len(one) :].reshape(2, len(two), -1)
            gradient = contrast(ours, theirs, recipe.temperature)
            towards[len(one) :] = np.float32(recipe.contrast) * gradient
        table.descend(*gradient_of(counts, sums.back(towards)), 1 - step / steps)
    moved = vectors.copy()
    moved[used] = table.rows
    return moved
