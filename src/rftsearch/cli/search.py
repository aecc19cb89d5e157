"""The commands `rftsearch search` and `rftsearch similar`, as typer knows them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rftsearch.cli import answers
from rftsearch.cli.answers import form_of, make_filters
from rftsearch.cli.options import (
    AsJson,
    Category,
    Count,
    Generative,
    Has,
    Index,
    Kind,
    Since,
    Sorted,
    Until,
)

__all__ = ["search", "similar"]

AsJsonFull = Annotated[
    bool,
    typer.Option("--json-full", help="Print a JSON object of hits, facets and notes."),
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Show of each paper the sentence that answers best, and why."),
]


def search(  # noqa: PLR0913, PLR0917 - each is an option of the command
    query: Annotated[list[str], typer.Argument(help="What the papers should be about.")],
    count: Count = 10,
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    sort: Sorted = "relevance",
    explain: Explain = False,
    reranker: Annotated[
        str | None,
        typer.Option(
            "--rerank",
            metavar="MODEL",
            help="Cross-encoder that reads the best 50 once more: a hub id or a folder.",
        ),
    ] = None,
    as_json: AsJson = False,
    json_full: AsJsonFull = False,
    index: Index = None,
) -> None:
    """Find the papers that answer a question or fit a description."""
    answers.search(
        query,
        make_filters(category, since, until, has, kind, generative),
        count=count,
        sort=sort,
        explain=explain,
        reranker=reranker,
        form=form_of(as_json, json_full),
        index=index,
    )


def similar(  # noqa: PLR0913, PLR0917 - each is an option of the command
    papers: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAPER]...",
            help="Papers you like: arXiv id or URL, short name, or title; "
            "several are several interests.",
            show_default=False,
        ),
    ] = None,
    disliked: Annotated[
        list[str] | None,
        typer.Option("--not", metavar="PAPER", help="Not like this paper; may be repeated."),
    ] = None,
    diversity: Annotated[
        float | None,
        typer.Option(
            "--diversity",
            help="From 0, the best alone, to 1, the most different; 0.3 for several papers.",
        ),
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="Like this text, such as your own abstract.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help="Like the text of a file; - reads the input."),
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Ask arXiv for an id that is not in the index.")
    ] = False,
    count: Count = 10,
    category: Category = None,
    since: Since = None,
    until: Until = None,
    has: Has = None,
    kind: Kind = None,
    generative: Generative = None,
    sort: Sorted = "relevance",
    explain: Explain = False,
    as_json: AsJson = False,
    json_full: AsJsonFull = False,
    index: Index = None,
) -> None:
    """Find papers like those you know, or like a text."""
    answers.similar(
        papers or (),
        make_filters(category, since, until, has, kind, generative),
        disliked=disliked or (),
        diversity=diversity,
        text=text,
        file=file,
        fetch=fetch,
        count=count,
        sort=sort,
        explain=explain,
        form=form_of(as_json, json_full),
        index=index,
    )
