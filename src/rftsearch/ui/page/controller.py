"""Answer the page: a view goes in, the markup of each part comes out. The engine does the work.

The browser holds one *view*: the query and its filters. Each action changes the view and
sends it; the answer holds every part of the page. One handler therefore answers all of it
and keeps no state between two views; the last view sent is the one shown. The other
handlers return suggestions, a reference to copy, or a file to save.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from rftsearch.errors import FetchError, RftsearchError, UnknownPaperError, UsageError
from rftsearch.export import export
from rftsearch.index.generations.status import Status
from rftsearch.living.labels.unlabelled import predicted
from rftsearch.look import strings
from rftsearch.look.cards import Card, card
from rftsearch.look.sheets import hues
from rftsearch.papers.about import ListAbout
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.notes import NoteCode
from rftsearch.papers.results import Facets, Hit
from rftsearch.search.engine import Engine
from rftsearch.search.query.clean import clean
from rftsearch.search.query.known_items import only_id
from rftsearch.text.plural import plural
from rftsearch.ui.head.identity import PageIdentity, exported_about
from rftsearch.ui.page.layout import Answer, BasketItem, basket, filter_panel, header, results
from rftsearch.ui.page.queries import Found, PaperLookup, ask
from rftsearch.ui.page.taking import MAX_TAKEN, take_file
from rftsearch.ui.page.view import View

__all__ = ["PageController", "PageParts"]

MAX_SUGGESTIONS = 8
MAX_AUTHORS = 3
"""Authors among them."""
_LOG = "uvicorn.error"
"""The log of the server, which prints each kind of message once a minute."""
_FOR_OPERATORS = frozenset({NoteCode.ABSTRACTS_PENDING, NoteCode.IDS_UNKNOWN})
"""Notes on what whoever runs the page can do; visitors see in the header what is missing."""


class PageParts(NamedTuple):
    """The markup of each part of the page, and what the page's script has to know."""

    masthead: str
    panel: str
    found: str
    basket: str
    categories: tuple[str, ...]
    """The full names of the view's categories, as on the check boxes; not shown."""
    version: str
    """The version of the index that answered; not shown."""


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """What the page shows about an index for every view."""

    version: str
    status: Status
    identity: PageIdentity
    whole: Facets
    """What each choice of a filter would show if nothing was asked and no filter set."""
    months: Sequence[str]
    """Each month in which a paper was released, newest first."""
    hues: Mapping[str, int]

    def plain(self, shown: Card) -> Card:
        """Return a card without what is the same for all papers."""
        return replace(
            shown,
            labels=shown.labels if len(self.whole.categories) > 1 else (),
            kind=shown.kind if self.status.projects else "",
            missing=shown.missing if self.status.with_abstract else "",
        )

    def framed(self, found: Found, view: View, facets: Facets) -> Answer:
        """Return the answer without its cards; without months nothing is sorted by date."""
        answer = _framed(found, view, self.hues, facets)
        if self.months:
            return answer
        heading = strings.HEADING_ALL if view.question == "newest" else answer.heading
        return replace(answer, heading=heading, sorts=())


