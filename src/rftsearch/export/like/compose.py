"""Choose the form in which a paper is written, and make sure that it reads back equal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rftsearch.export.like.dates import venue_alone
from rftsearch.export.like.fill import Filled, fill
from rftsearch.export.like.forms import Form, take_apart
from rftsearch.export.like.habits import Habits
from rftsearch.export.like.order import Section, order_of, place_in
from rftsearch.export.like.spans import fold
from rftsearch.papers.paper import Paper
from rftsearch.sources.markdown.places import EntryPlace, ListPlaces
from rftsearch.sources.markdown.styles.any_list import parse_any_list

Family: TypeAlias = tuple[str, str]

__all__ = ["Composer", "Entry", "differences", "head_of_table"]

_SAMPLE = 600
"""Entries from which the habits of a list are learnt, evenly taken."""
_NEAR = 40
"""Entries of a paper's own section that are looked at besides."""
_TRIES = 8
_CONTEXT = 6
"""Entries among which a new one is read back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as an entry of a list."""

    text: str
    """Without its line end."""
    lost: tuple[str, ...]
    """What the record has and the entry has not, or says otherwise."""


class Composer:
    """Writes papers in the style of a list."""

    def __init__(self, places: ListPlaces) -> None:
        """Learn the style of a list.

        Args:
            places: The list; it has entries.
        """
        self._places = places
        families = _families(places)
        self._family = dict(zip((one.first for one in places.entries), families, strict=True))
        self._members: dict[Family, list[EntryPlace]] = {}
        for entry, family in zip(places.entries, families, strict=True):
            self._members.setdefault(family, []).append(entry)
        self._learnt: dict[Family, Habits] = {}

    def _habits(self, family: Family) -> Habits:
        """Return the habits of a family of entries, learnt from an even sample of them."""
        if family not in self._learnt:
            members = self._members[family]
            step = max(1, len(members) // _SAMPLE)
            taken = (take_apart(self._places, entry) for entry in members[::step])
            self._learnt[family] = Habits([form for form in taken if form is not None])
        return self._learnt[family]

    def compose(self, paper: Paper, section: Section) -> Entry | None:
        """Write a paper for a section; None if no entry of the list can be followed.

        Of the forms that suit it best, the first is taken that reads back equal, else the
        one that loses least.
        """
        best: tuple[float, int, Entry] | None = None
        for number, filled in enumerate(self._candidates(paper, section)):
            text = filled.text.rstrip("\r\n")
            differs = differences(paper, self._read_back(text, section))
            entry = Entry(text, _lost(differs, filled.lost))
            if not differs:
                return entry
            weight = (
                len(differs)
                - 0.5 * ("labels" in differs)
                + _ESSENTIAL * len({"paper", "title"} & set(differs))
            )
            if best is None or (weight, number) < best[:2]:
                best = (weight, number, entry)
            if number + 1 >= _TRIES:
                break
        return best[2] if best else None

    def _candidates(self, paper: Paper, section: Section) -> Iterator[Filled]:
        """Yield a paper in several forms, the best first."""
        habits = self._habits(self._family[section.entries[0].first])
        near = _nearest(section, paper)
        own = [form for entry in near if (form := take_apart(self._places, entry)) is not None]
        firsts = {form.entry.first for form in own}
        others = [form for form in habits.forms if form.entry.first not in firsts]
        ranked: list[tuple[float, int, Form, Filled]] = []
        for number, form in enumerate([*own, *others]):
            filled = fill(form, paper, habits)
            distance = 0.5 * (form.entry.first not in firsts) + 0.001 * number
            ranked.append((filled.cost + distance, number, form, filled))
        ranked.sort(key=lambda one: one[:2])
        seen: set[str] = set()
        for *_, form, filled in ranked:
            for each in (filled, None):
                tried = each or fill(form, paper, habits, escape=True)
                if tried.text not in seen:
                    seen.add(tried.text)
                    yield tried

    def _read_back(self, text: str, section: Section) -> Paper | None:
        """Return the record that is read of an entry among others of its section."""
        places = self._places
        entries = section.entries[:_CONTEXT]
        first = entries[0].first
        start, end = places.span(first, entries[-1].last)
        opened, closed = _around(places, section)
        heads = (places.span(one.line, one.last) for one in places.headings_above(first))
        lines = "".join(places.text[a:b].rstrip("\r\n") + "\n" for a, b in heads)
        before = f"{lines}\n{opened}{places.text[start:end]}".rstrip("\r\n")
        gap = "\n" if section.form in {"row", "html"} else "\n\n"
        line = len(re.split(r"\r\n?|\n", before + gap))
        read = parse_any_list(f"{before}{gap}{text}\n{closed}", "list.md").papers
        found = [one for one in read if one.provenance[0].line == line]
        return found[0] if len(found) == 1 else None


_ESSENTIAL = 10


_SLIGHT = {"labels", "signs of the title"}
"""What may be written in another form, and is no loss."""


def _lost(differs: Sequence[str], missing: Sequence[str]) -> tuple[str, ...]:
    """Return what an entry does not say of its paper; labels in another form are no loss."""
    links = any(one.endswith(" link") for one in missing)
    left_out = {*_SLIGHT, "links"} if links else _SLIGHT
    return tuple(one for one in dict.fromkeys((*differs, *missing)) if one not in left_out)


def _families(places: ListPlaces) -> list[Family]:
    """Return of each entry which others are written as it is: rows of tables with its columns."""
    families: list[Family] = []
    before: EntryPlace | None = None
    for entry in places.entries:
        if entry.kind != "row":
            families.append((entry.kind, entry.paper.kind))
        elif before is not None and before.kind == "row" and before.last + 1 == entry.first:
            families.append(families[-1])
        else:
            head = head_of_table(places, entry.first)
            families.append((entry.kind, fold(head)))
        before = entry
    return families


def _nearest(section: Section, paper: Paper) -> Sequence[EntryPlace]:
    """Return entries of a section, those about as old as a paper first."""
    entries = section.entries
    if len(entries) <= _NEAR:
        return entries
    at = place_in(entries, paper, order_of(entries) or "newest")
    numbers = sorted(range(len(entries)), key=lambda number: abs(number - at))
    return [entries[number] for number in numbers[:_NEAR]]


_OPENS = re.compile(r"<(table|ul|ol)\b", re.IGNORECASE)


def _around(places: ListPlaces, section: Section) -> tuple[str, str]:
    """Return what must stand around the entries of a section: the head of a table."""
    first = section.entries[0].first
    if section.form == "row":
        return head_of_table(places, first), ""
    if section.form == "html":
        for line in range(first - 1, max(0, first - 50), -1):
            if opened := _OPENS.search(places.text[slice(*places.span(line, line))]):
                return places.text[slice(*places.span(line, first - 1))], f"</{opened[1]}>\n"
    return "", ""


def head_of_table(places: ListPlaces, line: int) -> str:
    """Return the lines above the first row of a table in Markdown that belong to it."""
    top = line
    while top > 1 and "|" in places.text[slice(*places.span(top - 1, top - 1))]:
        top -= 1
    return places.text[slice(*places.span(top, line - 1))] if top < line else ""


def differences(paper: Paper, read: Paper | None) -> list[str]:
    """Return what differs between a record and the one that was read back.

    Categories and places are not compared; a venue may have the year of the paper behind it.
    """
    if read is None or (paper.arxiv_id or "") != (read.arxiv_id or ""):
        return ["paper"]
    titles = {" ".join(one.split()) for one in (paper.title, paper.listed_title) if one}
    letters = set(map(fold, titles))
    pairs = {
        "title": (fold(read.title) in letters, True),
        "signs of the title": (read.title in titles or fold(read.title) not in letters, True),
        "short name": (read.short_name, paper.short_name),
        "month": (read.released, paper.released),
        "address": (read.url, paper.url),
        "kind": (read.kind, paper.kind),
        "generative": (read.generative, paper.generative),
        "remark": (read.description, paper.description),
        "venue": tuple(venue_alone(one.venue, paper.released) for one in (read, paper)),
        "authors": (read.listed_authors, paper.authors),
        "links": ([(x.kind, x.url) for x in read.links], [(x.kind, x.url) for x in paper.links]),
        "labels": ([x.label for x in read.links], [x.label for x in paper.links]),
    }
    return [name for name, (one, other) in pairs.items() if one != other]
