"""Reads words that no paper has and that are nearly a word of the collection: `benchmrak`."""

from __future__ import annotations

from collections.abc import Iterator

from rftsearch.papers.asked.understood import Part
from rftsearch.papers.names import MOST_WORDS_IN_QUERY
from rftsearch.search.understanding.reading import Reading
from rftsearch.text.terms import fold_name, prose_terms

__all__ = ["read_spelling"]


def read_spelling(reading: Reading) -> Iterator[Part]:
    """Yield the words that were corrected; never names, ids, or words that a paper has."""
    lexical = reading.generation.lexical
    if all(map(lexical.frequency, prose_terms(reading.query))):
        return  # As nearly always.
    words = reading.free_words()
    for word in words:
        text = word.text
        if not (text.isascii() and text.isalpha() and text[1:].islower()):
            continue  # A name, or an id.
        if text[0].isupper() and word.start:
            continue
        terms = prose_terms(text)
        if not terms or any(map(lexical.frequency, terms)) or lexical.is_name(fold_name(text)):
            continue
        if len(reading.words) <= MOST_WORDS_IN_QUERY and lexical.beginning(fold_name(text), 1).size:
            continue  # A name that is being typed.
        from rftsearch.search.words.language import cannot_be_read  # noqa: PLC0415 - seldom
        from rftsearch.search.words.spelling import correction  # noqa: PLC0415 - seldom

        if cannot_be_read(reading.generation, " ".join(w.text for w in words)):
            return  # Its words are right, in their language.
        if meant := correction(reading.generation, text.lower()):
            label = f"showing results for \u201c{meant}\u201d"
            yield Part("spelling", "correction", word.start, word.end, text, label, instead=meant)
