"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rftsearch.errors import UsageError
from rftsearch.settings import INDEX_VARIABLE

if TYPE_CHECKING:
    from rftsearch.sources.arxiv.snapshot import Snapshot

__all__ = [
    "AsJson",
    "Category",
    "Count",
    "Generative",
    "Has",
    "Index",
    "Kind",
    "PaperName",
    "Since",
    "Sorted",
    "Until",
    "make_snapshot",
]

Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        help=f"Index folder; by default ${INDEX_VARIABLE}, the checkout's index/, "
        "or the user's data folder.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Count = Annotated[int, typer.Option("-k", "--count", help="How many papers at the most.")]
Category = Annotated[
    list[str] | None,
    typer.Option(
        "--category",
        "-c",
        help="Only this category: its name, or a part that no other has, in any case; "
        "may be repeated.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="YYYY[-MM]", help="Released in that month or later."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="YYYY[-MM]", help="Released in that month or earlier."),
]
Has = Annotated[
    list[str] | None,
    typer.Option(
        "--has", help="Only with such a link: code, model, dataset, demo ...; may be repeated."
    ),
]
Kind = Annotated[str | None, typer.Option("--kind", help="Only this kind: paper or project.")]
Generative = Annotated[
    bool | None,
    typer.Option("--generative/--not-generative", help="Only works on generation, or none."),
]
Sorted = Annotated[
    str,
    typer.Option(
        "--sort",
        metavar="ORDER",
        help="relevance; or of the papers that fit, newest or oldest first.",
    ),
]
PaperName = Annotated[str, typer.Argument(help="arXiv id or URL, short name, or title.")]


def make_snapshot(
    path: Path | None, categories: list[str] | None, since: str | None
) -> Snapshot | None:
    """The snapshot that was named, if any, with what to take of it.

    Args:
        path: Its file.
        categories: arXiv's categories; each may be several with commas between.
        since: A year, a month or a day.

    Raises:
        UsageError: There are filters without a file, or they make no sense.
    """
    if path is None:
        if categories or since:
            raise UsageError(
                "--arxiv-category and --since say what to take of a snapshot; name its file "
                "with --arxiv-snapshot"
            )
        return None
    from rftsearch.sources.arxiv.snapshot import Snapshot  # noqa: PLC0415 - for builds alone

    asked = [part for each in categories or () for part in each.split(",") if part.strip()]
    if categories and not asked:
        raise UsageError("--arxiv-category names none; leave it out to take all categories")
    return Snapshot(path, tuple(asked), since)
