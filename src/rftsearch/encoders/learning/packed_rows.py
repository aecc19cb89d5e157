"""Vectors of the tokens of a vocabulary, with two bits for each number.

What written queries taught is one vector for each token. Two bits keep most of it, and tens
of thousands of tokens then take a megabyte or two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from rftsearch.errors import ModelError
from rftsearch.types import AnyArray, FloatArray, TokenArray

__all__ = ["LEVELS", "PackedRows"]

BITS = 2
"""Of each number in the file."""
LEVELS = np.array([-1.5, -0.5, 0.5, 1.5], np.float32)
"""What they stand for, in units of the scale of their token."""


@dataclass(frozen=True)
class PackedRows:
    """Vectors of some tokens of a vocabulary; those of the others are zero."""

    tokens: TokenArray
    """(n,) int32, which tokens they are: rows of the model's vocabulary, ascending."""
    codes: npt.NDArray[np.uint8]
    """(n, directions) uint8, which of the levels each number has."""
    scales: FloatArray
    """(n,) float32."""
    axes: FloatArray
    """(dimension of the model, directions) float32, orthonormal columns: the directions in
    the space of the model's vectors."""
    about: Mapping[str, str]
    """What else the file says."""

    @classmethod
    def of(
        cls, rows: FloatArray, axes: FloatArray, most: int, about: Mapping[str, str] | None = None
    ) -> Self:
        """Keep the longest rows, with two bits for each number.

        Args:
            rows: (tokens, directions) float32.
            axes: (dimension of the model, directions) float32.
            most: How many tokens are kept.
            about: What the file is to say.
        """
        norms = np.linalg.norm(rows, axis=1)
        tokens = np.sort(np.argsort(-norms, kind="stable")[:most])
        tokens = tokens[norms[tokens] > 0]
        kept = rows[tokens]
        # About the step at which four levels lose least of a normal distribution (Max, 1960).
        scales = np.maximum(kept.std(axis=1), 1e-12).astype(np.float32)
        codes = np.searchsorted((LEVELS[1:] + LEVELS[:-1]) / 2, kept / scales[:, None])
        return cls(tokens.astype(np.int32), codes.astype(np.uint8), scales, axes, about or {})

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read rows from their file.

        Raises:
            ModelError: There is no such file, or it holds something else.
        """
        from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - for builds alone

        try:
            with safe_open(path, framework="np") as file:
                about = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            axes = tensors["axes"].astype(np.float32)
            tokens, scales = tensors["tokens"], tensors["scales"].astype(np.float32)
            codes = _unpacked(tensors["codes"], axes.shape[1])
            if not (0 < len(tokens) == len(codes) == len(scales)):
                raise ValueError("lengths")
            if not (np.isfinite(scales).all() and np.isfinite(axes).all()):
                raise ValueError("numbers")
        except (OSError, SafetensorError, KeyError, ValueError, IndexError) as error:
            raise ModelError(
                f"what written queries taught, {path}, cannot be read "
                f"({type(error).__name__}); reinstall rftsearch"
            ) from error
        return cls(tokens.astype(np.int32), codes, scales, axes, about)

    def save(self, path: Path) -> None:
        """Write them to a file.

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
        path.write_bytes(save(tensors, metadata=dict(self.about)))

    @property
    def fingerprint(self) -> str:
        """Return a digest of the numbers, in hexadecimal digits."""
        digest = hashlib.sha256()
        for part in (self.tokens, self.codes, self.scales, self.axes):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()

    def rows(self, tokens: int) -> FloatArray:
        """Return the vectors of a vocabulary of this size, (tokens, directions) float32."""
        levels, scales = self.levels(tokens)
        return levels * scales[:, None]

    def levels(self, tokens: int) -> tuple[npt.NDArray[np.int8], FloatArray]:
        """Return the vectors of a vocabulary of this size, a byte for each number.

        Returns:
            (tokens, directions) int8, and (tokens,) float32 by which each row is multiplied.
        """
        levels = np.zeros((tokens, self.codes.shape[1]), np.int8)
        scales = np.zeros(tokens, np.float32)
        # A level is half of a whole number.
        levels[self.tokens] = (2 * LEVELS).astype(np.int8)[self.codes]
        scales[self.tokens] = self.scales / 2
        return levels, scales

    def fits(self, dimension: int, vocabulary: int) -> bool:
        """Return whether a model has this dimension, and all of these tokens."""
        return len(self.axes) == dimension and int(self.tokens[-1]) < vocabulary


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
