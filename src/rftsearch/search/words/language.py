"""Whether the model of an index can read a question."""

from __future__ import annotations

from rftsearch.index.generations.generation import Generation
from rftsearch.search.words.model_words import model_words
from rftsearch.text.reading.language import is_foreign
from rftsearch.text.terms import prose_terms

__all__ = ["cannot_be_read"]


def cannot_be_read(generation: Generation, question: str) -> bool:
    """Return whether a question is in another language, and the model reads only English.

    Args:
        generation: What is searched.
        question: One line of text.
    """
    frequency = generation.lexical.frequency

    def known(word: str) -> bool:
        return any(map(frequency, prose_terms(word)))

    if not is_foreign(question, known):
        return False
    words = model_words(generation.tokenizer_file)
    return not (words.multilingual or "multilingual" in generation.manifest.model.name.casefold())
