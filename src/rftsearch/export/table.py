"""CSV, one row a paper, safe to open in a spreadsheet.

Two things go wrong with tables that spreadsheets open. A cell that begins with a
sign such as `=` is run as a formula; and a cell that looks like a number is one:
`2503.10000` loses its zeros. So an arXiv id is written as `arXiv:2503.10000` and a
month as two columns. A cell that begins with such a sign is led by an apostrophe,
and so is one that begins with an apostrophe: a reader that takes one leading
apostrophe away has every value as it was (`unguarded`). A byte order mark leads the
file: without it Excel reads UTF-8 as the encoding of the country.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rftsearch.export.citation import Citation, one_line, readable
from rftsearch.papers.paper import LINK_KINDS, Paper

__all__ = ["BYTE_ORDER_MARK", "COLUMNS", "guarded", "unguarded", "write"]

_FACTS = ("key", "short_name", "title", "authors", "year", "month", "kind", "categories")
_MORE = ("generative", "arxiv", "doi", "url")
COLUMNS = (*_FACTS, *_MORE, *LINK_KINDS, "remark", "abstract")
"""Lists in a cell are joined by `; `, addresses by blanks."""

BYTE_ORDER_MARK = "\ufeff"

_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")  # noqa: RUF001 - Excel takes the wide forms too


def write(papers: Sequence[Paper]) -> str:
    """Write a header and a row for each paper, as RFC 4180 has it, lines ended by CR LF."""
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([guarded(_row(paper)[column]) for column in COLUMNS] for paper in papers)
    return text.getvalue()


def guarded(value: str) -> str:
    """A value as a cell that no spreadsheet runs as a formula."""
    return f"'{value}" if value.startswith(_SIGNS) else value


def unguarded(cell: str) -> str:
    """The value of a cell of such a table."""
    return cell.removeprefix("'")


def _row(paper: Paper) -> dict[str, str]:
    work = Citation.of(paper)
    year, month, _ = (*(work.date.parts if work.date else ()), "", "", "")[:3]
    links = {
        kind: " ".join(one_line(link.url) for link in paper.links if link.kind == kind)
        for kind in LINK_KINDS
    }
    return {
        "key": work.key,
        "short_name": readable(work.short_name),
        "title": readable(work.title),
        "authors": "; ".join(author.display for author in work.authors),
        "year": str(year),
        "month": str(month),
        "kind": work.kind,
        "categories": "; ".join(one_line(category) for category in paper.categories),
        "generative": "yes" if paper.generative else "no",
        "arxiv": f"arXiv:{work.arxiv_id}" if work.arxiv_id else "",
        "doi": work.doi or "",
        "url": work.url or "",
        **links,
        "remark": one_line(paper.description),
        "abstract": readable(paper.abstract),
    }
