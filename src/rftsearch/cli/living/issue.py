"""`rftsearch issue`: keep one issue on GitHub with new papers, and read its ticks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.command import Option, command
from rftsearch.cli.living.discover import DECISIONS, LOOKING, Looking, find_papers
from rftsearch.cli.options import INDEX
from rftsearch.cli.terminal import note, say, show_notes
from rftsearch.settings import expanded
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.living.issue.keep import Kept

__all__ = ["issue"]


@command(
    Option(
        "--repository",
        metavar="OWNER/NAME",
        help="repository on GitHub; by default the one in GITHUB_REPOSITORY, which workflows set",
    ),
    Option(
        "--read",
        action="store_true",
        dest="only_read",
        help="only read what was ticked into the file of decisions, and look for no papers",
    ),
    DECISIONS,
    LOOKING,
    INDEX,
)
def issue(
    *,
    repository: str | None,
    only_read: bool,
    decisions: Path | None,
    looking: Looking,
    index: Path | None,
) -> None:
    """Keep one issue on GitHub with new papers to accept or dismiss by ticking boxes.

    First it reads what was ticked, and writes it into the file of decisions. Then it opens the
    issue, or replaces the text of the open one. The variable GITHUB_TOKEN holds the token.
    """
    from rftsearch.living.discovery.decisions import DECISIONS_FILE
    from rftsearch.living.discovery.formats import summary
    from rftsearch.living.issue.github import GitHubIssues
    from rftsearch.living.issue.keep import note_ticks, write_issue_on_github

    file = expanded(decisions or DECISIONS_FILE)
    github = GitHubIssues.chosen(repository)
    today = datetime.now(UTC).date().isoformat()
    _show(note_ticks(github, file, today, snapshot=looking.file), file)
    if only_read:
        return
    found = find_papers(looking, file, index)
    written = write_issue_on_github(github, found, file)
    if written is None:
        say("No new paper, and no issue: nothing was written.")
    else:
        papers = plural(len(found.candidates), "paper", "papers")
        say(f"{papers} in issue {written.number}: {written.url}")
    note(summary(found))
    show_notes(found.notes)


def _show(kept: Kept, file: Path) -> None:
    if kept.issue is None:
        say("There is no open issue yet.")
        return
    accepted, dismissed = len(kept.accepted), len(kept.dismissed)
    say(f"Read from issue {kept.issue.number}: {accepted} accepted, {dismissed} dismissed.")
    if accepted or dismissed:
        say(f"They are in {file}.")
    show_notes(kept.notes)
