"""Measure rftsearch and its baselines on the judged sets, as Markdown tables.

    python scripts/evaluate.py                        # every set
    python scripts/evaluate.py --set rft --set similar --ablations
    python scripts/evaluate.py --json --details > evaluation.json
    python scripts/evaluate.py --static-from corpus-200k.jsonl.xz   # with a static model
    python scripts/evaluate.py --model minilm         # the default model without its adapter

Two kinds of sets are measured. Those of this repository lie in `tests/judged`, a folder each;
the lists they are about are in the shared folder, which RFTSEARCH_SHARED names or which is
`shared/` beside the checkout. The others are in `eval/` of that folder. Missing sets are
skipped. Vectors are kept for the next run. Run it in a checkout whose environment has
rftsearch installed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from rftsearch.cli.progress import progress
from rftsearch.encoders.model_files import DEFAULT_MODEL
from rftsearch.encoders.static_cache import made_static
from rftsearch.errors import RftsearchError
from rftsearch.evaluation.evaluate import Evaluation, evaluate, index_corpus
from rftsearch.evaluation.judged import read_corpus, read_judged
from rftsearch.evaluation.measures import confidence_interval, p_value
from rftsearch.evaluation.own_report import OWN_SYSTEM, Measured, measure_own
from rftsearch.evaluation.own_sets import (
    OwnSet,
    collection_index,
    nothing_said,
    read_own_sets,
    set_quality,
)
from rftsearch.evaluation.report import HEADLINE, to_dict
from rftsearch.evaluation.systems import open_bench
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.settings import default_cache
from rftsearch.text.terms import fold_name

OURS = "rftsearch"
PARTS = ("BM25", "dense")
"""The two baselines; each is good at other kinds of queries."""
BASELINES = (*PARTS, "RRF")
WORST = 3
FIRST = 5
"""Among so many papers those are counted that have what a question leaves out."""
OURS_JUDGED = Path(__file__).resolve().parents[1] / "tests" / "judged"
OWN = Path(__file__).resolve().parents[1] / "tests" / "judged"
"""The judged sets of this repository."""


@dataclass(frozen=True)
class JudgedFiles:
    """The files of a set below `eval/`, and the measures that are reported."""

    queries: str
    qrels: str
    corpus: str
    measures: tuple[str, ...] = (HEADLINE,)
    pool: bool = False
    """Whether only the documents that were judged for a query are ranked."""
    ours: str = ""
    """Of queries and judgements that lie in `tests/judged`: queries of the folder whose corpus
    they were judged over, without which that is another one."""

    def paths(self) -> tuple[Path, Path, Path]:
        """Return where queries, judgements and corpus are."""
        own = OURS_JUDGED if self.ours else folder()
        return own / self.queries, own / self.qrels, folder() / self.corpus

    def missing(self) -> bool:
        """Return whether the set cannot be measured here."""
        return not (folder() / (self.ours or self.queries)).exists()


SETS: Mapping[str, JudgedFiles] = {
    "rft": JudgedFiles("rft/queries.jsonl", "rft/qrels.tsv", "rft/corpus.jsonl"),
    "similar": JudgedFiles("rft/similar_seeds.jsonl", "rft/similar_qrels.tsv", "rft/corpus.jsonl"),
    "litsearch": JudgedFiles(
        "litsearch/queries.jsonl",
        "litsearch/qrels.tsv",
        "litsearch/corpus.jsonl.xz",
        (HEADLINE, "recall@5", "recall@20"),
    ),
    "csfcube": JudgedFiles(
        "csfcube/queries.jsonl",
        "csfcube/qrels.tsv",
        "csfcube/corpus.jsonl.xz",
        ("nDCG@20", HEADLINE),
        pool=True,
    ),
    "without": JudgedFiles(
        "without/queries.jsonl",
        "without/qrels.tsv",
        "rft/corpus.jsonl",
        ours="rft/queries.jsonl",
    ),
}


def without(weight: str) -> Parameters:
    """Return the default parameters with one weight set to 0."""
    changes: dict[str, Any] = {weight: 0.0}
    return replace(Parameters(), **changes)


ABLATIONS: Mapping[str, Parameters] = {
    f"{field.name} = 0": without(field.name)
    for field in fields(Parameters)
    if isinstance(field.default, float)
}
"""The variants of --ablations: each sets one weight of the ranking to 0."""


def main() -> int:
    """Print the tables; return 1 if a set cannot be read or indexed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    own = read_own_sets(OWN)
    parser.add_argument(
        "--set", action="append", choices=[*SETS, *own], help="repeatable; by default all"
    )
    parser.add_argument("--ablations", action="store_true", help="measure each part of the score")
    parser.add_argument("--cache", type=Path, default=default_cache() / "evaluation")
    parser.add_argument(
        "--model", default=DEFAULT_MODEL, help="embedding model, as `rftsearch build` takes it"
    )
    parser.add_argument(
        "--static-from",
        type=Path,
        metavar="CORPUS",
        help="embed with a static model made from these papers, without those judged in any set",
    )
    parser.add_argument("--json", action="store_true", help="print values, not tables")
    parser.add_argument("--details", action="store_true", help="with --json: print every query")
    arguments = parser.parse_args()
    try:
        cache, model = arguments.cache, arguments.model
        if arguments.static_from:
            made = static_model(arguments.static_from, cache)
            cache, model = cache / made.name, str(made)
        evaluations = dict(
            measure_sets(
                [name for name in arguments.set or SETS if name in SETS],
                cache,
                arguments.ablations,
                model,
            )
        )
        chosen = {name: each for name, each in own.items() if name in (arguments.set or own)}
        ours = measure_own_sets(chosen, cache, model)
        good = good_measures(evaluations, cache, model)
    except RftsearchError as error:
        print(error, file=sys.stderr)
        return 1
    if not evaluations and not ours:
        print(f"no judged sets in {folder()}; RFTSEARCH_SHARED names another", file=sys.stderr)
        return 1
    if arguments.json:
        values = {name: values_of(found, arguments.details) for name, found in evaluations.items()}
        values |= {name: own_values(measured) for name, measured in ours.items()}
        print(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        blocks = [*(tables(evaluations) if evaluations else ()), *own_tables(ours, good)]
        print("\n\n".join(blocks))
    return 0


def folder() -> Path:
    """Return the folder of the judged sets."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("RFTSEARCH_SHARED") or beside) / "eval"


def static_model(corpus: Path, cache: Path) -> Path:
    """Return the folder of a static model made without the judged papers."""
    judged = {fold_name(paper.title) for paper in judged_papers()}
    papers = (paper for paper in read_corpus(corpus) if fold_name(paper.title) not in judged)
    with progress() as show:
        return made_static(map(texts_of, papers), show, cache=cache / "static").folder


def judged_papers() -> Iterator[Paper]:
    """Yield the papers that are judged in any set that is there."""
    for files in SETS.values():
        if not files.missing():
            queries, judgements, corpus = files.paths()
            qrels = read_judged(queries, judgements).qrels
            judged = {document for grades in qrels.values() for document in grades}
            yield from (p for p in read_corpus(corpus) if p.id in judged)


def measure_sets(
    names: Sequence[str], cache: Path, ablations: bool, model: str
) -> Iterator[tuple[str, Evaluation]]:
    """Evaluate each set that is there; yield its name and the evaluation."""
    for name in names:
        files = SETS[name]
        queries, qrels, corpus = files.paths()
        if files.missing():
            print(f"{name}: not in {folder()}, skipped", file=sys.stderr)
            continue
        judged = read_judged(queries, qrels)
        variants = ABLATIONS if ablations else {}
        with progress() as show:
            index = index_corpus(corpus, cache, model=model, progress=show)
            with open_bench(index, baselines=True, variants=variants) as bench:
                yield name, evaluate(judged, bench, pool=files.pool, progress=show)


def measure_own_sets(
    sets: Mapping[str, OwnSet], cache: Path, model: str
) -> dict[str, list[Measured]]:
    """Measure the sets of this repository whose lists are there."""
    indexes: dict[str, Path] = {}
    with progress() as show:
        for name in sorted({query.collection for own in sets.values() for query in own.queries()}):
            index = collection_index(OWN, name, folder().parent, cache, model=model, progress=show)
            if index is not None:
                indexes[name] = index
    return {
        name: measured
        for name, own in sets.items()
        if (measured := list(measure_own(own, indexes, baselines=True)))
    }


def good_measures(
    evaluations: Mapping[str, Evaluation], cache: Path, model: str
) -> dict[str, list[str]]:
    """Return of the sets of questions how good their good matches are, as a row each."""
    rows = {}
    for name in evaluations:
        queries, qrels, corpus = SETS[name].paths()
        judged = read_judged(queries, qrels)
        if any(query.paper for query in judged.queries):
            continue
        index = index_corpus(corpus, cache, model=model)
        with Engine.open(index) as engine:
            precision, recall = set_quality(engine, judged)
            wrongly = nothing_said(engine, judged.queries).mean()
        rows[name] = [f"{value:.3f}" for value in (precision.mean(), recall.mean(), wrongly)]
    return rows


def own_values(measured: Sequence[Measured]) -> dict[str, Any]:
    """Return the means of a set, by measure and system, of all and of both halves."""
    return {
        each.name: {
            system: {
                "mean": each.mean(system),
                **dict(zip(("fixed", "held_out"), halves_of(each, system), strict=True)),
                "kinds": {kind: each.mean(system, which) for kind, which in each.kinds().items()},
            }
            for system in each.systems
        }
        for each in measured
    }


def halves_of(measured: Measured, system: str) -> list[float]:
    """Return the means of the queries that a rule was made with, and of those held out."""
    return [measured.mean(system, which) for which in measured.halves()]


def own_tables(
    ours: Mapping[str, Sequence[Measured]], good: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield each heading of the sets of this repository, and then its table."""
    if good:
        yield "Good matches over the papers judged, and questions wrongly left without one"
        yield markdown(
            ["set", "precision", "recall", "wrongly none"],
            [[name, *row] for name, row in good.items()],
        )
    if not ours:
        return
    yield "Sets of this repository; p against the best baseline, and both halves"
    rows = []
    for name, each in ((name, each) for name, found in ours.items() for each in found):
        others = {system: each.mean(system) for system in each.systems if system != OWN_SYSTEM}
        p = ""
        if others:
            best = max(others, key=lambda system: others[system])
            p = chance(p_value(each.systems[OWN_SYSTEM], each.systems[best]))
        shown = [f"{others[system]:.3f}" if others else "" for system in BASELINES]
        halves_shown = [f"{value:.3f}" for value in halves_of(each, OWN_SYSTEM)]
        rows.append([name, each.name, *shown, f"**{each.mean():.3f}**", p, *halves_shown])
        for kind, which in each.kinds().items():
            shown = [f"{each.mean(system, which):.3f}" if others else "" for system in BASELINES]
            value = f"{each.mean(which=which):.3f}"
            rows.append(["", f"... {kind} ({which.sum()})", *shown, value, "", "", ""])
    yield markdown(["set", "measure", *BASELINES, OURS, "p", "fixed with", "held out"], rows)


def values_of(evaluation: Evaluation, details: bool) -> dict[str, Any]:
    """Return the values of all queries, and of the two halves."""
    return to_dict(evaluation, details=details) | {
        half: to_dict(part)["systems"] for half, part in halves(evaluation).items()
    }


def halves(evaluation: Evaluation) -> dict[str, Evaluation]:
    """Return the queries at even and at odd positions, from 0: for tuning, and held out."""
    count = len(evaluation.queries)
    return {"even": evaluation.only(range(0, count, 2)), "odd": evaluation.only(range(1, count, 2))}


# --- tables ------------------------------------------------------------------


def tables(evaluations: Mapping[str, Evaluation]) -> Iterator[str]:
    """Yield each heading, and then its table."""
    yield "Means, with 95% intervals for rftsearch; p against the best baseline"
    yield markdown(
        ["set", "measure", *BASELINES, OURS, "p"],
        [
            summary(name, evaluation, measure)
            for name, evaluation in evaluations.items()
            for measure in SETS[name].measures
        ],
    )
    for name, evaluation in evaluations.items():
        if evaluation.kinds():
            yield f"{HEADLINE} of {name} by kind of query; p against the better of BM25 and dense"
            yield markdown(["kind", *BASELINES, OURS, "p"], by_kind(evaluation))
    if (left_out := evaluations.get("without")) is not None:
        yield f"Papers that have what the question leaves out, among the first {FIRST}"
        yield markdown(["set", *BASELINES, OURS], [["without", *map(str, left_in(left_out))]])
    yield f"{HEADLINE} of the queries at even and odd positions"
    yield markdown(
        ["set", "half", *BASELINES, OURS],
        [
            [name, half, *(mean(part, system) for system in (*BASELINES, OURS))]
            for name, evaluation in evaluations.items()
            for half, part in halves(evaluation).items()
        ],
    )
    variants = [name for name in ABLATIONS if name in next(iter(evaluations.values())).systems]
    if variants:
        yield f"{HEADLINE} without one weight; in brackets the difference and its p"
        yield markdown(
            ["", *evaluations],
            [
                [OURS, *(mean(evaluation, OURS) for evaluation in evaluations.values())],
                *(
                    [variant, *(loss(evaluation, variant) for evaluation in evaluations.values())]
                    for variant in variants
                ),
            ],
        )
    yield f"The {WORST} worst queries of rftsearch in each set"
    yield markdown(
        ["set", "query", "", *BASELINES, OURS],
        [row for name, evaluation in evaluations.items() for row in worst(name, evaluation)],
    )


def summary(name: str, evaluation: Evaluation, measure: str) -> list[str]:
    """Return the row of one measure of one set."""
    ours = evaluation.of(OURS, measure)
    interval = confidence_interval(ours)
    shown = f"**{ours.mean():.3f}**" + (
        f" ({interval[0]:.3f}-{interval[1]:.3f})" if interval else ""
    )
    best = max(BASELINES, key=lambda system: evaluation.of(system, measure).mean())
    return [
        name,
        measure,
        *(mean(evaluation, system, measure) for system in BASELINES),
        shown,
        chance(p_value(ours, evaluation.of(best, measure))),
    ]


def left_in(evaluation: Evaluation) -> list[float]:
    """Return for each system how many papers of grade 0 stand first, in the mean over queries.

    Of the set `without`: only papers that have what is left out were judged 0.
    """
    queries = [each for each in evaluation.queries if 0 in evaluation.qrels[each.id].values()]
    counts = {
        system: [
            sum(evaluation.qrels[each.id].get(paper) == 0 for paper in ranked[each.id][:FIRST])
            for each in queries
        ]
        for system, ranked in evaluation.rankings.items()
    }
    return [round(sum(counts[system]) / len(queries), 2) for system in (*BASELINES, OURS)]


def by_kind(evaluation: Evaluation) -> Iterator[list[str]]:
    """Yield a row of the headline measure for each kind of query."""
    for kind, count in evaluation.kinds().items():
        part = evaluation.of_kind(kind)
        better = max(PARTS, key=lambda system: part.of(system, HEADLINE).mean())
        p = p_value(part.of(OURS, HEADLINE), part.of(better, HEADLINE))
        means = [mean(part, system) for system in (*BASELINES, OURS)]
        yield [f"{kind} ({count})", *means, chance(p)]


def loss(evaluation: Evaluation, variant: str) -> str:
    """Return the measure of a variant, and its difference from the whole."""
    ours, theirs = evaluation.of(OURS, HEADLINE), evaluation.of(variant, HEADLINE)
    difference = theirs.mean() - ours.mean()
    return f"{theirs.mean():.3f} ({difference:+.3f}, p {chance(p_value(theirs, ours))})"


def worst(name: str, evaluation: Evaluation) -> Iterator[list[str]]:
    """Yield rows of the queries with the lowest measure."""
    for row in evaluation.of(OURS, HEADLINE).argsort(kind="stable")[:WORST]:
        query = evaluation.queries[row]
        values = [f"{evaluation.of(system, HEADLINE)[row]:.3f}" for system in (*BASELINES, OURS)]
        yield [name, query.id, query.text or f"like {query.paper}", *values]


def mean(evaluation: Evaluation, system: str, measure: str = HEADLINE) -> str:
    """Return a mean as it is printed."""
    return f"{evaluation.of(system, measure).mean():.3f}"


def chance(p: float) -> str:
    """Return a probability as it is printed."""
    return f"{p:.3f}" if p >= 0.001 else "<0.001"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]] | Iterator[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


if __name__ == "__main__":
    raise SystemExit(main())
