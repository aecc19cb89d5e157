"""Predicted categories in answers and exports: shown as predicted, and mixed with nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rftsearch import Engine, FilterError, Paper, build_index, export, index_papers
from rftsearch.living.labels import predict as predict_module
from rftsearch.living.labels.labelled import read_unlabelled
from rftsearch.living.labels.model import LabelModel
from rftsearch.living.labels.predict import CategoryPredictor, predict_categories
from rftsearch.living.labels.unlabelled import predicted, predicted_anywhere
from rftsearch.papers.paper import Provenance
from support.command_line import run_command
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper
from support.static import save_static_model

WORDS = tuple(word for words in SUBJECTS.values() for word in words)
LISTED = ("Robots", "Video", "Audio")


def labelled() -> list[Paper]:
    return [invented_paper(number, LISTED[number % 3]) for number in range(45)]


def by_hand(number: int, subject: str) -> Paper:
    """A paper of a library that has no headings: its category is the name of the library."""
    return replace(
        invented_paper(number, subject),
        categories=("refs.bib",),
        provenance=(Provenance("refs.bib", number),),
    )


UNLABELLED = [by_hand(900 + number, LISTED[number % 3]) for number in range(6)]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unlabelled") / "index"
    index_papers(folder, [*labelled(), *UNLABELLED], encoder=WordEncoder(WORDS))
    return folder


@pytest.fixture
def engine(index):
    with Engine.open(index, encoder=WordEncoder(WORDS)) as engine:
        yield engine


def test_only_what_nobody_labelled_is_predicted_and_as_classify_does(engine):
    papers = predicted(engine, engine.papers())
    guessed = {paper.id: paper for paper in papers if paper.predicted}
    assert guessed.keys() == {paper.id for paper in UNLABELLED}
    for number, paper in enumerate(UNLABELLED):
        [asked] = predict_categories(engine, paper)
        [first] = guessed[paper.id].predicted
        assert first.category == asked.category == LISTED[number % 3]
        assert first.probability == pytest.approx(asked.probability)
        assert (first.sure, first.reason) == (asked.sure, asked.reason)
    assert papers == engine.papers()  # A guess is no part of a record.


def test_a_paper_is_predicted_once_for_each_generation(engine, monkeypatch):
    papers = engine.papers()
    once = predicted(engine, papers)
    monkeypatch.setattr(CategoryPredictor, "predict", None)
    assert [one.predicted for one in predicted(engine, papers)] == [one.predicted for one in once]


def test_filters_and_counts_know_nothing_of_predictions(engine):
    assert engine.categories()["refs.bib"] == len(UNLABELLED)
    assert engine.facets().categories["Robots"] == 15
    assert not any(
        one.provenance[0].source == "refs.bib" for one in engine.papers(categories=["Robots"])
    )


def test_json_and_every_export_say_that_it_is_predicted(engine, tmp_path):
    [paper] = predicted(engine, [engine.paper(UNLABELLED[0].id)])
    record = paper.to_dict()
    assert (record["category"], record["categories"]) == ("", [])
    [guess] = record["predicted_categories"]
    assert guess.keys() == {"category", "probability", "sure", "reason"}
    assert "predicted_categories" not in labelled()[0].to_dict()
    for form in ("bibtex", "ris", "csl", "csv", "markdown", "jsonl"):
        text = export([paper, labelled()[0]], form)
        assert "predicted" in text.lower(), form
        assert "Robots" in text, form
        assert "predicted" not in export(labelled(), form).lower(), form
        # Read back it has no label from a prediction.
        suffix = {"bibtex": "bib", "csl": "json", "markdown": "md"}.get(form, form)
        source = tmp_path / f"refs.{suffix}"
        source.write_text(export([paper], form), "utf-8")
        build_index(tmp_path / form, [source], encoder=WordEncoder(WORDS), offline=True)
        with Engine.open(tmp_path / form, encoder=WordEncoder(WORDS)) as again:
            [read] = again.papers()
            assert "Robots" not in read.categories, form
            assert read.description == "", form


def test_where_nothing_can_be_learnt_nothing_is_predicted(tmp_path):
    index_papers(tmp_path / "index", UNLABELLED, encoder=WordEncoder(WORDS))
    with Engine.open(tmp_path / "index", encoder=WordEncoder(WORDS)) as engine:
        assert not any(paper.predicted for paper in predicted(engine, engine.papers()))
        outside = replace(invented_paper(77, "Video"), categories=("cs.CV",))
        assert predicted_anywhere(engine, outside).predicted == ()


def test_a_paper_that_the_index_lacks_is_predicted_too(engine):
    outside = replace(invented_paper(77, "Video"), categories=("cs.CV",))
    assert predicted_anywhere(engine, outside).predicted[0].category == "Video"
    with pytest.raises(FilterError):
        engine.papers(categories=["cs.CV"])


def test_the_command_line_shows_them(tmp_path, capsys):
    model = save_static_model(tmp_path / "model")
    sources = [tmp_path / "list.jsonl", tmp_path / "refs.bib"]
    sources[0].write_text(export(labelled(), "jsonl"), "utf-8")
    sources[1].write_text(export(UNLABELLED, "bibtex"), "utf-8")
    build_index(tmp_path / "index", sources, model=str(model), offline=True)

    def printed(*words: str) -> str:
        assert run_command(*words, "--index", tmp_path / "index") == 0
        return capsys.readouterr().out

    text = printed("search", UNLABELLED[0].title)
    assert UNLABELLED[0].short_name in text
    assert "refs.bib" not in text + printed("list") + printed("search", "robots", "--json")
    assert UNLABELLED[0].short_name in printed("list", "--category", "refs.bib")
    listed = json.loads(printed("list", "--json"))
    assert sum("predicted_categories" in one for one in listed) == len(UNLABELLED)
    assert "most like" in printed("show", UNLABELLED[0].id)
    found = json.loads(printed("search", UNLABELLED[0].title, "--json"))
    assert any("predicted_categories" in one for one in found)
    written = printed("export", UNLABELLED[0].id, "--format", "csv")
    assert "categories,predicted,generative" in written


def test_many_papers_are_predicted_as_each_alone(engine, monkeypatch):
    papers, evidence = engine.read(read_unlabelled)
    predictor = CategoryPredictor.of(engine)
    alone = [predictor.predict([p], evidence.rows([n]))[0] for n, p in enumerate(papers)]
    monkeypatch.setattr(predict_module, "_AT_ONCE", 4)
    for one, other in zip(alone, predictor.predict(papers, evidence), strict=True):
        assert (one.categories, one.sure, one.words) == (
            other.categories,
            other.sure,
            other.words,
        )
        assert one.probability == pytest.approx(other.probability)


@given(
    arrays(
        np.float32, st.tuples(st.integers(1, 6), st.integers(1, 12)), elements=st.integers(0, 3)
    ),
    st.integers(1, 5),
)
def test_of_equally_near_papers_the_first_are_neighbours(nearness, count):
    near, shown = LabelModel.neighbours(nearness, count)
    wanted = np.argsort(-nearness, axis=1, kind="stable")[:, :count]
    np.testing.assert_array_equal(near, wanted)
    np.testing.assert_array_equal(shown, np.take_along_axis(nearness, wanted, axis=1))
