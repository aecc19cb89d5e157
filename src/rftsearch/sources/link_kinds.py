"""What a link leads to, by the words of its label: code, a model, data."""

from __future__ import annotations

import re

from rftsearch.papers.paper import LINK_KINDS

__all__ = ["kind_of_label"]

# The word of a label that names what the link leads to, in the singular.
_KIND_WORDS = {kind: kind for kind in LINK_KINDS} | {
    "arxiv": "paper",
    "checkpoint": "model",
    "data": "dataset",
    "github": "code",
    "homepage": "project",
    "page": "project",
    "pdf": "paper",
    "repo": "code",
    "repository": "code",
    "website": "project",
    "weight": "model",
}


def kind_of_label(label: str) -> str | None:
    """Return the kind of a link by the last word of its label that names one; None if none does.

    >>> kind_of_label("Cold-Start Datasets")
    'dataset'
    """
    for word in reversed(re.findall(r"[a-z]+", label.lower())):
        kind = _KIND_WORDS.get(word) or _KIND_WORDS.get(word.removesuffix("s"))
        if kind:
            return kind
    return None
