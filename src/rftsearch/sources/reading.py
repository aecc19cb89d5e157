"""Read any source whole, to see what it holds before an index is built."""

from __future__ import annotations

from rftsearch.sources.base import ParsedList, parse_source
from rftsearch.sources.registry import SourceLike, open_source

__all__ = ["read_list"]


def read_list(source: SourceLike) -> ParsedList:
    """Read a list, wherever it lives and whatever its format.

    Args:
        source: A file, a folder, or another source of papers.

    Returns:
        Its entries as papers, and what could not be read, with line and reason. A list
        without a single entry is no error, and no line of it is.

    Raises:
        SourceError: There is no such file, it cannot be read, or is not of the format that
            its name says.
    """
    return parse_source(open_source(source))
