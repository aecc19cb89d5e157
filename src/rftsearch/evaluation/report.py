"""Reports of an evaluation: tables for people, values for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rftsearch.evaluation.evaluate import Evaluation
from rftsearch.evaluation.judged import JudgedQuery
from rftsearch.evaluation.measures import confidence_interval, p_value
from rftsearch.types import DoubleArray

__all__ = ["HEADLINE", "aligned", "compare", "to_dict", "to_text"]

HEADLINE = "nDCG@10"
"""The measure by which systems are compared."""

_TOP = 10
_LONGEST = 60
"""Characters of a query that are shown."""


def to_text(evaluation: Evaluation, *, details: bool = False) -> str:
    """Return tables: all measures, differences from the first system, kinds, queries."""
    blocks = [
        f"queries: {len(evaluation.queries)}, papers: {evaluation.documents}; "
        "means with 95% confidence intervals",
        aligned(_overview(evaluation)),
    ]
    if len(evaluation.systems) > 1:
        blocks += [
            f"{HEADLINE} against {evaluation.systems[0]}, with p of a paired randomisation test",
            aligned(_comparisons(evaluation)),
        ]
    if evaluation.kinds():
        blocks += [f"{HEADLINE} by kind of query", aligned(_by_kind(evaluation))]
    if details:
        blocks += [f"{HEADLINE} by query, worst first", aligned(_by_query(evaluation))]
    return "\n\n".join(blocks)


def to_dict(evaluation: Evaluation, *, details: bool = False) -> dict[str, Any]:
    """Return the same as JSON values; with `details` also the top ten of each query."""
    report: dict[str, Any] = {
        "queries": len(evaluation.queries),
        "documents": evaluation.documents,
        "notes": list(evaluation.notes),
        "systems": [
            {
                "name": system,
                "measures": {
                    name: _summary(evaluation.of(system, name)) for name in evaluation.measures
                },
                "kinds": {
                    kind: _summary(evaluation.of_kind(kind).of(system, HEADLINE))
                    for kind in evaluation.kinds()
                },
            }
            for system in evaluation.systems
        ],
        "comparisons": [
            compare(evaluation, other) | {"system": other, "against": evaluation.systems[0]}
            for other in evaluation.systems[1:]
        ],
    }
    if details:
        report["details"] = [
            _details(evaluation, row, query) for row, query in enumerate(evaluation.queries)
        ]
    return report


def compare(evaluation: Evaluation, other: str) -> dict[str, Any]:
    """Compare another system with the first by the headline measure.

    Returns:
        `difference`, the mean of the other minus that of the first; `low` and `high`, its
        95% confidence interval, or None; `p` of a paired randomisation test, not corrected
        for several comparisons; in how many queries the other is `better`, `equal`, `worse`.
    """
    first, values = evaluation.of(evaluation.systems[0], HEADLINE), evaluation.of(other, HEADLINE)
    differences = values - first
    summary = _summary(differences)
    return {
        "difference": summary["mean"],
        "low": summary["low"],
        "high": summary["high"],
        "p": p_value(values, first),
        "better": int((differences > 0).sum()),
        "equal": int((differences == 0).sum()),
        "worse": int((differences < 0).sum()),
    }


def aligned(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells as aligned columns, the first flush left, the others flush right."""
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )


# --- tables ------------------------------------------------------------------


def _overview(evaluation: Evaluation) -> Iterable[list[str]]:
    yield ["", *evaluation.systems]
    for name in evaluation.measures:
        yield [name, *(_estimate(evaluation.of(system, name)) for system in evaluation.systems)]


def _comparisons(evaluation: Evaluation) -> Iterable[list[str]]:
    yield ["", "difference", "p", "better", "equal", "worse"]
    for other in evaluation.systems[1:]:
        found = compare(evaluation, other)
        difference = f"{found['difference']:+.3f}"
        if found["low"] is not None:
            difference += f" [{found['low']:+.3f}, {found['high']:+.3f}]"
        counts = [str(found[name]) for name in ("better", "equal", "worse")]
        yield [other, difference, f"{found['p']:.3f}" if found["p"] >= 0.001 else "<0.001", *counts]


def _by_kind(evaluation: Evaluation) -> Iterable[list[str]]:
    kinds = evaluation.kinds()
    yield ["", *(f"{kind or 'other'} ({count})" for kind, count in kinds.items())]
    for system in evaluation.systems:
        values = [evaluation.of_kind(kind).of(system, HEADLINE) for kind in kinds]
        yield [system, *(f"{found.mean():.3f}" for found in values)]


def _by_query(evaluation: Evaluation) -> Iterable[list[str]]:
    values = [evaluation.of(system, HEADLINE) for system in evaluation.systems]
    yield ["", *evaluation.systems]
    for row in np.argsort(values[0], kind="stable"):
        query = evaluation.queries[row]
        others = [f"{found[row]:.3f} ({found[row] - values[0][row]:+.3f})" for found in values[1:]]
        yield [f"{query.id}  {_shortened(query)}", f"{values[0][row]:.3f}", *others]


def _shortened(query: JudgedQuery) -> str:
    text = query.text or f"like {query.paper}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3].rstrip()}..."


def _estimate(values: DoubleArray) -> str:
    interval = confidence_interval(values)
    mean = f"{values.mean():.3f}"
    return f"{mean} [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else mean


# --- values ------------------------------------------------------------------


def _summary(values: DoubleArray) -> dict[str, float | int | None]:
    low, high = confidence_interval(values) or (None, None)
    return {"mean": float(values.mean()), "low": low, "high": high, "queries": len(values)}


def _details(evaluation: Evaluation, row: int, query: JudgedQuery) -> dict[str, Any]:
    grades = evaluation.qrels[query.id]
    systems = {}
    for number, system in enumerate(evaluation.systems):
        top = list(evaluation.rankings[system][query.id][:_TOP])
        systems[system] = {
            "measures": dict(
                zip(evaluation.measures, evaluation.values[number, row].tolist(), strict=True)
            ),
            "top": top,
            "unjudged": [document for document in top if document not in grades],
        }
    return {
        "query": query.id,
        "text": query.text,
        "paper": query.paper,
        "kind": query.kind,
        "systems": systems,
    }
