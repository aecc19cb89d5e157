"""Settings from the environment: where the index lies, and how many threads compute.

An index that nobody names is, in this order, the folder in `RFTSEARCH_INDEX`; the
`index/` folder of the checkout that the package runs from or that contains the
current folder; a folder in the user's data folder.

onnxruntime, FAISS and torch each start as many threads as the machine has processors,
even where this process may use fewer, and then hinder each other: all of them get
their number of threads from here.
"""

from __future__ import annotations

import math
import os
import tomllib
from pathlib import Path

import platformdirs

from rftsearch.errors import UsageError

__all__ = [
    "INDEX_VARIABLE",
    "THREADS_VARIABLE",
    "VECTOR_ENGINE_VARIABLE",
    "cores",
    "default_cache",
    "default_index",
    "threads",
    "vector_engine",
]

INDEX_VARIABLE = "RFTSEARCH_INDEX"


def default_index() -> Path:
    """The index folder to use; it need not exist yet."""
    if named := os.environ.get(INDEX_VARIABLE):
        return Path(named).expanduser()
    # The package's own place first: `src/rftsearch/settings.py` of a checkout.
    candidates = [Path(__file__).parents[2], Path.cwd(), *Path.cwd().parents]
    for folder in candidates:
        if _is_checkout(folder):
            return folder / "index"
    return platformdirs.user_data_path("rftsearch", appauthor=False) / "index"


def default_cache() -> Path:
    """The user's folder for what can be made again; it need not exist yet."""
    return platformdirs.user_cache_path("rftsearch", appauthor=False)


VECTOR_ENGINE_VARIABLE = "RFTSEARCH_VECTOR_ENGINE"


def vector_engine() -> str:
    """Return the name of the engine that builds write vectors with; empty for the usual one."""
    return os.environ.get(VECTOR_ENGINE_VARIABLE, "")


def _is_checkout(folder: Path) -> bool:
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(project.get("project", {}).get("name") == "rftsearch")


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
