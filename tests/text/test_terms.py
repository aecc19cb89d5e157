from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.text import terms as module
from rftsearch.text.terms import Remembered, fold_name, name_terms, prose_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("R1-V", ["r1", "v", "r1v"]),
        ("VLM-R1", ["vlm", "r1", "vlmr1"]),
        ("GRPO++", ["grpo", "grpo++"]),
        ("π0", ["π0", "pi0"]),
        ("OpenVLThinker", ["openvlthinker", "open", "vl", "thinker"]),
        ("ChestX-Reasoner", ["chestx", "chest", "reasoner", "chestxreasoner"]),
        ("VLM-R$^3$", ["vlm", "r3", "vlmr3"]),
        ("Kimi k1.5's", ["kimi", "k1", "5", "k15"]),
        ("Müller's naïve café", ["muller", "naive", "cafe"]),
        ("视频理解", ["视频", "频理", "理解"]),
        ("the of and", ["the", "of", "and"]),
    ],
)
def test_names(text, terms):
    assert name_terms(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Reasoning models are reasoned about", ["reason", "model", "reason"]),
        ("teaching with GRPO and LLaVA", ["teach", "grpo", "llava", "la", "va"]),
        ("the of and", []),
        ("!?! --- ...", []),
        (r"a \textbf{G}roup $\alpha$ policy", ["group", "\u03b1", "alpha", "polici"]),
    ],
)
def test_prose(text, terms):
    found = prose_terms(text)
    assert [term for term in terms if term not in found] == []
    if not terms:
        assert found == []


@pytest.mark.parametrize(
    "name", ["VL-Rethinker", "vl rethinker", "VLRethinker", "Vl\u2013Rethinker"]
)
def test_ways_to_write_a_name_fold_into_one(name):
    assert fold_name(name) == "vlrethinker"


@given(st.text(max_size=60))
def test_any_text_has_terms_without_blanks(text):
    for term in (*name_terms(text), *prose_terms(text)):
        assert term
        assert not any(letter.isspace() for letter in term)
        assert term == term.lower()


@given(st.text(max_size=60))
def test_case_of_ascii_prose_does_not_matter_to_folding(text):
    assert fold_name(text) == fold_name(fold_name(text))


class TestRemembered:
    def test_a_word_is_computed_once(self):
        asked = []
        remembered = Remembered(lambda word: asked.append(word) or len(word))
        assert [remembered["crowd"], remembered["crowd"], remembered["robot"]] == [5, 5, 5]
        assert asked == ["crowd", "robot"]

    def test_a_very_long_word_is_not_held(self):
        remembered = Remembered(len)
        assert remembered["a" * 4000] == 4000
        assert remembered == {}
        prose_terms("b" * 4000)
        assert not any(len(word) > 64 for word in module._prose)

    def test_too_many_are_forgotten(self, monkeypatch):
        monkeypatch.setattr(module, "_REMEMBERED", 10)
        remembered = Remembered(len)
        for number in range(100):
            assert remembered[str(number)] == len(str(number))
            assert len(remembered) <= 10
