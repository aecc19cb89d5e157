from __future__ import annotations

import pytest

from rftsearch.search.query.unknown_words import MOST_NAMED, nobody_mentions, unknown_words


class Lexical:
    """Knows the frequency of a few terms."""

    def frequency(self, term: str) -> int:
        return int(term in {"video", "crowd", "recogn", "color"})


class Generation:
    lexical = Lexical()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("crowds in videos", ()),
        ("which drones see a crowd?", ("drones", "see")),
        ("Drones and drones", ("Drones",)),
        ("recognising coloured videos", ()),
        ("17 crowds in 2025", ()),
        ("low-resource video", ("low-resource",)),
    ],
)
def test_words_that_no_paper_has(query, words):
    assert unknown_words(Generation(), query) == words


def test_a_few_are_named():
    words = unknown_words(Generation(), "sourdough bread rises overnight near ovens everywhere")
    assert len(words) == MOST_NAMED
    assert nobody_mentions(words[:1]) == "no paper mentions sourdough"
    assert nobody_mentions(words[:3]) == "no paper mentions sourdough, bread or rises"
