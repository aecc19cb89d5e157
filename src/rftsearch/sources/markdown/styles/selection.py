"""Which units of a document are papers, judged by what they hold and by their neighbours."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from rftsearch.sources.markdown.outline import Path, about_the_list, is_news
from rftsearch.sources.markdown.records.facts import authors_of
from rftsearch.sources.markdown.records.title_text import title_of_reference
from rftsearch.sources.markdown.records.titles import Found, find_title
from rftsearch.sources.markdown.styles.categories import says_nothing
from rftsearch.sources.markdown.styles.citations import cited_paper, ids_of
from rftsearch.sources.markdown.styles.entries import begins_with_title, title_beside_link
from rftsearch.sources.markdown.styles.headings import INNER_LEVEL
from rftsearch.sources.markdown.styles.pieces import flat_text, split_lines
from rftsearch.sources.markdown.styles.unit import BREAK, Unit
from rftsearch.sources.markdown.words.features import (
    has_words,
    is_date,
    is_label,
    words_in,
)

__all__ = ["Selection"]


class Selection:
    """The units of a document, and which of them are papers."""

    def __init__(self, units: Sequence[Unit]) -> None:
        """Judge the units of a document; news by subject are shown again."""
        units = list(_with_references(units))
        self._units = units
        self._cites = [any(map(cited_paper, unit.pieces)) for unit in units]
        _show_news_by_subject(units, self._cites)
        self.start = self._start()
        """The line at which entries may begin: paragraphs above it introduce the list."""

    def papers(self) -> Iterator[Unit]:
        """Yield the units that are papers, in order."""
        shown = [
            (unit, cites)
            for unit, cites in zip(self._units, self._cites, strict=True)
            if unit.hidden_by is None
        ]
        alike = Counter((unit.kind, unit.path) for unit, _ in shown)
        citing = Counter((unit.kind, unit.path) for unit, cites in shown if cites)
        linkless = [unit for unit, cites in shown if not cites and _has_title_and_authors(unit)]
        venues = sum(map(_has_authors_or_venue, linkless))
        few = venues < _SEVERAL_WITHOUT_LINKS and len(linkless) < _SEVERAL_OF_A_YEAR
        linkless = [] if few else linkless
        for unit, cites in shown:
            key = (unit.kind, unit.path)
            if unit.kind == "paragraph":
                if cites and unit.line >= self.start and _may_be_entry(unit):
                    yield unit
            elif cites or unit in linkless or self._is_like(unit, citing[key], alike[key]):
                yield unit

    @staticmethod
    def _is_like(unit: Unit, citing: int, alike: int) -> bool:
        """Return whether most of a unit's neighbours cite a paper, and it may be one too."""
        if not (citing > 0 and citing * 2 >= alike):
            return False
        found = title_beside_link(unit)
        return found is not None and not _leads_elsewhere(found, row=unit.kind == "row")

    def unread(self, read: Collection[int]) -> Iterator[Unit]:
        """Yield the units that cite a paper and were not read, nor introduce the list.

        Args:
            read: Numbers (`id`) of the units that were read.
        """
        for unit, cites in zip(self._units, self._cites, strict=True):
            before = unit.kind == "paragraph" and unit.line < self.start
            introduces = before and not begins_with_title(unit)
            if cites and id(unit) not in read and unit.hidden_by is None and not introduces:
                yield unit

    def without_paper(self, read: Collection[int]) -> Iterator[tuple[Unit, str]]:
        """Yield items and rows with a title and a link that leads to no paper, with the title.

        Args:
            read: Numbers (`id`) of the units that were read.
        """
        for unit, cites in zip(self._units, self._cites, strict=True):
            left = not cites and id(unit) not in read and unit.hidden_by is None
            if left and unit.kind != "paragraph" and unit.line >= self.start:
                found = title_beside_link(unit)
                if found is not None and not _is_own_page(found):
                    yield unit, found.title

    def _start(self) -> int:
        title = self._title()
        deep = [
            unit.line
            for unit in self._units
            if unit.levels[1] > 1
            and unit.path != title
            and len(words_in(unit.path[-1])) <= _LONG_HEADING
        ]
        flat = [
            unit.line
            for unit, cites in zip(self._units, self._cites, strict=True)
            if cites and unit.kind != "paragraph"
        ]
        tops = list(dict.fromkeys(unit.path[:1] for unit in self._units if unit.path))
        second = [unit.line for unit in self._units if tops[1:] and unit.path[:1] == tops[1]]
        return min((lines[0] for lines in (deep, flat, second) if lines), default=0)

    def _title(self) -> Path:
        """Return the path of what stands below the name of the document alone."""
        first = next((unit.path[:1] for unit in self._units if unit.path), ())
        others = any(unit.path[:1] != first or len(unit.path) > 1 for unit in self._units)
        return first if others and first and _NAME_OF_A_LIST.search(first[0]) else ()


_SEVERAL_WITHOUT_LINKS, _SEVERAL_OF_A_YEAR = 3, 5
"""Items without links that are taken as papers; more, where only a year stands behind them."""


_NO_PAPERS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:youtube\.com|youtu\.be|bilibili\.com|vimeo\.com|twitter\.com|x\.com"
    r"|medium\.com|towardsdatascience\.com|substack\.com|zhihu\.com|reddit\.com|linkedin\.com"
    r"|discord\.(?:gg|com)|wikipedia\.org|amazon\.\w+)/",
    re.IGNORECASE,
)
"""Where talks, posts and pages about something are."""
_CODE = re.compile(r"https?://(?:www\.)?(?:github|gitlab)\.com/|https?://pypi\.org/", re.IGNORECASE)