class PageController:
    """Answer the page from an engine; safe for several visitors at once."""

    def __init__(self, engine: Engine, about: ListAbout | None = None) -> None:
        """Answer from `engine`, which the caller closes.

        Args:
            engine: What answers.
            about: What the page says of itself in place of what its lists say.
        """
        self._engine = engine
        self._about = about or ListAbout()
        self._library = PaperLookup(engine)
        self._known: _Catalogue | None = None

    def show(self, data: object) -> PageParts:
        """Answer a view.

        Args:
            data: The view as the browser holds it; see `View.read`.
        """
        view = self._in_full(View.read(data))
        catalogue = self._catalogue()
        try:
            answer, facets = self._answer(view, catalogue)
        except RftsearchError as error:
            answer, facets = _trouble(error, view), self._facets(view)
        answer = replace(answer, notes=[*self._news(view, catalogue), *answer.notes])
        return PageParts(
            header(catalogue.status, catalogue.identity, dated=bool(catalogue.months)),
            filter_panel(facets, catalogue.whole, catalogue.hues, catalogue.months, view),
            results(answer),
            basket(self._basket(view)),
            view.categories,
            catalogue.version,
        )

    def identity(self) -> PageIdentity:
        """Return what the page says of itself, as the index is now."""
        return self._catalogue().identity

    def suggest(self, typed: object) -> list[dict[str, str]]:
        """Return authors and papers whose name begins so or contains the text, for a pick-list."""
        text = View.read({"query": typed}).query
        try:
            people = self._engine.suggest_authors(text, MAX_AUTHORS)
            found = self._engine.suggest(text, MAX_SUGGESTIONS - len(people))
        except RftsearchError:
            return []
        shown = [card(paper, {}) for paper in found]
        return [
            {"id": one.id, "name": one.name, "title": "".join(piece.text for piece in one.title)}
            for one in shown
        ] + [
            {"author": name, "name": name, "title": f"author of {plural(number, 'paper')}"}
            for name, number in people.items()
        ]

    def cite(self, paper_id: object) -> str:
        """Return the BibTeX of a paper; empty if no paper has that id."""
        try:
            paper, _ = self._library.find(View.read({"seed": paper_id}).seed)
        except RftsearchError:
            return ""
        return export([paper], "bibtex")

    def take(self, wanted: object) -> dict[str, str]:
        """Return a file of the papers that a view shows, or of its basket; see `take_file`."""
        catalogue = self._catalogue()
        about = exported_about(catalogue.status, self._about)
        return take_file(self._library, wanted, catalogue.identity.title, about)

    def _in_full(self, view: View) -> View:
        """Return the view with full category names: an address may hold part of a name."""
        try:
            names = dict.fromkeys(map(self._engine.category, view.categories))
        except RftsearchError:  # the results name the error
            return view
        return replace(view, categories=tuple(names))

    def _answer(self, view: View, catalogue: _Catalogue) -> tuple[Answer, Facets]:
        """Return what was found, and how many papers each choice of a filter would leave."""
        if view.question == "recommend" and not view.liked:
            nothing = Answer(strings.HEADING_BASKET, notice=strings.NOTHING_LIKED, back=True)
            return nothing, self._facets(view)
        if view.question == "saved":
            return self._saved(view, catalogue), self._facets(view)
        # One more shows whether there are more.
        found = ask(self._library, view, view.k + 1, facets=True)
        facets = self._facets(view) if found.facets is None else found.facets
        parts = found.understood.parts if found.understood else ()
        notes = [note for note in found.notes if note.code not in _FOR_OPERATORS]
        if not found.hits:
            nothing = _nothing(found, view, facets)
            told = notes if nothing.notice == strings.NARROWED else ()
            return replace(nothing, understood=parts, notes=told), facets
        papers = predicted(self._engine, [hit.paper for hit in found.hits[: view.k]])
        reasons = found.explanations(self._engine, view.k)
        answer = replace(
            catalogue.framed(found, view, facets),
            cards=[
                self._because(catalogue.plain(card(paper, catalogue.hues, hit, why)), hit)
                for paper, hit, why in zip(papers, found.hits, reasons, strict=False)
            ],
            more=len(found.hits) > view.k,
            understood=parts,
            takes=min(facets.total, MAX_TAKEN) if view.question == "newest" else len(papers),
            notes=notes,
        )
        return answer, facets

    def _saved(self, view: View, catalogue: _Catalogue) -> Answer:
        """Return the basket as a place: its papers, and those that are not interesting."""
        liked, notes = self._library.basket(view.liked)
        disliked, more_notes = self._library.basket(view.disliked)
        cards, aside = (
            [catalogue.plain(card(one, catalogue.hues)) for one in predicted(self._engine, papers)]
            for papers in (liked, disliked)
        )
        return Answer(
            strings.HEADING_SAVED,
            cards=cards,
            aside=aside,
            kept=True,
            count=plural(len(liked), "paper") if liked else "",
            takes=len(liked),
            notice="" if cards or aside else strings.NOTHING_SAVED,
            notes=[*notes, *more_notes],
            back=True,
        )

    def _facets(self, view: View) -> Facets:
        """Count all papers that pass; if the filters make no sense, all there are."""
        try:
            return self._engine.facets(view.filters())
        except RftsearchError:
            return self._engine.facets()

    def _because(self, shown: Card, hit: Hit) -> Card:
        """Return the card of a recommendation with the paper of the basket that led to it."""
        if not hit.because:
            return shown
        return replace(shown, because=self._name(hit.because), because_id=hit.because)

    def _basket(self, view: View) -> list[BasketItem]:
        return [
            BasketItem(paper_id, self._name(paper_id), liked)
            for liked, ids in ((True, view.liked), (False, view.disliked))
            for paper_id in ids
        ]

    def _name(self, paper_id: str) -> str:
        try:
            return card(self._engine.paper(paper_id), {}).name
        except RftsearchError:
            return paper_id

    def _news(self, view: View, catalogue: _Catalogue) -> list[str]:
        """Return a note if another index answers than before."""
        replaced = view.version and view.version != catalogue.version
        return [strings.REPLACED] if replaced else []

    def _catalogue(self) -> _Catalogue:
        """Return what is known of the current index; of the one before while it cannot be read."""
        known = self._known
        try:
            version = self._engine.version
            if known is None or known.version != version:
                status = self._engine.status()
                known = _Catalogue(
                    version,
                    status,
                    PageIdentity.of(status, self._about),
                    self._engine.facets(),
                    self._engine.months(),
                    hues(self._engine.categories()),
                )
                self._known = known
        except RftsearchError:
            if known is None:
                raise
        return known


