from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.evaluation.measures import confidence_interval, measure, names, p_value


def one(grades: dict[str, int], ranking: list[str], name: str, cutoffs=(5, 20)) -> float:
    values = measure({"q": grades}, {"q": ranking}, cutoffs)
    assert values.shape == (1, len(names(cutoffs)))
    return float(values[0, names(cutoffs).index(name)])


def plain_ndcg(grades: dict[str, int], ranking: list[str], k: int) -> float:
    """The textbook's definition, in its most obvious form."""

    def dcg(gains: list[int]) -> float:
        return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:k], start=1))

    best = dcg(sorted((2**grade - 1 for grade in grades.values()), reverse=True))
    return dcg([2 ** grades.get(document, 0) - 1 for document in ranking]) / best


GRADES = {"a": 2, "b": 1, "c": 0, "d": 2}


class TestByHand:
    def test_ndcg_gains_grow_exponentially(self):
        # b, x, a: gains 1, 0, 3 at ranks 1, 2, 3; ideal: 3, 3, 1.
        found = 1 + 3 / 2
        ideal = 3 + 3 / math.log2(3) + 1 / 2
        assert one(GRADES, ["b", "x", "a"], "nDCG@10") == pytest.approx(found / ideal)

    def test_ndcg_stops_at_its_cutoff(self):
        ranking = [f"x{number}" for number in range(10)] + ["a"]
        assert one(GRADES, ranking, "nDCG@10") == 0
        assert one(GRADES, ranking, "nDCG@20") > 0

    def test_recall_counts_every_grade_above_zero(self):
        assert one(GRADES, ["b", "c", "a"], "recall@1", (1, 3)) == pytest.approx(1 / 3)
        assert one(GRADES, ["b", "c", "a"], "recall@3", (1, 3)) == pytest.approx(2 / 3)

    def test_mrr_is_one_over_the_first_relevant_rank(self):
        assert one(GRADES, ["c", "x", "b", "a"], "MRR") == pytest.approx(1 / 3)
        assert one(GRADES, ["c", "x"], "MRR") == 0

    def test_judged_counts_grade_zero_too(self):
        assert one(GRADES, ["c", "x", "b", "y"], "judged@10") == pytest.approx(1 / 2)

    def test_equal_documents_keep_the_order_of_the_ranking(self):
        assert one({"z": 1}, ["a", "z"], "MRR") == pytest.approx(1 / 2)
        assert one({"a": 1}, ["z", "a"], "MRR") == pytest.approx(1 / 2)

    def test_rows_follow_the_judgements_and_what_is_not_answered_is_zero(self):
        qrels = {"q3": {"a": 1}, "q1": {"a": 1}, "q2": {"a": 1}}
        values = measure(qrels, {"q1": ["a"], "q2": [], "elsewhere": ["a"]})
        assert values[1].tolist() == [1.0] * len(names())
        assert not values[[0, 2]].any()


documents = st.sampled_from([f"d{number}" for number in range(30)])
judgements = st.dictionaries(documents, st.integers(0, 10), min_size=1).filter(
    lambda grades: any(grades.values())
)
rankings = st.lists(documents, unique=True)


@given(judgements, rankings)
def test_ndcg_is_the_textbooks(grades, ranking):
    for k in (10, 20):
        assert one(grades, ranking, f"nDCG@{k}") == pytest.approx(plain_ndcg(grades, ranking, k))


@given(judgements, rankings)
def test_every_measure_lies_between_zero_and_one(grades, ranking):
    values = measure({"q": grades}, {"q": ranking})
    assert (values >= 0).all()
    assert (values <= 1 + 1e-12).all()


@given(judgements, rankings)
def test_the_best_ranking_has_everything(grades, ranking):
    best = sorted(grades, key=grades.__getitem__, reverse=True)
    rest = [document for document in ranking if document not in grades]
    values = dict(zip(names(), measure({"q": grades}, {"q": best + rest})[0], strict=True))
    for name in ("nDCG@10", "nDCG@20", "MRR"):
        assert values[name] == pytest.approx(1)


class TestHowSureItIs:
    def test_the_interval_holds_the_mean_and_is_the_same_each_time(self):
        values = np.random.default_rng(1).random(40)
        low, high = confidence_interval(values)
        assert low < values.mean() < high
        assert (low, high) == confidence_interval(values)
        # Close to the normal approximation at this size.
        error = values.std(ddof=1) / math.sqrt(len(values))
        assert high - low == pytest.approx(2 * 1.96 * error, rel=0.1)

    def test_equal_values_have_no_width_and_one_value_no_interval(self):
        assert confidence_interval(np.full(5, 0.25)) == (0.25, 0.25)
        assert confidence_interval(np.array([0.5])) is None
        assert confidence_interval(np.array([])) is None

    def test_few_pairs_are_tested_exactly(self):
        # Of 2^5 ways to swap, only none and all give a difference as great.
        better = np.arange(5) / 10 + 0.5
        assert p_value(better, better - 0.3) == pytest.approx(2 / 32)
        assert p_value(better - 0.3, better) == pytest.approx(2 / 32)

    def test_many_pairs_are_sampled_the_same_each_time(self):
        chance = np.random.default_rng(2)
        first = chance.random(60)
        second = first + chance.normal(0, 0.1, 60)
        third = first + chance.normal(0.1, 0.1, 60)
        assert p_value(first, second) == p_value(first, second) > 0.05
        assert p_value(first, third) < 0.001

    def test_nothing_is_significant_by_equal_values_or_by_one_query(self):
        assert p_value(np.full(9, 0.5), np.full(9, 0.5)) == 1
        assert p_value(np.array([1.0]), np.array([0.0])) == 1
