"""Write the harmless corrections into a list, and leave every other byte as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rftsearch.errors import OutputError
from rftsearch.files import replace_file
from rftsearch.living.check.findings import Edit, Finding
from rftsearch.settings import expanded
from rftsearch.sources.markdown.list_file import list_text
from rftsearch.sources.text_file import mark_of

__all__ = ["apply_edits", "mend_list", "mendable"]


def mendable(findings: Iterable[Finding]) -> list[str]:
    """Return the files that have something to be mended; what is on the web cannot be."""
    sources = dict.fromkeys(one.source for one in findings if one.edit is not None)
    return [source for source in sources if expanded(Path(source)).is_file()]


def mend_list(path: str | Path, findings: Iterable[Finding]) -> int:
    """Write the mends of a list's findings into its file.

    The file is written whole or not at all. Where it is a link, what it leads to is written.

    Returns:
        How many findings were mended.

    Raises:
        SourceError: The list cannot be read.
        OutputError: It was changed since it was checked, or cannot be written.
    """
    edits = [one.edit for one in findings if one.source == str(path) and one.edit is not None]
    if not edits:
        return 0
    file = expanded(Path(path))
    text = list_text(file)
    if any(text[edit.start : edit.end] != edit.before for edit in edits):
        raise OutputError(
            f"{path} was changed while it was checked; nothing was written, run again"
        )
    better, done = apply_edits(text, edits)
    try:
        with file.open("rb") as opened:
            mark, encoding = mark_of(opened.read(4))
        replace_file(file, mark + better.encode(encoding))
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror}; nothing was changed, check its permissions"
        ) from error
    return done


def apply_edits(text: str, edits: Iterable[Edit]) -> tuple[str, int]:
    """Return a text with edits made, and how many; of two that overlap the later is left out."""
    parts: list[str] = []
    at = done = 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < at:
            continue
        parts += [text[at : edit.start], edit.text]
        at = edit.end
        done += 1
    return "".join((*parts, text[at:])), done
