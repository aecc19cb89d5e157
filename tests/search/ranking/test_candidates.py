"""The candidates of a large collection: which words find them, and what is read of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pytest

from rftsearch.index.build.build import index_papers
from rftsearch.index.engines.base import Selection
from rftsearch.index.generations import generation as generation_module
from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.forward_index import number_of
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.candidates import rare_terms, read_by_words
from rftsearch.search.ranking.numeric import Parameters
from rftsearch.search.ranking.query_words import QueryWords
from rftsearch.search.ranking.rows import read_terms
from rftsearch.search.ranking.score import score_query
from rftsearch.search.ranking.scored import Scored
from support.encoder import WordEncoder


def paper(number: int) -> Paper:
    """One of ten: all of them speak of windmills, every fifth of a kettle, and one of a violin."""
    return told(number, f"windmill{' kettle' * (number % 5 == 0)}{' violin' * (number == 3)}")


def told(number: int, said: str) -> Paper:
    made = Paper(
        f"2401.{number:05}", f"N{number}", f"N{number}", ("A",), arxiv_id=f"2401.{number:05}"
    )
    return made.with_metadata(ArxivMetadata(made.id, made.title, f"The {said}.", authors=()))


@pytest.fixture
def generation(tmp_path):
    index_papers(tmp_path, [paper(number) for number in range(10)], encoder=WordEncoder())
    opened = Generation.open(tmp_path)
    yield opened
    opened.close()


def test_what_most_papers_have_finds_none_beside_what_few_have(generation):
    assert rare_terms(generation, ["kettl", "windmil", "violin"]) == ["kettl", "violin"]


@pytest.mark.parametrize("terms", [["windmil"], ["windmil", "violin"], ["violin", "violin"], []])
def test_of_few_words_each_is_looked_up(generation, terms):
    assert rare_terms(generation, terms) == terms


WORDS = ("windmill", "kettle", "violin", "lantern", "harbour", "compass")


@pytest.fixture(params=[generation_module.MAPPED, 0], ids=["mapped", "read"])
def many(tmp_path, monkeypatch, request):
    """Sixty papers of three of six words each, in every order; the tables mapped, or read."""
    monkeypatch.setattr(generation_module, "MAPPED", request.param)
    orders = list(permutations(WORDS, 3))[::2]
    papers = [told(number, " ".join(order)) for number, order in enumerate(orders)]
    index_papers(tmp_path, papers, encoder=WordEncoder())
    opened = Generation.open(tmp_path)
    yield opened
    opened.close()


def scored(generation: Generation, question: str, candidates: int, allowed=None) -> Scored:
    words = QueryWords.of(question)
    vector = WordEncoder().encode_queries([question])[0]
    parameters = Parameters(candidates=candidates)
    [found] = score_query(generation, parameters, vector, words, [Selection(allowed)], 1)
    return found


@pytest.mark.parametrize(
    "question",
    ["lantern harbour compass", "compass harbour", "violin", "violin violin", "sextant violin"],
)
def test_of_few_candidates_words_tell_what_they_tell_of_all(many, question):
    every = scored(many, question, candidates=1000)
    known = dict(zip(every.ids.tolist(), every.parts["words"].tolist(), strict=True))
    for allowed in (None, every.ids[::2], every.ids[20:50]):
        few = scored(many, question, 8, allowed)
        assert 8 <= len(few.ids) < len(every.ids if allowed is None else allowed)
        told = few.parts["words"].tolist()
        assert told == pytest.approx([known[one] for one in few.ids.tolist()], rel=1e-5)


def test_what_most_papers_have_finds_none_under_a_filter_either(generation):
    ids = generation.attributes.sorted_ids
    found = [
        read_by_words(generation, terms, ids, 6)
        for terms in (["kettl", "windmil", "violin"], ["windmil"])
    ]
    assert list(map(len, found)) == [3, 6]


def test_few_allowed_papers_are_found_as_tantivy_finds_them(many):
    terms = ["lantern", "harbour", "violin"]
    scores, ids = many.lexical.search(terms, len(many.lexical))
    weights = dict(zip(ids.tolist(), scores.tolist(), strict=True))
    for allowed in (np.sort(ids)[::3], np.sort(ids)[5:35]):
        found = read_by_words(many, terms, allowed, 6, at_once=7).tolist()
        best = sorted((weights[one] for one in allowed.tolist()), reverse=True)[:6]
        assert [weights[one] for one in found] == pytest.approx(best, rel=5e-3)


@pytest.fixture
def by_term(tmp_path, monkeypatch) -> Iterator[Generation]:
    """As `many`, with postings, as large collections have."""
    monkeypatch.setattr("rftsearch.index.tables.forward_index_writer.FROM", 1)
    said = ["windmill" + " kettle" * (number % 4 == 0) * (1 + number % 3) for number in range(60)]
    papers = [told(number, one + " violin" * (number % 7)) for number, one in enumerate(said)]
    papers[33] = told(33, "lantern windmill violin")
    index_papers(tmp_path, papers, encoder=WordEncoder())
    opened = Generation.open(tmp_path)
    yield opened
    opened.close()


def test_allowed_papers_are_found_by_term_as_they_are_paper_by_paper(by_term, monkeypatch):
    ids, postings = by_term.attributes.sorted_ids, by_term.unigrams.postings
    rare = ["lantern", "kettl", "unheardof"]
    numbers = {number_of(term) for term in rare}
    rows = read_terms(by_term.unigrams, np.arange(len(ids)))
    exact = numeric.information(rows, numeric.find(rows, numbers))
    assert exact.any()
    for places in (np.arange(len(ids)), np.arange(0, len(ids), 3), np.arange(7, 8)):
        found = postings.information(numbers, places)
        assert found == pytest.approx(exact[places], abs=0.02)
    assert postings.information({number_of("violin")}, np.arange(len(ids))) is None  # common
    allowed = ids[::2]
    at_once = read_by_words(by_term, rare, allowed, 6).tolist()
    monkeypatch.setattr("rftsearch.index.tables.postings._DEAR", 0)
    assert postings.information(numbers, np.arange(len(ids))) is None
    assert at_once == read_by_words(by_term, rare, allowed, 6).tolist()
