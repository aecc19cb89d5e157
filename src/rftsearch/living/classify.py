"""A likely category for what has none: its neighbours vote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from rftsearch.papers.results import Hit

__all__ = ["likely_category"]

_VOTERS = 7


def likely_category(hits: Sequence[Hit]) -> str | None:
    """The category that most of the nearest works are under.

    Each of the best seven votes with its score, so that the nearest count most;
    between equals the nearer one's category wins.

    Args:
        hits: Works like the one without a category, best first.

    Returns:
        A category of theirs; None where there are no hits.
    """
    votes: defaultdict[str, float] = defaultdict(float)
    for hit in hits[:_VOTERS]:
        for category in hit.paper.categories:
            votes[category] += max(hit.score, 0.0)
    return max(votes, key=lambda name: votes[name], default=None)
