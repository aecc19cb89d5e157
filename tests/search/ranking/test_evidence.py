from __future__ import annotations

import numpy as np
import pytest

from rftsearch.index.tables.meaning_scale import LEAST, MeaningScale
from rftsearch.search.ranking.evidence import LEAST_BEST, LEAST_EVIDENCE, SHARE, Evidence


def evidence(values, *, complete=(), bare=()) -> Evidence:
    places = np.arange(len(values))
    return Evidence(np.array(values, np.float32), np.isin(places, complete), ~np.isin(places, bare))


NOT_NAMED = np.zeros(3, np.bool_)


@pytest.mark.parametrize(
    ("found", "good"),
    [
        (evidence([0.9, SHARE * 0.9 + 0.01, 0.1]), [1, 1, 0]),
        (evidence([LEAST_BEST, LEAST_EVIDENCE + 0.01, LEAST_EVIDENCE - 0.01]), [1, 1, 0]),
        (evidence([LEAST_BEST - 0.01, LEAST_EVIDENCE + 0.01, 0.1]), [0, 0, 0]),
        (evidence([0.9, 0.1, 0.1], complete=[2]), [1, 0, 1]),
        (evidence([0.9, 0.1, 0.1], bare=[0]), [0, 0, 0]),
        (evidence([0.9, 0.8, 0.1], bare=[0]), [1, 1, 0]),
        (evidence([0.9, 0.1, 0.1], bare=[0, 1, 2]), [1, 0, 0]),
    ],
)
def test_good_matches(found, good):
    best = float(found.values.max())
    assert found.good(best, NOT_NAMED).tolist() == [bool(each) for each in good]


def test_a_named_paper_is_a_good_match_even_if_only_its_title_is_known():
    named = np.array([True, False, False])
    assert evidence([0.1, 0.1, 0.1], bare=[0]).good(0.1, named).tolist() == [True, False, False]


@pytest.mark.parametrize(("factor", "offset"), [(1.0, 0.0), (0.2, 0.75)])
def test_the_scale_does_not_depend_on_the_cosines_of_a_model(factor, offset):
    """A model whose cosines lie between 0.75 and 0.95 has the same scale as any other."""
    random = np.random.default_rng(7)
    texts = random.normal(size=(40, 16))
    titles = texts + 0.5 * random.normal(size=texts.shape)
    texts, titles = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (texts, titles))
    plain = MeaningScale.measure(titles, texts, described=True)
    # One more coordinate that all share lifts every cosine by as much.
    lifted = [
        np.hstack([np.sqrt(factor) * each, np.full((40, 1), np.sqrt(offset))])
        for each in (titles, texts)
    ]
    scale = MeaningScale.measure(*lifted, described=True)
    cosines = titles[0] @ texts.T
    np.testing.assert_allclose(scale.of(lifted[0][0] @ lifted[1].T), plain.of(cosines), atol=1e-5)


def test_too_few_papers_and_equal_ones_have_the_scale_of_cosines():
    same = np.ones((LEAST, 2)) / np.sqrt(2)
    assert MeaningScale.measure(same[:3], same[:3], described=True) == (0, 1)
    assert MeaningScale.measure(same, same, described=True) == (0, 1)
