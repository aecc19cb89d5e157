"""Make the record of an entry: its month, its links, the list's remark on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rftsearch.papers.arxiv_id import abstract_page
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import Link, Paper, Provenance
from rftsearch.sources.bounds import LONGEST_TITLE, shortened
from rftsearch.sources.link_kinds import kind_of_label, kind_of_link
from rftsearch.sources.markdown.outline import Path
from rftsearch.sources.markdown.records.dates import released_of
from rftsearch.sources.markdown.records.facts import authors_of, doi_of, venue_of
from rftsearch.sources.markdown.styles.citations import arxiv_id_of, cited_paper
from rftsearch.sources.markdown.styles.columns import Cell
from rftsearch.sources.markdown.styles.entries import Entry
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, split_lines
from rftsearch.sources.markdown.words.features import has_words, is_label, words_in
from rftsearch.sources.markdown.words.people import looks_like_authors, names_in
from rftsearch.sources.markdown.words.venues import find_venue, is_venue
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
    with_header = any(cell.header for cell in cells)  # It says where authors would stand.
    authors = authors_of(cells, entry.lines if with_header else lines, title)
    if entry.also and entry.arxiv_id:
        others = ", ".join(entry.also[:3]) + (", ..." if len(entry.also) > 3 else "")
        reasons.append(f"it also cites {others}, read as links of this paper")
    venue = venue_of(cells, entry.unit.title_column, lines, title, entry.unit.path)
    return Paper(
        id=shortened(identity, LONGEST_TITLE, "id", reasons),
        short_name=shortened(name, LONGEST_TITLE, "name", reasons),
        title=shortened(title, LONGEST_TITLE, "title", reasons),
        categories=(category,),
        released=released_of(entry, title, venue),
        arxiv_id=entry.arxiv_id,
        url=abstract_page(entry.arxiv_id) if entry.arxiv_id else _address(entry),
        description=shortened(_description(entry, authors), LONGEST_TITLE, "remark", reasons),
        links=tuple(_links(entry)),
        provenance=(Provenance(source, entry.line),),
        heading_paths=(path,) if path else (),
        venue=venue,
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
    above = _LabelAbove()
    for piece in (*entry.pieces, *entry.unit.remarks):
        url = piece.url or ""
        group = above.kind_at(piece)
        if not is_web_address(url) or url in seen:
            continue
        other = arxiv_id_of(piece)
        if other == entry.arxiv_id and other:
            continue
        label = strip_emoji(piece.text) or strip_emoji(" ".join(alt for alt, _ in piece.images))
        kind = "paper" if other or cited_paper(piece) else None
        kind = kind or kind_of_label(label) or group or kind_of_link(label, url)
        if piece is title and kind != "paper":  # Its words say nothing of where it leads.
            kind, label = kind_of_link("", url) or "project", ""
        if kind is None or url == own:
            continue
        seen.add(url)
        label = _without_brackets(label)
        if not label or "://" in label or (piece.is_badge and _COUNTER.search(label)):
            label = kind.capitalize()
        yield Link(kind, url, label[:LONGEST_TITLE])


class _LabelAbove:
    """The label before several links, `Datasets: [A](...), [B](...)`, which says their kind."""

    def __init__(self) -> None:
        self._text = ""
        self._kind: str | None = None

    def kind_at(self, piece: Piece) -> str | None:
        """Return the kind that the label before a link says, None without one.

        Args:
            piece: The next piece of the entry, a link or not.
        """
        if piece.is_break:
            self._text, self._kind = "", None
            return None
        if not piece.url:
            self._text += piece.text
            return None
        if found := _LABEL_BEFORE.search(self._text):
            self._kind = kind_of_label(found["label"])
        elif has_words(re.sub(r"\b(?:and|or)\b", "", self._text)) or "|" in self._text:
            self._kind = None
        self._text = ""
        return self._kind


_LABEL_BEFORE = re.compile(
    r"(?:^|[\n|;,.()\[\]])\s*(?P<label>[^\W\d_]+(?:[\s&-]+[^\W\d_]+){0,2})\s*[:\uff1a]\s*[\[(]?\s*$"
)


def _without_brackets(label: str) -> str:
    """Return a label without the brackets around it: those in it are its own."""
    label = label.strip(" []|")
    return label.strip("()") if label.count("(") != label.count(")") else label.strip()


# What a badge says that counts something.
_COUNTER = re.compile(r"\b(?:stars?|forks?|downloads?|visitors?|licen[cs]e|badge)\b", re.IGNORECASE)
_ABOUT_HEADER = re.compile(
    r"abstract|summary|introduction|description|tl;?dr|overview|highlight|contribution|note|摘要|简介"
)


_KEYWORDS = re.compile(
    r"\W*(?:key[\s-]?words?|tags?|topics?|\u5173\u952e\u8bcd|\u5173\u952e\u5b57)\s*[:\uff1a]",
    re.IGNORECASE,
)
"""What stands behind it is kept as a remark, also where it looks like names or labels."""


def _description(entry: Entry, authors: Sequence[str]) -> str:
    """Return what the list remarks on a paper: nested items, a column, the words behind it."""
    remarks = _remarks(entry.unit.remarks)
    said = (line for line in remarks if not authors or not _only_names(line, authors))
    remark = " ".join(said)
    about = [c for c in entry.unit.cells if _ABOUT_HEADER.search(c.header)]
    texts = [remark, *(flat_text(_words(cell)) for cell in about)]
    texts += [text for line in entry.lines[1:] if _KEYWORDS.match(text := flat_text(line))]
    for cell in entry.unit.cells:
        if _KEYWORDS.match(f"{cell.header}:") and (words := flat_text(_words(cell))):
            texts.append(f"{cell.header.capitalize()}: {words}")
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


def _only_names(line: str, authors: Sequence[str]) -> bool:
    """Return whether a line says who wrote a paper, and perhaps where it was published."""
    if names_in(line, alone=True) == authors:
        return True
    if line.count(authors[0]) == 0:
        return False
    for name in sorted(authors, key=len, reverse=True):
        line = line.replace(name, " ")
    rest = re.sub(r"\band\b", " ", line).strip(" .,;:*&()[]-")
    return not has_words(rest) or is_label(rest) or find_venue(rest, apart=True) is not None


def _remarks(pieces: Iterable[Piece]) -> Iterator[str]:
    """Yield the lines of nested items that say something: no authors, venues, links."""
    for line in split_lines(pieces, soft=False):
        text = flat_text(p for p in line if not (p.url and is_label(p.text))).strip(" ,;|[]-")
        bare = re.sub(r"^\w+\s*:\s*", "", text)
        says_more = len(words_in(bare)) >= 2 and not looks_like_authors(bare) and not is_label(bare)
        if says_more or (has_words(bare) and _KEYWORDS.match(text)):
            yield text


def _words(cell: Cell) -> list[Piece]:
    return [piece for piece in cell.pieces if not (piece.url and is_label(piece.text))]
