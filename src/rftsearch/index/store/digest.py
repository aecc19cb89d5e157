"""A digest over the rows of a generation, which proves that none was altered, added or lost.

It is the sum of the digests of all rows, so that a build which changes few papers
updates it from those alone, and the order of the rows does not matter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rftsearch.index.store.database import Database

__all__ = [
    "ROW",
    "checksum_of",
    "digest_exchange",
    "digest_of",
    "digest_sum",
    "row_digest",
]

ROW = "id, paper_id, record_hash, text_hash, title_hash, abstract_state"
"""The columns of a paper that the digest is over; the hash of the record stands for it."""
_BYTES = 16


def row_digest(row: Sequence[object]) -> int:
    """Return the digest of one row with the columns `ROW`."""
    whole = "\0".join(each.hex() if isinstance(each, bytes) else str(each) for each in row)
    digest = hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=_BYTES)
    return int.from_bytes(digest.digest(), "big")


def checksum_of(record: str) -> bytes:
    """Return what proves the text of a record, line numbers and all, 8 bytes."""
    return hashlib.blake2b(record.encode(), digest_size=8).digest()


def digest_of(database: Database, condition: str, generation: int) -> tuple[int, bytes]:
    """Return how many rows meet a condition, and the digest over them."""
    count = total = 0
    statement = (
        f"SELECT {ROW} FROM papers WHERE {condition}"  # noqa: S608 - constants
        " AND id > :after ORDER BY id LIMIT :limit"
    )
    for rows in database.portions(statement, {"generation": generation}, 10_000):
        count += len(rows)
        total += sum(map(row_digest, rows))
    return count, _to_bytes(total)


def digest_sum(*digests: bytes, minus: bytes = bytes(_BYTES)) -> bytes:
    """Return the digest over the rows of several sets, less those of another."""
    total = sum(int.from_bytes(each, "big") for each in digests)
    return _to_bytes(total - int.from_bytes(minus, "big"))


def digest_exchange(digest: bytes, before: Sequence[object], after: Sequence[object]) -> bytes:
    """Return a digest after one row, with the columns `ROW`, was exchanged for another."""
    return _to_bytes(int.from_bytes(digest, "big") - row_digest(before) + row_digest(after))


def _to_bytes(total: int) -> bytes:
    return (total % (1 << 8 * _BYTES)).to_bytes(_BYTES, "big")
