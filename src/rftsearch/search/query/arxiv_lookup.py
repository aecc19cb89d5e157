"""Papers that the index lacks: fetched from arXiv one at a time, and remembered."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rftsearch.papers.paper import Paper
from rftsearch.search.query.resolve import fetch_paper

if TYPE_CHECKING:
    from rftsearch.sources.arxiv.api import ArxivClient

__all__ = ["ArxivLookup"]

PAPERS_KEPT = 1000
"""How many fetched papers are remembered."""


class ArxivLookup:
    """Fetches papers from arXiv and remembers them; safe from several threads."""

    def __init__(self, client: ArxivClient | None) -> None:
        """Remember nothing yet.

        Args:
            client: How to reach arXiv; None for the public API.
        """
        self._client = client
        self._known: dict[str, Paper] = {}
        self._fetching = threading.Lock()

    def get(self, arxiv_id: str) -> Paper:
        """Return a paper, from memory if it was fetched before. One thread fetches at a time.

        Raises:
            FetchError: arXiv did not answer.
            UnknownPaperError: It has no such paper.
        """
        # Not an lru_cache: a paper that is known must not wait for one that is being fetched.
        known = self._known.get(arxiv_id)
        return known or self._fetch(arxiv_id)

    def _fetch(self, arxiv_id: str) -> Paper:
        with self._fetching:
            paper = self._known.get(arxiv_id)
            if paper is None:
                paper = fetch_paper(arxiv_id, self._client)
                if len(self._known) >= PAPERS_KEPT:
                    self._known = {}  # A new one: another thread may be reading the old one.
                self._known[arxiv_id] = paper
            return paper
