"""The commands `rftsearch search` and `rftsearch similar`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rftsearch import console
from rftsearch.cli_options import (
    AsJson,
    Category,
    Count,
    Generative,
    Has,
    Index,
    Kind,
    Since,
    Until,
    index_folder,
    make_filters,
)
from rftsearch.errors import SourceError, UsageError
from rftsearch.index.rerankers import CrossEncoderReranker
from rftsearch.records import Filters, Results
from rftsearch.search.engine import Engine

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
    text = " ".join(query)
    filters = make_filters(category, since, until, has, kind, generative)
    second = None if reranker is None else CrossEncoderReranker(reranker)
    with Engine.open(index_folder(index), reranker=second) as engine:
        results = engine.search(text, count, filters)
        explanations = engine.explain(text, results) if explain else ()
        console.show_results(results, _form(as_json, json_full), explanations)


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
    explain: Explain = False,
    as_json: AsJson = False,
    json_full: AsJsonFull = False,
    index: Index = None,
) -> None:
    """Find papers like those you know, or like a text."""
    liked, unwanted = papers or [], disliked or []
    given = _given_text(text, file)
    if given is not None and (liked or unwanted or diversity is not None):
        raise UsageError("give papers or a text, not both; --not and --diversity go with papers")
    if given is None and not liked:
        raise UsageError("name a paper, or give a text with --text or --file")
    filters = make_filters(category, since, until, has, kind, generative)
    with Engine.open(index_folder(index)) as engine:
        if given is not None:
            results = engine.similar_to_text(given, count, filters)
        elif len(liked) == 1 and not unwanted and diversity is None:
            results = engine.similar(liked[0], count, filters, fetch=fetch)
        else:
            results = _recommended(engine, liked, unwanted, diversity, count, filters, fetch=fetch)
        asked = given or (_texts(engine, liked, fetch=fetch) if explain else "")
        explanations = engine.explain(asked, results) if explain else ()
        console.show_results(results, _form(as_json, json_full), explanations)


def _recommended(
    engine: Engine,
    liked: Sequence[str],
    disliked: Sequence[str],
    diversity: float | None,
    count: int,
    filters: Filters,
    *,
    fetch: bool,
) -> Results:
    if diversity is None:
        return engine.recommend(liked, disliked, count, filters=filters, fetch=fetch)
    return engine.recommend(liked, disliked, count, diversity, filters, fetch=fetch)


def _given_text(text: str | None, file: Path | None) -> str | None:
    """The text whose like is looked for; None where there is none."""
    if text is not None and file is not None:
        raise UsageError("give the text with --text or with --file, not with both")
    if file is None:
        return text
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.expanduser().read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {file}: {error.strerror}; name a text file") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{file} is not UTF-8 text; give the abstract as plain text") from error


def _texts(engine: Engine, references: Sequence[str], *, fetch: bool) -> str:
    """Title and abstract of papers, for the words they share with those found."""
    papers = [engine.paper(reference, fetch=fetch) for reference in references]
    return " ".join(f"{paper.title}. {paper.abstract}" for paper in papers)


def _form(as_json: bool, json_full: bool) -> console.Form:
    return "json-full" if json_full else "json" if as_json else "text"
