"""Travel in time: hide the later papers of a list, and see whether they would be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rftsearch.errors import UsageError
from rftsearch.living.discovery.border import Border, rank
from rftsearch.living.discovery.discover import expected_papers, recency
from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.words import WordTable
from rftsearch.papers.paper import Paper
from rftsearch.text.dates import first_day, is_from, lies_before
from rftsearch.types import BoolArray, DoubleArray

__all__ = [
    "BACKTEST_COUNTS",
    "OURS",
    "Backtest",
    "Ranking",
    "backtest",
    "default_month",
    "rank_systems",
]

BACKTEST_COUNTS = (20, 50, 100, 200, 500)
"""After how many proposals the recall is measured."""
_LATER = 0.3
"""The share of dated papers that is hidden if no month is named."""
_LEAST = 5
_KEYWORDS = 10
OURS = "rftsearch"
"""The name of our own ranking beside the others."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well one system ranked the hidden papers among all others."""

    system: str
    average_precision: float
    recall: tuple[float, ...]
    """After each of `BACKTEST_COUNTS` proposals."""
    recall_of_share: float
    """After the best 5%."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        recall = dict(zip(map(str, BACKTEST_COUNTS), self.recall, strict=True))
        return {
            "system": self.system,
            "average_precision": round(self.average_precision, 4),
            "recall": {count: round(share, 4) for count, share in recall.items()},
            "recall_at_5_percent": round(self.recall_of_share, 4),
        }


@dataclass(frozen=True)
class Backtest:
    """What was hidden, and how well each system found it."""

    month: str
    known: int
    hidden: int
    others: int
    """Papers that no list names; some of them may belong all the same."""
    left_out: int
    """Listed papers without a date, or with one that may lie on both sides of the month."""
    rankings: tuple[Ranking, ...]
    best_others: tuple[Paper, ...]
    """Those of them that are ranked best, to be looked at."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "month": self.month,
            "known": self.known,
            "hidden": self.hidden,
            "others": self.others,
            "left_out": self.left_out,
            "rankings": [one.to_dict() for one in self.rankings],
            "best_others": [{"id": one.id, "title": one.title} for one in self.best_others],
        }


def default_month(papers: Sequence[Paper]) -> str:
    """Return the month from which on about 30% of the dated papers are; perhaps a year.

    Raises:
        UsageError: Too few papers have a month.
    """
    months = sorted((paper.released for paper in papers if paper.released), key=first_day)
    if len(months) < 2 * _LEAST:
        raise UsageError("too few papers have a month; a backtest needs at least 10 of them")
    return months[int(len(months) * (1 - _LATER))]


def backtest(
    month: str,
    listed: Sequence[Paper],
    evidence: Evidence,
    others: Sequence[Paper],
    others_evidence: Evidence,
) -> Backtest:
    """Rank the hidden papers among others, knowing only the earlier ones.

    Args:
        month: Papers of this month, or year, and later are hidden. Those without a date are left
            out, and those of which only the year is known if the month lies in it.
        listed: The papers of the list.
        evidence: What is known of them.
        others: Papers that are not in the list.
        others_evidence: What is known of them.

    Raises:
        UsageError: Fewer than 5 papers are known, hidden, or not in the list.
    """
    dated = [(row, paper.released) for row, paper in enumerate(listed) if paper.released]
    known = [row for row, released in dated if lies_before(released, month)]
    hidden = [row for row, released in dated if is_from(released, month)]
    if min(len(known), len(hidden), len(others)) < _LEAST:
        raise UsageError(
            f"{len(known)} listed papers are from before {month}, {len(hidden)} from then on, and "
            f"{len(others)} are not in the list; a backtest needs at least {_LEAST} of each"
        )
    pool = evidence.rows(hidden).joined(others_evidence)
    wanted = np.arange(len(pool)) < len(hidden)
    earlier = [listed[row] for row in known]
    papers = [*(listed[row] for row in hidden), *others]
    border = Border(evidence.rows(known), recency(earlier))
    rankings, scores = rank_systems(border, pool, expected_papers(earlier, papers), wanted)
    order = np.argsort(-scores[OURS], kind="stable")
    best = [papers[at] for at in order[:200] if not wanted[at]]
    left_out = len(listed) - len(known) - len(hidden)
    return Backtest(
        month, len(known), len(hidden), len(others), left_out, rankings, tuple(best[:20])
    )


def rank_systems(
    border: Border, pool: Evidence, expected: float, wanted: BoolArray
) -> tuple[tuple[Ranking, ...], dict[str, DoubleArray]]:
    """Measure how well each system ranks the wanted papers of a pool.

    Args:
        border: What is known of the list.
        pool: The papers, wanted and others.
        expected: As for `rank`.
        wanted: (p,), which of them are wanted.

    Returns:
        The rankings, and the scores by the name of the system.
    """
    scores = _scores(border, pool, expected)
    return tuple(_ranking(name, one, wanted) for name, one in scores.items()), scores


def _scores(border: Border, pool: Evidence, expected: float) -> dict[str, DoubleArray]:
    """Return the scores of rftsearch and of what others do, by name.

    A keyword bot counts the ten words that are most typical of the list's titles, as in the
    titles and abstracts of candidates; BM25 takes all words of all titles for a query.
    """
    listed = border.listed
    near = pool.texts @ listed.texts.T
    nearest = -np.sort(-near, axis=1)[:, :5]
    return {
        OURS: rank(border, pool, expected).scores,
        "centroid": near.mean(axis=1),
        "best single": nearest[:, 0],
        "mean of 5 nearest": nearest.mean(axis=1),
        "words, like BM25": _words(listed, pool),
        "keyword bot": _keywords(listed, pool),
    }


def _words(listed: Evidence, pool: Evidence) -> DoubleArray:
    table = WordTable(pool)
    titles = Evidence(listed.texts, listed.titles, listed.heads, [[] for _ in listed.heads])
    return np.asarray(table.rows(pool) @ table.rows(titles).sum(axis=0).T).ravel()


def _keywords(listed: Evidence, pool: Evidence) -> DoubleArray:
    table = WordTable(pool)
    counts: dict[str, int] = {}
    for head in listed.heads:
        for term in set(head):
            counts[term] = counts.get(term, 0) + 1
    typical = {term: count * table.rarity(term) for term, count in counts.items()}
    chosen = set(sorted(typical, key=lambda term: (-typical[term], term))[:_KEYWORDS])
    return np.array(
        [
            2 * len(chosen & set(head)) + len(chosen & set(body))
            for head, body in zip(pool.heads, pool.bodies, strict=True)
        ],
        np.float64,
    )


def _ranking(system: str, scores: DoubleArray, wanted: BoolArray) -> Ranking:
    # Equals in a random order: the hidden papers stand first among them.
    mixed = np.random.default_rng(0).permutation(len(scores))
    hits = wanted[mixed[np.argsort(-scores[mixed], kind="stable")]]
    found = np.cumsum(hits)
    precision = found / (np.arange(len(hits)) + 1)
    total = int(wanted.sum())
    return Ranking(
        system,
        float(precision[hits].mean()),
        tuple(float(found[min(count, len(hits)) - 1] / total) for count in BACKTEST_COUNTS),
        float(found[max(int(0.05 * len(hits)), 1) - 1] / total),
    )
