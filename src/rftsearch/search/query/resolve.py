"""Resolution of references: which paper an id, an address, a name or a title means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from rftsearch.errors import FetchError, QueryError, UnknownPaperError
from rftsearch.index.generations.generation import Generation
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.notes import Note, NoteCode
from rftsearch.papers.paper import Paper
from rftsearch.search.query.clean import clean
from rftsearch.text.terms import fold_name, name_terms, prose_terms

if TYPE_CHECKING:
    from rftsearch.sources.arxiv.api import ArxivClient

__all__ = ["Reference", "fetch_paper", "resolve"]


_COMPARED = 100
"""How many short names are compared with an unknown one."""
_REMOVED = (
    "it was removed by hand, and `rftsearch add LIST` with a list that names it brings it back"
)


@dataclass(frozen=True)
class Reference:
    """A paper that someone named."""

    paper: Paper
    identifier: int | None
    """Its integer id; None if the index lacks it and it was fetched."""
    notes: tuple[Note, ...] = ()
    """Says so if the reference is ambiguous or the paper was fetched."""


def resolve(generation: Generation, reference: str) -> Reference:
    """Return the paper that a reference means.

    Raises:
        UnknownPaperError: The index has no such paper, or it was removed by hand; carries
            similar names.
        QueryError: No paper was named.
    """
    text = clean(reference)
    if not text:
        raise QueryError("no paper was named; give an id, an arXiv URL or a short name")
    paper_id = parse_arxiv_id(text) or text
    found = generation.store.find(generation.number, paper_id) or _called(generation, text)
    if not found and _removed(generation, text, paper_id):
        raise UnknownPaperError(text, cure=_REMOVED)
    if not found:
        raise UnknownPaperError(text, _suggestions(generation, text))
    if len(found) == 1 or found[0][1].id == paper_id:
        identifier, paper = found[0]
        return Reference(paper, identifier)
    order = generation.attributes.rank(np.array([identifier for identifier, _ in found]))
    newest_first = [found[position] for position in np.argsort(order)]
    others = ", ".join(paper.id for _, paper in newest_first[1:])
    identifier, paper = newest_first[0]
    note = f"{len(found)} papers are called {text}; this is the newest, {paper.id}; also {others}"
    return Reference(paper, identifier, (Note(NoteCode.AMBIGUOUS_NAME, note),))


def fetch_paper(arxiv_id: str, client: ArxivClient | None = None) -> Paper:
    """Fetch a paper that the index lacks from arXiv.

    Args:
        arxiv_id: As `parse_arxiv_id` writes it.
        client: How to reach arXiv; None for the public API.

    Raises:
        UnknownPaperError: arXiv has no such paper.
        FetchError: arXiv did not answer.
    """
    if client is None:
        from rftsearch.sources.arxiv.api import ArxivClient  # noqa: PLC0415 - rarely needed

        client = ArxivClient()
    fetched = client.fetch([arxiv_id])
    if metadata := fetched.metadata.get(arxiv_id):
        from rftsearch.sources.arxiv.paper import arxiv_paper  # noqa: PLC0415 - rarely needed

        return arxiv_paper(metadata)
    if arxiv_id in fetched.unknown:
        raise UnknownPaperError(arxiv_id, cure="arXiv has none of that id either; check it")
    reason = fetched.error or "it did not answer"
    raise FetchError(
        f"cannot fetch {arxiv_id}: {reason}; try again later, or give its abstract as a text"
    )


def _called(generation: Generation, text: str) -> list[tuple[int, Paper]]:
    """Return the papers with a short name, else those with a title, arXiv's or the list's."""
    key = fold_name(text)
    papers = generation.store.papers(generation.lexical.named(key).tolist())
    by_name = [(i, paper) for i, paper in papers.items() if fold_name(paper.short_name) == key]
    return by_name or list(papers.items())


def _removed(generation: Generation, text: str, paper_id: str) -> bool:
    """Return whether a paper was removed by hand.

    The index remembers its id. Its short name is known as long as the previous generation
    has it; its title, from the metadata of arXiv.
    """
    manifest, store, key = generation.manifest, generation.store, fold_name(text)
    if paper_id in manifest.excluded_ids:
        return True
    if not manifest.excluded_ids:
        return False
    from rftsearch.sources.arxiv.paper import arxiv_paper  # noqa: PLC0415 - rarely needed

    papers = [arxiv_paper(one) for one in store.known(manifest.excluded_ids).metadata.values()]
    if manifest.previous is not None:
        for each in manifest.excluded_ids:
            papers += [paper for _, paper in store.find(manifest.previous, each)]
    return any(key and key in {fold_name(one.short_name), fold_name(one.title)} for one in papers)


def _suggestions(generation: Generation, text: str) -> tuple[str, ...]:
    """Return short names that may be meant: engines propose them, a hundred are compared."""
    lexical = generation.lexical
    terms = [*name_terms(text), *prose_terms(text)]
    near = [lexical.named(fold_name(text), slips=2), lexical.beginning(fold_name(text)[:3])]
    near.append(lexical.search(terms, _COMPARED)[1])
    ids = list(dict.fromkeys(np.concatenate(near).tolist()))[:_COMPARED]
    names = [paper.short_name for paper in generation.store.papers(ids).values()]
    close = process.extract(
        text, names, scorer=fuzz.WRatio, processor=str.casefold, limit=3, score_cutoff=60
    )
    return tuple(dict.fromkeys(name for name, _, _ in close))
