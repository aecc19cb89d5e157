"""What is called sure, and labels that follow from nothing."""

from __future__ import annotations

import numpy as np
import pytest

from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.logit import fit_choice
from rftsearch.living.labels.model import LabelModel
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper

WORDS = tuple(word for words in SUBJECTS.values() for word in words[:3])
NAMES = list(SUBJECTS)


def drawn(first: int, count: int, wrong: float, seed: int) -> tuple[Evidence, list[tuple[str]]]:
    """Invented papers, some of them under the heading of another subject."""
    draw = np.random.default_rng(seed)
    encoder = WordEncoder(WORDS)
    papers = [invented_paper(first + n, NAMES[n % len(NAMES)]) for n in range(count)]
    texts = np.asarray(encoder.encode_documents([f"{p.title}. {p.abstract}" for p in papers]))
    titles = np.asarray(encoder.encode_documents([p.title for p in papers]))
    labels = [
        (NAMES[draw.integers(len(NAMES))],) if draw.random() < wrong else (paper.category,)
        for paper in papers
    ]
    return Evidence.of(papers, texts, titles), labels


def test_sure_predictions_are_right_and_most_are_sure_where_headings_are_clear():
    known, labels = drawn(0, 80, 0.0, seed=0)
    model = LabelModel.fit(known, labels)
    new, wanted = drawn(500, 120, 0.0, seed=1)
    guesses = model.probabilities(new)
    sure = guesses.max(axis=1) >= model.sure_from
    right = np.array(
        [
            model.categories[place] in own
            for place, own in zip(guesses.argmax(1), wanted, strict=True)
        ]
    )
    assert model.sure_from >= 0.93
    assert sure.mean() >= 0.7
    assert right[sure].mean() >= 0.97


def test_nothing_is_sure_where_a_quarter_of_the_labels_is_chance():
    model = LabelModel.fit(*drawn(0, 120, 0.25, seed=2))
    assert model.sure_from > 1
    assert model.of_known.max() < 0.97


def test_a_paper_in_the_wrong_place_does_not_speak_against_its_own_finding():
    known, labels = drawn(0, 40, 0.0, seed=0)
    labels[3] = (next(name for name in NAMES if name not in labels[3]),)
    model = LabelModel.fit(known, labels)
    assert model.sure_without(3) <= model.sure_from
    assert model.of_known[3].max() >= model.sure_without(3)


@pytest.mark.parametrize("wrong", [0.0, 0.3])
def test_the_share_of_chance_is_learnt(wrong):
    draw = np.random.default_rng(4)
    features = draw.normal(size=(400, 4, 2)) * 4
    right = features.sum(axis=2).argmax(axis=1)
    chance = draw.random(400) < wrong
    labels = np.where(chance, draw.integers(4, size=400), right)
    choice = fit_choice(features, np.eye(4)[labels], np.full(2, 0.7), 10.0)
    assert choice.chance == pytest.approx(wrong, abs=0.08)
    guesses = choice.probabilities(features)
    np.testing.assert_allclose(guesses.sum(axis=1), 1)
    hits = guesses.argmax(axis=1) == labels
    assert guesses.max(axis=1).mean() == pytest.approx(hits.mean(), abs=0.08)
