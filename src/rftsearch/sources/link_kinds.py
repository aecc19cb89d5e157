"""What a link leads to, by the words of its label: code, a model, data."""

from __future__ import annotations

import re

from rftsearch.papers.paper import LINK_KINDS

__all__ = ["kind_of_label", "kind_of_link"]

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


_HOSTS = (
    (re.compile(r"huggingface\.co/(?:datasets|collections)/"), "dataset"),
    (re.compile(r"huggingface\.co/spaces/|colab\.|youtube\.com/|youtu\.be/|bilibili\."), "demo"),
    (re.compile(r"huggingface\.co/[\w.-]+/|modelscope\.c"), "model"),
    (re.compile(r"(?:github|gitlab|bitbucket)\.(?:com|org)/[\w.-]+/|gitee\.com/"), "code"),
    (re.compile(r"\.github\.io|sites\.google\.com"), "project"),
    (re.compile(r"medium\.com|(?:^|//)blog\.|/blog/|zhihu\.com"), "blog"),
)


def kind_of_link(label: str, url: str) -> str | None:
    """Return the kind of a link by its label, else by where it leads; None if neither says it.

    >>> kind_of_link("here", "https://github.com/none/lantern")
    'code'
    """
    kind = kind_of_label(label)
    if kind:
        return kind
    return next((kind for host, kind in _HOSTS if host.search(url)), None)
