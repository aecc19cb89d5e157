"""What the tab "New" does: look for papers, note decisions, synchronise, say what changed.

The functions of the tab's script take one JSON value and return JSON values. Long tasks
run in a thread of their own; the script asks how far they are, and then for what they
found. What goes wrong is one line in `trouble`, and never loses what was there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rftsearch.encoders.base import Encoder
from rftsearch.errors import RftsearchError, SourceError, UsageError
from rftsearch.index.build.sync import SyncReport, sync_index
from rftsearch.living.discovery.decisions import (
    DECISIONS_FILE,
    Decision,
    Verdict,
    read_decisions,
    write_decisions,
)
from rftsearch.living.discovery.discover import Candidate, Discovery, discover
from rftsearch.look.sheets import hues
from rftsearch.search.engine import Engine
from rftsearch.settings import expanded
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.types import Progress
from rftsearch.ui.living import markup
from rftsearch.ui.living.jobs import Jobs
from rftsearch.ui.living.lately import read_lately
from rftsearch.ui.page.tabs import Function
from rftsearch.ui.page.view import View

__all__ = ["Curator"]

_MOST = 200
"""Papers that may be proposed at once."""
_BUSY = "something else is running; wait until it is done"
_VERDICTS: Mapping[str, Verdict] = {"accept": "accepted", "dismiss": "dismissed"}


@dataclass(frozen=True, slots=True)
class _Synced:
    """What a synchronisation has found."""

    report: SyncReport
    forced: bool


class Curator:
    """Answers the tab; safe for several windows at once."""

    def __init__(
        self,
        engine: Engine,
        decisions: Path | None = None,
        *,
        encoder: Encoder | None = None,
        client: ArxivClient | None = None,
        today: str | None = None,
    ) -> None:
        """Keep the list of an index.

        Args:
            engine: The open index.
            decisions: The file of what was accepted and dismissed; None for that of the
                command line, in the current folder.
            encoder: Encodes new papers when the index is synchronised; None for its own model.
            client: Reaches arXiv; None for the public API.
            today: The last day of the papers that are looked for; None for today.
        """
        self.file = expanded(decisions or DECISIONS_FILE).absolute()
        self._engine, self._encoder, self._client = engine, encoder, client
        self._today = today
        self.jobs = Jobs()
        self._found: Discovery | None = None
        self._synced: _Synced | None = None
        self._refused = False
        """Whether the last synchronisation was refused, so that it may be forced."""

    def functions(self) -> Sequence[Function]:
        """Return what the script of the tab may call."""
        each = (self.state, self.progress, self.propose, self.decide, self.synchronise, self.lately)
        return [_told(function) for function in each]

    # --- what is shown ---

    def state(self, _: object = None) -> dict[str, Any]:
        """Return everything that was found so far, as markup, and what went wrong."""
        return {
            "busy": self.jobs.words,
            "trouble": self.jobs.trouble,
            "found": self._candidates(),
            "synced": self._changes(),
            "version": self._engine.version,
        }

    def progress(self, _: object = None) -> dict[str, Any]:
        """Return how far the task is that runs; `busy` is empty if none does."""
        return {"busy": self.jobs.words, "trouble": self.jobs.trouble}

    def _candidates(self) -> str:
        if self._found is None:
            return ""
        colours = hues(self._engine.categories())
        return markup.candidates(self._found, self._decided(), colours, self.file.name)

    def _changes(self) -> str:
        if self._synced is None:
            return markup.may_force() if self._refused else ""
        return markup.synced(self._synced.report, forced=self._synced.forced)

    def _decided(self) -> dict[str, Decision]:
        return read_decisions(self.file)

    # --- candidates ---

    def propose(self, asked: object) -> dict[str, Any]:
        """Begin to look for papers.

        Args:
            asked: `since`, `classes`, `file` and `count` as they were typed; empty for the
                usual ones.
        """
        sent = _texts_of(asked)
        options: dict[str, Any] = {
            "since": sent["since"] or None,
            "classes": [one.strip() for one in sent["classes"].split(",") if one.strip()],
            "snapshot": expanded(Path(sent["file"])) if sent["file"] else None,
            "count": _count(sent["count"]),
        }

        def look(tell: Progress) -> None:
            self._found = discover(
                self._engine,
                decisions=self._decided(),
                client=self._client,
                today=self._today,
                progress=tell,
                **options,
            )

        return self._started(look)

    def decide(self, asked: object) -> dict[str, Any]:
        """Note a decision on a candidate, or take it back.

        Args:
            asked: `id`, and `verdict`: `accept`, `dismiss` or nothing.
        """
        sent = _texts_of(asked)
        found = self._candidate(sent["id"])
        verdict = _VERDICTS.get(sent["verdict"])
        day = datetime.now(UTC).date().isoformat()
        if verdict is None:
            write_decisions(self.file, (), [found.paper.id])
        else:
            paper = found.paper
            new = Decision(paper.arxiv_id or paper.id, verdict, day, paper.title, paper.abstract)
            write_decisions(self.file, [new])
        return {"found": self._candidates()}

    def _candidate(self, paper_id: str) -> Candidate:
        for one in self._found.candidates if self._found else ():
            if one.paper.id == paper_id:
                return one
        raise UsageError("this paper is not proposed any more; look for papers again")

    # --- synchronising ---

    def synchronise(self, asked: object) -> dict[str, Any]:
        """Begin to read the lists again.

        Args:
            asked: `apply`: `yes` to apply what changed, else it is only named; `force`: `yes`
                to go on where a list cannot be read or lost half of its entries.
        """
        sent = _texts_of(asked)
        forced = sent["force"] == "yes"

        def run(tell: Progress) -> None:
            self._synced, self._refused = None, False
            try:
                report = sync_index(
                    self._engine.path,
                    dry_run=sent["apply"] != "yes",
                    force=forced,
                    encoder=self._encoder,
                    client=self._client,
                    progress=tell,
                )
            except SourceError:
                self._refused = not forced
                raise
            self._synced = _Synced(report, forced)

        return self._started(run)

    def _started(self, task: Callable[[Progress], None]) -> dict[str, Any]:
        if not self.jobs.start(task):
            raise UsageError(_BUSY)
        return self.progress()

    # --- what changed lately ---

    def lately(self, asked: object) -> dict[str, Any]:
        """Return what changed in the index, and what is new for the question of the page.

        Args:
            asked: `view` of the page; `since`, a day; `first` and `second`, generations that
                are compared. Empty for the last week, and for the last two.
        """
        sent = _texts_of(asked)
        view = View.read(asked.get("view") if isinstance(asked, Mapping) else None)
        question = view.query if view.question == "search" else ""
        found = read_lately(self._engine, question, sent["since"], sent["first"], sent["second"])
        return {"lately": markup.lately(found)}


def _told(function: Function) -> Function:
    """Return a function that says what went wrong in `trouble`, as a line."""

    def call(asked: object = None) -> dict[str, Any]:
        try:
            return function(asked)
        except RftsearchError as error:
            return {"trouble": str(error)}

    call.__name__ = function.__name__
    return call


_FIELDS = (
    *("since", "classes", "file", "count", "id"),
    *("verdict", "apply", "force", "first", "second"),
)
_LONGEST = 1000


def _texts_of(asked: object) -> dict[str, str]:
    """Return the fields of what a script sent; what is missing or no text is empty."""
    sent = asked if isinstance(asked, Mapping) else {}
    values = {name: sent.get(name) for name in _FIELDS}
    return {
        name: value[:_LONGEST].encode("utf-8", "replace").decode().strip()
        if isinstance(value, str)
        else ""
        for name, value in values.items()
    }


def _count(text: str) -> int:
    if not text:
        return 20
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _MOST):
        raise UsageError(f"{text!r} is no number of papers; give one from 1 to {_MOST}")
    return int(text)
