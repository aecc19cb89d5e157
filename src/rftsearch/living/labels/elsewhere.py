"""Labelled papers that are like those of another category: they may stand in the wrong place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rftsearch.errors import UsageError
from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.model import LabelModel
from rftsearch.papers.paper import Paper

__all__ = ["Elsewhere", "find_elsewhere"]

_AROUND = 7
"""How many of the nearest papers must stand elsewhere: all of them. With six, a paper was
named whose neighbours are benchmarks of its subject."""
_SECTION = 5
"""A category with fewer papers may have no neighbours of its own."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a paper would stand by what it is about."""

    category: str
    probability: float
    """How likely that is when the paper is predicted without its own label, 0 to 1."""
    names: tuple[str, ...]
    """Short names of the papers there that are nearest to it."""


def find_elsewhere(
    papers: Sequence[Paper], labels: Sequence[Sequence[str]], evidence: Evidence
) -> Mapping[str, Elsewhere]:
    """Return, by id, the papers that surely belong to a category other than their own.

    Each is predicted without its own label. The prediction must be as certain as those that
    are right at least 97% of the time for the other papers, and none of the seven nearest
    papers may stand in a category of the paper. The meaning of the names of categories is not
    asked for, so no model of language is loaded.

    Args:
        papers: The papers, each once.
        labels: The categories of each, one or more.
        evidence: What is known of them.
    """
    try:
        model = LabelModel.fit(evidence, labels)
    except UsageError:
        return {}
    sizes = Counter(name for own in labels for name in set(own))
    near, _ = model.neighbours(model.features.nearness(evidence), _AROUND + 1)
    found = {}
    for row, (paper, own) in enumerate(zip(papers, labels, strict=True)):
        guesses = model.of_known[row]
        category = model.categories[int(guesses.argmax())]
        around = [at for at in near[row].tolist() if at != row][:_AROUND]
        if (
            category in own
            or len(around) < _AROUND
            or all(sizes[name] < _SECTION for name in own)
            or any(set(own) & set(labels[at]) for at in around)
            or guesses.max() < model.sure_without(row)
        ):
            continue
        there = np.array([category in one for one in labels])
        there[row] = False
        likeness = np.where(there, model.features.nearness(evidence.rows([row]))[0], -np.inf)
        nearest = np.argsort(-likeness, kind="stable")[: min(_NAMED, int(there.sum()))]
        names = tuple(papers[at].short_name for at in nearest)
        found[paper.id] = Elsewhere(category, float(guesses.max()), names)
    return found
