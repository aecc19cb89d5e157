"""Ask the engine what a view asks, and look papers up on arXiv."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from rftsearch.errors import FetchError, QueryError, UnknownPaperError
from rftsearch.living.labels.predict import paper_of_text
from rftsearch.living.labels.unlabelled import predicted_outside
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.asked.understood import Understood
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.paper import Paper, PredictedCategory
from rftsearch.papers.results import Explanation, Facets, Hit, Results, Sort
from rftsearch.search.engine import Engine
from rftsearch.ui.page.view import View

__all__ = ["MAX_WAITING", "SILENCE", "Found", "PaperLookup", "ask"]

MAX_WAITING = 8
"""Visitors that may wait for arXiv at once: queries of the others need threads too."""
SILENCE = 120.0
"""Seconds without asking arXiv for papers of a basket after it did not answer."""
_REMEMBERED = 1000
"""Ids remembered because arXiv has answered for them."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a view."""

    hits: tuple[Hit, ...]
    """Hits; their scores are 0 where nothing was asked."""
    notes: tuple[Note, ...] = ()
    about: str = ""
    """The text by which the sentences of hits are chosen."""
    seed: Paper | None = None
    """The paper that the hits are similar to; one that is not in the list has its predicted
    categories."""
    guesses: tuple[PredictedCategory, ...] = ()
    """The predicted categories of a text."""

    facets: Facets | None = None
    """The counts beside the filters, if they came with the answer to a query."""

    understood: Understood | None = None
    """What a query was taken to mean."""

    def has_note(self, code: NoteCode) -> bool:
        """Return whether one of the notes is about this."""
        return any(note.code is code for note in self.notes)

    def explanations(self, engine: Engine, shown: int) -> Sequence[Explanation | None]:
        """Explain the first hits."""
        if not self.about:
            return [None] * len(self.hits[:shown])
        return engine.explain(self.about, self.hits[:shown])


class PaperLookup:
    """Find papers in the index and then on arXiv; safe for several visitors at once."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        """Look up in `engine`, which the caller closes.

        Args:
            engine: What answers.
            clock: Seconds that go on.
        """
        self.engine = engine
        self._clock = clock
        self._waiting = threading.BoundedSemaphore(MAX_WAITING)
        self._answered: set[str] = set()
        self._silent_until = float("-inf")

    def find(self, reference: str) -> tuple[Paper, bool]:
        """Find the paper that a reference names, in the index or else on arXiv; and return which.

        Raises:
            UnknownPaperError: Neither has it.
            QueryError: Nothing was named.
            FetchError: arXiv does not answer, or is being asked too much already.
        """
        try:
            return self.engine.paper(reference), True
        except UnknownPaperError:
            if parse_arxiv_id(reference) is None:
                raise
        if not self._waiting.acquire(blocking=False):
            raise FetchError("arXiv is being asked for many papers at once; try again in a minute")
        try:
            paper = self.engine.paper(reference, fetch=True)
        except FetchError:
            self._silent_until = self._clock() + SILENCE
            raise
        finally:
            self._waiting.release()
        self._remember(paper.id)
        return paper, False

    def basket(self, ids: Sequence[str]) -> tuple[list[Paper], list[Note]]:
        """Return the papers of a basket, and a note on each that cannot be found.

        A basket is asked for again with each click: where arXiv did not answer it is left
        alone for a while, so that nobody waits for the same silence once more.
        """
        papers, notes = [], []
        for paper_id in ids:
            try:
                papers.append(self._of_basket(paper_id))
            except UnknownPaperError:  # the list has changed since
                text = f"{paper_id} of the basket is no longer in the list; it is left out"
                notes.append(Note(NoteCode.BASKET_PAPER_GONE, text))
            except FetchError:
                text = f"{paper_id} of the basket is left out, for arXiv does not answer"
                notes.append(Note(NoteCode.BASKET_PAPER_UNREACHABLE, text))
        return papers, notes

    def _of_basket(self, paper_id: str) -> Paper:
        if self._clock() < self._silent_until and paper_id not in self._answered:
            try:
                return self.engine.paper(paper_id)
            except UnknownPaperError as unknown:
                if parse_arxiv_id(paper_id) is None:
                    raise
                raise FetchError("arXiv did not answer a moment ago") from unknown
        return self.find(paper_id)[0]

    def _remember(self, paper_id: str) -> None:
        if len(self._answered) >= _REMEMBERED:
            self._answered = set()  # a new one: another thread may be reading the old one
        self._answered.add(paper_id)


def ask(library: PaperLookup, view: View, k: int, *, facets: bool = False) -> Found:
    """Ask the engine for what a view shows.

    Args:
        library: What answers.
        view: What is asked.
        k: How many papers to return.
        facets: Whether the counts beside the filters are wanted as well.

    Raises:
        RftsearchError: It cannot be answered; one line says why.
    """
    engine, filters = library.engine, view.filters()
    sort = cast("Sort", view.sort or "relevance")
    match view.question:
        case "search" if facets:
            answer = engine.answer(view.query, k, filters, sort=sort, ignore=view.ignore)
            found = answer.results
            return Found(
                found.hits,
                found.notes,
                _topic(found),
                facets=answer.facets,
                understood=found.understood,
            )
        case "search":
            found = engine.search(view.query, k, filters, sort=sort, ignore=view.ignore)
            return Found(found.hits, found.notes, _topic(found))
        case "similar":
            return _similar(library, view, k)
        case "text":
            found = engine.similar_to_text(view.text, k, filters, sort=sort)
            text = predicted_outside(engine, paper_of_text(view.text), text=view.text)
            return Found(found.hits, found.notes, view.text, guesses=text.predicted)
        case "recommend":
            return _recommended(library, view, k)
        case "saved" | "newest":
            return _unscored(library, view, k)


def _unscored(library: PaperLookup, view: View, k: int) -> Found:
    """Return papers for which nothing was asked: those of the basket, or of the whole list."""
    notes: list[Note] = []
    if view.question == "saved":
        papers, notes = library.basket(view.liked)
    else:
        # An address may still hold `sort=relevance` after its query was removed.
        order = cast("Sort", view.sort if view.sort not in {"", "relevance"} else "newest")
        papers = list(library.engine.papers(view.filters(), k, sort=order))
    return Found(tuple(Hit(paper, 0.0) for paper in papers), tuple(notes))


def _topic(found: Results) -> str:
    """Return the text by which the sentences of hits are chosen."""
    return found.understood.text if found.understood else ""


def _similar(library: PaperLookup, view: View, k: int) -> Found:
    filters, sort = view.filters(), cast("Sort", view.sort or "relevance")
    seed, listed = library.find(view.seed)
    found = library.engine.similar(view.seed, k, filters, fetch=True, sort=sort)
    if not listed:
        seed = predicted_outside(library.engine, seed)
    return Found(found.hits, found.notes, seed.title, seed)


def _recommended(library: PaperLookup, view: View, k: int) -> Found:
    liked, notes = library.basket(view.liked)
    disliked, more_notes = library.basket(view.disliked)
    if notes and not liked:
        raise QueryError("; ".join(notes))
    found = library.engine.recommend(
        [paper.id for paper in liked],
        [paper.id for paper in disliked],
        k,
        filters=view.filters(),
        fetch=True,
        sort=cast("Sort", view.sort or "relevance"),
    )
    return Found(found.hits, (*notes, *more_notes, *found.notes))
