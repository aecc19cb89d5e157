"""Where the entries, headings and links of a Markdown list stand in its text.

Reading makes records of a list. What checks a list, or writes into it, needs to know
besides which lines and characters they came from.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rftsearch.papers.paper import Paper
from rftsearch.sources.base import ParsedList
from rftsearch.sources.markdown.link_places import LinkPlace, find_links
from rftsearch.sources.markdown.styles.any_list import parse_any_list
from rftsearch.sources.markdown.styles.categories import clean_heading
from rftsearch.sources.markdown.styles.html_tree import Block, blocks_of
from rftsearch.text.clean import repair, strip_emoji

__all__ = ["EntryPlace", "HeadingPlace", "ListPlaces", "find_places"]


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """The lines of an entry."""

    papers: tuple[Paper, ...]
    """Its record; several where one line has several papers."""
    first: int
    """Its first line, counted from 1."""
    last: int
    """Its last line; it is not blank."""
    kind: str
    """What it is: `item`, `row`, `paragraph`, `heading` or `html`."""

    @property
    def paper(self) -> Paper:
        """Return its only or first record."""
        return self.papers[0]


@dataclass(frozen=True, slots=True)
class HeadingPlace:
    """A heading."""

    line: int
    """Counted from 1."""
    last: int
    """Its last line: a heading may be underlined."""
    level: int
    """1 to 6."""
    name: str
    """Its text without what decorates it."""
    is_html: bool = False


@dataclass(frozen=True)
class ListPlaces:
    """The text of a list, and where its parts stand in it."""

    text: str
    """As it is in the file, with its line ends and without a byte order mark."""
    parsed: ParsedList
    entries: tuple[EntryPlace, ...]
    """In the order of the list; no two share a line."""
    headings: tuple[HeadingPlace, ...]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Return where each line begins, counted in characters, and where the text ends."""
        ends = [found.end() for found in re.finditer(r"\r\n?|\n", self.text)]
        starts = [0, *ends]
        return tuple(starts if starts[-1] == len(self.text) else [*starts, len(self.text)])

    @cached_property
    def links(self) -> tuple[LinkPlace, ...]:
        """Return all links, those without an address too, in the order of the text."""
        return tuple(find_links(self.text))

    def line_at(self, offset: int) -> int:
        """Return the line of a character, counted from 1."""
        return max(1, min(bisect_right(self.starts, offset), max(1, len(self.starts) - 1)))

    def column_at(self, offset: int) -> int:
        """Return the place of a character in its line, counted from 1."""
        return offset - self.starts[self.line_at(offset) - 1] + 1

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where lines begin and end in the text, the last line end included."""
        return self.starts[first - 1], self.starts[min(last, len(self.starts) - 1)]

    def text_of(self, entry: EntryPlace) -> str:
        """Return the text of an entry, with its line ends."""
        start, end = self.span(entry.first, entry.last)
        return self.text[start:end]

    def links_of(self, entry: EntryPlace) -> tuple[LinkPlace, ...]:
        """Return the links that stand in an entry."""
        start, end = self.span(entry.first, entry.last)
        low, high = (bisect_left(self._link_starts, at) for at in (start, end))
        return self.links[low:high]

    @cached_property
    def _link_starts(self) -> list[int]:
        return [link.start for link in self.links]

    def headings_above(self, line: int) -> tuple[HeadingPlace, ...]:
        """Return the headings that are open at a line, outermost first."""
        open_: list[HeadingPlace] = []
        for heading in self.headings:
            if heading.line > line:
                break
            open_ = [one for one in open_ if one.level < heading.level]
            open_.append(heading)
        return tuple(open_)


def find_places(text: str, source: str, parsed: ParsedList | None = None) -> ListPlaces:
    """Find the entries and headings of a list in its text.

    Args:
        text: The list's Markdown, without a byte order mark.
        source: Its name without folder.
        parsed: What was read of this text, if that was done already.
    """
    parsed = parsed or parse_any_list(text, source)
    blocks = blocks_of(text)
    lines = re.split(r"\r\n?|\n", text)
    headings = sorted(_headings(blocks), key=lambda heading: heading.line)
    entries = tuple(_entries(parsed.papers, blocks, headings, lines))
    return ListPlaces(text, parsed, entries, tuple(headings))


# --- headings ----------------------------------------------------------------------

_HTML_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</?h\1\b[^>]*>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[^<>]*>|!\[[^\[\]]*\]\([^()]*\)|\[\s*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


def _headings(blocks: Sequence[Block]) -> Iterator[HeadingPlace]:
    for block in blocks:
        if block.kind == "heading":
            yield HeadingPlace(block.first, block.last, block.level, _name(block.content))
        elif block.kind == "html":
            for found in _HTML_HEADING.finditer(block.content):
                line = block.first + block.content.count("\n", 0, found.start())
                last = line + found[0].count("\n")
                yield HeadingPlace(line, last, int(found[1]), _name(found[2]), is_html=True)


def _name(content: str) -> str:
    bare = _LINK.sub(r"\1", _MARKUP.sub(" ", repair(content)))
    return clean_heading(strip_emoji(re.sub(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}", "", bare)))


# --- entries -----------------------------------------------------------------------


def _entries(
    papers: Sequence[Paper],
    blocks: Sequence[Block],
    headings: Sequence[HeadingPlace],
    lines: Sequence[str],
) -> Iterator[EntryPlace]:
    """Yield the entries with their lines."""
    together: dict[int, list[Paper]] = {}
    for paper in papers:
        together.setdefault(paper.provenance[0].line, []).append(paper)
    starts = sorted(together)
    around = _Around(blocks)
    breaks = sorted({*starts, *(heading.line for heading in headings)})
    for first in starts:
        after = bisect_right(breaks, first)
        end = breaks[after] - 1 if after < len(breaks) else len(lines)
        block = around.begins(first) or around.holds(first)
        last = min(block.last, end) if block else first
        if block is not None and block.kind == "html":
            last = _end_in_html(lines, first, last)
        found = tuple(together[first])
        last = _trimmed(lines, first, last)
        if not _cites(lines[first - 1 : last], found[0]):
            last = _trimmed(lines, first, end)
        yield EntryPlace(found, first, last, block.kind if block else "paragraph")


class _Around:
    """Finds the block that begins at a line, or the innermost one that holds it."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._begins: dict[int, Block] = {}
        self._inner: dict[int, Block] = {}
        for block in blocks:
            self._begins.setdefault(block.first, block)
            if block.kind != "item":  # Items hold paragraphs, which are enough.
                for line in range(block.first, block.last + 1):
                    self._inner[line] = block

    def begins(self, line: int) -> Block | None:
        return self._begins.get(line)

    def holds(self, line: int) -> Block | None:
        return self._inner.get(line)


_END = re.compile(r"</(?:tr|li|p|dd)\s*>", re.IGNORECASE)


def _end_in_html(lines: Sequence[str], first: int, last: int) -> int:
    """Return the line where the element that begins at a line is closed."""
    opened = re.match(r"\s*<(tr|li|p|dd)\b", lines[first - 1], re.IGNORECASE)
    closing = re.compile(rf"</{opened[1]}\s*>", re.IGNORECASE) if opened else _END
    return next((n for n in range(first, last + 1) if closing.search(lines[n - 1])), last)


def _trimmed(lines: Sequence[str], first: int, last: int) -> int:
    while last > first and not lines[last - 1].strip():
        last -= 1
    return last


def _cites(lines: Sequence[str], paper: Paper) -> bool:
    """Return whether lines hold what identifies a paper; its links may stand below its title."""
    if paper.arxiv_id is None and not (paper.url or paper.links):
        return True
    text = "\n".join(lines)
    wanted = [paper.arxiv_id or paper.url or "", *(link.url for link in paper.links)]
    return any(one in text for one in wanted if one) or "](" in text or "href" in text
