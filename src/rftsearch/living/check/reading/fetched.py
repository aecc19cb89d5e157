"""The texts at a web address: what its reader fetches, under the addresses that people open."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rftsearch.errors import SourceError
from rftsearch.living.check.reading.one_text import ListText, text_of
from rftsearch.sources.file_kinds import known_suffix
from rftsearch.sources.web.copies import Copy
from rftsearch.sources.web.fetch import Fetcher
from rftsearch.sources.web.kinds import as_utf8, file_name, suffix_of
from rftsearch.sources.web.web_list import WebList

__all__ = ["fetched_texts"]


class _Noting:
    """A fetcher that keeps what it has fetched."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.copies: dict[str, Copy] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._fetcher, name)

    def get(self, url: str, accept: str = "*/*") -> Copy:
        """Fetch, and keep files; what GitHub's API says is no list."""
        copy = self._fetcher.get(url, accept)
        if not url.startswith(f"{self._fetcher.hosts.api}/"):
            self.copies.setdefault(copy.url, copy)
        return copy


def fetched_texts(source: WebList, fetcher: Fetcher | None) -> Iterator[ListText | str]:
    """Fetch the files of an address as its reader does, and yield their texts.

    Raises:
        SourceError: What comes is no list.
        FetchError: It cannot be fetched.
    """
    noting = _Noting(fetcher or source.fetcher or Fetcher(offline=source.offline))
    reader = WebList(source.url, source.offline, source.named, noting)  # type: ignore[arg-type]
    account = reader.parse().account
    for url, copy in noting.copies.items():
        shown = _page_of(url, noting._fetcher.hosts.raw)
        try:
            yield _text(copy, shown)
        except SourceError as error:
            yield f"{shown}: {error}"
    yield from (line for line in account if "not read" in line or "copies of" in line)


def _text(copy: Copy, shown: str) -> ListText:
    """Read a copy through a file of its kind.

    Raises:
        SourceError: It cannot be read.
    """
    suffix = suffix_of(copy)
    base = file_name(copy.url) or "list"
    own = base if known_suffix(base) == suffix else f"{base}{suffix}"
    with tempfile.TemporaryDirectory(prefix="rftsearch-") as folder:
        path = Path(folder) / own
        path.write_bytes(as_utf8(copy))
        return text_of(path, shown, base)


def _page_of(url: str, raw: str) -> str:
    """Return the page of a file on GitHub; of other files the address itself."""
    found = re.fullmatch(rf"{re.escape(raw)}/([^/]+)/([^/]+)/(.+)", url)
    return f"https://github.com/{found[1]}/{found[2]}/blob/{found[3]}" if found else url
