"""What a list holds and was not read: papers outside of lists, and bullets of another form."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterator

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.base import Problem
from rftsearch.sources.link_kinds import kind_of_label
from rftsearch.sources.markdown.bullets import Anchor, Bullet, Document, LooseLine, text_of
from rftsearch.text.addresses import find_addresses, is_web_address
from rftsearch.text.clean import strip_emoji

__all__ = ["beginning", "is_paper_page", "unread"]

# Where papers are published besides arXiv.
_PAPER_HOST = re.compile(
    r"https?://(?:[\w-]+\.)*(?:openreview\.net/(?!group\b)|aclanthology\.org/|doi\.org/|dl\.acm\.org/doi/"
    r"|ieeexplore\.ieee\.org/|openaccess\.thecvf\.com/|proceedings\.|papers\.nips\.cc/|jmlr\.org/"
    r"|link\.springer\.com/|biorxiv\.org/|medrxiv\.org/|semanticscholar\.org/paper/"
    r"|nature\.com/articles/)|https?://\S+\.pdf(?:[?#]|$)",
    re.IGNORECASE,
)
_DATED = re.compile(r"[\s*+>-]*\[[0-9]{4}\]\s*\[")
_FORM = "an entry begins like `* [2505] [name] [title](link)`"


def is_paper_page(url: str) -> bool:
    """Return whether an address is of a publisher of papers, or of a PDF."""
    return _PAPER_HOST.match(url) is not None


def beginning(text: str) -> str:
    """Return how a line begins, without emoji, as a problem shows it."""
    return textwrap.shorten(strip_emoji(text[:1_000]), 100, placeholder=" ...")


def unread(document: Document, source: str, known: Collection[str]) -> Iterator[Problem]:
    """Name what may be a paper and was not read as one.

    Args:
        document: The list.
        source: Its name.
        known: Ids of the papers that were read: a line that only cites one of them, as
            news do, lacks nothing.
    """
    for bullet in document.bullets:
        if not (bullet.raw or bullet.looks_like_an_entry) and (reason := _of_bullet(bullet, known)):
            yield Problem(source, bullet.line, beginning(text_of(bullet.pieces)), reason)
    for line in document.loose:
        introduces = line.line < document.start and line.place != "a table"
        if reason := _of_line(line, known, introduces=introduces):
            yield Problem(source, line.line, beginning(line.text), reason)


def _of_bullet(bullet: Bullet, known: Collection[str]) -> str | None:
    """Return why a bullet that is no entry was left out; None if it holds no paper."""
    if bullet.section.hidden_by is not None:
        dated = bullet.is_dated and _has_new_id(bullet.addresses, known)
        return _hidden(bullet.section.hidden_by) if dated else None
    if any(map(_PAPER_HOST.match, bullet.addresses)) or any(map(_leads_to_paper, bullet.links)):
        return f"it has a link to a paper but is not read; {_FORM}"
    if bullet.images and not text_of(bullet.pieces).strip():
        return f"it has only an image with a link and is not read; {_FORM}"
    return None


def _of_line(line: LooseLine, known: Collection[str], *, introduces: bool) -> str | None:
    """Return why a line outside of lists was left out; None if it holds no paper."""
    dated = _DATED.match(line.text) is not None
    if not dated and (line.section.hidden_by is not None or introduces):
        return None  # Running text about the list, which may cite any paper.
    addresses = find_addresses(line.text)
    cites_none = not any(map(parse_arxiv_id, addresses))
    row = line.place == "a table" and cites_none and any(map(is_web_address, addresses))
    if not (row or _has_new_id(addresses, known) or any(map(_PAPER_HOST.match, addresses))):
        return None
    if line.section.hidden_by is not None:
        return _hidden(line.section.hidden_by)
    return f"a paper in {line.place} is not read; {_FORM}"


def _leads_to_paper(link: Anchor) -> bool:
    return is_web_address(link.url) and kind_of_label(link.label) == "paper"


def _hidden(heading: str) -> str:
    return f'what stands under "{heading}" is not read; move the entry under another heading'


def _has_new_id(addresses: list[str], known: Collection[str]) -> bool:
    return any((found := parse_arxiv_id(url)) and found not in known for url in addresses)
