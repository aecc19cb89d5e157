"""Tables for notebooks: results as escaped HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from rftsearch.text.addresses import is_web_address
from rftsearch.text.latex import latex_to_text

if TYPE_CHECKING:
    from rftsearch.papers.results import Hit

__all__ = ["results_table"]

_COLUMNS = ("", "Paper", "Title", "Categories", "Released", "Score")


def results_table(hits: Sequence[Hit], notes: Sequence[str]) -> str:
    """Return a table of hits with the notes below it; everything in it is escaped."""
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    rows = "".join(_row(rank, hit) for rank, hit in enumerate(hits, start=1))
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{below}"


def _row(rank: int, hit: Hit) -> str:
    """Return a row of the table for notebooks."""
    paper = hit.paper
    title = escape(latex_to_text(paper.title))
    if paper.url and is_web_address(paper.url):  # Never `javascript:` and the like.
        title = f'<a href="{escape(paper.url)}" rel="noopener">{title}</a>'
    cells = (
        str(rank),
        escape(latex_to_text(paper.short_name)),
        title,
        escape(", ".join(paper.categories)),
        escape(paper.released or ""),
        f"{hit.score:.2f}",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
