"""Where candidates come from: arXiv, or a file of papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rftsearch.errors import FetchError, SourceError
from rftsearch.papers.paper import Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.arxiv.paper import arxiv_paper
from rftsearch.sources.arxiv.snapshot import Snapshot
from rftsearch.sources.base import Problem
from rftsearch.sources.jsonl import LineError, LineReader, load_object
from rftsearch.sources.records_file import RecordsFile
from rftsearch.text.dates import may_lie_within
from rftsearch.text.plural import plural
from rftsearch.text.terms import fold_name
from rftsearch.types import Progress

__all__ = ["Asked", "Known", "Pool", "classes_of", "fetch_pool", "read_pool"]

_SHARE = 0.05
"""A class is asked for if this share of the listed papers has it as their first."""
_MOST_CLASSES = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """Which papers are wanted."""

    classes: tuple[str, ...]
    """arXiv's classes; none if a file is read whole."""
    since: str
    """The first day, `2025-03-01`."""
    until: str
    """The last day."""
    most: int = 5_000
    """How many at most, the newest."""


@dataclass(frozen=True)
class Pool:
    """The papers that came."""

    papers: Sequence[Paper]
    """Newest first."""
    notes: tuple[str, ...] = ()
    """What is missing, and why."""


class Known:
    """Papers that are no news: by id, DOI and title."""

    def __init__(self, papers: Iterable[Paper], ids: Iterable[str] = ()) -> None:
        """Remember papers, and ids of others."""
        self._ids, self._titles = set(ids), set[str]()
        for paper in papers:
            self._ids |= _ids_of(paper)
            self._titles |= {fold_name(paper.title), fold_name(paper.listed_title or paper.title)}

    def __contains__(self, paper: Paper) -> bool:
        """Return whether a paper is known."""
        title = fold_name(paper.title)
        return bool(self._ids & _ids_of(paper)) or (bool(title) and title in self._titles)


def classes_of(papers: Iterable[Paper]) -> tuple[str, ...]:
    """Return the arXiv classes that a list lives in, the most frequent first."""
    counts = Counter(
        paper.metadata.categories[0]
        for paper in papers
        if paper.metadata and paper.metadata.categories
    )
    least = _SHARE * counts.total()
    return tuple(name for name, count in counts.most_common(_MOST_CLASSES) if count >= least)


def fetch_pool(client: ArxivClient, asked: Asked, progress: Progress) -> Pool:
    """Ask arXiv for papers.

    Raises:
        FetchError: arXiv did not answer at all.
        FilterError: A class cannot be one.
    """
    found = client.recent(
        asked.classes, asked.since, asked.until, most=asked.most, progress=progress
    )
    if found.error and found.total is None:
        raise FetchError(
            f"arXiv was not reached: {found.error}; try again later, or name a file with --snapshot"
        )
    papers = [arxiv_paper(one) for one in found.papers if not one.withdrawn]
    notes = []
    if found.error:
        missing = f"; {plural(found.missing, 'paper is', 'papers are')} missing"
        notes.append(f"arXiv: {found.error}{missing if found.missing else ''}")
    if withdrawn := len(found.papers) - len(papers):
        notes.append(f"{plural(withdrawn, 'withdrawn paper is', 'withdrawn papers are')} left out")
    return Pool(papers, tuple(notes))


def read_pool(path: Path, asked: Asked, progress: Progress) -> Pool:
    """Read papers from arXiv's snapshot, or from a JSON Lines file of papers.

    In the latter, papers without classes or days are taken whatever was asked for.

    Raises:
        SourceError: The file cannot be read.
        FilterError: A class or a day that cannot be one.
    """
    papers, problems = [], 0
    for one in _read(path, asked, progress):
        if isinstance(one, Problem):
            problems += 1
        elif _wanted(one, asked):
            papers.append(one)
    papers.sort(key=lambda paper: (_day(paper) or "", paper.id), reverse=True)
    notes = []
    if problems:
        notes.append(f"{plural(problems, 'line', 'lines')} of {path.name} cannot be read")
    if len(papers) > asked.most:
        notes.append(f"only the newest {asked.most:,} of {len(papers):,} papers are ranked")
    return Pool(papers[: asked.most], tuple(notes))


def _read(path: Path, asked: Asked, progress: Progress) -> Iterator[Paper | Problem]:
    snapshot = _is_snapshot(path)
    source = Snapshot(path, asked.classes, asked.since) if snapshot else RecordsFile(path)
    for one in source.read(progress):
        if isinstance(one, Paper | Problem):
            yield one


def _is_snapshot(path: Path) -> bool:
    """Return whether the first line of a file has the fields of arXiv's snapshot."""
    with LineReader(path) as reader:
        for line in reader:
            if line.strip():
                try:
                    record = load_object(line)
                except LineError as error:
                    raise SourceError(
                        f"{path} is not a file of papers ({error}); give JSON Lines"
                    ) from error
                return isinstance(record.get("categories"), str) or "versions" in record
    return False


def _wanted(paper: Paper, asked: Asked) -> bool:
    day, own = _day(paper), paper.metadata.categories if paper.metadata else ()
    if not paper.abstract or (paper.metadata and paper.metadata.withdrawn):
        return False
    if day and not may_lie_within(day, asked.since, asked.until):
        return False
    return not own or not asked.classes or any(name in asked.classes for name in own)


def _day(paper: Paper) -> str | None:
    """Return the day or month of a paper."""
    return (paper.metadata.published if paper.metadata else None) or paper.released


def _ids_of(paper: Paper) -> set[str]:
    doi = paper.doi or (paper.metadata.doi if paper.metadata else None)
    return {paper.id, *filter(None, (paper.arxiv_id, doi and doi.casefold()))}
