"""Highlight the answering sentence and the matching words in plain text made from LaTeX.

Explanations give offsets into texts as they are stored. Signs that no text has are
put there before LaTeX is made plain, and the text is cut where they then stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rftsearch.papers.results import Explanation
from rftsearch.text.latex import latex_to_text

__all__ = ["Piece", "drop", "marked"]

# From Unicode's private use area, which no shown text needs.
_SENTENCE, _SENTENCE_END, _MARK, _MARK_END = "\ue0f0\ue0f1\ue0f2\ue0f3"
_SIGNS = re.compile(f"([{_SENTENCE}-{_MARK_END}])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text."""

    text: str
    marked: bool = False
    """Whether it is a word of the query."""
    answering: bool = False
    """Whether it belongs to the answering sentence."""


def marked(text: str, why: Explanation | None) -> tuple[Piece, ...]:
    """Cut a text where the answering sentence and its marked words begin and end.

    Args:
        text: As it is stored.
        why: What answers in this text; None where nothing does.

    Returns:
        Pieces, none of them empty, that make up the text as plain text.
    """
    text = _SIGNS.sub("", text) if why is None else _signed(text, why)
    pieces = []
    state = Piece("")
    for part in _SIGNS.split(latex_to_text(text)):
        if part in (_SENTENCE, _SENTENCE_END):
            state = replace(state, answering=part == _SENTENCE)
        elif part in (_MARK, _MARK_END):
            state = replace(state, marked=part == _MARK)
        elif part:
            pieces.append(replace(state, text=part))
    return tuple(pieces)


def drop(pieces: Iterable[Piece], count: int) -> tuple[Piece, ...]:
    """Return the pieces without their first `count` characters."""
    kept = []
    for one in pieces:
        if count < len(one.text):
            kept.append(replace(one, text=one.text[count:]))
        count = max(count - len(one.text), 0)
    return tuple(kept)


def _signed(text: str, why: Explanation) -> str:
    """Return the text with signs at the offsets of an explanation."""
    signs = [(why.start, _SENTENCE)]
    for start, end in why.marks:
        signs += [(why.start + start, _MARK), (why.start + end, _MARK_END)]
    signs.append((why.end, _SENTENCE_END))
    parts, at = [], 0
    for offset, sign in signs:
        parts += [_SIGNS.sub("", text[at:offset]), sign]
        at = offset
    return "".join([*parts, _SIGNS.sub("", text[at:])])
