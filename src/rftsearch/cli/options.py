"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.command import Option, OptionGroup
from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS, FilterField, make_filters
from rftsearch.settings import INDEX_VARIABLE

if TYPE_CHECKING:
    from rftsearch.cli.render import Form
    from rftsearch.papers.filters import Filters
    from rftsearch.sources.arxiv.snapshot import Snapshot

__all__ = [
    "AS_OF",
    "COUNT",
    "FILTERS",
    "FORM",
    "INDEX",
    "JSON",
    "LITERAL",
    "PAPER",
    "SNAPSHOT",
    "SORT",
]

INDEX = Option(
    "--index",
    type=Path,
    metavar="DIR",
    help="folder of the index, or its address on Qdrant where it is only read; by default "
    f"${INDEX_VARIABLE}, else index/ of the clone, else a folder in your data folder",
)
JSON = Option("--json", action="store_true", dest="as_json", help="print JSON")
PAPER = Option("paper", metavar="PAPER", help="arXiv id or URL, short name, or title")
COUNT = Option(
    "-k", "--count", type=int, default=10, metavar="N", help="number of papers; 10 by default"
)
SORT = Option(
    "--sort",
    default="relevance",
    metavar="ORDER",
    help="relevance (default), newest or oldest; by date only good matches",
)

AS_OF = Option(
    "--as-of",
    metavar="DATE",
    help="as the index was on this day: 2026-03-15, or the end of 2026-03 or 2026 (UTC)",
)


def _filter_options(field: FilterField) -> list[Option]:
    name = f"--{field.one}"
    if field.type == "flag":
        same = {"dest": field.name, "action": "store_const", "default": None}
        return [
            Option(name, const=True, help=field.help, **same),
            Option(
                f"--not-{field.one}",
                const=False,
                help="only papers that are not about generation",
                **same,
            ),
        ]
    if field.type == "texts":
        # A letter for what is typed most.
        names = ("-c", name) if field.name == "categories" else (name,)
        metavar = "LINK" if field.name == "has" else field.one.upper()
        return [Option(*names, dest=field.name, action="append", metavar=metavar, help=field.help)]
    metavar = "YYYY[-MM]" if field.type == "month" else field.one.upper()
    return [Option(name, dest=field.name, metavar=metavar, help=field.help)]


def _filters(**values: object) -> Filters:
    return make_filters(values)


FILTERS = OptionGroup(
    "filters",
    _filters,
    *(option for field in FILTER_FIELDS for option in _filter_options(field)),
    title="filters",
)


def _form(as_json: bool, json_full: bool) -> Form:
    return "json-full" if json_full else "json" if as_json else "text"


def _ignored(literal: bool, ignore: list[str] | None) -> tuple[str, ...]:
    return ("all",) if literal else tuple(ignore or ())


LITERAL = OptionGroup(
    "ignore",
    _ignored,
    Option(
        "--literal",
        action="store_true",
        help="read nothing into the words: no dates, authors, typing errors and so on",
    ),
    Option(
        "--ignore",
        action="append",
        metavar="PART",
        help="do not read this into the words: the id of a part, as --json-full names it, or a "
        "kind such as dates; repeatable",
    ),
)
FORM = OptionGroup(
    "form",
    _form,
    JSON,
    Option(
        "--json-full",
        action="store_true",
        help="print one object: hits, facets, notes, and what was understood",
    ),
)


def _snapshot(
    arxiv_snapshot: Path | None, arxiv_category: list[str] | None, since: str | None
) -> Snapshot | None:
    """Return the snapshot that was named, if any, and what to take of it.

    Args:
        arxiv_snapshot: Its file.
        arxiv_category: arXiv's categories; each may be several, separated by commas.
        since: A year, a month or a day.

    Raises:
        UsageError: If there are filters without a file, or they make no sense.
    """
    if arxiv_snapshot is None:
        if arxiv_category or since:
            raise UsageError(
                "--arxiv-category and --since select papers of a snapshot; name its file "
                "with --arxiv-snapshot"
            )
        return None
    from rftsearch.sources.arxiv.snapshot import Snapshot

    asked = [part for each in arxiv_category or () for part in each.split(",") if part.strip()]
    if arxiv_category and not asked:
        raise UsageError("--arxiv-category names no category; leave it out to take all of them")
    return Snapshot(arxiv_snapshot, tuple(asked), since)


SNAPSHOT = OptionGroup(
    "snapshot",
    _snapshot,
    Option(
        "--arxiv-snapshot",
        type=Path,
        metavar="FILE",
        help="arXiv's metadata snapshot: JSON Lines, plain or compressed as gz, xz or zst",
    ),
    Option(
        "--arxiv-category",
        action="append",
        metavar="CATEGORY,...",
        help="take only papers of these arXiv categories from the snapshot, such as cs.CV,cs.CL, "
        "or cs for all of computer science",
    ),
    Option(
        "--since",
        metavar="DAY",
        help="take only papers of the snapshot whose first version appeared then or later: "
        "2024, 2024-01 or 2024-01-15",
    ),
    title="arXiv's snapshot",
)
