"""The blocks of a BibTeX file: entries with their fields as LaTeX, comments, what is broken.

bibtexparser finds blocks, fields and lines. What BibTeX then does with the values is done
here: macros of `@string`, parts joined by `#`, and fields that an entry takes from another
one by `crossref` or `xdata`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bibtexparser.model import Block

__all__ = ["Broken", "Entry", "Library", "read_blocks"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MARK = re.compile(r'(?<!\\)[{}"]')
_BREAK = re.compile(r'(?<!\\)(?:\\\\)+(?=[{}"])')
_WITHOUT_KEY = re.compile(
    r"^[ \t]*@(?!string|preamble|comment)\w+[ \t]*[{(](?=\s*[A-Za-z][\w-]*\s*=)",
    re.IGNORECASE | re.MULTILINE,
)
_BARE = re.compile(r'[^\s#{}"]+')
_NEXT_FIELD = re.compile(r"\s*([A-Za-z][\w:.+-]*)\s*=\s*(?=\S)")
_BLANK = re.compile(r"\s*")

LONGEST_FIELD = 1_000_000
"""Characters of a field that are read; the authors of a large collaboration have 100,000."""

# What a part of a volume takes from it; all else belongs to the volume itself.
_INHERITED = frozenset({
    "booktitle", "journal", "journaltitle", "year", "month", "date", "publisher", "eventtitle",
    "eventdate", "series", "school", "institution",
})  # fmt: skip
_VOLUME_TITLES = frozenset({
    "inproceedings", "incollection", "inbook", "conference", "suppbook", "inreference",
})  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One entry, its fields as they stand in the file, without the braces around them."""

    kind: str
    """Its type in small letters, `article`."""
    key: str
    line: int
    fields: dict[str, list[str]] = field(default_factory=dict)
    """By names in small letters; a field may come twice."""
    faults: list[str] = field(default_factory=list)

    def get(self, *names: str) -> str:
        """Return the first of these fields that is not empty; else an empty text."""
        for name in names:
            for value in self.fields.get(name, ()):
                if value.strip():
                    return value
        return ""

    def every(self, *names: str) -> list[str]:
        """Return the values of all of these fields, in this order."""
        return [value for name in names for value in self.fields.get(name, ()) if value.strip()]

    @property
    def start(self) -> str:
        """How it begins, as a problem shows it."""
        return f"@{self.kind}{{{self.key}"


@dataclass(frozen=True, slots=True)
class Broken:
    """A block that could not be read."""

    line: int
    start: str
    reason: str


@dataclass(slots=True)
class Library:
    """What a file holds."""

    entries: list[Entry] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    """What stands in `@comment{...}`."""
    broken: list[Broken] = field(default_factory=list)


def read_blocks(text: str) -> Library:
    r"""Split a file into its blocks, with the values as BibTeX makes them.

    Args:
        text: The file, with `\n` as line ends.
    """
    # bibtexparser warns of broken blocks in its own words; here they become problems.
    logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
    from bibtexparser import model  # noqa: PLC0415 - its import takes time
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415

    found = Library()
    # A line break before a brace, `\\}`, is no escaped brace.
    sound = _WITHOUT_KEY.sub(r"\g<0>,", _BREAK.sub(r"\g<0> ", text))
    blocks = parse_string(sound, parse_stack=[]).blocks
    macros = _macros(one for one in map(_inner, blocks) if isinstance(one, model.String))
    for block in blocks:
        inner = _inner(block)
        if isinstance(inner, model.Entry):
            found.entries.append(_entry(inner, macros))
        elif isinstance(inner, model.ExplicitComment):
            found.comments.append(inner.comment)
        elif isinstance(inner, model.ParsingFailedBlock):
            reason = _reason(str(getattr(inner.error, "abort_reason", inner.error)))
            start = " ".join((inner.raw or "")[:80].split())
            found.broken.append(Broken(_line(inner), start, reason))
    _inherit(found.entries)
    return found


def _inner(block: Block) -> Block:
    """Return the entry or macro in a block that repeats a key or a field; else the block."""
    from bibtexparser import model  # noqa: PLC0415 - its import takes time

    while isinstance(block, model.ParsingFailedBlock) and block.ignore_error_block is not None:
        block = block.ignore_error_block
    return block


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


_REASONS = (
    ("end of file", "it never ends: a closing brace or quotation mark is missing"),
    ("Unexpected block start", "it never ends: a closing brace or quotation mark is missing"),
    ("Expected comma after entry key", "it has no citation key, or no comma after it"),
    ("Expected a `=`", "a field has no `=`, or a comma is missing or too many"),
)


