"""What written queries taught a table of words, for the table of any collection.

A table that is made from papers alone has never seen a question. `scripts/train_table.py`
fits such tables to queries that were written for papers, and keeps how the vector of each
token changed. The change lies in the space of the teacher's vectors, so it can be added to
every table of the same teacher, whatever axes that table has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rftsearch.errors import ModelError
from rftsearch.types import AnyArray, DoubleArray, FloatArray, TokenArray

__all__ = ["CHANGE", "LearnedChange"]

CHANGE = Path(__file__).parents[2] / "data" / "static" / "change.safetensors"
"""The change that comes with rftsearch, for tables of the default model."""

BITS = 2
"""Of each number in the file."""
LEVELS = np.array([-1.5, -0.5, 0.5, 1.5], np.float32)
"""What they stand for, in units of the scale of their token."""


@dataclass(frozen=True)
class LearnedChange:
    """Changes of the vectors of some tokens of a vocabulary."""

    tokens: TokenArray
    """(n,) int32, which tokens they are: rows of the teacher's vocabulary, ascending."""
    codes: npt.NDArray[np.uint8]
    """(n, directions) uint8, which of the levels each number has."""
    scales: FloatArray
    """(n,) float32."""
    axes: FloatArray
    """(dimension of the teacher, directions) float32, orthonormal columns."""

    @classmethod
    def of(cls, change: FloatArray, axes: FloatArray, most: int) -> LearnedChange:
        """Keep the largest changes, with two bits for each number.

        Args:
            change: (tokens, directions) float32.
            axes: (dimension of the teacher, directions) float32.
            most: How many tokens are kept.
        """
        norms = np.linalg.norm(change, axis=1)
        tokens = np.sort(np.argsort(-norms, kind="stable")[:most])
        tokens = tokens[norms[tokens] > 0]
        rows = change[tokens]
        # About the step at which four levels lose least of a normal distribution (Max, 1960).
        scales = np.maximum(rows.std(axis=1), 1e-12).astype(np.float32)
        codes = np.searchsorted((LEVELS[1:] + LEVELS[:-1]) / 2, rows / scales[:, None])
        return cls(tokens.astype(np.int32), codes.astype(np.uint8), scales, axes)

    @classmethod
    def read(cls, path: Path = CHANGE) -> LearnedChange:
        """Read a change from its file.

        Raises:
            ModelError: There is no such file, or it holds something else.
        """
        from safetensors import SafetensorError  # noqa: PLC0415 - for builds alone
        from safetensors.numpy import load_file  # noqa: PLC0415

        try:
            tensors = load_file(path)
            axes = tensors["axes"].astype(np.float32)
            tokens, scales = tensors["tokens"], tensors["scales"].astype(np.float32)
            codes = _unpacked(tensors["codes"], axes.shape[1])
            if not (len(tokens) == len(codes) == len(scales)) or not np.isfinite(scales).all():
                raise ValueError("lengths")
        except (OSError, SafetensorError, KeyError, ValueError, IndexError) as error:
            raise ModelError(
                f"the learned part of static models, {path}, cannot be read "
                f"({type(error).__name__}); reinstall rftsearch"
            ) from error
        return cls(tokens.astype(np.int32), codes, scales, axes)

    def save(self, path: Path, about: dict[str, str]) -> None:
        """Write it to a file, with what is to be known of it.

        Raises:
            OSError: It cannot be written.
        """
        from safetensors.numpy import save  # noqa: PLC0415 - for builds alone

        tensors: dict[str, AnyArray] = {
            "axes": self.axes.astype(np.float16),
            "codes": _packed(self.codes),
            "scales": self.scales.astype(np.float16),
            "tokens": self.tokens,
        }
        path.write_bytes(save(tensors, metadata=about))

    @property
    def fingerprint(self) -> str:
        """Return a digest of its numbers, in hexadecimal digits."""
        digest = hashlib.sha256()
        for part in (self.tokens, self.codes, self.scales, self.axes):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()

    def change(self, tokens: int) -> FloatArray:
        """Return the change of a vocabulary of this size, (tokens, directions) float32."""
        changed = np.zeros((tokens, self.codes.shape[1]), np.float32)
        changed[self.tokens] = LEVELS[self.codes] * self.scales[:, None]
        return changed

    def teaches(self, dimension: int, vocabulary: int) -> bool:
        """Return whether it belongs to a teacher with this dimension and so many tokens."""
        return len(self.axes) == dimension and int(self.tokens[-1]) < vocabulary

    def added(
        self, vectors: FloatArray, axes: DoubleArray, pieces: Sequence[Sequence[int]]
    ) -> FloatArray:
        """Return a table with the change added.

        Args:
            vectors: (tokens, dimension) float32.
            axes: (dimension of the teacher, dimension) float64, those of the table.
            pieces: For each token of the table that the teacher does not have, in their
                order at its end, the teacher's tokens that spell it: it changes as they do.
        """
        own = len(vectors) - len(pieces)
        change = self.change(own) @ (self.axes.T @ axes).astype(np.float32)
        words = [change[list(its)].sum(axis=0) for its in pieces]
        return np.asarray(vectors + np.vstack([change, *words]), np.float32)


def _packed(codes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Put four numbers into a byte, (n, directions) -> (n, a quarter of them)."""
    places = 8 // BITS
    padded = np.pad(codes, ((0, 0), (0, -codes.shape[1] % places)))
    quads = padded.reshape(len(codes), -1, places)
    shifts = np.arange(0, 8, BITS, dtype=np.uint8)
    return np.asarray(np.bitwise_or.reduce(quads << shifts, axis=2), np.uint8)


def _unpacked(packed: npt.NDArray[np.uint8], directions: int) -> npt.NDArray[np.uint8]:
    shifts = np.arange(0, 8, BITS, dtype=np.uint8)
    codes = (packed[:, :, None] >> shifts) & (2**BITS - 1)
    flat = codes.reshape(len(packed), -1)
    if not directions <= flat.shape[1] < directions + 8 // BITS:
        raise ValueError("another number of directions")
    return np.asarray(flat[:, :directions])
