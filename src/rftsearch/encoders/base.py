"""What an embedding model is to the rest of the package: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from rftsearch.errors import ModelError
from rftsearch.types import BoolArray, FloatArray

__all__ = ["Encoder", "FileStamps", "NotExportableError", "check_encoder"]


FileStamps = Mapping[str, Sequence[int]]
"""Size in bytes and modification time in ns of each file of a model, by its name."""


class Encoder(Protocol):
    """An embedding model.

    Two encoders with the same fingerprint give the same vectors, whatever
    library computes them. A build needs every member; an engine that only
    answers questions needs `name`, `fingerprint` and the two `encode` methods.
    """

    @property
    def name(self) -> str:
        """How a user names the model: an id or a path."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def fingerprint(self) -> str:
        """Hex digest over everything of the model that shapes a vector."""

    @property
    def stamps(self) -> FileStamps:
        """Sizes and times of the model's files; empty if it has none."""

    @property
    def batch_size(self) -> int:
        """How many documents a build encodes before it stores their vectors, 1 or more.

        A build that is stopped loses at most this many vectors, and its progress bar
        moves once for each batch. 16 is a good number for a model that takes a
        twentieth of a second for a document, 1,000 for one that takes no time.
        """

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Embed what people ask: (n, dimension) float32, rows of unit norm."""

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Embed what is searched: (n, dimension) float32, rows of unit norm."""

    def exceeds_limit(self, texts: Sequence[str]) -> BoolArray:
        """Return which of these documents are longer than the model reads at once, (n,) bool."""


class NotExportableError(Exception):
    """A model cannot be exported; the message is the reason, a clause without a full stop."""


def check_encoder(encoder: object) -> None:
    """Refuse an object that lacks a member of `Encoder`.

    An encoder written for an earlier version may lack one that was added since.

    Raises:
        ModelError: The message names every member that is missing.
    """
    members = [name for name in vars(Encoder) if not name.startswith("_")]
    # Looked up on the class: to read a property such as `dimension` may load the model.
    missing = [
        name
        for name in members
        if not hasattr(type(encoder), name) and name not in getattr(encoder, "__dict__", {})
    ]
    if missing:
        raise ModelError(
            f"the encoder {type(encoder).__name__} lacks {', '.join(missing)}; "
            "`help(rftsearch.Encoder)` says what each member is"
        )
