"""How much of a text is kept: what comes from outside may be of any length.

Each bound lies far above what real papers have. What is longer is cut, and a problem
names it.
"""

from __future__ import annotations

from dataclasses import replace

from rftsearch.papers.paper import ArxivMetadata, Paper

__all__ = [
    "LONGEST_ABSTRACT",
    "LONGEST_ENTRY",
    "LONGEST_FILE",
    "LONGEST_TITLE",
    "MOST_AUTHORS",
    "bounded_metadata",
    "bounded_paper",
    "shortened",
]

LONGEST_FILE = 16 << 20
"""Bytes of a Markdown list; the longest known ones have two million."""
LONGEST_ENTRY = 10_000
"""Characters of one entry of a list, or of another paragraph. Some signs take time that grows
with the square of this."""
LONGEST_TITLE = 1_000
"""Characters of a title, a name, a remark, a comment; arXiv's longest titles have about 250."""
LONGEST_ABSTRACT = 20_000
"""Characters of an abstract; arXiv takes at most 1,920."""
MOST_AUTHORS = 10_000
"""Authors of a paper; the largest collaborations have some 5,000."""


def shortened(text: str, limit: int, name: str, reasons: list[str]) -> str:
    """Return a text, cut after `limit` characters; that is added to the reasons."""
    if len(text) <= limit:
        return text
    reasons.append(f"its {name} is longer than {limit:,} characters; the rest is left out")
    return text[:limit].rstrip()


def bounded_metadata(metadata: ArxivMetadata) -> tuple[ArxivMetadata, tuple[str, ...]]:
    """Cut what is too long in what is said of a paper.

    Returns:
        The metadata, and what was cut, one sentence each; mostly nothing.
    """
    reasons: list[str] = []
    title = shortened(metadata.title, LONGEST_TITLE, "title", reasons)
    abstract = shortened(metadata.abstract, LONGEST_ABSTRACT, "abstract", reasons)
    comment = shortened(metadata.comment or "", LONGEST_ABSTRACT, "comment", reasons)
    doi = shortened(metadata.doi or "", LONGEST_TITLE, "DOI", reasons)
    authors = metadata.authors[:MOST_AUTHORS]
    if len(metadata.authors) > MOST_AUTHORS:
        reasons.append(f"it has more than {MOST_AUTHORS:,} authors; the rest is left out")
    if any(len(name) > LONGEST_TITLE for name in authors):
        authors = tuple(shortened(name, LONGEST_TITLE, "author", reasons) for name in authors)
    if not reasons:  # Nearly always; a record is not made twice for nothing.
        return metadata, ()
    cut = replace(
        metadata,
        title=title,
        abstract=abstract,
        comment=comment or None,
        doi=doi or None,
        authors=authors,
        split_authors=metadata.split_authors if authors == metadata.authors else (),
    )
    return cut, tuple(dict.fromkeys(reasons))


def bounded_paper(paper: Paper) -> tuple[Paper, tuple[str, ...]]:
    """Cut what is too long in a record that a program gives.

    Returns:
        The record, and what was cut, one sentence each; mostly nothing.
    """
    reasons: list[str] = []
    short_name = shortened(paper.short_name, LONGEST_TITLE, "name", reasons)
    title = shortened(paper.title, LONGEST_TITLE, "title", reasons)
    description = shortened(paper.description, LONGEST_TITLE, "remark", reasons)
    metadata = paper.metadata
    if metadata is not None:
        metadata, of_metadata = bounded_metadata(metadata)
        reasons += of_metadata
    if not reasons:
        return paper, ()
    bounded = replace(
        paper, short_name=short_name, title=title, description=description, metadata=metadata
    )
    return bounded, tuple(dict.fromkeys(reasons))
