"""`rftsearch search` and `similar`: papers that answer a question, or are like others."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import AS_OF, COUNT, FILTERS, FORM, INDEX, LITERAL, SORT
from rftsearch.cli.process import answering_once
from rftsearch.errors import SourceError, UsageError
from rftsearch.settings import expanded, index_place

if TYPE_CHECKING:
    from rftsearch.cli.render import Form
    from rftsearch.papers.filters import Filters
    from rftsearch.papers.results import Results
    from rftsearch.search.engine import Engine

__all__ = ["given_text", "search", "similar"]

EXPLAIN = Option(
    "--explain",
    action="store_true",
    help="show for each paper the sentence that answers best, and the parts of the score",
)


@command(
    Option("query", nargs="+", metavar="QUERY", help="what the papers should be about"),
    COUNT,
    SORT,
    EXPLAIN,
    Option(
        "--rerank",
        metavar="MODEL",
        help="cross-encoder that reads the best 50 again: a hub id or a folder",
    ),
    AS_OF,
    LITERAL,
    FORM,
    INDEX,
    FILTERS,
)
def search(
    *,
    query: Sequence[str],
    filters: Filters,
    count: int,
    sort: Any,  # noqa: ANN401 - the engine refuses what is not an order
    explain: bool,
    rerank: str | None,
    as_of: str | None,
    ignore: Sequence[str],
    form: Form,
    index: Path | None,
) -> None:
    """Find the papers that answer a question or match a description."""
    text = " ".join(query)
    with answering_once(), _prepared(index_place(index)) as folder:
        from rftsearch.cli import render
        from rftsearch.search.engine import Engine

        reranker = None
        if rerank is not None:
            from rftsearch.encoders.cross_encoder import CrossEncoderReranker

            reranker = CrossEncoderReranker(rerank)
        with Engine.open(folder, reranker=reranker) as engine:
            if as_of is None:
                results = engine.search(text, count, filters, sort=sort, ignore=ignore)
            else:
                from rftsearch.living.as_of import search_as_of

                results = search_as_of(engine, text, as_of, count, filters, sort, ignore)
            topic = results.understood.text if results.understood else text
            explanations = engine.explain(topic or text, results) if explain else ()
            if form != "text":
                from rftsearch.living.labels.unlabelled import with_predictions

                results = with_predictions(engine, results)
            render.show_results(results, form, explanations)


@command(
    Option(
        "papers",
        nargs="*",
        metavar="PAPER",
        help="a paper you like: arXiv id or URL, short name, or title; several stand for "
        "several interests",
    ),
    Option(
        "--not",
        dest="disliked",
        action="append",
        metavar="PAPER",
        help="a paper to stay away from; repeatable",
    ),
    Option(
        "--diversity",
        type=float,
        metavar="SHARE",
        help="from 0 (the closest papers) to 1 (the most different); 0.3 for several papers",
    ),
    Option("--text", help="papers like this text, such as your own abstract"),
    Option(
        "--file",
        type=Path,
        help="papers like a text file, or like the paper of a PDF; - reads stdin",
    ),
    Option("--fetch", action="store_true", help="ask arXiv for an id that is not in the index"),
    COUNT,
    SORT,
    EXPLAIN,
    FORM,
    INDEX,
    FILTERS,
)
def similar(  # noqa: PLR0913 - each is an option
    *,
    papers: Sequence[str],
    disliked: Sequence[str] | None,
    diversity: float | None,
    text: str | None,
    file: Path | None,
    fetch: bool,
    filters: Filters,
    count: int,
    sort: Any,  # noqa: ANN401 - the engine refuses what is not an order
    explain: bool,
    form: Form,
    index: Path | None,
) -> None:
    """Find papers like those you know, or like a text."""
    given = given_text(text, file)
    if given is not None and (papers or disliked or diversity is not None):
        raise UsageError("give papers or a text, not both; --not and --diversity go with papers")
    if given is None and not papers:
        raise UsageError("name a paper, or give a text with --text or --file")

    def answer(engine: Engine) -> Results:
        if given is not None:
            return engine.similar_to_text(given, count, filters, sort=sort)
        if len(papers) == 1 and not disliked and diversity is None:
            return engine.similar(papers[0], count, filters, fetch=fetch, sort=sort)
        options: dict[str, Any] = {"filters": filters, "fetch": fetch, "sort": sort}
        if diversity is not None:
            options["diversity"] = diversity
        return engine.recommend(papers, disliked or (), count, **options)

    with answering_once():
        from rftsearch.cli import render
        from rftsearch.search.engine import Engine

        with Engine.open(index_place(index)) as engine:
            results = answer(engine)
            asked = given or (_texts(engine, papers, fetch=fetch) if explain else "")
            explanations = engine.explain(asked, results) if explain else ()
            if form != "text":
                from rftsearch.living.labels.unlabelled import with_predictions

                results = with_predictions(engine, results)
            render.show_results(results, form, explanations)


@contextmanager
def _prepared(folder: Path) -> Iterator[Path]:
    """Load the model of an index while the rest of the program is still being imported."""
    # numpy first, by one thread: both need it before anything else.
    import numpy  # noqa: F401

    from rftsearch.index.generations.preload import preloading

    with _ended_at_once(), preloading(folder):
        yield folder


@contextmanager
def _ended_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process as the system does, which a shell also reports as 130.

    A search writes nothing that could be lost, and an exception between two threads that
    import modules can leave a lock of Python's held, so that each waits for the other.
    """
    own = signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    if own or os.getpid() == 1:  # The system ends no first process of a container.
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def given_text(text: str | None, file: Path | None) -> str | None:
    """Return the text that papers should be like; None if there is none."""
    if text is not None and file is not None:
        raise UsageError("give the text with --text or with --file, not with both")
    if file is None:
        return text
    name = "stdin" if str(file) == "-" else str(file)
    try:
        content = sys.stdin.buffer.read() if name == "stdin" else expanded(file).read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read {name}: {error.strerror}; name a text file") from error
    if content.startswith(b"%PDF-"):
        from rftsearch.sources.pdf.first_pages import read_first_pages

        return read_first_pages(content, name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{name} is not UTF-8 text; give the abstract as plain text") from error


def _texts(engine: Engine, references: Sequence[str], *, fetch: bool) -> str:
    """Return titles and abstracts of papers, for the words they share with the results."""
    papers = [engine.paper(reference, fetch=fetch) for reference in references]
    return " ".join(f"{paper.title}. {paper.abstract}" for paper in papers)
