"""Where a row says that a paper can be read, and what else it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.doi import doi_page
from rftsearch.papers.paper import LINK_KINDS, Link
from rftsearch.sources.bounds import LONGEST_TITLE
from rftsearch.sources.link_kinds import kind_of_link
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.sources.tables.cells import addresses_of
from rftsearch.sources.tables.columns import LINKS
from rftsearch.sources.tables.facts import Facts
from rftsearch.sources.tables.tree import Fields, Items, Text, Tree, texts_of
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import strip_emoji

__all__ = ["address_of", "links_of"]

_MAIN = ("url", "paper", "title", "pdf", "arxiv")
"""The fields that say where the paper itself is, the best first."""


def address_of(facts: Facts, doi: str | None, reasons: list[str]) -> str | None:
    """Return where a paper without arXiv id can be read."""
    for field in _MAIN:
        for tree in facts.trees(field):
            if links := addresses_of(tree):
                return links[0][1]
    if doi:
        return doi_page(doi)
    reasons += [
        f"its link is not a web address: {text[:80]!r}" for text in facts.texts("url", "pdf")
    ]
    others = (url for tree in facts.trees("name", *LINKS) for _, url in addresses_of(tree))
    return next(others, None)


def links_of(facts: Facts, arxiv_id: str | None, url: str | None) -> Iterator[Link]:
    """Yield what a row leads to besides the paper itself."""
    seen: set[tuple[str, str]] = set()
    for kind, label, address, is_main in _addresses(facts):
        other = parse_arxiv_id(address)
        itself = address == url if other is None else other == arxiv_id
        if itself and (is_main or kind == "paper"):
            continue
        if (kind, address) not in seen and is_web_address(address):
            seen.add((kind, address))
            yield Link(kind, address, strip_emoji(label)[:LONGEST_TITLE] or kind.capitalize())


def _addresses(facts: Facts) -> Iterator[tuple[str, str, str, bool]]:
    """Yield kind, label and address of each link, and whether it may be where the paper is."""
    for kind in LINKS:
        for column, tree in facts.named(kind):
            for label, address in addresses_of(tree) or _short_addresses(column, tree):
                by_host = column.casefold().replace(" ", "") in {"huggingface", "hf"}
                found = kind_of_link("", address) if by_host else None
                yield found or kind, label, address, False
    for field in (*_MAIN, "name"):
        for _, tree in facts.named(field):
            yield from _typed(field, tree)


def _typed(field: str, tree: Tree) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the links of a field that holds addresses of any kind."""
    for one in tree.items if isinstance(tree, Items) else (tree,):
        stated = _stated_kind(one) if isinstance(one, Fields) else None
        for label, address in addresses_of(one):
            kind = stated or kind_of_link(label if field == "url" else "", address)
            if kind is None:
                paper = field != "url" or is_paper_page(address) or parse_arxiv_id(address)
                kind = "paper" if paper else "project"
            shown = label if field == "url" else ("PDF" if field == "pdf" else "")
            yield kind, shown, address, stated is None


def _stated_kind(fields: Fields) -> str | None:
    for key, value in fields.pairs:
        if key == "kind" and isinstance(value, Text) and value.text in LINK_KINDS:
            return value.text
    return None


_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


def _short_addresses(column: str, tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the address that `owner/name` stands for, where the column says of which host."""
    name = column.casefold()
    host = "github.com" if "git" in name else "huggingface.co" if "face" in name else ""
    for text in texts_of(tree):
        if host and _REPOSITORY.fullmatch(text.strip()):
            yield "", f"https://{host}/{text.strip()}"
