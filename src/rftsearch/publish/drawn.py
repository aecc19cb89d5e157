"""The map of a published page: where the papers lie, and what its regions are called."""

from __future__ import annotations

from typing import Any

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.look.strings import about_map
from rftsearch.search.answer.overview import PaperMap
from rftsearch.search.answer.regions import name_regions
from rftsearch.search.scope import Scope
from rftsearch.types import DoubleArray

__all__ = ["drawn_map"]


def drawn_map(generation: Generation) -> dict[str, Any]:
    """Return the map, as JSON.

    Returns:
        `places`: x and y of each paper, newest first, 0 to 1; empty for one that is not on the
        map. `regions`: `words`, x and y of each region that has a name, the largest first.
        `about`: what the map shows.
    """
    drawn, papers = generation.map, len(generation.attributes)
    found: list[list[float]] = [[] for _ in range(papers)]
    whole = PaperMap.of(generation, Scope())
    if not len(drawn):
        return {"about": about_map(whole), "places": found, "regions": []}
    low, high = drawn.places.min(axis=0), drawn.places.max(axis=0)

    def scaled(places: DoubleArray) -> list[list[float]]:
        fractions = (places - low) / np.maximum(high - low, 1e-9)
        return [[round(x, 4), round(y, 4)] for x, y in fractions.tolist()]

    rows = generation.attributes.rank(drawn.ids)
    for row, place in zip(rows.tolist(), scaled(drawn.places), strict=True):
        found[row] = place
    named = name_regions(whole.points)
    middles = scaled(np.array([(one.x, one.y) for one in named], np.float64).reshape(-1, 2))
    regions = [
        {"words": one.words, "x": x, "y": y} for one, (x, y) in zip(named, middles, strict=True)
    ]
    return {"about": about_map(whole), "places": found, "regions": regions}
