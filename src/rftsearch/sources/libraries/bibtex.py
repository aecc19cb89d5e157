"""BibTeX and BibLaTeX files as sources: `.bib`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import LINK_KINDS
from rftsearch.sources.base import Problem
from rftsearch.sources.bounds import LONGEST_ABSTRACT
from rftsearch.sources.libraries.bibtex_blocks import Entry, read_blocks
from rftsearch.sources.libraries.dates import When, read_date, when_of
from rftsearch.sources.libraries.groups import Groups, read_groups
from rftsearch.sources.libraries.identifiers import (
    doi_in,
    id_in_journal,
    id_in_note,
    id_of_eprint,
    names_arxiv,
)
from rftsearch.sources.libraries.library_file import LibraryFile, Skipped
from rftsearch.sources.libraries.links import links_of, web_addresses
from rftsearch.sources.libraries.markup import address_in_latex, plain_latex, remark_in_latex
from rftsearch.sources.libraries.people import people_of_bibtex
from rftsearch.sources.libraries.reference import Reference, split_keywords

__all__ = ["BibtexFile"]

_TO_READ = 5 * LONGEST_ABSTRACT
"""Characters of a text with its LaTeX that are read: far more than are kept of it."""
_NO_PAPERS = {"proceedings", "mvproceedings", "xdata", "set", "periodical"}
_SOFTWARE = {"software", "softwareversion", "softwaremodule", "codefragment"}
_WITH_EDITORS = {"book", "collection", "mvbook", "mvcollection", "reference", "incollection"}
_REMARKS = ("note", "howpublished", "annote", "annotation", "comment", "addendum")
_KEYWORDS = ("keywords", "keyword", "mendeley-tags", "tags", "labels")
_ADDRESSES = ("url", "link", "ee", "pdf", *(f"bdsk-url-{number}" for number in range(1, 10)))
_OF_A_KIND = (
    *LINK_KINDS, "github", "repository", "website", "homepage", "webpage", "code_url", "data",
    "video", "slides", "poster",
)  # fmt: skip
_OF_PREPRINTS = (
    "journal", "journaltitle", "volume", "number", "pages", "howpublished", "booktitle",
)  # fmt: skip
"""Where people put the id of a preprint."""
_VENUES = (
    "booktitle", "journal", "journaltitle", "maintitle", "eventtitle", "howpublished", "school",
    "institution",
)  # fmt: skip


class BibtexFile(LibraryFile):
    """A BibTeX or BibLaTeX file, as Zotero, JabRef, Mendeley and others write it."""

    form: ClassVar[str] = "an entry begins like `@article{key, title = {...}`"

    def entries(self, text: str) -> Iterator[Reference | Problem | Skipped]:
        """Read the entries of a file, in its order."""
        library = read_blocks(text)
        groups = read_groups(library.comments)
        volumes = 0
        for broken in library.broken:
            yield Problem(self.label, broken.line, broken.start, broken.reason)
        for entry in library.entries:
            if entry.kind in _NO_PAPERS:
                volumes += entry.kind not in {"xdata", "set"}
            else:
                yield _reference(entry, groups)
        if volumes:
            yield Skipped(volumes, "volume of proceedings", "volumes of proceedings")


def _reference(entry: Entry, groups: Groups) -> Reference:
    remarks = [remark_in_latex(text[:_TO_READ]) for text in entry.every(*_REMARKS)]
    addresses = [
        found
        for text in entry.every(*_ADDRESSES, "howpublished")
        for found in web_addresses(address_in_latex(text[:_TO_READ]))
    ]
    arxiv_id = _arxiv_id(entry, addresses, remarks)
    abstract = plain_latex(entry.get("abstract")[:_TO_READ])
    named = [
        (name, remark_in_latex(text[:_TO_READ]))
        for name in _OF_A_KIND
        for text in entry.fields.get(name, ())
    ]
    named.sort(key=lambda one: list(entry.fields).index(one[0]))
    return Reference(
        line=entry.line,
        start=entry.start,
        key=entry.key,
        own_id=plain_latex(entry.get("rftsearch")[:_TO_READ]),
        title=_title(entry),
        short_title=plain_latex(entry.get("shorttitle")[:_TO_READ]),
        authors=_authors(entry),
        when=_when(entry),
        venue=_venue(entry),
        doi=doi_in(
            address_in_latex(text[:_TO_READ]) for text in entry.every("doi", *_ADDRESSES, "note")
        ),
        arxiv_id=arxiv_id,
        url=next(iter(addresses), ""),
        links=links_of(addresses, named, remarks, arxiv_id),
        abstract=abstract,
        remark=plain_latex(entry.get("remark")[:_TO_READ]),
        groups=_groups(entry, groups),
        keywords=_keywords(entry, *_KEYWORDS),
        own_categories=_keywords(entry, "rftsearch-categories"),
        subjects=tuple(filter(None, [plain_latex(entry.get("primaryclass", "eprintclass"))])),
        is_software=entry.kind in _SOFTWARE or "software" in entry.get("type").lower(),
        note=". ".join(remarks),
        reasons=tuple(entry.faults),
    )


def _title(entry: Entry) -> str:
    title = plain_latex(entry.get("title")[:_TO_READ])
    subtitle = plain_latex(entry.get("subtitle")[:_TO_READ])
    if not subtitle or subtitle in title:
        return title
    return f"{title} {subtitle}" if title.endswith((":", "?", "!")) else f"{title}: {subtitle}"


def _authors(entry: Entry) -> tuple[tuple[str, str, str], ...]:
    authors = entry.get("author")
    if not authors and entry.kind in _WITH_EDITORS:
        authors = entry.get("editor")
    return people_of_bibtex(authors)


def _when(entry: Entry) -> When:
    """Read the date: BibLaTeX has one field, BibTeX one for each part."""
    year, month, day = (plain_latex(entry.get(name)[:100]) for name in ("year", "month", "day"))
    date = read_date(plain_latex(entry.get("date", "issue_date")[:100]))
    parts = when_of(year, month, day) if month else read_date(year)
    same_year = not parts.year or date.year == parts.year
    return date if date.year and same_year and (date.month or not parts.month) else parts


def _arxiv_id(entry: Entry, addresses: list[str], remarks: list[str]) -> str | None:
    """Return the arXiv id, from the field that says it best."""
    kind = entry.get("archiveprefix", "eprinttype")
    subject = entry.get("primaryclass", "eprintclass")
    for name in ("eprint", "arxivid", "arxiv"):
        if value := address_in_latex(entry.get(name)[:_TO_READ]):
            found = id_of_eprint(value, kind if name == "eprint" else "", subject)
            if found:
                return found
    for text in (address_in_latex(entry.get("doi")[:_TO_READ]), *addresses):
        if found := parse_arxiv_id(text):
            return found
    for name in _OF_PREPRINTS:
        if found := id_in_journal(address_in_latex(entry.get(name)[:_TO_READ])):
            return found
    return next(filter(None, map(id_in_note, remarks)), None)


def _venue(entry: Entry) -> str:
    for name in _VENUES:
        venue = plain_latex(entry.get(name)[:_TO_READ]).lstrip("\\")
        if venue and not names_arxiv(venue) and "://" not in venue and not id_in_journal(venue):
            return venue
    return ""


def _keywords(entry: Entry, *names: str) -> tuple[str, ...]:
    parts = (part for text in entry.every(*names) for part in _split(text[:_TO_READ]))
    return tuple(dict.fromkeys(filter(None, map(plain_latex, parts))))


def _split(text: str) -> tuple[str, ...]:
    """Split a field of keywords; what stands in braces is one of them."""
    held: list[str] = []

    def keep(found: re.Match[str]) -> str:
        held.append(found[1])
        return f"\0{len(held) - 1}\0"

    outer = re.sub(r"(?<![^\s,;])\{([^{}]*)\}(?=\s*(?:[,;]|$))", keep, text.replace("\0", ""))
    outer = re.sub(r"(?<=\{)\\?;|\\;", ";", outer).replace(r"{\&}", r"\&")
    filled = (re.sub("\0(\\d+)\0", lambda n: held[int(n[1])], one) for one in split_keywords(outer))
    return tuple(filled)


def _groups(entry: Entry, groups: Groups) -> tuple[tuple[str, ...], ...]:
    names = [plain_latex(name) for text in entry.every("groups") for name in text.split(",")]
    paths = list(groups.of(entry.key, filter(None, names)))
    for text in entry.every("mendeley-groups", "collection", "collections"):
        for name in _split(text[:_TO_READ]):
            path = tuple(filter(None, (plain_latex(part) for part in name.split("/"))))
            paths += [path] if path else []
    return tuple(dict.fromkeys(paths))
