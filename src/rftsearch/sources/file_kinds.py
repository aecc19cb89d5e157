"""Which kind of source a file is, by how its name ends.

A file whose name ends in no known way is a Markdown list.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rftsearch.sources.base import Source
from rftsearch.sources.json_file import JsonFile
from rftsearch.sources.libraries.bibtex import BibtexFile
from rftsearch.sources.libraries.ris import RisFile
from rftsearch.sources.markdown.list_file import MarkdownList
from rftsearch.sources.records_file import RecordsFile
from rftsearch.sources.tables.table_file import SHEETS, YAML, TableFile

__all__ = ["LIBRARIES", "MARKDOWN", "known_suffix", "open_file", "register_suffix"]

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd", ".mdx")
"""How the names of Markdown files end."""
LIBRARIES = (".bib", ".bibtex", ".ris")
"""How the names of libraries end that can be nothing else."""

_BY_SUFFIX: dict[str, Callable[[Path], Source]] = {
    **{
        f".{form}{packing}": RecordsFile
        for form in ("jsonl", "ndjson")
        for packing in ("", ".gz", ".xz", ".zst")
    },
    **dict.fromkeys(MARKDOWN, MarkdownList),
    **dict.fromkeys((*SHEETS, *YAML), TableFile),
    ".json": JsonFile,
    **dict.fromkeys(LIBRARIES, BibtexFile),
    ".ris": RisFile,
}


def register_suffix(suffix: str, from_path: Callable[[Path], Source]) -> None:
    """Make a kind of file known.

    Args:
        suffix: How the names of its files end, `.bib`; the longest that matches counts.
        from_path: Makes the source of such a path.
    """
    _BY_SUFFIX[suffix.lower()] = from_path


def known_suffix(name: str) -> str | None:
    """Return the longest known suffix with which a name of a file ends; None if it has none."""
    found = [suffix for suffix in _BY_SUFFIX if name.lower().endswith(suffix)]
    return max(found, key=len, default=None)


def open_file(path: Path) -> Source:
    """Return the source that a file is; nothing is read yet."""
    suffix = known_suffix(str(path))
    return (_BY_SUFFIX[suffix] if suffix else MarkdownList)(path)
