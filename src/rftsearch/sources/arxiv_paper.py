"""What arXiv says of a paper as a record of its own: for papers that are on no list."""

from __future__ import annotations

import re

from rftsearch.records import ArxivMetadata, Paper

__all__ = ["arxiv_paper", "month_of_id", "name_in_title"]

# A title often begins with the name it introduces: "VLM-R1: A Stable ...".
_NAME_IN_TITLE = re.compile(r"([^:]{2,40}):\s")
_WORDS_OF_A_NAME = 3


def arxiv_paper(metadata: ArxivMetadata) -> Paper:
    """Make a record of what arXiv says alone.

    Its category is arXiv's primary one. It is released in the month of its first
    version, or where that is not known, of its id.
    """
    return Paper(
        id=metadata.arxiv_id,
        short_name=name_in_title(metadata.title) or metadata.title,
        title=metadata.title,
        categories=metadata.categories[:1] or ("arXiv",),
        released=metadata.published[:7] if metadata.published else month_of_id(metadata.arxiv_id),
        arxiv_id=metadata.arxiv_id,
        url=f"https://arxiv.org/abs/{metadata.arxiv_id}",
        metadata=metadata,
    )


def name_in_title(title: str) -> str | None:
    """The name with which a title begins, of up to three words; None where there is none."""
    match = _NAME_IN_TITLE.match(title)
    return match[1] if match and len(match[1].split()) <= _WORDS_OF_A_NAME else None


def month_of_id(arxiv_id: str) -> str:
    """The month in which arXiv gave out an id: `2025-03` of `2503.13377`.

    Args:
        arxiv_id: As `parse_arxiv_id` writes it; `cs/0501001` is of `2005-01`.
    """
    _, slash, number = arxiv_id.rpartition("/")
    # Only ids with an archive are older than April 2007.
    century = "19" if slash and number[:2] > "90" else "20"
    return f"{century}{number[:2]}-{number[2:4]}"
