"""Whether a server still has what was published: counted at each opening, or compared in full."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rftsearch.errors import IndexDamagedError, IndexServerError
from rftsearch.index.remote.client import Remote
from rftsearch.index.remote.layout import DIGEST, TEXT, TITLE
from rftsearch.index.remote.points import Point
from rftsearch.index.remote.tables import Mark, State
from rftsearch.index.remote.upload import digests

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = ["check_points", "check_whole", "compare_all", "compare_sample", "wait_until_indexed"]

SAMPLE = 100
"""Points that are compared after a publication."""
_AT_ONCE = 100
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


def compare_sample(remote: Remote, collection: str, seed: int = 0) -> None:
    """Read some points back, and prove each by its digest.

    Raises:
        IndexDamagedError: One is not what was written.
    """
    ids = [identifier for identifier, _ in digests(remote, collection)]
    if len(ids) > SAMPLE:
        chosen = np.random.default_rng(seed).choice(len(ids), SAMPLE, replace=False)
        ids = [ids[at] for at in sorted(chosen.tolist())]
    _prove(remote, collection, ids)


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
    proof, ids = hashlib.sha256(), []
    for identifier, digest in digests(remote, collection):
        proof.update(f"{identifier} {digest}\n".encode())
        ids.append(identifier)
    if proof.hexdigest() != mark.proof:
        raise IndexDamagedError(f"{collection} has other papers than were published; {AGAIN}")
    for at in range(0, len(ids), _AT_ONCE):
        _prove(remote, collection, ids[at : at + _AT_ONCE])
        tell(min(at + _AT_ONCE, len(ids)), len(ids))


def _prove(remote: Remote, collection: str, ids: Sequence[int]) -> None:
    found: list[models.Record] = remote.ask(
        lambda client: client.retrieve(collection, list(ids), with_payload=True, with_vectors=True)
    )
    for record in found:
        try:
            same = Point.of_record(record).digest == (record.payload or {}).get(DIGEST)
        except ValueError:
            same = False
        if not same:
            raise IndexDamagedError(
                f"paper {record.id} of {collection} is not what was published; {AGAIN}"
            )
    if len(found) != len(ids):
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
