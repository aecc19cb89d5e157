"""What the command line prints."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TextIO

from rich.console import Console
from rich.text import Text

from rftsearch.records import Explanation, Hit, Paper, Progress, Results

if TYPE_CHECKING:
    from rftsearch.index.build import BuildReport
    from rftsearch.index.status import Status

__all__ = [
    "Form",
    "complain",
    "progress",
    "say",
    "show_categories",
    "show_list",
    "show_paper",
    "show_report",
    "show_results",
    "show_status",
]

Form = Literal["text", "json", "json-full"]

_PROBLEMS_SHOWN = 20
_STAGES = {
    "read": "Reading lists",
    "fetch": "Fetching abstracts",
    "encode": "Embedding",
    "store": "Storing",
    "write": "Writing the index",
    "publish": "Publishing",
    "clean": "Tidying up",
}


def say(line: str) -> None:
    """Print a line about what was done."""
    _out().print(line)


def complain(line: str) -> None:
    """Print an error as one line."""
    _err().print(f"rftsearch: {line}")


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on standard error; nothing where that is no terminal."""
    error = _err()
    if not error.is_terminal:
        yield lambda *_: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415 - not for a search

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=error, transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            bar.update(
                task, description=_STAGES.get(stage, stage), completed=done, total=total or None
            )

        yield tell


def show_results(
    results: Results, form: Form = "text", explanations: Sequence[Explanation] = ()
) -> None:
    """Print hits, best first.

    Args:
        results: The hits.
        form: `text` for people; `json`, an array of the hits; `json-full`, an object
            of hits, facets and notes. In the other two what is to be known about the
            hits goes to standard error.
        explanations: One for each hit, or none.
    """
    if form == "text":
        _print_hits(results, explanations)
    else:
        hits = [hit.to_dict() for hit in results]
        for shown, explanation in zip(hits, explanations, strict=False):
            shown["explanation"] = explanation.to_dict()
        if form == "json-full":
            notes = list(results.notes)
            _print_json({"hits": hits, "facets": dict(results.facets), "notes": notes})
            return
        _print_json(hits)
    _print_notes(results.notes)


def _print_hits(results: Results, explanations: Sequence[Explanation]) -> None:
    for number, hit in enumerate(results, start=1):
        lead = f"{number:2}  {hit.score:.3f}  "
        _print_paper(hit.paper, lead)
        if explanations:
            _print_explanation(hit, explanations[number - 1], " " * len(lead) + "  ")
    if not results:
        _err().print("Nothing passes these filters.")


def _print_explanation(hit: Hit, explanation: Explanation, indent: str) -> None:
    sentence = Text(explanation.sentence)
    for start, end in explanation.marks:
        sentence.stylize("bold", start, end)
    if sentence:
        _out().print(Text(indent) + sentence)
    parts = " + ".join(f"{name} {value:.3f}" for name, value in hit.parts.items())
    line = f"{indent}{hit.score:.3f} = {parts.replace('+ -', '- ')}"
    _out().print(line, style="dim")


def show_list(papers: Sequence[Paper], as_json: bool) -> None:
    """Print papers, one short block each."""
    if as_json:
        _print_json([paper.to_dict() for paper in papers])
        return
    for paper in papers:
        _print_paper(paper, "")
    if not papers:
        _err().print("Nothing passes these filters.")


def show_paper(paper: Paper, as_json: bool) -> None:
    """Print everything about one paper."""
    if as_json:
        _print_json([paper.to_dict()])
        return
    _print_paper(paper, "")
    out = _out()
    if paper.authors:
        out.print(f"  {', '.join(paper.authors)}")
    for link in paper.links:
        out.print(f"  {link.label}: {link.url}")
    meta = paper.metadata
    facts = {
        "listed as": paper.listed_title,
        "remark": paper.description if paper.abstract else "",
        "comment": meta.comment if meta else None,
        "DOI": meta.doi if meta else None,
        "in": ", ".join(f"{place.source}, line {place.line}" for place in paper.provenance),
    }
    for name, fact in facts.items():
        if fact:
            out.print(f"  {name}: {fact}")
    states = {
        "present": paper.abstract,
        "pending": "The abstract is not fetched yet; `rftsearch build` fetches it.",
        "unknown": "arXiv does not know this id.",
        "none": paper.description,
    }
    if text := states[paper.abstract_state]:
        out.print(f"\n{text}")


