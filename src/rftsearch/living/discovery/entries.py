"""Ready entries for candidates, in the list's own style."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rftsearch.errors import SourceError
from rftsearch.export.like.writer import ListWriter
from rftsearch.export.markdown import write
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from rftsearch.sources.markdown.list_file import MarkdownList
from rftsearch.sources.registry import open_source

__all__ = ["WriteEntry", "entry_writer"]

WriteEntry = Callable[[Paper, str], str]
"""Returns the entry of a paper under a category, without a line end."""


def entry_writer(engine: Engine, like: Path | None) -> tuple[WriteEntry, tuple[str, ...]]:
    """Return what writes entries, and what there is to say about it.

    Args:
        engine: The open index. If it was built from one Markdown list, that is the style.
        like: Another list whose style is wanted.

    Raises:
        SourceError: `like` cannot be read, or has no entry whose style could be followed.
    """
    if like is not None:
        return _careful(ListWriter.open(like)), ()
    own = _own_list(engine)
    if own is None:
        return _usual, ()
    try:
        return _careful(ListWriter.open(own)), ()
    except SourceError as error:
        return _usual, (f"entries have the usual form, for {error}",)


def _own_list(engine: Engine) -> Path | None:
    keys = engine.read(lambda now: now.manifest.sources)
    lists = [one for key in keys if isinstance(one := open_source(key), MarkdownList)]
    return lists[0].path if len(lists) == 1 else None


def _careful(writer: ListWriter) -> WriteEntry:
    def entry(paper: Paper, category: str) -> str:
        try:
            return writer.entry(paper, category)
        except SourceError:  # No entry of the list can be followed for this paper.
            return _usual(paper, category)

    return entry


def _usual(paper: Paper, category: str) -> str:
    return write([replace(paper, categories=(category,))]).rstrip().rpartition("\n")[2]
