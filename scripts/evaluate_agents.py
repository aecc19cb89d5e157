"""Compare several short queries with one long question, as assistants choose between them.

    RFTSEARCH_SHARED=... python scripts/evaluate_agents.py
    python scripts/evaluate_agents.py --json

An assistant turns one need into several keyword queries and joins the answers. Here the
answers are joined in turns (the first hit of each query, then the second of each, every paper
once) and cut where the reader has read as many papers as of the one question. The questions
and their grades are those of the set `rft` in the shared folder; the short queries are in
`tests/judged/agents`, and were written before any of them was asked.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from rftsearch.cli.progress import progress
from rftsearch.evaluation.evaluate import index_corpus
from rftsearch.evaluation.judged import read_judged
from rftsearch.evaluation.measures import confidence_interval, p_value
from rftsearch.search.engine import Engine
from rftsearch.settings import default_cache

READ = (10, 20)
"""Papers that are read."""
ROOT = Path(__file__).resolve().parents[1]
SUB_QUERIES = ROOT / "tests" / "judged" / "agents" / "sub_queries.jsonl"
WAYS = {
    "one question": "the question as it was asked",
    "all words in one query": "the short queries, joined with commas",
    "union of short queries": "their answers, in turns",
}
"""The ways to ask, with what they are."""

Ask = Callable[[str, int], Sequence[str]]
"""Returns the ids of the best papers for a query."""


def union(answers: Sequence[Sequence[str]], read: int) -> list[str]:
    """Return the first papers of several answers, taken in turns, each once."""
    taken: dict[str, None] = {}
    for rank in zip_longest(*answers):
        for paper in rank:
            if paper is not None and len(taken) < read:
                taken.setdefault(paper)
    return list(taken)


def rankings(ask: Ask, question: str, queries: Sequence[str], read: int) -> dict[str, list[str]]:
    """Return what is read for one need, by the way to ask."""
    found = [
        list(ask(question, read)),
        list(ask(", ".join(queries), read)),
        union([ask(query, read) for query in queries], read),
    ]
    return dict(zip(WAYS, found, strict=True))


def recall(found: Sequence[str], grades: Mapping[str, int], least: int) -> float:
    """Return which share of the papers of a grade, or of a better one, was read."""
    wanted = {paper for paper, grade in grades.items() if grade >= least}
    return len(wanted & set(found)) / len(wanted)


def measured(
    ask: Ask,
    questions: Mapping[str, str],
    grades: Mapping[str, Mapping[str, int]],
    queries: Mapping[str, Sequence[str]],
) -> Iterator[tuple[str, int, dict[str, np.ndarray]]]:
    """Yield which papers count, how many are read, and the recall of each question by way."""
    for least, label in ((1, "related or wanted"), (2, "wanted")):
        names = [one for one in queries if max(grades[one].values()) >= least]
        for read in READ:
            found = [rankings(ask, questions[one], queries[one], read) for one in names]
            yield (
                label,
                read,
                {
                    way: np.array(
                        [
                            recall(one[way], grades[name], least)
                            for name, one in zip(names, found, strict=True)
                        ]
                    )
                    for way in WAYS
                },
            )


def read_sub_queries(path: Path = SUB_QUERIES) -> dict[str, list[str]]:
    """Return the short queries by the id of the question they were written for."""
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    return {line["id"]: line["queries"] for line in lines}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=default_cache() / "evaluation")
    parser.add_argument("--index", type=Path, help="an index of the same list, if there is one")
    parser.add_argument("--model", help="embedding model; by default that of rftsearch")
    parser.add_argument("--json", action="store_true", help="print values, not a table")
    arguments = parser.parse_args()
    shared = Path(os.environ.get("RFTSEARCH_SHARED", ROOT.parent / "shared"))
    judged_set = shared / "eval" / "rft"
    if not judged_set.is_dir():
        raise SystemExit(f"evaluate_agents.py: there is no {judged_set}; set RFTSEARCH_SHARED")
    judged = read_judged(judged_set / "queries.jsonl", judged_set / "qrels.tsv")
    index = arguments.index
    if index is None:
        with progress() as show:
            index = index_corpus(
                judged_set / "corpus.jsonl", arguments.cache, model=arguments.model, progress=show
            )
    questions = {one.id: one.text for one in judged.queries}
    with Engine.open(index) as engine:

        def ask(query: str, read: int) -> list[str]:
            return [hit.paper.id for hit in engine.search(query, read)]

        found = list(measured(ask, questions, judged.qrels, read_sub_queries()))
    values: list[dict[str, Any]] = [
        {
            "papers": label,
            "read": read,
            "questions": len(recalls["one question"]),
            "recall": {way: round(float(one.mean()), 3) for way, one in recalls.items()},
            "interval": confidence_interval(
                recalls["union of short queries"] - recalls["one question"]
            ),
            "p": round(p_value(recalls["union of short queries"], recalls["one question"]), 3),
        }
        for label, read, recalls in found
    ]
    if arguments.json:
        print(json.dumps(values, indent=2))
        return
    print(f"| papers that count | read | {' | '.join(WAYS)} | union - question | p |")
    print("|" + "---|" * (len(WAYS) + 4))
    for one in values:
        shown = " | ".join(f"{value:.3f}" for value in one["recall"].values())
        low, high = one["interval"]
        print(f"| {one['papers']} | {one['read']} | {shown} | {low:+.3f} to {high:+.3f} | ", end="")
        print(f"{one['p']:.3f} |")
    print(f"\n{values[0]['questions']} questions of the set `rft`; recall, mean over questions.")


if __name__ == "__main__":
    main()
