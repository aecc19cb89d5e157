"""`rftsearch discover`: new papers that the list may want."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.command import Option, OptionGroup, command
from rftsearch.cli.options import INDEX
from rftsearch.cli.progress import progress
from rftsearch.cli.terminal import note, print_json, print_line, say, show_notes
from rftsearch.errors import UsageError
from rftsearch.settings import expanded, index_place
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.living.discovery.backtest import Backtest
    from rftsearch.living.discovery.discover import Discovery

__all__ = ["DECISIONS", "LOOKING", "Looking", "discover", "find_papers"]

DECISIONS = Option(
    "--decisions",
    type=Path,
    metavar="FILE",
    help="file of what was accepted and dismissed; rftsearch-decisions.jsonl in the current "
    "folder by default",
)


@dataclass(frozen=True)
class Looking:
    """What papers to look for."""

    count: int
    since: str | None
    classes: Sequence[str] | None
    snapshot: Path | None
    most: int
    least: float
    like: Path | None

    @property
    def file(self) -> Path | None:
        """Return the file to look through; None for arXiv."""
        return None if self.snapshot is None else expanded(self.snapshot)


_FORMS = ("table", "json", "markdown", "atom", "issue")


LOOKING = OptionGroup(
    "looking",
    Looking,
    Option(
        "-k", "--count", type=int, default=20, metavar="N", help="number of papers; 20 by default"
    ),
    Option(
        "--since",
        metavar="DAY",
        help="papers from then on: 2025-03-01, 2025-03 or 2025; by default the last 30 days",
    ),
    Option(
        "--class",
        dest="classes",
        action="append",
        metavar="CLASS,...",
        help="arXiv classes to look through, such as cs.CV,cs.CL; by default those of the "
        "listed papers",
    ),
    Option(
        "--snapshot",
        type=Path,
        metavar="FILE",
        help="look through this file instead of arXiv: arXiv's snapshot, or papers as JSON Lines",
    ),
    Option(
        "--most",
        type=int,
        default=5_000,
        metavar="N",
        help="look through at most this many papers, the newest; 5,000 by default",
    ),
    Option(
        "--least",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="leave out papers that are less likely to belong, from 0 to 1; of fewer than 30 "
        "candidates the probability is rough",
    ),
    Option(
        "--like",
        type=Path,
        metavar="FILE",
        help="write entries in the style of this list; by default that of the index",
    ),
    title="which papers",
)


@command(
    DECISIONS,
    Option(
        "--format",
        dest="form",
        choices=_FORMS,
        default="table",
        metavar="FORM",
        help="table (default), json, markdown, atom, or issue for the body of an issue on GitHub",
    ),
    Option(
        "--backtest",
        action="store_true",
        help="hide the listed papers of --since and later, and measure how well they are found "
        "among the papers of --snapshot",
    ),
    LOOKING,
    INDEX,
)
def discover(
    *,
    looking: Looking,
    decisions: Path | None,
    form: str,
    backtest: bool,
    index: Path | None,
) -> None:
    """Find new papers that belong to the list, and rank them by how well they do.

    arXiv is asked for new papers of the classes that the list lives in. What is listed, was
    removed, accepted or dismissed is left out.
    """
    from rftsearch.living.discovery.decisions import DECISIONS_FILE
    from rftsearch.living.discovery.formats import DISCOVERY_FORMATS

    if backtest:
        _show_backtest(_tested(looking, index), form)
        return
    file = expanded(decisions or DECISIONS_FILE)
    found = find_papers(looking, file, index)
    if form == "json":
        print_json(found.to_dict())
    elif form == "table":
        _show(found)
    else:
        if form == "issue":
            from rftsearch.living.issue.body import write_body

            text = write_body(found, file.name)
        else:
            text = DISCOVERY_FORMATS[form](found)
        for line in text.rstrip("\n").split("\n"):
            print_line(line)
        show_notes(found.notes)


def find_papers(looking: Looking, file: Path, index: Path | None) -> Discovery:
    """Look for papers.

    Args:
        looking: Which.
        file: The file of decisions.
        index: Folder of the index; None for the default one.
    """
    from rftsearch.living.discovery.decisions import read_decisions
    from rftsearch.living.discovery.discover import discover as find
    from rftsearch.search.engine import Engine

    _check(looking)
    named = [part.strip() for each in looking.classes or () for part in each.split(",")]
    with Engine.open(index_place(index)) as engine, progress() as report:
        return find(
            engine,
            count=looking.count,
            since=looking.since,
            classes=[name for name in named if name],
            snapshot=looking.file,
            decisions=read_decisions(file),
            most=looking.most,
            least=looking.least,
            like=None if looking.like is None else expanded(looking.like),
            progress=report,
        )


def _tested(looking: Looking, index: Path | None) -> Backtest:
    from rftsearch.living.discovery.travel import travel
    from rftsearch.search.engine import Engine

    _check(looking)
    with Engine.open(index_place(index)) as engine, progress() as report:
        return travel(engine, looking.file, month=looking.since, most=looking.most, progress=report)


def _check(looking: Looking) -> None:
    if looking.count < 1 or looking.most < 1:
        raise UsageError("--count and --most must be 1 or more")


def _show(found: Discovery) -> None:
    from rftsearch.living.discovery.formats import summary

    for one in found.candidates:
        print_line(
            (f"{one.probability:4.0%}  ", "bold"), one.paper.title, (f"  {one.paper.id}", "dim")
        )
        if one.prediction:
            verdict = "predicted" if one.prediction.sure else "unsure"
            print_line(f"      {verdict}: {', '.join(one.prediction.categories)}")
        print_line(
            (f"      most like {', '.join(paper.short_name for paper, _ in one.nearest)}", "dim")
        )
        if one.sentence:
            print_line((f"      {one.sentence}", "dim"))
        print_line(f"      {one.line}")
    if found.candidates:
        say("`rftsearch accept ID...` and `rftsearch dismiss ID...` teach the next ranking.")
    note(summary(found))
    show_notes(found.notes)


def _show_backtest(found: Backtest, form: str) -> None:
    if form == "json":
        print_json(found.to_dict())
        return
    from rftsearch.living.discovery.backtest import BACKTEST_COUNTS

    print_line(
        f"Known: {plural(found.known, 'paper', 'papers')} from before {found.month}. To be found: "
        f"{found.hidden:,} later ones among {found.others:,} others."
    )
    if found.left_out:
        left_out = plural(found.left_out, "listed paper", "listed papers")
        note(f"{left_out} left out: it is not known whether they are from before {found.month}")
    heads = [f"within {count}" for count in BACKTEST_COUNTS]
    print_line(f"{'':20}{'precision':>11}", *(f"{head:>12}" for head in heads), f"{'best 5%':>10}")
    for one in found.rankings:
        shares = (f"{share:>12.2f}" for share in one.recall)
        print_line(
            f"{one.system:20}{one.average_precision:>11.3f}",
            *shares,
            f"{one.recall_of_share:>10.2f}",
        )
    say("Best ranked of the others, which may belong all the same:")
    for paper in found.best_others[:10]:
        print_line(f"  {paper.title}", (f"  {paper.id}", "dim"))
