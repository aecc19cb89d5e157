"""What was read last from the store, kept by integer id.

An integer id names one immutable version of a record, and no id is given out
twice: what was read under it once stays true.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

__all__ = ["RecentById"]

Value = TypeVar("Value")


class RecentById(Generic[Value]):
    """Keeps a number of values that were used last; several threads may share one."""

    def __init__(self, size: int) -> None:
        """Keep up to `size` values, 1 or more."""
        self._size = size
        self._kept: OrderedDict[int, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, ids: Sequence[int], read: Callable[[Sequence[int]], Mapping[int, Value]]
    ) -> dict[int, Value]:
        """Return the values of some ids.

        Args:
            ids: Whose.
            read: Returns the values of the ids it is called with; an id that it leaves
                out is asked for again the next time.

        Returns:
            By id, in any order.
        """
        with self._lock:
            found = {one: self._kept[one] for one in ids if one in self._kept}
            for one in found:
                self._kept.move_to_end(one)
        missing = [one for one in ids if one not in found]
        if missing:
            fresh = read(missing)
            found.update(fresh)
            self.put(fresh)
        return found

    def put(self, values: Mapping[int, Value]) -> None:
        """Keep values that are known already."""
        with self._lock:
            self._kept.update(values)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
