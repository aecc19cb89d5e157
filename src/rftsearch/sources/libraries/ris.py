"""RIS files as sources, as EndNote, Zotero, Mendeley and publishers write them: `.ris`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.base import Problem
from rftsearch.sources.bounds import LONGEST_ABSTRACT
from rftsearch.sources.libraries.dates import UNKNOWN, When, read_date, when_of
from rftsearch.sources.libraries.identifiers import doi_in, id_in_journal, id_in_note, names_arxiv
from rftsearch.sources.libraries.library_file import LibraryFile, Skipped
from rftsearch.sources.libraries.links import links_of, web_addresses
from rftsearch.sources.libraries.markup import plain
from rftsearch.sources.libraries.people import people_of_ris
from rftsearch.sources.libraries.reference import Reference, split_keywords

__all__ = ["RisFile"]

_TAG = re.compile(r"\s{0,3}([A-Z][A-Z0-9])  -(?:\s|$)")
_LOOSE_TAG = re.compile(r"\s{0,3}([A-Z][A-Z0-9])\s{1,3}-(?:\s|$)")
"""As some programs write tags; in their files a line of an abstract may look like one."""
_END = re.compile(r"\s{0,3}ER\s{0,3}-?\s*")
_HEADER = re.compile(r"\s*(?:provider|database|content|%|#|\d+\.?\s*$)", re.IGNORECASE)
_MANY = ("AU", "A1", "A2", "ED", "KW", "N1", "UR", "L2", "LK", "AN", "M1", "M2", "M3", "DO")
"""Tags that a record may have several times."""
_VENUES = ("T2", "JO", "JF", "C3", "JA", "J2", "BT")
_NUMBERS = ("AN", "M1", "M2", "IS", "VL", "SP", "C7", "ET", *_VENUES)
"""Where programs put the id of a preprint."""
_TO_READ = 5 * LONGEST_ABSTRACT
_LONGEST_LINE = 1_000_000
_REMARK = "Remark: "
"""With it rftsearch begins the note that holds a list's remark."""
_CATEGORY = "rftsearch category: "
"""With it rftsearch begins a note that holds a category no keyword can hold."""
_OWN = "rftsearch:"
"""With it rftsearch begins the accession number that is its own id of the paper."""
_SUBJECT = re.compile(r"^arXiv:\S+ \[([a-z-]+(?:\.[A-Za-z-]+)?)\]$")
_WITH_EDITORS = {"BOOK", "EDBOOK", "CONF"}


@dataclass(slots=True)
class _Record:
    """The lines of one record."""

    line: int
    lines: list[str] = field(default_factory=list)


class RisFile(LibraryFile):
    """A RIS file."""

    form: ClassVar[str] = "a record begins with `TY  - ` and ends with `ER  - `"

    def entries(self, text: str) -> Iterator[Reference | Problem | Skipped]:
        """Read the records of a file, in its order."""
        records, stray = _records(text)
        if stray is not None:
            number, line = stray
            reason = "it belongs to no record: a record begins with `TY  - `"
            yield Problem(self.label, number, line[:80], reason)
        for record in records:
            yield _reference(record.line, _fields(record))


def _records(text: str) -> tuple[list[_Record], tuple[int, str] | None]:
    """Split a file into records, and find the first line that belongs to none of them.

    A record ends where another begins, too: programs forget `ER`, or write `ER -`. Each
    line comes in the form that rispy reads.
    """
    records: list[_Record] = []
    stray: tuple[int, str] | None = None
    current: _Record | None = None
    is_loose = re.search(r"^\s{0,3}TY  -", text, re.MULTILINE) is None
    for number, line in enumerate(text.split("\n"), start=1):
        tag = (_LOOSE_TAG if is_loose else _TAG).match(line)
        if tag and tag[1] == "TY":
            current = _Record(number)
            records.append(current)
        if _END.fullmatch(line):
            current = None
        elif current is not None:
            rest = line[tag.end() :] if tag else line
            written = f"{tag[1]}  - {rest.strip()}" if tag else f"      {line.strip()}"
            # What continues a line must have one to continue.
            if tag or (line.strip() and len(current.lines) > 1):
                current.lines.append(written[:_LONGEST_LINE])
        elif line.strip() and stray is None and not _of_header(line):
            stray = (number, line.strip())
    return records, stray


