from __future__ import annotations

from rftsearch.search.query.passage import MOST_SENTENCES, PASSAGE, own_sentences, telling
from rftsearch.text.terms import prose_terms


def test_sentences_of_a_text_of_several():
    text = "Abstract. We count sheep at dusk. The error falls by a third, e.g. on meadows."
    assert own_sentences(text) == (
        "We count sheep at dusk.",
        "The error falls by a third, e.g. on meadows.",
    )
    assert own_sentences("We count sheep at dusk.") == ()
    assert len(own_sentences("We count many sheep here. " * 40)) == MOST_SENTENCES


def test_every_word_of_a_query_tells_and_of_a_passage_the_rare_ones():
    assert telling(["sheep", "3", "sheep"], lambda _: 2.0) == {"sheep": 4.0, "3": 2.0}
    rare = ["sheep", "dusk", "camera"]
    common = [f"word{chr(97 + number)}" for number in range(PASSAGE)]
    terms = prose_terms("12 and 3,000 at 45th") + rare + common
    kept = telling(terms, lambda term: 5.0 if term in rare else 0.1)
    assert set(rare) <= kept.keys()
    assert not any(term[0].isdigit() for term in kept)
    assert len(kept) < len(set(terms)) / 2
