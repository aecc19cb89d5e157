r"""Read LaTeX token by token, and return what it shows as plain text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from rftsearch.text.latex_commands import (
    ALL_SIGNS,
    BLANKS,
    DELIMITED,
    DROPPED_IN_TEXT,
    DROPPED_WITH_GROUP,
    ESCAPED,
    FONTS,
    FONTS_OF_MATH,
    FONTS_OF_TEXT,
    FRACTIONS,
    LEFT_OUT,
    OF_LAYOUT,
    OVER_LETTERS,
    SECOND_ARGUMENT,
    SET_APART,
    SWITCHES,
)
from rftsearch.text.latex_math import (
    fraction,
    in_alphabet,
    negated,
    root,
    script,
    with_accent,
    without_font,
)
from rftsearch.text.latex_symbols import ACCENTS, FUNCTIONS, LETTERS
from rftsearch.text.latex_tokens import DEEPEST, PRIVATE, Tokens, set_in_type

__all__ = ["Reader"]


_Read = Callable[[int, int], str]
_Found = tuple[str, int]
"""What was read, and where reading goes on."""


def _in_font(text: str, alphabet: str | None) -> str:
    r"""Write what stands behind a command for a font, such as `\cal`, if there is one."""
    if alphabet is None:
        return text
    return in_alphabet(text.strip(), alphabet) if alphabet else text.lstrip()


class Reader(Tokens):
    """A text as tokens, read from left to right by methods that return plain text.

    Every method reads each token once, so that the time grows with the length of the
    text, whatever it holds.
    """

    # --- text ------------------------------------------------------------------

    def text(self, at: int, end: int) -> str:
        """Read running text."""
        read = []
        while at < end:
            token = self.tokens[at]
            if (formula := self.formulas.get(at)) and formula[-1] <= end:
                read.append(self._formula(at, *formula))
                at = formula[-1]
            elif token in SWITCHES:
                at = self.after_letter(at + 1, end)
            elif token == "{" and at in self.halves:
                read.append(self._group(at))
                at = self.halves[at] + 1
            elif token[0] == "\\":
                piece, at = self._command(at, end)
                read.append(piece)
            else:
                read.append(set_in_type(token) if self.typeset else token)
                at += 1
        return "".join(read)

    def _formula(self, at: int, first: int, last: int, end: int) -> str:
        """Read the formula between two tokens, which its delimiters surround."""
        shown = self.math(first, last).strip()
        # `$\mathbf{R}$einforcement` is a word with a letter in bold.
        before = self.source[self.starts[at] - 1 : self.starts[at]]
        after = self.source[self.starts[end] : self.starts[end] + 1]
        return without_font(shown) if before.isalpha() or after.isalpha() else shown

    def _group(self, at: int) -> str:
        """Read braces and what they hold; LaTeX shows none, but people type some."""
        first, end = at + 1, self.halves[at]
        if first < end and not self.tokens[first].strip():
            first += 1
        if first < end and (alphabet := SWITCHES.get(self.tokens[first])) is not None:
            inner = self.text(first + 1, end).strip()
            return in_alphabet(inner, alphabet) if alphabet else inner
        inner = self.text(at + 1, end)
        if self.typeset:
            return inner
        is_command = self.tokens[first][0] == "\\" and not inner.lstrip().startswith("\\")
        return inner if is_command or first in self.formulas else f"{{{inner}}}"

    def _command(self, at: int, end: int) -> _Found:
        """Read a command of running text and what it takes; return where reading goes on."""
        token, name = self.tokens[at], self.tokens[at][1:]
        if name in LETTERS:
            found = LETTERS[name], self.after_letter(at + 1, end)
        elif name in ACCENTS:
            found = self._accented(at, end)
        elif name in ESCAPED:
            found = name, at + 1
        elif token in BLANKS or (token == "\\\\" and self.is_blank(at + 1, end)):
            found = " ", at + 1
        elif token in OF_LAYOUT:
            found = " ", at + 1 if token == r"\item" else self.after_group(at + 1, end)
        elif token in DROPPED_IN_TEXT:
            found = "", at + 1
        elif token in {r"\textsuperscript", r"\textsubscript"}:
            found = self._text_script(at, end)
        elif self._takes_arguments(at, end) and token in _READERS:
            found = _READERS[token](self, at, end, self.text)
        elif name in ALL_SIGNS:
            found = self._sign(at, end)
        elif name in FUNCTIONS:
            found = name, at + 1
        else:
            found = self._own_command(at, end)
        return found

    def _takes_arguments(self, at: int, end: int) -> bool:
        r"""Whether braces follow: in running text `\frac` and its like stay without them."""
        is_root = self.tokens[at] == r"\sqrt" and at + 1 < end and self.tokens[at + 1][0] == "["
        return is_root or self.is_group(at + 1, end)

    def _own_command(self, at: int, end: int) -> _Found:
        """Read a command of the authors' own: what its braces hold stays."""
        token = self.tokens[at]
        if not (token[1:].isalpha() and self.is_group(at + 1, end)):
            return token, at + 1
        inner, after = self._argument(at + 1, end, self.text)
        return (inner, after) if inner else (token, after)

    def _sign(self, at: int, end: int) -> _Found:
        """Read the command of a sign, with the empty braces that end it."""
        empty = self.is_group(at + 1, end) and self.halves[at + 1] == at + 2
        return ALL_SIGNS[self.tokens[at][1:]], at + 3 if empty else at + 1

    def _text_script(self, at: int, end: int) -> _Found:
        inner, after = self._argument(at + 1, end, self.text)
        sign = "^" if self.tokens[at] == r"\textsuperscript" else "_"
        shown = script(sign, inner)
        return (inner if shown.startswith(sign) else shown), after

    def _accented(self, at: int, end: int) -> _Found:
        r"""Read `\'e`, `\'{e}`, `\c{c}`, `\v s`, `\~{\^e}`; as typed if there is no such letter."""
        name = self.tokens[at][1:]
        if name.isalpha() and at + 1 < end and self.tokens[at + 1][0] not in " {\\\t\n":
            return self.tokens[at], at + 1
        if not name.isalpha() and self.is_blank(at + 1, end):
            return self.tokens[at], at + 1
        start = self.starts[at]
        in_braces = self.is_group(at + 1, end)
        base, after = self._argument(at + 1, end, self.text)
        base = base.replace("{}", "")  # `\~{e{}}`, as biber wants it
        dotted = base.translate({0x131: "i", 0x237: "j"})
        letter = unicodedata.normalize("NFC", dotted + ACCENTS[name])
        if base and len(letter) == 1:
            return letter, after
        if in_braces and name.isalpha() and len(base) > 1:
            return base, after
        return self.source[start : self.starts[after]], after

    # --- mathematics -----------------------------------------------------------

    def math(self, at: int, end: int) -> str:
        """Read a formula."""
        read: list[str] = []
        above: str | None = None
        alphabet: str | None = None
        since = 0
        while at < end:
            token = self.tokens[at]
            if token in {"^", "_"}:
                inner, after = self._argument(at + 1, end, self.math)
                read.append(script(token, inner) if inner or after > at + 1 else token)
                at = after
            elif token == "{" and at in self.halves:
                read.append(self.math(at + 1, self.halves[at]))
                at = self.halves[at] + 1
            elif token in SWITCHES or (token == r"\over" and above is None):
                done = "".join([*read[:since], _in_font("".join(read[since:]), alphabet)])
                alphabet, since = SWITCHES.get(token), 1
                read = [done]
                if token == r"\over":
                    above, read, since = done.strip(), [], 0
                at += 1
            elif token[0] == "\\":
                piece, at = self._math_command(at, end, "".join(read[-1:]))
                read.append(piece)
            else:
                read.append(" " if token == "~" else token)
                at += 1
        done = "".join([*read[:since], _in_font("".join(read[since:]), alphabet)])
        return done if above is None else fraction(above, done.strip())

    def _math_command(self, at: int, end: int, before: str) -> _Found:
        token, name = self.tokens[at], self.tokens[at][1:]
        if name in ESCAPED:
            found = name, at + 1
        elif token == "\\\\" and at + 1 < end and self.tokens[at + 1][0] in ESCAPED:
            found = "", at + 1  # `\\%`, where a program escaped what was escaped
        elif token in BLANKS or token == "\\\\":
            found = " ", at + 1
        elif token in LEFT_OUT:
            found = self._left_out(at, end)
        elif name in FUNCTIONS:
            found = self._function(at, end, before)
        elif token in _READERS:
            found = _READERS[token](self, at, end, self.math)
        elif token == "\\|":
            found = "‖", at + 1
        elif name in ALL_SIGNS:
            shown, after = self._sign(at, end)
            last = before.rstrip(PRIVATE)[-1:]
            apart = shown in SET_APART and last and last not in " ([{|" and after < end
            found = f" {shown}" if apart and self.is_blank(after, end) else shown, after
        elif name in LETTERS:
            found = LETTERS[name], at + 1
        elif name in ACCENTS and not name.isalpha():
            found = self._accented(at, end)
        else:
            found = self._as_typed(at, end)
        return found

    def _left_out(self, at: int, end: int) -> _Found:
        after = at + 1
        if self.tokens[at] in DELIMITED and after < end and self.tokens[after].startswith("."):
            self.take(after, 1)
            after += not self.tokens[after]
        return "", after

    def _function(self, at: int, end: int, before: str) -> _Found:
        """Read the name of a function, set apart from its neighbours."""
        name = self.tokens[at][1:]
        apart = before and (before[-1].isalnum() or before[-1] in ")]}")
        follows = at + 1 < end and re.match(r"[A-Za-z0-9]|\\[A-Za-z]", self.tokens[at + 1])
        if follows and self.tokens[at + 1] in LEFT_OUT:
            follows = None
        return f"{' ' if apart else ''}{name}{' ' if follows else ''}", at + 1

    def _as_typed(self, at: int, end: int) -> _Found:
        """Leave a command that is not known; what its braces hold is read."""
        token = self.tokens[at]
        pieces, after = [token], at + 1
        while token[1:].isalpha() and after < end and after in self.halves:
            pieces.append(f"{{{self.math(after + 1, self.halves[after])}}}")
            after = self.halves[after] + 1
        return "".join(pieces), after

    # --- commands with arguments, which `_READERS` lists -------------------------

    def words(self, at: int, end: int, _read: _Read) -> _Found:
        """Read running text in another font."""
        return self._argument(at + 1, end, self.text)

    def alphabet(self, at: int, end: int, _read: _Read) -> _Found:
        """Read letters in an alphabet of mathematics."""
        inner, after = self._argument(at + 1, end, self.math)
        return in_alphabet(inner, FONTS[self.tokens[at]]), after

    def accent(self, at: int, end: int, _read: _Read) -> _Found:
        """Read an accent of a formula."""
        token = self.tokens[at]
        inner, after = self._argument(at + 1, end, self.math)
        shown = with_accent(inner, OVER_LETTERS[token])
        return (f"{token}{{{inner}}}" if shown is None else shown), after

    def ratio(self, at: int, end: int, _read: _Read) -> _Found:
        """Read a fraction."""
        token = self.tokens[at]
        above, between = self._argument(at + 1, end, self.math)
        below, after = self._argument(between, end, self.math)
        if below:
            return fraction(above, below), after
        return (f"{token}{{{above}}}" if above else token), after

    def negation(self, at: int, end: int, _read: _Read) -> _Found:
        """Read a sign that is struck through."""
        inner, after = self._argument(at + 1, end, self.math)
        return negated(inner), after

    def second(self, at: int, end: int, read: _Read) -> _Found:
        """Read the second argument, or the only one."""
        after = self.after_group(at + 1, end)
        return self._argument(after if self.is_group(after, end) else at + 1, end, read)

    def nothing(self, at: int, end: int, _read: _Read) -> _Found:
        """Pass over an argument that is not shown."""
        return "", self.after_group(at + 1, end)

    def by_number(self, at: int, end: int, _read: _Read) -> _Found:
        r"""Read `\unicode{x2013}`."""
        inner, after = self._argument(at + 1, end, self.text)
        code = int(inner[1:], 16) if re.fullmatch("x[0-9A-Fa-f]{2,5}", inner) else 0
        return (chr(code) if code >= 0x20 else f"{self.tokens[at]}{{{inner}}}"), after

    def operator(self, at: int, end: int, _read: _Read) -> _Found:
        """Read a formula that means the same without its command."""
        after = at + 1
        if after < end and self.tokens[after].startswith("*"):
            self.take(after, 1)
            after += not self.tokens[after]
        return self._argument(after, end, self.math)

    def root(self, at: int, end: int, _read: _Read) -> _Found:
        """Read a root, of a degree or square."""
        start, degree = at + 1, ""
        if start < end and (found := re.match(r"\s*\[\s*(\w+)\s*\]", self.tokens[start])):
            degree = found[1]
            self.take(start, found.end())
            start += not self.tokens[start]
        inner, after = self._argument(start, end, self.math)
        return (root(inner, degree) if inner else r"\sqrt"), after

    def _argument(self, at: int, end: int, read: _Read) -> _Found:
        """Read what a command takes: braces, a command, or one character."""
        blanks = at < end and self.tokens[at].isspace()
        if at + blanks >= end or self.tokens[at + blanks][0] in "$}":
            return "", at
        at += blanks
        self.take(at, len(self.tokens[at]) - len(self.tokens[at].lstrip()))
        token = self.tokens[at]
        if token == "{" and at in self.halves:
            return read(at + 1, self.halves[at]), self.halves[at] + 1
        if token[0] == "\\" and self.nested < DEEPEST:
            self.nested += 1
            found = self._command(at, end) if read == self.text else self._math_command(at, end, "")
            self.nested -= 1
            return found
        if len(token) > 1 and token[0] != "$":
            self.take(at, 1)
            return token[0], at
        return token, at + 1


_READERS: dict[str, Callable[[Reader, int, int, _Read], _Found]] = {
    **dict.fromkeys(FONTS_OF_TEXT, Reader.words),
    **dict.fromkeys(FONTS_OF_MATH, Reader.operator),
    **dict.fromkeys(FONTS, Reader.alphabet),
    **{token: Reader.accent for token in OVER_LETTERS if token not in FONTS_OF_TEXT},
    **dict.fromkeys(FRACTIONS, Reader.ratio),
    **dict.fromkeys(SECOND_ARGUMENT, Reader.second),
    **dict.fromkeys(DROPPED_WITH_GROUP, Reader.nothing),
    r"\sqrt": Reader.root,
    r"\not": Reader.negation,
    r"\unicode": Reader.by_number,
}
