"""`rftsearch export --like`: write papers into a list, and say what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.terminal import note, say
from rftsearch.errors import OutputError
from rftsearch.settings import expanded
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.export.like.writer import Written
    from rftsearch.papers.paper import Paper

__all__ = ["write_like"]

_MARK = "\ufeff"
"""A byte order mark."""
_HEADINGS = 5
"""New headings that are named."""


def write_like(
    papers: Sequence[Paper],
    path: Path,
    output: Path | None,
    write: Callable[[str, Path | None], None],
) -> None:
    """Write the papers that a list lacks into it.

    Args:
        papers: The papers; what the list has already stays as it is.
        path: The list.
        output: Where the whole list is written; None for standard output.
        write: Writes a text there.

    Raises:
        SourceError: The list cannot be read, or has no entries.
        OutputError: It was changed meanwhile, or cannot be written.
    """
    from rftsearch.export.like.writer import ListWriter
    from rftsearch.sources.markdown.list_file import list_text

    text = list_text(path)
    written = ListWriter(text, path.name).write(papers)
    whole = written.text
    if output is not None:
        target = expanded(output)
        if target.exists() and path.samefile(target) and list_text(path) != text:
            raise OutputError(f"{path} was changed meanwhile; nothing was written, run again")
        whole = (_MARK if path.read_bytes().startswith(_MARK.encode()) else "") + whole
    write(whole, output)
    _report(written, path, output)


def _report(written: Written, path: Path, output: Path | None) -> None:
    done = plural(len(written.added), "entry was", "entries were")
    there = plural(len(written.known), "paper was", "papers were")
    line = f"{done} added in the style of {path.name}; {there} there already"
    if output is None:
        note(line)
    else:
        say(f"Wrote {output}: {line}.")
    headings = list(dict.fromkeys(one.category for one in written.added if one.new_heading))
    if headings:
        more = ", ..." if headings[_HEADINGS:] else ""
        note(f"{path.name} has no such heading yet: {', '.join(headings[:_HEADINGS])}{more}")
    lost = Counter(what for one in written.added for what in one.lost)
    if lost:
        parts = ", ".join(f"{what} ({count})" for what, count in lost.most_common())
        note(f"what the form of {path.name} does not say as the index does: {parts}")
