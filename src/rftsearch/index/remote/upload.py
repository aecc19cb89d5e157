"""Filling a collection: only points that are missing or other than ours are written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.layout import DIGEST
from rftsearch.index.remote.points import Point

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = ["Filled", "digests", "fill"]

BATCH = 128
"""Points in one request: some two megabytes of JSON."""
PAGE = 2_000
"""Digests in one answer."""


@dataclass
class Filled:
    """What filling a collection came to."""

    papers: int = 0
    written: int = 0
    """Points that were missing or other than they should be."""
    removed: int = 0
    """Points of papers that are no longer there."""
    proof: str = ""
    """Over the digests of all points, in the order of their ids."""


def digests(remote: Remote, collection: str) -> Iterator[tuple[int, str]]:
    """Yield the ids and digests of all points of a collection, by ascending id."""
    offset: Any = None
    while True:
        records: list[models.Record]
        records, offset = remote.ask(
            lambda client, after=offset: client.scroll(  # type: ignore[misc]
                collection, limit=PAGE, offset=after, with_payload=[DIGEST]
            )
        )
        for record in records:
            if isinstance(record.id, int):
                yield record.id, str((record.payload or {}).get(DIGEST, ""))
        if offset is None:
            return


def fill(
    remote: Remote,
    collection: str,
    points: Iterable[list[Point]],
    tell: Callable[[int], object] = lambda _: None,
) -> Filled:
    """Make a collection hold these points and no others.

    Args:
        remote: Where.
        collection: Its name; it is there.
        points: All points, some at a time, by ascending id.
        tell: Called with how many were looked at so far.

    Raises:
        IndexServerError: See `Remote.ask`. What was written stays, and is not written again.
    """
    done, proof = Filled(), hashlib.sha256()
    there = digests(remote, collection)
    known = next(there, None)
    waiting: list[Point] = []
    gone: list[int] = []
    for some in points:
        for point in some:
            while known is not None and known[0] < point.id:
                gone.append(known[0])
                known = next(there, None)
            proof.update(f"{point.id} {point.digest}\n".encode())
            if known is not None and known[0] == point.id:
                same = known[1] == point.digest
                known = next(there, None)
                if same:
                    continue
            waiting.append(point)
            if len(waiting) == BATCH:
                _write(remote, collection, waiting)
                done.written += len(waiting)
                waiting = []
        done.papers += len(some)
        tell(done.papers)
    if waiting:
        _write(remote, collection, waiting)
        done.written += len(waiting)
    while known is not None:
        gone.append(known[0])
        known = next(there, None)
    for at in range(0, len(gone), PAGE):
        _remove(remote, collection, gone[at : at + PAGE])
    done.removed, done.proof = len(gone), proof.hexdigest()
    return done


def _write(remote: Remote, collection: str, points: list[Point]) -> None:
    structs = [point.struct() for point in points]
    remote.ask(lambda client: client.upsert(collection, structs, wait=True))


def _remove(remote: Remote, collection: str, ids: list[int]) -> None:
    from qdrant_client import models  # noqa: PLC0415 - an extra

    selector = models.PointIdsList(points=list(ids))
    remote.ask(lambda client: client.delete(collection, selector, wait=True))
