"""What is left of other programs' markup in the texts of a library: tags, entities, LaTeX."""

from __future__ import annotations

import html
import re

from rftsearch.text.clean import one_line
from rftsearch.text.latex import latex_to_text

__all__ = ["address_in_latex", "plain", "plain_latex", "remark_in_latex"]

# Zotero and CSL mark fonts with HTML; publishers give abstracts as JATS or HTML.
_TAGS = re.compile(
    r"</?(?:jats:[\w-]+|i|b|em|strong|sub|sup|sc|span|p|br|div|title|tt|u|italic|bold)"
    r"(?:\s[^<>]{0,200})?\s?/?>",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"</?(?:jats:p|jats:title|jats:sec|p|br|div|title)\b", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|ndash|mdash|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_UNWANTED = re.compile("[\ud800-\udfff\u200b\u2060\ufeff]")
_ESCAPED = re.compile(r"\\([_%&#$~{}^])(?:\{\})?|\\text(?P<tilde>asciitilde)\s?(?:\{\})?|[{}]")
_ADDRESS = re.compile(r"https?://(?:\\[_%&#$~{}]|\{\\?[_%&#$~]\}|[^\s{}\\])+", re.IGNORECASE)
_PLACE = re.compile("\ue000(\\d+)\ue001")
_NO_PLACES = {0xE000: None, 0xE001: None}
_COMMAND = re.compile(r"\\(?:url|path|href|burl|nolinkurl)\s*(?=\{)")


def plain(text: str) -> str:
    """Return a text on one line, without tags and entities.

    >>> plain("The <i>arc</i> of R&amp;D")
    'The arc of R&D'
    """
    if "<" in text:
        text = _TAGS.sub(lambda tag: " " if _PARAGRAPH.match(tag[0]) else "", text)
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return one_line(_UNWANTED.sub("", text))


def plain_latex(text: str) -> str:
    r"""Return a field of BibTeX on one line, as LaTeX would set it.

    >>> plain_latex(r"{{GRPO}} for \'Etudes, {\&} so on")
    'GRPO for Études, & so on'
    """
    return plain(latex_to_text(" ".join(text.split()), typeset=True))


def remark_in_latex(text: str) -> str:
    r"""Return a remark of a field of BibTeX; the addresses in it stay, whatever `~` and `_` mean.

    >>> remark_in_latex(r"C\'odigo: \url{https://example.org/~a\_b}")
    'Código: https://example.org/~a_b'
    """
    found = [address_in_latex(address) for address in _ADDRESS.findall(text)]
    places = iter(range(len(found)))
    held = _ADDRESS.sub(lambda _: f"\ue000{next(places)}\ue001", text.translate(_NO_PLACES))
    return _PLACE.sub(lambda place: found[int(place[1])], plain_latex(held))


def address_in_latex(text: str) -> str:
    r"""Return an address or an identifier of a field of BibTeX: `a\_b` is `a_b`, `~` stays."""
    bare = _ESCAPED.sub(
        lambda found: "~" if found["tilde"] else found[1] or "", _COMMAND.sub(" ", text)
    )
    return one_line(_UNWANTED.sub("", bare))
