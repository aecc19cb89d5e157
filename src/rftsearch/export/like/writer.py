"""Write papers into a list in its own style; everything else stays byte for byte as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Self

from rftsearch.errors import SourceError
from rftsearch.export.like.compose import Composer, Entry, head_of_table
from rftsearch.export.like.order import (
    Order,
    Section,
    find_section,
    order_of,
    place_in,
    sections_of,
    usual_order,
)
from rftsearch.export.like.spans import fold
from rftsearch.papers.paper import Paper
from rftsearch.sources.markdown.list_file import list_text
from rftsearch.sources.markdown.places import EntryPlace, HeadingPlace, find_places

__all__ = ["Added", "Insertion", "ListWriter", "Written"]


@dataclass(frozen=True, slots=True)
class Added:
    """A paper that was written into a list."""

    paper: Paper
    category: str
    """Under which it was written."""
    text: str
    """Its entry, without the line end."""
    lost: tuple[str, ...]
    """What the list has no place for, or says otherwise: `authors`, `model link`."""
    new_heading: bool
    """Whether its heading was written too."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text that goes into the list at a place; nothing else of the list changes."""

    offset: int
    """Where, counted in characters of the list as it was."""
    rank: int
    """Of several at one place, which comes first."""
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A list with papers written into it."""

    text: str
    added: tuple[Added, ...]
    known: tuple[Paper, ...]
    """Papers that the list has already."""
    insertions: tuple[Insertion, ...]
    """What was written where, in the order of the list."""


class ListWriter:
    """Writes papers in the style of a list: its form, its sections, its order."""

    def __init__(self, text: str, source: str) -> None:
        """Learn the style of a list.

        Args:
            text: The list's Markdown, without a byte order mark.
            source: Its name without folder.

        Raises:
            SourceError: It has no entry whose style could be followed.
        """
        self._places = find_places(text, source)
        self._source = source
        if not self._places.entries:
            raise SourceError(f"{source} has no entries whose style could be followed")
        self._composer = Composer(self._places)
        self._sections = sections_of(self._places)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Learn the style of a list in a file.

        Raises:
            SourceError: It cannot be read, or has no entry whose style could be followed.
        """
        return cls(list_text(path), Path(path).name)

    @cached_property
    def _order(self) -> Order:
        """Return the order that most sections have."""
        return usual_order(self._sections)

    @cached_property
    def _line_end(self) -> str:
        found = re.search(r"\r\n?|\n", self._places.text)
        return found[0] if found else "\n"

    def entry(self, paper: Paper, category: str | None = None) -> str:
        """Return a paper as an entry of the list, without its line end.

        Args:
            paper: The paper.
            category: Under which it would stand; by default its own.

        Raises:
            SourceError: No entry of the list can be followed.
        """
        section = find_section(self._sections, paper, category or paper.category)
        return self._composed(paper, section or self._largest(paper)).text

    def write(self, papers: Iterable[Paper]) -> Written:
        """Write papers into the list.

        A paper goes under the headings of its categories; one that stands there already is
        left as it is. A category that the list lacks becomes a new heading behind the last
        one, unless the list has the paper elsewhere.

        Raises:
            SourceError: No entry of the list can be followed.
        """
        known: list[Paper] = []
        wanted: dict[int, list[tuple[Paper, str]]] = {}
        missing: dict[str, list[Paper]] = {}
        listed = self._listed
        for paper in papers:
            stands = listed.get(_identity(paper), set())
            found = [(name, find_section(self._sections, paper, name)) for name in paper.categories]
            new = [(name, one) for name, one in found if fold(name) not in stands]
            for name, section in new:
                if section is not None:
                    wanted.setdefault(self._sections.index(section), []).append((paper, name))
            if stands and not any(section for _, section in new):
                known.append(paper)
            elif not stands and not any(section for _, section in found):
                missing.setdefault(paper.category, []).append(paper)
        added: list[Added] = []
        insertions: list[Insertion] = []
        for number, chosen in wanted.items():
            self._into_section(self._sections[number], chosen, added, insertions)
        for rank, (category, chosen_papers) in enumerate(missing.items()):
            insertions.append(self._new_heading(category, chosen_papers, rank, added))
        insertions.sort(key=lambda one: (one.offset, one.rank))
        text = self._inserted(insertions)
        return Written(text, tuple(added), tuple(known), tuple(insertions))

    @cached_property
    def _listed(self) -> dict[str, set[str]]:
        """Return under which categories each paper of the list stands."""
        listed: dict[str, set[str]] = {}
        for entry in self._places.entries:
            for paper in entry.papers:
                names = listed.setdefault(_identity(paper), set())
                names.update(map(fold, paper.categories))
        return listed

    def _largest(self, paper: Paper) -> Section:
        same = [one for one in self._sections if one.kind == paper.kind]
        return max(same or self._sections, key=lambda one: len(one.entries))

    def _composed(self, paper: Paper, section: Section) -> Entry:
        entry = self._composer.compose(paper, section) or self._composer.compose(
            paper, self._largest(paper)
        )
        if entry is None:
            raise SourceError(f"{self._source} has no entry whose style could be followed")
        return replace(entry, text=re.sub(r"\r\n?|\n", self._line_end, entry.text))

    # --- into a section ---

    def _into_section(
        self,
        section: Section,
        chosen: Sequence[tuple[Paper, str]],
        added: list[Added],
        insertions: list[Insertion],
    ) -> None:
        order = order_of(section.entries) or self._order
        sorted_ = sorted(
            chosen, key=lambda one: _sort_key(one[0], order), reverse=order == "newest"
        )
        gap = self._gap(section)
        for rank, (paper, name) in enumerate(sorted_):
            entry = self._composed(paper, section)
            at = place_in(section.entries, paper, order)
            text = _numbered(entry.text, self._number(section, at, rank))
            insertions.append(self._insertion(section.entries, at, rank, text, gap))
            added.append(Added(paper, name, text, entry.lost, new_heading=False))

    def _insertion(
        self, entries: Sequence[EntryPlace], at: int, rank: int, text: str, gap: str
    ) -> Insertion:
        places, end = self._places, self._line_end
        if at < len(entries):
            offset = places.span(entries[at].first, entries[at].first)[0]
            return Insertion(offset, rank, text + end + gap)
        offset = places.span(entries[-1].last, entries[-1].last)[1]
        if places.text[:offset].endswith(("\n", "\r")):
            return Insertion(offset, rank, gap + text + end)
        return Insertion(offset, rank, end + gap + text)

    def _gap(self, section: Section) -> str:
        """Return what stands between two entries of a section: blank lines, or nothing."""
        for entries in (section.entries, self._places.entries):
            gaps = Counter(
                self._places.text[
                    self._places.span(one.last, one.last)[1] : self._places.span(
                        other.first, other.first
                    )[0]
                ]
                for one, other in pairwise(entries)
                if one.kind == other.kind == section.form
            )
            blank = [gap for gap, _ in gaps.most_common() if not gap.strip()]
            if blank:
                return blank[0]
        return "" if section.form in {"row", "html"} else self._line_end

    def _number(self, section: Section, at: int, rank: int) -> int | None:
        """Return the number of a new item of a numbered list; None for another list."""
        numbers = [_number_of(self._places.text_of(entry)) for entry in section.entries]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return None
        if len(set(known)) == 1 and (len(known) > 1 or known[0] == 1):
            return known[0]
        return known[at - 1] + 1 + rank if at else known[0]

    # --- a new heading ---

    def _new_heading(
        self, category: str, papers: Sequence[Paper], rank: int, added: list[Added]
    ) -> Insertion:
        """Write papers under a heading that the list has without entries, or under a new one."""
        places, end = self._places, self._line_end
        like = self._largest(papers[0])
        order = order_of(like.entries) or self._order
        papers = sorted(papers, key=lambda one: _sort_key(one, order), reverse=order == "newest")
        gap = self._gap(like)
        entries = [self._composed(paper, like) for paper in papers]
        texts = [_numbered(one.text, 1 if _number_of(one.text) else None) for one in entries]
        added += [
            Added(paper, category, text, entry.lost, new_heading=True)
            for paper, text, entry in zip(papers, texts, entries, strict=True)
        ]
        head = head_of_table(places, like.entries[0].first) if like.form == "row" else ""
        block = head + (end + gap).join(texts) + end
        line, heads = self._place_of_heading(category, papers[0], like)
        offset = places.span(line, line)[1]
        start = "" if places.text[:offset].endswith(("\n", "\r")) else end
        return Insertion(offset, 10_000 + rank, f"{start}{end}{heads}{block}")

    def _place_of_heading(self, category: str, paper: Paper, like: Section) -> tuple[int, str]:
        """Return behind which line a category begins, and the headings that it lacks."""
        places = self._places
        if empty := self._empty_heading(category, paper):
            return empty.last, ""
        above = places.headings_above(like.entries[0].first)
        named = [n for n, one in enumerate(above) if fold(one.name) == fold(like.category)]
        at = named[-1] if named else len(above) - 1
        inner = above[at + 1 :]
        same = [one for one in self._sections if fold(one.category) == fold(category)]
        if same and inner:
            return same[-1].entries[-1].last, self._copied(inner)
        level = above[at].level if above else 2
        own = f"{'#' * level} {category}{self._line_end}{self._line_end}"
        return places.entries[-1].last, own + self._copied(inner)

    def _empty_heading(self, category: str, paper: Paper) -> HeadingPlace | None:
        """Return the heading without entries under which a paper belongs."""
        places = self._places
        taken = {places.headings_above(one.entries[0].first)[-1:] for one in self._sections}
        paths = {tuple(map(fold, path)) for path in paper.heading_paths}
        by_name: HeadingPlace | None = None
        for heading in places.headings:
            if (heading,) in taken:
                continue
            names = tuple(fold(one.name) for one in places.headings_above(heading.line))
            if any(names[-len(path) :] == path for path in paths if path):
                return heading
            if fold(heading.name) == fold(category):
                by_name = by_name or heading
        return by_name

    def _copied(self, headings: Sequence[HeadingPlace]) -> str:
        places, end = self._places, self._line_end
        spans = (places.span(one.line, one.last) for one in headings)
        return "".join(places.text[a:b].rstrip("\r\n") + end + end for a, b in spans)

    def _inserted(self, insertions: Sequence[Insertion]) -> str:
        parts: list[str] = []
        at = 0
        for one in insertions:
            parts += [self._places.text[at : one.offset], one.text]
            at = one.offset
        return "".join((*parts, self._places.text[at:]))


_NUMBER = re.compile(r"([ \t]*)(\d+)([.)][ \t])")


def _number_of(text: str) -> int | None:
    found = _NUMBER.match(text)
    return int(found[2]) if found else None


def _numbered(text: str, number: int | None) -> str:
    if number is None:
        return text
    return _NUMBER.sub(lambda found: f"{found[1]}{number}{found[3]}", text, count=1)


def _identity(paper: Paper) -> str:
    return paper.arxiv_id or fold(paper.title)


def _sort_key(paper: Paper, order: Order) -> tuple[str, str]:
    if order == "title":
        return fold(paper.title), ""
    return paper.released or "", paper.arxiv_id or ""
