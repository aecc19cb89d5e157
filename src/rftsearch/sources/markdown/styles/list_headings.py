"""What heads a list without being a heading: a bold line, a quote, an item that stands alone."""

from __future__ import annotations

from collections.abc import Sequence

from rftsearch.sources.markdown.styles.blocks import LISTS, holds_blocks, next_block
from rftsearch.sources.markdown.styles.categories import clean_heading
from rftsearch.sources.markdown.styles.citations import begins_with_title, cited_paper
from rftsearch.sources.markdown.styles.html_tree import Element
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, pieces_of
from rftsearch.sources.markdown.words.features import has_words, words_in
from rftsearch.text.addresses import is_web_address

__all__ = ["heading_above_list", "heading_in_item"]

_MOST_WORDS = 12


def heading_above_list(element: Element, found: Sequence[Piece]) -> list[Piece]:
    """Return what a bold line or a quote says that stands above a list or a table; else nothing.

    Args:
        element: The line.
        found: What it holds.
    """
    quote = element.tag == "blockquote"
    begins = next((piece for piece in found if has_words(piece.text)), None)
    if begins is None or not (begins.bold or quote) or element.getparent() is None:
        return []
    after = next_block(element)
    if after is None or after.tag not in LISTS | {"table", "p", "div"}:
        return []
    pieces = _without_links_aside([piece for piece in found if not piece.is_break])
    words = [piece for piece in pieces if has_words(piece.text)]
    if not words or not (quote or all(piece.bold for piece in words)) or not _is_short(pieces):
        return []
    if any(map(cited_paper, pieces)) or any(is_web_address(piece.url or "") for piece in words):
        return []
    runs_on = after.tag in {"p", "div"} and not begins_with_title(after)
    return [] if runs_on else pieces


def heading_in_item(element: Element) -> str:
    """Return the text of an item that stands alone above another list of papers; else nothing."""
    items = [item for item in element if isinstance(item.tag, str)]
    after = next_block(element)
    if len(items) != 1 or after is None or after.tag not in LISTS | {"table"}:
        return ""
    pieces = pieces_of(items[0])
    linked = any(is_web_address(piece.url or "") for piece in pieces)
    if linked or not _is_short(pieces) or holds_blocks(items[0]):
        return ""
    return clean_heading(flat_text(pieces)) if any(map(cited_paper, pieces_of(after))) else ""


def _is_short(pieces: Sequence[Piece]) -> bool:
    return 0 < len(words_in(clean_heading(flat_text(pieces)))) <= _MOST_WORDS


def _without_links_aside(pieces: list[Piece]) -> list[Piece]:
    """Return what stands before a bar behind which there are only links: `Soups | [Chat](...)`."""
    for number, piece in enumerate(pieces):
        rest = pieces[number + 1 :]
        bar = piece.url is None and piece.text.strip() in {"|", "\u2022", "\u00b7"}
        if bar and number and all(one.url for one in rest if has_words(one.text)):
            return pieces[:number]
    return pieces
