from __future__ import annotations

import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.index.tables.forward_index import (
    ForwardIndex,
    number_of,
    pair_numbers,
)
from rftsearch.index.tables.forward_index_writer import ForwardIndexWriter
from rftsearch.papers.documents import Terms
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.numeric import TermRows

words = st.lists(st.sampled_from("abcdefgh"), max_size=12)


def rows_of(papers: list[list[str]]) -> tuple[ForwardIndex, TermRows]:
    with tempfile.TemporaryDirectory() as folder:
        places = Path(folder, "words"), Path(folder, "pairs")
        collector = ForwardIndexWriter(Path(folder))
        for paper in papers:
            collector.add(Terms(head=(), body=paper))
        for place in places:
            place.mkdir()
        collector.save(*places)
        table = ForwardIndex.open(places[0])
    weight = lambda name, entries, _: table.every(name)[entries]  # noqa: E731
    return table, TermRows(table.everything, table.offsets[1:], weight)


def bm25(papers: list[list[str]], terms: set[str]) -> list[float]:
    """BM25 less its factor k1 + 1, said plainly."""
    count, scores = len(papers), []
    full = [len(paper) for paper in papers if paper]
    mean = sum(full) / max(len(full), 1)
    for paper in papers:
        score = 0.0
        for term in terms:
            having = sum(term in other for other in papers)
            idf = np.log(1 + (count - having + 0.5) / (having + 0.5))
            tf = paper.count(term)
            score += idf * tf / (tf + 1.2 * (0.25 + 0.75 * len(paper) / max(mean, 1)))
        scores.append(score)
    return scores


@given(st.lists(words, min_size=1, max_size=8), st.sets(st.sampled_from("abcdefghxyz")))
def test_information_is_bm25(papers, terms):
    _, rows = rows_of(papers)
    found = numeric.information(rows, numeric.find(rows, {number_of(term) for term in terms}))
    np.testing.assert_allclose(found, bm25(papers, terms), rtol=5e-3, atol=1e-3)


@given(st.lists(words, min_size=1, max_size=8), st.lists(st.sampled_from("abcx"), min_size=2))
def test_papers_that_have_both_terms_of_a_pair(papers, question):
    _, rows = rows_of(papers)
    own = list(dict.fromkeys(question))
    found = numeric.find(rows, [number_of(term) for term in own])
    pairs = [(own.index(one), own.index(other)) for one, other in pairwise(question)]
    having = numeric.having_both(found, pairs, len(papers))
    assert having.tolist() == [
        any({one, other} <= set(paper) for one, other in pairwise(question)) for paper in papers
    ]


@given(st.lists(words, min_size=1, max_size=8))
def test_neighbouring_terms_weigh_what_bm25_gives_them(papers):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collector = ForwardIndexWriter(folder)
        for paper in papers:
            collector.add(Terms(head=(), body=paper))
        for kind in ("words", "pairs"):
            (folder / kind).mkdir()
        collector.save(folder / "words", folder / "pairs")
        table = ForwardIndex.open(folder / "pairs")
        terms, told = np.array(table.everything), table.column("bm25", np.arange(len(table.terms)))
        owners, lengths = table.owners, np.array([len(paper) for paper in papers])
    pairs = [list(pairwise(paper)) for paper in papers]
    mean = lengths.sum() / max((lengths > 0).sum(), 1)
    numbers = [[number_of(term) for term in paper] for paper in papers]
    found = zip(terms.tolist(), owners.tolist(), told.tolist(), strict=True)
    weights = {(owner, term): weight for term, owner, weight in found}
    for paper, own in enumerate(pairs):
        for place, pair in enumerate(own):
            [term] = pair_numbers(np.array(numbers[paper][place : place + 2], np.uint32)).tolist()
            having = sum(pair in other for other in pairs)
            idf = np.log(1 + (len(papers) - having + 0.5) / (having + 0.5))
            tf = own.count(pair)
            expected = idf * tf / (tf + 1.2 * (0.25 + 0.75 * lengths[paper] / max(mean, 1)))
            assert weights[paper, term] == pytest.approx(expected, rel=5e-3, abs=1e-3)


@given(
    st.lists(words, min_size=1, max_size=8),
    st.dictionaries(st.sampled_from("abcdefghxyz"), st.floats(0.1, 5)),
)
def test_coverage_is_a_share(papers, weights):
    _, rows = rows_of(papers)
    found = numeric.coverage(rows, {number_of(term): w for term, w in weights.items()})
    assert found.shape == (len(papers),)
    assert ((found >= 0) & (found <= 1)).all()


