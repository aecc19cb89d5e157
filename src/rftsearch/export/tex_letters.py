r"""Letters and signs as LaTeX's own commands, where every program reads them right.

A letter is taken apart by Unicode (`ễ` is e, circumflex, tilde) and written from these
parts: `{\~{\^e}}`. Nothing is looked up in a table that could hold another letter.

Written by a command is only what LaTeX sets with the T1 encoding, amsmath and amssymb,
and what Pandoc reads back: it passes over commands that it does not know, such as `\dj`
or `\texteuro`, without a word. The rest stays UTF-8, which LaTeX of today reads as it is:
`đ`, `€`. tests/export/test_processors.py shows all of it to the real programs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rftsearch.text.latex_math import script
from rftsearch.text.latex_symbols import ACCENTS, ALPHABETS, LETTERS, MATH_ACCENTS, SIGNS, styled

__all__ = ["for_biber", "in_math", "write_letters"]

_WRITTEN = {
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$",
    # BibTeX counts braces without regard to backslashes.
    "{": r"{$\lbrace$}", "}": r"{$\rbrace$}", "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    "|": "{$|$}", "<": "{$<$}", ">": "{$>$}", "\u00a0": "~",
    "“": "``", "”": "''", "\u2018": "`", "\u2019": "'", "\u2013": "--", "—": "---",
    "…": r"{\ldots}", "\u2212": "{$-$}", "′": "{$'$}", "∆": r"{$\Delta$}",
}  # fmt: skip

_MARKS = {mark: command for command, mark in ACCENTS.items()}
_BELOW = frozenset("\u0323\u0327\u0328\u0331")
# Of the letters that have a command those that Pandoc knows, too.
_COMMANDS = ("ss", "o", "O", "l", "L", "ae", "AE", "oe", "OE", "i", "j")
_NAMED = {LETTERS[command]: command for command in _COMMANDS}
# Letters whose accented form is in T1. Only above these can TeX set another accent.
_IN_T1 = frozenset(
    "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĂăĄąĆćČčĎďĘęĚěĞğİĹĺĽľŃńŇňŐőŔŕŘřŚśŞşŠšŤťŢţ"
    "ŰűŮůŸŹźŽžŻż"
)
_LAST_THAT_LATEX_KNOWS = "\u017f"
"""The end of Latin Extended-A: beyond it pdfLaTeX takes few letters as UTF-8."""
_OVER_SIGNS = {mark: command for command, mark in reversed(tuple(MATH_ACCENTS.items()))}
_MARKS_OF_GREEK = {"\u0301": "acute", "\u0300": "grave", "\u0304": "bar", "\u0306": "breve"}

_CLUSTER = re.compile(r"√([0-9]+|[A-Za-zα-ω])|(.)([\u0300-\u036f\u20d0-\u20f0]*)", re.DOTALL)
_LIGATURE = re.compile(
    ",(?=,)|[?!](?=`)"
    "|[\u2013\u2014](?=[-\u2013\u2014])|-(?=[\u2013\u2014])"
    "|[\u2018\u201c](?=[`\u2018\u201c])|`(?=[\u2018\u201c])"
    "|[\u2019\u201d](?=['\u2019\u201d])|'(?=[\u2019\u201d])"
)
"""Signs that are one sign in T1 with what follows: `,,`, "?`", and dashes and quotes in a row.
What people type as LaTeX, `--` and ` '' `, stays."""
_PAIR = re.compile(r'(?<![^\s(\[{/:“\u2010-\u2015-])"(?=\S)([^"]*)(?<=\S)"(?!\w)')
# Written otherwise, UTF-8 that LaTeX reads, or read by Pandoc as another sign.
_OTHERWISE = frozenset("ıȷ…•▹◃■")
_SIGNS_OF_SCRIPTS = "0123456789+-=()abcdefghijklmnopqrstuvwxyz"


def write_letters(text: str) -> str:
    r"""Write text so that LaTeX and BibTeX set it as it is.

    >>> write_letters("Nguyễn & Szűcs, 5\u00d75")
    'Nguy{\\~{\\^e}}n \\& Sz{\\H{u}}cs, 5{$\\times$}5'
    """
    text = _PAIR.sub("“\\1”", unicodedata.normalize("NFC", text))
    written: list[str] = []
    place, raised = "", ""
    for found in _CLUSTER.finditer(_LIGATURE.sub(lambda sign: f"{sign[0]}\0", text)):
        place_here, sign = _scripts().get(found[0], ("", ""))
        if place_here != place and raised:
            written.append(_script(place, raised))
            raised = ""
        place, raised = place_here, raised + sign
        if not place_here:
            written.append(_cluster(found))
    return "".join([*written, _script(place, raised)])


def in_math(sign: str) -> str | None:
    r"""The command of a sign within a formula; None for what is no sign of mathematics.

    >>> in_math("ε"), in_math("é")
    ('\\varepsilon', None)
    """
    found = re.fullmatch(r"\{\$(.*)\$\}", write_letters(sign))
    return found[1] if found else None


def _script(place: str, raised: str) -> str:
    if not raised:
        return ""
    return f"{{${place}{raised}$}}" if len(raised) == 1 else f"{{${place}{{{raised}}}$}}"


def _cluster(found: re.Match[str]) -> str:
    """Write a letter with its marks, or a sign."""
    root, sign, marks = found.groups()
    if root is not None:
        inside = in_math(root) or root
        return rf"{{$\sqrt{{{inside}}}$}}" if inside.isascii() else found[0]
    if sign == "\0":
        return "{}"
    if sign in _WRITTEN or (sign.isascii() and not (marks and sign.isalnum())):
        return _WRITTEN.get(sign, sign) + marks  # Marks belong to letters.
    return _letter(sign + marks)


@cache
def _letter(letter: str) -> str:
    if letter in _NAMED:
        return rf"{{\{_NAMED[letter]}}}"
    if letter in _mathematics():
        return f"{{${_mathematics()[letter]}$}}"
    base, marks = (parts := unicodedata.normalize("NFD", letter))[0], parts[1:]
    if marks == "\u0338" and base in _mathematics():
        return rf"{{$\not{_mathematics()[base]}$}}"
    if len(marks) == 1 and marks in _MARKS_OF_GREEK and "α" <= base <= "ω":
        command = _mathematics().get(base)
        return rf"{{$\{_MARKS_OF_GREEK[marks]}{{{command}}}$}}" if command else letter
    return _accented(base, marks) or _accented_in_math(base, marks) or letter


def _accented_in_math(base: str, marks: str) -> str | None:
    """Write a sign with its accents as mathematics; None for letters that Unicode composes."""
    inner = _mathematics().get(base) or (base if base.isascii() and base.isalnum() else None)
    composed = unicodedata.normalize("NFC", base + marks)
    if not marks or inner is None or len(composed) == 1:
        return None
    for mark in marks:
        if mark not in _OVER_SIGNS:
            return None
        inner = rf"\{_OVER_SIGNS[mark]}{{{inner}}}"
    return f"{{${inner}$}}"


def _accented(base: str, marks: str) -> str | None:
    """Write a Latin letter with its accents, from the inside out; None if TeX cannot."""
    named = base in _NAMED and base not in "ıȷß"
    if not marks or not (named or (base.isascii() and base.isalpha())):
        return None
    if any(mark not in _MARKS for mark in marks):
        return None
    above = [mark for mark in marks if mark not in _BELOW]
    below = [mark for mark in marks if mark in _BELOW]
    letter = unicodedata.normalize("NFC", base + "".join(above[:-1]))
    if len(below) > 1 or (len(above) > 1 and letter not in _IN_T1):
        return None
    inner = unicodedata.normalize("NFC", base + "".join(above))
    if below and (len(inner) > 1 or inner > _LAST_THAT_LATEX_KNOWS):
        return None  # biber would put the mark before the letter; see `for_biber`
    written = rf"\{_NAMED[base]}" if named else base
    # What hangs below comes last: TeX sets accents above a single letter only.
    for number, mark in enumerate(above + below):
        command = _MARKS[mark]
        bare = number == 0 and not command.isalpha()
        written = rf"\{command}{written}" if bare else rf"\{command}{{{written}}}"
    return f"{{{written}}}"


@cache
def _scripts() -> dict[str, tuple[str, str]]:
    """Small raised and lowered signs: where they stand, and the sign."""
    placed = {}
    for place in "^_":
        for sign in _SIGNS_OF_SCRIPTS:
            small = script(place, sign)
            if len(small) == 1:
                placed[small] = (place, sign)
    return placed


@cache
def _mathematics() -> dict[str, str]:
    """Commands of mathematics by what they set, none of it ASCII."""
    commands: dict[str, str] = {}
    for command, sign in SIGNS.items():
        if not sign.isascii() and sign not in _OTHERWISE:
            commands.setdefault(sign, rf"\{command}")
    return commands | _alphabets(commands)


def _alphabets(commands: dict[str, str]) -> dict[str, str]:
    capitals, small = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
    digits, letters = "0123456789", capitals + small
    greek_capitals, greek = "ΓΔΘΛΞΠΣΥΦΨΩ", "αβγδεζηθικλμνξπρσςτυφχψω"
    sets = {
        "mathcal": capitals, "mathbb": capitals, "mathfrak": letters,
        "mathbf": letters + digits + greek_capitals, "boldsymbol": letters + greek,
        "mathit": letters + greek_capitals, "mathsf": letters + digits,
        "mathtt": letters + digits,
    }  # fmt: skip
    found = {
        styled(letter, ALPHABETS[command]): rf"\{command}{{{commands.get(letter, letter)}}}"
        for command, every in sets.items()
        for letter in every
    }
    for letter in letters:
        if letter in capitals:
            found[styled(letter, "BOLD SCRIPT")] = rf"\boldsymbol{{\mathcal{{{letter}}}}}"
        found[styled(letter, "BOLD FRAKTUR")] = rf"\boldsymbol{{\mathfrak{{{letter}}}}}"
    for letter in greek:
        found[styled(letter, "ITALIC")] = commands[letter]
    return {letter: command for letter, command in found.items() if not letter.isascii()}


# --- biber --------------------------------------------------------------------

_LETTER = r"[A-Za-z]|\\(?:ae|AE|oe|OE|o|O|l|L)"
_GUARDED = re.compile(
    rf"""\{{\\(?:(?P<sign>[`'^~=."])|(?P<name>[uvHcdkrb]))
         (?P<inner>{_LETTER}|\{{(?:{_LETTER}|\\[`'^~=."](?:{_LETTER})|\\[uvHcdkrb]\{{(?:{_LETTER})\}})\}})
         \}}""",
    re.VERBOSE,
)


def for_biber(written: str) -> str:
    r"""Write accented letters so that pdfLaTeX sets what biber makes of them.

    biber puts every letter together that it can, and pdfLaTeX knows hardly any letter
    beyond U+017F: `{\~e}` becomes `ẽ` and stops it. An empty group in the braces of the
    accent keeps biber from it: `{\~{e{}}}`. Of accents that are named by a letter it
    takes one only, and puts it before a brace where there are two: `{\d{\^o}}` becomes
    `{̣ô}`. There the inner letter is written in UTF-8: `{\d{ô}}`.

    All other programs read both forms alike.
    """
    return _GUARDED.sub(_guarded, written)


def _guarded(found: re.Match[str]) -> str:
    accent = found["sign"] or found["name"]
    inner = found["inner"].removeprefix("{").removesuffix("}") if (
        found["inner"][0] == "{"
    ) else found["inner"]  # fmt: skip
    letter = _read(inner)
    composed = unicodedata.normalize("NFC", letter + ACCENTS[accent])
    if len(composed) == 1 and composed <= _LAST_THAT_LATEX_KNOWS:
        return found[0]
    if found["name"] and inner[0] != "\\":
        return found[0]
    if found["name"]:
        return rf"{{\{accent}{{{letter}}}}}"
    ending = "{}{}" if re.fullmatch(r"\\[A-Za-z]+", inner) else "{}"
    return rf"{{\{accent}{{{inner}{ending}}}}}"


def _read(written: str) -> str:
    """The letter that `_accented` wrote with one accent or none."""
    found = re.fullmatch(r"\\([`'^~=.\"]|[uvHcdkrb](?=\{))\{?(.*?)\}?", written, re.DOTALL)
    if found:
        return unicodedata.normalize("NFC", _read(found[2]) + ACCENTS[found[1]])
    return LETTERS.get(written.removeprefix("\\"), written) if written[0] == "\\" else written
