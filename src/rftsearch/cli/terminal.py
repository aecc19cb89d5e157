"""What the command line prints."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TextIO

from rftsearch.errors import RftsearchError, UsageError
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Explanation, Hit, Results
from rftsearch.text.plural import plural
from rftsearch.types import Progress

if TYPE_CHECKING:
    from rftsearch.index.build.build import BuildReport
    from rftsearch.index.generations.status import Status
    from rftsearch.search.answer.overview import PaperMap, Timeline

__all__ = [
    "Form",
    "complain",
    "explained",
    "note",
    "progress",
    "say",
    "show_categories",
    "show_list",
    "show_map",
    "show_notes",
    "show_paper",
    "show_report",
    "show_results",
    "show_status",
    "show_timeline",
]

Form = Literal["text", "json", "json-full"]

_PROBLEMS_SHOWN = 20
_BAR = 50
"""Characters of the longest bar of a timeline."""
_SILENCE = 10.0
"""Seconds without a word where no terminal shows a bar; what is over sooner says nothing."""
_STAGES = {
    "read": "Reading lists",
    "snapshot": "Reading the snapshot",
    "fetch": "Fetching abstracts",
    "learn": "Making the static model",
    "export": "Exporting the model",
    "encode": "Embedding",
    "store": "Storing",
    "write": "Writing the index",
    "publish": "Publishing",
    "clean": "Tidying up",
}


# How a part of a line looks on a terminal, as ANSI has it (ECMA-48, select graphic rendition).
Style = Literal["", "bold", "dim", "cyan", "bold red"]
_CODES: Mapping[str, str] = {"bold": "1", "dim": "2", "cyan": "36", "bold red": "1;31"}

_IN_BYTES = ("snapshot",)


def say(line: str) -> None:
    """Print a line about what was done."""
    _print(line)


def complain(line: str) -> None:
    """Print an error as one line."""
    _print(f"rftsearch: {line}", file=sys.stderr)


@contextmanager
def explained() -> Iterator[None]:
    """End the process as the command line promises, whatever goes wrong.

    Exit codes: 1 it failed, 2 it was asked wrongly, 130 interrupted. Where the reader
    of the output has had enough, it ends quietly with 1.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter gets its code, not a traceback.
            stream.reconfigure(errors="backslashreplace")
    try:
        with _interruptions():
            yield
            sys.stdout.flush()
    except RftsearchError as error:
        complain(str(error))
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        _discard_output()
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _discard_output()
        complain("the disk is full, so not everything was written; free some of it")
        sys.exit(1)


@contextmanager
def _interruptions() -> Iterator[None]:
    """Let Ctrl-C be Ctrl-C: libraries in C, as they are loaded, make errors of their own of it.

    Raises:
        KeyboardInterrupt: One is behind the error.
    """
    try:
        yield
    except Exception as error:
        behind: BaseException | None = error
        while behind is not None:
            if isinstance(behind, KeyboardInterrupt):
                raise behind from None
            behind = behind.__cause__ or behind.__context__
        raise


