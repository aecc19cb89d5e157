"""Decide which units of a document are papers, and read each as one record or several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rftsearch.sources.markdown.records.title_text import (
    clean_title,
    cut_title,
    title_of_reference,
)
from rftsearch.sources.markdown.records.titles import Found, find_title, is_title_link
from rftsearch.sources.markdown.styles.citations import arxiv_id_of, cited_paper, ids_of
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, split_lines
from rftsearch.sources.markdown.styles.unit import BREAK, Unit
from rftsearch.sources.markdown.words.features import has_words, is_label, is_title_case, words_in
from rftsearch.text.addresses import is_web_address

__all__ = ["Entry", "begins_with_title", "entries_of", "title_beside_link"]


@dataclass(frozen=True, slots=True)
class Entry:
    """The part of a unit that is about one paper."""

    unit: Unit
    line: int
    lines: Sequence[Sequence[Piece]]
    """Where its title is looked for."""
    pieces: Sequence[Piece]
    """All of it: links, dates."""
    found: Found | None
    arxiv_id: str | None
    also: list[str] = field(default_factory=list)
    """Other arXiv ids that it cites."""


def entries_of(unit: Unit) -> Iterator[Entry]:
    """Yield the entries of a unit that cites a paper; most have one."""
    if unit.kind == "row":
        yield from _of_row(unit)
        return
    lines = split_lines(unit.pieces, soft=False)
    for part in _segments(lines):
        yield from _of_lines(unit, part, [p for line in part for p in (*line, BREAK)])


def begins_with_title(unit: Unit) -> bool:
    """Return whether a paragraph begins with a title, as an entry does and running text not."""
    lines = split_lines(unit.pieces, soft=False)
    return any(map(_begins_entry, lines[:2]))


def title_beside_link(unit: Unit) -> Found | None:
    """Return the title of a unit that cites no paper but has the rest of an entry, else None."""
    if not any(p.url and is_web_address(p.url) and not p.is_badge for p in unit.pieces):
        return None
    if unit.kind != "row":
        return find_title(split_lines(unit.pieces, soft=False))
    chosen = [cell for cell in unit.cells if cell.column == unit.title_column]
    return find_title(split_lines(chosen[0].pieces, soft=False)) if chosen else None


def _segments(lines: list[list[Piece]]) -> list[list[list[Piece]]]:
    """Split the lines of a unit where another entry begins, with its own title and paper."""
    if len(ids_of(p for line in lines for p in line)) < 2:
        return [lines]
    soft = [part for line in lines for part in split_lines(line, soft=True)]
    parts: list[list[list[Piece]]] = [[]]
    for number, line in enumerate(soft):
        known = ids_of(p for one in parts[-1] for p in one)
        ahead: set[str] = set()
        for later in soft[number:]:
            if later is not line and _begins_entry(later):
                break
            ahead |= ids_of(later)
        if known and ahead - known and _begins_entry(line):
            parts.append([])
        parts[-1].append(line)
    return parts if len(parts) > 1 else [lines]


def _begins_entry(line: Sequence[Piece]) -> bool:
    found = find_title([line])
    if found is None:
        return False
    first = next((p for p in line if has_words(p.text) and not is_label(p.text)), None)
    if first is None or (first.italic and not first.url):
        return False
    if found.link is not None or first.bold or first.text.lstrip()[:1] in '"\u201c':
        return True
    labels = [n for n, p in enumerate(line) if p.url and not p.is_badge and is_label(p.text)]
    labels = [n for n in labels if cited_paper(line[n]) and not line[n].text.isdigit()]
    if not labels:
        return False
    before, after = (
        "".join(p.text for p in part) for part in (line[: labels[0]], line[labels[0] + 1 :])
    )
    apart = before.rstrip().endswith(("[", "(", ":", "|", ".", ",")) or is_title_case(found.title)
    return apart and not (_LEADS_ON.search(before) or _RUNS_ON.match(after))


# Before and behind a link that stands in running text.
_LEADS_ON = re.compile(
    r"\b(?:a|an|and|as|at|by|from|in|is|of|on|or|our|see|the|their|this|to|with)\s*$",
    re.IGNORECASE,
)
_RUNS_ON = re.compile(r"[\s)\]]*(?:[a-z]+\s+){2,}[a-z]")


def _of_row(unit: Unit) -> Iterator[Entry]:
    cells = {cell.column: cell for cell in unit.cells}
    chosen = cells.get(unit.title_column if unit.title_column is not None else -1)
    lines = split_lines(chosen.pieces, soft=False) if chosen else []
    parts = _segments(lines) if lines else []
    if len(parts) > 1:
        for part in parts:
            yield from _of_lines(unit, part, [p for line in part for p in (*line, BREAK)])
        return
    if find_title(lines) is None:
        others = sorted(unit.cells, key=lambda cell: "paper" not in cell.header)
        lines = [line for cell in others for line in split_lines(cell.pieces, soft=False)]
        separate = [cell for cell in unit.cells if any(map(is_title_link, cell.pieces))]
        if len(separate) > 1:
            for cell in separate:
                part = split_lines(cell.pieces, soft=False)
                yield from _of_lines(unit, part, cell.pieces)
            return
    yield from _of_lines(unit, lines, unit.pieces)


def _of_lines(
    unit: Unit, lines: Sequence[Sequence[Piece]], pieces: Sequence[Piece]
) -> Iterator[Entry]:
    """Yield the entry of some lines, and those of further linked titles beside the first."""
    found = _of_reference(unit, find_title(lines))
    link = found.link if found else None
    titles = list(_linked_titles(lines)) if link is not None else []
    main = arxiv_id_of(link) if link is not None else None
    linked = ids_of(titles) if len(titles) > 1 else set()
    own = [p for p in pieces if not linked or arxiv_id_of(p) not in linked - {main}]
    main = main or _main_id(own) or _main_id(unit.remarks)
    line = next((p.line for p in pieces if p.line and (p.text.strip() or p.url)), unit.line)
    also = sorted(ids_of(pieces) - {main} - linked) if main else []
    yield Entry(
        unit, line if unit.kind == "paragraph" else unit.line, lines, own, found, main, also
    )
    for piece in titles:
        other = arxiv_id_of(piece)
        if piece is not link and other and other != main:
            title = Found(piece.text.strip(), "", piece)
            yield Entry(unit, piece.line, [[piece]], [piece], title, other)


def _of_reference(unit: Unit, found: Found | None) -> Found | None:
    """Return the title of a reference nested in an item: `Lantern [paper]`, below it all of it."""
    if unit.kind != "item" or (found is not None and found.link is not None):
        return found
    for line in split_lines(unit.remarks, soft=True)[:1]:
        title = title_of_reference(flat_text(line))
        title = clean_title(cut_title(title)) if title else ""
        if len(words_in(title)) > 2 and not is_label(title):
            short = found is not None and len(words_in(found.title)) < 4
            return Found(title, found.title if found is not None and short else "")
    return found


def _linked_titles(lines: Sequence[Sequence[Piece]]) -> Iterator[Piece]:
    """Yield linked titles of papers that stand beside each other: `A and B`, `A, B`, `A <br> B`."""
    for line in lines:
        between = ""
        for piece in line:
            if is_title_link(piece) and arxiv_id_of(piece):
                words = [w.casefold() for w in words_in(between)]
                if len(words) <= 1 and set(words) <= {"and", "or", "vs", "with", "et", "und"}:
                    yield piece
                else:
                    break
                between = ""
            elif not piece.is_badge and not (piece.url and is_label(piece.text)):
                between += piece.text
        else:
            continue
        break


def _main_id(pieces: Iterable[Piece]) -> str | None:
    """Return the id of the paper: from a link that is labelled so, else the first."""
    cited = [(piece, found) for piece in pieces if (found := arxiv_id_of(piece))]
    for piece, found in cited:
        if piece.url and is_label(piece.text) and not piece.is_badge:
            return found
    return cited[0][1] if cited else None
