"""A JSON Lines file of papers as a source: one paper a line, with or without its abstract.

    {"title": "...", "arxiv_id": "2503.01234", "abstract": "...", "authors": ["A. Author"],
     "published": "2025-03-03", "category": "Video", "url": "https://...", "doi": "..."}

`title` is needed. `id` may stand for `arxiv_id`; a paper that is not on arXiv is known by
its `id`, or by its title. `categories` are the headings under which it stands where
`category` is given too, as `--json` writes them, and arXiv's own classes otherwise.
`short_name`, `released`, `updated`, `comment`, `description` and `generative` are
optional.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from rftsearch.errors import FilterError, SourceError
from rftsearch.papers.arxiv_id import abstract_page, month_of_id, parse_arxiv_id
from rftsearch.papers.filters import check_month
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import ArxivMetadata, Paper, Provenance
from rftsearch.sources.abstracts import says_withdrawn
from rftsearch.sources.base import MOST_PROBLEMS, PROBLEMS_KEPT, Problem, Summary, path_key
from rftsearch.sources.bounds import (
    LONGEST_ABSTRACT,
    LONGEST_TITLE,
    bounded_metadata,
    shortened,
)
from rftsearch.sources.jsonl import LineError, LineReader, day_in, load_object, text_in, texts_in
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import slug
from rftsearch.types import Progress

__all__ = ["RecordsFile"]

_LINES_A_STEP = 2_000
"""Lines between two steps of the progress."""


@dataclass(frozen=True, slots=True)
class RecordsFile:
    """A JSON Lines file of papers, plain or compressed."""

    path: Path
    streamed: ClassVar[bool] = True

    @property
    def key(self) -> str:
        """The whole path of the file."""
        return path_key(self.path)

    @property
    def label(self) -> str:
        """The name of the file."""
        return self.path.name

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary]:
        """Read the papers; lines that cannot be read are named where they stand.

        Raises:
            SourceError: The file cannot be read, or no line of it.
        """
        seen: set[str] = set()
        first, unreadable, problems = "it is empty", 0, 0
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
                    reasons = [str(error)]
                    first = first if unreadable else f"line {reader.line}: {error}"
                    unreadable += 1
                else:
                    seen.add(paper.id)
                    yield paper
                if not seen and unreadable > MOST_PROBLEMS:
                    break  # Another kind of file, which may have no end.
                for reason in reasons:
                    problems += 1
                    if problems <= PROBLEMS_KEPT:
                        yield Problem.of_line(self.label, reader.line, line, reason)
        if not seen:
            raise SourceError(
                f"no paper can be read in {self.path} ({first}); "
                "give a JSON Lines file of papers with title, arxiv_id and abstract"
            )
        yield Summary((), max(0, problems - PROBLEMS_KEPT))


def _paper(record: dict[str, Any], place: Provenance) -> tuple[Paper, list[str]]:
    """Make a paper of a line; what had to be cut of it comes with it.

    Raises:
        LineError: It does not describe one; says why.
    """
    title, own_id = text_in(record, "title"), text_in(record, "id")
    if not title:
        raise LineError("title is empty")
    arxiv_id = parse_arxiv_id(text_in(record, "arxiv_id") or own_id)
    identity = arxiv_id or own_id or slug(title)
    if not identity:
        raise LineError("title has no letter or digit, and there is no id")
    category, categories = text_in(record, "category"), texts_in(record, "categories")
    metadata, cut = bounded_metadata(
        _metadata(record, identity, title, () if category else categories)
    )
    reasons = list(cut)
    name = text_in(record, "short_name") or name_in_title(title) or metadata.title
    asked_later = arxiv_id is not None and not metadata.abstract
    headings = dict.fromkeys((category, *categories)) if category else categories[:1]
    paper = Paper(
        id=shortened(identity, LONGEST_TITLE, "id", reasons),
        short_name=shortened(name, LONGEST_TITLE, "name", reasons),
        title=metadata.title,
        categories=tuple(headings) or (place.source,),
        released=_released(record, metadata, arxiv_id),
        arxiv_id=arxiv_id,
        url=abstract_page(arxiv_id) if arxiv_id else _address(record),
        generative=record.get("generative") is True,
        description=shortened(
            text_in(record, "description"), LONGEST_ABSTRACT, "description", reasons
        ),
        provenance=(place,),
        metadata=None if asked_later else metadata,
    )
    return paper, reasons


def _metadata(
    record: dict[str, Any], identity: str, title: str, classes: tuple[str, ...]
) -> ArxivMetadata:
    abstract, comment = text_in(record, "abstract"), text_in(record, "comment")
    return ArxivMetadata(
        arxiv_id=identity,
        title=title,
        abstract=abstract,
        authors=texts_in(record, "authors"),
        published=day_in(record, "published"),
        updated=day_in(record, "updated"),
        categories=classes,
        comment=comment or None,
        doi=text_in(record, "doi") or None,
        withdrawn=record.get("withdrawn") is True or says_withdrawn(comment, abstract),
    )


def _released(record: dict[str, Any], metadata: ArxivMetadata, arxiv_id: str | None) -> str | None:
    """Return the month that is given, or that of the first version, or that of the id."""
    if month := text_in(record, "released"):
        try:
            return check_month(month)
        except FilterError as error:
            raise LineError(f"released is not a month like 2025-03: {month!r}") from error
    if metadata.published:
        return metadata.published[:7]
    return month_of_id(arxiv_id) if arxiv_id else None


def _address(record: dict[str, Any]) -> str | None:
    url = text_in(record, "url")
    if url and not is_web_address(url):
        raise LineError(f"url is not a web address: {url!r}")
    return url or None
