"""Markdown to bullets: the items of a document's lists, under its headings.

The text is parsed as CommonMark before anything is looked for in it, so what
counts as a link, a list or a heading is what every Markdown viewer shows as one.
What stands outside of lists comes as loose lines, so that nothing goes unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.bounds import LONGEST_ENTRY
from rftsearch.sources.markdown.commonmark import CommonMark
from rftsearch.sources.markdown.outline import Outline, Section
from rftsearch.text.addresses import find_addresses
from rftsearch.text.clean import repair

__all__ = ["Anchor", "Bullet", "Document", "LooseLine", "Piece", "read_document", "text_of"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link as the document has it: its text and its target."""

    label: str
    """Without images; of a link that holds only an image, what stands in for that image."""
    url: str
    image: bool = False
    """Whether it holds only an image."""


Piece = str | Anchor
"""A paragraph is a sequence of these, its emphasis dropped."""


def text_of(pieces: Iterable[Piece]) -> str:
    """Return the pieces as text, links by their labels; those of images are left out."""
    texts = (
        piece if isinstance(piece, str) else piece.label for piece in pieces if not _is_image(piece)
    )
    return "".join(texts)


def _is_image(piece: Piece) -> bool:
    return isinstance(piece, Anchor) and piece.image


@dataclass(slots=True)
class Bullet:
    """One item of a list, with what stands in the lists nested in it."""

    line: int
    """Where it begins, counted from 1."""
    section: Section
    pieces: list[Piece] = field(default_factory=list)
    """Never begins with blank text; no two texts in a row."""
    images: list[Anchor] = field(default_factory=list)
    """Links that hold only an image, such as a badge; they are no part of its text."""
    cut: bool = False
    """Whether it was longer than `LONGEST_ENTRY`, and its middle was left out."""
    raw: bool = False
    """Whether it stands in a list without an entry of this format: its Markdown was not read."""

    def extend(self, pieces: Iterable[Piece]) -> None:
        """Add pieces, joining text to text."""
        for piece in pieces:
            if isinstance(piece, Anchor) and piece.image:
                self.images.append(piece)
                continue
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
    def links(self) -> list[Anchor]:
        """Return all its links, those of images last."""
        return [piece for piece in self.pieces if isinstance(piece, Anchor)] + self.images

    @property
    def addresses(self) -> list[str]:
        """Return all its addresses: those of links, and those that stand in its text."""
        return [*(link.url for link in self.links), *find_addresses(text_of(self.pieces))]

    @property
    def looks_like_an_entry(self) -> bool:
        """Whether it is one, or was meant to be: it begins with brackets or cites arXiv."""
        if not self.section.holds_entries:
            return False
        if not self.pieces:
            return any(map(parse_arxiv_id, self.addresses))
        anchors = [piece for piece in self.pieces if isinstance(piece, Anchor)]
        if anchors and all(anchor.url.startswith("#") for anchor in anchors):
            return False  # a table of contents
        first = self.pieces[0]
        if isinstance(first, Anchor) or first.lstrip().startswith("["):
            return True
        return any(map(parse_arxiv_id, self.addresses))


@dataclass(frozen=True, slots=True)
class LooseLine:
    """A line that stands outside of any list, and holds an address."""

    line: int
    section: Section
    text: str
    place: str
    """What it stands in: `a table`, `a paragraph`, `HTML`, `a code block`."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as bullets and loose lines, both in its order."""

    bullets: Sequence[Bullet]
    loose: Sequence[LooseLine]
    start: int
    """Line of the first heading below the title, or of the first entry: what stands above
    introduces the list."""


def read_document(text: str, fallback: str, *, dated_lists: bool = False) -> Document:
    """Collect a document's list items under their headings, in its order.

    An item nested in an entry belongs to it, unless it is dated: then it is an
    entry of its own that was indented by mistake.

    Args:
        text: Markdown.
        fallback: The category of bullets above which no heading stands.
        dated_lists: Whether lists without a dated entry may be left as they are.
    """
    bullets: list[Bullet] = []
    loose: list[LooseLine] = []
    tokens = _Markdown(dated_lists=dated_lists).parse(text)
    for found in _read(tokens, re.split(r"\r\n?|\n", text), Outline(fallback)):
        if isinstance(found, Bullet):
            bullets.append(found)
        else:
            loose.append(found)
    bullets.sort(key=lambda bullet: bullet.line)
    headings = (_line(token) for token in tokens if token.tag in {"h2", "h3", "h4"})
    entries = (bullet.line for bullet in bullets if bullet.looks_like_an_entry)
    starts = [line for line in (next(headings, None), next(entries, None)) if line is not None]
    return Document(bullets, loose, min(starts, default=0))


