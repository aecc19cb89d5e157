"""Sentences: where they begin and end in a text.

Written for abstracts: abbreviations of papers ("Fig.", "et al."), formulas in LaTeX, names
such as vLLM, and Chinese full stops.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rftsearch.text.formulas import find_formulas

__all__ = ["TABLE", "Span", "find_sentences"]

Span = tuple[int, int]
"""Start and end in characters; the end is excluded."""

_END = re.compile(r"(?:[.!?]+[\"'\u2019\u201d)\]}]*(?=\s)|[\u3002\uff01\uff1f]+)\s*")
# Abbreviations: a full stop after one of these does not end a sentence.
_LEADING = frozenset(
    """
    e.g i.e cf vs viz resp approx ca fig figs eq eqs sec tab alg app ref refs no vol ch
    dr prof mr mrs ms st w.r.t s.t incl esp
    """.split()  # noqa: SIM905 - as a list it would be a page long
)
# The same, unless the next word is one that begins sentences.
_TRAILING = frozenset(("al", "etc", "a.k.a", "inc", "ltd"))
_BEGINNINGS = frozenset(
    """
    a all although an as at based both by code compared despite each experiments extensive
    finally first for from furthermore given here however i in inspired it its many moreover
    most motivated notably on our overall prior recent results second several since so some
    specifically such that the their there therefore these they this those through thus to
    unlike using we when while with without yet
    """.split()  # noqa: SIM905 - the same
)
_LAST_WORD = re.compile(r"[^\s(\[{\u201c\"~]*\Z")
_NEXT_WORD = re.compile(r"(?:\\[A-Za-z]+\s*\{|[\"'\u201c\u2018(\[{$])*(\w*)")

TABLE: Mapping[str, Any] = {
    "end": _END,
    "leading": sorted(_LEADING),
    "trailing": sorted(_TRAILING),
    "beginnings": sorted(_BEGINNINGS),
    "nextWord": _NEXT_WORD,
}
"""What a browser needs to find sentences alike: see `rftsearch.publish.reading`."""


def find_sentences(text: str) -> list[Span]:
    """Find the sentences of a text.

    A full stop ends a sentence unless it follows an abbreviation ("e.g.", "et al.")
    or an initial, stands within a number or a formula, or is followed by a lower-case
    letter. In doubt, two sentences stay one.

    Returns:
        Start and end of each sentence, in order, not overlapping, without the blanks
        between them. Everything but blanks lies in a sentence.
    """
    found = []
    start = 0
    formulas = [(one.start, one.end) for one in find_formulas(text)]
    for match in _END.finditer(text):
        inside = any(begin < match.start() < end - 1 for begin, end in formulas)
        if not inside and _ends(text, match):
            found.append((start, match.end()))
            start = match.end()
    found.append((start, len(text)))
    return [span for begin, end in found if (span := _stripped(text, begin, end))]


def _ends(text: str, match: re.Match[str]) -> bool:
    """Return whether a sentence ends at this full stop."""
    if match[0][0] != ".":
        return match[0][0] in "!?\u3002\uff01\uff1f" and not _lower_case(text, match.end())
    if _lower_case(text, match.end()):
        return False
    before = _LAST_WORD.search(text, max(0, match.start() - 20), match.start())
    word = before[0].casefold() if before else ""
    if word in _LEADING or (before and len(before[0]) == 1 and before[0].isupper()):
        return False
    if word in _TRAILING:
        following = _NEXT_WORD.match(text, match.end())
        return following is not None and following[1].casefold() in _BEGINNINGS
    return True


def _lower_case(text: str, at: int) -> bool:
    """Return whether the next word is in lower case; `iGPT` and `vLLM` may begin a sentence."""
    match = _NEXT_WORD.match(text, at)
    return match is not None and match[1].islower() and match[1][0].isascii()


def _stripped(text: str, start: int, end: int) -> Span | None:
    whole = text[start:end]
    inner = whole.strip()
    begin = start + len(whole) - len(whole.lstrip())
    return (begin, begin + len(inner)) if inner else None
