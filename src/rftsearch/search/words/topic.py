"""The topic of a question, as it is embedded and scored: with what acronyms stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.asked.understood import Understood
from rftsearch.search.query.clean import subject
from rftsearch.search.ranking.query_words import QueryWords, spelt_out

__all__ = ["Topic"]


@dataclass(frozen=True)
class Topic:
    """What a question is about."""

    text: str
    """Without the words that ask for papers."""
    embedded: str
    """The same with acronyms and their long forms spelt out, each way alike."""
    words: QueryWords

    @classmethod
    def of(cls, generation: Generation, understood: Understood) -> Self:
        """Return the topic of a question.

        Args:
            generation: What is searched; it knows acronyms.
            understood: The question. An acronym counts only if it is one of its expansions.
        """
        text = subject(understood.text)
        expanded = set(understood.texts("expansion"))
        mentions = [
            mention
            for mention in (generation.acronyms.mentions(text) if expanded else ())
            if not expanded.isdisjoint((mention.concept.acronym, mention.concept.long))
        ]
        return cls(text, spelt_out(text, mentions), QueryWords.of(text, mentions))
