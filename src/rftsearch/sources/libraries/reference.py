"""One entry of a library in plain text, whatever its format, and the paper it becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rftsearch.papers.arxiv_id import abstract_page, month_of_id, parse_arxiv_id
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance
from rftsearch.papers.people import Person, needed_parts, shown_name
from rftsearch.sources.abstracts import says_withdrawn
from rftsearch.sources.bounds import (
    LONGEST_ABSTRACT,
    LONGEST_TITLE,
    MOST_AUTHORS,
    bounded_metadata,
    shortened,
)
from rftsearch.sources.libraries.dates import UNKNOWN, When
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import slug

__all__ = ["MOST_KEYWORDS", "Reference", "paper_of", "split_keywords"]

MOST_KEYWORDS = 200
"""Keywords and groups of an entry that are kept."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What an entry of a library says, in plain text and on one line each."""

    line: int
    """Where it begins, counted from 1."""
    start: str
    """How it begins, for problems."""
    key: str = ""
    """Its citation key."""
    own_id: str = ""
    """Its id, where an export of rftsearch says it."""
    title: str = ""
    short_title: str = ""
    authors: tuple[Person, ...] = ()
    when: When = UNKNOWN
    venue: str = ""
    doi: str | None = None
    arxiv_id: str | None = None
    url: str = ""
    links: tuple[Link, ...] = ()
    abstract: str = ""
    remark: str = ""
    groups: tuple[tuple[str, ...], ...] = ()
    """The collections that hold it, each with those above it, outermost first."""
    keywords: tuple[str, ...] = ()
    own_categories: tuple[str, ...] = ()
    """Its categories, where an export of rftsearch says them; else its groups and keywords."""
    subjects: tuple[str, ...] = ()
    """arXiv's classes, primary first."""
    is_software: bool = False
    note: str = ""
    reasons: tuple[str, ...] = field(default=())
    """What of it could not be read."""

    @property
    def identity(self) -> str:
        """What it is known by: its arXiv id, its own id, its DOI, its title, or its key.

        A key is the last: two libraries may have one key for two papers.
        """
        own = "" if parse_arxiv_id(self.own_id) else self.own_id
        known = (self.arxiv_id, own, (self.doi or "").lower(), slug(self.title))
        return next(filter(None, known), slug(self.key))


def paper_of(
    reference: Reference, source: str, categories: Sequence[str], identity: str
) -> tuple[Paper, tuple[str, ...]]:
    """Make the paper of an entry.

    Args:
        reference: It has a title or an arXiv id.
        source: The name of the file.
        categories: Under which it stands; at least one.
        identity: What it is known by.

    Returns:
        The paper, and what had to be left out of it, one sentence each.
    """
    reasons: list[str] = []
    arxiv_id = reference.arxiv_id
    title = shortened(reference.title or f"arXiv:{arxiv_id}", LONGEST_TITLE, "title", reasons)
    people = reference.authors[:MOST_AUTHORS]
    if len(reference.authors) > MOST_AUTHORS:
        reasons.append(f"it has more than {MOST_AUTHORS:,} authors; the rest is left out")
    shown = tuple(map(shown_name, people))
    name = reference.short_title or name_in_title(title) or title
    paper = Paper(
        id=shortened(identity, LONGEST_TITLE, "id", reasons),
        short_name=shortened(name, LONGEST_TITLE, "short title", reasons),
        title=title,
        categories=tuple(categories),
        kind="project" if reference.is_software else "paper",
        released=_released(reference),
        arxiv_id=arxiv_id,
        url=abstract_page(arxiv_id) if arxiv_id else _address(reference),
        description=shortened(reference.remark, LONGEST_ABSTRACT, "remark", reasons),
        links=reference.links,
        provenance=(Provenance(source, reference.line),),
        heading_paths=reference.groups,
        venue=shortened(reference.venue, LONGEST_TITLE, "venue", reasons) or None,
        doi=shortened(reference.doi or "", LONGEST_TITLE, "DOI", reasons) or None,
    )
    # A project has a remark; what managers call its abstract is that.
    remarked = reference.is_software and not reference.remark
    if not reference.abstract or remarked:
        listed = replace(paper, listed_authors=shown, listed_parts=needed_parts(people))
        if remarked:
            remark = shortened(reference.abstract, LONGEST_ABSTRACT, "abstract", reasons)
            listed = replace(listed, description=remark)
        return listed, tuple(reasons)
    metadata, cut = bounded_metadata(
        ArxivMetadata(
            arxiv_id=arxiv_id or paper.id,
            title=title,
            abstract=reference.abstract,
            authors=shown,
            published=reference.when.published,
            categories=reference.subjects,
            withdrawn=says_withdrawn(reference.note, reference.abstract),
            split_authors=needed_parts(people),
        )
    )
    return replace(paper, metadata=metadata), (*reasons, *cut)


def _released(reference: Reference) -> str | None:
    """Return the month that the entry states, else that of its arXiv id, else its year."""
    if reference.arxiv_id and not reference.when.month:
        return month_of_id(reference.arxiv_id)
    return reference.when.released


def _address(reference: Reference) -> str | None:
    """Return where it can be read: its own address, else that of its DOI."""
    if is_web_address(reference.url):
        return reference.url
    return f"https://doi.org/{reference.doi}" if reference.doi else None


def split_keywords(text: str) -> tuple[str, ...]:
    """Return the keywords of a field: between semicolons if it has any, else between commas."""
    parts = text.split(";" if ";" in text else ",")
    return tuple(dict.fromkeys(part for one in parts if (part := one.strip())))
