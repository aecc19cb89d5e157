"""`rftsearch accept` and `dismiss`: what the curator thinks of proposed papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.command import Option, command
from rftsearch.cli.living.discover import DECISIONS
from rftsearch.cli.terminal import say, show_notes
from rftsearch.settings import expanded
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.living.discovery.decisions import Verdict

__all__ = ["accept", "dismiss"]

_PAPERS = Option("papers", nargs="+", metavar="ID", help="arXiv id or URL")
_SNAPSHOT = Option(
    "--snapshot",
    type=Path,
    metavar="FILE",
    help="file of papers in which titles and abstracts are looked up instead of on arXiv",
)


@command(_PAPERS, DECISIONS, _SNAPSHOT)
def accept(*, papers: Sequence[str], decisions: Path | None, snapshot: Path | None) -> None:
    """Note that papers belong to the list; `discover` learns from it.

    The list itself is not changed: `discover` gives a ready line for each paper.
    """
    _decide(papers, "accepted", decisions, snapshot)


@command(_PAPERS, DECISIONS, _SNAPSHOT)
def dismiss(*, papers: Sequence[str], decisions: Path | None, snapshot: Path | None) -> None:
    """Note that papers do not belong to the list; `discover` does not propose them again."""
    _decide(papers, "dismissed", decisions, snapshot)


def _decide(
    papers: Sequence[str], verdict: Verdict, decisions: Path | None, snapshot: Path | None
) -> None:
    from rftsearch.living.discovery.decide import decide
    from rftsearch.living.discovery.decisions import DECISIONS_FILE

    file = expanded(decisions or DECISIONS_FILE)
    today = datetime.now(UTC).date().isoformat()
    source = None if snapshot is None else expanded(snapshot)
    notes = decide(file, papers, verdict, today, snapshot=source)
    say(f"{plural(len(set(papers)), 'paper', 'papers')} {verdict} in {file}.")
    show_notes(notes)
