"""One text that is checked: a file, read as what it is, with the places of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rftsearch.living.check.reading.rows import find_rows
from rftsearch.sources.base import parse_source
from rftsearch.sources.file_kinds import MARKDOWN, known_suffix, open_file
from rftsearch.sources.markdown.list_file import list_text
from rftsearch.sources.markdown.places import ListPlaces, find_places
from rftsearch.sources.text_file import read_text

__all__ = ["ListText", "text_of"]


@dataclass(frozen=True, slots=True)
class ListText:
    """A text that is checked."""

    source: str
    """How findings call it: its path as it was given, or its address on the web."""
    places: ListPlaces
    is_list: bool
    """Whether it is a list in Markdown; else its entries are rows of a table or a library."""


def text_of(path: Path, source: str, name: str = "") -> ListText:
    """Read one file.

    Args:
        path: Where it is.
        source: How findings call it.
        name: Its name without folder; empty for that of the path.

    Raises:
        SourceError: It cannot be read.
    """
    suffix = known_suffix(path.name)
    if suffix is None or suffix in MARKDOWN:
        return ListText(source, find_places(list_text(path), name or path.name), is_list=True)
    places = find_rows(read_text(path), parse_source(open_file(path)))
    return ListText(source, places, is_list=False)