def _discard_output() -> None:
    """Throw away what is not written yet: Python would try once more at its end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(line: str) -> None:
    """Print to standard error what is to be known about an answer."""
    show_notes([line])


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on standard error; where that is no terminal, a line now and then."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console  # noqa: PLC0415 - not for a search
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[figures]}"))
    console = Console(file=sys.stderr)
    with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None, figures="")

        def tell(stage: str, done: int, total: int) -> None:
            name, now = _STAGES.get(stage, stage), bar.tasks[task]
            if now.description != name:  # A rate is that of its stage.
                bar.reset(task, description=name, total=None, figures="")
            bar.update(task, completed=done, total=total or None)
            rate = now.finished_speed or now.speed
            bar.update(task, figures=_figures(stage, done, total, rate))

        yield tell


def _lines(clock: Callable[[], float] = time.monotonic) -> Progress:
    """Say how far it is in a line, when `_SILENCE` has passed without one.

    Args:
        clock: Seconds that go on.
    """
    said = clock()

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal said
        if clock() - said < _SILENCE:
            return
        said = clock()
        far = _figures(stage, done, total, None)
        with suppress(OSError):  # Nobody reads it any more; that ends no build.
            _print(": ".join(filter(None, [_STAGES.get(stage, stage), far])), file=sys.stderr)

    return tell


def _figures(stage: str, done: int, total: int, rate: float | None) -> str:
    """How far a stage is and how fast it goes: `1,200/2,000  85/s`, bytes as megabytes."""
    if not (done or total):
        return ""
    unit, digits, step = (" MB", 1, 1e6) if stage in _IN_BYTES else ("", 0, 1)
    far = f"{done / step:,.{digits}f}" + (f"/{total / step:,.{digits}f}" if total else "") + unit
    return f"{far}  {rate / step:,.{digits}f}{unit}/s" if rate else far


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
    show_notes(results.notes)


def _print_hits(results: Results, explanations: Sequence[Explanation]) -> None:
    for number, hit in enumerate(results, start=1):
        lead = f"{number:2}  {hit.score:.3f}  "
        _print_paper(hit.paper, lead)
        if explanations:
            _print_explanation(hit, explanations[number - 1], " " * len(lead) + "  ")
    if not results:
        _print("There is no such work in this index.", file=sys.stderr)


def _print_explanation(hit: Hit, explanation: Explanation, indent: str) -> None:
    sentence, end = explanation.sentence, 0
    pieces: list[tuple[str, Style]] = [(indent, "")]
    for start, stop in explanation.marks:
        pieces += [(sentence[end:start], ""), (sentence[start:stop], "bold")]
        end = stop
    if sentence:
        _print(*pieces, (sentence[end:], ""))
    parts = " + ".join(f"{name} {value:.3f}" for name, value in hit.parts.items())
    line = f"{indent}{hit.score:.3f} = {parts.replace('+ -', '- ')}"
    _print((line, "dim"))


def show_list(papers: Sequence[Paper], as_json: bool) -> None:
    """Print papers, one short block each."""
    if as_json:
        _print_json([paper.to_dict() for paper in papers])
        return
    for paper in papers:
        _print_paper(paper, "")
    if not papers:
        _print("There is no such work in this index.", file=sys.stderr)


def show_paper(paper: Paper, as_json: bool) -> None:
    """Print everything about one paper."""
    if as_json:
        _print_json([paper.to_dict()])
        return
    _print_paper(paper, "")
    if paper.authors:
        _print(f"  {', '.join(paper.authors)}")
    for link in paper.links:
        _print(f"  {link.label}: {link.url}")
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
            _print(f"  {name}: {fact}")
    states = {
        "present": paper.abstract,
        "pending": "The abstract is not fetched yet; `rftsearch build` fetches it.",
        "unknown": "arXiv does not know this id.",
        "none": paper.description,
    }
    if text := states[paper.abstract_state]:
        _print(f"\n{text}")


def show_categories(counts: Mapping[str, int], as_json: bool) -> None:
    """Print categories and how many works each has."""
    if as_json:
        _print_json([{"category": name, "count": number} for name, number in counts.items()])
        return
    for name, number in counts.items():
        _print(f"{number:5}  {name}")


def show_map(drawn: PaperMap, as_json: bool) -> None:
    """Print a map: as CSV, how it was made on standard error; or all of it as JSON."""
    if as_json:
        _print_json(drawn.to_dict())
        return
    from rftsearch.export.table import guarded  # noqa: PLC0415 - questions need none of it

    columns = ("id", "short_name", "title", "category", "kind", "released", "x", "y")
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(columns)
    for point in drawn.points:
        values = (getattr(point, name) for name in columns)
        rows.writerow([guarded(_CONTROL.sub(" ", v)) if isinstance(v, str) else v for v in values])
    shown = f"{len(drawn.points)} of {drawn.total} papers, an even sample" if drawn.sampled else ""
    show_notes([f"drawn by {drawn.method}", *filter(None, [shown])])


def show_timeline(line: Timeline, as_json: bool, *, cumulative: bool) -> None:
    """Print works per month as bars; by category too as JSON."""
    counts = line.cumulative() if cumulative else line.counts
    if as_json:
        _print_json(line.to_dict() | {"counts": counts, "cumulative": cumulative})
        return
    totals = [sum(row) for row in counts]
    encoding = (sys.stdout.encoding or "ascii").lower()
    block = "█" if encoding.startswith("utf") else "#"  # Not every terminal has the block.
    for month, total in zip(line.months, totals, strict=True):
        bar = block * -(-total * _BAR // max(totals))
        _print(f"{month}  {total:5}  {bar}".rstrip())
    if not totals:
        _print("There is no such work in this index.", file=sys.stderr)
    left_out = {"without a month": line.undated, "of earlier months": line.earlier}
    show_notes([f"left out: {number} {which}" for which, number in left_out.items() if number])


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
        "queries": f"encoded by {status.encoded_by or 'the program that built the index'}"
        + (f": {status.no_export_reason}" if status.no_export_reason else ""),
        "works": f"{plural(status.papers, 'paper')} and {plural(status.projects, 'project')} "
        f"in {plural(status.categories, 'category', 'categories')}",
        "abstracts": f"{status.with_abstract:,} present, {status.pending:,} not fetched yet, "
        f"{status.unknown:,} unknown to arXiv, {plural(status.without, 'work')} without one",
        "windows": f"{plural(status.windowed, 'document')}, longer than the model reads at once",
        "size": f"{status.size_bytes / 1e6:.1f} MB",
    }
    if status.left_out:
        rows["removed"] = f"by hand: {', '.join(status.left_out)}"
    for name, value in rows.items():
        _print(f"{name:>10}  {value}")
    if verified:
        say("  verified  every file is as it was written")
    for kind, ids in (("not fetched", status.pending_ids), ("unknown", status.unknown_ids)):
        if ids:
            shown = ", ".join(ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
            _print(f"{kind}: {shown}", file=sys.stderr)
    show_notes(status.notes)


def show_report(report: BuildReport, seconds: float) -> None:
    """Print what a build did, and what is missing."""
    counts = report.manifest.counts
    say(
        f"Indexed {plural(counts['papers'], 'paper')} and {plural(counts['projects'], 'project')} "
        f"in {plural(len(report.manifest.categories), 'category', 'categories')} "
        f"with {report.manifest.model.name} in {seconds:.1f} s: "
        f"{plural(report.fetched, 'abstract')} new, {plural(report.encoded, 'document')} embedded, "
        f"{plural(counts['without'], 'work has', 'works have')} none to fetch. "
        f"Index: {report.index}"
    )
    if report.manifest.previous is not None:
        changes = ((report.came, "came"), (report.went, "went"), (report.changed, "changed"))
        told = [f"{plural(number, 'work')} {what}" for number, what in changes if number]
        say(f"Since the build before: {', '.join(told) or 'nothing changed'}.")
    for line in report.outcome.account:
        say(line)
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        complain(f"{problem.source}, line {problem.line}: {problem.reason}")
    more = max(0, len(report.problems) - _PROBLEMS_SHOWN) + report.outcome.more_problems
    if more:
        complain(f"and {plural(more, 'more line')} that cannot be read")
    show_notes(report.notes)


def _print_paper(paper: Paper, lead: str) -> None:
    head: list[tuple[str, Style]] = [(lead, "dim"), (paper.short_name or paper.title, "bold")]
    head += [
        (f"  {', '.join(paper.categories)}", "cyan"),
        (f"  {paper.released or 'undated'}", "cyan"),
    ]
    if paper.kind == "project":
        head.append(("  project", "cyan"))
    if paper.metadata and paper.metadata.withdrawn:
        head.append(("  WITHDRAWN", "bold red"))
    _print(*head)
    indent = " " * len(lead) + "  "
    if paper.title != paper.short_name:
        _print(f"{indent}{paper.title}")
    where = [paper.url or "", *sorted({link.kind for link in paper.links})]
    line = "  ".join(part for part in where if part)
    _print((f"{indent}{line}", "dim"))


def show_notes(notes: Sequence[str]) -> None:
    """Print what is to be known besides an answer."""
    for note in notes:
        _print((f"note: {note}", "dim"), file=sys.stderr)


def _print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    # A letter's code as `explained` has it written is none of JSON's.
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(value, sys.stdout, ensure_ascii=not unicode, indent=2)
    sys.stdout.write("\n")
    sys.stdout.flush()


def _age(built: str) -> str:
    hours = (datetime.now(UTC) - datetime.fromisoformat(built)).total_seconds() / 3600
    if hours < 1:
        return "less than an hour ago"
    if hours < 48:
        return f"{plural(round(hours), 'hour')} ago"
    return f"{plural(round(hours / 24), 'day')} ago"


def _print(*pieces: str | tuple[str, Style], file: TextIO | None = None) -> None:
    """Print one line in pieces, each plain or with its style.

    The texts come from anywhere: control characters, which a terminal would obey,
    are taken out.
    """
    file = file or sys.stdout
    coloured = _shows_styles(file)
    line = ""
    for piece in pieces:
        text, style = (piece, "") if isinstance(piece, str) else piece
        text = _CONTROL.sub(" ", text)
        code = _CODES.get(style)
        line += f"\x1b[{code}m{text}\x1b[0m" if coloured and code and text else text
    file.write(f"{line}\n")


def _shows_styles(file: TextIO) -> bool:
    """Whether its user wants styles: on a terminal, unless the environment says otherwise."""
    if os.environ.get("FORCE_COLOR"):
        return True
    return file.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
