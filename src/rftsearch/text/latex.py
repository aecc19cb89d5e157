r"""Titles and abstracts as arXiv has them, made readable as plain text.

arXiv gives LaTeX as its authors typed it. What occurs in practice is a handful
of forms: `\textbf{R}einforcement`, `R$^3$`, `96.9\%`, ```quoted''`. Anything
else is left as it was: a stray command is better than a lost word.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["latex_to_text"]

_LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\(?!href\b)[A-Za-z]+\*?\s*\{([^{}]*)\}")
# As Pandoc reads it: no blank inside the dollars, no digit after them, so that
# "$5 and $10" stays money.
_MATH = re.compile(r"(?<!\\)\$(?=\S)([^$]*?\S)(?<!\\)\$(?!\d)")
_ESCAPED = re.compile(r"\\([%&$#_{}])")
_QUOTED = re.compile(r"``(.+?)''", re.DOTALL)
_SCRIPT = re.compile(r"([\^_])(?:\{([^{}]*)\}|(\w))")
_NAMED = {
    r"\times": "\N{MULTIPLICATION SIGN}",
    r"\sim": "~",
    r"\approx": "≈",
    r"\leq": "≤",
    r"\geq": "≥",
    r"\pm": "±",
    r"\rightarrow": "→",
    r"\to": "→",
}
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328",
}  # fmt: skip
# `\'e`, `\'{e}`, `{\"o}`, `\'{\i}`, `\c{c}`, `\v s`.
_ACCENT = re.compile(
    r"""(?P<open>\{)?
        \\(?:(?P<sign>[`'^~=."]) | (?P<letter>[uvHcdkr])(?:\s+|(?=\{)))
        (?: \{ \\?(?P<braced>[A-Za-z]) \} | \\?(?P<bare>[A-Za-z]) )
        (?(open)\})""",
    re.VERBOSE,
)
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "i": "\u0131",
}  # fmt: skip
_NAMES = "|".join(_LETTERS)
_LETTER = re.compile(rf"\{{\\({_NAMES})\}}|\\({_NAMES})(?:\{{\}}|\s+|(?![A-Za-z{{]))")
_SYMBOL = re.compile(r"\\[A-Za-z]+")


def latex_to_text(text: str) -> str:
    r"""The text without its LaTeX.

    >>> latex_to_text(r"VLM-R$^3$ gains \textbf{96.9\%}")
    'VLM-R³ gains 96.9%'
    """
    if not any(sign in text for sign in "\\$`"):
        return text
    # Before other commands, which lose their name with their braces.
    text = _LETTER.sub(lambda match: _LETTERS[match[1] or match[2]], _ACCENT.sub(_accented, text))
    while (unwrapped := _LINK.sub(r"\1", _COMMAND.sub(r"\1", text))) != text:
        text = unwrapped
    text = _MATH.sub(lambda match: _formula(match[1]), text)
    text = _QUOTED.sub("“\\1”", text)
    return _ESCAPED.sub(r"\1", text)


def _accented(match: re.Match[str]) -> str:
    """A letter with its accent, where there is one sign for both; else what was typed."""
    letter = match["braced"] or match["bare"]
    composed = unicodedata.normalize("NFC", letter + _ACCENTS[match["sign"] or match["letter"]])
    return composed if len(composed) == 1 else match[0]


def _formula(source: str) -> str:
    source = _SYMBOL.sub(lambda match: _symbol(match[0]), source)
    return _SCRIPT.sub(_script, source)


def _symbol(command: str) -> str:
    if command in _NAMED:
        return _NAMED[command]
    name = command[1:]
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name}")
    except KeyError:
        return command


def _script(match: re.Match[str]) -> str:
    """Raise or lower what has such a form in Unicode; leave the rest as typed."""
    place = "SUPERSCRIPT" if match[1] == "^" else "SUBSCRIPT"
    signs = match[2] or match[3] or ""
    try:
        return "".join(_placed(sign, place) for sign in signs)
    except KeyError:
        return match[0]


def _placed(sign: str, place: str) -> str:
    name = unicodedata.name(sign, "")
    if name.startswith("DIGIT "):
        return unicodedata.lookup(f"{place} {name.removeprefix('DIGIT ')}")
    return unicodedata.lookup(f"{place} {name}")
