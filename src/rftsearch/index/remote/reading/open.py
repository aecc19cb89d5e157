"""Opening an index behind an address, and following it to each new generation."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rftsearch.errors import (
    REPAIR,
    IndexDamagedError,
    IndexFormatError,
    IndexMissingError,
    IndexServerError,
)
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.layout import ACRONYMS, ATTRIBUTES, CENTRES, EXPECTATION, MAP
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.remote.address import Address
from rftsearch.index.remote.client import PATIENT, Remote
from rftsearch.index.remote.collections import answering
from rftsearch.index.remote.drift import check_points, check_whole, compare_all
from rftsearch.index.remote.reading.folder import fetched, key_table
from rftsearch.index.remote.reading.points import Points
from rftsearch.index.remote.reading.proposing import RemoteProposer
from rftsearch.index.remote.reading.records import RemoteRecords
from rftsearch.index.remote.reading.rows import RemoteTerms, RemoteTitles
from rftsearch.index.remote.reading.vectors import RemoteVectors
from rftsearch.index.remote.reading.words import RemoteWords
from rftsearch.index.remote.tables import Mark, read_mark
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.forward_index import BIGRAM_WEIGHTS, UNIGRAM_WEIGHTS
from rftsearch.index.tables.npy import open_array
from rftsearch.index.tables.paper_map import Projection
from rftsearch.index.tables.title_model import TitleToText

if TYPE_CHECKING:
    from rftsearch.index.generations.status import Status

__all__ = ["ServerPlace", "open_generation"]

_LOOKED = 2.0
"""Seconds between two looks at where the alias leads."""


def open_generation(address: Address) -> Generation:
    """Open the generation that an address leads to.

    Raises:
        IndexMissingError: Nothing was published there.
        IndexDamagedError: It is half-written, or not what was published.
        IndexFormatError: Another version of rftsearch published it.
        IndexServerError: The server does not answer, or refuses.
    """
    remote = Remote.open(address)
    try:
        remote.check_version()
        collection, mark = _current(remote)
        check_points(remote, collection, mark)
        return _opened(remote, collection, mark)
    except BaseException:
        remote.close()
        raise


def _current(remote: Remote) -> tuple[str, Mark]:
    collection = answering(remote)
    if collection is None:
        address = remote.address.text
        raise IndexMissingError(
            f"there is no index at {address}; `rftsearch build SOURCE --engine {address}` "
            "publishes one"
        )
    return collection, check_whole(collection, read_mark(remote, collection))


def _opened(remote: Remote, collection: str, mark: Mark) -> Generation:
    index = fetched(remote, collection, mark)
    manifest = Manifest.read(index)
    folder = manifest.folder(index)
    points = Points(remote, collection, mark.dimension)
    words = RemoteWords(points, *(key_table(index, name) for name in ("terms", "names", "facts")))
    attributes = Attributes.open(folder / ATTRIBUTES, manifest.categories, words)
    ids = attributes.sorted_ids
    means = open_array(folder / CENTRES, np.float32, (2, mark.dimension))
    if len(ids) != mark.papers or manifest.model.dimension != mark.dimension:
        raise IndexDamagedError(f"the tables of {collection} do not belong together; {REPAIR}")
    proposer = RemoteProposer(points, attributes, words)
    words.begin(attributes, proposer)
    return Generation(
        manifest=manifest,
        store=RemoteRecords(points, index),
        attributes=attributes,
        vectors=RemoteVectors(points, ids, proposer),
        rows=ids,
        titles=RemoteTitles(points, ids),
        unigrams=RemoteTerms(points, ids, lambda row: row.unigrams, UNIGRAM_WEIGHTS),
        bigrams=RemoteTerms(points, ids, lambda row: row.bigrams, BIGRAM_WEIGHTS),
        lexical=words,
        map=Projection.open(folder / MAP),
        mean_vector=means[0],
        title_mean_vector=means[1],
        title_to_text=TitleToText(*open_array(folder / EXPECTATION, np.float64, (2,)).tolist()),
        acronyms_file=(folder / ACRONYMS).read_bytes() if ACRONYMS in manifest.files else None,
        index=index,
        proposer=proposer,
    )


class ServerPlace:
    """An address as an engine follows it; see `rftsearch.search.generation_watcher`."""

    def __init__(self, address: Address, clock: Callable[[], float] = time.monotonic) -> None:
        """Follow an address.

        Args:
            address: Where the index is.
            clock: Returns seconds; only differences count.
        """
        self._address = address
        self._clock = clock
        self._looked: float | None = None
        self._stamp: tuple[str, ...] | None = None
        self._looking: Remote | None = None
        self._lock = threading.Lock()

    @property
    def shown(self) -> str:
        """The address, for messages."""
        return self._address.text

    def open(self) -> Generation:
        """Open the generation that the alias leads to now; see `open_generation`."""
        return open_generation(self._address)

    def stamp(self) -> tuple[str, ...] | None:
        """Return what differs between two publications; None while that is not known.

        The server is asked every two seconds at most, over one connection, and not again if
        it does not answer: that is for the question to find out.
        """
        now = self._clock()
        fresh = self._looked is not None and now - self._looked < _LOOKED
        if fresh and not self._address.is_local:
            return self._stamp
        if not self._lock.acquire(blocking=False):
            return self._stamp  # Another question is looking; this one need not wait for it.
        try:
            self._looked = now
            if self._looking is None:
                self._looking = Remote.open(self._address, again=False)
            collection, mark = _current(self._looking)
            self._stamp = (collection, mark.generation_id, mark.proof)
        except (IndexServerError, IndexMissingError, IndexDamagedError, IndexFormatError):
            pass
        finally:
            self._lock.release()
        return self._stamp

    def close(self) -> None:
        """Close the connection that follows the alias."""
        with self._lock:
            if self._looking is not None:
                self._looking.close()
                self._looking = None

    def examine(self) -> None:
        """Count what the server holds; see `check_points`."""
        with Remote.open(self._address) as remote:
            collection, mark = _current(remote)
            check_points(remote, collection, mark)

    def verify(self) -> None:
        """Read every point back and prove it by its digest; see `compare_all`."""
        with Remote.open(self._address, PATIENT) as remote:
            collection, mark = _current(remote)
            check_points(remote, collection, mark)
            compare_all(remote, collection, mark)
            fetched(remote, collection, mark)

    def status(self) -> Status:
        """Return the figures of the index; its small files are fetched for that."""
        from rftsearch.index.remote.reading.status import remote_status  # noqa: PLC0415 - seldom

        with Remote.open(self._address) as remote:
            collection, mark = _current(remote)
            folder = fetched(remote, collection, mark)
            return remote_status(remote, collection, folder, Path(self._address.text))
