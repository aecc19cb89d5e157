"""How many threads the numeric libraries may use: one answer for all of them.

Each of onnxruntime, FAISS and torch takes as many threads as the machine has
processors, whatever part of them this process was given; several at once then
get in one another's way.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

from rftsearch.errors import UsageError

__all__ = ["THREADS_VARIABLE", "cores", "threads"]

THREADS_VARIABLE = "RFTSEARCH_THREADS"

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""What a container may use, as microseconds of processor time in a period of so many."""


def threads() -> int:
    """Threads for one computation: what `RFTSEARCH_THREADS` says, else `cores`.

    Raises:
        UsageError: The variable is no number of threads.
    """
    named = os.environ.get(THREADS_VARIABLE)
    if not named:
        return cores()
    if not named.isdecimal() or int(named) < 1:
        raise UsageError(f"{THREADS_VARIABLE} is {named!r}; give a number of threads, 1 or more")
    return int(named)


def cores() -> int:
    """Processors that this process may use, by its affinity and its container's quota."""
    if hasattr(os, "sched_getaffinity"):
        available = len(os.sched_getaffinity(0))
    else:
        available = os.cpu_count() or 1
    return max(1, min(available, _quota()))


def _quota() -> int:
    """Whole processors of the container's quota, rounded up; all there are without one."""
    everything = os.cpu_count() or 1
    try:
        allowed, period = _QUOTA.read_text("ascii").split()
        return everything if allowed == "max" else math.ceil(int(allowed) / int(period))
    except (OSError, ValueError):
        return everything
