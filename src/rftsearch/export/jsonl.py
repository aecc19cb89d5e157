"""Write JSON Lines that keep everything; `rftsearch.sources.records_file` reads it back.

Each line has the fields of `--json`, and besides what only makes sense to an index: where an
entry stands, what its list and what arXiv say of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rftsearch.export.citation import own_words
from rftsearch.papers.about import NOTHING_KNOWN, ListAbout
from rftsearch.papers.paper import Paper

__all__ = ["write"]


def write(papers: Sequence[Paper], about: ListAbout = NOTHING_KNOWN) -> str:
    """Write one object for each paper, each on a line of its own."""
    of_list = {name: text for name, text in own_words(about).items() if text}
    records = (_record(paper) | of_list for paper in papers)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return lines.encode("utf-8", "ignore").decode()  # Half a surrogate pair cannot be written.


def _record(paper: Paper) -> dict[str, Any]:
    meta = paper.metadata
    record = paper.to_dict()
    del record["abstract_state"]
    record |= {
        "category": paper.category,
        "categories": paper.categories,
        "doi": paper.doi,
        "listed_title": paper.listed_title,
        "listed_authors": paper.listed_authors,
        "listed_parts": paper.listed_parts,
        "unknown_to_arxiv": paper.unknown_to_arxiv,
        "provenance": [asdict(place) for place in paper.provenance],
    }
    if meta is not None:
        record |= {
            "authors": meta.authors,
            "split_authors": meta.split_authors,
            "updated": meta.updated,
            "arxiv_title": meta.title if meta.title != paper.title else None,
            "arxiv_categories": meta.categories,
            "arxiv_doi": meta.doi,
            "comment": meta.comment,
            "metadata_id": meta.arxiv_id if meta.arxiv_id != paper.id else None,
        }
    known = {name: value for name, value in record.items() if value}
    # Without it a line of few fields would mean something else: see the reader.
    return known | {"has_metadata": meta is not None}
