"""Predictions of categories: what is learnt, what is said of it, and what may be wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rftsearch
from rftsearch import Engine
from rftsearch.errors import QueryError, UsageError
from rftsearch.index.build.build import index_papers
from rftsearch.living.labels.labelled import labels_of
from rftsearch.living.labels.predict import CategoryPredictor, predict_unlabelled
from rftsearch.papers.paper import Provenance
from support.command_line import run_command
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper

WORDS = tuple(word for words in SUBJECTS.values() for word in words[:3])


def papers(each: int = 12) -> list[rftsearch.Paper]:
    return [
        invented_paper(number, category)
        for place, category in enumerate(SUBJECTS)
        for number in range(place * 100, place * 100 + each)
    ]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("labels") / "index"
    unlabelled = replace(
        invented_paper(900, "Audio"),
        categories=("library.bib",),
        provenance=(Provenance("library.bib", 1),),
    )
    index_papers(folder, [*papers(), unlabelled], encoder=WordEncoder(WORDS))
    return folder


@pytest.fixture
def engine(index):
    with Engine.open(index, encoder=WordEncoder(WORDS)) as engine:
        yield engine


@pytest.mark.parametrize("category", SUBJECTS)
def test_a_paper_goes_where_papers_about_the_same_stand(engine, category):
    new = [invented_paper(number, category) for number in range(500, 505)]
    found = rftsearch.predict_categories(engine, new)
    assert [one.category for one in found] == [category] * 5
    for one in found:
        assert one.likely[0] == (category, one.probability)
        assert sum(share for _, share in one.likely) <= 1 + 1e-6
        assert all(category in near.categories for near in one.neighbours[:1])


def test_a_text_gets_a_category_and_a_reason(engine):
    text = "Gripper tests\nA robot arm learns to grasp with a gripper."
    [found] = rftsearch.predict_categories(engine, text)
    assert found.category == "Robots"
    assert set(found.words) & {"Gripper", "gripper", "robot", "arm", "grasp"}
    assert "Robots" in found.reason
    said = found.to_dict()
    assert said["predicted"] is True
    json.dumps(said)


def test_words_of_no_subject_are_not_sure(engine):
    [found] = rftsearch.predict_categories(engine, "A cookbook of soups. Onions and leek.")
    assert not found.sure


def test_a_labelled_paper_is_predicted_as_if_it_had_no_label(engine):
    wrong = engine.papers(categories="Robots")[0]
    [found] = rftsearch.predict_categories(engine, wrong)
    assert wrong.id not in {one.id for one in found.neighbours}
    predictor = CategoryPredictor.of(engine)
    row = [paper.id for paper in predictor.labelled.papers].index(wrong.id)
    assert found.probability == pytest.approx(predictor.model.of_known[row].max())


def test_only_papers_without_a_label_of_a_person_are_unlabelled(engine):
    unlabelled, found = predict_unlabelled(engine)
    assert [paper.categories for paper in unlabelled] == [("library.bib",)]
    assert found[0].category == "Audio"


@pytest.mark.parametrize(
    ("categories", "labels"),
    [
        (("Audio",), ("Audio",)),
        (("invented.md",), ()),
        (("cs.CV",), ()),
        (("arXiv",), ()),
        (("invented.md", "Audio"), ("Audio",)),
    ],
)
def test_names_of_files_and_classes_of_arxiv_are_no_labels(categories, labels):
    assert labels_of(invented_paper(1, "Audio", categories=categories)) == labels


def test_the_model_is_learnt_once_for_each_build(engine):
    assert CategoryPredictor.of(engine) is CategoryPredictor.of(engine)


def test_predictions_are_the_same_every_time(index):
    found = []
    for _ in range(2):
        with Engine.open(index, encoder=WordEncoder(WORDS)) as engine:
            found.append(rftsearch.predict_categories(engine, "Sound of a street crowd"))
    assert found[0] == found[1]


def test_papers_in_several_categories_get_several(tmp_path):
    both = [
        invented_paper(number, ("Audio", "Video")[number % 2], categories=("Audio", "Video"))
        for number in range(600, 612)
    ]
    others = [paper for paper in papers() if paper.category in ("Robots", "Crowds")]
    index_papers(tmp_path, [*others, *both], encoder=WordEncoder(WORDS))
    with Engine.open(tmp_path, encoder=WordEncoder(WORDS)) as engine:
        new = [invented_paper(number, "Audio") for number in range(700, 706)]
        found = rftsearch.predict_categories(engine, new)
        assert any(len(one.categories) > 1 for one in found)
        robots = [invented_paper(number, "Robots") for number in range(700, 706)]
        assert all(
            one.categories == ("Robots",) for one in rftsearch.predict_categories(engine, robots)
        )


@pytest.mark.parametrize("count", [0, 1, 3])
def test_too_few_papers_are_an_error_that_says_so(tmp_path, count):
    few = papers(1)[:count] or [invented_paper(1, "Audio", categories=("invented.md",))]
    index_papers(tmp_path, few, encoder=WordEncoder(WORDS))
    with (
        Engine.open(tmp_path, encoder=WordEncoder(WORDS)) as engine,
        pytest.raises(UsageError, match="nothing can be learnt"),
    ):
        rftsearch.predict_categories(engine, "A robot")


def test_an_empty_text_is_an_error(engine):
    with pytest.raises(QueryError, match="empty"):
        rftsearch.predict_categories(engine, " \n ")
    assert rftsearch.predict_categories(engine, []) == []


def test_probabilities_are_calibrated_on_noisy_labels(tmp_path):
    draw = np.random.default_rng(1)
    names = list(SUBJECTS)

    def noisy(number: int, category: str) -> rftsearch.Paper:
        listed = names[draw.integers(4)] if draw.random() < 0.3 else category
        return invented_paper(number, category, categories=(listed,))

    known = [noisy(p.provenance[0].line, p.category) for p in papers(40)]
    index_papers(tmp_path, known, encoder=WordEncoder(WORDS))
    with Engine.open(tmp_path, encoder=WordEncoder(WORDS)) as engine:
        new = [noisy(500 + n, names[n % 4]) for n in range(120)]
        found = rftsearch.predict_categories(engine, new)
    right = np.mean(
        [one.category in paper.categories for one, paper in zip(found, new, strict=True)]
    )
    assert abs(np.mean([one.probability for one in found]) - right) < 0.1
    assert not any(one.sure for one in found)


def test_the_command_shows_predictions_as_predicted(index, monkeypatch, capsys):
    opened = Engine.open
    monkeypatch.setattr(Engine, "open", lambda path, **_: opened(path, encoder=WordEncoder(WORDS)))
    assert run_command("classify", "--unlabelled", "--json", "--index", index) == 0
    [found] = json.loads(capsys.readouterr().out)
    assert (found["category"], found["predicted"]) == ("Audio", True)
    text = "Robot arms\nA gripper for a robot arm with a joint"
    assert run_command("classify", "--text", text, "--index", index) == 0
    shown = capsys.readouterr().out
    assert "Robots" in shown
    assert "most like" in shown
    assert run_command("classify", "--index", index) == 2
    assert "--unlabelled" in capsys.readouterr().err