@given(st.lists(words, min_size=2, max_size=8))
def test_likeness_is_a_cosine(papers):
    table, rows = rows_of(papers)
    first = np.arange(table.offsets[1])
    own = dict(
        zip(table.terms[first].tolist(), table.column("cosine", first).tolist(), strict=True)
    )
    found = numeric.likeness(rows, own)
    if papers[0]:
        assert found[0] == pytest.approx(1, abs=5e-3)
    assert (found <= 1.01).all()


@given(
    st.lists(words, min_size=1, max_size=8),
    st.dictionaries(st.sampled_from("abcdefghxyz"), st.floats(0.1, 5)),
)
def test_knowing_the_order_and_the_owners_of_the_terms_changes_nothing(papers, weights):
    table, rows = rows_of(papers)
    ordered = replace(
        rows, every_owner=table.owners, by_term=table.by_term, in_order=table.in_order
    )
    wanted = {number_of(term): weight for term, weight in weights.items()}
    known, unknown = (
        numeric.information(each, numeric.find(each, wanted)) for each in (ordered, rows)
    )
    np.testing.assert_array_equal(known, unknown)
    for measure in (numeric.coverage, numeric.likeness):
        np.testing.assert_array_equal(measure(ordered, wanted), measure(rows, wanted))


@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_feedback_reads_the_terms_of_the_best_alone(papers, data):
    numbers = st.integers(0, len(papers) - 1)
    best = np.array(data.draw(st.lists(numbers, unique=True)), np.intp)
    _, rows = rows_of(papers)
    found = numeric.feedback_terms(rows, best)
    theirs = {number_of(term) for paper in best for term in papers[paper]}
    assert found.keys() <= theirs
    assert bool(found) == bool(theirs)


def test_feedback_prefers_what_the_best_share_and_few_others_have():
    papers = [["the", "lung", "xray"], ["the", "lung"], ["the", "cat"], ["the", "dog"]]
    _, rows = rows_of(papers)
    weights = numeric.feedback_terms(rows, np.array([0, 1]))
    assert max(weights, key=weights.__getitem__) == number_of("lung")
    assert weights[number_of("lung")] > 3 * weights[number_of("the")]
    assert number_of("cat") not in weights


def test_centring_takes_away_what_all_have_in_common():
    centre = np.array([1, 0], np.float32)
    vectors = np.array([[0.8, 0.6], [0.8, -0.6]], np.float32)
    plain = vectors @ vectors[0]
    centred = numeric.centred_cosines(vectors, vectors[0], centre)
    assert centred[0] == pytest.approx(1)
    assert centred[1] < plain[1] - 0.9
    none = numeric.centred_cosines(vectors, vectors[0], np.zeros(2, np.float32))
    np.testing.assert_allclose(none, plain, atol=1e-6)


def test_rank_settles_equals_by_the_second_order():
    order = numeric.rank(np.array([0.5, 0.9, 0.5], np.float32), np.array([2, 0, 1]))
    assert order.tolist() == [1, 2, 0]


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5]), max_size=12), st.integers(0, 14))
def test_the_first_of_a_ranking_are_the_first_of_all(scores, first):
    ties = np.random.default_rng(len(scores)).permutation(len(scores))
    every = np.array(scores, np.float32)
    found = numeric.rank(every, ties, first)
    np.testing.assert_array_equal(found, numeric.rank(every, ties)[:first])


class TestSpread:
    VECTORS = np.eye(4, dtype=np.float32)[[0, 0, 1, 2]]

    def test_without_diversity_one_interest_is_served_in_order(self):
        interests = np.array([[0.9], [0.8], [0.3], [0.1]], np.float32)
        assert numeric.spread(interests, self.VECTORS, 4, 0).tolist() == [0, 1, 2, 3]

    def test_twins_are_kept_apart(self):
        interests = np.array([[0.9], [0.8], [0.5], [0.1]], np.float32)
        assert numeric.spread(interests, self.VECTORS, 2, 0.5).tolist() == [0, 2]

    def test_every_interest_is_served(self):
        interests = np.array([[0.9, 0], [0.8, 0], [0, 0.5], [0, 0.1]], np.float32)
        chosen = numeric.spread(interests, np.eye(4, dtype=np.float32), 2, 0)
        assert set(chosen.tolist()) == {0, 2}

    @given(st.integers(0, 8), st.integers(1, 12), st.floats(0, 1))
    def test_chooses_each_once(self, count, k, diversity):
        random = np.random.default_rng(count)
        interests = random.random((count, 2)).astype(np.float32)
        vectors = random.normal(size=(count, 3)).astype(np.float32)
        chosen = numeric.spread(interests, vectors, k, diversity).tolist()
        assert len(chosen) == len(set(chosen)) == min(count, k)


def test_rows_of_an_empty_table():
    table, rows = rows_of([])
    assert len(table) == 0
    assert numeric.information(rows, numeric.find(rows, {1})).shape == (0,)
    assert numeric.feedback_terms(rows, np.array([], np.intp)) == {}
