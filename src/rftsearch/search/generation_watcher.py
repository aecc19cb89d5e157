"""Keeping up with an index: the generation that answers, until a build publishes another."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from rftsearch.errors import UsageError
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import MANIFEST

__all__ = ["GenerationWatcher"]

PATIENCE = 0.25
"""Seconds that a question waits for a new generation; a list is open by then. Where it
takes longer, the old one answers what is asked meanwhile."""

RETRY = 5.0
"""Seconds after which a generation that could not be opened is tried again."""

Stamp = tuple[int, int]


class GenerationWatcher:
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
        self._manifest = os.fspath(index / MANIFEST)
        self._check = check
        self._starting = threading.Lock()
        self._opening: Future[None] | None = None
        self._failed: tuple[Stamp, float] | None = None
        self._closed = False
        self._seen = self._stamp()
        self._generation = self._open()

    def close(self) -> None:
        """Let go of the index."""
        self._closed = True
        self._generation.close()

    def check_open(self) -> None:
        """Raise an error if the index was let go of.

        Raises:
            UsageError: It was.
        """
        if self._closed:
            raise UsageError("this engine is closed; open another one with Engine.open")

    def current(self) -> Generation:
        """The generation that answers now.

        A new one is opened in a thread of its own, so that no question waits long for
        a large index; each question looks whether there is one, so that it answers as
        soon as it is open.

        Raises:
            IndexStateError: There is a new one, and it cannot be used.
            UsageError: The index was let go of.
        """
        self.check_open()
        stamp = self._stamp()
        if stamp is not None and stamp != self._seen:
            with suppress(TimeoutError):
                self._follow(stamp).result(PATIENCE)
        return self._generation

    def reopen(self, stale: Generation) -> None:
        """Open the index again, as one that was read turned out to be out of date.

        Raises:
            IndexStateError: It cannot be used.
            UsageError: The index was let go of.
        """
        with self._starting:
            self.check_open()
            if self._generation is stale:
                stamp = self._stamp()
                self._generation = self._open()
                self._seen = stamp

    def _follow(self, stamp: Stamp) -> Future[None]:
        """The opening of a new generation that is under way; begun, if there is none."""
        with self._starting:
            if self._opening is not None and not (self._opening.done() and self._stale(stamp)):
                return self._opening
            opening: Future[None] = Future()
            self._opening = opening
            try:
                threading.Thread(target=self._replace, args=(stamp, opening), daemon=True).start()
            except RuntimeError as error:  # No more threads.
                opening.set_exception(error)
            return opening

    def _stale(self, stamp: Stamp) -> bool:
        """Whether an opening that is over says nothing of this state of the index.

        What failed is tried again after a while: a model or a file may be back.
        """
        if self._failed is None or self._failed[0] != stamp:
            return stamp != self._seen
        return time.monotonic() - self._failed[1] > RETRY

    def _replace(self, stamp: Stamp, opening: Future[None]) -> None:
        try:
            generation = self._open()
        except BaseException as error:  # noqa: BLE001 - whoever asks is told
            self._failed = stamp, time.monotonic()
            opening.set_exception(error)
            return
        self._generation, self._seen = generation, stamp
        if self._closed:
            generation.close()
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
            status = os.stat(self._manifest)  # noqa: PTH116 - asked with every question
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns)
