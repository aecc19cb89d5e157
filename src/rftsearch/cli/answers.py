"""What `rftsearch search` and `rftsearch similar` do, however their options were read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rftsearch.cli import terminal
from rftsearch.errors import SourceError, UsageError
from rftsearch.papers.filters import Filters
from rftsearch.papers.results import Results, Sort
from rftsearch.search.engine import Engine
from rftsearch.settings import default_index

__all__ = ["form_of", "index_folder", "make_filters", "search", "similar"]


def search(
    query: Sequence[str],
    filters: Filters,
    *,
    count: int = 10,
    sort: Any = "relevance",  # noqa: ANN401 - what was typed; the engine refuses anything else
    explain: bool = False,
    reranker: str | None = None,
    form: terminal.Form = "text",
    index: Path | None = None,
) -> None:
    """Find the papers that answer a question or fit a description, and print them."""
    text = " ".join(query)
    second = None
    if reranker is not None:
        from rftsearch.encoders.cross_encoder import CrossEncoderReranker  # noqa: PLC0415 - rarely used

        second = CrossEncoderReranker(reranker)
    with Engine.open(index_folder(index), reranker=second) as engine:
        results = engine.search(text, count, filters, sort=sort)
        explanations = engine.explain(text, results) if explain else ()
        terminal.show_results(results, form, explanations)


def similar(  # noqa: PLR0913 - each is an option of the command
    papers: Sequence[str],
    filters: Filters,
    *,
    disliked: Sequence[str] = (),
    diversity: float | None = None,
    text: str | None = None,
    file: Path | None = None,
    fetch: bool = False,
    count: int = 10,
    sort: Any = "relevance",  # noqa: ANN401 - what was typed; the engine refuses anything else
    explain: bool = False,
    form: terminal.Form = "text",
    index: Path | None = None,
) -> None:
    """Find papers like those that are known, or like a text, and print them."""
    given = _given_text(text, file)
    if given is not None and (papers or disliked or diversity is not None):
        raise UsageError("give papers or a text, not both; --not and --diversity go with papers")
    if given is None and not papers:
        raise UsageError("name a paper, or give a text with --text or --file")
    with Engine.open(index_folder(index)) as engine:
        if given is not None:
            results = engine.similar_to_text(given, count, filters, sort=sort)
        elif len(papers) == 1 and not disliked and diversity is None:
            results = engine.similar(papers[0], count, filters, fetch=fetch, sort=sort)
        else:
            results = _recommended(
                engine, papers, disliked, diversity, count, filters, fetch=fetch, sort=sort
            )
        asked = given or (_texts(engine, papers, fetch=fetch) if explain else "")
        explanations = engine.explain(asked, results) if explain else ()
        terminal.show_results(results, form, explanations)


def index_folder(index: Path | None) -> Path:
    """The index folder that was named, or the default."""
    return default_index() if index is None else index.expanduser()


def make_filters(
    category: Sequence[str] | None,
    since: str | None,
    until: str | None,
    has: Sequence[str] | None,
    kind: Any,  # noqa: ANN401 - what was typed; Filters refuses anything but a kind
    generative: bool | None,
) -> Filters:
    """The filters that were typed.

    Raises:
        FilterError: They make no sense.
    """
    return Filters(
        categories=tuple(category or ()),
        since=since,
        until=until,
        has=tuple(has or ()),
        kind=kind,
        generative=generative,
    )


def form_of(as_json: bool, json_full: bool) -> terminal.Form:
    """How the answer is to be printed."""
    return "json-full" if json_full else "json" if as_json else "text"


def _recommended(
    engine: Engine,
    liked: Sequence[str],
    disliked: Sequence[str],
    diversity: float | None,
    count: int,
    filters: Filters,
    *,
    fetch: bool,
    sort: Sort,
) -> Results:
    if diversity is None:
        return engine.recommend(liked, disliked, count, filters=filters, fetch=fetch, sort=sort)
    return engine.recommend(liked, disliked, count, diversity, filters, fetch=fetch, sort=sort)


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
