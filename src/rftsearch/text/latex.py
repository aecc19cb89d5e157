r"""Titles and abstracts as arXiv has them, made readable as plain text.

arXiv gives LaTeX as its authors typed it: `\textbf{R}einforcement`, `R$^3$`, `96.9\%`,
`$\mathcal{O}(\sqrt{T})$`, ```quoted''`. What has a form in plain text takes it: 𝒪(√T).
What has none stays as it was typed: a stray command is better than a lost word, and
better than a formula that means something else.
"""

from __future__ import annotations

import re

__all__ = ["latex_to_text"]

_QUOTED = re.compile(r"``((?:(?!``).)+?)''", re.DOTALL)


def latex_to_text(text: str) -> str:
    r"""Return the text without its LaTeX.

    >>> latex_to_text(r"VLM-R$^3$ gains \textbf{96.9\%} in $\mathcal{O}(\sqrt{T})$")
    'VLM-R³ gains 96.9% in 𝒪(√T)'
    """
    if not any(sign in text for sign in "\\$`"):
        return text
    from rftsearch.text.latex_reader import Reader  # noqa: PLC0415 - its tables cost time

    reader = Reader(text)
    return _QUOTED.sub("“\\1”", reader.text(0, reader.count))
