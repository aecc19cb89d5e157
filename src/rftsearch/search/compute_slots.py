"""Compute slots: as many answers are computed at once as keep the processors busy.

A thread releases Python's lock while a library computes, and then waits for it together
with all other threads. Without slots, 32 threads answered 1.2 times as many questions as
one thread, and two threads 1.8 times as many. `scripts/bench.py concurrency` measures it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rftsearch.settings import cores

__all__ = ["ComputeSlots", "places"]

EXTRA = 1
"""How many more answers than processors: while one waits for Python's lock, another
computes. The best of 0, 1, 2 and 4 on two processors; 0 comes close."""


def places() -> int:
    """Return how many answers may be computed at once."""
    return cores() + EXTRA


class ComputeSlots:
    """Lets a limited number of threads compute at once; the others wait."""

    def __init__(self, count: int) -> None:
        """Have `count` slots, 1 or more."""
        self._places = threading.BoundedSemaphore(count)

    @contextmanager
    def acquire(self) -> Iterator[None]:
        """Hold a slot within. A thread that holds one must not acquire another."""
        with self._places:
            yield

    @contextmanager
    def yielded(self) -> Iterator[None]:
        """Give the slot to others within, for a wait or something slow; take one again after."""
        self._places.release()
        try:
            yield
        finally:
            self._places.acquire()
