r"""LaTeX as tokens, with the other half of every brace and the end of every formula."""

from __future__ import annotations

import re

from rftsearch.text.formulas import find_formulas

__all__ = ["DEEPEST", "PRIVATE", "Tokens", "set_in_type"]

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\\\Z|[${}^_~]|[^\\${}^_~]+", re.DOTALL)
PRIVATE = "".join(map(chr, range(0xE0F0, 0xE0F4)))
"""With these the page marks words in texts that it then makes plain."""
DEEPEST = 60
"""Braces within braces that are read; what is deeper stays as it was typed."""

_LIGATURE = re.compile("``|''|---?|[`~{}]")
_SET = {"``": '"', "''": '"', "---": "\u2014", "--": "\u2013", "`": "'", "~": " ", "{": "", "}": ""}


def set_in_type(token: str) -> str:
    """Return what LaTeX sets for the signs of a text that are no commands: `--`, `~`, quotes."""
    return _LIGATURE.sub(lambda found: _SET[found[0]], token)


class Tokens:
    """A text cut into commands, braces, dollars, signs for scripts, and what is between them.

    Positions are numbers of tokens.
    """

    def __init__(self, source: str, *, typeset: bool = False) -> None:
        """Cut a text into tokens, and find the other half of every brace and dollar.

        Args:
            source: The text.
            typeset: All of it is LaTeX; see `rftsearch.text.latex.latex_to_text`.
        """
        self.typeset = typeset
        found = list(_TOKEN.finditer(source))
        self.source = source
        self.tokens = [token[0] for token in found]
        self.starts = [token.start() for token in found] + [len(source)]
        self.count = len(found)
        self.nested = 0
        self.halves = self._braces()
        at = {start: number for number, start in enumerate(self.starts)}
        self.formulas = {
            at[one.start]: (at[one.start + one.width], at[one.end - one.width], at[one.end])
            for one in find_formulas(source)
        }

    def _braces(self) -> dict[int, int]:
        """Where the groups end that are not too deep, by where they begin."""
        halves, opened = {}, []
        for number, token in enumerate(self.tokens):
            if token == "{":
                opened.append(number)
            elif token == "}" and opened:
                start = opened.pop()
                if len(opened) < DEEPEST:
                    halves[start] = number
        return halves

    def take(self, at: int, count: int) -> None:
        """Take characters away from the beginning of a token: they are read."""
        self.tokens[at] = self.tokens[at][count:]
        self.starts[at] += count

    def is_group(self, at: int, end: int) -> bool:
        """Whether a group in braces begins here."""
        return at < end and self.tokens[at] == "{" and at in self.halves

    def is_blank(self, at: int, end: int) -> bool:
        """Whether a blank stands here, or nothing."""
        return at >= end or self.tokens[at].lstrip(PRIVATE)[:1].isspace()

    def after_group(self, at: int, end: int) -> int:
        """Return where reading goes on behind a group, or here if there is none."""
        return self.halves[at] + 1 if self.is_group(at, end) else at

    def after_letter(self, at: int, end: int) -> int:
        r"""Pass over what only ends the name of a command: `\o{}`, `\o `."""
        if self.is_group(at, end) and self.halves[at] == at + 1:
            return at + 2
        if at < end and self.tokens[at][0].isspace():
            bare = self.tokens[at].lstrip()
            self.take(at, len(self.tokens[at]) - len(bare))
            return at + (not bare)
        return at
