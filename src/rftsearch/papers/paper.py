"""The records of papers that everything else passes around.

All records are frozen: one that has been stored, ranked or shown never changes
under the hands of another thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

__all__ = [
    "KINDS",
    "LINK_KINDS",
    "ArxivMetadata",
    "Link",
    "Paper",
    "PredictedCategory",
    "Provenance",
]

Kind = Literal["paper", "project"]
KINDS: tuple[Kind, ...] = ("paper", "project")
LINK_KINDS = ("model", "dataset", "code", "project", "demo", "benchmark", "blog", "paper")


AbstractState = Literal["present", "pending", "unknown", "none"]


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
class PredictedCategory:
    """A category that a paper is thought to belong to; nobody gave it to the paper."""

    category: str
    probability: float
    """From 0 to 1."""
    sure: bool
    """Whether such predictions were nearly always right in this list."""
    reason: str
    """The labelled papers most like it, and its telling words."""


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
    split_authors: tuple[tuple[str, str, str], ...] = ()
    """Family name, given name and suffix of each of `authors`, if the source gives them
    apart and one of the names cannot be taken apart without that; else empty."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper or code project of a list, with what arXiv adds to it."""

    id: str
    """arXiv id without version, or a slug of the repository or title."""
    short_name: str
    title: str
    """arXiv's title once it was fetched, until then the list's."""
    categories: tuple[str, ...]
    """The list's headings under which it stands, in the order of the list; never empty: a
    source that says nothing of its subject leaves the name of its file."""
    kind: Kind = "paper"
    released: str | None = None
    """Month of release, `2025-03`; the year alone, `2025`, if no month is known."""
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
    heading_paths: tuple[tuple[str, ...], ...] = ()
    """The headings above each of its entries, outermost first, as the list has them."""
    venue: str | None = None
    """Where it was published, as its source says: `CVPR 2026`, `Journal of Examples`."""
    doi: str | None = None
    """Its DOI without an address before it, `10.1000/example`; that of the source."""
    listed_authors: tuple[str, ...] = ()
    """Its authors as the source has them, in order; `authors` prefers those of arXiv."""
    listed_parts: tuple[tuple[str, str, str], ...] = ()
    """Family name, given name and suffix of each of `listed_authors`, if the source gives
    them apart and one of the names cannot be taken apart without that; else empty."""
    predicted: tuple[PredictedCategory, ...] = field(default=(), compare=False)
    """Where nobody gave it a category: its likely ones, best first. They are a guess about the
    paper and no part of the record: never stored, compared or filtered by."""

    @property
    def category(self) -> str:
        """Return the first of its categories."""
        return self.categories[0]

    @property
    def given_categories(self) -> tuple[str, ...]:
        """Return the categories that somebody gave it: those that are no name of its file."""
        sources = {place.source for place in self.provenance}
        names = sources | {source.rpartition("/")[2] for source in sources}
        return tuple(one for one in self.categories if one not in names)

    @property
    def abstract(self) -> str:
        """Return its abstract, or an empty string; see `abstract_state` for why."""
        return self.metadata.abstract if self.metadata else ""

    @property
    def authors(self) -> tuple[str, ...]:
        """Return its authors in order: as arXiv has them, else as the source does."""
        return (self.metadata.authors if self.metadata else ()) or self.listed_authors

    @property
    def abstract_state(self) -> AbstractState:
        """Return whether there is an abstract, and if not, why.

        `present`; `pending`: not fetched yet, a later build completes it;
        `unknown`: arXiv has no such id; `none`: it is not on arXiv, or arXiv
        gives no abstract, so that nothing can be fetched.
        """
        if self.metadata:
            return "present" if self.metadata.abstract else "none"
        if self.arxiv_id is None:
            return "none"
        return "unknown" if self.unknown_to_arxiv else "pending"

    def with_metadata(self, metadata: ArxivMetadata) -> Paper:
        """Return the same paper with what arXiv says about it."""
        listed = self.listed_title or self.title
        title = metadata.title or listed
        return replace(
            self,
            title=title,
            listed_title=listed if listed != title else None,
            metadata=metadata,
            unknown_to_arxiv=False,
        )

    def read_again(self, places: Sequence[Provenance]) -> Paper:
        """Return the same paper, with these places for those in the same sources."""
        again = {place.source for place in places}
        provenance: list[Provenance] = []
        for place in self.provenance:
            found = [new for new in places if new.source == place.source]
            provenance += found if place.source in again else [place]
        return replace(self, provenance=tuple(dict.fromkeys((*provenance, *places))))

    def has(self, link_kind: str) -> bool:
        """Return whether it has a link of that kind."""
        return any(link.kind == link_kind for link in self.links)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values: the shape of `--json` and of the API.

        `category` and `categories` are empty if nobody gave it one;
        `predicted_categories` is there only if something was predicted.
        """
        given = self.given_categories
        meta = self.metadata
        guesses = [
            {**asdict(one), "probability": round(one.probability, 4)} for one in self.predicted
        ]
        return {
            "id": self.id,
            "short_name": self.short_name,
            "title": self.title,
            "category": given[0] if given else "",
            "categories": list(given),
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
            "venue": self.venue,
            "doi": self.doi or (meta.doi if meta else None),
            "heading_paths": [list(path) for path in self.heading_paths],
            **({"predicted_categories": guesses} if guesses else {}),
        }
