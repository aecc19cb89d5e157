"""Nearest vectors, by FAISS."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from rftsearch.errors import IndexDamagedError
from rftsearch.index.encoders import FloatArray
from rftsearch.index.manifest import REPAIR

__all__ = ["IdArray", "VectorIndex"]

IdArray = npt.NDArray[np.int64]


class VectorIndex:
    """Vectors under stable integer ids, searched exactly by inner product.

    Rows have unit norm, so that the inner product is the cosine. Searching is
    safe from several threads; an index never changes once it is made.
    """

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        """Wrap a FAISS index; use `build` or `open`."""
        self._index = index

    @classmethod
    def build(cls, ids: IdArray, vectors: FloatArray) -> VectorIndex:
        """Make an index.

        Args:
            ids: (n,) int64, each once.
            vectors: (n, dimension) float32, rows of unit norm.
        """
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(
            np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(ids, np.int64)
        )
        return cls(index)

    @classmethod
    def open(cls, path: Path) -> VectorIndex:
        """Read an index that `save` wrote and whose hash was checked.

        Raises:
            IndexDamagedError: FAISS cannot read it, or it is another kind of index.
        """
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexDamagedError(f"FAISS cannot read {path}; {REPAIR}") from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise IndexDamagedError(f"{path} is a foreign FAISS index; {REPAIR}")
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to a file.

        Raises:
            OSError: It cannot be written; what is there is to be thrown away.
        """
        # Serialised in memory and written by Python: FAISS's own writer reports a
        # full disk as a bare RuntimeError without the reason.
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    def vector(self, identifier: int) -> FloatArray:
        """The stored vector of an id, (dimension,) float32.

        Raises:
            KeyError: There is no such id.
        """
        try:
            return np.asarray(self._index.reconstruct(identifier), dtype=np.float32)
        except RuntimeError as error:
            raise KeyError(identifier) from error

    def vectors(self, ids: IdArray) -> FloatArray:
        """The stored vectors of known ids, (n, dimension) float32."""
        if not len(ids):
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(self._index.reconstruct_batch(ids), dtype=np.float32)

    def search(
        self, query: FloatArray, k: int, allowed: IdArray | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k vectors of greatest inner product with a query.

        Args:
            query: (dimension,) float32.
            k: How many to find, 1 or more.
            allowed: (m,) int64 ids that may be found; None for all.

        Returns:
            Scores (r,) float32 in descending order and ids (r,) int64, with r the
            smaller of k and the number of vectors that may be found.
        """
        reachable = len(self) if allowed is None else len(allowed)
        k = min(k, reachable)
        if k == 0:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        params = None
        if allowed is not None:
            # FAISS takes it by keyword only, which its own stubs do not know.
            params = faiss.SearchParameters(
                sel=faiss.IDSelectorBatch(allowed)  # type: ignore[call-arg]
            )
        scores, ids = self._index.search(query.reshape(1, -1), k, params=params)
        found = ids[0] >= 0
        return scores[0][found], ids[0][found]
