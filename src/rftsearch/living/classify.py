"""Classification: the likely category of a new paper, by the vote of its neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rftsearch.papers.results import Hit

__all__ = ["VOTERS", "likely_category"]

VOTERS = 7
"""How many of the nearest papers vote."""


def likely_category(hits: Sequence[Hit]) -> str | None:
    """Return the category of most of the nearest papers.

    Each of the best seven votes with its score, so that the nearest count most. If two
    categories are equal, that of the nearer paper wins.

    Args:
        hits: Papers similar to the one without a category, best first.

    Returns:
        One of their categories; None if there are no hits.
    """
    votes: defaultdict[str, float] = defaultdict(float)
    for hit in hits[:VOTERS]:
        for category in hit.paper.categories:
            votes[category] += max(hit.score, 0.0)
    return max(votes, key=lambda name: votes[name], default=None)
