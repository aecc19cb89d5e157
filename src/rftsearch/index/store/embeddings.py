"""The vectors of texts in the store, kept by model and by the hash of the text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from rftsearch.errors import IndexDamagedError
from rftsearch.index.store.database import MEMBER, NEXT_MEMBERS, Database
from rftsearch.text.plural import plural
from rftsearch.types import BoolArray, FloatArray

__all__ = ["Embeddings", "checksum", "document_hash"]

_BYTES = 4
"""Of one number of a vector."""


def document_hash(text: str) -> bytes:
    """Return the key of a document's embedding: sha256 of its text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def checksum(model: int, text_hash: bytes, vector: bytes) -> bytes:
    """Return what proves that a vector is the one of this text and model, 8 bytes."""
    whole = model.to_bytes(8, "little", signed=True) + text_hash + vector
    return hashlib.blake2b(whole, digest_size=8).digest()


class Embeddings:
    """The vectors of a store. A reader may not call `add` and `register_model`."""

    def __init__(self, database: Database) -> None:
        """Read from an open database, or write to it."""
        self._database = database

    def model(self, fingerprint: str) -> int | None:
        """Return the number of a model in this store; None if the store does not know it."""
        found = self._database.value("SELECT id FROM models WHERE fingerprint = ?", fingerprint)
        return None if found is None else int(found)

    def register_model(self, fingerprint: str, name: str) -> int:
        """Return the number of a model in this store; a new model gets one."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO models (fingerprint, name) VALUES (?, ?)",
                (fingerprint, name),
            )
        return int(self._database.value("SELECT id FROM models WHERE fingerprint = ?", fingerprint))

    def dimension(self, model: int) -> int | None:
        """Return the length of a model's vectors; None if there is no vector yet."""
        found = self._database.value(
            "SELECT length(vector) FROM embeddings WHERE model = ? LIMIT 1", model
        )
        return None if found is None else int(found) // _BYTES

    def missing(self, model: int, hashes: Sequence[bytes]) -> set[bytes]:
        """Return which of these texts have no vector yet."""
        query = "SELECT text_hash FROM embeddings WHERE model = ? AND text_hash IN ({})"
        return set(hashes) - {row[0] for row in self._database.select_in(query, hashes, model)}

    def add(
        self, model: int, hashes: Sequence[bytes], vectors: FloatArray, windowed: BoolArray
    ) -> None:
        """Keep vectors, (n, dimension) float32, and whether each text was cut, (n,) bool."""
        kept = [vector.astype("<f4").tobytes() for vector in vectors]
        rows = [
            (model, text_hash, vector, int(cut), checksum(model, text_hash, vector))
            for text_hash, vector, cut in zip(hashes, kept, windowed, strict=True)
        ]
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO embeddings"
                " (model, text_hash, vector, windowed, checksum) VALUES (?, ?, ?, ?, ?)",
                rows,
            )

    def of_members(
        self, generation: int, model: int, dimension: int, after: int = 0
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield the vectors of a generation's texts and titles, by ascending integer id.

        Args:
            generation: Whose members.
            model: Which model's vectors.
            dimension: Their length.
            after: Only those of members of greater integer ids.

        Yields:
            Some rows of both at a time, (r, dimension) float32 each.

        Raises:
            IndexDamagedError: A vector is missing, or has another length.
        """
        for rows in self._database.portions(
            "SELECT papers.id, body.vector, title.vector FROM papers"  # noqa: S608 - a constant
            " LEFT JOIN embeddings AS body"
            " ON body.model = :model AND body.text_hash = papers.text_hash"
            " LEFT JOIN embeddings AS title"
            " ON title.model = :model AND title.text_hash = papers.title_hash" + NEXT_MEMBERS,
            {"generation": generation, "model": model},
            after=after,
        ):
            vectors = [vector for _, *both in rows for vector in both]
            lacking = sum(each is None or len(each) != dimension * _BYTES for each in vectors)
            if lacking:
                missing = plural(lacking, "embedding is", "embeddings are")
                raise IndexDamagedError(
                    f"{missing} missing from {self._database.path}; "
                    "`rftsearch build --repair` makes them again"
                )
            both = np.frombuffer(b"".join(vectors), dtype="<f4").astype(np.float32)
            both = both.reshape(len(rows), 2, dimension)
            yield both[:, 0], both[:, 1]

    def count_windowed(self, generation: int, model: int) -> int:
        """Return how many documents of a generation are longer than the model reads."""
        [[count]] = self._database.rows(
            "SELECT count(*) FROM papers JOIN embeddings USING (text_hash)"  # noqa: S608 - the same
            f" WHERE model = :model AND windowed AND {MEMBER}",
            {"generation": generation, "model": model},
        )
        return int(count)

    def count_windowed_of(self, ids: Sequence[int], model: int) -> int:
        """Return how many of some papers' documents are longer than the model reads."""
        # In this order: from the papers to their vectors, not through all vectors.
        query = (
            "SELECT count(*) FROM papers CROSS JOIN embeddings USING (text_hash)"
            " WHERE model = ? AND windowed AND papers.id IN ({})"
        )
        return sum(row[0] for row in self._database.select_in(query, ids, model))
