"""Note what was decided on papers, with their titles and abstracts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rftsearch.errors import UsageError
from rftsearch.living.discovery.decisions import Decision, Verdict, read_decisions, write_decisions
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import Paper
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.sources.records_file import RecordsFile

__all__ = ["decide"]

_NAMED = 5
"""At most this many unknown papers are named in a note."""


def decide(
    file: Path,
    papers: Sequence[str],
    verdict: Verdict,
    day: str,
    *,
    snapshot: Path | None = None,
    client: ArxivClient | None = None,
) -> tuple[str, ...]:
    """Note decisions in a file.

    Titles and abstracts are fetched, for the next ranking learns from them. Where that fails
    the decision counts all the same: the paper is not proposed again.

    Args:
        file: The file of decisions.
        papers: arXiv ids or URLs in any form.
        verdict: What was decided.
        day: When, `2025-06-01`.
        snapshot: A file of papers to look in instead of asking arXiv.
        client: Reaches arXiv; None for the public API.

    Returns:
        What could not be fetched.

    Raises:
        UsageError: One of them is not an arXiv id.
        SourceError: The file or the snapshot cannot be read.
        OutputError: The file cannot be written.
    """
    ids = {}
    for given in papers:
        found = parse_arxiv_id(given)
        if found is None:
            raise UsageError(f"{given!r} is not an arXiv id; give one like 2503.01234 or its URL")
        ids[found] = given
    before = read_decisions(file)
    texts = {
        one: (old.title, old.abstract) for one in ids if (old := before.get(one)) and old.title
    }
    missing = [one for one in ids if one not in texts]
    notes: tuple[str, ...] = ()
    if missing and snapshot is not None:
        for paper in RecordsFile(snapshot).read(lambda *_: None):
            if isinstance(paper, Paper) and paper.arxiv_id in missing:
                texts[paper.arxiv_id or paper.id] = (paper.title, paper.abstract)
    elif missing:
        answer = (client or ArxivClient()).fetch(missing)
        texts |= {one: (data.title, data.abstract) for one, data in answer.metadata.items()}
        if answer.error:
            notes = (f"arXiv: {answer.error}",)
    if left := [one for one in ids if one not in texts]:
        more = f" and {len(left) - _NAMED:,} more" if len(left) > _NAMED else ""
        notes += (
            f"title and abstract of {', '.join(left[:_NAMED])}{more} are not known; the decision "
            "counts, but nothing is learnt from it",
        )
    write_decisions(file, [Decision(one, verdict, day, *texts.get(one, ("", ""))) for one in ids])
    return notes
