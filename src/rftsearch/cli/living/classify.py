"""`rftsearch classify`: the likely categories of papers that nobody labelled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.command import Option, command
from rftsearch.cli.options import INDEX, JSON
from rftsearch.cli.search import given_text
from rftsearch.cli.terminal import print_json, print_line, say
from rftsearch.errors import UsageError
from rftsearch.settings import index_place
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.living.labels.predict import PredictedCategories
    from rftsearch.papers.paper import Paper

__all__ = ["classify"]


@command(
    Option(
        "papers",
        nargs="*",
        metavar="PAPER",
        help="arXiv id or URL, short name, or title; one that is labelled is predicted as if it "
        "were not",
    ),
    Option("--text", help="a title and an abstract; the first line is the title"),
    Option("--file", type=Path, help="a title and an abstract in a file; - reads stdin"),
    Option(
        "--unlabelled",
        action="store_true",
        help="all papers of the index whose source gives them no category",
    ),
    Option("--fetch", action="store_true", help="ask arXiv for ids that are not in the index"),
    JSON,
    INDEX,
)
def classify(
    *,
    papers: Sequence[str],
    text: str | None,
    file: Path | None,
    unlabelled: bool,
    fetch: bool,
    as_json: bool,
    index: Path | None,
) -> None:
    """Predict the categories of papers, with a probability and the reason.

    The model is learnt from the labelled papers of the index. "unsure" means that predictions
    with this probability were wrong too often.
    """
    from rftsearch.living.labels.predict import (
        paper_of_text,
        predict_categories,
        predict_unlabelled,
    )
    from rftsearch.search.engine import Engine

    given = given_text(text, file)
    if sum((bool(papers), given is not None, unlabelled)) != 1:
        raise UsageError("name papers, or give --text, --file or --unlabelled")
    with Engine.open(index_place(index)) as engine:
        if unlabelled:
            records, found = predict_unlabelled(engine)
        else:
            records = (
                [paper_of_text(given)]
                if given is not None
                else [engine.paper(one, fetch=fetch) for one in papers]
            )
            found = predict_categories(engine, records)
    _show(records, found, as_json=as_json)


def _show(papers: Sequence[Paper], found: Sequence[PredictedCategories], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"id": paper.id, "title": paper.title, **one.to_dict()}
                for paper, one in zip(papers, found, strict=True)
            ]
        )
        return
    for paper, one in zip(papers, found, strict=True):
        print_line(paper.title, (f"  {paper.id}" if paper.arxiv_id else "", "dim"))
        verdict = "predicted" if one.sure else "unsure"
        print_line(
            f"    {verdict}: ", (", ".join(one.categories), "bold"), f" ({one.probability:.0%})"
        )
        others = [f"{name} {share:.0%}" for name, share in one.likely[1:] if share >= 0.01]
        if others:
            print_line((f"    else: {', '.join(others)}", "dim"))
        print_line((f"    {one.reason}", "dim"))
    if not papers:
        say("Every paper of this index has a category from its source.")
    elif len(papers) > 1:
        say(f"{plural(sum(one.sure for one in found), 'prediction is', 'predictions are')} sure.")
