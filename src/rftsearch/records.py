"""The records everything else passes around, and the one parser of arXiv ids.

All records are frozen: one that has been stored, ranked or shown never changes
under the hands of another thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, overload

from rftsearch import wording
from rftsearch.errors import FilterError

__all__ = [
    "KINDS",
    "LINK_KINDS",
    "SORTS",
    "ArxivMetadata",
    "Explanation",
    "Facets",
    "Filters",
    "Hit",
    "Link",
    "Paper",
    "Progress",
    "Provenance",
    "Results",
    "Sort",
    "check_month",
    "merge_papers",
    "parse_arxiv_id",
]

Kind = Literal["paper", "project"]
KINDS: tuple[Kind, ...] = ("paper", "project")
LINK_KINDS = ("model", "dataset", "code", "project", "demo", "benchmark", "blog", "paper")

Sort = Literal["relevance", "newest", "oldest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")

TextField = Literal["title", "abstract", "description"]

Progress = Callable[[str, int, int], None]
"""Called as (stage, done, total) while something long goes on; total 0: not known."""

AbstractState = Literal["present", "pending", "unknown", "none"]


# --- arXiv ids ---------------------------------------------------------------

_NEW_ID = r"(?P<year>\d{2})(?P<month>\d{2})\.(?P<number>\d{4,5})"
_OLD_ID = r"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(?P<old>\d{7})"
_ARXIV_ID = re.compile(
    rf"""
    (?:                                     # what may stand before the id:
        (?:https?://)?
        (?:
            (?:[a-z]+\.)?arxiv\.org/(?:abs|pdf|html|ps|format|e-print)/
          | (?:www\.)?alphaxiv\.org/(?:abs|pdf|overview)/
          | ar5iv(?:\.labs\.arxiv)?\.org/(?:abs|html)/
          | (?:www\.)?huggingface\.co/papers/
          | (?:dx\.)?doi\.org/10\.48550/arxiv\.
        )
      | doi:\s*10\.48550/arxiv\.
      | 10\.48550/arxiv\.
      | arxiv\s*:?\s*
    )?
    (?:{_NEW_ID}|{_OLD_ID})
    (?:v\d+)?
    (?:\.pdf)?/?
    (?:[?\#].*)?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


def parse_arxiv_id(text: str) -> str | None:
    """Read an arXiv id out of any of the forms in which people write one.

    Bare ids, `arXiv:` prefixes, versions, URLs of arXiv's abstract, PDF and
    HTML pages with or without scheme and `www.`, DOIs of the 10.48550 prefix,
    and the pre-2007 form (`cs/0501001`, `math.GT/0309136`) are understood.

    Args:
        text: One id or URL, with nothing else around it but blanks.

    Returns:
        The id without version (`2503.13377`, `cs/0501001`), or None where the
        text is not an id that arXiv could have given out
        (https://info.arxiv.org/help/arxiv_identifier.html).
    """
    match = _ARXIV_ID.fullmatch(text.strip())
    if match is None:
        return None
    if match["old"]:
        number = match["old"]
        # The old form was given out from July 1991 to March 2007.
        when = ("19" if number[:2] > "90" else "20") + number[:4]
        sound = _is_month(number[2:4]) and "199107" <= when <= "200703"
        return f"{match['archive'].lower()}/{number}" if sound else None
    year, month, number = match["year"], match["month"], match["number"]
    # Four digits until the end of 2014, five since; the scheme began in April 2007.
    digits = 4 if year < "15" else 5
    if not _is_month(month) or not "0704" <= year + month < "9101" or len(number) != digits:
        return None
    return f"{year}{month}.{number}"


def _is_month(digits: str) -> bool:
    return "01" <= digits <= "12"


def check_month(text: str) -> str:
    """Return `text` where it is a month written `2025-03`.

    Raises:
        FilterError: It is something else.
    """
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
    if match is None or not _is_month(match[2]):
        raise FilterError(f"{text!r} is not a month; write it like 2025-03")
    return match[0]


def _month_at_an_end(text: str, of_year: str) -> str:
    """The month that a range ends with: the one given, or one of the year given."""
    year = re.fullmatch(r"[0-9]{4}", text.strip())
    return check_month(f"{year[0]}-{of_year}" if year else text)


# --- papers ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """A typed link of a paper: its code, its model, its data."""

    kind: str
    """One of `LINK_KINDS`."""
    url: str
    label: str
    """As the list has it, without emoji: "Cold-Start Datasets"."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record was read."""

    source: str
    """Name of the list, without its folder."""
    line: int
    """Line of the entry in it, counted from 1."""


@dataclass(frozen=True, slots=True)
class ArxivMetadata:
    """What arXiv says of one paper."""

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    published: str | None = None
    """Day of the first version, `2025-03-17`."""
    updated: str | None = None
    """Day of the newest version."""
    categories: tuple[str, ...] = ()
    """arXiv's own subject classes, primary first; not the list's categories."""
    comment: str | None = None
    doi: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper or code project of a list, with what arXiv adds to it."""

    id: str
    """arXiv id without version, or a slug of the repository or title."""
    short_name: str
    title: str
    """arXiv's title once it was fetched, until then the list's."""
    categories: tuple[str, ...]
    """The list's headings under which it stands, in the order met; never empty."""
    kind: Kind = "paper"
    released: str | None = None
    """Month of release, `2025-03`."""
    arxiv_id: str | None = None
    url: str | None = None
    """Where it can be read: its arXiv abstract page, else the list's own link."""
    generative: bool = False
    description: str = ""
    """The list's remark on it."""
    links: tuple[Link, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    listed_title: str | None = None
    """The list's title, where arXiv's differs from it."""
    metadata: ArxivMetadata | None = None
    """What arXiv says, or None while it was not fetched."""
    unknown_to_arxiv: bool = False
    """arXiv was asked for this id and does not have it."""

    @property
    def category(self) -> str:
        """The first of its categories: the one it is labelled with."""
        return self.categories[0]

    @property
    def abstract(self) -> str:
        """Its abstract, or an empty string; see `abstract_state` for why."""
        return self.metadata.abstract if self.metadata else ""

    @property
    def authors(self) -> tuple[str, ...]:
        """Its authors in order; empty while not fetched."""
        return self.metadata.authors if self.metadata else ()

    @property
    def abstract_state(self) -> AbstractState:
        """Whether there is an abstract, and if not, why.

        `present`; `pending`: not fetched yet, a later build completes it;
        `unknown`: arXiv has no such id; `none`: it is not on arXiv, or arXiv
        gives no abstract, so there is none to fetch.
        """
        if self.metadata:
            return "present" if self.metadata.abstract else "none"
        if self.arxiv_id is None:
            return "none"
        return "unknown" if self.unknown_to_arxiv else "pending"

    def with_metadata(self, metadata: ArxivMetadata) -> Paper:
        """The same paper with what arXiv says of it."""
        listed = self.listed_title or self.title
        title = metadata.title or listed
        return replace(
            self,
            title=title,
            listed_title=listed if listed != title else None,
            metadata=metadata,
            unknown_to_arxiv=False,
        )

    def has(self, link_kind: str) -> bool:
        """Whether it has a link of that kind."""
        return any(link.kind == link_kind for link in self.links)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values: the shape of `--json` and of the API."""
        meta = self.metadata
        return {
            "id": self.id,
            "short_name": self.short_name,
            "title": self.title,
            "category": self.category,
            "categories": list(self.categories),
            "kind": self.kind,
            "released": self.released,
            "arxiv_id": self.arxiv_id,
            "url": self.url,
            "generative": self.generative,
            "description": self.description,
            "links": [asdict(link) for link in self.links],
            "authors": list(self.authors),
            "abstract": self.abstract,
            "abstract_state": self.abstract_state,
            "published": meta.published if meta else None,
            "withdrawn": meta.withdrawn if meta else False,
        }


def merge_papers(papers: Iterable[Paper]) -> list[Paper]:
    """Make one record of each id, in the order of first appearance.

    The first record's facts win; categories, links and provenance of the others
    are added, and what the first lacks is taken from them.
    """
    merged: dict[str, Paper] = {}
    for paper in papers:
        known = merged.get(paper.id)
        merged[paper.id] = paper if known is None else _merge_two(known, paper)
    return list(merged.values())


def _merge_two(first: Paper, other: Paper) -> Paper:
    # One address may be of two kinds: a collection that holds both model and data.
    known = {(link.kind, link.url) for link in first.links}
    return replace(
        first,
        categories=tuple(dict.fromkeys(first.categories + other.categories)),
        links=(
            *first.links,
            *(link for link in other.links if (link.kind, link.url) not in known),
        ),
        provenance=tuple(dict.fromkeys(first.provenance + other.provenance)),
        released=first.released or other.released,
        url=first.url or other.url,
        description=first.description or other.description,
        generative=first.generative or other.generative,
    )


# --- questions and answers ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What an answer may contain; every condition that is given must hold.

    Raises:
        FilterError: On a month that is none, an unknown kind, an unknown resource.
    """

    categories: tuple[str, ...] = ()
    """Any of a paper's categories is one of these; names forgive case, and a part that only
    one name has stands for it."""
    since: str | None = None
    """First month of release that may appear, `2025-03`; a year stands for its first."""
    until: str | None = None
    """Last month of release that may appear; a year stands for its last."""
    has: tuple[str, ...] = ()
    """Kinds of link of which a paper must have every one; see `LINK_KINDS`."""
    kind: Kind | None = None
    generative: bool | None = None

    def __post_init__(self) -> None:
        """Check and normalise, so that an engine only ever sees sound filters."""
        for name in ("categories", "has"):
            value = getattr(self, name)
            # A bare string is a sequence too, of letters: the likeliest slip.
            value = (value,) if isinstance(value, str) else tuple(value or ())
            object.__setattr__(self, name, value)
        for name, of_year in (("since", "01"), ("until", "12")):
            value = getattr(self, name)
            object.__setattr__(self, name, _month_at_an_end(value, of_year) if value else None)
        if self.since and self.until and self.since > self.until:
            raise FilterError(f"no month lies between {self.since} and {self.until}; swap them")
        object.__setattr__(self, "has", tuple(kind.strip().lower() for kind in self.has))
        for kind in self.has:
            if kind not in LINK_KINDS:
                raise FilterError(f"unknown resource {kind!r}; one of {', '.join(LINK_KINDS)}")
        if self.kind is not None and self.kind not in KINDS:
            raise FilterError(f"unknown kind {self.kind!r}; one of {', '.join(KINDS)}")

    @property
    def dated(self) -> bool:
        """Whether a month is asked for, so that undated records fall outside."""
        return self.since is not None or self.until is not None

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Facets:
    """How many works each choice of a filter would leave, the other filters staying."""

    works: int
    """All that pass, or of a query: that fit it and pass."""
    categories: Mapping[str, int]
    """Without the filter on categories, in the list's order."""
    has: Mapping[str, int]
    """With this kind of link on top of those that are asked for."""
    kinds: Mapping[str, int]
    """Papers and projects, without the filter on kinds."""
    generative: Mapping[bool, int]
    """On generation or not, without the filter on that."""
    without: Mapping[str, int]
    """All that would pass without one of the filters that are set, whether or not they
    fit a query: `categories`, `months`, `has`, `kind`, `generative`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper of an answer."""

    paper: Paper
    score: float
    """How well it answers; higher is better, comparable within one answer."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """What the score is the sum of: `name`, where the question names the paper;
    `meaning`, of vectors; `words`, met; `related` words, which the best papers share;
    `category`, shared with a seed; `liked` and `disliked`, of a recommendation;
    `rerank`, of a cross-encoder."""

    def to_dict(self) -> dict[str, Any]:
        """The paper's JSON values, the score and its parts."""
        return {**self.paper.to_dict(), "score": self.score, "parts": dict(self.parts)}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a paper is in an answer: the sentence of it that answers best.

    All offsets count characters (code points) from 0 and exclude their end. They
    refer to texts as they are stored, LaTeX included, not to what is displayed.
    """

    paper_id: str
    field: TextField
    """The attribute of the paper that holds the sentence."""
    start: int
    """Where the sentence begins in that text."""
    end: int
    """Where it ends."""
    sentence: str
    """`text[start:end]`, without blanks at its ends; empty where a paper has no text."""
    marks: tuple[tuple[int, int], ...] = ()
    """The words of the query, as start and end within `sentence`: in order, not
    overlapping. None where the sentence has no word of the query."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; marks are pairs."""
        return {
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "sentence": self.sentence,
            "marks": [list(mark) for mark in self.marks],
        }


@dataclass(frozen=True, slots=True, repr=False)
class Results(Sequence[Hit]):
    """The answer to a question: hits, best first, and what to know about them."""

    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()
    """What is missing or was left out, one sentence each."""
    facets: Mapping[str, int] = field(default_factory=dict)
    """Papers per category among those that fit, as those that score half of the best do."""

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        """A hit by its rank, counted from 0."""
        return self.hits[index]

    def __repr__(self) -> str:
        """One line: a session at the prompt is not the place for ten abstracts."""
        names = ", ".join(hit.paper.short_name or hit.paper.id for hit in self.hits[:5])
        more = ", ..." if len(self.hits) > 5 else ""
        return f"<Results: {wording.count(len(self.hits), 'hit')}: {names}{more}>"

    def __len__(self) -> int:
        """How many hits there are."""
        return len(self.hits)
