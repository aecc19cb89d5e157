"""Print lines to the terminal, and end the process with one line whatever goes wrong.

Results go to stdout; notes, errors and progress go to stderr.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TextIO

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.settings import wants_styles

__all__ = [
    "Style",
    "blank_controls",
    "complain",
    "explained",
    "note",
    "print_json",
    "print_line",
    "say",
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


def say(line: str) -> None:
    """Print a line about what was done."""
    print_line(line)


def note(line: str) -> None:
    """Print to stderr what the user should know about a result."""
    print_line((f"note: {line}", "dim"), file=sys.stderr)


def show_notes(notes: Sequence[str]) -> None:
    """Print several notes."""
    for each in notes:
        note(each)


def complain(line: str) -> None:
    """Print an error to stderr, as one line."""
    print_line(f"rftsearch: {line}", file=sys.stderr)


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


def blank_controls(text: str) -> str:
    """Return a text with a space for each character that changes how a terminal behaves.

    These are the control characters of ASCII and Latin-1, line ends included, and those
    that change the direction of text, with which a title could show as another one.
    """
    return _CONTROL.sub(" ", text)


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print a value as JSON, with an escape for each character that a terminal obeys."""
    # What `explained` writes for a letter that the terminal lacks is not JSON.
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


@contextmanager
def explained() -> Iterator[None]:
    """End the process with one line and the right code, whatever goes wrong.

    Exit codes: 1 for a failure, 2 for a mistake in what was asked, 130 for an interruption,
    143 for SIGTERM. If the reader of the output closes it early, the process ends quietly
    with 1.
    """
    _open_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal lacks is printed as its code.
            stream.reconfigure(errors="backslashreplace")
    try:
        with _terminable(), _interruptions():
            yield
            sys.stdout.flush()
    except RftsearchError as error:
        complain(str(error))
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        _discard_output()
        sys.exit(1)
    except MemoryError:
        complain("not enough memory; close other programs, or use a machine with more")
        sys.exit(1)
    except OSError as error:
        try:
            sys.stdout.flush()
        except OSError:
            _discard_output()
        complain(_reason(error))
        sys.exit(1)
    except ImportError as error:
        # The loader of shared libraries gives the system's reason as text alone.
        if os.strerror(errno.EMFILE) not in str(error):
            raise
        complain(_CURES[errno.EMFILE])
        sys.exit(1)


_CURES: Mapping[int | None, str] = {
    errno.ENOSPC: "the disk is full, so not everything was written; free some space",
    errno.EMFILE: "too many open files; allow more with `ulimit -n 1024`",
    errno.ENFILE: "too many open files on this machine; end other programs",
    errno.EBADF: "stdout is closed, so the results were not printed; open it, or write to a file",
}


def _reason(error: OSError) -> str:
    """Return the system's reason for an error, and the cure if there is one."""
    if cure := _CURES.get(error.errno):
        return cure
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename is not None else reason


def _open_standard_streams() -> None:
    """Put something in place of standard streams that are closed.

    Otherwise the next file that is opened, such as the store of the index, takes the number
    of a standard stream, and a library that prints would print into that file. What is put
    there refuses to be read or written, as the closed stream did; only stderr takes
    everything, since nobody is left to be told.
    """
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # The system gives the lowest free number: this one.
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the first process of a container; the system ignores it there.

    As anywhere else it ends the process at once: an index is published by one rename, so
    nothing is lost.
    """
    if os.getpid() != 1 or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def _interruptions() -> Iterator[None]:
    """Re-raise the KeyboardInterrupt that a C extension turned into its own error while imported.

    Raises:
        KeyboardInterrupt: If one is the cause of the error.
    """
    try:
        yield
    except Exception as error:
        behind: BaseException | None = error
        while behind is not None:
            if isinstance(behind, KeyboardInterrupt):
                raise behind from None
            behind = behind.__cause__ or behind.__context__
        raise


def _discard_output() -> None:
    """Throw away unwritten output: Python would try again at its end, and print an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
