"""The texts that a source holds, each with the name under which its findings are shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.errors import SourceError
from rftsearch.living.check.reading.one_text import ListText, text_of
from rftsearch.sources.arxiv.snapshot import Snapshot
from rftsearch.sources.base import Source
from rftsearch.sources.folder import Folder
from rftsearch.sources.many_files import may_hold_papers
from rftsearch.sources.registry import open_source
from rftsearch.sources.web.web_list import WebList

if TYPE_CHECKING:
    from rftsearch.sources.web.fetch import Fetcher

__all__ = ["is_checkable", "texts_of"]

_PACKED = (".gz", ".xz", ".zst")


def is_checkable(source: Source) -> bool:
    """Return whether a source has lines that can be checked: a file, a folder, an address."""
    if isinstance(source, Folder | WebList):
        return True
    path = getattr(source, "path", None)
    is_text = isinstance(path, Path) and not str(path).endswith(_PACKED)
    return is_text and not isinstance(source, Snapshot)


def texts_of(
    given: str | Path, *, offline: bool = False, fetcher: Fetcher | None = None
) -> Iterator[ListText | str]:
    """Read the texts of a source; a sentence stands for one that cannot be checked.

    Args:
        given: A file, a folder, a web address, or a repository on GitHub.
        offline: Fetch nothing; of an address the copy of the last time is read.
        fetcher: Fetches files; None for the usual one.

    Raises:
        SourceError: It cannot be read.
        FetchError: An address does not answer.
    """
    source = open_source(given, offline=offline)
    if isinstance(source, WebList):
        from rftsearch.living.check.reading.fetched import fetched_texts  # noqa: PLC0415 - requests

        yield from fetched_texts(source, fetcher)
    elif isinstance(source, Folder):
        yield from _of_folder(source, Path(given))
    elif is_checkable(source):
        yield text_of(source.path, str(given))  # type: ignore[attr-defined]  # it has one
    else:
        yield f"{given}: it is no text whose lines could be checked"


def _of_folder(folder: Folder, given: Path) -> Iterator[ListText | str]:
    names, _ = may_hold_papers(folder.names())
    if not names:
        raise SourceError(
            f"no list in the folder {given}; name one that holds .md, .csv, .yaml, .json, .bib "
            "or .ris files"
        )
    for name in names:
        if name.endswith(_PACKED):
            yield f"{given / name}: it is packed; unpack it to check it"
            continue
        try:
            yield text_of(folder.path / name, str(given / name))
        except SourceError as error:
            yield f"{given / name}: {error}"
