"""Mathematics in plain text: fractions, roots, accents, alphabets and small raised signs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rftsearch.text.latex_symbols import styled

__all__ = ["fraction", "in_alphabet", "negated", "root", "script", "with_accent", "without_font"]

_WHOLE_WORDS = frozenset(["SCRIPT", "DOUBLE-STRUCK", "FRAKTUR"])
"""Alphabets that mean something in every letter; the others set words too, where they only
emphasise."""
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_ATOM = re.compile(r"\d+(?:[.,]\d+)?|[√∛∜]?\(.*\)|[√∛∜]?\w", re.DOTALL)
_LOOSE = re.compile(r"[\s+\-\u2212±∓·⋅\u00d7/=<>≤≥]")
_RAISED = re.compile("[\u2070-\u207f²³¹]")
_OVERLINE = "\u0305"


def fraction(above: str, below: str) -> str:
    """Write a fraction on one line, with parentheses where it would mean something else.

    >>> fraction("1", "2"), fraction("a+b", "2n")
    ('1/2', '(a+b)/(2n)')
    """
    return f"{_tight(above)}/{_atom(below)}"


def root(inner: str, degree: str = "") -> str:
    """Write a root.

    >>> root("T"), root("T+1"), root("n", "3")
    ('√T', '√(T+1)', '∛n')
    """
    sign = _ROOTS.get(degree)
    if sign is None:
        raised = script("^", degree)
        sign = f"{raised}√" if not raised.startswith("^") else f"√[{degree}]"
    return sign + (f"({inner})" if _RAISED.search(inner) else _atom(inner))


def with_accent(inner: str, mark: str) -> str | None:
    """Put an accent on a letter, or a line over or under each of several; else None."""
    dotted = inner.translate({0x131: "i", 0x237: "j"})
    letters = re.findall(r".[\u0300-\u036f\u20d0-\u20f0]*", dotted, re.DOTALL)
    if len(letters) == 1 and (inner[0].isalnum() or unicodedata.category(inner[0]) == "Sm"):
        return unicodedata.normalize("NFC", dotted + mark)
    if mark in {_OVERLINE, "\u0304"} and dotted.isalnum():
        return "".join(letter + _OVERLINE for letter in letters)
    if mark == "\u0332":
        return inner  # Underlined words are emphasised.
    return None


def in_alphabet(inner: str, alphabet: str) -> str:
    """Write letters in an alphabet of mathematics, if that has a meaning."""
    if alphabet in _WHOLE_WORDS:
        return "".join(styled(letter, alphabet) for letter in inner)
    if len(inner) != 1:
        return inner
    return _bold(inner) if alphabet.startswith("BOLD") and not inner.isascii() else styled(
        inner, alphabet
    )  # fmt: skip


def without_font(text: str) -> str:
    """Return a single letter as it is read in a word; other text as it is."""
    name = unicodedata.name(text, "") if len(text) == 1 else ""
    is_plain_letter = name.startswith("MATHEMATICAL") and "SCRIPT" not in name
    if is_plain_letter and not any(one in name for one in ("DOUBLE-STRUCK", "FRAKTUR")):
        return unicodedata.normalize("NFKC", text)
    return text


def negated(sign: str) -> str:
    """Strike a sign through."""
    return unicodedata.normalize("NFC", sign[:1] + "\u0338") + sign[1:] if sign else r"\not"


def script(place: str, inner: str) -> str:
    """Raise (`^`) or lower (`_`) signs; where Unicode lacks one of them, as it was typed.

    >>> script("^", "-1"), script("_", "0"), script("^", "a+b")
    ('⁻¹', '₀', '^{a+b}')
    """
    if place == "^" and inner in {"∘", "′"}:
        return {"∘": "°"}.get(inner, inner)
    placed = [_placed(sign, place) for sign in inner]
    if all(placed):
        return "".join(placed)
    return place + (inner if len(inner) == 1 else f"{{{inner}}}")


@cache
def _placed(sign: str, place: str) -> str:
    name = "MINUS" if sign == "-" else unicodedata.name(sign, "").removeprefix("DIGIT ")
    kind = "SUPERSCRIPT" if place == "^" else "SUBSCRIPT"
    try:
        return unicodedata.lookup(f"{kind} {name}")
    except KeyError:
        return ""


def _bold(letter: str) -> str:
    """Return a letter in bold that may be of a script or Fraktur alphabet already."""
    name = unicodedata.name(letter, "")
    plain = unicodedata.normalize("NFKC", letter)
    if "SCRIPT CAPITAL" in name or "SCRIPT SMALL" in name:
        return styled(plain, "BOLD SCRIPT")
    if "FRAKTUR" in name or "BLACK-LETTER" in name:
        return styled(plain, "BOLD FRAKTUR")
    return styled(letter, "BOLD ITALIC")


def _tight(inner: str) -> str:
    """The numerator of a fraction: sums, products and words in parentheses."""
    bare = re.sub(r"\([^()]*\)", "", inner)
    return f"({inner})" if not inner or _LOOSE.search(bare) else inner


def _atom(inner: str) -> str:
    """What binds as one sign, or parentheses around it."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", inner)
        if not unicodedata.combining(letter)
    )
    if _ATOM.fullmatch(bare) and _is_one(bare):
        return inner
    if re.fullmatch(r"\w[\u2070-\u209c²³¹]*", bare):
        return inner
    return f"({inner})"


def _is_one(text: str) -> bool:
    """Whether its first parenthesis, if any, is closed by its last."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and sign == ")" and place < len(text) - 1:
            return False
    return True
