from __future__ import annotations

import numpy as np
import pytest

from rftsearch.index.tables.title_model import Moments, TitleToText


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def moments(bodies: np.ndarray, titles: np.ndarray, told: np.ndarray | None = None) -> Moments:
    every = np.ones(len(bodies), np.bool_)
    found = Moments(bodies.shape[1], every if told is None else told)
    for start in range(0, len(bodies), 7):
        found.add(bodies[start : start + 7], titles[start : start + 7])
    return found


def test_moments_are_means_over_portions(titles):
    told = np.arange(200) % 3 > 0
    bodies = unit(titles[::-1] + titles)
    found = moments(bodies, titles, told)
    np.testing.assert_allclose(found.body, bodies[told].mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.title, titles.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.described_title, titles[told].mean(axis=0), atol=1e-6)
    assert found.agreement == pytest.approx((bodies * titles)[told].sum(axis=1).mean(), abs=1e-6)


@pytest.fixture
def titles() -> np.ndarray:
    return unit(np.random.default_rng(1).normal(size=(200, 16)) + 0.4)


def test_what_a_text_adds_is_learnt(titles):
    towards = unit(np.ones((1, 16)))[0]
    bodies = unit(titles + 0.5 * towards)
    mean = bodies.mean(axis=0)
    learnt = TitleToText.learn(moments(bodies, titles))
    known = unit(learnt.of_title * titles + learnt.of_mean * mean)
    # Nearer to the texts than the titles are, for every paper.
    assert ((known * bodies).sum(axis=1) > (titles * bodies).sum(axis=1)).all()
    assert learnt.vectors(titles, mean) @ bodies[0] == pytest.approx(known @ bodies[0], abs=1e-6)


def test_texts_that_are_their_titles_stay(titles):
    mean = titles.mean(axis=0)
    learnt = TitleToText.learn(moments(titles, titles))
    assert learnt == pytest.approx((1, 0), abs=1e-5)
    assert learnt.vectors(titles, mean) @ titles[0] == pytest.approx(titles @ titles[0], abs=1e-5)


def test_too_few_papers_teach_nothing(titles):
    few = titles[:7]
    assert TitleToText.learn(moments(few[::-1], few)) == (1, 0)


def test_titles_that_are_all_one_do_not_fail():
    same = unit(np.ones((20, 4)))
    learnt = TitleToText.learn(moments(same, same))
    assert learnt.vectors(same, same[0]) @ same[0] == pytest.approx(np.ones(20), abs=1e-5)
