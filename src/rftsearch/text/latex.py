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


def latex_to_text(text: str, *, typeset: bool = False) -> str:
    r"""Return the text without its LaTeX.

    Args:
        text: With LaTeX in it, or without.
        typeset: It is LaTeX through and through, as a field of BibTeX is, and not plain
            text with some LaTeX, as a title of arXiv is: braces are never shown, `~` is
            a blank, `--` a dash, and quotes of any kind are straight ones.

    >>> latex_to_text(r"VLM-R$^3$ gains \textbf{96.9\%} in $\mathcal{O}(\sqrt{T})$")
    'VLM-R³ gains 96.9% in 𝒪(√T)'
    >>> latex_to_text("{{GRPO}}~for ``{V}ideo'' -- a {S}tudy", typeset=True)
    'GRPO for "Video" – a Study'
    """
    if not any(sign in text for sign in ("\\$`{}~-'" if typeset else "\\$`")):
        return text
    from rftsearch.text.latex_reader import Reader  # noqa: PLC0415 - its tables cost time

    reader = Reader(text, typeset=typeset)
    if typeset:
        return reader.text(0, reader.count)
    return _QUOTED.sub("“\\1”", reader.text(0, reader.count))
