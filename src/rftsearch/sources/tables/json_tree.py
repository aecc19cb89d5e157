"""Read JSON with the line of each value, and with numbers as they are written."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from rftsearch.sources.tables.tree import (
    DEEPEST,
    MOST_VALUES,
    TOO_MANY,
    Fields,
    Items,
    Text,
    Tree,
    TreeError,
)

__all__ = ["read_json"]

_BLANKS = re.compile(r"[ \t\r\n]*")
_NOTHING = {"null": "", "NaN": "", "Infinity": "", "-Infinity": ""}
_WORD = re.compile(r"null|true|false|NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def read_json(text: str, line: int = 1) -> Tree:
    """Read a text as one JSON value.

    Args:
        text: JSON.
        line: The line on which it begins.

    Raises:
        TreeError: It is none, or is nested deeper than `DEEPEST`.
    """
    return _Reader(text, line).read()


class _Reader:
    """Walks through the text; the standard module reads the strings in it."""

    def __init__(self, text: str, line: int) -> None:
        self._text = text
        self._first = line
        self._strings = json.JSONDecoder(strict=False)
        self._count = 0
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def read(self) -> Tree:
        value, end = self._value(self._skip(0), 0)
        end = self._skip(end)
        if end != len(self._text):
            raise self._error("something follows the end of the JSON value", end)
        return value

    def _line(self, at: int) -> int:
        return bisect_right(self._ends, at - 1) + self._first

    def _error(self, reason: str, at: int) -> TreeError:
        return TreeError(reason, self._line(at))

    def _skip(self, at: int) -> int:
        found = _BLANKS.match(self._text, at)
        return found.end() if found else at

    def _value(self, at: int, depth: int) -> tuple[Tree, int]:
        self._count += 1
        if self._count > MOST_VALUES:
            raise self._error(TOO_MANY, at)
        if depth > DEEPEST:
            raise self._error(f"it is nested deeper than {DEEPEST} levels", at)
        sign = self._text[at : at + 1]
        if sign == "{":
            return self._fields(at, depth)
        if sign == "[":
            return self._items(at, depth)
        if sign == '"':
            text, end = self._string(at)
            return Text(self._line(at), text), end
        if word := _WORD.match(self._text, at):
            return Text(self._line(at), _NOTHING.get(word[0], word[0])), word.end()
        short = "it ends too soon" if self._text.strip() else "it is empty"
        raise self._error("a value is missing" if sign else short, at)

    def _string(self, at: int) -> tuple[str, int]:
        try:
            value, end = self._strings.raw_decode(self._text, at)
        except ValueError:
            raise self._error("a text in quotes is broken or never ends", at) from None
        return str(value), end

    def _items(self, at: int, depth: int) -> tuple[Tree, int]:
        items: list[Tree] = []
        line, at = self._line(at), self._skip(at + 1)
        while self._text[at : at + 1] != "]":
            item, at = self._value(at, depth + 1)
            items.append(item)
            at = self._next(self._skip(at), "]")
        return Items(line, tuple(items)), at + 1

    def _fields(self, at: int, depth: int) -> tuple[Tree, int]:
        pairs: list[tuple[str, Tree]] = []
        line, at = self._line(at), self._skip(at + 1)
        while self._text[at : at + 1] != "}":
            if self._text[at : at + 1] != '"':
                raise self._error("a key in double quotes is missing", at)
            key, at = self._string(at)
            at = self._skip(at)
            if self._text[at : at + 1] != ":":
                raise self._error("a colon is missing after a key", at)
            value, at = self._value(self._skip(at + 1), depth + 1)
            pairs.append((key, value))
            at = self._next(self._skip(at), "}")
        return Fields(line, tuple(pairs)), at + 1

    def _next(self, at: int, closing: str) -> int:
        """Return where the next member begins, or where the closing bracket stands.

        A comma before the closing bracket is passed over, as most programs that write
        JSON by hand do.
        """
        sign = self._text[at : at + 1]
        if sign == ",":
            return self._skip(at + 1)
        if sign == closing:
            return at
        raise self._error(
            f"a comma or {closing} is missing" if sign else f"it ends before its {closing}", at
        )