_OWN_PAGE = re.compile(r"https?://\S+/(?:blob|tree)/\S+|\S+\.md(?:#.*)?|#.*", re.IGNORECASE)


def _is_own_page(found: Found) -> bool:
    """Return whether a linked title leads to another page of a list, as contents do."""
    url = (found.link.url or "") if found.link is not None else ""
    return _OWN_PAGE.fullmatch(url) is not None


def _leads_elsewhere(found: Found, *, row: bool) -> bool:
    """Return whether a linked title leads to a talk or a post, or a name to a repository.

    A row of a table of papers is about one of its kind, also if it has only a repository.
    """
    url = (found.link.url or "") if found.link is not None else ""
    name = len(words_in(found.title)) <= _LONG_NAME and not row
    return _NO_PAPERS.match(url) is not None or (name and _CODE.match(url) is not None)


def _has_title_and_authors(unit: Unit) -> bool:
    """Return whether an item without any link names a paper and who wrote it."""
    if unit.kind != "item" or any(piece.images for piece in unit.pieces):
        return False
    if _has_title_and_venue(unit):
        return True
    lines = split_lines(unit.pieces, soft=False) if not any(p.url for p in unit.pieces) else []
    if not lines or not next((p for p in lines[0] if has_words(p.text)), BREAK).bold:
        return False
    found = find_title(lines)
    several = found is not None and len(words_in(found.title)) > _LONG_NAME
    return found is not None and several and bool(authors_of((), lines, found.title))


_IN_BRACKETS_AT_END = re.compile(r"[(\uff08](?P<group>[^()\uff08\uff09]{4,60})[)\uff09]\W*$")


def _has_title_and_venue(unit: Unit) -> bool:
    """Return whether an item without links, but labelled ones, is `A title (SOUP 2014)`."""
    links = [piece for piece in unit.pieces if piece.url]
    if not all(is_label(piece.text) for piece in links):
        return False
    text = flat_text(piece for piece in unit.pieces if not piece.url)
    found = _IN_BRACKETS_AT_END.search(text)
    if found is None or len(words_in(text[: found.start()])) <= _LONG_NAME:
        return False
    group = found["group"].strip()
    dated = re.search(r"(?:19|20)\d\d\b|['\u2019]\s?\d\d\b", group) is not None
    return dated and is_label(group) and (len(group) == _A_YEAR or not is_date(group))


_A_YEAR = 4


def _has_authors_or_venue(unit: Unit) -> bool:
    """Return whether more than a year stands behind the title of an item without links."""
    found = _IN_BRACKETS_AT_END.search(flat_text(p for p in unit.pieces if not p.url))
    return found is None or len(found["group"].strip()) > _A_YEAR


_LONG_NAME = 2
_LONG_HEADING = 12
"""Words of a heading; what is longer is a sentence in large letters."""
_NAME_OF_A_LIST = re.compile(
    r"awesome|\b(?:(?:paper|reading|resource)s?[\s-]*list|list\s+of|collection\s+of|must-read)\b",
    re.IGNORECASE,
)


_NUMBERED = re.compile(r"\s*[\[(]\d{1,4}[\])]\s")
"""`(1) Title`, which no running text begins with."""


def _may_be_entry(unit: Unit) -> bool:
    """Return whether a paragraph is more than running text: it has a title, or only addresses."""
    if unit.pieces[0].text.lstrip().startswith("[^"):
        return False  # A footnote.
    numbered = _NUMBERED.match(unit.pieces[0].text) is not None
    if begins_with_title(unit) or (numbered and len(split_lines(unit.pieces, soft=True)) == 1):
        return True
    words = [piece for piece in unit.pieces if has_words(piece.text)]
    addresses = all(piece.url and is_label(piece.text) and "/" in piece.text for piece in words)
    return bool(words) and addresses


def _with_references(units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield the units; a reference without links belongs to the item with links before it."""
    last: Unit | None = None
    for unit in units:
        if last is not None and _is_reference_of(unit, last):
            last.remarks = (*last.remarks, BREAK, *unit.pieces)
            continue
        last = unit
        yield unit


def _is_reference_of(unit: Unit, before: Unit) -> bool:
    if not (unit.kind == before.kind == "item" and unit.group == before.group):
        return False
    if any(piece.url or piece.images for piece in unit.pieces) or before.remarks:
        return False
    if not any(piece.url and cited_paper(piece) for piece in before.pieces):
        return False
    ids = ids_of(unit.pieces)
    text = flat_text(unit.pieces)
    return title_of_reference(text) is not None or bool(ids and ids <= ids_of(before.pieces))


_SEVERAL = 2


def _show_news_by_subject(units: Sequence[Unit], cites: Sequence[bool]) -> None:
    """Show entries that stand below news, if headings below it name their subjects."""
    found: dict[Path, list[Unit]] = defaultdict(list)
    for unit, paper in zip(units, cites, strict=True):
        hidden, inner = unit.hidden_by, unit.path[-1:]
        if hidden is None or not paper or unit.kind == "paragraph" or unit.levels[1] >= INNER_LEVEL:
            continue
        if is_news(hidden) and not any(
            name == hidden or says_nothing(name) or about_the_list(name) for name in inner
        ):
            found[unit.path].append(unit)
    for alike in found.values():
        for unit in alike if len(alike) >= _SEVERAL else ():
            unit.hidden_by = None