def _reason(reported: str) -> str:
    """Return why a block cannot be read."""
    for begins, reason in _REASONS:
        if begins in reported:
            return f"{reason}; correct it in the file"
    return "it is not BibTeX; correct it in the file"


def _macros(strings: Iterable[Any]) -> dict[str, str]:
    """Return the values of `@string` by their names in small letters; those of months too."""
    macros = {name: name for name in _MONTHS}
    for string in strings:
        macros[string.key.lower()] = _value(string.value, macros)[0]
    return macros


def _entry(read: Any, macros: Mapping[str, str]) -> Entry:  # noqa: ANN401 - of bibtexparser
    entry = Entry(read.entry_type.lower(), " ".join(read.key.split()), _line(read))
    for each in read.fields:
        name, raw = each.key, each.value
        while name:
            value, rest = _value(raw, macros)
            if len(value) > LONGEST_FIELD:
                entry.faults.append(
                    f"{name} is longer than {LONGEST_FIELD:,} characters; the rest is left out"
                )
            entry.fields.setdefault(name.lower(), []).append(value[:LONGEST_FIELD])
            if not rest.strip():
                break
            following = _NEXT_FIELD.match(rest)
            if following is None:
                entry.faults.append(f"there is more behind the value of {name}, which is not read")
                break
            entry.faults.append(f"a comma is missing before {following[1]}; it is read even so")
            name, raw = following[1], rest[following.end() :]
    return entry


def _value(raw: str, macros: Mapping[str, str]) -> tuple[str, str]:
    """Return what a value means, and what stands behind it and does not belong to it."""
    parts: list[str] = []
    at = 0
    while True:
        at = _after_blanks(raw, at)
        part, at = _part(raw, at, macros)
        parts.append(part)
        at = _after_blanks(raw, at)
        if at >= len(raw) or raw[at] != "#":
            return "".join(parts), raw[at:]
        at += 1


def _after_blanks(raw: str, at: int) -> int:
    blanks = _BLANK.match(raw, at)
    return blanks.end() if blanks else at


def _part(raw: str, at: int, macros: Mapping[str, str]) -> tuple[str, int]:
    """Return one part of a value, in braces, in quotation marks or a macro, and its end."""
    if raw[at : at + 1] in {"{", '"'}:
        end = _closing(raw, at)
        return raw[at + 1 : end], end + 1
    bare = _BARE.match(raw, at)
    if bare is None:
        return "", len(raw) if raw[at : at + 1] != "#" else at
    return macros.get(bare[0].lower(), bare[0]), bare.end()


def _closing(raw: str, start: int) -> int:
    """Return where the brace or quotation mark that stands at `start` is closed."""
    quoted, depth = raw[start] == '"', 0
    for mark in _MARK.finditer(raw, start + 1):
        if mark[0] == "{":
            depth += 1
        elif mark[0] == "}":
            if depth == 0 and not quoted:
                return mark.start()
            depth = max(0, depth - 1)
        elif quoted and depth == 0:
            return mark.start()
    return len(raw)


def _inherit(entries: Iterable[Entry]) -> None:
    """Give entries the fields that they take from others; an own field stays."""
    every = list(entries)
    by_key = {entry.key.lower(): entry for entry in reversed(every) if entry.key}
    for entry in every:
        for name, parent in _parents(entry, by_key):
            for key, values in parent.fields.items():
                if name == "xdata" or key in _INHERITED:
                    entry.fields.setdefault(key, list(values))
            if name == "crossref" and entry.kind in _VOLUME_TITLES and parent.get("title"):
                entry.fields.setdefault("booktitle", [parent.get("title")])


_MOST_PARENTS = 10


def _parents(entry: Entry, by_key: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """Yield the entries that an entry refers to, and those that they refer to."""
    waiting, seen = [("xdata", entry)], {id(entry)}
    while waiting and len(seen) <= _MOST_PARENTS:
        by, one = waiting.pop(0)
        for name in ("xdata", "crossref"):
            # What a volume takes from others is a fact of the volume.
            through = "crossref" if "crossref" in {by, name} else name
            for key in one.get(name).split(","):
                parent = by_key.get(" ".join(key.split()).lower())
                if parent is not None and id(parent) not in seen:
                    seen.add(id(parent))
                    waiting.append((through, parent))
                    yield through, parent
