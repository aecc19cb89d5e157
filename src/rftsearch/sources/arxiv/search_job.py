"""The papers of some arXiv classes that appeared since a day, page after page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rftsearch.errors import FilterError
from rftsearch.papers.paper import ArxivMetadata
from rftsearch.sources.arxiv.transport import AnswerError
from rftsearch.types import Progress

__all__ = ["PAGE", "Recent", "SearchJob", "recent_query"]

_CLASS = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]+(?:-[a-z]+)?)?")

PAGE = 200
"""Papers in one request: arXiv recommends short pages, and answers long ones late."""
_ROUNDS = 3
"""How often all pages are read if papers are missing."""


@dataclass(frozen=True)
class Recent:
    """What came of asking arXiv for new papers."""

    papers: tuple[ArxivMetadata, ...] = ()
    """Newest first."""
    total: int | None = None
    """How many arXiv has; None if it never answered."""
    error: str | None = None
    """Why it stopped before the last of them, in one line; None if it did not."""

    @property
    def missing(self) -> int:
        """Return how many papers arXiv has that did not come, as far as is known."""
        return max(0, (self.total or 0) - len(self.papers))


class SearchJob:
    """Which page is to be asked for next, and what came so far.

    arXiv now and then answers with no papers, or with fewer than there are, and then counts
    fewer too. So the largest count holds, one look is taken beyond the last page, and if
    papers are missing in the end, all pages are read again.

    Attributes:
        start: Where the next page begins.
        total: How many papers there are; None as long as that is not known.
        looks: Good answers so far: with each of them a search gets on.
    """

    def __init__(self, most: int, progress: Progress) -> None:
        """Begin with the first page; see `ArxivClient.recent` for the arguments."""
        self._most = most
        self._progress = progress
        self._found: dict[str, ArxivMetadata] = {}
        self._looked_beyond = False
        self._rounds = 1
        self.start = 0
        self.total: int | None = None
        self.looks = 0

    def goes_on(self) -> bool:
        """Return whether something is left to ask for; begin again where papers are missing."""
        if len(self._found) >= self._most:
            return False
        if self.total is None or self.start < self.total or not self._looked_beyond:
            return True
        if len(self._found) < self.total and self._rounds < _ROUNDS:
            self._rounds += 1
            self.start = 0
            return True
        return False

    def take(self, page: Sequence[ArxivMetadata], total: int | None) -> None:
        """Note a page.

        Raises:
            AnswerError: It has no papers though there are some.
        """
        beyond = self.total is not None and self.start >= self.total
        self.total = max(self.total or 0, total or 0)
        if not page and self.start < self.total:
            raise AnswerError("arXiv sent a page without the papers it should have", empty=True)
        for paper in page:
            if paper.arxiv_id:
                self._found.setdefault(paper.arxiv_id, paper)
        self.start += len(page)
        self._looked_beyond = beyond and not page
        self.looks += 1
        self._progress("search", len(self._found), min(self.total, self._most))

    def result(self, error: str | None) -> Recent:
        """Return what is known by now."""
        newest = sorted(self._found.values(), key=lambda one: one.published or "", reverse=True)
        if error is None and self.total is not None and self.total > self._most:
            error = f"only the newest {self._most:,} of {self.total:,} papers were asked for"
        elif error is None and self.total is not None and self.total > len(newest):
            error = f"it counts {self.total:,} papers and sent {len(newest):,}"
        return Recent(tuple(newest[: self._most]), self.total, error)


def recent_query(classes: Sequence[str], since: str, until: str) -> str:
    """Return what arXiv is asked: papers of some classes between two days.

    Args:
        classes: arXiv's classes, 1 or more: `cs.CV`.
        since: The first day, `2025-03-01`.
        until: The last day.

    Raises:
        FilterError: A class that cannot be one.
    """
    for name in classes:
        if not _CLASS.fullmatch(name):
            raise FilterError(f"{name!r} is not an arXiv class; write it like cs.CV")
    asked = " OR ".join(f"cat:{name}" for name in classes)
    first, last = since.replace("-", ""), until.replace("-", "")
    return f"({asked}) AND submittedDate:[{first}0000 TO {last}2359]"
