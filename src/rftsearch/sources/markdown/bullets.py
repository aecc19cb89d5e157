"""Markdown to bullets: the items of a document's lists, under its headings.

The text is parsed as CommonMark before anything is looked for in it, so what
counts as a link, a list or a heading is what every Markdown viewer shows as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import Kind
from rftsearch.text.addresses import find_addresses
from rftsearch.text.clean import repair, strip_emoji

__all__ = ["Anchor", "Bullet", "Piece", "Section", "read_bullets", "text_of"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link as the document has it: its text, in which images do not count, and its target."""

    label: str
    url: str


Piece = str | Anchor
"""A paragraph is a sequence of these, its emphasis and images dropped."""


def text_of(pieces: Iterable[Piece]) -> str:
    """The pieces as text, links by their labels."""
    return "".join(piece if isinstance(piece, str) else piece.label for piece in pieces)


@dataclass(frozen=True, slots=True)
class Section:
    """What the headings above a bullet say of it."""

    category: str
    kind: Kind
    holds_entries: bool
    """Whether it is about papers, rather than about the list itself."""


@dataclass(slots=True)
class Bullet:
    """One item of a list, with what stands in the lists nested in it."""

    line: int
    """Where it begins, counted from 1."""
    section: Section
    pieces: list[Piece] = field(default_factory=list)
    """Never begins with blank text; no two texts in a row."""

    def extend(self, pieces: Iterable[Piece]) -> None:
        """Add pieces, joining text to text."""
        for piece in pieces:
            last = self.pieces[-1] if self.pieces else ""
            if isinstance(piece, str) and isinstance(last, str):
                if (last + piece).strip():
                    self.pieces[-1:] = [last + piece]
            elif piece:
                self.pieces.append(piece)

    @property
    def is_dated(self) -> bool:
        """Whether it begins with four digits in brackets."""
        return re.match(r"\s*\[[0-9]{4}\]", text_of(self.pieces[:1])) is not None

    @property
    def looks_like_an_entry(self) -> bool:
        """Whether it is one, or was meant to be: it begins with brackets or cites arXiv."""
        if not (self.section.holds_entries and self.pieces):
            return False
        anchors = [piece for piece in self.pieces if isinstance(piece, Anchor)]
        if anchors and all(anchor.url.startswith("#") for anchor in anchors):
            return False  # a table of contents
        first = self.pieces[0]
        if isinstance(first, Anchor) or first.lstrip().startswith("["):
            return True
        bare = find_addresses(text_of(self.pieces))
        return any(map(parse_arxiv_id, (*(anchor.url for anchor in anchors), *bare)))


def read_bullets(text: str, fallback: str) -> list[Bullet]:
    """Collect a document's list items under their headings, in its order.

    An item nested in an entry belongs to it, unless it is dated: then it is an
    entry of its own that was indented by mistake.

    Args:
        text: Markdown.
        fallback: The category of bullets above which no heading stands.
    """
    return sorted(_bullets(_Markdown().parse(text), fallback), key=lambda bullet: bullet.line)


def _bullets(tokens: Sequence[Token], fallback: str) -> Iterator[Bullet]:
    """Yield bullets as they end, so that an inner one comes before its outer one."""
    outline = _Outline(fallback)
    open_bullets: list[Bullet] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "list_item_open":
            line = token.map[0] + 1 if token.map else 0
            open_bullets.append(Bullet(line, outline.section))
        elif token.type == "list_item_close":
            bullet = open_bullets.pop()
            parent = open_bullets[-1] if open_bullets else None
            if parent and parent.looks_like_an_entry and not bullet.is_dated:
                parent.extend([" ", *bullet.pieces])
            else:
                yield bullet
        elif token.type == "inline" and open_bullets:
            open_bullets[-1].extend([" ", *_pieces(token.children or ())])
        elif token.type == "inline" and before and before.type == "heading_open":
            outline.enter(int(before.tag[1:]), text_of(_pieces(token.children or ())))


# --- inside a paragraph --------------------------------------------------------


class _Markdown(MarkdownIt):
    """CommonMark whose visible text is repaired before it is split into links."""

    def __init__(self) -> None:
        super().__init__("commonmark")
        self.core.ruler.before("inline", "repair", _repair_blocks)

    def validateLink(self, url: str) -> bool:  # noqa: N802 (markdown-it's name)
        """Accept every link, so that a bad one is reported instead of read as text."""
        del url
        return True


def _repair_blocks(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.content = repair(token.content)


def _pieces(tokens: Iterable[Token]) -> Iterator[Piece]:
    """Reduce a paragraph to text and links; images, and links that hold only one, go."""
    text, url = "", None
    for token in tokens:
        if token.type == "link_open":
            yield text
            text, url = "", str(token.attrs["href"])
        elif token.type == "link_close":
            # A badge is a link around an image, so nothing is left of its label.
            if url is not None and text.strip():
                yield Anchor(" ".join(text.split()), url)
            text, url = "", None
        elif token.type in {"text", "code_inline"}:
            text += token.content
        elif token.type in {"softbreak", "hardbreak", "html_inline"}:
            text += " "
    yield text


# --- headings ------------------------------------------------------------------

_KIND_HEADING = re.compile(
    r"(?:open[- ]source\s+)?(?P<kind>paper|project)s?(?:\s+(?:without|sort|sorted|by)\b.*)?",
    re.IGNORECASE,
)

# Sections about the list itself: what stands in them is no entry, whatever it looks like.
_HOUSEKEEPING = re.compile(
    r"news|updates?|(?:table of )?contents|contribut(?:ions?|ing|ors)|acknowledge?ments?"
    r"|citations?|citing|licen[cs]e|contact|star (?:chart|history)",
    re.IGNORECASE,
)


class _Outline:
    """The headings that are open at a point of the document, outermost first."""

    def __init__(self, fallback: str) -> None:
        self._fallback = fallback
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, text: str) -> None:
        """Open a heading, closing those of its level and below."""
        self._open = [heading for heading in self._open if heading[0] < level]
        self._open.append((level, strip_emoji(text).strip(" :")))

    @property
    def section(self) -> Section:
        """What holds at this point: the innermost heading of each sort decides."""
        category = self._fallback
        kind: Kind = "paper"
        holds_entries = True
        for _, name in self._open:
            if named := _kind_of_heading(name):
                kind = named
            elif _is_housekeeping(name):
                holds_entries = False
            else:
                category = name or category
        return Section(category, kind, holds_entries)


def _kind_of_heading(name: str) -> Kind | None:
    match = _KIND_HEADING.fullmatch(re.sub(r"\([^()]*\)", "", name).strip())
    if match is None:
        return None
    return "project" if match["kind"].lower() == "project" else "paper"


def _is_housekeeping(name: str) -> bool:
    parts = re.split(r"\s*[&,/]\s*|\s+and\s+", name)
    return all(_HOUSEKEEPING.fullmatch(part) for part in parts)
