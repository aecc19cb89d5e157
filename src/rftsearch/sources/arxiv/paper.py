"""Make a record of a paper that is on no list, from what arXiv says about it."""

from __future__ import annotations

from rftsearch.papers.arxiv_id import abstract_page, month_of_id
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import ArxivMetadata, Paper

__all__ = ["arxiv_paper"]


def arxiv_paper(metadata: ArxivMetadata) -> Paper:
    """Make a record from arXiv's metadata alone.

    Its category is arXiv's primary one. It is released in the month of its first
    version or, if that is not known, of its id.
    """
    return Paper(
        id=metadata.arxiv_id,
        short_name=name_in_title(metadata.title) or metadata.title,
        title=metadata.title,
        categories=metadata.categories[:1] or ("arXiv",),
        released=metadata.published[:7] if metadata.published else month_of_id(metadata.arxiv_id),
        arxiv_id=metadata.arxiv_id,
        url=abstract_page(metadata.arxiv_id),
        metadata=metadata,
    )
