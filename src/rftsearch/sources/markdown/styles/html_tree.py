"""Markdown as a tree of HTML elements, each with the line where it began.

Lists mix Markdown with HTML: tables, headings, folded parts, links. One tree of both is
read in one way. It is what GitHub shows: CommonMark with tables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lxml import etree, html
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from rftsearch.sources.bounds import LONGEST_ENTRY
from rftsearch.sources.markdown.commonmark import CommonMark
from rftsearch.sources.markdown.other_markup import as_commonmark
from rftsearch.text.clean import repair

__all__ = ["LINE", "Block", "Element", "blocks_of", "html_tree", "new_paragraph"]

Element: TypeAlias = etree._Element
"""An element of the tree."""

LINE = "data-line"
"""The attribute of an element that holds its line, counted from 1."""

_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>]|$)")
_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)|\+\+\+[ \t]*\n(?:.*\n)*?\+\+\+)[ \t]*(?:\n|\Z)"
)
_ENDS_HEADING = re.compile(rf"<(h[1-6])(?:\s+{LINE}=\"\d+\")?\s*/>", re.IGNORECASE)
"""`<h3/>`, written where `</h3>` was meant."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


_TOO_DEEP = "boolean(" + "/*" * 90 + ")"
"""Elements in elements, as only tags that are never closed make them: these are taken out."""
_INLINE_TAGS = (
    *("div", "span", "font", "center", "b", "i", "strong", "em", "details", "sub", "sup", "small"),
    *("u", "s", "a", "code", "blockquote", "section", "summary", "p", "big", "kbd", "ins", "del"),
)
_BLOCK_TAGS = ("ul", "ol", "li", "table", "tbody", "tr", "td", "th", "dl", "dd", "dt", "article")


class _Markdown(CommonMark):
    """CommonMark with tables; blocks carry their line and have a bounded length."""

    def __init__(self) -> None:
        super().__init__()
        self.enable(["table", "strikethrough"])
        self.disable("code")  # An indented block was seldom meant as code.
        self.core.ruler.before("inline", "lines", _number_lines)


def html_tree(text: str) -> Element:
    """Return the body of a document as a tree of HTML elements.

    Args:
        text: Markdown, with or without HTML in it. Front matter is left out.
    """
    text = re.sub(r"\r\n?", "\n", text)
    text = as_commonmark(_without_front_matter(text))
    lines = (line if line.isascii() else repair(line) for line in text.split("\n"))
    rendered = _Markdown().render(_NOT_IN_XML.sub(" ", "\n".join(lines)))
    rendered = _ENDS_HEADING.sub(r"</\1>", rendered)
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    root: Element = html.document_fromstring(f"<body>{rendered}</body>", parser=parser)
    for tags in (_INLINE_TAGS, _BLOCK_TAGS):
        if root.xpath(_TOO_DEEP):
            etree.strip_tags(root, *tags)
    body: Element | None = root.find("body")
    return root if body is None else body


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the document and its lines."""

    kind: Literal["item", "row", "paragraph", "heading", "html", "code"]
    first: int
    """Its first line, counted from 1."""
    last: int
    """Its last line; blank lines at its end may be among them."""
    level: int = 0
    """Of a heading, 1 to 6."""
    content: str = ""
    """Of a heading or of HTML: its Markdown or HTML."""


_BLOCKS: dict[str, Literal["item", "row", "paragraph", "heading", "html", "code"]] = {
    "list_item_open": "item",
    "tr_open": "row",
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "html_block": "html",
    "fence": "code",
}


def blocks_of(text: str) -> list[Block]:
    """Return the blocks of a document in the order in which they begin, outer ones first.

    Args:
        text: Markdown, as for `html_tree`; the lines are those of this text.
    """
    parser = _Markdown()
    parser.core.ruler.enableOnly(["normalize", "block"])
    tokens = parser.parse(_without_front_matter(re.sub(r"\r\n?", "\n", text)))
    blocks = []
    for number, token in enumerate(tokens):
        kind = _BLOCKS.get(token.type)
        if kind is None or token.map is None:
            continue
        first, end = token.map
        content = token.content
        if kind == "heading":
            content = tokens[number + 1].content
        level = int(token.tag[1:]) if kind == "heading" else 0
        blocks.append(Block(kind, first + 1, end, level, content))
    return blocks


def _without_front_matter(text: str) -> str:
    return _FRONT_MATTER.sub(lambda found: "\n" * found[0].count("\n"), text, count=1)


def new_paragraph() -> Element:
    """Return an empty paragraph, to collect what stands outside of any."""
    paragraph: Element = etree.Element("p")
    return paragraph


def _number_lines(state: StateCore) -> None:
    """Give each block its line; take long paragraphs apart at their line ends."""
    state.tokens[:] = [part for token in state.tokens for part in _numbered(token)]


def _numbered(token: Token) -> list[Token]:
    if token.map is not None:
        if token.type == "html_block":
            first = token.map[0] + 1
            token.content = "\n".join(
                _TAG.sub(rf'<\1 {LINE}="{number}"', line)
                for number, line in enumerate(token.content.split("\n"), start=first)
            )
        elif token.type == "inline" and len(token.content) > LONGEST_ENTRY:
            return _pieces(token)
        elif token.nesting >= 0 and token.tag:
            token.attrSet(LINE, str(token.map[0] + 1))
    return [token]


def _pieces(token: Token) -> list[Token]:
    """Return a long paragraph as several, since what pairs signs takes time with its square."""
    first = token.map[0] if token.map else 0
    pieces: list[Token] = []
    for number, line in enumerate(token.content.split("\n"), start=first):
        if pieces and len(pieces[-1].content) + len(line) < LONGEST_ENTRY:
            pieces[-1].content += f"\n{line}"
            continue
        half = LONGEST_ENTRY // 2
        fits = len(line) <= LONGEST_ENTRY
        # At the end of a line that is too long may stand the address of its link.
        content = line if fits else f"{line[:half]} {line[-half:]}"
        place = [number, number + 1]
        pieces.append(Token("inline", "", 0, content=content, map=place, children=[]))
    return pieces
