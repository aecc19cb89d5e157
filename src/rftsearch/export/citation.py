"""Gather what every format writes about a paper: key, authors, date and addresses."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from rftsearch.export.tex import PROTECTED
from rftsearch.papers.paper import Kind, Paper
from rftsearch.text.addresses import is_web_address
from rftsearch.text.author_names import Name, join_name, split_name
from rftsearch.text.clean import slug
from rftsearch.text.dates import month_of_digits
from rftsearch.text.latex import latex_to_text

__all__ = ["Citation", "Date", "citation_key", "one_line", "readable"]

# Characters that are removed: controls, half a surrogate pair, characters without width,
# and marks that change the direction of writing, which can make a text look like another.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\ud800-\udfff\u200b\u200e\u200f"
    "\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_PLAIN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SUBJECT_CLASS = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)*)?")
_DOI = re.compile(r"10\.[0-9]{4,9}/[!-~]+")
# These characters stay in an address. All others are percent-encoded: braces and
# backslashes, which BibTeX and LaTeX would read, and those beyond ASCII.
_URL_SAFE = "%/:=&?~#+!$,;'@()*[]-._"


@dataclass(frozen=True, slots=True)
class Date:
    """The date on which a paper appeared, as exactly as it is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def parts(self) -> list[int]:
        """Year, month and day; those that are known."""
        return [part for part in (self.year, self.month, self.day) if part is not None]


@dataclass(frozen=True, slots=True)
class Citation:
    """The facts about one paper, each on one line and without control characters."""

    key: str
    kind: Kind
    title: str
    """With its LaTeX, as arXiv has it; see `readable`."""
    short_name: str
    authors: tuple[Name, ...]
    date: Date | None
    url: str | None
    arxiv_id: str | None
    subject_class: str | None
    """The primary class on arXiv."""
    doi: str | None
    withdrawn: bool

    @classmethod
    def of(cls, paper: Paper) -> Self:
        """Gather what is known about a paper."""
        meta = paper.metadata
        return cls(
            key=citation_key(paper),
            kind=paper.kind,
            title=one_line(paper.title),
            short_name=one_line(paper.short_name),
            authors=_authors(paper),
            date=_date(paper),
            url=_address(paper.url),
            arxiv_id=paper.arxiv_id,
            subject_class=_matched(
                _SUBJECT_CLASS, meta.categories[0] if meta and meta.categories else None
            ),
            doi=_doi(meta.doi if meta else None),
            withdrawn=bool(meta and meta.withdrawn),
        )


def _authors(paper: Paper) -> tuple[Name, ...]:
    """Split the authors into their parts, as their source does or else by their words."""
    split = paper.metadata.split_authors if paper.metadata else ()
    if len(split) == len(paper.authors):
        names = [join_name(*map(readable, parts)) for parts in split]
    else:
        names = [split_name(readable(author)) for author in paper.authors]
    return tuple(name for name in names if name is not None)


def citation_key(paper: Paper) -> str:
    """Return the key of a paper: `timezero:2503.13377`, `example-robo-kit`.

    It consists of the short name and the arXiv id, or of the id of a paper that is not
    on arXiv. Both come from the list, so the key stays the same when authors are
    fetched, when arXiv renames a paper, and whatever else is exported. Two ids never
    have the same key. It contains only small letters, digits and `-:./`.
    """
    name = slug(paper.short_name).encode("ascii", "ignore").decode("ascii").strip("-")
    name = re.sub("-{2,}", "-", name)
    name = name if len(name) <= 24 else name[:25].rpartition("-")[0] or name[:24]
    if paper.arxiv_id == paper.id:
        return f"{name or 'arxiv'}:{paper.id}"
    if _PLAIN_ID.fullmatch(paper.id):
        return paper.id
    # The id has characters that a key cannot have. A colon and no dot: no other key is like it.
    digest = hashlib.sha256(paper.id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{name or 'work'}:{digest}"


def one_line(text: str) -> str:
    """Return the text on one line, with single blanks, without control characters."""
    return " ".join(_UNWANTED.sub("", text).split())


def readable(text: str) -> str:
    """Return the text on one line, as plain text, without braces that hold capitals."""
    return one_line(PROTECTED.sub(r"\1", latex_to_text(one_line(text))))


def _date(paper: Paper) -> Date | None:
    """Return the day of the first version, else the month of release, else that of the id."""
    meta = paper.metadata
    if meta and (found := re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", meta.published or "")):
        year, month, day = map(int, found.groups())
        if 1 <= month <= 12 and 1 <= day <= 31:
            return Date(year, month, day)
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})", paper.released or ""):
        return Date(int(found[1]), int(found[2]))
    if found := re.match(r"([0-9]{4})\.", paper.arxiv_id or ""):
        known = month_of_digits(found[1])
        return Date(int(known[:4]), int(known[5:])) if known else None
    return None


def _address(url: str | None) -> str | None:
    if url is None or not is_web_address(url):
        return None
    return quote(one_line(url), safe=_URL_SAFE, errors="replace")


def _doi(doi: str | None) -> str | None:
    found = _matched(_DOI, doi)
    # A DOI may contain a brace or a backslash in theory; it would end a field of BibTeX.
    return found if found and not set(found) & set("{}\\^%") else None


def _matched(pattern: re.Pattern[str], text: str | None) -> str | None:
    return text if text and pattern.fullmatch(text) else None
