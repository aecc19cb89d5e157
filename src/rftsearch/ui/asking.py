"""From a view to what the engine finds for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rftsearch.errors import FetchError, UnknownPaperError
from rftsearch.records import Explanation, Hit, Paper, Sort, parse_arxiv_id
from rftsearch.search.engine import Engine
from rftsearch.search.labelling import likely_category
from rftsearch.ui.view import View

__all__ = ["Found", "ask", "basket_papers", "find"]

_FETCHES = threading.BoundedSemaphore(8)
"""So many visitors may wait for arXiv at once: the others' questions need threads too."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a view."""

    hits: tuple[Hit, ...]
    """With a score each, or where nothing was asked, with none that counts."""
    notes: tuple[str, ...] = ()
    about: str = ""
    """The words by which sentences of the hits are chosen."""
    seed: Paper | None = None
    """The paper whose like these are."""
    guess: str | None = None
    """A likely category for a seed that the list does not have, or for a text."""

    def explanations(self, engine: Engine, shown: int) -> Sequence[Explanation | None]:
        """Why each of the first hits is there."""
        if not self.about:
            return [None] * len(self.hits[:shown])
        return engine.explain(self.about, self.hits[:shown])


def ask(engine: Engine, view: View, k: int) -> Found:
    """Ask the engine for what a view shows.

    Args:
        engine: What answers.
        view: What is asked.
        k: How many works at the most.

    Raises:
        RftsearchError: It cannot be answered; one line says why.
    """
    filters = view.filters()
    sort = cast("Sort", view.sort or "relevance")
    match view.question:
        case "search":
            found = engine.search(view.query, k, filters, sort=sort)
            return Found(found.hits, found.notes, view.query)
        case "similar":
            return _similar(engine, view, k)
        case "text":
            found = engine.similar_to_text(view.text, k, filters, sort=sort)
            near = engine.similar_to_text(view.text) if filters or view.sort else found
            return Found(found.hits, found.notes, view.text, guess=likely_category(near))
        case "recommend":
            return _recommended(engine, view, k)
        case "newest":
            papers = engine.papers(filters, k, sort=cast("Sort", view.sort or "newest"))
            return Found(tuple(Hit(paper, 0.0) for paper in papers))


def find(engine: Engine, reference: str) -> tuple[Paper, bool]:
    """The paper that someone means, and whether the list has it; if not, arXiv is asked.

    Raises:
        UnknownPaperError: Neither has it.
        QueryError: Nothing was named.
        FetchError: arXiv does not answer, or is being asked too much already.
    """
    try:
        return engine.paper(reference), True
    except UnknownPaperError:
        if parse_arxiv_id(reference) is None:
            raise
    if not _FETCHES.acquire(blocking=False):
        raise FetchError("arXiv is being asked for many papers at once; try again in a minute")
    try:
        return engine.paper(reference, fetch=True), False
    finally:
        _FETCHES.release()


def basket_papers(engine: Engine, ids: Sequence[str]) -> tuple[list[Paper], list[str]]:
    """The papers of a basket, and one note on each that cannot be had."""
    papers, notes = [], []
    for paper_id in ids:
        try:
            papers.append(find(engine, paper_id)[0])
        except UnknownPaperError:  # the list is another one than when it was put there
            notes.append(f"{paper_id} of the basket is no longer in the list; it is left out")
        except FetchError:
            notes.append(f"{paper_id} of the basket is left out, for arXiv does not answer")
    return papers, notes


def _similar(engine: Engine, view: View, k: int) -> Found:
    filters, sort = view.filters(), cast("Sort", view.sort or "relevance")
    seed, listed = find(engine, view.seed)
    found = engine.similar(view.seed, k, filters, fetch=True, sort=sort)
    guess = None
    if not listed:
        near = engine.similar(view.seed, fetch=True) if filters or view.sort else found
        guess = likely_category(near)
    return Found(found.hits, found.notes, seed.title, seed, guess)


def _recommended(engine: Engine, view: View, k: int) -> Found:
    liked, notes = basket_papers(engine, view.liked)
    disliked, more_notes = basket_papers(engine, view.disliked)
    found = engine.recommend(
        [paper.id for paper in liked],
        [paper.id for paper in disliked],
        k,
        filters=view.filters(),
        fetch=True,
    )
    return Found(found.hits, (*notes, *more_notes, *found.notes))
