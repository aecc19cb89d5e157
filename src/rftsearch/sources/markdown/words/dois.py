"""DOIs in addresses and in text."""

from __future__ import annotations

import re
from urllib.parse import unquote

__all__ = ["doi_in"]

_DOI = re.compile(
    r"(?:doi\.org/|/doi/(?:abs/|full/|pdf/|epdf/|pdfdirect/)?|^doi:\s*|\bdoi[:=]\s*"
    r"|link\.springer\.com/(?:article|chapter|book|content/pdf)/)"
    r"(?P<doi>10\.\d{4,9}/[^\s?#\"<>\]]+)",
    re.IGNORECASE,
)


def doi_in(text: str) -> str | None:
    """Return the DOI that an address or a text holds; None without one, or for one of arXiv's.

    >>> doi_in("https://doi.org/10.1000/example.7")
    '10.1000/example.7'
    """
    found = _DOI.search(unquote(text))
    if found is None or found["doi"].lower().startswith("10.48550/"):
        return None
    doi = found["doi"].rstrip(".,;:'*_")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:")
    return re.sub(r"\.(?:pdf|html?)$", "", doi)