def _read(
    tokens: Sequence[Token], lines: Sequence[str], outline: Outline
) -> Iterator[Bullet | LooseLine]:
    """Yield bullets as they end, so that an inner one comes before its outer one."""
    open_bullets: list[Bullet] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "list_item_open":
            open_bullets.append(Bullet(_line(token), outline.section))
        elif token.type == "list_item_close":
            bullet = open_bullets.pop()
            parent = open_bullets[-1] if open_bullets else None
            if parent and parent.looks_like_an_entry and not bullet.is_dated:
                parent.extend([" ", *bullet.pieces, *bullet.images])
                parent.cut = parent.cut or bullet.cut
            else:
                yield bullet
        elif token.type == "inline" and open_bullets:
            open_bullets[-1].extend([" ", *_pieces(token.children or ())])
            open_bullets[-1].cut = open_bullets[-1].cut or bool(token.meta.get("cut"))
        elif token.type == "raw" and open_bullets:
            open_bullets[-1].extend([" ", token.content])
            open_bullets[-1].raw = True
        elif token.type == "inline" and before and before.type == "heading_open":
            outline.enter(int(before.tag[1:]), text_of(_pieces(token.children or ())))
        elif place := _PLACES.get(token.type):
            yield from _loose(token, place, lines, outline.section)


# A fenced block holds an example, or BibTeX; an indented one was seldom meant as code.
_PLACES = {"loose": "a paragraph", "html_block": "HTML", "code_block": "a code block"}
_TABLE_RULE = re.compile(r"[\s|:]*-+[\s|:-]*\|[\s|:-]*")


def _loose(token: Token, place: str, lines: Sequence[str], section: Section) -> Iterator[LooseLine]:
    """Yield the lines of a block that hold an address."""
    if token.content.lstrip().startswith("<!--"):
        return  # What was taken out by its author.
    start, end = token.map or (0, 0)
    block = lines[start:end]
    if token.type == "loose" and any(map(_TABLE_RULE.fullmatch, block[:3])):
        place = "a table"
    for number, line in enumerate(block, start=start + 1):
        if "http" in line or "arxiv" in line.lower():
            yield LooseLine(number, section, repair(line[:LONGEST_ENTRY]), place)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


# --- inside a paragraph --------------------------------------------------------


class _Markdown(CommonMark):
    """CommonMark whose visible text is cut to a length and repaired before links are found.

    Most time is spent on links, so they are only found where they are needed: what stands
    in no list and no heading is left as it is, a token of the type `loose`; and with
    `dated_lists` also what stands in a list without a dated entry, of the type `raw`.
    """

    def __init__(self, *, dated_lists: bool) -> None:
        super().__init__()
        rule = partial(_repair_blocks, dated_lists=dated_lists)
        self.core.ruler.before("inline", "repair", rule)


_DATED = re.compile(r"\[[0-9]{4}\]\s*\[")
_PROJECTS = re.compile(r"^.*project", re.IGNORECASE | re.MULTILINE)
"""What a heading says below which entries have no date."""


def _repair_blocks(state: StateCore, *, dated_lists: bool) -> None:
    lines = state.src.split("\n")
    headings = (t.content for t in state.tokens if t.type == "inline" and t.level == 1)
    every = not dated_lists or any(map(_PROJECTS.search, headings))
    in_heading = read = False
    open_lists = 0
    for token in state.tokens:
        if token.type in _LISTS:
            if token.map and not open_lists:
                start, end = token.map
                read = every or any(map(_DATED.search, lines[start:end]))
            open_lists += token.nesting
        in_heading = token.type == "heading_open" or (in_heading and token.type == "inline")
        if token.type != "inline":
            continue
        if not in_heading and not (open_lists and read):
            token.type = "raw" if open_lists else "loose"
            continue
        # What looks for pairs of signs takes time that grows with their square.
        token.meta["cut"] = len(token.content) > LONGEST_ENTRY
        if token.meta["cut"]:  # At its end may stand the address of its link.
            half = LONGEST_ENTRY // 2
            token.content = f"{token.content[:half]} {token.content[-half:]}"
        token.content = repair(token.content)


_LISTS = {"bullet_list_open", "bullet_list_close", "ordered_list_open", "ordered_list_close"}


def _pieces(tokens: Iterable[Token]) -> Iterator[Piece]:
    """Reduce a paragraph to text and links; images outside of links go."""
    text, url, image = "", None, None
    for token in tokens:
        if token.type == "link_open":
            yield text
            text, url, image = "", str(token.attrs["href"]), None
        elif token.type == "link_close":
            if url is not None and (text.strip() or image is not None):
                label = " ".join((text if text.strip() else image or "").split())
                yield Anchor(label, url, image=not text.strip())
            text, url, image = "", None, None
        elif token.type == "image":
            image = token.content if image is None else image
        elif token.type in {"text", "code_inline"}:
            text += token.content
        elif token.type in {"softbreak", "hardbreak", "html_inline"}:
            text += " "
    yield text
