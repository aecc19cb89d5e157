"""Names for the regions of the map: the words that set the titles of each apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rftsearch.search.answer.overview import MapPoint
from rftsearch.search.query.examples import phrases_by_category
from rftsearch.types import DoubleArray, IndexArray

__all__ = ["Region", "name_regions"]

FEWEST = 30
"""With fewer papers the names of the papers are enough."""
PAPERS = 25
"""About so many papers make a region."""
MOST = 16
LARGEST_SHARE = 1.25
"""What more titles have than this many regions hold names none of them."""
WORDS = 0.4
"""What a single word is worth beside a pair: `medical` beside `process rewards`."""
ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the map whose papers have something in common."""

    words: str
    x: float
    y: float
    """The middle of its papers."""
    size: int
    """How many papers lie in it."""


def name_regions(points: Sequence[MapPoint]) -> list[Region]:
    """Divide a map into regions and name each by a phrase of its titles, the largest first.

    A region whose titles share no phrase has no name, and is left out.
    """
    if len(points) < FEWEST:
        return []
    places = np.array([(point.x, point.y) for point in points], np.float64)
    middles, region = _divide(places, min(MOST, max(2, len(points) // PAPERS)))
    titles = zip(map(str, region.tolist()), (point.title for point in points), strict=True)
    share = LARGEST_SHARE / len(middles)
    named: dict[int, str] = {}
    for number, words in phrases_by_category(titles, len(middles), share, WORDS):
        named.setdefault(int(number), words)
    sizes = np.bincount(region, minlength=len(middles))
    found = [
        Region(
            words, round(float(middles[at][0]), 4), round(float(middles[at][1]), 4), int(sizes[at])
        )
        for at, words in named.items()
    ]
    return sorted(found, key=lambda one: (-one.size, one.words))


def _divide(places: DoubleArray, count: int) -> tuple[DoubleArray, IndexArray]:
    """Return the middles of `count` groups of places by k-means, and the group of each place.

    It begins with places far from each other, so the same map is always divided alike.
    """
    first = int(np.argmin(((places - places.mean(axis=0)) ** 2).sum(axis=1)))
    chosen = [first]
    away = ((places - places[first]) ** 2).sum(axis=1)
    while len(chosen) < count:
        chosen.append(int(np.argmax(away)))
        away = np.minimum(away, ((places - places[chosen[-1]]) ** 2).sum(axis=1))
    middles = places[chosen]
    group = np.zeros(len(places), np.int64)
    for _ in range(ROUNDS):
        now = ((places[:, None] - middles[None]) ** 2).sum(axis=2).argmin(axis=1)
        if (now == group).all():
            break
        group = now
        for at in range(count):
            if (group == at).any():
                middles[at] = places[group == at].mean(axis=0)
    return middles, group
