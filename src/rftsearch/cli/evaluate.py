"""The command `rftsearch evaluate`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rftsearch.cli import terminal
from rftsearch.errors import UsageError
from rftsearch.settings import default_cache, default_index

__all__ = ["evaluate"]


def evaluate(  # noqa: PLR0913, PLR0917 - each is an option of the command
    queries: Annotated[
        Path,
        typer.Option(
            "--queries", metavar="FILE", help="JSON Lines of id and text, or of id and paper."
        ),
    ],
    qrels: Annotated[
        Path,
        typer.Option("--qrels", metavar="FILE", help="Lines of query, document and grade."),
    ],
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus", metavar="FILE", help="The documents: JSON Lines of id, title, abstract."
        ),
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option("--index", metavar="DIR", help="Use this index in place of a corpus."),
    ] = None,
    baselines: Annotated[
        bool,
        typer.Option("--baselines", help="Compare with BM25, vectors alone, and the two fused."),
    ] = False,
    cutoffs: Annotated[
        list[int] | None,
        typer.Option(
            "-k",
            "--cutoff",
            metavar="N",
            min=1,
            help="The k of recall@k; may be repeated; 5 and 20 by default.",
        ),
    ] = None,
    pool: Annotated[
        bool, typer.Option("--pool", help="Rank only the documents that were judged for a query.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", help="Embedding model for the corpus: a hub id, a folder, or `static`."
        ),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            "--cache",
            metavar="DIR",
            help="Where the corpus's vectors are kept for the next time; "
            "by default in the user's cache folder.",
        ),
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="Show every query.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how good the answers to judged queries are."""
    if corpus is not None and index is not None:
        raise UsageError("a corpus gets an index of its own; give --corpus or --index, not both")
    if corpus is None and (model is not None or cache is not None):
        raise UsageError("an index has its model already; give --model and --cache with --corpus")
    # scipy and the measures cost seconds to import.
    from rftsearch.evaluation import evaluate as judging  # noqa: PLC0415
    from rftsearch.evaluation.judged import read_judged  # noqa: PLC0415
    from rftsearch.evaluation.measures import RECALL_CUTOFFS  # noqa: PLC0415
    from rftsearch.evaluation.report import to_dict, to_text  # noqa: PLC0415
    from rftsearch.evaluation.systems import open_bench  # noqa: PLC0415

    judged = read_judged(queries, qrels)
    with terminal.progress() as tell:
        if corpus is not None:
            folder = cache.expanduser() if cache else default_cache() / "evaluation"
            index = judging.index_corpus(corpus, folder, model=model, progress=tell)
        with open_bench(index or default_index(), baselines=baselines) as bench:
            evaluation = judging.evaluate(
                judged,
                bench,
                cutoffs=tuple(cutoffs or RECALL_CUTOFFS),
                pool=pool,
                progress=tell,
            )
    if as_json:
        typer.echo(json.dumps(to_dict(evaluation, details=details), ensure_ascii=False, indent=2))
        return
    typer.echo(to_text(evaluation, details=details))
    for note in evaluation.notes:
        typer.echo(f"note: {note}", err=True)
