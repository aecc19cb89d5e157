"""Give papers the abstract and the rest that arXiv has; ask only for what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rftsearch.index.store.staging import Staging
from rftsearch.index.store.store import Known
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.types import Progress

__all__ = ["Enriched", "enrich"]


@dataclass(frozen=True)
class Enriched:
    """Papers with their metadata, and where it came from."""

    papers: list[Paper]
    fetched: int = 0
    """Answers that came in now, from a file or from arXiv."""
    error: str | None = None
    """Why fetching stopped early, in one line."""
    cut: tuple[str, ...] = ()
    """What arXiv sent was too long and was cut, one sentence each."""


def enrich(
    staging: Staging,
    papers: Sequence[Paper],
    *,
    abstracts: Mapping[str, ArxivMetadata],
    client: ArxivClient | None,
    refresh: bool,
    progress: Progress,
) -> Enriched:
    """Add metadata to each paper: from the store, else from a file, else from arXiv.

    What comes in is stored at once, answer by answer: the next build continues a
    fetch that was cut short.

    Args:
        staging: Holds what was fetched before, and keeps what comes in.
        papers: As the lists have them; one that has its metadata is left as it is.
        abstracts: By arXiv id, what a file says; it is not asked of arXiv.
        client: How to ask arXiv; None asks nobody.
        refresh: Ask again for what is known.
        progress: Called with the stage "fetch".
    """
    asked = (paper.arxiv_id for paper in papers if paper.arxiv_id and paper.metadata is None)
    ids = list(dict.fromkeys(asked))
    known = staging.store.known(ids)
    wanted = [i for i in ids if refresh or i not in known.metadata]
    found = [abstracts[i] for i in wanted if i in abstracts]
    staging.remember(found)
    fetched, error = len(found), None
    cut: tuple[str, ...] = ()
    wanted = [i for i in wanted if i not in abstracts]
    # What arXiv said it does not have is asked for again only on demand.
    wanted = [i for i in wanted if refresh or i not in known.unknown]
    if wanted and client is not None:
        answer = client.fetch(wanted, progress=progress, on_batch=staging.remember)
        # An answer that was had once is not lost because a later one lacks it.
        staging.remember((), [i for i in answer.unknown if i not in known.metadata])
        fetched, error = fetched + len(answer.metadata), answer.error
        cut = tuple(f"{i}: {reason}" for i, reasons in answer.cut.items() for reason in reasons)
    known = staging.store.known(ids)
    return Enriched([_with_metadata(paper, known) for paper in papers], fetched, error, cut)


def _with_metadata(paper: Paper, known: Known) -> Paper:
    if paper.arxiv_id is None or paper.metadata is not None:
        return paper
    if paper.arxiv_id in known.metadata:
        return paper.with_metadata(known.metadata[paper.arxiv_id])
    return replace(paper, unknown_to_arxiv=paper.arxiv_id in known.unknown)
