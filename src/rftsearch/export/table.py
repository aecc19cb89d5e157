"""Write CSV, one row for each paper, that is safe to open in a spreadsheet.

Spreadsheets run a cell that begins with a sign such as `=` as a formula. Such a cell
gets an apostrophe before it, and so does a cell that begins with an apostrophe: whoever
removes one leading apostrophe has every value as it was (`unguarded`). Spreadsheets
also read a cell that looks like a number as a number: `2503.10000` loses its zeros. So
an arXiv id is written as `arXiv:2503.10000`, and year and month are two columns.

The file begins with a byte order mark: without it Excel does not read UTF-8.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rftsearch.export.citation import Citation, one_line, readable
from rftsearch.papers.about import NOTHING_KNOWN, ListAbout
from rftsearch.papers.paper import LINK_KINDS, Paper

__all__ = ["BYTE_ORDER_MARK", "COLUMNS", "guarded", "unguarded", "write"]

_FACTS = ("key", "short_name", "title", "authors", "year", "month", "kind", "categories")
_MORE = ("generative", "arxiv", "doi", "url")
COLUMNS = (*_FACTS, *_MORE, *LINK_KINDS, "remark", "abstract")
"""In a cell, `; ` joins lists, and blanks join addresses."""
PREDICTED = "predicted"
"""A further column, behind `categories`, where categories were predicted."""

BYTE_ORDER_MARK = "\ufeff"

_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")  # noqa: RUF001 - Excel takes the wide forms too


def write(papers: Sequence[Paper], about: ListAbout = NOTHING_KNOWN) -> str:  # noqa: ARG001 - a table has no place for it
    """Write a header and a row for each paper, as RFC 4180 has it, lines ended by CR LF."""
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    columns = list(COLUMNS)
    if any(paper.predicted for paper in papers):
        columns.insert(columns.index("categories") + 1, PREDICTED)
    writer.writerow(columns)
    writer.writerows([guarded(row[column]) for column in columns] for row in map(_row, papers))
    return text.getvalue()


def guarded(value: str) -> str:
    """Return a value as a cell that no spreadsheet runs as a formula."""
    return f"'{value}" if value.startswith(_SIGNS) else value


def unguarded(cell: str) -> str:
    """Return the value that `guarded` made a cell of."""
    return cell.removeprefix("'")


def _row(paper: Paper) -> dict[str, str]:
    citation = Citation.of(paper)
    year, month, _ = (*(citation.date.parts if citation.date else ()), "", "", "")[:3]
    links = {
        kind: " ".join(one_line(link.url) for link in paper.links if link.kind == kind)
        for kind in LINK_KINDS
    }
    return {
        "key": citation.key,
        "short_name": readable(citation.short_name),
        "title": readable(citation.title),
        "authors": "; ".join(author.display for author in citation.authors),
        "year": str(year),
        "month": str(month),
        "kind": citation.kind,
        "categories": "; ".join(one_line(category) for category in paper.given_categories),
        PREDICTED: "; ".join(citation.predicted),
        "generative": "yes" if paper.generative else "no",
        "arxiv": f"arXiv:{citation.arxiv_id}" if citation.arxiv_id else "",
        "doi": citation.doi or "",
        "url": citation.url or "",
        **links,
        "remark": one_line(paper.description),
        "abstract": readable(paper.abstract),
    }
