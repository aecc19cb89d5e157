r"""Formulas of arXiv's titles, written again so that no document stops at them.

A bibliography is run by whoever typesets it, and what comes from arXiv or a list is
foreign text. A formula is read here to its end, as LaTeX would read it, and written
again with the commands of LaTeX, amsmath and amssymb alone: `\mathcal{O}(n)` stays,
`\bm{x}` becomes `\boldsymbol{x}`, and `\input{x}`, `\frac{1}` or `x^2^3` is no formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rftsearch.export.tex_letters import in_math, write_letters
from rftsearch.text.latex import latex_to_text
from rftsearch.text.latex_symbols import FUNCTIONS, MATH_ACCENTS, SIGNS

__all__ = ["write_formula"]

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_DEEPEST = 20

_FONTS = {
    "mathcal": "mathcal", "mathscr": "mathcal", "mathbb": "mathbb", "Bbb": "mathbb",
    "mathbbm": "mathbb", "mathds": "mathbb", "mathfrak": "mathfrak", "frak": "mathfrak",
    "mathbf": "mathbf", "mathrm": "mathrm", "mathit": "mathit", "mathsf": "mathsf",
    "mathtt": "mathtt", "mathnormal": "mathnormal", "boldsymbol": "boldsymbol",
    "bm": "boldsymbol", "pmb": "boldsymbol",
}  # fmt: skip
_SWITCHES = {"cal": "mathcal", "rm": "mathrm", "bf": "mathbf", "it": "mathit",
             "sf": "mathsf", "tt": "mathtt"}  # fmt: skip
# The fonts of these hold other signs in the places of small letters and digits.
_CAPITALS_ONLY = frozenset(["mathcal", "mathbb"])
_ONE = frozenset(MATH_ACCENTS) | frozenset(
    ["underbrace", "overbrace", "overrightarrow", "overleftarrow", "pmod", "sqrt"]
)
_TWO = {name: name for name in ("frac", "tfrac", "dfrac", "binom", "overset", "underset",
                                "stackrel")} | {"nicefrac": "frac", "sfrac": "frac"}  # fmt: skip
_TEXTS = {name: name for name in ("text", "textbf", "textit", "textrm", "textsf", "texttt",
                                  "textsc", "emph")} | {"mbox": "text"}  # fmt: skip
_DROPPED = frozenset(["limits", "nolimits", "displaystyle", "textstyle", "scriptstyle"])
_GROWING = frozenset("big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr".split())  # noqa: SIM905 - reads better
_NAMED_DELIMITERS = frozenset(
    (  # noqa: SIM905 - words read better than a list of them
        "langle rangle lbrace rbrace lfloor rfloor lceil rceil vert Vert lvert rvert lVert rVert"
        " backslash uparrow downarrow"
    ).split()
)
_OTHERS = FUNCTIONS | frozenset(["quad", "qquad", "bmod", "colon"])
_COMPOSED = {"argmax": r"\arg\max", "argmin": r"\arg\min", "lt": "<", "gt": ">"}
_SPACING = {r"\,": r"\,", r"\;": r"\;", r"\:": r"\:", r"\!": r"\!", "\\ ": "~"}
# Scripts of these stand above and below.
_LARGE = frozenset(
    """
    sum prod coprod int oint iint iiint bigcup bigcap bigvee bigwedge bigoplus bigotimes bigodot
    biguplus bigsqcup
    """.split()  # noqa: SIM905 - words read better than a list of them
)
_ESCAPED = {r"\{": r"\lbrace ", r"\}": r"\rbrace ", r"\|": r"\|", r"\_": r"\_", r"\%": r"\%",
            r"\&": r"\&", r"\#": r"\#", r"\$": r"\$"}  # fmt: skip
_SIGNS = {"·": r"{\cdot}", "…": r"{\ldots}", "\u2212": "-"}
_FORBIDDEN = frozenset('%#&$"\\')


class _NoFormulaError(ValueError):
    """LaTeX would stop here, or do something else than set mathematics."""


def write_formula(source: str) -> str | None:
    r"""Write a formula again, without its dollars; None if it is no sound formula.

    >>> write_formula(r"\mathcal{O}(n)"), write_formula(r"\input{x}")
    ('\\mathcal{O}(n)', None)
    """
    try:
        return _Writer(source).whole() or None
    except _NoFormulaError:
        return None


class _Writer:
    """A formula, read from left to right."""

    def __init__(self, source: str) -> None:
        self._tokens = _TOKEN.findall(source)
        self._at = 0
        self._depth = 0

    def whole(self) -> str:
        written = self._list(None)
        if self._at < len(self._tokens):
            raise _NoFormulaError
        return written.strip()

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _skip_blanks(self) -> None:
        while (token := self._peek()) is not None and token.isspace():
            self._at += 1

    def _list(self, end: str | None) -> str:
        """Read up to a token, which is left for the caller; every atom with its scripts."""
        written: list[str] = []
        raised = lowered = False
        while (token := self._peek()) != end and token is not None:
            self._at += 1
            if token.isspace():
                written.append(" ")
            elif token == "'" and not raised:
                raised = self._peek() not in {"'", "^"}  # TeX takes them together
                written.append(token)
            elif token in "^°" and not raised:
                raised = True
                written.append(f"^{self._script()}" if token == "^" else r"^{\circ}")
            elif token == "_" and not lowered:
                lowered = True
                written.append(f"_{self._script()}")
            elif token == r"\degree" and not raised:
                raised = True
                written.append(r"^{\circ}")
            else:
                piece = self._switch(token, end) or self._atom(token)
                if piece:  # LaTeX sees nothing of what is left out
                    raised = lowered = False
                written.append(piece)
        return "".join(written)

    def _switch(self, token: str, end: str | None) -> str:
        """Read an old command for a font, which holds to the end of the group."""
        font = _SWITCHES.get(token[1:]) if token[0] == "\\" else None
        if font is None:
            return ""
        self._skip_blanks()
        return self._in_font(font, self._list(end).rstrip())

    def _script(self) -> str:
        self._skip_blanks()
        token = self._peek()
        if token is None or token in "^_'}":
            raise _NoFormulaError
        self._at += 1
        written = self._atom(token)
        # `x^\frac12` and `x^\sum` stop LaTeX: all but single signs is braced.
        is_single = re.fullmatch(r"[A-Za-z0-9*+=-]", written) or (
            written[1:] in SIGNS and written[1:] not in _LARGE
        )
        return written if written[:1] == "{" or is_single else f"{{{written}}}"

    def _atom(self, token: str) -> str:
        if token == "{":
            return self._group()
        if token in "}^_'" or token in _FORBIDDEN:
            raise _NoFormulaError
        if token[0] != "\\":
            return token if token.isascii() else _foreign(token)
        if token in _ESCAPED or token in _SPACING:
            return _ESCAPED.get(token) or _SPACING[token]
        return self._command(token[1:])

    def _group(self) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NoFormulaError
        written = self._list("}")
        if self._peek() != "}":
            raise _NoFormulaError
        self._at += 1
        self._depth -= 1
        return f"{{{written}}}"

    def _argument(self) -> str:
        """Read what a command takes, without its braces."""
        self._skip_blanks()
        token = self._peek()
        if token is None:
            raise _NoFormulaError
        self._at += 1
        return self._group()[1:-1] if token == "{" else self._atom(token)

    def _command(self, name: str) -> str:
        if name in SIGNS or name in _OTHERS:
            return f"\\{name}"
        if name in _COMPOSED:
            return _COMPOSED[name]
        if name in _DROPPED:
            return ""
        if (read := _READERS.get(name)) is None:
            raise _NoFormulaError
        return read(self, name)

    def font(self, name: str) -> str:
        """Write letters in an alphabet."""
        return self._in_font(_FONTS[name], self._argument())

    @staticmethod
    def _in_font(font: str, inner: str) -> str:
        if font in _CAPITALS_ONLY and re.search("[a-z0-9]", re.sub(r"\\[A-Za-z]+", "", inner)):
            raise _NoFormulaError
        return rf"\{font}{{{inner}}}"

    def one(self, name: str) -> str:
        """Write a command with one argument."""
        degree = ""
        if name == "sqrt" and self._peek() == "[":
            self._at += 1
            degree = f"[{self._list(']')}]"
            if self._peek() != "]" or not degree[1:-1].isalnum():
                raise _NoFormulaError
            self._at += 1
        return rf"\{name}{degree}{{{self._argument()}}}"

    def two(self, name: str) -> str:
        """Write a command with two arguments."""
        return rf"\{_TWO[name]}{{{self._argument()}}}{{{self._argument()}}}"

    def text(self, name: str) -> str:
        """Write words within a formula."""
        return rf"\{_TEXTS[name]}{{{write_letters(latex_to_text(self._source_of_group()))}}}"

    def operator(self, _name: str) -> str:
        """Write the name of a function."""
        if self._peek() == "*":
            self._at += 1
        inner = re.sub(r"\\[,;: ]|~", " ", self._source_of_group())
        if not re.fullmatch(r"[A-Za-z0-9 -]+", inner):
            raise _NoFormulaError
        return "".join(
            rf"\{word}" if word in FUNCTIONS else rf"\operatorname{{{word}}}"
            for word in inner.split()
        )

    def _source_of_group(self) -> str:
        """The tokens between two braces, as they were typed."""
        self._skip_blanks()
        if self._peek() != "{":
            raise _NoFormulaError
        start = self._at + 1
        self._group_end()
        return "".join(self._tokens[start : self._at - 1])

    def _group_end(self) -> None:
        depth = 0
        while (token := self._peek()) is not None:
            self._at += 1
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return
        raise _NoFormulaError

    def left(self, _name: str) -> str:
        """Write a pair of delimiters and what they surround."""
        opening = self._delimiter()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NoFormulaError
        inner = self._list(r"\right")
        if self._peek() != r"\right":
            raise _NoFormulaError
        self._at += 1
        self._depth -= 1
        return rf"\left{opening}{inner}\right{self._delimiter()}"

    def growing(self, name: str) -> str:
        """Write a large delimiter."""
        return rf"\{name}{self._delimiter()}"

    def _delimiter(self) -> str:
        self._skip_blanks()
        token = self._peek() or ""
        self._at += 1
        if token and token in "()[]|/.<>":
            return token
        if token in {r"\{", r"\}", r"\|"}:
            return _ESCAPED[token]
        if token[1:] in _NAMED_DELIMITERS and token[0] == "\\":
            return f"{token} "
        raise _NoFormulaError

    def negated(self, _name: str) -> str:
        """Write a sign struck through."""
        self._skip_blanks()
        token = self._peek() or ""
        if token not in {"=", "<", ">"} and token[1:] not in SIGNS:
            raise _NoFormulaError
        self._at += 1
        return rf"\not{token}"

    def braced(self, _name: str) -> str:
        """Write what a command of spacing takes, without the command."""
        return f"{{{self._argument()}}}"


_READERS: dict[str, Callable[[_Writer, str], str]] = {
    **dict.fromkeys(_FONTS, _Writer.font),
    **dict.fromkeys(_ONE, _Writer.one),
    **dict.fromkeys(_TWO, _Writer.two),
    **dict.fromkeys(_TEXTS, _Writer.text),
    "operatorname": _Writer.operator,
    **dict.fromkeys(_GROWING, _Writer.growing),
    **dict.fromkeys(["mathop", "mathrel", "mathbin", "mathord", "ensuremath"], _Writer.braced),
    "left": _Writer.left,
    "not": _Writer.negated,
}


def _foreign(sign: str) -> str:
    """Write a sign that is not ASCII: as mathematics if it is any, else as text."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    command = in_math(sign)
    return rf"\text{{{write_letters(sign)}}}" if command is None else f"{{{command}}}"
