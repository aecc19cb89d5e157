"""Write CSL-JSON 1.0.2, which citation processors such as Pandoc's read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rftsearch.export.citation import Citation, one_line, readable
from rftsearch.papers.paper import Paper
from rftsearch.text.author_names import Name

__all__ = ["write"]


def write(papers: Sequence[Paper]) -> str:
    """Write an array of items, each value on its own line."""
    return json.dumps([_item(paper) for paper in papers], ensure_ascii=False, indent=2) + "\n"


def _item(paper: Paper) -> dict[str, Any]:
    citation = Citation.of(paper)
    item = {
        "id": citation.key,
        "type": "software" if citation.kind == "project" else "article",
        "title": readable(citation.title),
        "title-short": readable(citation.short_name),
        "author": [_name(author) for author in citation.authors],
        "issued": {"date-parts": [citation.date.parts]} if citation.date else None,
        "publisher": "arXiv" if citation.arxiv_id else None,
        "number": f"arXiv:{citation.arxiv_id}" if citation.arxiv_id else None,
        "DOI": citation.doi,
        "URL": citation.url,
        "keyword": ", ".join(one_line(category) for category in paper.categories),
        "abstract": readable(paper.abstract or paper.description),
        "note": "Withdrawn" if citation.withdrawn else None,
    }
    return {name: value for name, value in item.items() if value}


def _name(author: Name) -> dict[str, str]:
    if author.literal:
        return {"literal": author.family}
    parts = {
        "family": author.family,
        "given": author.given,
        "non-dropping-particle": author.particle,
        "suffix": author.suffix,
    }
    return {name: value for name, value in parts.items() if value}
