r"""Text for LaTeX, by way of BibTeX.

What comes from a list or from arXiv is foreign text, and a bibliography is run by
whoever typesets it. So nothing of it stays a command but mathematics made of the
commands of `_MATH_COMMANDS`: `$\mathcal{O}(n)$` is kept, `$\input{x}$` becomes the
characters it is written with. BibTeX counts braces without regard to backslashes,
so a brace of the text is always written by its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from pylatexenc.latexencode import (
    RULE_DICT,
    UnicodeToLatexConversionRule,
    UnicodeToLatexEncoder,
)

from rftsearch.text import latex

__all__ = ["tex_text", "tex_title"]

_WRITTEN = {
    "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$",
    "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    "|": r"{\textbar}", '"': r"{\textquotedbl}",
    "“": "``", "”": "''", "\u2018": "`", "\u2019": "'", "\u2013": "--", "—": "---",
    "\u2011": "-", "…": r"{\ldots}", "\u00d7": r"{$\times$}", "→": r"{$\rightarrow$}",
}  # fmt: skip

# Commands for Cyrillic letters are of an encoding that few documents load.
_KEPT = {letter: chr(letter) for letter in range(0x0400, 0x0530)}

_MATH = re.compile(r"(?<!\\)\$(?=\S)([^$]*?\S)(?<!\\)\$(?!\d)|\\\((.+?)\\\)")
_MATH_PART = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
# Letters; alphabets and accents; structure and spacing; functions; operators, relations,
# arrows, delimiters and other signs.
_MATH_COMMANDS = frozenset(
    """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi
    pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta
    Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar imath jmath Re Im aleph partial nabla
    mathbb mathcal mathbf mathrm mathit mathsf mathtt mathfrak mathscr boldsymbol bm rm bf it cal
    text textbf textit textrm textsf texttt textsc emph operatorname
    hat widehat tilde widetilde bar overline underline vec dot ddot check breve acute grave
    frac tfrac dfrac sqrt binom overset underset stackrel left right big Big bigl bigr Bigl Bigr
    quad qquad limits displaystyle textstyle scriptstyle
    sin cos tan log ln exp min max sup inf lim arg argmin argmax det dim ker deg gcd Pr mod
    times cdot cdots ldots dots vdots div pm mp ast star circ bullet oplus ominus otimes oslash
    odot cup cap setminus wedge vee land lor lnot neg sum prod coprod int oint bigcup bigcap
    bigoplus bigotimes leq geq le ge ll gg neq ne equiv sim simeq approx cong propto subset
    supset subseteq supseteq in ni notin mid parallel perp models vdash to rightarrow leftarrow
    leftrightarrow Rightarrow Leftarrow Leftrightarrow mapsto longrightarrow uparrow downarrow
    hookrightarrow nrightarrow rightsquigarrow langle rangle lbrace rbrace lfloor rfloor lceil
    rceil vert Vert backslash infty forall exists emptyset varnothing angle triangle square
    diamond sharp flat natural clubsuit spadesuit heartsuit diamondsuit dagger ddagger prime top
    bot degree checkmark
    """.split()  # noqa: SIM905 - words read better than a list of two hundred
)
_MATH_SIGNS = frozenset([r"\,", r"\;", r"\:", r"\!", r"\|", r"\_"]) | {"\\ "}
_MATH_WRITTEN = {
    r"\{": r"\lbrace ", r"\}": r"\rbrace ", "\u00d7": r"{\times}", "→": r"{\rightarrow}",
    "°": r"{\circ}", "·": r"{\cdot}", "\u2212": "-",
}  # fmt: skip
_OPENING = re.compile(r'(^|[\s(\[/-])"')


def tex_text(text: str) -> str:
    """One line of plain text, such as a name, with everything that LaTeX would read escaped."""
    return str(_encoder().unicode_to_latex(unicodedata.normalize("NFC", text)))


def tex_title(text: str, names: Collection[str] = ()) -> str:
    """A title with its mathematics kept and its capitals held against BibTeX's styles.

    Styles set titles in small letters but for the first. Held are words with a
    capital after their first letter or beside a digit (`TimeZero`, `R1`, `MLLMs`),
    and all mathematics, where a capital is another sign.

    Args:
        text: One line, with LaTeX as arXiv gives it.
        names: Words that are held too, such as those of the work's short name.
    """
    pieces: list[str] = []
    done = 0
    for found in _MATH.finditer(text):
        formula = _formula(found[1] or found[2])
        if formula is not None:
            pieces += [_words(text[done : found.start()], names), f"{{${formula}$}}"]
            done = found.end()
    return "".join([*pieces, _words(text[done:], names)])


@cache
def _encoder() -> UnicodeToLatexEncoder:
    ours = UnicodeToLatexConversionRule(
        RULE_DICT,
        {ord(sign): written for sign, written in _WRITTEN.items()} | _KEPT,
        replacement_latex_protection="none",
    )
    return UnicodeToLatexEncoder(
        conversion_rules=[ours, "defaults"],
        # `{\'e}` is what BibTeX knows as one letter.
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",  # LaTeX reads UTF-8: what has no command stays itself
        unknown_char_warning=False,
    )


# --- words -------------------------------------------------------------------


def _words(text: str, names: Collection[str]) -> str:
    quoted = _OPENING.sub(r"\1“", latex.latex_to_text(text)).replace('"', "”")
    return "".join(_word(word, names) for word in re.split(r"(\s+)", quoted))


def _word(word: str, names: Collection[str]) -> str:
    """A word with its capitals held; parts joined by hyphens or slashes one by one."""
    found = re.fullmatch(r"(\W*)(.*?)(\W*)", word, re.DOTALL)
    if found is None or not any(letter.isupper() for letter in word):
        return tex_text(word)
    before, core, after = found.groups()
    if core in names:
        return f"{tex_text(before)}{{{tex_text(core)}}}{tex_text(after)}"
    parts = re.split(r"([-/\u2010-\u2015])", core)
    lone = len(parts) == 1
    held = [_is_held(part, lone=lone) for part in parts[::2]]
    if all(held):
        return f"{tex_text(before)}{{{tex_text(core)}}}{tex_text(after)}"
    written = [tex_text(part) for part in parts]
    written[::2] = [
        f"{{{part}}}" if hold else part for part, hold in zip(written[::2], held, strict=True)
    ]
    return f"{tex_text(before)}{''.join(written)}{tex_text(after)}"


def _is_held(part: str, *, lone: bool) -> bool:
    capitals = [place for place, letter in enumerate(part) if letter.isupper()]
    if not capitals:
        return False
    beside_digit = any(letter.isdigit() for letter in part)
    # The X of "X-ray", but not the article of "A Survey".
    return capitals[-1] > 0 or beside_digit or (len(part) == 1 and not lone)


# --- mathematics -------------------------------------------------------------


def _formula(source: str) -> str | None:
    """The formula, if it is made of nothing but mathematics; else None."""
    if "^^" in source:  # TeX reads any character behind it, a backslash too
        return None
    written: list[str] = []
    depth = 0
    for part in _MATH_PART.findall(source):
        depth += (part == "{") - (part == "}")
        sign = _math_sign(part)
        if sign is None or depth < 0:
            return None
        written.append(sign)
    return "".join(written).strip() if depth == 0 else None


def _math_sign(part: str) -> str | None:
    if part in _MATH_WRITTEN:
        return _MATH_WRITTEN[part]
    if part.startswith("\\"):
        return part if part[1:] in _MATH_COMMANDS or part in _MATH_SIGNS else None
    if part.isascii():
        return None if part in '%#&~$"' else part
    # Greek and other signs that LaTeX knows in mathematics alone; the rest is read as UTF-8.
    encoded = tex_text(part)
    inner = re.fullmatch(r"\{\\ensuremath\{(.*)\}\}", encoded)
    return f"{{{inner[1]}}}" if inner else part
