"""Copies of what was fetched, in the user's cache folder: asked about again, or read offline."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rftsearch.files import read_regular, write_atomically

__all__ = ["Copies", "Copy"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Copy:
    """What an address gave."""

    url: str
    """The address that was asked for."""
    final_url: str
    """Where it was found, after redirects."""
    content: bytes
    media_type: str = ""
    """`text/markdown`, in small letters; empty if the server did not say."""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    file_name: str = ""
    """What the server calls the file; mostly empty."""
    fetched: str = ""
    """The day, `2026-05-03`."""

    @property
    def validators(self) -> dict[str, str]:
        """The headers that ask whether it has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


class Copies:
    """A folder of copies, one file for each address.

    A file holds one line of JSON about the copy, then its bytes; it is replaced whole.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder; it is made when the first copy is kept."""
        self._folder = folder

    def _path(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()[:40]

    def find(self, url: str) -> Copy | None:
        """Return the copy of what an address gave; None if there is none, or it is damaged."""
        try:
            head, _, content = read_regular(self._path(url)).partition(b"\n")
            about = json.loads(head)
            sound = (
                about.pop("version") == _VERSION
                and about["url"] == url
                and about.pop("sha256") == hashlib.sha256(content).hexdigest()
            )
            return Copy(content=content, **about) if sound else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def keep(self, copy: Copy) -> None:
        """Keep a copy; where that is not possible, it is fetched again the next time."""
        about = asdict(copy)
        del about["content"]
        about |= {"version": _VERSION, "sha256": hashlib.sha256(copy.content).hexdigest()}
        about["fetched"] = datetime.now(UTC).date().isoformat()
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                self._folder.chmod(0o700)  # What a token gave access to is nobody else's.
            head = json.dumps(about).encode()
            write_atomically(self._path(copy.url), head + b"\n" + copy.content, durable=False)
