"""Which kind of source a path or a remembered key stands for.

A source is known by its scheme, as `arxiv-snapshot` is in `arxiv-snapshot:/data/arxiv.json`,
by being a web address or a folder, or by how the name of its file ends (`file_kinds`). Any
other path is a Markdown list, unless it has the form `owner/name` and does not exist: that
is a repository on GitHub.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from rftsearch.errors import SourceError
from rftsearch.sources.arxiv.snapshot import SCHEME, Snapshot
from rftsearch.sources.base import Source
from rftsearch.sources.catalogue import CATALOGUE, Catalogue
from rftsearch.sources.file_kinds import known_suffix, open_file, register_suffix
from rftsearch.sources.folder import Folder
from rftsearch.sources.web.places import repository_named
from rftsearch.sources.web.web_list import WebList, web_address

__all__ = ["SourceLike", "as_list", "open_source", "register_source"]

SourceLike = str | Path | Source
"""A source, or the path or key that `open_source` opens as one."""

_Given = TypeVar("_Given")

_ON_GITHUB = re.compile(r"(?:(?:www|gist)\.)?github\.com/|raw\.githubusercontent\.com/", re.I)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")

_BY_SCHEME: dict[str, Callable[[str], Source]] = {SCHEME: Snapshot.from_key}


def register_source(
    *,
    scheme: str | None = None,
    from_key: Callable[[str], Source] | None = None,
    suffix: str | None = None,
    from_path: Callable[[Path], Source] | None = None,
) -> None:
    """Make a kind of source known to `open_source`.

    Args:
        scheme: What its keys begin with, before a colon.
        from_key: Makes the source from such a key; needed with `scheme`.
        suffix: How the names of its files end, `.bib`; the longest that matches counts.
        from_path: Makes the source from such a path; needed with `suffix`.

    Raises:
        ValueError: A scheme or suffix comes without its function.
    """
    if (scheme is None) != (from_key is None) or (suffix is None) != (from_path is None):
        raise ValueError("give a scheme with from_key, or a suffix with from_path")
    if scheme is not None and from_key is not None:
        _BY_SCHEME[scheme] = from_key
    if suffix is not None and from_path is not None:
        register_suffix(suffix, from_path)


def as_list(given: _Given | Iterable[_Given]) -> list[_Given]:
    """Return what was given as a list; a single path is a list of one, not its letters."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        return [given]
    return list(given)


def _address_typed(text: str) -> str | None:
    """Return the address that a text means which people type without `https://`, else None.

    Raises:
        SourceError: It is an address that cannot be fetched: `ftp://...`, `file://...`.
    """
    if _ON_GITHUB.match(text):
        return web_address(f"https://{text}")
    if found := _SCHEME.match(text):
        raise SourceError(
            f"{found[1]} addresses are not read: {text}; give an address that begins with "
            "https://, or the path of a file"
        )
    return None


def open_source(given: SourceLike, *, offline: bool = False) -> Source:
    """Return the source that a path or key stands for; nothing is read yet.

    Args:
        given: A path, a web address, `owner/name` on GitHub where there is no such path, a
            key that an index remembers, or a source.
        offline: Whether it must not fetch anything: of a web address it reads the copy of
            the last time.

    Raises:
        SourceError: An address of GitHub leads to no list, or one is of another kind than
            http and https.
        FilterError: The key names filters that make no sense.
    """
    if not isinstance(given, str | Path):
        return given
    text = str(given)
    if text == CATALOGUE:
        return Catalogue()
    scheme, colon, _ = text.partition(":")
    if colon and scheme in _BY_SCHEME:
        return _BY_SCHEME[scheme](text)
    path = Path(given)
    if url := web_address(text) or (None if path.exists() else _address_typed(text)):
        return WebList(url, offline)
    place = repository_named(given) if isinstance(given, str) else None
    if place and not path.exists() and not known_suffix(text):
        return WebList(place.address, offline, named=text)
    return Folder(path) if path.is_dir() else open_file(path)
