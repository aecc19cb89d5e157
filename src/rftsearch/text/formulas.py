r"""Where mathematics begins and ends in a text, and which dollars are money.

LaTeX has no doubt: every dollar that has no backslash begins or ends a formula. But the
titles and abstracts of arXiv, and those of lists even more, are only half LaTeX: they
say "$5 and $10" too. A pair of dollars is a formula here if what stands between them
looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["Formula", "find_formulas"]


class Formula(NamedTuple):
    """A formula in a text: `text[start:end]` with its delimiters."""

    start: int
    end: int
    width: int
    """Characters of each delimiter."""
    source: str
    """What stands between the delimiters."""


# What is marked for display in the page has private characters in it, which count for nothing.
_PRIVATE = re.compile("[\ue000-\uf8ff]+")
_DELIMITER = re.compile(r"\\.|\$", re.DOTALL)
_DELIMITERS = frozenset(["$", r"\(", r"\)", r"\[", r"\]"])
_CLOSING = {r"\(": r"\)", r"\[": r"\]"}

_COMMAND = re.compile(r"\\[A-Za-z]+")
_SURE = re.compile(r"\\[A-Za-z&%#{}|,;!]|[\^_]")
"""Signs that money and prose do not have."""
_WORD_IN_BRACES = re.compile(r"\\[A-Za-z]+\*?\s*\{[^{}]*\}")
_PROSE = re.compile(r"[A-Za-z]{2,}[,;:]?\s+[A-Za-z]{2,}")
_LINKING_WORD = re.compile(r"\s(?:a|an|and|as|at|but|for|from|in|of|on|or|per|the|to|with)\s")
_OPERATORS = re.compile(r"[-+=<>~|/*:()\[\]'%°±\u00d7÷·•→←↔≤≥≈∼≠−]+")
_ENDS = re.compile(r"\A\\[A-Za-z]+|\\[A-Za-z]+\Z")
_UNFINISHED = re.compile(r"[-+/(\[,;:&\u2012-\u2015]\Z")
_RELATION = re.compile(r"[A-Za-z].*[=<>~≤≥≈∼]\Z", re.DOTALL)


def find_formulas(text: str) -> Iterator[Formula]:
    r"""Find the formulas of a text, in order: `$x$`, `$$x$$`, `\(x\)` and `\[x\]`.

    >>> [one.source for one in find_formulas(r"From $5 to $10: 0.95$\pm$0.02")]
    ['\\pm']
    """
    found = [one for one in _DELIMITER.finditer(text) if one[0] in _DELIMITERS]
    signs = [one[0] for one in found]
    at = 0
    while at < len(found):
        closing = None
        if signs[at] in _CLOSING:
            closing = _next_if(signs[at + 1 : at + 2] == [_CLOSING[signs[at]]], at + 1)
            width = 2
        elif signs[at] == "$":
            display = _is_display(found, at)
            width = 2 if display else 1
            closing = at + 2 if display else _next_if(signs[at + 1 : at + 2] == ["$"], at + 1)
        if closing is not None:
            start, end = found[at].start(), found[closing].start() + width
            source = text[start + width : end - width]
            after = text[end : end + 1]
            is_one = (
                _is_balanced(source)
                if signs[at] != "$"
                else _is_formula(source.strip() if width == 2 else source, after)
            )
            if is_one:
                yield Formula(start, end, width, source)
                at = closing + (width if signs[at] == "$" else 1)
                continue
        at += 1


def _next_if(is_there: bool, place: int) -> int | None:
    return place if is_there else None


def _is_display(found: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a dollar is the first of `$$x$$`."""
    four = found[at : at + 4]
    if len(four) < 4 or any(one[0] != "$" for one in four):
        return False
    first, second, third, fourth = (one.start() for one in four)
    return second == first + 1 and fourth == third + 1


def _is_formula(source: str, after: str) -> bool:
    """Decide whether the text between two dollars is a formula.

    Args:
        source: The text.
        after: The character behind the second dollar, or nothing.
    """
    bare = _PRIVATE.sub("", source)
    core = bare.strip()
    if not core or not _is_balanced(bare):
        return False
    if _OPERATORS.fullmatch(core):
        return core == bare or bare[0].isspace() == bare[-1].isspace() or core in "<>≤≥=≈∼"
    if _SURE.search(core):
        return _is_sure_formula(bare, core)
    # "$n-$dimensional", but neither "$5-$" nor "$HOME/$".
    is_cut = _UNFINISHED.search(core) and (core[0].isdigit() or core[-1] not in "-,")
    if core != bare or core[0] in "/,;" or is_cut or _is_prose(core):
        return False
    if after.isdigit():
        # "$x$2" and "$N=$10", but never "$5-$10".
        return _RELATION.fullmatch(core) is not None or (len(core) == 1 and core.isalpha())
    return _is_even(core)


def _is_sure_formula(bare: str, core: str) -> bool:
    """Decide about a text with commands or scripts; `core` is without the blanks around."""
    if core == bare:
        return not (core[0].isdigit() and _is_prose(core))
    # `$ \alpha $` and `$0.84 \pm $0.04`, but not "$5 with \textbf{x} at $10".
    is_set_apart = bare[0].isspace() and bare[-1].isspace()
    return not _is_prose(bare) and (is_set_apart or _ENDS.search(core) is not None)


def _is_prose(text: str) -> bool:
    """Whether a text has words beside each other that are not set as text."""
    words = _COMMAND.sub(" \0 ", _WORD_IN_BRACES.sub(" \0 ", text))
    return _PROSE.search(words) is not None or _LINKING_WORD.search(words) is not None


def _is_balanced(source: str) -> bool:
    """Whether every brace has its other half."""
    depth = 0
    for brace in re.findall(r"\\.|[{}]", source, re.DOTALL):
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return False
    return depth == 0


def _is_even(source: str) -> bool:
    """Whether parentheses open as often as they close; `[0, 1)` is an interval."""
    depth = 0
    for sign in source:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            return False
    return depth == 0
