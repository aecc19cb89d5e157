"""Markup that is no CommonMark, written as if it were: a link of Org, a footnote, a slip.

Lines stay where they are.
"""

from __future__ import annotations

import re

from rftsearch.text.addresses import find_addresses

__all__ = ["as_commonmark"]

_APART = re.compile(r"\][ \t]+\((https?://[^\s()<>]+)\)")
"""`[title] (address)`, a link but for a blank."""
_OTHER_BRACKET = re.compile(r"(\]\(https?://[^\s(){}<>]+)\}(?!\))")
"""`[paper](address}`, ended with the wrong bracket."""
_LINK_IN_LINK = re.compile(r"\]\(\[[^\]\s]*\]\((https?://[^\s()<>]+)\)\)")
"""`[title]([address](address))`: the inner link was made by a program."""
_ORG = re.compile(r"\[\[(https?://[^\]\s]+)\]\[([^\[\]\n]+)\]\]")
"""`[[address][title]]`, a link of Org."""
_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:[ \t]*(.*)$", re.MULTILINE)
_PAPER = re.compile(r"arxiv:\s*\d{4}\.\d{4,5}", re.IGNORECASE)


def as_commonmark(text: str) -> str:
    """Return the text of a list with links that CommonMark reads.

    Args:
        text: Markdown; line ends are those of Unix.
    """
    text = _OTHER_BRACKET.sub(r"\1)", text)
    text = _LINK_IN_LINK.sub(r"](\1)", _APART.sub(r"](\1)", text))
    if "][" in text:
        text = _ORG.sub(r"[\2](\1)", text)
    return _with_footnotes(text) if "[^" in text else text


def _with_footnotes(text: str) -> str:
    """Put the addresses of footnotes where they are referred to, and take the notes out."""
    links: dict[str, str] = {}
    for name, note in _FOOTNOTE.findall(text):
        shown = [f"[link]({url})" for url in find_addresses(note)]
        shown += [] if shown else [found[0] for found in _PAPER.finditer(note)]
        if shown:
            links.setdefault(name, " ".join(shown))
    if not links:
        return text
    text = _FOOTNOTE.sub(lambda found: "" if found[1] in links else found[0], text)
    return re.sub(r"\[\^([^\]\s]+)\]", lambda found: links.get(found[1], found[0]), text)
