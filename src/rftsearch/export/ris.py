"""RIS, as reference managers import it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rftsearch.export.citation import Citation, one_line, readable
from rftsearch.papers.paper import Paper

__all__ = ["write"]


def write(papers: Sequence[Paper]) -> str:
    """One record for each paper; every field on one line, lines ended by CR LF."""
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(paper)) + "ER  - \r\n\r\n"
        for paper in papers
    )


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    work = Citation.of(paper)
    # An unpublished work is what EndNote and Zotero take a preprint for.
    yield "TY", "COMP" if work.kind == "project" else "UNPB"
    yield "ID", work.key
    yield "TI", readable(work.title)
    for author in work.authors:
        yield "AU", author.inverted
    if work.date:
        yield "PY", f"{work.date.year:04}"
        year, month, day = (*work.date.parts, None, None)[:3]
        yield "DA", f"{year:04}/{_two(month)}/{_two(day)}"
    if work.arxiv_id:
        yield "PB", "arXiv"
        yield "AN", f"arXiv:{work.arxiv_id}"
    if work.doi:
        yield "DO", work.doi
    if work.url:
        yield "UR", work.url
    for category in paper.categories:
        yield "KW", one_line(category)
    if abstract := readable(paper.abstract or paper.description):
        yield "AB", abstract
    if work.withdrawn:
        yield "N1", "Withdrawn"


def _two(number: int | None) -> str:
    return "" if number is None else f"{number:02}"
