"""What was read last from the store, kept by integer id.

An integer id names one immutable version of a record, and none is given out
twice: what was read under it once is true for as long as anybody asks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

__all__ = ["Recent"]

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Keeps so many of what was asked for last; several threads may share one."""

    def __init__(self, size: int) -> None:
        """Keep `size` values at the most, 1 or more."""
        self._size = size
        self._kept: OrderedDict[int, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, ids: Sequence[int], read: Callable[[Sequence[int]], Mapping[int, Value]]
    ) -> dict[int, Value]:
        """The values of some ids.

        Args:
            ids: Whose.
            read: Gives those of the ids it is called with that there are; what it
                leaves out is asked for again the next time.

        Returns:
            By id, in no order that means anything.
        """
        with self._lock:
            found = {one: self._kept[one] for one in ids if one in self._kept}
            for one in found:
                self._kept.move_to_end(one)
        missing = [one for one in ids if one not in found]
        if missing:
            fresh = read(missing)
            found.update(fresh)
            with self._lock:
                self._kept.update(fresh)
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        return found
