"""Print lines to the terminal.

Results go to stdout; notes, errors and progress go to stderr.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TextIO

from rftsearch.settings import address_of, wants_styles

__all__ = [
    "Style",
    "blank_controls",
    "complain",
    "note",
    "print_json",
    "print_line",
    "say",
    "set_named_index",
    "show_notes",
]

Style = Literal["", "bold", "dim", "cyan", "bold red"]
"""How a part of a line looks on a terminal."""
# As ECMA-48 has it: "select graphic rendition".
_CODES: Mapping[str, str] = {"bold": "1", "dim": "2", "cyan": "36", "bold red": "1;31"}

_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # what a terminal obeys
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what shows text in another order
    "\u2028\u2029]"  # what ends a line
)


# A command in a sentence that takes --index and does not have it yet.
_COMMAND = re.compile(r"`(rftsearch (?!-|app\b|[\w-]+ --help)(?:(?! --index)[^`])+)`")
_named: list[str] = []
"""The folder that the user named with --index; empty for the default index."""


def set_named_index(index: Path | None) -> None:
    """Put an index into the commands that notes and errors advise, so that they can be copied.

    Args:
        index: The folder that the user named; None for the default one.
    """
    _named[:] = [] if index is None else [shlex.quote(address_of(index) or str(index))]


def _with_index(line: str) -> str:
    if not _named:
        return line
    # What builds does so in the folder that an address was published from.
    builds = ("rftsearch build", "rftsearch add", "rftsearch remove", "rftsearch sync")

    def named(found: re.Match[str]) -> str:
        if _named[0].startswith("qdrant") and found[1].startswith(builds):
            return found[0]
        return f"`{found[1]} --index {_named[0]}`"

    return _COMMAND.sub(named, line)


def say(line: str) -> None:
    """Print a line about what was done."""
    print_line(line)


def note(line: str) -> None:
    """Print to stderr what the user should know about a result."""
    print_line((f"note: {_with_index(line)}", "dim"), file=sys.stderr)


def show_notes(notes: Sequence[str]) -> None:
    """Print several notes."""
    for each in notes:
        note(each)


def complain(line: str) -> None:
    """Print an error to stderr, as one line."""
    print_line(f"rftsearch: {_with_index(line)}", file=sys.stderr)


def print_line(*pieces: str | tuple[str, Style], file: TextIO | None = None) -> None:
    """Print one line in pieces, each plain or with its style.

    The texts come from anywhere, so control characters become spaces.
    """
    file = file or sys.stdout
    styled = wants_styles(file.isatty())
    line = ""
    for piece in pieces:
        text, style = (piece, "") if isinstance(piece, str) else piece
        text = blank_controls(text)
        code = _CODES.get(style)
        line += f"\x1b[{code}m{text}\x1b[0m" if styled and code and text else text
    file.write(f"{line}\n")


def blank_controls(text: str, keep: str = "") -> str:
    """Return a text with a space for each character that changes how a terminal behaves.

    These are the control characters of ASCII and Latin-1, line ends included, and those
    that change the direction of text, with which a title could show as another one.

    Args:
        text: The text.
        keep: Characters that stay, such as the line ends of a file.
    """
    return _CONTROL.sub(lambda found: found[0] if found[0] in keep else " ", text)


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print a value as JSON, with an escape for each character that a terminal obeys."""
    # The code that is printed for a letter that the terminal lacks is not JSON.
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    for piece in json.JSONEncoder(ensure_ascii=not unicode, indent=2).iterencode(value):
        sys.stdout.write(_escaped(piece))
    sys.stdout.write("\n")
    sys.stdout.flush()


def _escaped(json_text: str) -> str:
    # The line ends between values are JSON's own; those within a text are escaped already.
    return _CONTROL.sub(
        lambda found: found[0] if found[0] == "\n" else f"\\u{ord(found[0]):04x}", json_text
    )
