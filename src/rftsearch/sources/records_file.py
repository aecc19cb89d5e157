"""A JSON Lines file of papers as a source: one paper a line, with or without its abstract.

    {"title": "...", "arxiv_id": "2503.01234", "abstract": "...", "authors": ["A. Author"],
     "published": "2025-03-03", "category": "Video", "url": "https://...", "doi": "..."}

`title` is needed. `id` may stand for `arxiv_id`; a paper that is not on arXiv is known by
its `id`, or by its title. `categories` are the headings under which it stands; without
`category`, those that look like classes of arXiv, such as `cs.CV`, are what arXiv says of it,
and the first of them is its heading where there is no other.
`short_name`, `kind`, `released`, `updated`, `comment`, `description`, `generative`,
`venue`, `links` and `heading_paths` are optional.

`rftsearch export --format jsonl` writes lines with `has_metadata`. They say everything, so
that nothing is concluded from what they leave out: the same records come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from rftsearch.errors import FilterError, SourceError
from rftsearch.papers.arxiv_id import abstract_page, month_of_id, parse_arxiv_id
from rftsearch.papers.filters import check_month
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import (
    KINDS,
    LINK_KINDS,
    ArxivMetadata,
    Kind,
    Link,
    Paper,
    Provenance,
)
from rftsearch.papers.people import Person
from rftsearch.sources.abstracts import says_withdrawn
from rftsearch.sources.base import (
    MOST_PROBLEMS,
    PROBLEMS_KEPT,
    Outcome,
    PathSource,
    Problem,
    Summary,
)
from rftsearch.sources.bounds import (
    LONGEST_ABSTRACT,
    LONGEST_TITLE,
    bounded_metadata,
    shortened,
)
from rftsearch.sources.jsonl import (
    LineError,
    LineReader,
    day_in,
    load_object,
    sound_text,
    text_in,
    texts_in,
)
from rftsearch.sources.link_kinds import kind_of_link
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import slug
from rftsearch.types import Progress

__all__ = ["RecordsFile"]

_LINES_A_STEP = 2_000
"""Lines between two steps of the progress."""


class RecordsFile(PathSource):
    """A JSON Lines file of papers, plain or compressed."""

    __slots__ = ()

    streamed: ClassVar[bool] = True

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary]:
        """Read the papers; lines that cannot be read are named where they stand.

        Raises:
            SourceError: The file cannot be read, or no line of it.
        """
        seen: set[str] = set()
        outcome: Outcome
        first, unreadable, problems, more_lost = "it is empty", 0, 0, 0
        with LineReader(self.path) as reader:
            for line in reader:
                if reader.line % _LINES_A_STEP == 0:
                    progress("snapshot", reader.position, reader.size)
                if not line.strip():
                    continue
                try:
                    place = Provenance(self.label, reader.line)
                    paper, reasons = _paper(load_object(line), place)
                    if paper.id in seen:
                        raise LineError(f"{paper.id} has a line already")
                except LineError as error:
                    reasons, outcome = [str(error)], "lost"
                    first = first if unreadable else f"line {reader.line}: {error}"
                    unreadable += 1
                else:
                    seen.add(paper.id)
                    outcome = "part"
                    yield paper
                if not seen and unreadable > MOST_PROBLEMS:
                    break  # Another kind of file, which may have no end.
                for reason in reasons:
                    problems += 1
                    if problems <= PROBLEMS_KEPT:
                        yield Problem.of_line(self.label, reader.line, line, reason, outcome)
                    else:
                        more_lost += outcome == "lost"
        if not seen:
            raise SourceError(
                f"no paper can be read in {self.path} ({first}); "
                "give a JSON Lines file of papers with title, arxiv_id and abstract"
            )
        yield Summary((), max(0, problems - PROBLEMS_KEPT), more_lost)


_CLASS = re.compile(
    r"[a-z-]+\.[A-Za-z-]+|(?:astro|math|quant)-ph|gr-qc|hep-(?:ex|lat|ph|th)|nucl-(?:ex|th)"
)
"""A class of arXiv."""


def _paper(record: dict[str, Any], place: Provenance) -> tuple[Paper, list[str]]:
    """Make a paper of a line; what had to be cut of it comes with it.

    Raises:
        LineError: It does not describe one; says why.
    """
    title, own_id = text_in(record, "title"), text_in(record, "id")
    if not title:
        raise LineError("title is empty")
    whole = isinstance(record.get("has_metadata"), bool)
    arxiv_id = parse_arxiv_id(text_in(record, "arxiv_id") or own_id)
    identity = (own_id if whole else "") or arxiv_id or own_id or slug(title)
    if not identity:
        raise LineError("title has no letter or digit, and there is no id")
    category, categories = text_in(record, "category"), texts_in(record, "categories")
    classes = texts_in(record, "arxiv_categories") if whole else ()
    own = categories
    if not whole and not category:
        classes = tuple(name for name in categories if _CLASS.fullmatch(name))
        own = tuple(name for name in categories if name not in classes) or categories[:1]
    metadata, cut = bounded_metadata(_metadata(record, identity, title, classes))
    reasons = list(cut)
    name = text_in(record, "short_name") or name_in_title(title) or metadata.title
    asked_later = arxiv_id is not None and not metadata.abstract
    has_metadata = record["has_metadata"] if whole else not asked_later
    headings = dict.fromkeys((category, *categories) if category else own[:1] if whole else own)
    paper = Paper(
        id=shortened(identity, LONGEST_TITLE, "id", reasons),
        short_name=shortened(name, LONGEST_TITLE, "name", reasons),
        title=shortened(title, LONGEST_TITLE, "title", reasons),
        categories=tuple(headings) or (place.source,),
        kind=_kind(record),
        released=_released(record, None if whole else metadata, arxiv_id),
        arxiv_id=arxiv_id,
        url=_address(record) if whole or not arxiv_id else abstract_page(arxiv_id),
        generative=record.get("generative") is True,
        description=shortened(
            text_in(record, "description"), LONGEST_ABSTRACT, "description", reasons
        ),
        links=tuple(_link(one) for one in _objects(record, "links")),
        provenance=tuple(map(_place, _objects(record, "provenance"))) or (place,),
        listed_title=text_in(record, "listed_title") or None,
        metadata=metadata if has_metadata else None,
        unknown_to_arxiv=record.get("unknown_to_arxiv") is True,
        heading_paths=tuple(_lists(record, "heading_paths")),
        venue=shortened(text_in(record, "venue"), LONGEST_TITLE, "venue", reasons) or None,
        doi=text_in(record, "doi") or None if whole or not has_metadata else None,
        listed_authors=texts_in(record, "listed_authors" if whole else "authors")
        if whole or not has_metadata
        else (),
        listed_parts=_parts(record, "listed_parts"),
    )
    return paper, reasons


def _metadata(
    record: dict[str, Any], identity: str, title: str, classes: tuple[str, ...]
) -> ArxivMetadata:
    abstract, comment = text_in(record, "abstract"), text_in(record, "comment")
    whole = "has_metadata" in record
    said = says_withdrawn(comment, abstract) and not whole
    return ArxivMetadata(
        arxiv_id=text_in(record, "metadata_id") or identity,
        title=text_in(record, "arxiv_title") or title,
        abstract=abstract,
        authors=texts_in(record, "authors"),
        published=day_in(record, "published"),
        updated=day_in(record, "updated"),
        categories=classes,
        comment=comment or None,
        doi=text_in(record, "arxiv_doi" if whole else "doi") or None,
        withdrawn=record.get("withdrawn") is True or said,
        split_authors=_parts(record, "split_authors"),
    )


def _kind(record: dict[str, Any]) -> Kind:
    kind = text_in(record, "kind") or KINDS[0]
    if kind not in KINDS:
        raise LineError(f"kind is not {' or '.join(KINDS)}: {kind!r}")
    return kind


def _link(record: dict[str, Any]) -> Link:
    kind, url, label = (text_in(record, name) for name in ("kind", "url", "label"))
    kind = kind or kind_of_link(label, url) or ""
    if kind not in LINK_KINDS or not is_web_address(url):
        raise LineError(f"links has one without a kind or a web address: {url!r}")
    return Link(kind, url, label or kind.capitalize())


def _place(record: dict[str, Any]) -> Provenance:
    line = record.get("line")
    if not isinstance(line, int) or line < 0:
        raise LineError("provenance has a place without a line")
    return Provenance(text_in(record, "source"), line)


def _parts(record: dict[str, Any], key: str) -> tuple[Person, ...]:
    people = [tuple(parts) for parts in _lists(record, key, keep_empty=True)]
    if not all(len(parts) == 3 for parts in people):
        raise LineError(f"{key} has a name that is not family name, given name and suffix")
    return tuple((parts[0], parts[1], parts[2]) for parts in people)


def _objects(record: dict[str, Any], key: str) -> list[dict[str, Any]]:
    values = record.get(key) or []
    if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
        raise LineError(f"{key} is not a list of objects")
    return values


def _lists(
    record: dict[str, Any], key: str, *, keep_empty: bool = False
) -> Iterator[tuple[str, ...]]:
    values = record.get(key) or []
    if not isinstance(values, list) or not all(isinstance(one, list) for one in values):
        raise LineError(f"{key} is not a list of lists of texts")
    for one in values:
        texts = [sound_text(value, key) for value in one]
        yield tuple(texts if keep_empty else filter(None, texts))


def _released(
    record: dict[str, Any], metadata: ArxivMetadata | None, arxiv_id: str | None
) -> str | None:
    """Return the month that is given, or the year, or that of the first version or of the id."""
    if month := text_in(record, "released"):
        if re.fullmatch(r"[0-9]{4}", month):
            return month
        try:
            return check_month(month)
        except FilterError as error:
            raise LineError(f"released is not a month like 2025-03: {month!r}") from error
    if metadata is None:
        return None
    if metadata.published:
        return metadata.published[:7]
    return month_of_id(arxiv_id) if arxiv_id else None


def _address(record: dict[str, Any]) -> str | None:
    url = text_in(record, "url")
    if url and not is_web_address(url):
        raise LineError(f"url is not a web address: {url!r}")
    return url or None
