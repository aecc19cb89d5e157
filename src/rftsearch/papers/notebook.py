"""Tables for notebooks: results as escaped HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rftsearch.papers.paper import Paper
from rftsearch.text.addresses import is_web_address
from rftsearch.text.latex import latex_to_text

__all__ = ["results_table"]

_COLUMNS = ("", "Paper", "Title", "Categories", "Released", "Score")


def results_table(scored: Sequence[tuple[Paper, float]], notes: Sequence[str]) -> str:
    """Return a table of papers with their scores, and notes below it; all of it is escaped."""
    head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
    rows = "".join(_row(rank, paper, score) for rank, (paper, score) in enumerate(scored, start=1))
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{below}"


def _row(rank: int, paper: Paper, score: float) -> str:
    """Return a row of the table for notebooks."""
    title = escape(latex_to_text(paper.title))
    if paper.url and is_web_address(paper.url):  # Never `javascript:` and the like.
        title = f'<a href="{escape(paper.url)}" rel="noopener">{title}</a>'
    cells = (
        str(rank),
        escape(latex_to_text(paper.short_name)),
        title,
        escape(", ".join(paper.given_categories)),
        escape(paper.released or ""),
        f"{score:.2f}",
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
