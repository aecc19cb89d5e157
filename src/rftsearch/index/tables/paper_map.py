"""A map of the papers: a place in the plane for each, with similar papers close together.

Readers get to know a map, so it stays the same from build to build: papers that stay
keep their places to the last bit, and a new one is put among the most similar papers.
Once a tenth of the papers was added so, all places are improved together, starting
from where they are.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.index.tables.npy import open_array, save_array
from rftsearch.types import BoolArray, DoubleArray, FloatArray, IdArray

__all__ = ["MOST", "Entry", "Projection", "draw_map", "sample"]


MOST = 5_000
"""At most this many papers are on a map: a browser moves no more smoothly."""
FEWEST_TSNE = 30
"""Below this many papers t-SNE has no neighbourhoods to keep, and PCA draws the map."""
MOST_TSNE = 2_000
"""Papers that t-SNE lays out; others are put among them. Bounds the cost to seconds."""
PERPLEXITY = 30
ITERATIONS = 500
"""On 299 papers, twice as many iterations improve nothing (`trustworthiness` 0.888)."""
IMPROVING = 250
"""Iterations that improve an existing map; the fewest that scikit-learn runs."""
MOST_PLACED = 0.1
"""Share of papers that may be put among the others before all places are improved."""
NEIGHBOURS = 10
"""How many papers decide where a new one is put."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a map needs of a paper besides its vector."""

    id: int
    """The integer id of the version."""
    paper_id: str
    body: bytes
    """The key of its embedding: a paper whose text changed gets a new place."""


