"""CSL-JSON files as sources, also Zotero's "Better CSL JSON": an array of items.

A name that ends in `.json` may mean anything: `is_csl_json` tells by what the file holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import LINK_KINDS, Link
from rftsearch.papers.people import Person
from rftsearch.sources.base import Problem
from rftsearch.sources.bounds import LONGEST_ABSTRACT, LONGEST_TITLE
from rftsearch.sources.libraries.dates import UNKNOWN, When, read_date, when_of
from rftsearch.sources.libraries.identifiers import (
    doi_in,
    id_in_journal,
    id_in_note,
    id_of_eprint,
    names_arxiv,
)
from rftsearch.sources.libraries.library_file import LibraryFile, Skipped
from rftsearch.sources.libraries.links import links_of, web_addresses
from rftsearch.sources.libraries.markup import plain
from rftsearch.sources.libraries.people import person_of_csl
from rftsearch.sources.libraries.reference import Reference, split_keywords
from rftsearch.text.addresses import is_web_address

__all__ = ["CslJson", "is_csl_json"]

_TYPES = frozenset(
    """
    article article-journal article-magazine article-newspaper bill book broadcast chapter classic
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic
    hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet
    paper-conference patent performance periodical personal_communication post post-weblog
    regulation report review review-book software song speech standard thesis treaty webpage
    """.split()  # noqa: SIM905 - words read better than a list of them
)
_VENUES = ("container-title", "event-title", "event", "collection-title")
_NUMBERS = ("number", "archive_location", "archive-location", "volume", "page", *_VENUES)
"""Where programs put the id of a preprint."""
_TO_READ = 5 * LONGEST_ABSTRACT
_OWN = "rftsearch"
"""The key under `custom` where an export of rftsearch keeps what CSL has no field for."""


def is_csl_json(content: object) -> bool:
    """Return whether the content of a JSON file is CSL-JSON: an array of typed items.

    Args:
        content: As `json.loads` returns it.
    """
    if isinstance(content, dict):
        content = content.get("items")
    if not isinstance(content, list) or not content:
        return False
    items = [item for item in content if isinstance(item, dict)]
    typed = sum(str(item.get("type")) in _TYPES and "id" in item for item in items)
    return bool(items) and typed * 2 >= len(content)


class CslJson(LibraryFile):
    """A CSL-JSON file."""

    form: ClassVar[str] = "give CSL-JSON, an array of items such as those that Zotero exports"

    def entries(self, text: str) -> Iterator[Reference | Problem | Skipped]:
        """Read the items of a file, in its order."""
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", 1)
            reason = f"it is not JSON: {getattr(error, 'msg', 'it is nested too deep')}"
            yield Problem(self.label, line, "", reason)
            return
        items = content.get("items") if isinstance(content, dict) else content
        if not isinstance(items, list):
            yield Problem(self.label, 1, text[:80], "it is not an array of items")
            return
        start = text.find('"items"') if isinstance(content, dict) else 0
        for item, line in zip(items, _lines(text, start, len(items)), strict=True):
            if isinstance(item, dict):
                yield _reference(item, line)
            else:
                reason = "it is not an item of CSL-JSON"
                yield Problem(self.label, line, json.dumps(item)[:80], reason)


def _lines(text: str, start: int, count: int) -> Iterator[int]:
    """Yield the line on which each item of an array begins.

    Args:
        text: The file.
        start: Where the array is looked for.
        count: How many items it has.
    """
    decoder, apart = json.JSONDecoder(), re.compile(r"[\s,]*")
    at, passed, line = text.find("[", start) + 1, 0, 1
    for _ in range(count):
        found = apart.match(text, at)
        at = found.end() if found else at
        line += text.count("\n", passed, at)
        passed = at
        yield line
        _, at = decoder.raw_decode(text, at)


def _reference(item: Mapping[str, Any], line: int) -> Reference:
    def every(*names: str) -> list[str]:
        texts = (plain(text[:_TO_READ]) for name in names for text in _texts(item.get(name)))
        return list(filter(None, texts))

    def first(*names: str) -> str:
        return next(iter(every(*names)), "")

    notes = [plain(one) for text in _texts(item.get("note")) for one in text[:_TO_READ].split("\n")]
    addresses = [url for text in every("URL") for url in web_addresses(text)]
    arxiv_id = _arxiv_id(addresses, every, notes)
    title = first("title")
    custom = item.get("custom")
    own = custom.get(_OWN) if isinstance(custom, dict) else None
    own = own if isinstance(own, dict) else {}
    return Reference(
        line=line,
        start=f"{first('type')}: {title}",
        key=first("citation-key") or first("id"),
        own_id=plain(own["id"]) if isinstance(own.get("id"), str) else "",
        title=title,
        short_title=first("title-short", "shortTitle"),
        authors=_authors(item),
        when=_when(item.get("issued")),
        venue=next((one for one in every(*_VENUES) if _is_venue(one)), ""),
        doi=doi_in(every("DOI", "URL") + [note for note in notes if "doi" in note.lower()]),
        arxiv_id=arxiv_id,
        url=next(iter(addresses), ""),
        links=_own_links(own) or links_of(addresses, (), notes, arxiv_id),
        abstract=first("abstract"),
        remark=plain(own["remark"]) if isinstance(own.get("remark"), str) else "",
        keywords=_keywords(item),
        own_categories=tuple(filter(None, map(plain, _texts(own.get("keywords"))))),
        subjects=tuple(filter(None, [plain(str(own.get("subject") or ""))])),
        is_software=first("type") == "software",
        note=". ".join(notes),
    )


def _texts(value: object) -> list[str]:
    """Return a value as texts; Crossref has arrays where CSL has a text, and numbers occur."""
    values = value if isinstance(value, list) else [value]
    sound = [one for one in values if isinstance(one, str | int) and not isinstance(one, bool)]
    return [str(one) for one in sound]


def _arxiv_id(
    addresses: list[str], every: Callable[..., list[str]], notes: list[str]
) -> str | None:
    """Return the arXiv id, from the field that says it best."""
    places = every("archive_location", "archive-location", "number")
    archive = " ".join(every("archive", "publisher"))
    stated = [id_of_eprint(one, archive, "") for one in places] if archive else []
    found = (
        *stated,
        *map(parse_arxiv_id, [*every("DOI"), *addresses]),
        *map(id_in_journal, every(*_NUMBERS)),
        *map(id_in_note, notes),
    )
    return next(filter(None, found), None)


def _is_venue(text: str) -> bool:
    return not names_arxiv(text) and id_in_journal(text) is None


def _authors(item: Mapping[str, Any]) -> tuple[Person, ...]:
    people = item.get("author")
    if not people and str(item.get("type")) in {"book", "collection"}:
        people = item.get("editor")
    named = [one for one in people if isinstance(one, dict)] if isinstance(people, list) else []
    return tuple(person for one in named if (person := person_of_csl(one)) is not None)


def _when(issued: object) -> When:
    """Read `{"date-parts": [[2025, 3, 17]]}`, `{"raw": "March 2025"}`, or a text."""
    if isinstance(issued, str):
        return read_date(issued)
    if not isinstance(issued, dict):
        return UNKNOWN
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return when_of(*(str(part) for part in parts[0][:3]))
    texts = (issued.get(name) for name in ("raw", "literal", "edtf"))
    return next((read_date(text) for text in texts if isinstance(text, str)), UNKNOWN)


def _keywords(item: Mapping[str, Any]) -> tuple[str, ...]:
    for value in (item.get("keyword"), item.get("keywords")):
        if isinstance(value, list):
            return tuple(filter(None, map(plain, _texts(value))))
        if isinstance(value, str):
            return split_keywords(plain(value[:_TO_READ]))
    return ()


def _own_links(own: Mapping[str, Any]) -> tuple[Link, ...]:
    """Return the links that an export of rftsearch has kept."""
    links = own.get("links")
    found = []
    for one in links if isinstance(links, list) else ():
        if not isinstance(one, dict):
            continue
        kind, url, label = (plain(str(one.get(name, ""))) for name in ("kind", "url", "label"))
        if kind in LINK_KINDS and is_web_address(url):
            found.append(Link(kind, url, label[:LONGEST_TITLE]))
    return tuple(found)
