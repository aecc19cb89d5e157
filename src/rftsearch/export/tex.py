r"""Text for LaTeX, by way of BibTeX.

What comes from a list or from arXiv is foreign text, and a bibliography is run by
whoever typesets it. So nothing of it stays a command but sound mathematics:
`$\mathcal{O}(n)$` is kept, `$\input{x}$` becomes the characters it is written with.
`tex_letters` writes letters and signs, `tex_formulas` writes formulas; this module
puts titles together and holds their capitals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from rftsearch.export.tex_formulas import write_formula
from rftsearch.export.tex_letters import write_letters
from rftsearch.text.formulas import find_formulas
from rftsearch.text.latex import latex_to_text

__all__ = ["PROTECTED", "tex_text", "tex_title"]

_FIRST, _LAST = 0xE100, 0xF8FF
_IN_BRACES = rf"[\w.+/\u2019'{chr(_FIRST)}-{chr(_LAST)}-]*"
PROTECTED = re.compile(rf"\{{({_IN_BRACES}[A-Z]{_IN_BRACES})\}}")
"""A word in the braces with which people hold capitals: `{GRPO}`, `{B}ayesian`."""

_PLACE = re.compile(f"([{chr(_FIRST)}-{chr(_LAST)}])")
"""Private characters, which stand for pieces that are written already."""
# An accent that stands behind its letter belongs to it.
_CORE = re.compile(r"(\W*)(.*?)((?:(?![\u0300-\u036f\u20d0-\u20f0])\W)*)", re.DOTALL)
_JOINTS = re.compile(r"([-/\u2010-\u2015]+)")
_POSSESSIVE = re.compile(r"[^\W\d_][\u2019'].*", re.DOTALL)


def tex_text(text: str) -> str:
    r"""Write one line of plain text, such as a name, with everything LaTeX would read escaped.

    >>> tex_text("Nguyễn & Pérez")
    'Nguy{\\~{\\^e}}n \\& P{\\'e}rez'
    """
    return write_letters(text)


def tex_title(text: str, names: Collection[str] = ()) -> str:
    r"""Write a title with its mathematics, and its capitals held against BibTeX's styles.

    Styles set titles in small letters but for the first. Held are words with a
    capital after their first letter, beside a digit or beside a formula (`TimeZero`,
    `R1`, `MLLMs`), single capitals (`N`, but not the article of "A Survey"), words
    that the title itself holds with braces, and all mathematics.

    Args:
        text: One line, with LaTeX as arXiv gives it.
        names: Words that are held too, such as those of the paper's short name.

    >>> tex_title("A Survey of the Large N Limit of R$^3$")
    'A Survey of the Large {N} Limit of {R}{$^3$}'
    """
    return _Title(text, names).written


class _Title:
    """A title, with pieces that are written already replaced by single characters."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self._names = names
        self._pieces: list[str] = []
        with_formulas = self._replace_formulas(_PLACE.sub("", text))
        plain = latex_to_text(with_formulas)
        words = PROTECTED.sub(lambda found: self._place(f"{{{write_letters(found[1])}}}"), plain)
        self.written = self._filled(self._words(words))

    def _place(self, piece: str) -> str:
        """Keep a piece, and return the character that stands for it."""
        if _FIRST + len(self._pieces) > _LAST:
            return ""
        self._pieces.append(piece)
        return chr(_FIRST + len(self._pieces) - 1)

    def _filled(self, written: str) -> str:
        return _PLACE.sub(lambda found: self._filled(self._pieces[ord(found[0]) - _FIRST]), written)

    def _replace_formulas(self, text: str) -> str:
        replaced, done = [], 0
        for formula in find_formulas(text):
            written = write_formula(formula.source)
            if written is not None:
                replaced += [text[done : formula.start], self._place(f"{{${written}$}}")]
                done = formula.end
        return "".join([*replaced, text[done:]])

    def _words(self, text: str) -> str:
        quoted = _directed(text)
        pieces = re.split(r"(\s+)", quoted)
        last = max((number for number, piece in enumerate(pieces) if piece.strip()), default=0)
        return "".join(
            self._word(piece, followed=number < last) for number, piece in enumerate(pieces)
        )

    def _word(self, word: str, *, followed: bool) -> str:
        """Write a word with its capitals held, between and beside formulas."""
        if not any(letter.isupper() for letter in word):
            return write_letters(word)
        if word.strip("“”\u2018\u2019'(") == "A" and word[-1] == "A" and followed:
            return write_letters(word)
        return "".join(
            segment if _PLACE.fullmatch(segment) else self._segment(segment, before, after)
            for before, segment, after in _with_neighbours(_PLACE.split(word))
        )

    def _segment(self, segment: str, before: str, after: str) -> str:
        """Write what stands between two formulas; `before` and `after` are empty if none does."""
        found = _CORE.fullmatch(segment)
        if found is None or not found[2]:
            return write_letters(segment)
        head, core, tail = found.groups()
        parts = _JOINTS.split(core)
        held = [_is_held(part) for part in parts[::2]]
        if core in self._names:
            held = [True] * len(held)
        if before and not head:
            held[0] = held[0] or _has_capital(parts[0])
        if after and not tail:
            held[-1] = held[-1] or _has_capital(parts[-1])
        if all(held):
            middle = f"{{{write_letters(core)}}}"
        else:
            # Joints are no letters, so that each part can be written by itself.
            parts[::2] = [
                f"{{{write_letters(part)}}}" if hold else write_letters(part)
                for part, hold in zip(parts[::2], held, strict=True)
            ]
            middle = "".join(
                part if number % 2 == 0 else write_letters(part)
                for number, part in enumerate(parts)
            )
        return f"{write_letters(head)}{middle}{write_letters(tail)}"


def _directed(text: str) -> str:
    """Straight quotes as opening and closing ones."""
    return re.sub(r'(^|[\s(\[/{:-])"', r"\1“", text).replace('"', "”")


def _with_neighbours(segments: list[str]) -> Iterator[tuple[str, str, str]]:
    around = ["", *segments, ""]
    return zip(around, segments, around[2:], strict=False)


def _has_capital(part: str) -> bool:
    return any(letter.isupper() for letter in part)


def _is_held(part: str) -> bool:
    capitals = [place for place, letter in enumerate(part) if letter.isupper()]
    if not capitals:
        return False
    if len(part) == 1 or _POSSESSIVE.fullmatch(part):
        # A sign rather than a word; but prepositions of Cyrillic are words.
        return unicodedata.name(part[0], "").startswith(("LATIN", "GREEK"))
    names = [unicodedata.name(letter, "") for letter in part]
    # `Dκ` is a formula, but Greek words are words.
    is_mixed = any(one.startswith("GREEK") for one in names) and part[0].isascii()
    return capitals[-1] > 0 or is_mixed or any(letter.isdigit() for letter in part)
