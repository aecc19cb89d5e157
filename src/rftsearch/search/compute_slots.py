"""Compute slots: no more answers are computed at once than keep the processors busy.

Answers let go of Python's lock wherever a library computes. With many threads each of
them then waits in line to get it back, a line that all the others stand in as well:
without turns 32 threads answered 1.2 times as many questions as one, and two threads
1.8 times as many. `scripts/bench.py concurrency` measures it with them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rftsearch.settings import cores

__all__ = ["ComputeSlots", "places"]

BESIDES = 1
"""More answers than processors: while one waits for Python's lock another computes. Of
0, 1, 2 and 4 on two processors the best, though 0 comes close."""


def places() -> int:
    """How many answers may be computed at once."""
    return cores() + BESIDES


class ComputeSlots:
    """So many may compute at once; the others wait until one of them is through."""

    def __init__(self, count: int) -> None:
        """Have `count` places, 1 or more."""
        self._places = threading.BoundedSemaphore(count)

    @contextmanager
    def acquire(self) -> Iterator[None]:
        """Compute within, at a place of one's own. A thread that has one asks for no other."""
        with self._places:
            yield

    @contextmanager
    def yielded(self) -> Iterator[None]:
        """Lend one's place to others within: while waiting, or for what takes long."""
        self._places.release()
        try:
            yield
        finally:
            self._places.acquire()
