"""Split text into the terms that lexical search matches.

Names of this field are written in many ways: `VLM-R1`, `VLM R1` and `vlmr1` are
one. A compound therefore becomes its parts and the whole without its joints,
`OpenVLThinker` its humps and the whole. Words of prose are stemmed (Snowball's
English stemmer, https://snowballstem.org); names, which are compounds, hold a
digit, or are written in capitals, are not.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TypeVar

import Stemmer

from rftsearch.text.latex import latex_to_text

__all__ = ["Remembered", "fold_name", "name_terms", "prose_terms"]

# Function words, and the words in which questions for papers are dressed.
_STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before
    being below between both but by can cannot could did do does doing down during each few for
    from further had has have having he her here hers him his how i if in into is it its itself
    just me more most my no nor not of off on once only or other our ours out over own same she
    should so some such than that the their theirs them then there these they this those through
    to too under until up very was we were what when where which while who whom why will with
    would you your yours us via using used use may might must shall upon yet whether within
    without
    """.split()  # noqa: SIM905 - as a list it would be a page long
)

# A word, with what may join its parts, and the plus signs of `GRPO++`.
_WORD = re.compile(r"[^\W_]+(?:[-_'\u2019.+/][^\W_]+)*\+*")
_BETWEEN = re.compile(r"[\W_]+")
_JOINT = re.compile(r"[-_'\u2019.+/]+")
_HUMP = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\da-zA-Z_]+")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_GREEK = re.compile(r"[\u03b1-\u03c9]")

_REMEMBERED = 1 << 18
"""Words that are remembered: about as many as 200,000 abstracts have."""
_LONGEST = 64
"""Letters of the longest that are."""

Value = TypeVar("Value")

_stemmers = threading.local()  # A stemmer keeps state: each thread has its own.


def prose_terms(text: str) -> list[str]:
    """Return the terms of a title or an abstract in order: stemmed, without stop words."""
    return list(chain.from_iterable(map(_prose.__getitem__, _words(text))))


def name_terms(text: str) -> list[str]:
    """Return the terms of a short name in order: not stemmed, stop words included."""
    return [term for word in _words(text) for term, _ in _terms_of_word(word)]


def fold_name(name: str) -> str:
    """Return a short name or title as it is looked up: letters and digits, no case or accent."""
    return _BETWEEN.sub("", _fold(latex_to_text(name)).casefold())


def _words(text: str) -> list[str]:
    return _WORD.findall(_fold(latex_to_text(text)))


class Remembered(dict[str, Value]):
    """What a function returns for words, remembered for most of them.

    Most words of a text were seen before, and remembering them takes a tenth of the time.
    When there are too many, all are forgotten: that costs less than to note at each word
    which one was used last. Very long words are not remembered: a visitor of the page could
    send thousands.
    """

    def __init__(self, compute: Callable[[str], Value]) -> None:
        """Remember nothing yet of a function."""
        super().__init__()
        self._compute = compute

    def __missing__(self, word: str) -> Value:
        """Compute it."""
        found = self._compute(word)
        if len(word) <= _LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = found
        return found


def _prose_terms_of_word(word: str) -> tuple[str, ...]:
    return tuple(stem for term, stem in _terms_of_word(word) if term not in _STOP_WORDS)


_prose = Remembered(_prose_terms_of_word)


def _terms_of_word(word: str) -> tuple[tuple[str, str], ...]:
    """Return the terms of a word as they are in names and, stemmed, in prose."""
    return tuple((term, _stem(term) if prose else term) for term, prose in _split(word))


def _split(word: str) -> Iterator[tuple[str, bool]]:
    """Each term of a word in lower case, and whether it is a word of prose."""
    if word.isascii() and word.isalpha() and word[1:] == word[1:].lower():
        yield word.lower(), True  # Nine words of ten.
        return
    parts = [part for part in _JOINT.split(word.rstrip("+")) if part]
    if len(parts) > 1 and parts[-1].lower() == "s":
        del parts[-1]  # What is left of a possessive.
    compound = len(parts) > 1
    for part in parts:
        yield from _part(part)
    if compound:
        yield "".join(parts).lower(), False
    if word.endswith("+"):
        yield word.lower(), False


def _part(part: str) -> Iterator[tuple[str, bool]]:
    if _IDEOGRAPHS.fullmatch(part):
        # Written without blanks: pairs of characters stand in for words.
        yield from ((pair, False) for pair in _pairs(part))
        return
    lower = part.lower()
    capitals = part[1:] != part[1:].lower()
    digits = not part.isalpha() and any(letter.isdigit() for letter in part)
    yield lower, not (capitals or digits)
    if capitals and not part.isupper():
        humps = _HUMP.findall(part)
        if len(humps) > 1:
            yield from ((hump.lower(), True) for hump in humps if len(hump) > 1)
    if spelt := _spell_greek(lower):
        yield spelt, False


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _spell_greek(word: str) -> str:
    """Return `pi0` for `π0`; an empty string if there is no Greek letter."""
    if not _GREEK.search(word):
        return ""
    return _GREEK.sub(lambda letter: unicodedata.name(letter[0]).split()[-1].lower(), word)


def _fold(text: str) -> str:
    """Return text without accents, ligatures and width: `é` as `e`, `ﬁ` as `fi`, `³` as `3`."""
    if text.isascii():
        return text
    bare = _FOREIGN.sub(_without_accents, unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare)  # Hangul is put together again.


def _without_accents(run: re.Match[str]) -> str:
    return "".join(letter for letter in run[0] if not unicodedata.combining(letter))


def _stem(word: str) -> str:
    stemmer = getattr(_stemmers, "english", None)
    if stemmer is None:
        stemmer = _stemmers.english = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
