"""The border of a list: its probabilities, and its ranking beside the plain ones."""

from __future__ import annotations

import numpy as np
import pytest

from rftsearch.living.discovery.backtest import OURS, rank_systems
from rftsearch.living.discovery.border import Border, rank
from rftsearch.living.labels.evidence import Evidence, unit
from rftsearch.types import FloatArray

WIDE = 24
SUBJECTS = 3


def evidence(vectors: FloatArray, draw: np.random.Generator) -> Evidence:
    """Papers of given vectors, with words that have to do with them."""
    rows = unit(np.asarray(vectors, np.float32))
    words = [
        [f"word{place}" for place in np.argsort(-row)[:3]] + [f"any{draw.integers(40)}"]
        for row in rows
    ]
    return Evidence(rows, rows, words, words)


def around(centres: FloatArray, count: int, noise: float, draw: np.random.Generator) -> FloatArray:
    chosen = centres[draw.integers(len(centres), size=count)]
    return np.asarray(chosen + noise * draw.normal(size=(count, WIDE)), np.float32)


def drawn(listed: int, belonging: int, others: int, seed: int) -> tuple[Evidence, Evidence]:
    """A list about three subjects, and candidates of which the first belong."""
    draw = np.random.default_rng(seed)
    centres = np.eye(WIDE, dtype=np.float32)[:SUBJECTS]
    elsewhere = np.asarray(0.25 * draw.normal(size=(others, WIDE)), np.float32)
    candidates = np.vstack([around(centres, belonging, 0.16, draw), elsewhere])
    return evidence(around(centres, listed, 0.16, draw), draw), evidence(candidates, draw)


@pytest.mark.parametrize("listed", [20, 60, 250])
def test_probabilities_are_calibrated(listed):
    known, candidates = drawn(listed, 40, 560, seed=listed)
    belongs = np.arange(len(candidates)) < 40
    likely = rank(Border(known, np.ones(listed)), candidates, 40).likely
    assert likely.min() >= 0
    assert likely.max() <= 1
    assert likely.sum() == pytest.approx(40, rel=0.5)
    bins = np.minimum((likely * 10).astype(int), 9)
    off = sum(
        abs(likely[bins == one].mean() - belongs[bins == one].mean()) * (bins == one).mean()
        for one in set(bins.tolist())
    )
    assert off < 0.05


@pytest.mark.parametrize("listed", [20, 60, 250])
def test_subjects_apart_are_found_where_their_middle_is_not(listed):
    known, candidates = drawn(listed, 40, 560, seed=listed)
    belongs = np.arange(len(candidates)) < 40
    rankings, _ = rank_systems(Border(known, np.ones(listed)), candidates, 40, belongs)
    by_name = {one.system: one.average_precision for one in rankings}
    assert by_name[OURS] > 0.8
    assert by_name[OURS] > by_name["centroid"] + 0.05


def test_what_is_new_in_a_list_is_found_by_what_else_is_new(monkeypatch):
    draw = np.random.default_rng(3)
    old, new = np.eye(WIDE, dtype=np.float32)[:2]
    moved = around(np.array([0.4 * old + 0.9 * new]), 15, 0.16, draw)
    others = np.asarray(0.25 * draw.normal(size=(400, WIDE)), np.float32)
    candidates = evidence(np.vstack([moved, around(old[None], 15, 0.16, draw), others]), draw)
    border = Border(evidence(around(old[None], 40, 0.16, draw), draw), np.ones(40))

    def mean_place() -> float:
        scores = rank(border, candidates, 15).scores
        return float(np.flatnonzero(np.argsort(-scores) < len(moved)).mean())

    looked_twice = mean_place()
    monkeypatch.setattr("rftsearch.living.discovery.border._TAKEN", 0.0)
    assert looked_twice < mean_place()


def test_of_a_few_candidates_the_pace_says_nothing():
    """The pace may let 40 new papers be expected, and these be 60 of thousands that came."""
    known, pool = drawn(40, 3, 57, seed=4)
    border = Border(known, np.ones(40))
    said = [rank(border, pool, expected).likely for expected in (40, 400)]
    np.testing.assert_array_equal(*said)
    assert said[0].sum() == pytest.approx(3, abs=2)


def test_where_the_pace_may_be_right_it_counts(monkeypatch):
    monkeypatch.setattr("rftsearch.living.discovery.border._TAKEN", 0.0)  # the same scores
    known, candidates = drawn(40, 20, 800, seed=2)
    border = Border(known, np.ones(40))
    few, more = (rank(border, candidates, expected).likely for expected in (10, 40))
    low = more < 0.2
    np.testing.assert_allclose(more[low], 4 * few[low])


def test_the_order_does_not_depend_on_the_scale_of_cosines():
    known, candidates = drawn(40, 20, 200, seed=1)

    def closer(one: Evidence) -> Evidence:
        # One number that all vectors share lifts every cosine, as some models do.
        rows = unit(np.hstack([one.texts, np.full((len(one), 1), 1.5, np.float32)]))
        return Evidence(rows, rows, one.heads, one.bodies)

    plain = rank(Border(known, np.ones(40)), candidates, 20).scores
    lifted = rank(Border(closer(known), np.ones(40)), closer(candidates), 20).scores
    assert set(np.argsort(-plain)[:15]) <= set(np.argsort(-lifted)[:30])
