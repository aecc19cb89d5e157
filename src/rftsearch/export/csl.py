"""Write CSL-JSON 1.0.2, as Pandoc reads it; `rftsearch.sources.libraries` reads it back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rftsearch.export.citation import Citation, own_words, readable
from rftsearch.papers.about import NOTHING_KNOWN, ListAbout
from rftsearch.papers.paper import Paper
from rftsearch.text.author_names import Name

__all__ = ["write"]


def write(papers: Sequence[Paper], about: ListAbout = NOTHING_KNOWN) -> str:
    """Write an array of items, each value on its own line."""
    items = [_item(paper, about) for paper in papers]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


_TYPES = {"journal": "article-journal", "conference": "paper-conference", None: "article"}


def _item(paper: Paper, about: ListAbout) -> dict[str, Any]:
    citation = Citation.of(paper)
    is_preprint = bool(citation.arxiv_id) and not citation.venue
    number = f"arXiv:{citation.arxiv_id}"
    item = {
        "id": citation.key,
        "type": "software" if citation.kind == "project" else _TYPES[citation.venue_kind],
        "title": readable(citation.title),
        "title-short": readable(citation.short_name),
        "author": [_name(author) for author in citation.authors],
        "container-title": citation.venue,
        "issued": {"date-parts": [citation.date.parts]} if citation.date else None,
        "publisher": "arXiv" if is_preprint else None,
        "number": number if is_preprint else None,
        "archive": "arXiv" if citation.arxiv_id and not is_preprint else None,
        "archive_location": number if citation.arxiv_id and not is_preprint else None,
        "DOI": citation.doi,
        "URL": citation.url,
        "keyword": _joined(citation.keywords),
        "abstract": citation.abstract,
        "note": "Withdrawn" if citation.withdrawn else None,
        "custom": _custom(citation, about),
    }
    return {name: value for name, value in item.items() if value}


def _joined(keywords: Sequence[str]) -> str:
    """Return keywords as one text; commas between them if none has a comma itself."""
    if any("," in keyword for keyword in keywords):
        return "; ".join(keywords) + ";" * (len(keywords) == 1)
    return ", ".join(keywords)


def _custom(citation: Citation, about: ListAbout) -> dict[str, Any]:
    """Return what CSL has no variable for: `custom` is the place for that."""
    inner = any(";" in keyword for keyword in citation.keywords)
    own = {
        "id": citation.own_id,
        "subject": citation.subject_class if citation.arxiv_id else None,
        "links": [asdict(link) for link in citation.links],
        "remark": citation.remark,
        **own_words(about),
        "keywords": list(citation.keywords) if inner or citation.own_keywords else None,
        "predicted": list(citation.predicted),
    }
    known = {name: value for name, value in own.items() if value}
    return {"rftsearch": known} if known else {}


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
