"""The points of a collection, as questions read them: vectors and terms, packed, and records.

What was read lately is kept, so that a question asks for nothing twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from rftsearch.errors import IndexDamagedError, IndexMissingError
from rftsearch.index.remote import layout
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.packed import Row
from rftsearch.index.store.lru import RecentById
from rftsearch.types import IdArray

if TYPE_CHECKING:
    from qdrant_client import QdrantClient, models

__all__ = ["AT_ONCE", "PARTS", "Points"]

T = TypeVar("T")

PARTS = (layout.ROW,)
"""What ranking reads of a payload; filters and look-ups use the rest on the server, and records
are read of the papers that are shown."""
AT_ONCE = 1_000
"""Points in one answer: some four megabytes of JSON."""
_IDS_AT_ONCE = 10_000
"""Ids in one answer."""
_ROWS_KEPT = 8_192
"""Papers whose vectors and terms are kept: the candidates of a dozen questions, some 45 MB."""
_TEXTS_KEPT = 8_192
"""Papers whose records are kept as text."""


class Points:
    """The papers of one collection. Several threads may share it."""

    def __init__(self, remote: Remote, collection: str, dimension: int) -> None:
        """Read from a collection.

        Args:
            remote: An open client.
            collection: Of papers; not an alias, which may lead elsewhere later.
            dimension: Length of a dense vector.
        """
        self.remote = remote
        self.collection = collection
        self.dimension = dimension
        self._rows: RecentById[Row] = RecentById(_ROWS_KEPT)
        self._texts: RecentById[str] = RecentById(_TEXTS_KEPT)
        self._lock = threading.Lock()
        self.requests = 0
        """How many requests were sent so far."""

    def ask(self, call: Callable[[QdrantClient, str], T]) -> T:
        """Send one request about the collection.

        Raises:
            IndexDamagedError: The collection is gone; an alias leads to a newer one.
            IndexServerError: See `Remote.ask`.
        """
        with self._lock:
            self.requests += 1
        try:
            return self.remote.ask(lambda client: call(client, self.collection))
        except IndexMissingError as error:
            raise IndexDamagedError(
                f"{self.collection} is gone; a newer generation took its place, so ask again"
            ) from error

    # --- by id ---

    def rows(self, ids: Sequence[int]) -> dict[int, Row]:
        """Return vectors and terms of known ids.

        Raises:
            IndexDamagedError: One is missing, or is not what was published.
        """
        return self._rows.get(ids, self._read_rows)

    def records(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the records of integer ids as JSON text; one that is not there is left out."""
        return self._texts.get(ids, self._read_records)

    def keep(self, found: Iterable[models.ScoredPoint | models.Record]) -> None:
        """Keep what came along with an answer: records, and rows."""
        found = list(found)
        self._texts.put(_texts_of(found))
        self._rows.put(
            self._decoded([point for point in found if layout.ROW in (point.payload or {})])
        )

    def _read_rows(self, ids: Sequence[int]) -> dict[int, Row]:
        rows: dict[int, Row] = {}
        for at in range(0, len(ids), AT_ONCE):
            some = list(ids[at : at + AT_ONCE])
            rows |= self._decoded(self._retrieved(some, PARTS))
        if len(rows) < len(ids):
            missing = next(one for one in ids if one not in rows)
            raise IndexDamagedError(
                f"{self.collection} lacks paper {missing}; `rftsearch build --repair` on the index "
                "it was published from writes it again"
            )
        return rows

    def _read_records(self, ids: Sequence[int]) -> dict[int, str]:
        texts: dict[int, str] = {}
        for at in range(0, len(ids), AT_ONCE):
            some = list(ids[at : at + AT_ONCE])
            texts |= _texts_of(self._retrieved(some, (layout.RECORD,)))
        return texts

    def _retrieved(self, ids: list[int], parts: Sequence[str]) -> list[models.Record]:
        return self.ask(
            lambda client, name: client.retrieve(
                name, ids, with_payload=list(parts), with_vectors=False
            )
        )

    # --- by what the payload says ---

    def ids_where(self, condition: models.Filter, most: int | None = None) -> IdArray:
        """Return the papers that pass a filter, (n,) int64, ascending.

        Args:
            condition: The filter.
            most: How many to return at most; None for all.
        """
        found: list[int] = []
        for some in self._pages(condition, most, _IDS_AT_ONCE, None):
            found += [int(point.id) for point in some]
        return np.array(sorted(found), np.int64)

    def found_where(self, condition: models.Filter, most: int | None = None) -> IdArray:
        """Return the same, and keep the records of what is found: they are read next."""
        found: list[int] = []
        for some in self._pages(condition, most, AT_ONCE, [layout.RECORD]):
            self.keep(some)
            found += [int(point.id) for point in some]
        return np.array(sorted(found), np.int64)

    def every_record(self) -> Iterator[tuple[int, str]]:
        """Yield integer ids and records of all papers, by ascending id."""
        for some in self._pages(None, None, AT_ONCE, [layout.RECORD]):
            yield from _texts_of(some).items()

    def count_where(self, condition: models.Filter) -> int:
        """Return how many papers pass a filter."""
        return int(
            self.ask(
                lambda client, name: client.count(name, count_filter=condition, exact=True)
            ).count
        )

    def _pages(
        self,
        condition: models.Filter | None,
        most: int | None,
        size: int,
        parts: list[str] | None,
    ) -> Iterator[list[models.Record]]:
        offset: Any = None
        left = most
        while True:
            limit = size if left is None else min(size, left)
            after = offset
            found, offset = self.ask(
                lambda client, name, after=after, limit=limit: client.scroll(  # type: ignore[misc]
                    name,
                    scroll_filter=condition,
                    limit=limit,
                    offset=after,
                    with_payload=parts or False,
                    with_vectors=False,
                )
            )
            yield found
            left = None if left is None else left - len(found)
            if offset is None or left == 0:
                return

    def _decoded(self, found: Iterable[Any]) -> dict[int, Row]:
        """Return the rows of points that came with them.

        Raises:
            IndexDamagedError: One is not what was published.
        """
        try:
            return {
                int(point.id): Row.unpacked(point.payload[layout.ROW], self.dimension)
                for point in found
            }
        except (KeyError, TypeError, ValueError) as error:
            raise IndexDamagedError(
                f"a paper of {self.collection} is not what was published; `rftsearch build "
                "--repair` on the index it was published from writes it again"
            ) from error


def _texts_of(found: Iterable[models.ScoredPoint | models.Record]) -> dict[int, str]:
    texts = {}
    for point in found:
        text = (point.payload or {}).get(layout.RECORD)
        if isinstance(text, str) and isinstance(point.id, int):
            texts[point.id] = text
    return texts
