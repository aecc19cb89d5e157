"""Keeping up with an index: the generation that answers, until a build publishes another."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from rftsearch.index.generation import Generation
from rftsearch.index.manifest import MANIFEST

__all__ = ["Follower"]

PATIENCE = 0.25
"""Seconds that a question waits for a new generation; a list is open by then. Where it
takes longer, the old one answers what is asked meanwhile."""

Stamp = tuple[int, int]


class Follower:
    """Knows which generation of an index answers; safe from several threads."""

    def __init__(self, index: Path, check: Callable[[Generation], None]) -> None:
        """Open the current generation.

        Args:
            index: The index folder.
            check: Raises where a generation cannot be used.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be opened.
        """
        self._index = index
        self._check = check
        self._starting = threading.Lock()
        self._opening: Future[None] | None = None
        self._seen = self._stamp()
        self._generation = self._open()

    def close(self) -> None:
        """Let go of the index."""
        self._generation.close()

    def current(self) -> Generation:
        """The generation that answers now.

        A new one is opened in a thread of its own, so that no question waits long for
        a large index; each question looks whether there is one, so that it answers as
        soon as it is open.

        Raises:
            IndexStateError: There is a new one, and it cannot be used.
        """
        stamp = self._stamp()
        if stamp is not None and stamp != self._seen:
            with suppress(TimeoutError):
                self._follow(stamp).result(PATIENCE)
        return self._generation

    def reopen(self, stale: Generation) -> None:
        """Open the index again, as one that was read turned out to be out of date.

        Raises:
            IndexStateError: It cannot be used.
        """
        with self._starting:
            if self._generation is stale:
                self._seen = self._stamp()
                self._generation = self._open()

    def _follow(self, stamp: Stamp) -> Future[None]:
        """The opening of a new generation that is under way; begun, if there is none."""
        with self._starting:
            if self._opening is None or self._opening.done():
                self._opening = Future()
                if stamp == self._seen:  # Another thread was as quick.
                    self._opening.set_result(None)
                else:
                    threading.Thread(
                        target=self._replace, args=(stamp, self._opening), daemon=True
                    ).start()
            return self._opening

    def _replace(self, stamp: Stamp, opening: Future[None]) -> None:
        try:
            self._generation = self._open()
            self._seen = stamp
        except BaseException as error:  # noqa: BLE001 - whoever asks is told
            opening.set_exception(error)
        else:
            opening.set_result(None)

    def _open(self) -> Generation:
        generation = Generation.open(self._index)
        try:
            self._check(generation)
        except BaseException:
            generation.close()
            raise
        # Closed when the last question that is still using it is answered.
        weakref.finalize(generation, generation.store.close)
        return generation

    def _stamp(self) -> Stamp | None:
        """What tells one manifest from another; None while there is none."""
        try:
            status = (self._index / MANIFEST).stat()
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns)
