"""Read YAML with the line of each value, and with values as they are written.

The tree is made of the parser's events: its own trees lose lines and duplicates, read
`2503.01230` as a number, and, in C, overrun the stack where brackets nest without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from rftsearch.sources.tables.tree import (
    DEEPEST,
    MOST_VALUES,
    TOO_MANY,
    Fields,
    Items,
    Passed,
    Text,
    Tree,
    TreeError,
)

__all__ = ["read_yaml", "read_yaml_leniently"]

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_MOST_READ = 24 << 20
"""Characters that are parsed in all, to find and pass over what is broken."""


def read_yaml(text: str) -> Tree:
    """Read a text as YAML; several documents in it become the items of a sequence.

    Raises:
        TreeError: It is none, or is nested deeper than `DEEPEST`.
    """
    try:
        documents = list(_Builder().documents(yaml.parse(text, Loader=_LOADER)))
    except yaml.MarkedYAMLError as error:
        raise _explained(error) from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        at = getattr(error, "position", None) or getattr(error, "start", 0)
        line = text.count("\n", 0, at) + 1
        raise TreeError("it has a character that YAML does not allow", line) from None
    if len(documents) == 1:
        return documents[0]
    return Items(1, tuple(documents))


def _explained(error: yaml.MarkedYAMLError) -> TreeError:
    """Return the error with the line where it shows and that where the broken value begins."""
    reason = str(error.problem or error.context)
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    within = "flow" in str(error.context) or "quoted" in str(error.context)
    start = error.context_mark.line + 1 if within and error.context_mark else line
    return TreeError(reason, line, start)


class _Builder:
    """Makes trees of a parser's events."""

    def __init__(self) -> None:
        self._anchors: dict[str, Tree] = {}

    def documents(self, events: Iterator[Any]) -> Iterator[Tree]:
        """Yield the tree of each document that holds anything."""
        # Line, anchor, members and whether it is a mapping, of each value that is not complete.
        stack: list[tuple[int, str | None, list[Tree], bool]] = []
        for count, event in enumerate(events):
            if count > 2 * MOST_VALUES:
                raise TreeError(TOO_MANY, event.start_mark.line + 1)
            if isinstance(event, yaml.CollectionStartEvent):
                line = event.start_mark.line + 1
                if len(stack) > DEEPEST:
                    raise TreeError(f"it is nested deeper than {DEEPEST} levels", line)
                mapping = isinstance(event, yaml.MappingStartEvent)
                stack.append((line, event.anchor, [], mapping))
                continue
            if isinstance(event, yaml.CollectionEndEvent):
                line, anchor, members, mapping = stack.pop()
                done: Tree = _fields(line, members) if mapping else Items(line, tuple(members))
            elif isinstance(event, yaml.ScalarEvent):
                line, anchor = event.start_mark.line + 1, event.anchor
                plain = event.implicit[0] and event.value in _NULL
                done = Text(line, "" if plain else event.value)
            elif isinstance(event, yaml.AliasEvent):
                line, anchor = event.start_mark.line + 1, None
                if event.anchor not in self._anchors:
                    raise TreeError(f"*{event.anchor} names nothing", line)
                done = self._anchors[event.anchor]
            else:
                continue
            if anchor:
                self._anchors[anchor] = done
            if stack:
                stack[-1][2].append(done)
            elif not (isinstance(done, Text) and not done.text):
                yield done


def _fields(line: int, members: list[Tree]) -> Fields:
    """Make a mapping of keys and values in turn; `<<` brings the pairs of another."""
    pairs: list[tuple[str, Tree]] = []
    for key, value in zip(members[::2], members[1::2], strict=True):
        name = key.text if isinstance(key, Text) else ""
        if name == "<<" and isinstance(value, Fields):
            own = {k.text for k in members[::2] if isinstance(k, Text)}
            pairs += [pair for pair in value.pairs if pair[0] not in own]
        else:
            pairs.append((name, value))
    return Fields(line, tuple(pairs))


# --- files with mistakes -------------------------------------------------------------

# `title: Name: rest`, or a value that begins with a sign of YAML: the text was meant.
_PLAIN_VALUE = re.compile(r"^(\s*(?:-\s+)*[\w-][\w -]*:[ \t]+)(?!['\"|>])(\S.*?)(\s*)$")
_ITEM = re.compile(r"^(\s*)-(?:\s|$)")


def read_yaml_leniently(text: str) -> tuple[Tree | None, list[Passed]]:
    """Read YAML that people wrote by hand: what is broken is passed over, item by item.

    A value such as `title: Name: a rest` is read as the text that was meant. Any other
    mistake costs the item of the sequence in which it stands, and no more.

    Returns:
        The tree, or None if nothing is left; and what was passed over.

    Raises:
        TreeError: A mistake stands outside of any sequence, or there are too many.
    """
    passed: list[Passed] = []
    lines = text.split("\n")
    mended: set[int] = set()
    budget = max(_MOST_READ, 3 * len(text))
    while True:
        budget -= len(text)
        try:
            return read_yaml("\n".join(lines)), passed
        except TreeError as error:
            if budget < 0 or not lines:
                raise
            number = min(error.line, len(lines)) - 1
            if _mend(lines, number, mended):
                continue
            item = _item_of(lines, min(error.start, len(lines)) - 1)
            if item is None:
                raise
            passed.append((item.start + 1, lines[item.start].strip(), str(error)))
            lines[item.start : item.stop] = [""] * len(item)
            if not any(line.strip() for line in lines):
                return None, passed


def _mend(lines: list[str], number: int, mended: set[int]) -> bool:
    """Put the value of a line in quotes, once; whether that could be done."""
    found = _PLAIN_VALUE.match(lines[number])
    if found is None or number in mended:
        return False
    mended.add(number)
    quoted = found[2].replace("'", "''")
    lines[number] = f"{found[1]}'{quoted}'"
    return True


def _item_of(lines: list[str], number: int) -> range | None:
    """Return the lines of the item of a sequence to which a line belongs; None if it has none."""
    start = number
    while start >= 0:
        found = _ITEM.match(lines[start])
        if found and (start == number or _indent(lines[number]) > len(found[1])):
            break
        if lines[start].strip() and not found and _indent(lines[start]) == 0 and start != number:
            return None
        start -= 1
    if start < 0:
        return None
    depth = _indent(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > depth):
        end += 1
    return range(start, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
