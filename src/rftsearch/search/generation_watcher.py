"""The generation watcher: answers from the current generation, and opens each new one."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from rftsearch.errors import IndexDamagedError, RftsearchError, UsageError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import MANIFEST
from rftsearch.search.scope import RowsGoneError
from rftsearch.settings import address_of

if TYPE_CHECKING:
    from rftsearch.index.generations.status import Status

__all__ = ["GenerationWatcher", "Place", "place_of"]

PATIENCE = 0.25
"""Seconds that a question waits for a new generation; a short list is open by then. If
opening takes longer, the previous generation answers meanwhile."""

RETRY = 5.0
"""Seconds after which a generation that could not be opened is tried again."""

ATTEMPTS = 3
"""How often a question is asked if builds replace the index meanwhile."""

Stamp = Hashable
Value = TypeVar("Value")


class Place(Protocol):
    """Where an index is: a folder, or behind an address."""

    @property
    def shown(self) -> str:
        """What messages call it."""

    def open(self) -> Generation:
        """Open its current generation.

        Raises:
            IndexStateError: It cannot be opened.
        """

    def stamp(self) -> Stamp | None:
        """Return what differs between two generations; None while there is none."""

    def examine(self) -> None:
        """Look for damage after an unexpected error.

        Raises:
            IndexDamagedError: It is damaged.
        """

    def verify(self) -> None:
        """Prove that all of it is as it was published.

        Raises:
            IndexDamagedError: It is not.
        """

    def status(self) -> Status:
        """Return its figures; neither its vectors nor its model are loaded."""

    def close(self) -> None:
        """Give back what `stamp` holds."""


class _Folder:
    """The folder of an index: a `Place`."""

    def __init__(self, index: Path) -> None:
        self.shown = str(index)
        self._index = index
        self._manifest = os.fspath(index / MANIFEST)

    def open(self) -> Generation:
        return Generation.open(self._index)

    def stamp(self) -> Stamp | None:
        try:
            status = os.stat(self._manifest)  # noqa: PTH116 - asked with every question
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns)

    def examine(self) -> None:
        self.verify()

    def verify(self) -> None:
        from rftsearch.index.generations.verify import (  # noqa: PLC0415 - after a fault
            verify_index,
        )

        verify_index(self._index)

    def status(self) -> Status:
        from rftsearch.index.generations.status import read_status  # noqa: PLC0415 - seldom

        return read_status(self._index)

    def close(self) -> None:
        """Hold nothing."""


def place_of(index: Path) -> Place:
    """Return where an index is: a folder, or the address that `settings.index_place` returned."""
    address = address_of(index)
    if address is None:
        return _Folder(index)
    from rftsearch.index.remote.address import Address  # noqa: PLC0415 - seldom needed
    from rftsearch.index.remote.reading.open import ServerPlace  # noqa: PLC0415 - seldom needed

    return ServerPlace(Address.parse(address))


class GenerationWatcher:
    """Answers from the current generation of an index; safe from several threads."""

    def __init__(self, index: Path, check: Callable[[Generation], None]) -> None:
        """Open the current generation.

        Args:
            index: The index folder, or an address; see `settings.index_place`.
            check: Raises an error if a generation cannot be used.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be opened.
        """
        self.place = place_of(index)
        self._check = check
        self._starting = threading.Lock()
        self._opening: Future[None] | None = None
        self._failed: tuple[Stamp, float] | None = None
        self._closed = False
        self._verifying = threading.Lock()
        self._intact: Stamp | None = None
        self._seen = self.place.stamp()
        self._generation = self._open()

    def close(self) -> None:
        """Close the index."""
        self._closed = True
        self._generation.close()
        self.place.close()

    def check_open(self) -> None:
        """Do nothing if the index is open.

        Raises:
            UsageError: It was closed.
        """
        if self._closed:
            raise UsageError("this engine is closed; open another one with Engine.open")

    def answer(self, ask: Callable[[Generation], Value]) -> Value:
        """Return what `ask` makes of the current generation.

        Raises:
            IndexStateError: The index cannot be used. An unexpected error inside a generation
                is followed by a verification of the index; if that finds damage, it is
                raised instead.
            UsageError: The index was closed.
        """
        damage: Exception | None = None
        for _ in range(ATTEMPTS):
            generation = self.current()
            try:
                with _numpy_defaults():
                    return ask(generation)
            except (RowsGoneError, IndexDamagedError) as error:
                # Builds went by during the question, or changed a store that was
                # read as immutable; open it again and ask once more.
                damage = error
            except BaseException as error:
                self.check_open()  # Another thread may have closed the index meanwhile.
                if not _unexpected(error):
                    raise
                if self.place.stamp() == self._seen:
                    self._verify(error)
                    raise
                damage = IndexDamagedError(
                    f"{self.place.shown} changed while it answered; ask again"
                )
            self.reopen(generation)
        if isinstance(damage, IndexDamagedError):
            raise damage
        raise IndexDamagedError(
            f"records are missing from the store in {self.place.shown}; "
            "`rftsearch build` makes the index again"
        )

    def current(self) -> Generation:
        """Return the generation that answers now.

        Each question checks whether a build has published a new generation. A thread of
        its own opens the new one, so that no question waits long for a large index.

        Raises:
            IndexStateError: There is a new generation, and it cannot be used.
            UsageError: The index was closed.
        """
        self.check_open()
        stamp = self.place.stamp()
        if stamp is not None and stamp != self._seen:
            with suppress(TimeoutError):
                self._follow(stamp).result(PATIENCE)
        return self._generation

    def reopen(self, stale: Generation) -> None:
        """Open the index again after a generation turned out to be out of date.

        Raises:
            IndexStateError: It cannot be used.
            UsageError: The index was closed.
        """
        with self._starting:
            self.check_open()
            if self._generation is stale:
                stamp = self.place.stamp()
                self._generation = self._open()
                self._seen = stamp

    def _follow(self, stamp: Stamp) -> Future[None]:
        """Return the opening of a new generation that is under way, or start one."""
        with self._starting:
            if self._opening is not None and not (self._opening.done() and self._stale(stamp)):
                return self._opening
            opening: Future[None] = Future()
            self._opening = opening
            try:
                threading.Thread(target=self._replace, args=(stamp, opening), daemon=True).start()
            except RuntimeError:  # No more threads: for now the previous generation answers.
                self._opening = None
                opening.set_result(None)
            return opening

    def _stale(self, stamp: Stamp) -> bool:
        """Return whether an opening that has ended was for another state of the index.

        A failed opening counts for a while only: a model or a file may be back.
        """
        if self._failed is None or self._failed[0] != stamp:
            return stamp != self._seen
        return time.monotonic() - self._failed[1] > RETRY

    def _replace(self, stamp: Stamp, opening: Future[None]) -> None:
        try:
            generation = self._open()
        except BaseException as error:  # noqa: BLE001 - the asking thread raises it
            self._failed = stamp, time.monotonic()
            opening.set_exception(error)
            return
        self._generation, self._seen = generation, stamp
        if self._closed:
            generation.close()
        opening.set_result(None)

    def _open(self) -> Generation:
        try:
            with _numpy_defaults():
                generation = self.place.open()
        except BaseException as error:
            if _unexpected(error):
                self._verify(error)
            raise
        try:
            self._check(generation)
        except BaseException:
            generation.close()
            raise
        # Closed when the last question that is still using it is answered.
        weakref.finalize(generation, generation.store.close)
        return generation

    def _verify(self, error: BaseException) -> None:
        """Verify the index after an unexpected error, once for each generation found intact.

        Raises:
            IndexDamagedError: It is damaged.
        """
        with self._verifying:
            stamp = self.place.stamp()
            if stamp is None or stamp == self._intact:
                return
            try:
                self.place.examine()
            except IndexDamagedError as damage:
                raise damage from error
            except (OSError, RftsearchError):
                return  # The system or a build is in the way: nothing is proved.
            self._intact = stamp


def _unexpected(error: BaseException) -> bool:
    """Return whether an error may come from damaged files.

    A panic of a library in Rust is not an `Exception`.
    """
    if isinstance(error, RftsearchError):
        return False
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _numpy_defaults() -> np.errstate:
    """Return a context in which tiny numbers are no error, whatever the caller set in numpy."""
    return np.errstate(divide="warn", over="warn", under="ignore", invalid="warn")
