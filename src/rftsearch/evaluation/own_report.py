"""Measures of the judged sets in folders of their own, by set, kind of query and half."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rftsearch.evaluation.evaluate import evaluate
from rftsearch.evaluation.judged import JudgedQuery
from rftsearch.evaluation.own_sets import (
    LOWER_IS_BETTER,
    OwnSet,
    nothing_said,
    overlap,
    wrong,
)
from rftsearch.evaluation.systems import open_bench
from rftsearch.search.engine import Engine
from rftsearch.types import BoolArray, DoubleArray

__all__ = ["OWN_SYSTEM", "Measured", "measure_own"]

OWN_SYSTEM = "rftsearch"
_TOLERANCE = 1e-5
"""For what other processors make of the same weights."""


@dataclass(frozen=True)
class Measured:
    """One measure of one set."""

    name: str
    queries: tuple[JudgedQuery, ...]
    systems: Mapping[str, DoubleArray]
    """(queries,) float64 by system; `OWN_SYSTEM`, and baselines where there are any."""

    def mean(self, system: str = OWN_SYSTEM, which: BoolArray | None = None) -> float:
        """Return the mean over queries, or over some of them, (queries,) bool."""
        values = self.systems[system]
        chosen = values if which is None else values[which]
        return float(chosen.mean()) if len(chosen) else float("nan")

    def kinds(self) -> dict[str, BoolArray]:
        """Return which queries are of each kind; empty for one kind."""
        kinds = np.array([query.kind for query in self.queries])
        found = {str(kind): kinds == kind for kind in dict.fromkeys(kinds.tolist())}
        return found if len(found) > 1 else {}

    def halves(self) -> tuple[BoolArray, BoolArray]:
        """Return which queries the rule was made with, and which were held out from it.

        Where none is marked, those at even and at odd places.
        """
        held = np.array([query.held_out for query in self.queries])
        if not held.any():
            held = np.arange(len(held)) % 2 == 1
        return ~held, held

    def below(self, floors: Mapping[str, float]) -> dict[str, tuple[float, float]]:
        """Return what was measured, and the floor that it does not reach, by name of floor."""
        found = {}
        for name, which in {"": None, **self.kinds()}.items():
            key = f"{self.name} {name}".strip()
            if key not in floors:
                continue
            value, floor = self.mean(which=which), floors[key]
            sign = -1 if self.name in LOWER_IS_BETTER else 1
            if sign * value < sign * floor - _TOLERANCE:
                found[key] = (round(value, 4), floor)
        return found


def measure_own(
    own: OwnSet, indexes: Mapping[str, Path], *, baselines: bool = False
) -> Iterator[Measured]:
    """Measure a set by each of its measures.

    Args:
        own: The set.
        indexes: The folder of the index of each collection that is there.
        baselines: Whether to measure BM25, the vectors alone and their fusion as well.

    Raises:
        SourceError: A file of the set cannot be read, or does not fit its collection.
        IndexMissingError, IndexDamagedError, IndexFormatError, ModelError: See errors.
    """
    asked = [query for query in own.queries() if query.collection in indexes]
    evaluation = None
    for name in own.measures:
        if name in {"nothing", "overlap@10"}:
            parts = {
                collection: tuple(query for query in asked if query.collection == collection)
                for collection in dict.fromkeys(query.collection for query in asked)
            }
            values = []
            for collection, queries in parts.items():
                with Engine.open(indexes[collection]) as engine:
                    found = nothing_said if name == "nothing" else overlap
                    values.append(np.asarray(found(engine, queries), np.float64))
            if values:
                ordered = tuple(query for queries in parts.values() for query in queries)
                yield Measured(name, ordered, {OWN_SYSTEM: np.concatenate(values)})
            continue
        if own.collection not in indexes:
            return
        if evaluation is None:
            with open_bench(indexes[own.collection], baselines=baselines) as bench:
                evaluation = evaluate(own.judged(), bench)
        yield Measured(
            name,
            evaluation.queries,
            {
                system: wrong(evaluation, system)
                if name == "wrong@10"
                else evaluation.of(system, name)
                for system in evaluation.systems
            },
        )
