"""Blocks of a document: which tags they are, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy

from rftsearch.sources.markdown.styles.html_tree import Element

__all__ = [
    "ASIDE",
    "CONTAINERS",
    "FOLDED",
    "HEADINGS",
    "LISTS",
    "copied",
    "holds_blocks",
    "next_block",
    "outer",
]

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol", "dl"}
CONTAINERS = LISTS | HEADINGS | {"table", "p", "li", "details", "div", "blockquote", "center"}
CONTAINERS |= {"pre", "section", "article", "summary", "hr"}


FOLDED = re.compile(
    r"(?:click|show|expand|unfold|fold|more|abstract|bib\s?tex|citation|cite|figures?|tl;?dr|summary"
    r"|teaser|details?|notes?|results?|摘要|展开)\b",
    re.IGNORECASE,
)
"""What a folded part is called that is no section, but belongs to an entry."""


ASIDE = re.compile(
    r"(?:abstract|bib\s?tex|citation|cite|figures?|tl;?dr|teaser|\u6458\u8981)\b", re.IGNORECASE
)
"""What of them cites other papers, but has no entries."""


def next_block(element: Element) -> Element | None:
    """Return what follows an element, without breaks and rules."""
    after = element.getnext()
    while after is not None and after.tag in {"br", "hr"}:
        after = after.getnext()
    return after


def copied(element: Element) -> Element:
    """Return an element with what is in it and the text after it; the original keeps its place."""
    twin: Element = copy(element)
    return twin


def holds_blocks(element: Element) -> bool:
    """Return whether other blocks stand in an element."""
    return any(child.tag in CONTAINERS for child in element.iterdescendants())


def outer(element: Element, top: Element, tags: Iterable[str] = ()) -> Element:
    """Return the nearest list, table or folded part around an element, or `top`."""
    wanted = set(tags) or LISTS | {"table", "details"}
    above = element.getparent()
    while above is not None and above is not top and above.tag not in wanted:
        above = above.getparent()
    return top if above is None else above
