"""Write RIS, as reference managers import it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rftsearch.export.citation import Citation, one_line, readable
from rftsearch.papers.paper import Paper

__all__ = ["write"]


def write(papers: Sequence[Paper]) -> str:
    """Write a record for each paper; every field is one line, which ends with CR LF."""
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(paper)) + "ER  - \r\n\r\n"
        for paper in papers
    )


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    citation = Citation.of(paper)
    # EndNote and Zotero take this type, an unpublished work, for a preprint.
    yield "TY", "COMP" if citation.kind == "project" else "UNPB"
    yield "ID", citation.key
    yield "TI", readable(citation.title)
    for author in citation.authors:
        yield "AU", author.inverted
    if citation.date:
        yield "PY", f"{citation.date.year:04}"
        year, month, day = (*citation.date.parts, None, None)[:3]
        yield "DA", f"{year:04}/{_two(month)}/{_two(day)}"
    if citation.arxiv_id:
        yield "PB", "arXiv"
        yield "AN", f"arXiv:{citation.arxiv_id}"
    if citation.doi:
        yield "DO", citation.doi
    if citation.url:
        yield "UR", citation.url
    for category in paper.categories:
        yield "KW", one_line(category)
    if abstract := readable(paper.abstract or paper.description):
        yield "AB", abstract
    if citation.withdrawn:
        yield "N1", "Withdrawn"


def _two(number: int | None) -> str:
    return "" if number is None else f"{number:02}"
