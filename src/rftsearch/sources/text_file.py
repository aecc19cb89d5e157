"""Read a file of text: bounded, and in the encoding that its first bytes or UTF-8 say."""

from __future__ import annotations

import codecs
from pathlib import Path

from rftsearch.errors import SourceError

__all__ = ["LONGEST_TABLE", "decode", "mark_of", "read_bytes", "read_text", "refuse_binary"]

LONGEST_TABLE = 64 << 20
"""Bytes of a file; 40,000 papers with their abstracts have some 50 million."""

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 8192
"""Bytes among which a zero shows that a file is no text."""

_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"\xd0\xcf\x11\xe0")


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        SourceError: It cannot be read, is longer than `LONGEST_TABLE`, or is no text in UTF-8
            or with a byte order mark.
    """
    return decode(read_bytes(path), str(path))


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        SourceError: It cannot be read, or is longer than `LONGEST_TABLE`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_TABLE + 1)
    except FileNotFoundError:
        raise SourceError(f"there is no file {path}; check the path") from None
    except OSError as error:
        raise SourceError(
            f"cannot read {path}: {error.strerror or error}; give a file you may read"
        ) from None
    if len(content) > LONGEST_TABLE:
        raise SourceError(f"{path} is longer than {LONGEST_TABLE >> 20} MiB; split it")
    return content


def decode(content: bytes, name: str) -> str:
    """Return bytes as text: as their byte order mark says, else as UTF-8.

    Args:
        content: The bytes; a byte order mark is dropped.
        name: What an error calls them.

    Raises:
        SourceError: They are no such text.
    """
    refuse_binary(content, name)
    mark, encoding = mark_of(content)
    try:
        return content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{name} is not {encoding.upper()} text (byte {error.start + len(mark)}); save it as "
            'UTF-8: spreadsheets call that "CSV UTF-8"'
        ) from None


def mark_of(content: bytes) -> tuple[bytes, str]:
    """Return the byte order mark of a text, and its encoding; UTF-8 if it has none."""
    found = ((mark, encoding) for mark, encoding in _MARKS if content.startswith(mark))
    return next(found, (b"", "utf-8"))


def refuse_binary(content: bytes, name: str) -> None:
    """Refuse what is no text in any encoding.

    Args:
        content: What a file holds.
        name: What an error calls it.

    Raises:
        SourceError: It is an archive, a spreadsheet, a PDF, or has zeros as no text has.
    """
    if content.startswith(_ARCHIVES):
        raise SourceError(
            f"{name} is a spreadsheet or an archive, not text; save it as CSV, or unpack it"
        )
    if content.startswith(b"%PDF-"):
        raise SourceError(f"{name} is a PDF; give the list, table or library that names the papers")
    if b"\0" in content[:_LOOKED_AT] and not mark_of(content)[0]:
        raise SourceError(
            f"{name} is not text; give a list (.md), a table (.csv, .yaml, .json) or a library "
            "(.bib, .ris)"
        )
