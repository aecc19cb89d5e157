from __future__ import annotations

import numpy as np
import pytest

from rftsearch.index.estimates import Expectation


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def titles() -> np.ndarray:
    return unit(np.random.default_rng(1).normal(size=(200, 16)) + 0.4)


def test_what_a_text_adds_is_learnt(titles):
    towards = unit(np.ones((1, 16)))[0]
    bodies = unit(titles + 0.5 * towards)
    mean = bodies.mean(axis=0)
    learnt = Expectation.learn(bodies, titles, mean)
    known = unit(learnt.of_title * titles + learnt.of_mean * mean)
    # Nearer to the texts than the titles are, for every paper.
    assert ((known * bodies).sum(axis=1) > (titles * bodies).sum(axis=1)).all()
    assert learnt.cosines(titles, mean, bodies[0]) == pytest.approx(known @ bodies[0], abs=1e-6)


def test_texts_that_are_their_titles_stay(titles):
    mean = titles.mean(axis=0)
    learnt = Expectation.learn(titles, titles, mean)
    assert learnt == pytest.approx((1, 0), abs=1e-5)
    assert learnt.cosines(titles, mean, titles[0]) == pytest.approx(titles @ titles[0], abs=1e-5)


def test_too_few_papers_teach_nothing(titles):
    few = titles[:7]
    assert Expectation.learn(few[::-1], few, few.mean(axis=0)) == (1, 0)


def test_titles_that_are_all_one_do_not_fail():
    same = unit(np.ones((20, 4)))
    learnt = Expectation.learn(same, same, same[0])
    assert learnt.cosines(same, same[0], same[0]) == pytest.approx(np.ones(20), abs=1e-5)
