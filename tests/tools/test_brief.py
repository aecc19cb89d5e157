"""Short answers stay short whatever a paper brings."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rftsearch.papers.paper import Paper, Provenance
from rftsearch.papers.results import Explanation, Hit
from rftsearch.tools.brief import BRIEF_FIELDS, CHARACTERS_OF_A_HIT, brief_hit


def hit(title="Counting crowds", name="CrowdSeer", category="Vision", url="https://example.org/a"):
    paper = Paper(id="2501.00001", title=title, short_name=name, categories=(category,), url=url)
    return Hit(paper, 1.23456)


def why(sentence: str, *marks: tuple[int, int]) -> Explanation:
    return Explanation("2501.00001", "abstract", 0, len(sentence), sentence, marks)


def test_a_short_hit_has_what_chooses_a_paper():
    found = brief_hit(hit(), why("It counts crowds.", (3, 9)))
    assert found == {
        "id": "2501.00001",
        "short_name": "CrowdSeer",
        "title": "Counting crowds",
        "category": "Vision",
        "url": "https://example.org/a",
        "score": 1.235,
        "sentence": "It counts crowds.",
    }
    assert set(found) <= set(BRIEF_FIELDS)


def test_a_long_sentence_is_cut_around_the_words_of_the_query():
    sentence = "At first it says nothing of interest. " * 30 + "Then it counts crowds in rain."
    begin = sentence.index("crowds")
    cut = brief_hit(hit(), why(sentence, (begin, begin + 6)))["sentence"]
    assert "crowds" in cut
    assert cut.startswith("... ")
    first = brief_hit(hit(), why("Crowds " + sentence, (0, 6)))["sentence"]
    assert first.startswith("Crowds ")
    assert first.endswith(" ...")


def test_what_is_not_known_is_left_out():
    assert brief_hit(hit(name="", url=""), why("")).keys() == {"id", "title", "category", "score"}
    found = hit(name="", url="", category="refs.bib")
    unlabelled = replace(found.paper, provenance=(Provenance("refs.bib", 3),))
    shown = brief_hit(replace(found, paper=unlabelled), why(""))
    assert shown.keys() == {"id", "title", "score"}


@given(st.text(max_size=2_000), st.text(max_size=200), st.text(max_size=300), st.text())
def test_ten_hits_take_less_than_six_thousand_characters(title, name, category, sentence):
    middle = len(sentence) // 2
    url = "https://example.org/" + "a" * len(name)
    shown = brief_hit(hit(title, name, category, url), why(sentence, (middle, middle)))
    assert len(json.dumps(shown, ensure_ascii=False)) <= CHARACTERS_OF_A_HIT
    assert CHARACTERS_OF_A_HIT * 10 < 6_000
