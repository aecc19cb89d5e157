"""A slip is corrected if the collection shows what was meant; a word or a name never is."""

from __future__ import annotations

import json

import pytest

from rftsearch import Engine
from rftsearch.index.build.build import index_papers
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.words.model_words import model_words
from support.encoder import WordEncoder

TEXT = "a benchmark of reasoning about segmentation, with a model that is causal and a trial"


def made(tmp_path_factory, texts):
    papers = []
    for number, text in enumerate(texts):
        arxiv_id = f"2501.{number:05}"
        paper = Paper(arxiv_id, f"Nebulon{number}", f"Title {number}", ("All",), arxiv_id=arxiv_id)
        papers.append(paper.with_metadata(ArxivMetadata(arxiv_id, paper.title, text)))
    index = tmp_path_factory.mktemp("spelling") / "index"
    index_papers(index, papers, encoder=WordEncoder())
    return index


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    index = made(tmp_path_factory, [TEXT] * 4 + ["seldom a segmentatjon, modern modems"])
    with Engine.open(index, encoder=WordEncoder()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "text", "label"),
    [
        ("benchmrak of videos", "benchmark of videos", "showing results for \u201cbenchmark\u201d"),
        ("Benchmarc", "benchmark", "showing results for \u201cbenchmark\u201d"),
        ("a segmentaion", "a segmentation", "showing results for \u201csegmentation\u201d"),
        ("rasoning", "reasoning", "showing results for \u201creasoning\u201d"),
    ],
)
def test_a_slip_is_corrected_and_said(engine, query, text, label):
    understood = engine.understand(query)
    assert (understood.text, [part.label for part in understood.parts]) == (text, [label])
    [part] = understood.parts
    assert engine.understand(query, ignore=part.id).text == query


@pytest.mark.parametrize(
    "word",
    [
        "benchmark",
        "segmentatjon",  # A paper has it.
        "Nebulon",
        "nebulon2",
        "nebulom",  # Near a name, and names are found by themselves.
        "Benchmrak5",
        "BENCHMRAK",
        "bench-mrak",
        "modal",  # Too short a step from too many words.
        "mdel",
        "violin",
        "2501.00002",
    ],
)
def test_what_is_right_stays(engine, word):
    assert engine.understand(f"about {word}").text == f"about {word}"


def test_no_correction_in_another_language(engine):
    understood = engine.understand("un segmentaion para los modelos")
    assert [part.kind for part in understood.parts] == ["language"]
    assert "reads English" in understood.parts[0].label


def test_an_index_without_spellings_corrects_nothing(engine, monkeypatch):
    def correct(_, generation):
        monkeypatch.setitem(generation.__dict__, "spellings", type(generation.spellings)({}))

    engine.ask(correct)
    assert engine.understand("benchmrak").text == "benchmrak"
    monkeypatch.undo()
    assert engine.understand("benchmrak").text == "benchmark"


@pytest.mark.parametrize(
    ("vocabulary", "words"),
    [
        ({"cloud": 0, "##ing": 1, "[UNK]": 2, "a": 3}, {"cloud"}),
        ({"\u0120Cloud": 0, "ing": 1}, {"cloud"}),
        ([["\u2581cloud", -1.0], ["ing", -2.0]], {"cloud"}),
    ],
)
def test_words_of_a_model(tmp_path, vocabulary, words):
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps({"model": {"vocab": vocabulary}}))
    found = model_words(path)
    assert (found.words, found.pieces, found.multilingual) == (words, len(vocabulary), False)


def test_a_large_vocabulary_is_that_of_many_languages(tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps({"model": {"vocab": {str(n): n for n in range(120_000)}}}))
    assert model_words(path).multilingual
    assert model_words(None).words == frozenset()
