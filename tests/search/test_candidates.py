"""Which words of a question find papers in a large collection."""

from __future__ import annotations

import pytest

from rftsearch.index.build import index_papers
from rftsearch.index.generation import Generation
from rftsearch.records import ArxivMetadata, Paper
from rftsearch.search.scoring import _telling
from support.encoder import WordEncoder


def paper(number: int) -> Paper:
    """One of ten: all of them speak of windmills, every fifth of a kettle, and one of a violin."""
    said = f"windmill{' kettle' * (number % 5 == 0)}{' violin' * (number == 3)}"
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
    assert _telling(generation, ["kettl", "windmil", "violin"]) == ["kettl", "violin"]


@pytest.mark.parametrize("terms", [["windmil"], ["windmil", "violin"], ["violin", "violin"], []])
def test_of_few_words_each_is_looked_up(generation, terms):
    assert _telling(generation, terms) == terms
