"""How questions are read: patterns and lists of words, as the Python readers have them.

A browser reads questions with the same patterns (`site/understanding/`). They are written
into `index.json`, so that each of them is kept in one place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rftsearch.index.generations.generation import Generation
from rftsearch.papers.asked import author_keys, venue_keys
from rftsearch.papers.asked.facts import PRESENTS, VENUE, authors_with_keys, facts_of
from rftsearch.papers.names import MOST_WORDS_IN_QUERY
from rftsearch.papers.paper import Paper
from rftsearch.search.query.passage import LEAST_WORDS, MOST_SENTENCES
from rftsearch.search.ranking import without
from rftsearch.search.understanding import (
    authors,
    cues,
    dates,
    language,
    left_over,
    resources,
    venues,
)
from rftsearch.search.understanding.reading import WORD
from rftsearch.search.understanding.understand import MOST_WORDS
from rftsearch.search.words import spelling
from rftsearch.search.words.model_words import model_words
from rftsearch.text import sentences
from rftsearch.text.author_names import Name
from rftsearch.text.reading import exclusions, negation
from rftsearch.text.reading import language as foreign

__all__ = ["facts_of_record", "question_tables"]

_BLANKS = re.compile(r"(\\.|\[(?:\\.|[^\]\\])*\])|\s+", re.DOTALL)
"""Blanks of a pattern, and what keeps its own: a sign behind a backslash, a class of signs."""


def question_tables(generation: Generation) -> dict[str, Any]:
    """Return what reads questions, as JSON: a pattern is {"pattern", "small"}.

    `small` says whether small and capital letters are the same.

    Args:
        generation: What is published; its model reads English, or many languages.
    """
    model = model_words(generation.tokenizer_file)
    tables: Mapping[str, Any] = {
        "word": WORD,
        "mostWords": MOST_WORDS,
        "cues": {
            "without": [cues.WITHOUT],
            "dates": [cues.DATES],
            "resources": [cues.RESOURCES],
            "venues": [cues.VENUE_WORDS, cues.CAPITALS],
        },
        "leftOver": left_over.TABLE,
        "without": {**exclusions.TABLE, "judged": without.TABLE, "said": negation.TABLE},
        "dates": dates.TABLE,
        "authors": {**authors.TABLE, **author_keys.TABLE},
        "venues": {**venues.TABLE, **venue_keys.TABLE},
        "resources": resources.TABLE,
        "language": {
            **language.TABLE,
            **foreign.TABLE,
            "multilingual": model.multilingual
            or "multilingual" in generation.manifest.model.name.casefold(),
        },
        "sentences": {**sentences.TABLE, "most": MOST_SENTENCES, "leastWords": LEAST_WORDS},
        "spelling": {**spelling.TABLE, "wordsOfAName": MOST_WORDS_IN_QUERY},
    }
    written: dict[str, Any] = _json(tables)
    return written


def facts_of_record(paper: Paper) -> dict[str, Any]:
    """Return by what a paper is found besides its words: places, what it presents, people.

    A browser makes the keys of most authors by itself: the last word is the family name. Those
    of all others are written, by the place of the author.
    """
    facts = facts_of(paper)
    people = {
        str(place): list(keys)
        for place, (name, keys) in enumerate(authors_with_keys(paper))
        if keys != _plain_keys(name)
    }
    return {
        "places": [one.removeprefix(VENUE) for one in facts if one.startswith(VENUE)],
        "presents": [one.removeprefix(PRESENTS) for one in facts if one.startswith(PRESENTS)],
        "people": people,
    }


def _plain_keys(name: str) -> tuple[str, ...] | None:
    """Return the keys that `site/understanding/facts.js` makes; None where it makes none."""
    words = name.split()
    if len(words) < 2 or any(sign in name for sign in "\\${}"):
        return None
    return author_keys.author_keys(name, Name(words[-1], " ".join(words[:-1])))


def _compact(pattern: str) -> str:
    """Return a pattern of several lines, which has no remarks, without the blanks of its layout."""
    return _BLANKS.sub(lambda match: match[1] or "", pattern)


def _json(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, re.Pattern):
        pattern = _compact(value.pattern) if value.flags & re.VERBOSE else value.pattern
        return {"pattern": pattern, "small": bool(value.flags & re.IGNORECASE)}
    if isinstance(value, Mapping):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    return value