@dataclass(frozen=True)
class Projection:
    """The places of papers, in the order of `sample`."""

    ids: IdArray
    """(n,) int64 ids."""
    keys: npt.NDArray[np.uint64]
    """(n,) uint64, a checksum of paper and text: the same from build to build."""
    places: DoubleArray
    """(n, 2) float64, centred at first; the unit has no meaning."""
    placed: BoolArray
    """(n,) bool, whether a paper was put among others that had been laid out together."""

    def __len__(self) -> int:
        """Return how many papers are on it."""
        return len(self.ids)

    @property
    def method(self) -> str:
        """The method by which it was drawn, for its readers."""
        if len(self) < FEWEST_TSNE:
            return "PCA"
        return f"t-SNE (perplexity {_perplexity(len(self)):.0f})"

    def save(self, path: Path) -> None:
        """Write it to a `.npy` file.

        Raises:
            OSError: It cannot be written.
        """
        rows = np.empty(len(self), _ROW)
        for field in fields(self):
            rows[field.name] = getattr(self, field.name)
        save_array(path, rows)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file that `save` wrote.

        Raises:
            IndexDamagedError: It is missing, or something else.
            OSError: The system refuses to read it.
        """
        rows = open_array(path, _ROW, (None,))
        if not np.isfinite(rows["places"]).all():
            raise IndexDamagedError(f"{path} has papers at no place; {REPAIR}")
        return cls(*(np.asarray(rows[field.name]) for field in fields(cls)))


_ROW = np.dtype(
    [("ids", np.int64), ("keys", np.uint64), ("places", np.float64, (2,)), ("placed", np.bool_)]
)


def sample(entries: Iterable[Entry]) -> list[Entry]:
    """Return the papers that are drawn: all, or an even sample of `MOST`.

    A checksum of their ids orders them, and chooses among too many: evenly over months
    and categories, and the same ones from build to build.
    """
    return heapq.nsmallest(MOST, entries, key=lambda entry: _checksum(entry.paper_id.encode()))


def draw_map(
    entries: Sequence[Entry], vectors: FloatArray, before: Projection | None = None
) -> Projection:
    """Find a place for each paper.

    The same entries, vectors and map before give the same places, whatever the
    number of threads. Papers of `before` keep their places exactly while no more
    than `MOST_PLACED` of all were put among them; after that they move a little.

    Args:
        entries: The papers, in the order of `sample`.
        vectors: (n, dimension) float32, a unit vector of title and abstract for each.
        before: The map of the previous build.
    """
    rows = np.asarray(vectors, np.float64)
    keys = np.array([_checksum(e.paper_id.encode() + b"\0" + e.body) for e in entries], np.uint64)
    ids = np.array([entry.id for entry in entries], np.int64)
    count = len(entries)
    if before is None or (len(before) < FEWEST_TSNE) != (count < FEWEST_TSNE):
        before = Projection(ids[:0], keys[:0], np.empty((0, 2)), np.empty(0, np.bool_))
    _, here, there = np.intersect1d(keys, before.keys, return_indices=True)
    fresh = np.ones(count, np.bool_)
    fresh[here] = False
    places, placed = np.zeros((count, 2)), fresh.copy()
    places[here], placed[here] = before.places[there], before.placed[there]
    places[fresh] = _put_among(rows[~fresh], places[~fresh], rows[fresh])
    if placed.sum() > MOST_PLACED * count:
        improved = _laid_out(rows, places if 2 * len(here) >= count else None)
        places = _turned(improved, improved[here], before.places[there])
        fresh[:], placed[:] = True, False
    return Projection(ids, keys, _apart(places, fresh), placed)


def _laid_out(vectors: DoubleArray, start: DoubleArray | None) -> DoubleArray:
    """Places for all papers together, from a start if there is one."""
    # Heavy, and for builds only. Before threads are limited: the limit holds for the
    # libraries that are loaded by then, and scikit-learn loads some of its own.
    import sklearn.decomposition  # noqa: PLC0415
    import sklearn.manifold  # noqa: F401, PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    # One thread: sums in another order would differ in the last bit, and t-SNE would make
    # another map of them.
    with threadpool_limits(1):
        return _pca(vectors) if len(vectors) < FEWEST_TSNE else _tsne(vectors, start)


def _tsne(vectors: DoubleArray, start: DoubleArray | None) -> DoubleArray:
    """Places by t-SNE of the Euclidean distances, which have the same order as the cosines."""
    from sklearn.manifold import TSNE  # noqa: PLC0415

    core = vectors[:MOST_TSNE]  # an even sample, as the papers are ordered by a checksum
    if start is None:
        # Started from PCA, t-SNE also keeps the large-scale arrangement, and needs no random
        # numbers (Kobak and Berens 2019, https://doi.org/10.1038/s41467-019-13056-x).
        first = _pca(core)
        first *= 1e-4 / max(first[:, 0].std(), 1e-12)
        iterations, exaggeration = ITERATIONS, 12.0
    else:
        first, iterations, exaggeration = start[:MOST_TSNE], IMPROVING, 1.0
    tsne = TSNE(
        init=first.astype(np.float32),
        perplexity=_perplexity(len(core)),
        max_iter=iterations,
        early_exaggeration=exaggeration,
        random_state=0,
    )
    places = np.asarray(tsne.fit_transform(core.astype(np.float32)), np.float64)
    rest = _put_among(core, places, vectors[MOST_TSNE:])
    return np.concatenate([places, rest])


def _perplexity(count: int) -> float:
    """The effective number of neighbours; t-SNE looks at three times as many."""
    return min(PERPLEXITY, (count - 1) / 3)


def _pca(vectors: DoubleArray) -> DoubleArray:
    """The first two principal components, each pointing where it reaches furthest.

    Args:
        vectors: (n, dimension) float64.

    Returns:
        (n, 2) float64; zeros where there are fewer components.
    """
    from sklearn.decomposition import PCA  # noqa: PLC0415 - heavy, and for builds only

    places = np.zeros((len(vectors), 2))
    if len(vectors) < 2 or not np.ptp(vectors, axis=0).any():  # scikit-learn divides by 0.
        return places
    components = min(2, *vectors.shape)
    places[:, :components] = PCA(components, svd_solver="full").fit_transform(vectors)
    # A component may point either way: the same way on every machine.
    furthest = places[np.abs(places).argmax(axis=0), [0, 1]]
    return places * np.where(furthest < 0, -1, 1)


def _put_among(known: DoubleArray, places: DoubleArray, vectors: DoubleArray) -> DoubleArray:
    """Put papers among others, which stay where they are.

    The place of a paper is the geometric median of its nearest neighbours, where nearer
    ones weigh more: inside the group that most of them form, where a mean would lie
    between two groups (Weiszfeld's algorithm).

    Args:
        known: (n, dimension) unit vectors of the papers that have a place.
        places: (n, 2) their places.
        vectors: (m, dimension) unit vectors of the papers to put.

    Returns:
        (m, 2) places.
    """
    if not len(vectors) or not len(known):
        return np.zeros((len(vectors), 2))
    distances = 2 - 2 * vectors @ known.T
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :NEIGHBOURS]
    near = np.take_along_axis(distances, nearest, axis=1)
    weights = 1 / (near - 0.9 * near[:, :1] + 1e-6)
    around = places[nearest]
    closest = 1e-3 * _radius(places) + 1e-12
    found = _weighted_mean(around, weights)
    for _ in range(50):
        away = np.linalg.norm(around - found[:, None], axis=2)
        found = _weighted_mean(around, weights / np.maximum(away, closest))
    return found


def _weighted_mean(points: DoubleArray, weights: DoubleArray) -> DoubleArray:
    """(m, k, 2) points and (m, k) weights as (m, 2)."""
    total = (weights[..., None] * points).sum(axis=1)
    return np.asarray(total / weights.sum(axis=1, keepdims=True))


def _turned(places: DoubleArray, from_: DoubleArray, onto: DoubleArray) -> DoubleArray:
    """Move, turn and scale places so that `from_` comes closest to `onto` (Procrustes)."""
    if len(onto) < 3:
        return places
    middle, target = from_.mean(axis=0), onto.mean(axis=0)
    left, lengths, right = np.linalg.svd((from_ - middle).T @ (onto - target))
    scale = lengths.sum() / max(((from_ - middle) ** 2).sum(), 1e-12)
    return np.asarray((places - middle) @ (left @ right) * (scale or 1.0) + target)


def _apart(places: DoubleArray, movable: BoolArray) -> DoubleArray:
    """Put papers side by side that would hide each other, such as those with the same text."""
    step = 0.02 * _radius(places)
    if not step:
        step = 1.0
    taken: dict[tuple[float, ...], int] = {}
    places = places.copy()
    cells = np.round(places / (step / 10))
    # Those that may not move come first; sunflower seeds around them for the others.
    for row in np.argsort(movable, kind="stable"):
        number = taken.get(cell := tuple(cells[row]), 0)
        taken[cell] = number + 1
        if number and movable[row]:
            angle = number * np.pi * (3 - np.sqrt(5))
            places[row] += step * np.sqrt(number) * np.array([np.cos(angle), np.sin(angle)])
    return places


def _radius(places: DoubleArray) -> float:
    """Root mean square distance from the middle; 0 if there are no papers."""
    if not len(places):
        return 0.0
    return float(np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=1).mean()))


def _checksum(content: bytes) -> int:
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "little")
