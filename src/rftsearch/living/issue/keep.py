"""Keep one issue with candidates: read its ticks into the file of decisions, write it anew.

Both can be done again at any time. What is ticked is in the file before anything of the issue
is changed, and a tick that no file knows survives when the issue is written anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rftsearch.living.discovery.decide import decide
from rftsearch.living.discovery.decisions import (
    Decision,
    Verdict,
    read_decisions,
    write_decisions,
)
from rftsearch.living.discovery.discover import Discovery
from rftsearch.living.issue.body import MARKER, marked_as_noted, read_ticks, write_body
from rftsearch.living.issue.github import GitHubIssues, Issue
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.arxiv.api import ArxivClient

__all__ = ["Kept", "note_ticks", "write_issue_on_github"]

TITLE = "New papers that may belong to the list"


@dataclass(frozen=True)
class Kept:
    """What was read from an issue."""

    issue: Issue | None
    """None if there is none."""
    accepted: tuple[str, ...] = ()
    dismissed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be fetched, or was not clear."""


def note_ticks(
    github: GitHubIssues,
    file: Path,
    day: str,
    *,
    snapshot: Path | None = None,
    client: ArxivClient | None = None,
) -> Kept:
    """Write what is ticked into the file of decisions, and mark it as noted in the issue.

    Args:
        github: The repository.
        file: The file of decisions.
        day: When, `2025-06-01`.
        snapshot: As for `decide`.
        client: As for `decide`.

    Raises:
        FetchError: GitHub does not answer, or refuses.
        SourceError, OutputError: The file cannot be read or written.
    """
    issue = github.find(MARKER)
    if issue is None:
        return Kept(None)
    ticks = read_ticks(issue.body, _verdicts(file))
    notes: list[str] = []
    found: dict[Verdict, list[str]] = {"accepted": [], "dismissed": []}
    for paper_id, verdict in ticks.verdicts.items():
        found[verdict].append(paper_id)
    for verdict, ids in found.items():
        on_arxiv = [one for one in ids if parse_arxiv_id(one)]
        if on_arxiv:
            notes += decide(file, on_arxiv, verdict, day, snapshot=snapshot, client=client)
        others = [Decision(one, verdict, day) for one in ids if not parse_arxiv_id(one)]
        if others:
            write_decisions(file, others)
    for paper_id in ticks.unclear:
        notes.append(f"both boxes of {paper_id} are ticked; neither counts until one is cleared")
    marked = marked_as_noted(issue.body, _verdicts(file))
    if marked != issue.body:
        github.change(issue.number, marked)
    return Kept(issue, tuple(found["accepted"]), tuple(found["dismissed"]), tuple(notes))


def write_issue_on_github(github: GitHubIssues, found: Discovery, file: Path) -> Issue | None:
    """Write the candidates into the issue; open it if there is none.

    Args:
        github: The repository.
        found: The candidates.
        file: The file of decisions.

    Returns:
        The issue; None if there is none, and nothing to write into one.

    Raises:
        FetchError: GitHub does not answer, or refuses.
        SourceError: The file cannot be read.
    """
    issue = github.find(MARKER)
    if issue is None and not found.candidates:
        return None
    before = issue.body if issue else ""
    body = write_body(found, file.name, before, _verdicts(file))
    if issue is None:
        return github.open(TITLE, body)
    return issue if body == before else github.change(issue.number, body)


def _verdicts(file: Path) -> dict[str, Verdict]:
    return {one.id: one.verdict for one in read_decisions(file).values()}
