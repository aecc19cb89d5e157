"""Find what a record says in the text it was read from, although reading cleaned it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

__all__ = ["Folded", "fold", "with_signs"]

_ENTITY = re.compile(r"&#?\w{1,31};")

Span = tuple[int, int]


@lru_cache(maxsize=8192)
def _letters(letter: str) -> str:
    plain = unicodedata.normalize("NFKC", letter).casefold()
    return "".join(one for one in plain if one.isalnum())


def fold(text: str) -> str:
    """Return the letters and digits of a text, without case."""
    return "".join(map(_letters, html.unescape(text)))


class Folded:
    """The letters and digits of a text, each with its place."""

    def __init__(self, text: str, hidden: Iterable[Span] = ()) -> None:
        """Fold a text.

        Args:
            text: As it stands in the list.
            hidden: Parts of it that are not shown, such as addresses.
        """
        covered = bytearray(len(text))
        for start, end in hidden:
            covered[start:end] = b"\x01" * (end - start)
        letters: list[str] = []
        places: list[Span] = []
        for start, end, shown in _signs(text):
            if not covered[start] and (plain := _letters(shown)):
                letters.append(plain)
                places += [(start, end)] * len(plain)
        self._letters = "".join(letters)
        self._places = places

    def find(self, phrase: str) -> Iterator[Span]:
        """Yield where a phrase stands, from its first to its last letter or digit."""
        wanted = fold(phrase)
        at = self._letters.find(wanted) if wanted else -1
        while at >= 0:
            yield self._places[at][0], self._places[at + len(wanted) - 1][1]
            at = self._letters.find(wanted, at + 1)


def _signs(text: str) -> Iterator[tuple[int, int, str]]:
    at = 0
    for entity in _ENTITY.finditer(text):
        yield from ((n, n + 1, text[n]) for n in range(at, entity.start()))
        yield entity.start(), entity.end(), html.unescape(entity[0])
        at = entity.end()
    yield from ((n, n + 1, text[n]) for n in range(at, len(text)))


def with_signs(text: str, span: Span, phrase: str, bounds: Span) -> Span:
    """Return a span with the signs before and behind it that belong to a phrase.

    Args:
        text: In which it stands.
        span: From the first to the last letter of the phrase.
        phrase: As it was read: `"Lamps", again?`
        bounds: What the span may grow to.
    """
    start, end = span
    for sign in reversed(_outer(phrase)):
        before = start - 1 - (start > 1 and text[start - 2 : start] == f"\\{sign}")
        if start - 1 >= bounds[0] and text[start - 1] == sign:
            start = max(before, bounds[0])
        else:
            break
    for sign in _outer(phrase[::-1])[::-1]:
        step = 2 if text[end : end + 2] == f"\\{sign}" else 1
        if end + step <= bounds[1] and text[end + step - 1 : end + step] == sign:
            end += step
        else:
            break
    return start, end


def _outer(phrase: str) -> Sequence[str]:
    """Return the signs with which a phrase begins."""
    first = next((n for n, sign in enumerate(phrase) if sign.isalnum()), len(phrase))
    return phrase[:first]
