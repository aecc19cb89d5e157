"""The seam of vector engines: what one writes, opens and drops, and what an open index answers.

`registry` knows the engines by their names; to add one, write the two protocols and
register it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from rftsearch.index.tables.attributes import Attributes
from rftsearch.papers.filters import Filters
from rftsearch.types import FloatArray, IdArray

__all__ = [
    "FEW",
    "EngineEntry",
    "Selection",
    "VectorEngine",
    "VectorIndex",
    "VectorSource",
    "few_enough",
]

EngineEntry = Mapping[str, Any]
"""What an engine notes in the manifest, as JSON values; nobody else reads it."""

FEW = 4_096
"""Up to this many allowed papers are read one by one, whatever the index."""
FEW_SHARE = 0.02
"""Or up to this share of all papers: inverted lists that a filter leaves less of hold too few."""


def few_enough(papers: int) -> int:
    """Return up to how many allowed papers are read one by one in a collection of this size."""
    return max(FEW, int(FEW_SHARE * papers))


@dataclass(frozen=True)
class Selection:
    """Which vectors a search may find."""

    ids: IdArray | None = None
    """(m,) int64, in any order: only these may be found; None: all."""
    excluded: IdArray | None = None
    """(w,) int64 ids of the index that may not be found; only where `ids` is None."""
    filters: Filters | None = None
    """What all of `ids` pass, and in most cases nothing else does. For an engine to which a
    hundred thousand ids are too many to send: it may ask with these and drop what is not
    among `ids`. None if only the ids say what may be found."""

    def count(self, papers: int) -> int:
        """Return how many of this many vectors may be found."""
        if self.ids is not None:
            return len(self.ids)
        return papers - (0 if self.excluded is None else len(self.excluded))


@dataclass(frozen=True)
class VectorSource:
    """What an engine writes."""

    ids: IdArray
    """(n,) int64, ascending."""
    chunks: Iterable[FloatArray]
    """Their vectors in the same order, float32 rows of unit norm, some at a time."""
    dimension: int
    """Length of a vector."""
    queries: Callable[[], FloatArray]
    """Returns (q, dimension) float32 to measure the search with; called after all chunks
    were read."""
    attributes: Attributes
    """The facts of the papers that filters ask about, for an engine that filters by itself."""


class VectorIndex(Protocol):
    """Vectors under stable integer ids, searched by inner product.

    Rows have unit norm, so that the inner product is the cosine. Searching is safe from
    several threads; an index never changes.
    """

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def __len__(self) -> int:
        """Return how many vectors there are."""

    def vector(self, identifier: int) -> FloatArray:
        """Return the vector of an id, (dimension,) float32.

        Raises:
            KeyError: There is no such id.
        """

    def vectors(self, ids: IdArray) -> FloatArray:
        """Return the vectors of known ids, (n,) int64, as (n, dimension) float32."""

    def search(
        self, query: FloatArray, k: int, selection: Selection | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k vectors of greatest inner product with a query.

        Args:
            query: (dimension,) float32.
            k: How many to find, 1 or more.
            selection: Which may be found; None for all.

        Returns:
            Scores (r,) float32 in descending order and ids (r,) int64, with r the
            smaller of k and the number of vectors that may be found.
        """


class VectorEngine(Protocol):
    """Writes indexes of vectors and opens them again."""

    @property
    def name(self) -> str:
        """What users and manifests call the engine."""

    def write(self, folder: Path, source: VectorSource) -> EngineEntry | None:
        """Write an index.

        Args:
            folder: An empty folder of the generation; what lies in it is hashed, verified
                and deleted with the generation.
            source: What to write.

        Returns:
            What `open` and `drop` have to know beside the folder; None if nothing.

        Raises:
            OSError: It cannot be written. What is in the folder is thrown away; outside of
                it the engine leaves nothing behind.
        """

    def open(self, folder: Path, entry: EngineEntry | None) -> VectorIndex:
        """Open what `write` wrote; the hashes of the folder's files were checked.

        Raises:
            IndexDamagedError: It is missing or cannot be read.
        """

    def drop(self, folder: Path, entry: EngineEntry | None) -> None:
        """Delete what `write` put outside of the folder, which is deleted afterwards.

        Called once no generation that is kept shares the index.
        """