def show_categories(counts: Mapping[str, int], as_json: bool) -> None:
    """Print categories and how many works each has."""
    if as_json:
        _print_json([{"category": name, "count": count} for name, count in counts.items()])
        return
    for name, count in counts.items():
        _out().print(f"{count:5}  {name}")


def show_status(status: Status, as_json: bool, *, verified: bool) -> None:
    """Print the figures of an index."""
    if as_json:
        _print_json(status.to_dict() | {"verified": verified})
        return
    rows = {
        "index": f"{status.path} (generation {status.generation})",
        "built": f"{status.built} ({_age(status.built)})",
        "from": ", ".join(status.sources) or "the list that comes with rftsearch",
        "model": f"{status.model}, {status.dimension} dimensions",
        "works": f"{status.papers} papers and {status.projects} projects "
        f"in {status.categories} categories",
        "abstracts": f"{status.with_abstract} present, {status.pending} not fetched yet, "
        f"{status.unknown} unknown to arXiv, {status.without} works without one",
        "windows": f"{status.windowed} documents, longer than the model reads at once",
        "size": f"{status.size_bytes / 1e6:.1f} MB",
    }
    for name, value in rows.items():
        _out().print(f"{name:>10}  {value}")
    if verified:
        say("  verified  every file is as it was written")
    for kind, ids in (("not fetched", status.pending_ids), ("unknown", status.unknown_ids)):
        if ids:
            shown = ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
            _err().print(f"{kind}: {shown}")
    _print_notes(status.notes)


def show_report(report: BuildReport, seconds: float) -> None:
    """Print what a build did, and what is missing."""
    counts = report.manifest.counts
    say(
        f"Indexed {counts['papers']} papers and {counts['projects']} projects in "
        f"{len(report.manifest.categories)} categories with {report.manifest.model.name} "
        f"in {seconds:.1f} s: {report.fetched} abstracts new, {report.encoded} documents "
        f"embedded, {counts['without']} works have no abstract. Index: {report.index}"
    )
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        complain(f"{problem.source}, line {problem.line}: {problem.reason}")
    if len(report.problems) > _PROBLEMS_SHOWN:
        complain(f"and {len(report.problems) - _PROBLEMS_SHOWN} more lines that cannot be read")
    _print_notes(report.notes)


def _print_paper(paper: Paper, lead: str) -> None:
    out = _out()
    head = Text(lead, style="dim")
    head.append(_visible(paper.short_name or paper.title), style="bold")
    for part in (", ".join(paper.categories), paper.released or "undated"):
        head.append(f"  {part}", style="cyan")
    if paper.kind == "project":
        head.append("  project", style="cyan")
    if paper.metadata and paper.metadata.withdrawn:
        head.append("  WITHDRAWN", style="bold red")
    out.print(head)
    indent = " " * len(lead) + "  "
    if paper.title != paper.short_name:
        out.print(f"{indent}{paper.title}")
    where = [paper.url or "", *sorted({link.kind for link in paper.links})]
    line = "  ".join(part for part in where if part)
    out.print(f"{indent}{line}", style="dim")


def _print_notes(notes: Sequence[str]) -> None:
    for note in notes:
        _err().print(f"note: {note}", style="dim")


def _print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    sys.stdout.flush()


def _age(built: str) -> str:
    hours = (datetime.now(UTC) - datetime.fromisoformat(built)).total_seconds() / 3600
    if hours < 1:
        return "less than an hour ago"
    return f"{hours:.0f} hours ago" if hours < 48 else f"{hours / 24:.0f} days ago"


class _Plain(Console):
    """A console for texts from anywhere: nothing in them is a command or an emoji code."""

    def __init__(self, file: TextIO) -> None:
        super().__init__(file=file, emoji=False, markup=False, highlight=False, soft_wrap=True)

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - as rich has it
        """Print without control characters, which a terminal would obey."""
        super().print(*(_visible(one) for one in objects), **options)


def _visible(shown: Any) -> Any:  # noqa: ANN401 - as rich has it
    return _CONTROL.sub(" ", shown) if isinstance(shown, str) else shown


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def _out() -> Console:
    return _Plain(sys.stdout)


def _err() -> Console:
    return _Plain(sys.stderr)
