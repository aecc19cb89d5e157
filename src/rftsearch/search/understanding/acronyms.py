"""Reads acronyms and their long forms, of which a paper may have either."""

from __future__ import annotations

from collections.abc import Iterator

from rftsearch.papers.asked.understood import Part
from rftsearch.search.understanding.reading import Reading

__all__ = ["read_acronyms"]


def read_acronyms(reading: Reading) -> Iterator[Part]:
    """Yield the acronyms that a question names, as the texts of the collection define them."""
    query = reading.query
    for mention in reading.generation.acronyms.mentions(query):
        words, concept = query[mention.start : mention.end], mention.concept
        typed = concept.acronym.casefold() == words.casefold().removesuffix("s")
        other = concept.long if typed else concept.acronym
        label = f"{concept.acronym} = {concept.long}"
        yield Part(
            "acronyms",
            "expansion",
            mention.start,
            mention.end,
            words,
            label,
            text=other,
            instead=None,
        )
