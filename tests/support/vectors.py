"""Vectors without meaning, and an engine that keeps them in memory: the seam's smallest example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rftsearch.errors import IndexDamagedError
from rftsearch.index.engines.base import Selection, VectorEngine, VectorIndex, VectorSource
from rftsearch.index.tables.attributes import Attributes


def unit_rows(seed: int, count: int, dimension: int = 8) -> np.ndarray:
    """Random vectors of unit norm, (count, dimension) float32."""
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def source_of(ids: np.ndarray, vectors: np.ndarray) -> VectorSource:
    """Vectors as a build gives them to an engine: some at a time."""
    chunks = (vectors[start : start + 100] for start in range(0, len(vectors), 100))
    attributes = Attributes.build([], [])
    return VectorSource(ids, chunks, vectors.shape[1], lambda: vectors[:20], attributes)


def written(
    engine: VectorEngine, folder: Path, ids: Sequence[int], vectors: np.ndarray
) -> VectorIndex:
    """An index that was on disk."""
    entry = engine.write(folder, source_of(np.asarray(ids, np.int64), vectors))
    return engine.open(folder, entry)


@dataclass
class InMemory:
    """Every vector in one array, compared with numpy."""

    ids: np.ndarray
    rows: np.ndarray
    selections: list[Selection | None]

    @property
    def dimension(self) -> int:
        return self.rows.shape[1]

    def __len__(self) -> int:
        return len(self.ids)

    def vector(self, identifier: int) -> np.ndarray:
        if identifier not in self.ids:
            raise KeyError(identifier)
        return self.rows[np.searchsorted(self.ids, identifier)]

    def vectors(self, ids: np.ndarray) -> np.ndarray:
        return self.rows[np.searchsorted(self.ids, ids)]

    def search(self, query, k, selection=None):
        self.selections.append(selection)
        allowed = np.ones(len(self.ids), np.bool_)
        if selection is not None and selection.ids is not None:
            allowed = np.isin(self.ids, selection.ids)
        elif selection is not None and selection.excluded is not None:
            allowed = ~np.isin(self.ids, selection.excluded)
        scores = self.rows[allowed] @ query
        best = np.argsort(-scores, kind="stable")[:k]
        return scores[best], self.ids[allowed][best]


class InMemoryEngine:
    """Holds indexes in a dictionary, as a server would; the folder has only their keys."""

    name = "memory"

    def __init__(self) -> None:
        self.held: dict[str, InMemory] = {}
        self.sources: list[VectorSource] = []

    def write(self, folder, source):
        key = f"collection-{len(self.sources)}"
        self.sources.append(source)
        rows = np.concatenate([np.empty((0, source.dimension), np.float32), *source.chunks])
        self.held[key] = InMemory(source.ids, rows, [])
        return {"collection": key}

    def open(self, folder, entry):
        try:
            return self.held[entry["collection"]]
        except KeyError as error:
            raise IndexDamagedError(f"{folder} has lost its collection; --repair") from error

    def drop(self, folder, entry):
        del self.held[entry["collection"]]
