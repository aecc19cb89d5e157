"""Give papers the abstract and the rest that arXiv has; ask only for what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rftsearch.index.store.store import Known, Store
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.types import Progress

__all__ = ["Enriched", "enrich"]


@dataclass(frozen=True)
class Enriched:
    """Papers with their metadata, and how it was come by."""

    papers: list[Paper]
    fetched: int = 0
    """Answers that came in now, from a file or from arXiv."""
    error: str | None = None
    """Why fetching stopped early, in one line."""
    cut: tuple[str, ...] = ()
    """What arXiv sent was too long and was cut, one sentence each."""


def enrich(
    store: Store,
    papers: Sequence[Paper],
    *,
    abstracts: Mapping[str, ArxivMetadata],
    client: ArxivClient | None,
    refresh: bool,
    progress: Progress,
) -> Enriched:
    """Describe each paper from the store, then a file, then arXiv.

    What comes in is stored at once, answer by answer, so that a fetch that is
    cut short is gone on with and never repeated.

    Args:
        store: Holds what was fetched before, and keeps what comes in.
        papers: As the lists have them; one that has its metadata is left as it is.
        abstracts: By arXiv id, what a file says; it is not asked of arXiv.
        client: How to ask arXiv; None asks nobody.
        refresh: Ask again for what is known.
        progress: Told of the stage "fetch".
    """
    ids = [paper.arxiv_id for paper in papers if paper.arxiv_id and paper.metadata is None]
    known = store.known(ids)
    wanted = [i for i in ids if refresh or i not in known.metadata]
    found = [abstracts[i] for i in wanted if i in abstracts]
    store.remember(found)
    fetched, error = len(found), None
    cut: tuple[str, ...] = ()
    wanted = [i for i in wanted if i not in abstracts]
    # What arXiv said it does not have is asked for again only on demand.
    wanted = [i for i in wanted if refresh or i not in known.unknown]
    if wanted and client is not None:
        answer = client.fetch(wanted, progress=progress, on_batch=store.remember)
        # An answer that was had once is not lost because a later one lacks it.
        store.remember((), [i for i in answer.unknown if i not in known.metadata])
        fetched, error = fetched + len(answer.metadata), answer.error
        cut = tuple(f"{i}: {reason}" for i, reasons in answer.cut.items() for reason in reasons)
    known = store.known(ids)
    return Enriched([_describe(paper, known) for paper in papers], fetched, error, cut)


def _describe(paper: Paper, known: Known) -> Paper:
    if paper.arxiv_id is None or paper.metadata is not None:
        return paper
    if paper.arxiv_id in known.metadata:
        return paper.with_metadata(known.metadata[paper.arxiv_id])
    return replace(paper, unknown_to_arxiv=paper.arxiv_id in known.unknown)
