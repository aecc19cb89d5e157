"""Read any source whole, to see what it holds before an index is built."""

from __future__ import annotations

from rftsearch.sources.base import ParsedList, parse_source
from rftsearch.sources.registry import SourceLike, open_source

__all__ = ["read_list"]


def read_list(source: SourceLike, *, offline: bool = False) -> ParsedList:
    """Read a list, wherever it lives and whatever its format.

    Args:
        source: A file, a folder, a web address, a repository on GitHub (`owner/name`), or
            another source of papers.
        offline: Fetch nothing; of a web address the copy of the last time is read.

    Returns:
        Its entries as papers, and what could not be read, with line and reason. A list
        without a single entry is no error, and no line of it is.

    Raises:
        SourceError: There is no such file, it cannot be read, or is not of the format that
            its name says.
        FetchError: A web address does not answer, or not with a list.
    """
    return parse_source(open_source(source, offline=offline))
