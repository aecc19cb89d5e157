"""Print results: papers, the figures of an index, what a build did; as text or as JSON."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from rftsearch.cli.terminal import (
    Style,
    blank_controls,
    complain,
    print_json,
    print_line,
    say,
    show_notes,
)
from rftsearch.papers.asked.understood import Part
from rftsearch.papers.filter_fields import FILTER_FIELDS
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Explanation, Hit, Results
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from pathlib import Path

    from rftsearch.index.build.reading.accounts import ReadReport
    from rftsearch.index.build.report import BuildReport
    from rftsearch.index.generations.status import Status
    from rftsearch.search.answer.overview import PaperMap, Timeline
    from rftsearch.sources.base import Problem

__all__ = [
    "Form",
    "print_paper",
    "show_categories",
    "show_list",
    "show_map",
    "show_paper",
    "show_report",
    "show_results",
    "show_sources",
    "show_status",
    "show_timeline",
]

Form = Literal["text", "json", "json-full"]

_CHANGES_SHOWN = 20
_PROBLEMS_SHOWN = 5
"""Of each source."""
_MERGES_SHOWN = 10
_TEXT_SHOWN = 100
_BAR = 50
"""Characters of the longest bar of a timeline."""


def show_results(
    results: Results, form: Form = "text", explanations: Sequence[Explanation] = ()
) -> None:
    """Print hits, best first.

    Args:
        results: The hits.
        form: `text` for people; `json`, an array of the hits; `json-full`, an object
            of hits, facets and notes. In `text` and `json` the notes go to stderr.
        explanations: One for each hit, or nothing.
    """
    if results.understood is not None and form != "json-full":
        for part in results.understood.parts:
            words = f"“{part.words}”: " if part.words else ""
            print_line(f"{words}{part.label}{_stricter(part)}", file=sys.stderr)
    if form == "text":
        _print_hits(results, explanations)
    else:
        hits = [hit.to_dict() for hit in results]
        for shown, explanation in zip(hits, explanations, strict=False):
            shown["explanation"] = explanation.to_dict()
        if form == "json-full":
            notes = list(results.notes)
            whole = {"hits": hits, "facets": dict(results.facets), "notes": notes}
            if results.understood is not None:
                whole["understood"] = results.understood.to_dict()
            print_json(whole)
            return
        print_json(hits)
    show_notes(results.notes)


def _stricter(part: Part) -> str:
    """Return how a preference is made a filter."""
    if part.means != "preference":
        return ""
    options = (
        f"--{field.one} {value}"
        for field in FILTER_FIELDS
        for value in getattr(part.filters, field.name) or ()
    )
    return f" ({' '.join(options)}: no others)"


def _print_hits(results: Results, explanations: Sequence[Explanation]) -> None:
    for number, hit in enumerate(results, start=1):
        # Papers that only pass filters have no score.
        lead = f"{number:2}  {hit.score:.3f}  " if hit.parts else f"{number:2}  "
        print_paper(hit.paper, lead)
        if explanations and hit.parts:
            _print_explanation(hit, explanations[number - 1], " " * len(lead) + "  ")
    if not results:
        print_line("No paper matches.", file=sys.stderr)


def _print_explanation(hit: Hit, explanation: Explanation, indent: str) -> None:
    sentence, end = explanation.sentence, 0
    pieces: list[tuple[str, Style]] = [(indent, "")]
    for start, stop in explanation.marks:
        pieces += [(sentence[end:start], ""), (sentence[start:stop], "bold")]
        end = stop
    if sentence:
        print_line(*pieces, (sentence[end:], ""))
    parts = " + ".join(f"{name} {value:.3f}" for name, value in hit.parts.items())
    line = f"{indent}{hit.score:.3f} = {parts.replace('+ -', '- ')}"
    print_line((line, "dim"))


def show_list(papers: Sequence[Paper], as_json: bool) -> None:
    """Print papers, one short block each."""
    if as_json:
        print_json([paper.to_dict() for paper in papers])
        return
    for paper in papers:
        print_paper(paper, "")
    if not papers:
        print_line("No paper matches.", file=sys.stderr)


def show_paper(paper: Paper, as_json: bool) -> None:
    """Print everything about one paper."""
    if as_json:
        print_json([paper.to_dict()])
        return
    print_paper(paper, "")
    if paper.authors:
        print_line(f"  {', '.join(paper.authors)}")
    for link in paper.links:
        print_line(f"  {link.label}: {link.url}")
    for one in paper.predicted:
        sure = "predicted" if one.sure else "perhaps"
        print_line(f"  {sure}: {one.category} ({one.probability:.0%}): {one.reason}")
    meta = paper.metadata
    facts = {
        "listed as": paper.listed_title,
        "remark": paper.description if paper.abstract else "",
        "comment": meta.comment if meta else None,
        "venue": paper.venue,
        "DOI": paper.doi or (meta.doi if meta else None),
        "in": ", ".join(f"{place.source}, line {place.line}" for place in paper.provenance),
    }
    for name, fact in facts.items():
        if fact:
            print_line(f"  {name}: {fact}")
    states = {
        "present": paper.abstract,
        "pending": "The abstract is not fetched yet; `rftsearch build` fetches it.",
        "unknown": "arXiv does not know this id.",
        "none": paper.description,
    }
    if text := states[paper.abstract_state]:
        print_line()
        print_line(text)


def show_categories(counts: Mapping[str, int], as_json: bool) -> None:
    """Print categories, each with the number of papers in it."""
    if as_json:
        print_json([{"category": name, "count": number} for name, number in counts.items()])
        return
    for name, number in counts.items():
        print_line(f"{number:5}  {name}")


def show_map(drawn: PaperMap, as_json: bool) -> None:
    """Print a map as CSV, with a note on how it was made; or everything as JSON."""
    if as_json:
        print_json(drawn.to_dict())
        return
    from rftsearch.export.table import guarded

    columns = ("id", "short_name", "title", "category", "kind", "released", "x", "y")
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(columns)
    for point in drawn.points:
        values = (getattr(point, name) for name in columns)
        rows.writerow([guarded(blank_controls(v)) if isinstance(v, str) else v for v in values])
    shown = f"{len(drawn.points)} of {drawn.total} papers, an even sample" if drawn.sampled else ""
    show_notes([f"drawn by {drawn.method}", *filter(None, [shown])])


def show_timeline(line: Timeline, as_json: bool, *, cumulative: bool) -> None:
    """Print papers per month as bars; as JSON also by category."""
    counts = line.cumulative() if cumulative else line.counts
    if as_json:
        print_json(line.to_dict() | {"counts": counts, "cumulative": cumulative})
        return
    totals = [sum(row) for row in counts]
    encoding = (sys.stdout.encoding or "ascii").lower()
    block = "█" if encoding.startswith("utf") else "#"  # Some terminals lack the block.
    for month, total in zip(line.months, totals, strict=True):
        bar = block * -(-total * _BAR // max(totals))
        print_line(f"{month}  {total:5}  {bar}".rstrip())
    if not totals:
        print_line("No paper matches.", file=sys.stderr)
    left_out = {"without a month": line.undated, "of earlier months": line.earlier}
    show_notes(
        [
            f"not shown: {plural(number, 'entry', 'entries')} {which}"
            for which, number in left_out.items()
            if number
        ]
    )


def show_status(status: Status, as_json: bool, *, verified: bool) -> None:
    """Print the figures of an index."""
    if as_json:
        print_json(status.to_dict() | {"verified": verified})
        return
    rows = {
        "index": f"{status.place} (generation {status.generation})",
        "built": f"{status.built} ({_age(status.built)})",
        "from": ", ".join(status.sources) or "the shipped list",
        "model": f"{status.model}, {status.dimension} dimensions",
        "queries": f"encoded by {status.encoded_by or 'the program that built the index'}"
        + (f": {status.no_export_reason}" if status.no_export_reason else ""),
        "entries": f"{plural(status.papers, 'paper')} and {plural(status.projects, 'project')} "
        f"in {plural(status.categories, 'category', 'categories')}",
        "abstracts": f"{status.with_abstract:,} present, {status.pending:,} not fetched yet, "
        f"{status.unknown:,} unknown to arXiv, "
        f"{plural(status.without, 'entry', 'entries')} without one",
        "long": f"{plural(status.windowed, 'document')} longer than the model reads at once",
        "size": f"{status.size_bytes / 1e6:.1f} MB",
    }
    if status.engine and status.engine != status.place:
        rows["published"] = f"at {status.engine}, too"
    if status.left_out:
        rows["removed"] = f"by hand: {', '.join(status.left_out)}"
    for name, value in rows.items():
        print_line(f"{name:>10}  {value}")
    if verified:
        say("  verified  every file is unchanged")
    for kind, ids in (("not fetched", status.pending_ids), ("unknown", status.unknown_ids)):
        if ids:
            shown = ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
            print_line(f"{kind}: {shown}", file=sys.stderr)
    show_notes(status.notes)


def show_report(report: BuildReport, seconds: float, written: Path | None = None) -> None:
    """Print what a build did, and what is missing.

    Args:
        report: Of the build.
        seconds: How long it took.
        written: The file into which all problems and merges were written.
    """
    counts = report.manifest.counts
    say(
        f"Indexed {plural(counts['papers'], 'paper')} and {plural(counts['projects'], 'project')} "
        f"in {plural(len(report.manifest.categories), 'category', 'categories')} "
        f"with {report.manifest.model.name} in {seconds:.1f} s: "
        f"{plural(report.fetched, 'new abstract')}, {plural(report.encoded, 'document')} embedded, "
        f"{plural(counts['without'], 'entry has', 'entries have')} no abstract to fetch. "
        f"Index: {report.index}"
    )
    if report.manifest.previous is not None:
        kinds = ((report.added, "added"), (report.removed, "removed"), (report.updated, "changed"))
        changes = [f"{number:,} {what}" for number, what in kinds if number]
        say(f"Changes since the last build: {', '.join(changes) or 'none'}.")
        for line in report.changes[:_CHANGES_SHOWN]:
            say(f"  {line}")
        if more := len(report.changes[_CHANGES_SHOWN:]):
            say(f"  and {more:,} more")
    if report.published is not None:
        say(str(report.published))
    show_sources(report.outcome, written=written)
    show_notes(report.notes)


def show_sources(report: ReadReport, *, merges: bool = True, written: Path | None = None) -> None:
    """Print what was read of each source, what of it was not understood, and what was merged."""
    holder = f"{written} has" if written else "--problems FILE writes"
    for line in report.account:
        say(line)
    left = list(report.problems)
    more = 0
    for source in report.sources:
        say(f"{source}.")
        more += _show_problems(source.problems)
        left = [problem for problem in left if problem not in source.problems]
    more += _show_problems(left)  # Of the file of abstracts, or of papers at hand.
    if every := more + report.more_problems:
        those = "them" if every == more else f"{more:,} of them"
        lines = plural(every, "more line")
        complain(f"and {lines} with problems; {holder} {those}")
    if not merges:
        return
    for merge in report.merges[:_MERGES_SHOWN]:
        say(f"{merge}.")
    if more := len(report.merges[_MERGES_SHOWN:]):
        say(f"and {more:,} more merged; {holder} them")


def _show_problems(problems: Sequence[Problem]) -> int:
    """Print the first problems of a source; return how many there are besides."""
    for problem in problems[:_PROBLEMS_SHOWN]:
        text = f": {problem.text[:_TEXT_SHOWN]}" if problem.text else ""
        complain(f"{problem.source}, line {problem.line}: {problem.reason}{text}")
    return len(problems[_PROBLEMS_SHOWN:])


def print_paper(paper: Paper, lead: str) -> None:
    """Print the head of a paper: name, categories, month, title and address."""
    head: list[tuple[str, Style]] = [(lead, "dim"), (paper.short_name or paper.title, "bold")]
    if given := ", ".join(paper.given_categories):
        head.append((f"  {given}", "cyan"))
    head.append((f"  {paper.released or 'undated'}", "cyan"))
    if paper.kind == "project":
        head.append(("  project", "cyan"))
    if paper.metadata and paper.metadata.withdrawn:
        head.append(("  WITHDRAWN", "bold red"))
    print_line(*head)
    indent = " " * len(lead) + "  "
    if paper.title != paper.short_name:
        print_line(f"{indent}{paper.title}")
    where = [paper.url or "", *sorted({link.kind for link in paper.links})]
    if line := "  ".join(part for part in where if part):
        print_line((f"{indent}{line}", "dim"))


def _age(built: str) -> str:
    hours = (datetime.now(UTC) - datetime.fromisoformat(built)).total_seconds() / 3600
    if hours < 1:
        return "less than an hour ago"
    if hours < 48:
        return f"{plural(round(hours), 'hour')} ago"
    return f"{plural(round(hours / 24), 'day')} ago"
