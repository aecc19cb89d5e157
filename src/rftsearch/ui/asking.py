"""From a view to what the engine finds for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from rftsearch.errors import FetchError, UnknownPaperError
from rftsearch.records import Explanation, Hit, Paper, Sort, parse_arxiv_id
from rftsearch.search.engine import Engine
from rftsearch.search.labelling import likely_category
from rftsearch.ui.view import View

__all__ = ["Found", "ask", "basket_papers"]


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


def basket_papers(engine: Engine, ids: Sequence[str]) -> tuple[list[Paper], list[str]]:
    """The papers of a basket, and one note on each that cannot be had."""
    papers, notes = [], []
    for paper_id in ids:
        try:
            papers.append(engine.paper(paper_id, fetch=parse_arxiv_id(paper_id) is not None))
        except UnknownPaperError:  # the list is another one than when it was put there
            notes.append(f"{paper_id} of the basket is no longer in the list; it is left out")
        except FetchError:
            notes.append(f"{paper_id} of the basket is left out, for arXiv does not answer")
    return papers, notes


def _similar(engine: Engine, view: View, k: int) -> Found:
    filters, sort = view.filters(), cast("Sort", view.sort or "relevance")
    found = engine.similar(view.seed, k, filters, fetch=True, sort=sort)
    guess = None
    try:
        seed = engine.paper(view.seed)
    except UnknownPaperError:
        seed = engine.paper(view.seed, fetch=True)
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
