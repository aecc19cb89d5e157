"""`rftsearch evaluate`: measure how good the results for judged queries are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rftsearch.cli.command import Option, command
from rftsearch.cli.progress import progress
from rftsearch.cli.terminal import print_json, say, show_notes
from rftsearch.errors import UsageError
from rftsearch.settings import default_cache, expanded, index_place

__all__ = ["evaluate"]


@command(
    Option(
        "--queries",
        type=Path,
        required=True,
        metavar="FILE",
        help="JSON Lines with id and text, or with id and paper",
    ),
    Option(
        "--qrels",
        type=Path,
        required=True,
        metavar="FILE",
        help="lines of query, document and grade",
    ),
    Option(
        "--corpus",
        type=Path,
        metavar="FILE",
        help="the documents: JSON Lines with id, title, abstract",
    ),
    Option("--index", type=Path, metavar="DIR", help="use this index instead of a corpus"),
    Option(
        "--baselines",
        action="store_true",
        help="compare with BM25, with vectors alone, and with both fused",
    ),
    Option(
        "-k",
        "--cutoff",
        dest="cutoffs",
        type=int,
        action="append",
        metavar="N",
        help="the k of recall@k; repeatable; by default 5 and 20",
    ),
    Option(
        "--pool", action="store_true", help="rank only the documents that were judged for a query"
    ),
    Option("--model", help="embedding model for the corpus: a hub id, a folder, or `static`"),
    Option(
        "--cache",
        type=Path,
        metavar="DIR",
        help="folder that keeps the vectors of the corpus for the next time; by default in the "
        "user's cache folder",
    ),
    Option("--details", action="store_true", help="show every query"),
    Option("--json", action="store_true", dest="as_json", help="print JSON"),
)
def evaluate(  # noqa: PLR0913 - each is an option
    *,
    queries: Path,
    qrels: Path,
    corpus: Path | None,
    index: Path | None,
    baselines: bool,
    cutoffs: Sequence[int] | None,
    pool: bool,
    model: str | None,
    cache: Path | None,
    details: bool,
    as_json: bool,
) -> None:
    """Measure how good the results for judged queries are."""
    if corpus is not None and index is not None:
        raise UsageError("a corpus gets an index of its own; give --corpus or --index, not both")
    if corpus is None and (model is not None or cache is not None):
        raise UsageError("an index has its model already; give --model and --cache with --corpus")
    if any(cutoff < 1 for cutoff in cutoffs or ()):
        raise UsageError("a cutoff is the k of recall@k; give 1 or more")
    from rftsearch.evaluation import evaluate as judging
    from rftsearch.evaluation.judged import read_judged
    from rftsearch.evaluation.measures import RECALL_CUTOFFS
    from rftsearch.evaluation.report import to_dict, to_text
    from rftsearch.evaluation.systems import open_bench

    judged = read_judged(queries, qrels)
    with progress() as show:
        if corpus is not None:
            folder = expanded(cache) if cache else default_cache() / "evaluation"
            index = judging.index_corpus(corpus, folder, model=model, progress=show)
        with open_bench(index_place(index), baselines=baselines) as bench:
            evaluation = judging.evaluate(
                judged,
                bench,
                cutoffs=tuple(cutoffs or RECALL_CUTOFFS),
                pool=pool,
                progress=show,
            )
    if as_json:
        print_json(to_dict(evaluation, details=details))
        return
    for line in to_text(evaluation, details=details).split("\n"):
        say(line)
    show_notes(evaluation.notes)
