"""The store of an index, as a program other than rftsearch opens it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from rftsearch.index.store.database import FILE_NAME

__all__ = ["opened_store"]


@contextmanager
def opened_store(index: Path) -> Iterator[sqlite3.Connection]:
    """Open it; what was changed is kept at the end, and the connection closed.

    `with sqlite3.connect(...)` only ends the transaction.
    """
    with closing(sqlite3.connect(index / FILE_NAME)) as connection, connection:
        yield connection