def _framed(found: Found, view: View, hues: Mapping[str, int], facets: Facets) -> Answer:
    """Return the answer without its cards: heading, counts and orders."""
    seed = card(found.seed, hues) if found.seed else None
    match view.question:
        case "search":
            own = found.understood.sort if found.understood else None
            if found.understood and not found.understood.text:
                # Every paper that passes, by date: none of them has a score.
                return Answer(
                    strings.heading_search(view.query),
                    count=plural(facets.total, "paper"),
                    sorts=strings.SORTS[1:],
                    own_sort=own or "",
                )
            # Without a good match, a note says so.
            none = found.has_note(NoteCode.NO_GOOD_MATCH)
            count = "" if none else strings.good_matches(facets.total)
            by_score = view.sort in {"", "relevance"} and own is None
            return Answer(
                strings.heading_search(view.query),
                count=count,
                good=facets.total if by_score else None,
                sorts=strings.SORTS,
                own_sort=own or "",
                explanation=strings.ORDER_BY_SCORE + strings.GOOD_MATCHES,
            )
        case "recommend":
            return Answer(
                strings.HEADING_BASKET,
                sorts=strings.SORTS,
                back=True,
                explanation=strings.ORDER_BY_BASKET,
            )
        case "newest":
            return Answer(
                strings.HEADING_OLDEST if view.sort == "oldest" else strings.HEADING_NEWEST,
                count=plural(facets.total, "paper"),
                sorts=strings.SORTS[1:],
            )
        case _:
            return Answer(
                strings.heading_similar(seed.name) if seed else strings.HEADING_TEXT,
                seed=seed,
                guess=strings.guesses(found.guesses),
                sorts=strings.SORTS,
                back=True,
                explanation=strings.ORDER_BY_LIKENESS,
            )


def _nothing(found: Found, view: View, facets: Facets) -> Answer:
    """Return what to show when nothing was found, and which filters to remove."""
    arxiv_id = only_id(clean(view.query))
    if arxiv_id and found.has_note(NoteCode.NOT_IN_INDEX):
        return Answer(notice=strings.not_here(arxiv_id), names=[arxiv_id])
    if not view.filters():
        if found.understood and found.understood.applied:
            return Answer(notice=strings.NARROWED)
        return Answer(notice=strings.NOTHING_ELSE if found.seed else strings.EMPTY)
    offers = strings.loosenings(facets.without)
    notice = strings.NOTHING if offers else strings.NOTHING_AT_ALL
    return Answer(notice=notice, loosen=offers, clear=True, back=bool(found.seed))


def _trouble(error: RftsearchError, view: View) -> Answer:
    names: Sequence[str] = ()
    if isinstance(error, UnknownPaperError) and (error.cure is None or "`" in error.cure):
        # A cure between backticks is a command, which visitors cannot run.
        names, notice = error.suggestions, strings.unknown(error.asked, error.suggestions)
    elif isinstance(error, UsageError | FetchError):
        notice = str(error)
    else:  # The index or the model: its cure is a command, and its files are nobody's business.
        logging.getLogger(_LOG).error(str(error))
        notice = strings.OUT_OF_ORDER
    outside = isinstance(error, FetchError) or parse_arxiv_id(view.seed) is not None
    return Answer(notice=notice, names=names, back=view.question != "search", paste=outside)
