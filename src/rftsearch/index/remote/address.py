"""The address of an index on Qdrant.

    qdrant://host:6333/collection           a server
    qdrant+https://host:6333/collection     the same over TLS
    qdrant+path:FOLDER                      the client's local mode, kept in a folder
    qdrant+memory:NAME                      the same in the memory of this process

An address holds no secret: the API key and the authorities that sign certificates come
from the environment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rftsearch.errors import UsageError
from rftsearch.settings import QDRANT_KEY_VARIABLE, expanded

__all__ = ["Address", "is_address"]

FORMS = (
    "qdrant://host:6333/collection, qdrant+https://host:6333/collection, qdrant+path:FOLDER or "
    "qdrant+memory:NAME"
)
PORT = 6333
"""Of Qdrant's REST API."""
LOCAL_COLLECTION = "papers"
"""In a folder or in memory there is one collection, so that the address need not name it."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SERVERS = {"qdrant": "http", "qdrant+https": "https"}


def is_address(text: object) -> bool:
    """Return whether a text is meant as the address of an index, not as a folder."""
    return isinstance(text, str) and re.match(r"qdrant(\+[a-z]+)?:", text) is not None


@dataclass(frozen=True, slots=True)
class Address:
    """Where an index is."""

    text: str
    """The whole address, as messages and manifests have it."""
    collection: str
    """The name that readers ask for."""
    url: str | None = None
    """Of the server; None in local mode."""
    folder: Path | None = None
    """Of the local mode; None for a server and in memory."""

    @property
    def is_local(self) -> bool:
        """Whether the client does all by itself, in this process."""
        return self.url is None

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read an address.

        Raises:
            UsageError: It is none, or it holds a key or a password.
        """
        scheme, colon, rest = text.partition(":")
        if scheme in _SERVERS and rest.startswith("//"):
            return cls._of_server(scheme, text)
        if scheme == "qdrant+path" and colon and rest.strip():
            folder = expanded(Path(rest)).absolute()
            return cls(f"{scheme}:{folder}", LOCAL_COLLECTION, folder=folder)
        if scheme == "qdrant+memory" and colon and (not rest or _NAME.fullmatch(rest)):
            return cls(text, LOCAL_COLLECTION)
        raise UsageError(f"{_shown(text)} is no address of an index; write {FORMS}")

    @classmethod
    def _of_server(cls, scheme: str, text: str) -> Address:
        parts = urlsplit(text)
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise UsageError(
                f"the address {_shown(text)} may hold no key and no password, for others see it; "
                f"set {QDRANT_KEY_VARIABLE}"
            )
        try:
            host, port = parts.hostname, parts.port or PORT
        except ValueError:
            host, port = None, 0
        before, _, collection = parts.path.rstrip("/").rpartition("/")
        if not host or not _NAME.fullmatch(collection):
            raise UsageError(
                f"{_shown(text)} is no address of an index; write qdrant://host:6333/collection, "
                "the collection of letters, digits, '.', '_' and '-'"
            )
        host = f"[{host}]" if ":" in host else host
        place = f"{host}:{port}{before}"
        return cls(
            f"{scheme}://{place}/{collection}", collection, url=f"{_SERVERS[scheme]}://{place}"
        )


def _shown(text: str) -> str:
    """Return an address without what may be secret in it."""
    return repr(re.sub(r"//[^/]*@", "//", text).partition("?")[0].partition("#")[0])
