"""The units of which a list is made: items, rows of tables, paragraphs, under their headings.

Which of them are papers is decided later, from what they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rftsearch.sources.markdown.outline import about_the_list
from rftsearch.sources.markdown.styles.blocks import (
    ASIDE,
    CONTAINERS,
    FOLDED,
    HEADINGS,
    LISTS,
    copied,
    holds_blocks,
    outer,
)
from rftsearch.sources.markdown.styles.categories import (
    clean_heading,
    is_back_link,
    says_nothing,
)
from rftsearch.sources.markdown.styles.citations import (
    arxiv_id_of,
    cited_paper,
    has_only_facts,
    has_own_entries,
    has_titles,
    ids_of,
)
from rftsearch.sources.markdown.styles.columns import Cell, title_column
from rftsearch.sources.markdown.styles.headings import INNER_LEVEL, Headings, Open
from rftsearch.sources.markdown.styles.html_tree import Element, new_paragraph
from rftsearch.sources.markdown.styles.list_headings import heading_above_list, heading_in_item
from rftsearch.sources.markdown.styles.pieces import (
    Piece,
    flat_text,
    line_of,
    pieces_of,
)
from rftsearch.sources.markdown.styles.table_rows import rows_of
from rftsearch.sources.markdown.styles.unit import BREAK, Unit
from rftsearch.sources.markdown.words.features import has_words, is_label, words_in

__all__ = ["read_units"]


def read_units(body: Element) -> list[Unit]:
    """Return the units of a document in its order, whatever they are.

    Args:
        body: The document; its folded parts are taken apart.
    """
    headings = (
        (float(element.tag[1:]), clean_heading(flat_text(pieces_of(element))))
        for element in body.iter(*HEADINGS)
    )
    reader = _Reader(Headings(headings))
    reader.container(body)
    return reader.units


class _Reader:
    """Walks through a document, and knows the headings that are open."""

    def __init__(self, headings: Headings) -> None:
        self.units: list[Unit] = []
        self._headings = headings
        self._group = 0
        self._line = 1
        self._pending: list[Piece] | None = None
        self._aside: list[Piece] = []
        self._before: Open = ()
        self._expected_at = 0

    # --- headings ---

    def _enter(self, level: float, text: str, title: list[Piece] | None = None) -> None:
        """Open a heading; `title` is what it holds, as it may be the title of one paper."""
        self._pending, self._before = title, self._headings.open
        self._expected_at = len(self.units)
        self._headings.enter(level, text, len(self.units))

    def _heading(self, element: Element) -> None:
        swallowed = [e for e in element if e.tag in LISTS | {"table", "details", "p", "div"}]
        swallowed = [e for e in swallowed if holds_blocks(e) or e.tag in LISTS | {"table"}]
        pieces = [
            piece
            for piece in pieces_of(element, skip=swallowed)
            if not (piece.url or "").startswith("#") or not is_back_link(piece.text)
        ]
        name = clean_heading(flat_text(pieces))
        self._group += 1
        if any(map(arxiv_id_of, pieces)) and not about_the_list(name):
            level = int(element.tag[1:])
            self._headings.close(level)
            self._add("heading", line_of(element, self._line), [Cell(tuple(pieces))])
        elif name:
            level = int(element.tag[1:])
            self._enter(level, name, pieces if level > 1 else None)  # A document is no paper.
        for child in swallowed:
            self._block(child)

    def _add(self, kind: str, line: int, cells: list[Cell], remarks: Iterable[Piece] = ()) -> None:
        at = self._headings
        self.units.append(
            Unit(
                kind=kind,
                line=line,
                path=at.names,
                levels=at.levels,
                placed=at.placed,
                hidden_by=at.hidden_by,
                cells=cells,
                group=self._group,
                remarks=tuple(remarks),
            )
        )

    # --- blocks ---

    def container(self, element: Element) -> None:
        """Read what stands in an element that holds blocks."""
        loose = new_paragraph()
        loose.text = element.text
        for child in element:
            if not isinstance(child.tag, str):
                continue
            if child.tag in CONTAINERS or holds_blocks(child):
                self._loose(loose)
                loose = new_paragraph()
                self._line = line_of(child, self._line)
                self._block(child)
                loose.text = child.tail
            else:
                loose.append(copied(child))
        self._loose(loose)

    def _loose(self, paragraph: Element) -> None:
        if len(paragraph) or (paragraph.text or "").strip():
            self._paragraph(paragraph)

    def _block(self, element: Element) -> None:
        if element.tag in HEADINGS:
            self._heading(element)
        elif element.tag in LISTS:
            self._list(element)
        elif element.tag == "table":
            self._table(element)
        elif element.tag == "details":
            self._details(element)
        elif element.tag in {"pre", "hr"}:
            self._group += 1
        elif holds_blocks(element):
            if element.tag == "blockquote" and self._heads_a_list(element, pieces_of(element)):
                return
            self.container(element)
        else:
            self._paragraph(element)

    def _details(self, element: Element) -> None:
        before = self._headings.open
        summary = element.find("summary")
        if summary is not None:
            inner = next((e for e in summary.iter(*HEADINGS)), None)
            name = clean_heading(flat_text(pieces_of(summary)))
            level = int(inner.tag[1:]) if inner is not None else self._headings.inner_level
            pieces = pieces_of(summary)
            if ids_of(pieces):
                self._add("item", line_of(element, self._line), [Cell(tuple(pieces))])
            elif ASIDE.match(name):
                self._put_aside(pieces_of(element, skip=[summary]))
                return
            elif name and not FOLDED.match(name):
                self._enter(level, name, pieces)
            tail = summary.tail
            at = element.index(summary)
            element.remove(summary)
            if tail and tail.strip():
                if at:
                    element[at - 1].tail = (element[at - 1].tail or "") + tail
                else:
                    element.text = (element.text or "") + tail
        self.container(element)
        self._headings.open = before

    def _put_aside(self, pieces: Sequence[Piece]) -> None:
        """Take an abstract or what else is folded away as a remark on the entry above it."""
        self._aside = [*self._aside, BREAK, *pieces]
        last = self.units[-1] if self.units else None
        if self._pending is None and last is not None and last.path == self._headings.names:
            last.remarks = (*last.remarks, *self._aside)
            self._aside = []

    def _paragraph(self, element: Element) -> None:
        pieces = pieces_of(element)
        if self._heads_a_list(element, pieces):
            return
        if not any(piece.text.strip() or piece.images for piece in pieces):
            return
        if self._completes_heading(pieces, element) or self._belongs_to_last(pieces):
            return
        line = line_of(element, pieces[0].line if pieces[0].line else self._line)
        self._add("paragraph", line, [Cell(tuple(pieces))])
        self._expect_links(self.units[-1:])

    def _belongs_to_last(self, pieces: list[Piece]) -> bool:
        """Add badges that stand alone below an entry to it; the number of their stars says so."""
        badges = [piece for piece in pieces if piece.url]
        last = self.units[-1] if self.units else None
        if last is None or last.kind == "paragraph" or not badges:
            return False
        if has_words(flat_text(pieces)) or ids_of(badges) or last.path != self._headings.names:
            return False
        last.remarks = (*last.remarks, *badges)
        return True

    def _heads_a_list(self, element: Element, found: list[Piece]) -> bool:
        """Enter a bold line that stands above a list or a table as a heading."""
        pieces = heading_above_list(element, found)
        if not pieces:
            return False
        self._group += 1
        self._enter(INNER_LEVEL, clean_heading(flat_text(pieces)), pieces)
        return True

    # --- lists ---

    def _completes_heading(self, pieces: list[Piece], element: Element) -> bool:
        """Add a unit whose title is the heading above: what follows has only labelled links."""
        heading = self._pending
        if heading is None or len(words_in(clean_heading(flat_text(heading)))) < 2:
            return False
        ids = {arxiv_id_of(piece) for piece in pieces if cited_paper(piece)}
        if not ids:
            return False
        ids = ids - {None} or ids  # Slides and supplements are PDF files too.
        self._pending = None
        title = clean_heading(flat_text(heading))
        if len(ids) > 1 or has_titles(element) or is_label(title) or says_nothing(title):
            return False
        self._headings.open = self._before
        facts = [unit for unit in self.units[self._expected_at :] if has_only_facts(unit.pieces)]
        self.units = [unit for unit in self.units if unit not in facts]
        remarks = [piece for unit in facts for piece in unit.pieces] + self._aside
        self._aside = []
        self._add("item", heading[0].line, [Cell((*heading, BREAK, *pieces))], remarks)
        return True

    def _expect_links(self, last: list[Unit]) -> None:
        """Take a bold text without links as a title whose links may follow."""
        for unit in last:
            if any(piece.url for piece in unit.pieces):
                continue
            words = [piece for piece in unit.pieces if has_words(piece.text)]
            bold = words[0].text.strip() if words and words[0].bold else ""
            label = bold.endswith(":") or [p.text.lstrip()[:1] for p in words[1:2]] == [":"]
            if len(words_in(bold)) > 1 and not label:
                self._pending, self._before = words, self._headings.open
                self._expected_at = len(self.units)

    def _list(self, element: Element) -> None:
        if self._completes_heading(pieces_of(element), element) or self._is_heading(element):
            return
        if element.tag == "dl":
            self._definitions(element)
            return
        self._group += 1
        group = self._group
        for item in element:
            if isinstance(item.tag, str):
                self._line = line_of(item, self._line)
                self._item(item)
                self._group = group
        self._expect_links(self.units[-1:])

    def _is_heading(self, element: Element) -> bool:
        """Enter an item that stands alone above another list as its heading."""
        name = heading_in_item(element)
        if not name:
            return False
        self._group += 1
        self._enter(INNER_LEVEL, name)
        return True

    def _definitions(self, element: Element) -> None:
        """Read each term of a list of definitions, with what is said of it, as one item."""
        self._group += 1
        pieces: list[Piece] = []
        for part in element:
            if part.tag == "dt" and pieces:
                self._add("item", self._line, [Cell(tuple(pieces))])
                pieces = []
            if part.tag in {"dt", "dd"}:
                self._line = line_of(part, self._line) if part.tag == "dt" else self._line
                pieces += [*pieces_of(part), BREAK]
        if pieces:
            self._add("item", self._line, [Cell(tuple(pieces))])

    def _item(self, item: Element) -> None:
        nested = [e for e in item.iter(*LISTS, "table", "details") if outer(e, item) is item]
        own = pieces_of(item, skip=nested)
        line = line_of(item, self._line)
        if not nested:
            self._add("item", line, [Cell(tuple(own))])
            return
        inner = [piece for one in nested for piece in pieces_of(one)]
        name = flat_text(own)
        if any(map(cited_paper, own)):
            entries = [e for e in nested if has_own_entries(e, own)]
            remarks = [p for e in nested if e not in entries for p in (BREAK, *pieces_of(e))]
            self._add("item", line, [Cell(tuple(own))], remarks)
            for one in entries:
                self._block(one)
        elif any(map(cited_paper, inner)) and not any(map(has_titles, nested)):
            self._add("item", line, [Cell((*own, BREAK, *inner))])
        else:
            before = self._headings.open
            if any(map(cited_paper, inner)) and name and len(words_in(name)) <= 15:
                self._enter(self._headings.inner_level, clean_heading(name))
            else:
                self._add("item", line, [Cell(tuple(own))])
            for one in nested:
                self._block(one)
            self._headings.open = before

    # --- tables ---

    def _table(self, table: Element) -> None:
        if _has_only_labels(table) and self._completes_heading(pieces_of(table), table):
            return
        self._group += 1
        before = self._headings.open
        header: dict[int, str] = {}
        units: list[Unit] = []
        for number, (row, placed) in enumerate(rows_of(table)):
            self._line = line_of(row, self._line)
            cells = [cell for _, cell, above in placed if not above]
            if any(e.tag in HEADINGS | {"table"} for cell in cells for e in cell.iter()):
                for cell in cells:
                    self.container(cell)
                continue
            pieces = [pieces_of(cell, line=self._line) for cell in cells]
            links = any(piece.url for cell in pieces for piece in cell)
            texts = [flat_text(cell) for cell in pieces]
            heads = number == 0 or all(cell.tag == "th" for cell in cells)
            if not links and heads and len(cells) > 1:
                own = (column for column, _, above in placed if not above)
                header = {at: text.casefold() for at, text in zip(own, texts, strict=True)}
            elif not links and sum(map(bool, texts)) == 1 and not any(map(ids_of, pieces)):
                self._enter(self._headings.inner_level, clean_heading(next(filter(None, texts))))
            elif any(texts) or any(map(ids_of, pieces)):
                known = dict(zip(cells, pieces, strict=True))
                parts = [
                    Cell(tuple(known.get(cell) or pieces_of(cell)), header.get(column, ""), column)
                    for column, cell, _ in placed
                ]
                self._add("row", line_of(row, self._line), parts)
                units.append(self.units[-1])
        column = title_column([unit.cells for unit in units])
        for unit in units:
            unit.title_column = column
        self._headings.open = before


def _has_only_labels(table: Element) -> bool:
    """Return whether a table has nothing but labelled links, venues and dates."""
    return all(is_label(piece.text) for piece in pieces_of(table) if has_words(piece.text))
