"""Whether a server still has what was published: counted at each opening, or compared in full."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from rftsearch.errors import IndexDamagedError, IndexServerError
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.layout import TEXT, TITLE
from rftsearch.index.remote.points import Point
from rftsearch.index.remote.tables import Mark, State
from rftsearch.index.remote.upload import digests
from rftsearch.types import IdArray

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = [
    "check_points",
    "check_whole",
    "compare_all",
    "compare_sample",
    "sampled",
    "wait_until_indexed",
]

SAMPLE = 100
"""Points that are compared after a publication, or at once."""
AGAIN = "`rftsearch build --repair` on the index it was published from writes what differs again"
_WAIT, _LONGEST_WAIT = 0.5, 600.0
"""Seconds between two looks at whether a collection is indexed, and for how long it may seem
to stand still."""


def check_whole(collection: str, mark: Mark | None) -> Mark:
    """Return a mark that says that its collection may be read.

    Raises:
        IndexDamagedError: It is not ours, or half-written.
    """
    if mark is None:
        raise IndexDamagedError(f"{collection} lacks its tables; {AGAIN}")
    if mark.state is not State.WHOLE:
        raise IndexDamagedError(f"{collection} is half-written; {AGAIN}")
    return mark


def check_points(remote: Remote, collection: str, mark: Mark) -> None:
    """Compare what a server says of a collection with its mark: two requests.

    Raises:
        IndexDamagedError: Papers are missing or too many, or it has other vectors.
        IndexServerError: It cannot be read by the server itself.
    """
    info = remote.ask(lambda client: client.get_collection(collection))
    if str(info.status.value) == "red":
        raise IndexServerError(
            f"{collection} is red: Qdrant cannot use it itself; read its log, then {AGAIN}"
        )
    vectors = info.config.params.vectors
    sizes = {name: vectors[name].size for name in vectors} if isinstance(vectors, dict) else {}
    if sizes != {TEXT: mark.dimension, TITLE: mark.dimension}:
        raise IndexDamagedError(f"{collection} has vectors of another model; {AGAIN}")
    count = remote.ask(lambda client: client.count(collection, exact=True)).count
    if count != mark.papers:
        raise IndexDamagedError(
            f"{collection} holds {count:,} papers, and {mark.papers:,} were published; {AGAIN}"
        )


def sampled(ids: IdArray, seed: int) -> set[int]:
    """Return the ids of the points to compare, of all there are."""
    count = min(SAMPLE, len(ids))
    return set(np.random.default_rng(seed).choice(ids, count, replace=False).tolist())


def compare_sample(remote: Remote, collection: str, wanted: Mapping[int, str]) -> None:
    """Read some points back, and compare them with what was sent.

    Args:
        remote: Where.
        collection: Which one.
        wanted: Digests by id.

    Raises:
        IndexDamagedError: One is not what was sent.
    """
    _prove(remote, collection, wanted)


def compare_all(
    remote: Remote,
    collection: str,
    mark: Mark,
    tell: Callable[[int, int], object] = lambda *_: None,
) -> None:
    """Read every point back, and prove all of them by the mark.

    Raises:
        IndexDamagedError: One is missing, too many, or not what was written.
    """
    proof, done = hashlib.sha256(), 0
    there = digests(remote, collection)
    while some := dict(islice(there, SAMPLE)):
        for identifier, digest in some.items():
            proof.update(f"{identifier} {digest}\n".encode())
        _prove(remote, collection, some)
        done += len(some)
        tell(done, mark.papers)
    if proof.hexdigest() != mark.proof:
        raise IndexDamagedError(f"{collection} has other papers than were published; {AGAIN}")


def _prove(remote: Remote, collection: str, wanted: Mapping[int, str]) -> None:
    found: list[models.Record] = remote.ask(
        lambda client: client.retrieve(
            collection, list(wanted), with_payload=True, with_vectors=True
        )
    )
    for record in found:
        try:
            same = Point.of_record(record).digest == wanted.get(int(record.id))
        except ValueError:
            same = False
        if not same:
            raise IndexDamagedError(
                f"paper {record.id} of {collection} is not what was published; {AGAIN}"
            )
    if len(found) != len(wanted):
        raise IndexDamagedError(f"{collection} lost papers while it was read; {AGAIN}")


def wait_until_indexed(
    remote: Remote,
    collection: str,
    busy: Callable[[], object],
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Wait until a server has indexed what was written: before, its answers are slow.

    Args:
        remote: Where.
        collection: Which one.
        busy: Called at each look.
        sleep: Waits some seconds.

    Raises:
        IndexServerError: It does not get on for ten minutes.
    """
    waited, before = 0.0, -1
    while True:
        info = remote.ask(lambda client: client.get_collection(collection))
        if str(info.status.value) == "green":
            return
        indexed = int(info.indexed_vectors_count or 0)
        waited = 0.0 if indexed != before else waited + _WAIT
        before = indexed
        if waited >= _LONGEST_WAIT:
            raise IndexServerError(
                f"{collection} is written, but Qdrant does not index it ({info.status.value}); "
                "read its log, and run the same command again: it goes on where it was"
            )
        busy()
        sleep(_WAIT)
