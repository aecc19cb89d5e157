"""Acronyms and their long forms, as abstracts define them: "direct preference optimization (DPO)".

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text" (2003). Their search from the right finds the shortest text before the
parenthesis that spells the acronym. Words that begin with its letters are looked for first:
the shortest text that spells PPO is "policy optimization".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Definition", "find_definitions", "is_acronym", "singular"]

_PARENTHESIS = re.compile(r"\(\s*([^()]{2,80}?)\s*\)")
_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9+/-]{0,10}")
_LONGEST_FORM = 10
_BOUNDARY = re.compile(r"[.!?;:]\s|[()\[\]]")
"""What no long form reaches across."""
_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])|[A-Z]")
"""A word, or a part of one behind a hyphen or from a capital on."""
_EDGE = " \t\n~-\u2013\u2014,;:?!'\"`*"
_LINKING = frozenset(
    "a an the of for and or in on by with from via using to our this".split()  # noqa: SIM905
)
_INITIALS = 0.6
"""The share of an acronym's letters that must begin a word, if not each word begins with one."""


@dataclass(frozen=True, slots=True)
class Definition:
    """An acronym and its long form, as one text has them."""

    acronym: str
    """Without the s of a plural: MLLM for MLLMs."""
    long: str


def is_acronym(word: str) -> bool:
    """Return whether a word is written like an acronym: two capitals or more, 2 to 10 signs."""
    capitals = sum(letter.isupper() for letter in word)
    return capitals >= 2 and len(word) <= _LONGEST_FORM and _FORM.fullmatch(word) is not None


def singular(acronym: str) -> str:
    """Return an acronym without the small s of its plural."""
    return acronym[:-1] if len(acronym) > 2 and acronym.endswith("s") else acronym


def find_definitions(text: str) -> Iterator[Definition]:
    """Yield the acronyms that a text defines, in order.

    Both ways of writing are read: "long form (LF)" and "LF (long form)".

    Args:
        text: Plain text.
    """
    for match in _PARENTHESIS.finditer(text):
        inner = re.split(r"[,;]|\se\.g\.|\bor\b", match[1])[0].strip()
        before = text[max(0, match.start() - 200) : match.start()].rstrip()
        if is_acronym(inner):
            words = before.split()
            wanted = singular(inner)
            most = min(len(wanted) + 5, 2 * len(wanted))
            candidate = _after_boundary(" ".join(words[-most:]))
            long = _long_form(wanted, candidate)
        else:
            last = re.search(r"(\S+)$", before)
            if last is None or not is_acronym(last[1]) or len(inner.split()) < 2:
                continue
            wanted = singular(last[1])
            long = _long_form(wanted, inner)
            if long and len(long) < 0.8 * len(inner):
                continue  # The parenthesis says something else.
        if long:
            yield Definition(wanted, long)


def _after_boundary(text: str) -> str:
    ends = [match.end() for match in _BOUNDARY.finditer(text)]
    return text[ends[-1] :] if ends else text


def _long_form(acronym: str, text: str) -> str:
    """Return the end of a text that an acronym stands for; empty if it does not.

    Args:
        acronym: What is explained.
        text: The words before its parenthesis, or those within.
    """
    letters = [letter for letter in acronym.casefold() if letter.isalnum()]
    lower = text.casefold()
    if len(lower) != len(text):
        return ""  # Some letters have a longer lower case; no English word has one.
    start = _by_initials(letters, text)
    if start is None:
        start = _by_letters(letters, lower)
        if start is None or _shared(letters, _initials(text[start:])) < _INITIALS * len(letters):
            return ""
    # "modal" of "multi-modal" is half a word.
    start = text.rfind(" ", 0, start) + 1
    long = " ".join(text[start:].strip(_EDGE).split())
    words = _PART.findall(long.casefold())
    if len(words) < 2 or words[0] in _LINKING or acronym.casefold() in words:
        return ""
    return long


def _by_initials(letters: list[str], text: str) -> int | None:
    """Return where a long form begins whose words begin with the letters, links left out."""
    wanted = list(letters)
    for match in reversed(list(_PART.finditer(text))):
        word = match[0].casefold()
        if word[0] == wanted[-1]:
            wanted.pop()
            if not wanted:
                return match.start()
        elif word not in _LINKING:
            return None
    return None


def _by_letters(letters: list[str], lower: str) -> int | None:
    """Return where the shortest end of a text begins that spells the letters.

    The first of them must begin a word. This is the search of Schwartz and Hearst.
    """
    at = len(lower)
    for place in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and (
            lower[at] != letters[place] or (place == 0 and at > 0 and lower[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    return at


def _initials(text: str) -> list[str]:
    return [match[0][0].casefold() for match in _PART.finditer(text)]


def _shared(letters: list[str], others: list[str]) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(others) + 1)
    for letter in letters:
        before = 0
        for place, other in enumerate(others, 1):
            kept = row[place]
            row[place] = before + 1 if letter == other else max(kept, row[place - 1])
            before = kept
    return row[-1]
