"""Reads `"phrases"` that papers must have, and `-word` and `-"phrases"` that they must not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rftsearch.papers.asked.understood import Part
from rftsearch.search.understanding.reading import Reading

__all__ = ["read_phrases"]

_QUOTED = re.compile(
    '(?P<minus>(?<!\\S)-)?["\u201c\u201d](?P<phrase>[^"\u201c\u201d]+)["\u201c\u201d]'
)
_MINUS = re.compile(r"(?<=\s)-(?P<word>[^\W_][\w-]*)(?=[\s,;]|$)")
"""Behind a blank: `-survey` at the start of a question is a dash, as of a line in a list."""


def read_phrases(reading: Reading) -> Iterator[Part]:
    """Yield exact phrases and refused words.

    A phrase that no paper has is said so and searched for by its words.
    """
    query = reading.query
    if not any(sign in query for sign in '"\u201c\u201d-'):
        return
    for match in reading.matches(_QUOTED):
        phrase = " ".join(match["phrase"].split())
        if re.search(r"\w", phrase):
            yield _part(reading, match, phrase, refused=bool(match["minus"]))
    for match in reading.matches(_MINUS):
        yield _part(reading, match, match["word"], refused=True)


def _part(reading: Reading, match: re.Match[str], phrase: str, *, refused: bool) -> Part:
    from rftsearch.search.words.phrases import rows_with  # noqa: PLC0415 - seldom

    start, end = match.span()
    having, named = rows_with(reading.generation, phrase), f"\u201c{phrase}\u201d"
    if refused:
        label, applied = f"without {named}", not having.all()
        if not having.any():
            label = f"no paper mentions {named}"
        elif not applied:
            label = f"every paper mentions {named}"
        return Part("phrases", "refusal", start, end, match[0], label, applied, text=phrase)
    applied = bool(having.any())
    label = f"exactly {named}" if applied else f"no paper has exactly {named}"
    return Part(
        "phrases", "exact", start, end, match[0], label, applied, text=phrase, instead=phrase
    )
