"""Labelled papers that surely belong elsewhere, and those that may stand where they do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rftsearch.living.labels.elsewhere import find_elsewhere
from rftsearch.living.labels.evidence import Evidence
from rftsearch.papers.paper import Paper
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper

WORDS = tuple(word for words in SUBJECTS.values() for word in words[:3])


def elsewhere(papers: Sequence[Paper]) -> dict[str, tuple[str, tuple[str, ...]]]:
    encoder = WordEncoder(WORDS)
    texts = np.asarray(encoder.encode_documents([f"{p.title}. {p.abstract}" for p in papers]))
    titles = np.asarray(encoder.encode_documents([p.title for p in papers]))
    labels = [paper.categories for paper in papers]
    found = find_elsewhere(papers, labels, Evidence.of(papers, texts, titles))
    return {key: (one.category, one.names) for key, one in found.items()}


def papers(each: int = 12) -> list[Paper]:
    return [
        invented_paper(number, category)
        for place, category in enumerate(SUBJECTS)
        for number in range(place * 100, place * 100 + each)
    ]


def test_a_paper_under_the_heading_of_another_subject_is_found():
    wrong = invented_paper(950, "Robots", categories=("Audio",))
    found = elsewhere([*papers(), wrong])
    assert list(found) == [wrong.id]
    category, names = found[wrong.id]
    assert category == "Robots"
    assert len(names) == 3
    assert wrong.short_name not in names


def test_nothing_is_found_where_all_stand_right():
    assert elsewhere(papers()) == {}


def test_a_small_section_may_be_like_its_neighbours():
    small = [invented_paper(960 + n, "Robots", categories=("Arms",)) for n in range(3)]
    assert elsewhere([*papers(), *small]) == {}


def test_where_labels_are_chance_nothing_is_sure():
    draw = np.random.default_rng(3)
    names = list(SUBJECTS)
    mixed = [
        invented_paper(n, names[n % 4], categories=(names[draw.integers(4)],)) for n in range(60)
    ]
    assert elsewhere(mixed) == {}


def test_too_few_papers_teach_nothing():
    assert elsewhere(papers(1)) == {}
