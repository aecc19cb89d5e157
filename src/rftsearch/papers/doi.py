"""Read DOIs in every form in which people write them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from rftsearch.papers.arxiv_id import parse_arxiv_id

__all__ = ["arxiv_id_of_doi", "doi_page", "normal_doi"]

_LONGEST = 1_000
"""Characters of a text that are looked at; the longest known DOIs have about 240."""
_PREFIX = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/+|(?:info:)?doi\s*[:/]?\s*|https?://[^/]+/doi/"
    r"(?:(?:abs|full|pdf|epdf|book|10)/)?)+",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_ARXIV = "10.48550/arxiv."


def normal_doi(text: str | None) -> str | None:
    """Return a DOI in one form, so that equal DOIs are equal texts.

    >>> normal_doi("https://doi.org/10.1000/Example.12")
    '10.1000/example.12'

    Args:
        text: A DOI with or without an address or `doi:` before it, in any case.

    Returns:
        The DOI in small letters without what stands before it; None if the text is no DOI.
    """
    found = (text or "").strip()[:_LONGEST]
    if "%" in found:
        found = unquote(found)
    if prefix := _PREFIX.match(found):
        found = found[prefix.end() :]
    found = found.rstrip(".,;").casefold()
    return found if _DOI.fullmatch(found) else None


def arxiv_id_of_doi(doi: str | None) -> str | None:
    """Return the arXiv id that stands in a DOI of arXiv, `10.48550/arXiv.2503.01234`."""
    found = normal_doi(doi)
    return parse_arxiv_id(found) if found and found.startswith(_ARXIV) else None


def doi_page(doi: str) -> str:
    """Return the address under which a DOI leads to its paper."""
    return f"https://doi.org/{doi}"
