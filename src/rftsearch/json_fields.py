"""Reading JSON values that must have a type, a range or a form; used for the manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

__all__ = [
    "date",
    "file_name",
    "hexadecimal",
    "mapping",
    "optional_mapping",
    "text",
    "texts",
    "whole",
]

_LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""


def whole(value: object, smallest: int = 0, largest: int = _LARGEST) -> int:
    """Return a whole number in a range.

    Raises:
        ValueError: It is something else.
    """
    if type(value) is not int or not smallest <= value <= largest:
        raise ValueError("not a whole number in its range")
    return value


def text(value: object) -> str:
    """Return a text that can be written as UTF-8.

    Raises:
        ValueError: It is something else.
    """
    if type(value) is not str:
        raise ValueError("not a text")
    value.encode()
    return value


def texts(value: object) -> tuple[str, ...]:
    """Return a list of texts.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(value, list | tuple):
        raise ValueError("not a list")  # noqa: TRY004 - one error for all that JSON may hold
    return tuple(map(text, value))


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object with its fields.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the same
    return value


def optional_mapping(value: object) -> Mapping[str, Any] | None:
    """Return an object with its fields, or None for null.

    Raises:
        ValueError: It is something else.
    """
    return None if value is None else mapping(value)


def date(value: object) -> str:
    """Return a text that is a time in ISO 8601 with its zone.

    Raises:
        ValueError: It is something else.
    """
    if datetime.fromisoformat(text(value)).tzinfo is None:
        raise ValueError("a time without its zone")
    return text(value)


def hexadecimal(value: object, length: int) -> str:
    """Return a text of `length` hexadecimal digits.

    Raises:
        ValueError: It is something else.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{length}}}", text(value)):
        raise ValueError("not hexadecimal digits")
    return text(value)


def file_name(value: object) -> str:
    """Return the name of a file below a folder, with slashes.

    Raises:
        ValueError: It is something else, or leads out of the folder.
    """
    name = text(value)
    path = PurePosixPath(name)
    leaves = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    if leaves or not path.parts or str(path) != name or "\0" in name:
        raise ValueError("not the name of a file in this folder")
    return name
