"""What Zotero's button and other reference managers read of a paper on the page.

COinS puts an OpenURL (ANSI/NISO Z39.88) into the title of an empty `span` of class `Z3988`.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from rftsearch.export.citation import Citation
from rftsearch.papers.paper import Paper
from rftsearch.text.latex import latex_to_text

__all__ = ["coins"]


def coins(paper: Paper) -> str:
    """Return a paper as a context object of OpenURL."""
    return urlencode(list(_fields(Citation.of(paper))))


def _fields(cited: Citation) -> Iterator[tuple[str, str]]:
    yield "ctx_ver", "Z39.88-2004"
    yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"
    conference = cited.venue_kind == "conference"
    genre = "proceeding" if conference else "article" if cited.venue else "preprint"
    yield "rft.genre", genre
    yield "rft.atitle", latex_to_text(cited.title)
    journal = cited.venue or ("arXiv" if cited.arxiv_id else "")
    if journal:
        yield "rft.jtitle", journal
    for person in cited.authors:
        family = " ".join(filter(None, (person.particle, person.family)))
        given = ", ".join(filter(None, (person.given, person.suffix)))
        yield "rft.au", ", ".join(filter(None, (family, given)))
    if cited.date:
        yield "rft.date", "-".join(f"{part:02d}" for part in cited.date.parts)
    if cited.doi:
        yield "rft_id", f"info:doi/{cited.doi}"
    if cited.url:
        yield "rft_id", cited.url
