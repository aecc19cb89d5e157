"""Measures of rankings, by ir_measures, and their uncertainty, by scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
import numpy as np
from scipy import stats  # type: ignore[import-untyped]  # ships no types

from rftsearch.evaluation.judged import MAX_GRADE, Qrels
from rftsearch.types import DoubleArray

__all__ = ["RECALL_CUTOFFS", "confidence_interval", "measure", "names", "p_value"]


RECALL_CUTOFFS = (5, 20)

# Resampling is seeded, so that the same rankings always give the same report.
_RESAMPLES = 9_999
_SEED = 20_26

_GAINS = {grade: 2**grade - 1 for grade in range(MAX_GRADE + 1)}


def names(cutoffs: Sequence[int] = RECALL_CUTOFFS) -> tuple[str, ...]:
    """Return the names of the measures, in the order of the columns of `measure`."""
    return tuple(_measures(cutoffs))


def measure(
    qrels: Qrels, rankings: Mapping[str, Sequence[str]], cutoffs: Sequence[int] = RECALL_CUTOFFS
) -> DoubleArray:
    """Measure one ranking for each judged query.

    Args:
        qrels: The grades. A document without one counts as grade 0.
        rankings: Ids of documents for each query, best first, each once. A query
            without a ranking gets 0 throughout.
        cutoffs: The k of each recall@k.

    Returns:
        (queries, measures) float64, in the order of `qrels` and of `names`:

        nDCG@10, nDCG@20: gains of 2^grade - 1, discounted by the binary logarithm
            of the rank plus 1, over those of the best possible ranking.
        recall@k: share of the documents of grade 1 or more that are in the top k.
        MRR: one over the rank of the first of them; its mean is the MRR.
        judged@10: share of the top 10 that was judged at all.
    """
    # trec_eval orders equal scores by document id: give each rank its own score.
    run = {
        query: {document: -float(rank) for rank, document in enumerate(ranking)}
        for query, ranking in rankings.items()
        if ranking  # Without a ranking the zeros stay; not every measure takes an empty one.
    }
    wanted = _measures(cutoffs)
    rows = {query: row for row, query in enumerate(qrels)}
    columns = {wanted_measure: column for column, wanted_measure in enumerate(wanted.values())}
    values = np.zeros((len(rows), len(columns)))
    for found in ir_measures.iter_calc(list(columns), qrels, run):
        values[rows[found.query_id], columns[found.measure]] = found.value
    return values


def confidence_interval(values: DoubleArray) -> tuple[float, float] | None:
    """Return the 95% confidence interval of the mean over queries.

    It is the percentile interval of a bootstrap over queries.

    Args:
        values: (n,) one value for each query.

    Returns:
        Its two ends, or None for fewer than two queries.
    """
    if len(values) < 2:
        return None
    found = stats.bootstrap(
        (values,), np.mean, method="percentile", n_resamples=_RESAMPLES, rng=_SEED
    )
    low, high = found.confidence_interval
    return float(low), float(high)


def p_value(ours: DoubleArray, theirs: DoubleArray) -> float:
    """Return the p value of a two-sided paired randomisation test of the difference of means.

    If two systems were equally good, their values could be swapped in any query. All ways
    to swap are tried if they are few, else 9,999 ways at random.

    Args:
        ours: (n,) one value for each query.
        theirs: (n,) those of the other system, in the same order.
    """
    if len(ours) < 2:
        return 1.0
    found = stats.permutation_test(
        (ours, theirs),
        _mean_difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        rng=_SEED,
    )
    return float(found.pvalue)


def _mean_difference(ours: DoubleArray, theirs: DoubleArray, axis: int) -> DoubleArray:
    return np.asarray(np.mean(ours - theirs, axis=axis))


def _measures(cutoffs: Sequence[int]) -> dict[str, ir_measures.Measure]:
    ndcg = ir_measures.nDCG(gains=_GAINS)
    return {
        "nDCG@10": ndcg @ 10,
        "nDCG@20": ndcg @ 20,
        **{f"recall@{k}": ir_measures.R @ k for k in cutoffs},
        "MRR": ir_measures.RR,
        "judged@10": ir_measures.Judged @ 10,
    }
