"""How scores become a ranking: pure numpy, no index and no model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["rank", "top"]

Scores = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Order = npt.NDArray[np.intp]


def rank(scores: Scores, ties: Order) -> Order:
    """The order of a ranking: by score, and by `ties` where scores are equal.

    Args:
        scores: (n,) float32, higher is better.
        ties: (n,) a number for each, lower is better: newest first, then by id.

    Returns:
        (n,) indices into both, best first.
    """
    return np.lexsort((ties, -scores))


def top(
    search: Callable[[int], tuple[Scores, Ids]], ties: Callable[[Ids], Order], k: int
) -> tuple[Scores, Ids]:
    """The best k of a search that breaks ties in an order of its own.

    More than k are asked for until the last one found scores below the k-th, so
    that which of several equals make it into the answer is settled by `ties`.

    Args:
        search: Finds that many, or as many as there are, best first.
        ties: Gives the number of each id by which equals are ordered.
        k: How many to return at the most.
    """
    wanted = k + 1
    while True:
        scores, ids = search(wanted)
        if len(scores) < wanted or scores[-1] < scores[k - 1]:
            break
        wanted *= 2
    order = rank(scores, ties(ids))[:k]
    return scores[order], ids[order]
