"""JSON Lines from a file that may be compressed, one after another in bounded memory.

The first bytes of a file show how it is compressed, whatever its name. Every reader
used here notices a file that was cut short; that is why Zstandard is read by the
backport of Python's own module, and not by a reader that takes half for the whole.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import lzma
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self, cast

import orjson
from backports import zstd

from rftsearch.errors import SourceError
from rftsearch.text.clean import one_line
from rftsearch.text.dates import day_of

__all__ = [
    "LONGEST_GAP",
    "LONGEST_LINE",
    "LineError",
    "LineReader",
    "day_in",
    "is_long",
    "load_object",
    "sound_text",
    "text_in",
    "texts_in",
]

LONGEST_LINE = 1 << 24
"""Bytes of a line that are held in memory. arXiv's longest, of thousands of authors,
have under a million; a file of another kind may be a single line of gigabytes."""

LONGEST_GAP = 1 << 30
"""Bytes of such a line that are passed over to find the next line. A compressed file of a
few megabytes can unpack to a line of many gigabytes."""

_BUFFER = 1 << 18
_GZIP, _XZ, _ZIP = b"\x1f\x8b", b"\xfd7zXZ\0", b"PK\x03\x04"
# An ordinary frame, and those that parallel compressors put before it, to be skipped.
_ZSTD = (b"\x28\xb5\x2f\xfd", *(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60)))


class LineReader:
    """Reads a file line by line, unpacking gzip, xz and Zstandard on the way.

    Attributes:
        size: Bytes of the file on disk; 0 if that is not known, as of a pipe.
        line: Number of the last line that was read, counted from 1.
    """

    def __init__(self, path: Path) -> None:
        """Open the file; use it in a `with`.

        Raises:
            SourceError: It cannot be opened, or is an archive of files.
        """
        self._path = path
        self.line = 0
        try:
            self._file: BinaryIO = path.open("rb", buffering=_BUFFER)
            about = os.fstat(self._file.fileno())
            self._plain_file = stat.S_ISREG(about.st_mode)
            self.size = about.st_size if self._plain_file else 0
            self._stream = self._unpack(cast("io.BufferedReader", self._file).peek(8))
        except FileNotFoundError:
            raise SourceError(f"there is no file {path}; check the path") from None
        except OSError as error:
            raise SourceError(
                f"cannot read {path}: {error.strerror or error}; give a file you may read"
            ) from error

    def _unpack(self, start: bytes) -> BinaryIO:
        if start.startswith(_ZIP):
            self._file.close()
            raise SourceError(f"{self._path} is a zip archive; unpack it and give the file in it")
        if start.startswith(_GZIP):
            unpacked: object = gzip.GzipFile(fileobj=self._file)
        elif start.startswith(_XZ):
            unpacked = lzma.LZMAFile(self._file)  # noqa: SIM115 - closed with this reader
        elif start.startswith(_ZSTD):
            unpacked = zstd.ZstdFile(self._file)
        else:
            return self._file
        # Each of them reads lines through a buffer of its own, several times slower.
        return io.BufferedReader(cast("io.RawIOBase", unpacked), _BUFFER)

    @property
    def position(self) -> int:
        """Return how many bytes of the file on disk were read; 0 of a pipe."""
        return self._file.tell() if self._plain_file else 0

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file at the end of a `with`."""
        self._stream.close()
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        """Yield each line with its line break; the last may have none.

        A line longer than `LONGEST_LINE` is cut after `LONGEST_LINE + 1` bytes, and the
        rest of it is passed over. A byte order mark before the first line is dropped.

        Raises:
            SourceError: The compressed file is cut short, or damaged, or a line is longer
                than `LONGEST_GAP`.
        """
        while line := self._read():
            self.line += 1
            rest, passed = line, len(line)
            while len(rest) > LONGEST_LINE and not rest.endswith(b"\n"):
                rest = self._read()
                passed += len(rest)
                if passed > LONGEST_GAP:
                    raise SourceError(
                        f"line {self.line} of {self._path} is longer than "
                        f"{LONGEST_GAP >> 20:,} MiB; give a file of one paper a line"
                    )
            yield line.removeprefix(codecs.BOM_UTF8) if self.line == 1 else line

    def _read(self) -> bytes:
        try:
            return self._stream.readline(LONGEST_LINE + 1)
        except EOFError as error:
            raise self.cut_short() from error
        except (OSError, zlib.error, lzma.LZMAError, zstd.ZstdError) as error:
            reason = str(error).rstrip(".")
            raise SourceError(
                f"cannot unpack {self._path} after line {self.line} ({reason}); "
                "get it once more, or give it unpacked"
            ) from error

    def cut_short(self) -> SourceError:
        """Return the error to raise if the file ends in the middle of something."""
        return SourceError(
            f"{self._path} ends too soon, after line {self.line}: it was cut short on its way; "
            "get it once more"
        )


def is_long(line: bytes) -> bool:
    """Return whether a line is longer than `LONGEST_LINE`, so that its end is missing."""
    return len(line) > LONGEST_LINE


class LineError(Exception):
    """Why a line of a file is left out."""


def load_object(line: bytes) -> dict[str, Any]:
    """Read a line as a JSON object.

    Raises:
        LineError: It is not one, or too long.
    """
    if is_long(line):
        raise LineError(f"longer than {LONGEST_LINE >> 20} MiB")
    try:
        record = orjson.loads(line)  # Twice as fast as json, which is half the time.
    except ValueError:
        record = _load_leniently(line)
    if not isinstance(record, dict):
        raise LineError("not a JSON object")
    return record


def _load_leniently(line: bytes) -> object:
    """Read what Python's json writes and orjson refuses: NaN, half of a surrogate pair."""
    try:
        return json.loads(line.decode())
    except (ValueError, RecursionError) as error:
        raise LineError("not JSON in UTF-8") from error


def text_in(record: dict[str, Any], key: str) -> str:
    """Return the text of a field on one line; empty if it is missing or null.

    Raises:
        LineError: It is not text, or UTF-8 cannot hold it.
    """
    value = record.get(key)
    return "" if value is None else sound_text(value, key)


def texts_in(record: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return the texts of a list, each on one line; none if it is missing or null.

    Raises:
        LineError: It is not a list of texts.
    """
    values = record.get(key)
    if values is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise LineError(f"{key} is not a list of texts")
    return tuple(filter(None, (sound_text(value, key) for value in values)))


def day_in(record: dict[str, Any], key: str) -> str | None:
    """Return the day of a date or time, `2025-03-17`; None if it is missing or null.

    Raises:
        LineError: It is not a day.
    """
    text = text_in(record, key)
    try:
        return day_of(text) if text else None
    except ValueError as error:
        raise LineError(f"{key} is not a day like 2025-03-17") from error


def sound_text(value: object, key: str) -> str:
    """Return a value as one line of text.

    Raises:
        LineError: It is not text, or UTF-8 cannot hold it: JSON can spell half a character.
    """
    if not isinstance(value, str):
        raise LineError(f"{key} is not text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise LineError(f"{key} holds half a surrogate pair") from error
    return one_line(value)
