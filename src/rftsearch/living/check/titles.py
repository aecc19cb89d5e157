"""Rules that compare an entry with arXiv: renamed, a wrong link, withdrawn, unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from rftsearch.living.check.findings import Finding
from rftsearch.living.check.subject import Subject, title_key
from rftsearch.papers.paper import ArxivMetadata, Paper

__all__ = ["compare_titles", "unknown_id", "withdrawn"]

_SAME_WORK = 0.45
"""The share of a title's meaning that title and abstract on arXiv must have. Of 51 renamed
papers of real lists all had 0.55 or more; of wrong pairs within one section 87% had less than
0.45."""
_SIMILAR = 70
"""Similarity of titles, of 100, from which they are of one paper whatever the abstract says."""
_LATIN = re.compile(r"[a-z]")


def compare_titles(subject: Subject) -> Iterator[Finding]:
    """Name entries whose title is not the one on arXiv; tell renamed papers from wrong links.

    Who renames a paper keeps its subject: title and abstract still have the rare words of
    the old title. A wrong link leads to a paper about something else.
    """
    for entry, paper in subject.papers:
        known = subject.metadata.get(paper.arxiv_id or "")
        if known is None or not known.title or paper.title.startswith("arXiv:"):
            continue
        listed, own = title_key(paper.title), title_key(known.title)
        if _one_title(listed, own, paper):
            continue
        if _other_work(subject, paper, known, fuzz.token_set_ratio(listed, own)):
            yield subject.at_entry(
                "wrong-link",
                entry,
                f'arXiv {paper.arxiv_id} is "{known.title}", which seems to be another paper.',
            )
        else:
            yield subject.at_entry(
                "renamed", entry, f'On arXiv the title of {paper.arxiv_id} is "{known.title}".'
            )


def _one_title(listed: str, own: str, paper: Paper) -> bool:
    """Return whether two titles are one, but for a short name before it and for spaces."""
    one, other = listed.replace(" ", ""), own.replace(" ", "")
    if one == other:
        return True
    name = title_key(paper.short_name).replace(" ", "")
    return bool(name) and name + min(one, other, key=len) == max(one, other, key=len)


def _other_work(subject: Subject, paper: Paper, known: ArxivMetadata, similar: float) -> bool:
    """Return whether what arXiv has is about something else than the title."""
    if similar >= _SIMILAR or not _LATIN.search(paper.title.lower()):
        return False
    text = f"{known.title} {known.abstract}"
    name = title_key(paper.short_name)
    if len(name) > 3 and name != title_key(paper.title) and name in title_key(text):
        return False
    return bool(known.abstract) and subject.shared_meaning(paper.title, text) < _SAME_WORK


def withdrawn(subject: Subject) -> Iterator[Finding]:
    """Name papers that were withdrawn."""
    for entry, paper in subject.papers:
        known = subject.metadata.get(paper.arxiv_id or "")
        if known is not None and known.withdrawn:
            yield subject.at_entry(
                "withdrawn", entry, f"{paper.arxiv_id} was withdrawn from arXiv."
            )


def unknown_id(subject: Subject) -> Iterator[Finding]:
    """Name ids that arXiv does not have."""
    for entry, paper in subject.papers:
        if paper.arxiv_id in subject.unknown:
            yield subject.at_entry(
                "unknown-id", entry, f"arXiv has no paper {paper.arxiv_id}; check the digits."
            )
