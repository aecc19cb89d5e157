"""Lists and answers as they were on an earlier day, and what is new since one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.store.history import PastGeneration
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.facts import FactIndex
from rftsearch.living.history import History, Past
from rftsearch.papers.filters import Filters
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Hit, Results, Sort
from rftsearch.search.answer.sort import date_order
from rftsearch.search.asked import Asked
from rftsearch.search.chosen import good_matches_among, search_without
from rftsearch.search.engine import Engine
from rftsearch.search.listing import list_papers
from rftsearch.search.query.checks import check_count, check_date_sort
from rftsearch.search.retriever import Retriever
from rftsearch.text.plural import plural

__all__ = ["News", "NewsItem", "find_news", "list_as_of", "search_as_of"]

_NAMED = 3
"""Papers that a note names before it counts the rest."""


def list_as_of(
    engine: Engine,
    day: str,
    filters: Filters | None = None,
    limit: int | None = None,
    sort: Sort = "newest",
) -> list[Paper]:
    """Return the papers that an index listed on a day, as they were then.

    Args:
        engine: The index.
        day: `2026-03-15`, `2026-03` or `2026`, in UTC: its last generation counts.
        filters: What the list may contain; categories are those of that day.
        limit: The largest number of papers; None for all.
        sort: `newest` or `oldest`.

    Raises:
        UsageError: It is no date, or the history begins later; or as `Engine.papers`.
    """
    wanted = filters or Filters()
    most = None if limit is None else check_count("limit", limit)
    check_date_sort(sort)

    def answer(_: Retriever, now: Generation) -> list[Paper]:
        past = _past(now, day)
        papers = [
            past.restored.get(paper.id, paper)
            for paper in list_papers(now, Filters(), None, "newest")
            if paper.id not in past.added
        ]
        papers += past.gone
        names = dict.fromkeys(now.manifest.categories)
        names |= dict.fromkeys(name for paper in papers for name in paper.categories)
        facts = Attributes.build(enumerate(papers), tuple(names))
        facts = facts.with_facts(FactIndex(enumerate(papers)))
        rows = np.flatnonzero(facts.mask(wanted))
        rows = rows[date_order(facts, rows, sort)]
        return [papers[number] for number in facts.ids[rows[:most]].tolist()]

    return engine.ask(answer)


def search_as_of(
    engine: Engine,
    query: str,
    day: str,
    k: int = 10,
    filters: Filters | None = None,
    sort: Sort = "relevance",
    ignore: Sequence[str] | str = (),
) -> Results:
    """Find the papers that answer a query among those that an index listed on a day.

    Papers are shown as they were then, and ranked by what the index knows of them now.

    Args:
        engine: The index.
        query: As for `Engine.search`.
        day: As for `list_as_of`.
        k: How many hits to return.
        filters: What the answer may contain; they compare the facts of today.
        sort: As for `Engine.search`.
        ignore: As for `Engine.search`.

    Returns:
        Hits, best first. A note names papers of that day that are no longer in the index,
        which cannot be searched.

    Raises:
        UsageError: As for `list_as_of`, or as `Engine.search`.
    """
    asked = Asked.of(query, k, filters, sort, ignore, {})

    def answer(retriever: Retriever, now: Generation) -> Results:
        past = _past(now, day)
        found = search_without(retriever, now, asked, past.added)
        hits = tuple(
            replace(hit, paper=past.restored.get(hit.paper.id, hit.paper)) for hit in found
        )
        return replace(found, hits=hits, notes=(*found.notes, *_notes(past, asked.filters)))

    return engine.ask(answer)


def _past(now: Generation, day: str) -> Past:
    history = History(now.store, now.manifest)
    return history.past(history.on(day))


def _notes(past: Past, filters: Filters) -> list[Note]:
    notes = []
    if past.gone:
        names = ", ".join(paper.short_name or paper.title for paper in past.gone[:_NAMED])
        more = f" and {len(past.gone) - _NAMED:,} more" if len(past.gone) > _NAMED else ""
        papers = plural(len(past.gone), "paper was", "papers were")
        text = f"{papers} removed since then and cannot be searched: {names}{more}"
        notes.append(Note(NoteCode.AS_OF, text))
    if filters and past.restored:
        text = "filters compare the facts of today; some papers had other ones then"
        notes.append(Note(NoteCode.AS_OF, text))
    return notes


# --- what is new --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A paper that is new, and answers the question."""

    hit: Hit
    listed: str
    """When the index got it, in UTC, ISO 8601."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values: those of the hit, and `listed`."""
        return {**self.hit.to_dict(), "listed": self.listed}


@dataclass(frozen=True, slots=True)
class News:
    """What is new for a question."""

    question: str
    since: str
    items: tuple[NewsItem, ...]
    """The best first."""
    added: int
    """Papers that the index got since then, whether or not they answer the question."""
    begins: PastGeneration
    """Where the history begins: what the index had then is not new."""
    index_id: str
    """The random id of the index."""
    built: str
    """When the index was last changed, in UTC, ISO 8601."""


def find_news(engine: Engine, question: str, since: str, k: int = 50) -> News:
    """Return the papers that an index got since a day and that are good matches for a question.

    Args:
        engine: The index.
        question: As for `Engine.search`.
        since: The first day, month or year that counts, in UTC.
        k: The largest number of papers.

    Raises:
        UsageError: It is no date; or as `Engine.search`.
    """
    asked = Asked.of(question, k, None, "relevance", (), {})

    def answer(retriever: Retriever, now: Generation) -> News:
        history = History(now.store, now.manifest)
        listed = history.listed_since(since)
        hits = good_matches_among(retriever, now, asked, listed) if listed else ()
        items = tuple(NewsItem(hit, listed[hit.paper.id]) for hit in hits)
        return News(
            asked.text,
            since,
            items,
            len(listed),
            history.reachable[0],
            now.manifest.index_id,
            now.manifest.built,
        )

    return engine.ask(answer)
