"""Make the record of an entry: its month, its links, the list's remark on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rftsearch.papers.arxiv_id import abstract_page, month_of_id
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import Link, Paper, Provenance
from rftsearch.sources.bounds import LONGEST_TITLE, shortened
from rftsearch.sources.link_kinds import kind_of_link
from rftsearch.sources.markdown.outline import Path
from rftsearch.sources.markdown.records.facts import authors_of, doi_of, venue_of
from rftsearch.sources.markdown.styles.citations import arxiv_id_of, cited_paper
from rftsearch.sources.markdown.styles.columns import Cell
from rftsearch.sources.markdown.styles.entries import Entry
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, split_lines
from rftsearch.sources.markdown.words.features import find_month, is_label, words_in
from rftsearch.sources.markdown.words.people import looks_like_authors, names_in
from rftsearch.sources.markdown.words.venues import is_venue
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import slug, strip_emoji

__all__ = ["read_entry"]


def read_entry(
    entry: Entry, category: str, path: Path, source: str, reasons: list[str]
) -> Paper | None:
    """Make the record of an entry; None if it has neither a title nor an arXiv id.

    Args:
        entry: What was found.
        category: The heading under which it stands.
        path: All headings above it, without the document's own title.
        source: Name of the list.
        reasons: What had to be left out is added here.
    """
    title = strip_emoji(entry.found.title) if entry.found else ""
    if not title and entry.arxiv_id:
        title = f"arXiv:{entry.arxiv_id}"  # Until arXiv's own title was fetched.
    identity = entry.arxiv_id or slug(title)
    if not identity or not title:
        return None
    name = (entry.found.name if entry.found else "") or _name_in_row(entry, title)
    name = strip_emoji(name) or name_in_title(title) or title
    cells, lines = entry.unit.cells, _lines_of_facts(entry, title)
    authors = authors_of(cells, entry.lines if entry.unit.kind == "row" else lines, title)
    if entry.also and entry.arxiv_id:
        others = ", ".join(entry.also[:3]) + (", ..." if len(entry.also) > 3 else "")
        reasons.append(f"it also cites {others}, read as links of this paper")
    return Paper(
        id=shortened(identity, LONGEST_TITLE, "id", reasons),
        short_name=shortened(name, LONGEST_TITLE, "name", reasons),
        title=shortened(title, LONGEST_TITLE, "title", reasons),
        categories=(category,),
        released=_month(entry, title),
        arxiv_id=entry.arxiv_id,
        url=abstract_page(entry.arxiv_id) if entry.arxiv_id else _address(entry),
        description=shortened(_description(entry, authors), LONGEST_TITLE, "remark", reasons),
        links=tuple(_links(entry)),
        provenance=(Provenance(source, entry.line),),
        heading_paths=(path,) if path else (),
        venue=venue_of(cells, entry.unit.title_column, lines, title, entry.unit.path),
        doi=doi_of((*entry.pieces, *entry.unit.remarks)),
        listed_authors=authors,
    )


def _lines_of_facts(entry: Entry, title: str) -> list[Sequence[Piece]]:
    """Return all lines of an entry, also where a line of its text ends without a break."""
    row = entry.unit.kind == "row"
    lines: list[Sequence[Piece]] = [
        *(split_lines(entry.pieces, soft=False) if row else entry.lines)
    ]
    lines += split_lines(entry.unit.remarks, soft=True)
    if not any("\n" in piece.text.strip() for line in lines for piece in line):
        return lines
    soft: list[Sequence[Piece]] = [part for line in lines for part in split_lines(line, soft=True)]
    return soft if any(title in flat_text(line) for line in soft) else lines


_NAME_HEADER = re.compile(r"\b(?:name|model|method|short|abbreviation|alias|acronym)s?\b")


def _name_in_row(entry: Entry, title: str) -> str:
    """Return the short name that a column of names has."""
    for cell in entry.unit.cells:
        if _NAME_HEADER.search(cell.header) and cell.column != entry.unit.title_column:
            name = flat_text(cell.pieces).strip(" *-")
            if name and name != title and len(words_in(name)) <= 4 and not is_label(name):
                return name
    return ""


_DATE_HEADER = re.compile(r"\b(?:date|time|month|year|publish\w*|release\w*|submi\w*)\b|时间|日期")


def _month(entry: Entry, title: str) -> str | None:
    """Return the month that the entry states, else that of its id or of its headings."""
    unit = entry.unit
    stated = next(filter(None, map(find_month, _dated_texts(entry, title))), None)
    if stated or entry.arxiv_id:
        return stated or month_of_id(entry.arxiv_id or "")
    return next(filter(None, map(find_month, reversed(unit.path))), None)


def _dated_texts(entry: Entry, title: str) -> Iterator[str]:
    """Yield what may state a month, the surest first: a column of dates, lines, badges."""
    for cell in entry.unit.cells:
        if cell.header and _DATE_HEADER.search(cell.header):
            yield flat_text(cell.pieces)
    row = entry.unit.kind == "row"
    for line in split_lines(entry.pieces, soft=False) if row else entry.lines:
        if any(map(_has_digit, line)):
            bare = flat_text(p for p in line if not (p.url and arxiv_id_of(p)))
            yield bare.replace(title, " ")
    for line in split_lines(entry.unit.remarks, soft=True):
        if _DATE_LABEL.match(text := flat_text(line)):
            yield text
    for piece in entry.pieces:
        for alt, address in piece.images:
            yield f"{alt} {address.partition('/badge/')[2]}".replace("--", "-")


_DATE_LABEL = re.compile(
    r"\W*(?:date|published|released?|time|submitted|year|\u65e5\u671f|\u65f6\u95f4)\b[^:\uff1a]{0,12}[:\uff1a]",
    re.IGNORECASE,
)


def _has_digit(piece: Piece) -> bool:
    return _DIGIT.search(piece.text) is not None


_DIGIT = re.compile(r"\d")


def _address(entry: Entry) -> str | None:
    """Return where a paper without arXiv id can be read."""
    link = entry.found.link if entry.found else None
    links = [p for p in entry.pieces if p.url and is_web_address(p.url) and not p.is_badge]
    papers = [p for p in links if cited_paper(p)]
    if link is not None and (cited_paper(link) or not papers):
        return link.url if is_web_address(link.url or "") else None
    best = papers or links
    return best[0].url if best else None


def _links(entry: Entry) -> Iterator[Link]:
    """Yield what the entry leads to besides the paper itself."""
    title = entry.found.link if entry.found else None
    own = None if entry.arxiv_id else _address(entry)
    seen: set[str] = set()
    for piece in (*entry.pieces, *entry.unit.remarks):
        url = piece.url or ""
        if not is_web_address(url) or url in seen:
            continue
        other = arxiv_id_of(piece)
        if other == entry.arxiv_id and other:
            continue
        label = strip_emoji(piece.text) or strip_emoji(" ".join(alt for alt, _ in piece.images))
        kind = "paper" if other or cited_paper(piece) else kind_of_link(label, url)
        if piece is title and kind != "paper":  # Its words say nothing of where it leads.
            kind, label = kind_of_link("", url) or "project", ""
        if kind is None or url == own:
            continue
        seen.add(url)
        label = _without_brackets(label)
        if not label or "://" in label or (piece.is_badge and _COUNTER.search(label)):
            label = kind.capitalize()
        yield Link(kind, url, label[:LONGEST_TITLE])


def _without_brackets(label: str) -> str:
    """Return a label without the brackets around it: those in it are its own."""
    label = label.strip(" []|")
    return label.strip("()") if label.count("(") != label.count(")") else label.strip()


# What a badge says that counts something.
_COUNTER = re.compile(r"\b(?:stars?|forks?|downloads?|visitors?|licen[cs]e|badge)\b", re.IGNORECASE)
_ABOUT_HEADER = re.compile(
    r"abstract|summary|introduction|description|tl;?dr|overview|highlight|contribution|note|摘要|简介"
)


def _description(entry: Entry, authors: Sequence[str]) -> str:
    """Return what the list remarks on a paper: nested items, a column, the words behind it."""
    remarks = _remarks(entry.unit.remarks)
    said = (line for line in remarks if not authors or names_in(line, alone=True) != authors)
    remark = " ".join(said)
    about = [c for c in entry.unit.cells if _ABOUT_HEADER.search(c.header)]
    texts = [remark, *(flat_text(_words(cell)) for cell in about)]
    last = entry.lines[-1] if entry.lines and entry.unit.kind != "row" else ()
    ends = [n for n, piece in enumerate(last) if piece.url]
    behind = flat_text(last[ends[-1] + 1 :]) if ends else ""
    texts.append(behind if len(words_in(behind)) >= 4 else "")
    for text in texts:
        if entry.found and entry.found.title in text:
            continue
        bare = text.strip(" -\u2013\u2014:;,/|()[].*\u00b7\u2022")
        if len(words_in(bare)) >= 2 and not looks_like_authors(bare) and not is_venue(bare):
            return text.strip(" -\u2013\u2014:;,/|[]*\u00b7\u2022")
    return ""


def _remarks(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the lines of nested items that say something: no authors, venues, links."""
    for line in split_lines(pieces, soft=False):
        text = flat_text(p for p in line if not (p.url and is_label(p.text))).strip(" ,;|[]-")
        bare = re.sub(r"^\w+\s*:\s*", "", text)
        if len(words_in(bare)) >= 2 and not looks_like_authors(bare) and not is_label(bare):
            yield text


def _words(cell: Cell) -> list[Piece]:
    return [piece for piece in cell.pieces if not (piece.url and is_label(piece.text))]
