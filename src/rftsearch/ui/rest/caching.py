"""Let clients keep answers: each has a tag, which changes when the index does.

A client sends the tag again (`If-None-Match`), and reads 304 in place of the answer while
the answer would be the same. Nothing is computed for that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date

from rftsearch import __version__

__all__ = ["KEPT", "entity_tag", "is_known"]

KEPT = "private, no-cache"
"""`Cache-Control` of an answer: keep it, but ask before it is used again."""


def entity_tag(version: str, path: str, arguments: Mapping[str, object]) -> str:
    """Return the tag of an answer.

    Args:
        version: Of the index, read before the answer is made: an index that changes
            meanwhile only makes a client ask once more.
        path: What is asked.
        arguments: The parameters that were given.
    """
    # The day counts, because a question may say "last month".
    parts = [__version__, version, date.today().isoformat(), path, arguments]
    written = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    # A weak one: the same answer may be sent compressed.
    return f'W/"{hashlib.sha256(written.encode()).hexdigest()[:32]}"'


def is_known(tag: str, header: str) -> bool:
    """Return whether a client has an answer; `header` is its `If-None-Match`."""
    return tag.removeprefix("W/") in re.findall(r'"[^"]*"', header)