def _of_header(line: str) -> bool:
    """Return whether a line only says who wrote the file, as some publishers do before `TY`."""
    return _HEADER.match(line) is not None


def _fields(record: _Record) -> dict[str, list[str]]:
    """Return the values of a record by their tags."""
    import rispy  # noqa: PLC0415 - its import takes time

    parser = rispy.RisParser(
        mapping=_Same(), list_tags=list(_MANY), delimiter_tags_mapping={}, ignore=[]
    )
    (read,) = parser.parse_lines(iter([*record.lines, "ER  - "]))
    return {tag: value if isinstance(value, list) else [value] for tag, value in read.items()}


class _Same(dict[str, str]):
    """The tags as names of themselves, for rispy."""

    def __missing__(self, tag: str) -> str:
        return tag


def _reference(line: int, fields: dict[str, list[str]]) -> Reference:
    def every(*tags: str) -> list[str]:
        texts = (plain(text[:_TO_READ]) for tag in tags for text in fields.get(tag, ()))
        return list(filter(None, texts))

    def first(*tags: str) -> str:
        return next(iter(every(*tags)), "")

    kind = first("TY")
    title = first("TI", "T1", "CT", "BT")
    notes = every("N1")
    addresses = [url for text in every("UR", "LK", "L2") for url in web_addresses(text)]
    arxiv_id = _arxiv_id(every("UR", "DO"), every(*_NUMBERS), notes)
    authors = fields.get("AU") or fields.get("A1") or []
    if not authors and kind in _WITH_EDITORS:
        authors = fields.get("ED") or fields.get("A2") or []
    return Reference(
        line=line,
        start=f"TY  - {kind} {title}",
        key=first("ID"),
        own_id=next((one.removeprefix(_OWN) for one in every("AN") if one.startswith(_OWN)), ""),
        title=title,
        short_title=first("ST"),
        authors=people_of_ris(authors),
        when=_when(every("PY", "Y1", "DA")),
        venue=next(filter(_is_venue, every(*_VENUES, *(["PB"] if kind == "THES" else []))), ""),
        doi=doi_in(every("DO", "M3", "UR", "L3") + [n for n in notes if "doi" in n.lower()]),
        arxiv_id=arxiv_id,
        url=next(iter(addresses), ""),
        links=links_of(addresses, (), notes, arxiv_id),
        abstract=first("AB", "N2"),
        remark=next((one.removeprefix(_REMARK) for one in notes if one.startswith(_REMARK)), ""),
        keywords=_keywords(every("KW")),
        own_categories=tuple(n.removeprefix(_CATEGORY) for n in notes if n.startswith(_CATEGORY)),
        subjects=tuple(found[1] for one in every("AN") if (found := _SUBJECT.search(one))),
        is_software=kind == "COMP",
        note=". ".join(notes),
    )


def _arxiv_id(addresses: list[str], numbers: list[str], notes: list[str]) -> str | None:
    """Return the arXiv id, from the field that says it best."""
    found = (
        *map(parse_arxiv_id, addresses), *map(id_in_journal, numbers), *map(id_in_note, notes)
    )  # fmt: skip
    return next(filter(None, found), None)


def _is_venue(text: str) -> bool:
    return not names_arxiv(text) and id_in_journal(text) is None


def _when(dates: list[str]) -> When:
    """Return the date of the first field, as exactly as one of the fields has it for that year."""
    read = [when for text in dates if (when := read_date(text)).year]
    if not read:
        return UNKNOWN
    alike = [when for when in read if when.year == read[0].year]
    # EndNote has the year in one field and `Nov`, or `Nov 12`, in another.
    alike += [when_of(str(read[0].year), text) for text in dates]
    return max(alike, key=lambda when: (when.month is not None, when.day is not None))


def _keywords(lines: list[str]) -> tuple[str, ...]:
    """Return the keywords: one a line, or all of them in one line between semicolons."""
    return split_keywords(lines[0]) if len(lines) == 1 and ";" in lines[0] else tuple(lines)
