"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rftsearch.index.location import INDEX_VARIABLE

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
    "Until",
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
    typer.Option("--category", "-c", help="Only this category, in any case; may be repeated."),
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="YYYY-MM", help="Released in that month or later.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="YYYY-MM", help="Released in that month or earlier."),
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
PaperName = Annotated[str, typer.Argument(help="arXiv id or URL, short name, or title.")]
