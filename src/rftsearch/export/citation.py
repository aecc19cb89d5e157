"""Gather what every format writes about a paper: key, authors, date and addresses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import quote

from rftsearch.export.tex import PROTECTED
from rftsearch.papers.about import ListAbout
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import Kind, Link, Paper
from rftsearch.sources.libraries.status import says_status
from rftsearch.text.addresses import is_web_address
from rftsearch.text.author_names import Name, join_name, split_name
from rftsearch.text.clean import slug
from rftsearch.text.dates import month_of_digits
from rftsearch.text.latex import latex_to_text

__all__ = ["Citation", "Date", "citation_key", "one_line", "own_words", "predictions", "readable"]

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


VenueKind = Literal["journal", "conference", None]
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|letters|annals|reviews?|magazine|bulletin|quarterly|nature|science"
    r"|tmlr|jmlr|tpami|ijcv|tacl|plos|frontiers|ieee access|neurocomputing|information fusion"
    r"|pattern recognition|neural networks|neural computation"
    r"|proceedings of the (?:national academy|ieee$|vldb|acm on))\b|\b(?:j|trans|lett)\.",
    re.IGNORECASE,
)
_CONFERENCE = re.compile(
    r"(?i:\b(?:proc|proceedings|conference|conf|symposium|workshop|meeting|congress)\b)"
    # As lists write it: `CVPR 2026`, `NeurIPS'25`, `ICLR`.
    r"|\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:\W{0,2}(?:19|20)?[0-9]{2}\b|$)"
)


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
    venue: str
    """Where it was published, as its source says; mostly empty."""
    venue_kind: VenueKind
    abstract: str
    """In plain text; of a project its remark."""
    remark: str
    """That of the list, where it is not the abstract."""
    keywords: tuple[str, ...]
    """Its categories, without the name of a file that stands for none."""
    own_keywords: tuple[str, ...]
    """Its categories, if readers would take one of the keywords for no subject; else none."""
    predicted: tuple[str, ...]
    """Those that are predicted, with their probabilities: `Video (93%)`."""
    links: tuple[Link, ...]
    own_name: str
    """Its short name, if the title does not say it; else empty."""
    own_id: str
    """Its id, if no other field says it; else empty."""

    @classmethod
    def of(cls, paper: Paper) -> Self:
        """Gather what is known about a paper."""
        meta = paper.metadata
        doi = _doi(paper.doi) or _doi(meta.doi if meta else None)
        venue = readable(paper.venue or "")
        abstract, remark = readable(paper.abstract), readable(paper.description)
        # What nothing says the subject of has the name of its file as its category.
        files = {place.source for place in paper.provenance}
        subjects = (category for category in paper.categories if category not in files)
        keywords = tuple(filter(None, map(readable, subjects)))
        if paper.kind == "project" and not abstract:
            abstract, remark = remark, ""  # As reference managers have it for software.
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
            doi=doi,
            withdrawn=bool(meta and meta.withdrawn),
            venue=venue,
            venue_kind=_kind_of_venue(venue),
            abstract=abstract,
            remark=remark,
            keywords=keywords,
            own_keywords=keywords if any(map(says_status, keywords)) else (),
            predicted=predictions(paper),
            links=tuple(_links(paper)),
            own_name=_own_name(paper),
            own_id=_own_id(paper, doi),
        )


def _kind_of_venue(venue: str) -> VenueKind:
    """Return whether a paper stands in a journal or was given at a conference; None if unsure."""
    if _JOURNAL.search(venue):
        return "journal"
    return "conference" if _CONFERENCE.search(venue) else None


def _links(paper: Paper) -> Iterator[Link]:
    for link in paper.links:
        if url := _address(link.url):
            yield Link(link.kind, url, readable(link.label))


def _own_name(paper: Paper) -> str:
    """Return the short name, if it is not the one that readers of the title make of it."""
    title, name = readable(paper.title), readable(paper.short_name)
    return "" if name == (name_in_title(title) or title) else name


def _own_id(paper: Paper, doi: str | None) -> str:
    """Return the id, if readers would know the paper by another one."""
    known = paper.arxiv_id or (doi or "").lower() or slug(readable(paper.title))
    return "" if paper.id == known else one_line(paper.id)


def _authors(paper: Paper) -> tuple[Name, ...]:
    """Split the authors into their parts, as their source does or else by their words."""
    split = paper.metadata.split_authors if paper.metadata else ()
    if not split and paper.authors == paper.listed_authors:
        split = paper.listed_parts
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


def own_words(about: ListAbout) -> dict[str, str]:
    """Return what a record says of its list: its name, and where it is kept."""
    return {"list": one_line(about.title), "list_url": _address(about.home) or ""}


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
    if found := re.fullmatch(r"[0-9]{4}", paper.released or ""):
        return Date(int(found[0]))
    return None


def predictions(paper: Paper) -> tuple[str, ...]:
    """Return the predicted categories of a paper in words: `Video (93%)`, `Audio (41%, unsure)`."""
    return tuple(
        f"{readable(one.category)} ({one.probability:.0%}{'' if one.sure else ', unsure'})"
        for one in paper.predicted
    )


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
