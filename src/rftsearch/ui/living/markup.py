"""The parts of the tab "New" as markup; every text in them is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rftsearch.index.build.sync import SyncReport
from rftsearch.living.discovery.decisions import Decision
from rftsearch.living.discovery.discover import Candidate, Discovery
from rftsearch.living.discovery.formats import summary
from rftsearch.look import strings
from rftsearch.look.cards import Card, card
from rftsearch.look.templates import render
from rftsearch.papers.paper import PredictedCategory
from rftsearch.text.plural import plural
from rftsearch.ui.living.lately import Lately

__all__ = ["candidates", "lately", "may_force", "panel", "synced"]

_SHOWN = 50
"""Papers of each kind of change that are named."""
_LINES = 5
"""Changes of a generation that are named at once."""
_KINDS = {
    "added": "Added",
    "removed": "Removed",
    "renamed": "Renamed",
    "moved": "Moved to another category",
    "changed": "Changed",
}


def panel(decisions: str) -> str:
    """Return the panel before anything was asked for.

    Args:
        decisions: Path of the file of decisions.
    """
    return render("new.html", decisions=decisions)


def candidates(
    found: Discovery, decided: Mapping[str, Decision], hues: Mapping[str, int], file: str
) -> str:
    """Return the candidates of a discovery.

    Args:
        found: What was found.
        decided: The decisions by id of the paper.
        hues: The hue of each category.
        file: Name of the file of decisions.
    """
    shown = []
    for one in found.candidates:
        decision = decided.get(one.paper.arxiv_id or one.paper.id)
        verdict = decision.verdict if decision else ""
        near = [(paper.id, paper.short_name or paper.title) for paper, _ in one.nearest]
        shown.append((one, _card(one, hues), near, verdict))
    return render(
        "candidates.html",
        summary=strings.sentence(strings.capital(summary(found))),
        notes=[strings.sentence(note) for note in found.notes],
        candidates=shown,
        file=file,
    )


def _card(one: Candidate, hues: Mapping[str, int]) -> Card:
    guesses: tuple[PredictedCategory, ...] = ()
    if one.prediction is not None:
        known = dict(one.prediction.likely)
        guesses = tuple(
            PredictedCategory(
                name, known[name], one.prediction.sure and not place, one.prediction.reason
            )
            for place, name in enumerate(one.prediction.categories)
            if name in known
        )
    return card(replace(one.paper, predicted=guesses), hues)


def synced(report: SyncReport, *, forced: bool) -> str:
    """Return what a synchronisation would change, or has changed."""
    groups = []
    for kind, heading in _KINDS.items():
        count = report.counts.get(kind, 0)  # type: ignore[call-overload]  # the kinds of changes
        named = [str(change) for change in report.changes if change.kind == kind]
        if count:
            groups.append((heading, count, named[:_SHOWN], count - min(len(named), _SHOWN)))
    done = ""
    if report.build is not None:
        papers = report.manifest.counts["papers"] + report.manifest.counts["projects"]
        entries = plural(papers, "entry", "entries")
        done = f"Applied: this is generation {report.manifest.generation}, with {entries}."
    elif not report.dry_run:
        done = f"The index stays as it is: generation {report.manifest.generation}."
    return render(
        "synced.html",
        groups=groups,
        done=done,
        applies=report.dry_run and bool(report),
        forced=forced,
        sources=[f"{source}." for source in report.outcome.sources],
        failed=[strings.sentence(reason) for reason in report.failed.values()],
        notes=[strings.sentence(note) for note in (report.build.notes if report.build else ())],
    )


def may_force() -> str:
    """Return the offer to go on where a list cannot be read, or lost half of its entries."""
    return render(
        "synced.html",
        groups=(),
        done="",
        applies=False,
        forced=None,
        sources=(),
        failed=(),
        notes=(),
    )


def lately(found: Lately) -> str:
    """Return what changed lately."""
    log = []
    for entry in found.log:
        kinds = ((entry.added, "added"), (entry.removed, "removed"), (entry.changed, "changed"))
        said = ", ".join(f"{number:,} {kind}" for number, kind in kinds if number)
        begins = "the history begins here" if entry.generation.previous is None else ""
        papers = plural(entry.generation.papers, "entry", "entries")
        head = f"{entry.generation.built[:16].replace('T', ' ')} UTC, {papers}"
        log.append(
            (
                entry.generation.number,
                head,
                said or begins or "no paper changed",
                entry.lines[:_LINES],
                entry.lines[_LINES:],
            )
        )
    news = found.news
    return render(
        "lately.html",
        log=log,
        known=[(one.number, f"{one.number}: {one.built[:10]}") for one in found.known],
        first=found.first.number,
        second=found.second.number,
        diff=[str(change) for change in found.diff],
        since=found.since,
        question=news.question if news else "",
        news=[(card(item.hit.paper, {}), item.listed[:10]) for item in news.items] if news else [],
        added=plural(news.added, "paper is", "papers are") if news else "",
    )
