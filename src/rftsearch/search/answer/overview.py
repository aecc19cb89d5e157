"""Overviews of the collection: a map of the papers, and their numbers over time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any, Self

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.search.scope import RowsGoneError, Scope

__all__ = ["MOST_BARS", "MapPoint", "PaperMap", "Timeline"]

MOST_BARS = 5_000
"""The most bars of a timeline: months times categories."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One paper on the map."""

    id: str
    short_name: str
    title: str
    category: str
    """The first of its categories."""
    kind: str
    released: str | None
    """Month of release, `2025-03`."""
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PaperMap:
    """Papers in the plane: papers of similar meaning lie close together.

    Axes, directions and long distances carry no meaning.
    """

    points: tuple[MapPoint, ...]
    """In no particular order."""
    method: str
    """The method that placed the points."""
    total: int
    """Papers that pass the filters, whether they are on the map or not."""
    sampled: bool
    """Whether only an even sample is on the map, since the collection is large."""

    @classmethod
    def of(cls, generation: Generation, scope: Scope) -> Self:
        """Return the map of the papers in scope.

        Raises:
            RowsGoneError: The store no longer has what the generation names.
        """
        drawn, attributes = generation.map, generation.attributes
        shown = np.arange(len(drawn))
        if scope.passing is not None:
            shown = shown[scope.passing[attributes.rank(drawn.ids)]]
        ids = [int(identifier) for identifier in drawn.ids[shown]]
        headings = generation.store.headings(ids)
        if len(headings) < len(ids):
            raise RowsGoneError
        points = (
            MapPoint(*headings[identifier], x=round(float(x), 4), y=round(float(y), 4))
            for identifier, (x, y) in zip(ids, drawn.places[shown], strict=True)
        )
        total = len(attributes) if scope.passing is None else int(scope.passing.sum())
        sampled = len(drawn) < len(attributes)
        return cls(tuple(points), drawn.method, total, sampled)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Papers per month and category, each under the first of its categories."""

    months: tuple[str, ...]
    """From the first to the last, `2025-03`, empty months included."""
    categories: tuple[str, ...]
    """All categories of the index, in the list's order."""
    counts: tuple[tuple[int, ...], ...]
    """For each month the number of papers in each category."""
    undated: int
    """Papers that pass the filters and have no month."""
    earlier: int
    """Papers older than the first month; there were too many bars to draw."""

    @classmethod
    def of(cls, generation: Generation, scope: Scope) -> Self:
        """Return the timeline of the papers in scope."""
        attributes = generation.attributes
        months, counts = attributes.count_months(scope.passing)
        cut = max(0, len(months) - max(1, MOST_BARS // max(1, len(attributes.categories))))
        total = len(attributes) if scope.passing is None else int(scope.passing.sum())
        return cls(
            tuple(months[cut:]),
            attributes.categories,
            tuple(tuple(map(int, row)) for row in counts[cut:]),
            undated=total - int(counts.sum()),
            earlier=int(counts[:cut].sum()),
        )

    @property
    def total(self) -> int:
        """Number of papers in all months."""
        return sum(map(sum, self.counts))

    def cumulative(self) -> tuple[tuple[int, ...], ...]:
        """Return for each month the number of papers in each category up to its end."""
        columns = [list(accumulate(column)) for column in zip(*self.counts, strict=True)]
        return tuple(zip(*columns, strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)
