"""The running text of a list as pieces: words with their emphasis, links, badges, breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rftsearch.sources.markdown.styles.html_tree import LINE, Element
from rftsearch.sources.markdown.words.features import is_label
from rftsearch.text.addresses import find_addresses
from rftsearch.text.clean import strip_emoji

__all__ = ["Piece", "flat_text", "line_of", "pieces_of", "split_lines"]


class Piece(NamedTuple):
    """Words of one kind, a link, or a break between lines."""

    text: str
    line: int
    """Where it stands, counted from 1; near enough within long HTML."""
    url: str | None = None
    """Target, if it is a link."""
    bold: bool = False
    italic: bool = False
    images: tuple[tuple[str, str], ...] = ()
    """Alternative text and address of each image in it; a badge has no other text."""
    is_break: bool = False
    """Whether it ends a line: `<br>`, the end of a paragraph, the end of a table's cell."""

    @property
    def is_badge(self) -> bool:
        """Whether it has only images."""
        return bool(self.images) and not self.text.strip()


_NO_TEXT = {"script", "style", "pre", "svg", "textarea", "template", "iframe"}
_BLOCKS = {"p", "div", "li", "ul", "ol", "tr", "table", "blockquote", "center", "td", "th", "dd"}
_BLOCKS |= {"dt", "details", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "tbody", "thead"}
_BOLD = {"strong", "b", "h1", "h2", "h3", "h4", "h5", "h6", "summary"}
_ITALIC = {"em", "i", "cite"}
_BRACKETS = " []()"
_WIDE = re.compile(r"[ \t\u00a0]{3,}")
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]*[a-z][a-z0-9_+-]*:(?![/\w])")


def line_of(element: Element, before: int = 1) -> int:
    """Return the line of an element, or `before` where it brings none."""
    line = element.get(LINE)
    return int(line) if line else before


def flat_text(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces on one line, without emoji; badges have none."""
    text = "".join(" " if piece.is_break else piece.text for piece in pieces)
    return strip_emoji(_EMOJI_CODE.sub(" ", text))


def pieces_of(element: Element, skip: Iterable[Element] = (), line: int = 1) -> list[Piece]:
    """Return what an element holds, in order.

    Args:
        element: A paragraph, an item, a cell, a heading.
        skip: Elements in it that are left out.
        line: Where it begins, if it does not bring its line.
    """
    walk = _Walk(line_of(element, line), frozenset(skip))
    walk.children(element, Piece("", 0))
    return _joined(walk.found)


class _Walk:
    """Collects pieces and counts lines."""

    def __init__(self, line: int, skip: frozenset[Element]) -> None:
        self.found: list[Piece] = []
        self.line = line
        self._skip = skip

    def children(self, element: Element, style: Piece) -> None:
        self._text(element.text, style)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, style)
            self._text(child.tail, style)

    def _text(self, text: str | None, style: Piece) -> None:
        if text:
            if "   " in text:
                text = _WIDE.sub("  ", text)
            self.found.append(Piece(text, self.line, None, style.bold, style.italic))
            self.line += text.count("\n")

    def _element(self, element: Element, style: Piece) -> None:
        if element in self._skip or element.tag in _NO_TEXT:
            return
        self.line = max(self.line, line_of(element, self.line))
        tag = element.tag
        if tag == "code" and is_label(label := "".join(element.itertext())):
            # As if in brackets: `ICML 2024` stands beside a title and is no part of it.
            self.found.append(Piece(f" [{label.strip(_BRACKETS)}] ", self.line))
        elif tag == "br":
            self.found.append(Piece("", self.line, is_break=True))
        elif tag == "img":
            image = (element.get("alt") or "", element.get("src") or "")
            self.found.append(style._replace(text="", line=self.line, images=(image,)))
        elif tag == "a" and element.get("href") is not None:
            inside = _Walk(self.line, self._skip)
            inside.children(element, style)
            link = _link(inside.found, str(element.get("href")).strip(), self.line)
            if not link.url and not link.images and not is_label(link.text):
                link = link._replace(url=None)  # `[Title]()`, whose address is not known yet.
            self.found.append(link)
            self.line = inside.line
        elif tag == "sup" and not "".join(element.itertext()).strip(" \n*0123456789,†‡"):
            return  # Marks of footnotes and of authors' institutes.
        else:
            style = style._replace(
                bold=style.bold or tag in _BOLD,
                italic=style.italic or tag in _ITALIC,
            )
            if tag in _BLOCKS:
                self.found.append(Piece("", self.line, is_break=True))
            self.children(element, style)
            if tag in _BLOCKS:
                self.found.append(Piece("", self.line, is_break=True))


def _link(inside: Sequence[Piece], url: str, line: int) -> Piece:
    """Make one piece of what stands in a link."""
    text = " ".join("".join(" " if p.is_break else p.text for p in inside).split())
    words = [piece for piece in inside if piece.text.strip()]
    return Piece(
        text,
        line,
        url,
        bold=bool(words) and all(piece.bold for piece in words),
        italic=bool(words) and all(piece.italic for piece in words),
        images=tuple(image for piece in inside for image in piece.images),
    )


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours of one kind; make links of addresses that stand bare."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        plain = piece.url is None and not piece.images and not piece.is_break
        if (
            plain
            and last is not None
            and last.url is None
            and not (last.images or last.is_break)
            and (last.bold, last.italic) == (piece.bold, piece.italic)
        ):
            joined[-1] = last._replace(text=last.text + piece.text)
        elif plain or not (piece.is_break and (last is None or last.is_break)):
            joined.append(piece)
    return [part for piece in joined for part in _with_links(piece)]


def _with_links(piece: Piece) -> Iterator[Piece]:
    if piece.url is not None or "://" not in piece.text:
        yield piece
        return
    at = 0
    for url in find_addresses(piece.text):
        start = piece.text.index(url, at)
        line = piece.line + piece.text.count("\n", 0, start)
        yield piece._replace(text=piece.text[at:start])
        yield piece._replace(text=url, url=url, line=line)
        at = start + len(url)
    yield piece._replace(text=piece.text[at:])


def split_lines(pieces: Iterable[Piece], *, soft: bool) -> list[list[Piece]]:
    """Split pieces at breaks, and where `soft` at line ends of the text too; drop empty lines."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.is_break:
            lines.append([])
        elif soft and piece.url is None and "\n" in piece.text:
            for number, part in enumerate(piece.text.split("\n")):
                if number:
                    lines.append([])
                if part:
                    lines[-1].append(piece._replace(text=part, line=piece.line + number))
        else:
            lines[-1].append(piece)
    return [line for line in lines if any(p.text.strip() or p.images for p in line)]
