"""Read what was fetched with the reader of its kind, through a file of its name."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rftsearch.sources.file_kinds import known_suffix
from rftsearch.sources.many_files import FileRead, read_file
from rftsearch.sources.web.copies import Copy
from rftsearch.sources.web.kinds import as_utf8, suffix_of

__all__ = ["read_copy"]


def read_copy(copy: Copy, name: str) -> FileRead:
    """Read what was fetched; what is wrong with it is told, not raised.

    Args:
        copy: What was fetched.
        name: What the file is called in records and messages.

    Raises:
        SourceError: It is a web page, not a list.
    """
    suffix = suffix_of(copy)
    base = name.rpartition("/")[2] or "list"
    own = base if known_suffix(base) == suffix else f"{base}{suffix}"
    with tempfile.TemporaryDirectory(prefix="rftsearch-") as folder:
        path = Path(folder) / own.replace("\0", "_")[-200:]
        path.write_bytes(as_utf8(copy))
        return read_file(path, name)
