"""The rule that an entry has the links that the abstract names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rftsearch.living.check.findings import Finding
from rftsearch.living.check.subject import Subject
from rftsearch.papers.paper import Paper
from rftsearch.sources.link_kinds import kind_of_link

__all__ = ["missing_links"]

_ADDRESS = re.compile(
    r"(?:https?://|(?<![\w./])(?:www\.)?(?=(?:github\.com|huggingface\.co)/))"
    r"[^\s{}<>()\[\]\"'|\\^]+[^\s{}<>()\[\]\"'|\\^.,;:!?]",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"\b(?:codes?|codebase|source|implementations?|repo(?:sitory)?|projects?|(?:web)?page|"
    r"(?:web)?site|homepage|demos?|datasets?|data|models?|weights|checkpoints?|benchmarks?|"
    r"open[- ]sourced?|releas\w+|available|accessible|provided|published|shared)\b",
    re.IGNORECASE,
)
_BEFORE = 110
"""Characters before an address in which its sentence says that the authors offer it."""
_KINDS = ("code", "dataset", "model", "project", "demo")
_HABIT = 0.2
"""The share of entries that must have links of a kind, before one that lacks it is named."""


def missing_links(subject: Subject) -> Iterator[Finding]:
    """Name links in abstracts ("code at ...") that their entries lack.

    A list that seldom has links of a kind does not want them.
    """
    having = Counter(kind for _, paper in subject.papers for kind in _kinds(paper))
    enough = _HABIT * len(subject.papers)
    for entry, paper in subject.papers:
        known = subject.metadata.get(paper.arxiv_id or "")
        if known is None:
            continue
        own = {_same(link.url) for link in subject.links[entry.first]}
        for url, kind in _offered(known.abstract):
            if having[kind] < enough or _same(url) in own or _is_served(paper, kind):
                continue
            yield subject.at_entry(
                "missing-link",
                entry,
                f"The abstract names {url}, but the entry has no {kind} link.",
            )
            break


def _kinds(paper: Paper) -> set[str]:
    return {link.kind for link in paper.links}


def _is_served(paper: Paper, kind: str) -> bool:
    """Return whether an entry has a link that serves as well as one of a kind."""
    if kind in {"project", "demo"}:  # A repository shows as much.
        return bool(_kinds(paper) & {"project", "demo", "code"})
    return paper.has(kind)


def _offered(abstract: str) -> Iterator[tuple[str, str]]:
    """Yield the addresses that an abstract offers, with their kinds."""
    for found in _ADDRESS.finditer(abstract):
        before = abstract[max(0, found.start() - _BEFORE) : found.start()]
        kind = kind_of_link("", found[0])
        if kind in _KINDS and _OFFERS.search(before.rpartition(". ")[2]):
            yield found[0], kind


def _same(url: str) -> str:
    """Return what two addresses of one place share; of a repository, owner and name."""
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", url.lower()).rstrip("/")
    if repository := re.match(r"github\.com/[\w.-]+/[\w.-]+", bare):
        return repository[0].removesuffix(".git")
    return re.sub(r"[?#].*|/index\.html?$", "", bare)
