"""Take an entry apart: what is fixed, and what is of its paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rftsearch.export.like.badges import badge_template
from rftsearch.export.like.dates import DateForm, find_dates
from rftsearch.export.like.links import AddressForm, Group, group_links, remark_beside_links
from rftsearch.export.like.spans import Folded, Span, with_signs
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import Paper
from rftsearch.sources.markdown.link_places import LinkPlace
from rftsearch.sources.markdown.places import EntryPlace, ListPlaces

__all__ = ["Form", "Part", "Piece", "Slot", "take_apart"]

SlotKind = Literal[
    "title", "name", "address", "id", "date", "authors", "venue", "links", "description", "badge",
    "junk",
]  # fmt: skip
Detail: TypeAlias = DateForm | AddressForm | Group | str | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of an entry that is of its paper."""

    kind: SlotKind
    """`junk` is what no other entry has: an image, a link that is in no record."""
    raw: str
    detail: Detail = None
    """How it is written. Of a badge: its text, see `badges`."""


Piece: TypeAlias = str | Slot


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an entry, or a piece of a table's cell."""

    before: str
    """What separates it from the part before; of the first, how the entry begins."""
    pieces: tuple[Piece, ...]
    cell: int = 0
    """Number of the table's cell it stands in."""

    @property
    def slots(self) -> Iterator[Slot]:
        """Return its slots."""
        return (piece for piece in self.pieces if isinstance(piece, Slot))


@dataclass(frozen=True, slots=True)
class Form:
    """An entry taken apart."""

    entry: EntryPlace
    paper: Paper
    parts: tuple[Part, ...]
    end: str
    """What stands behind the last part, the line end included."""

    @property
    def slots(self) -> Iterator[Slot]:
        """Return all its slots in order."""
        return (slot for part in self.parts for slot in part.slots)

    @property
    def shape(self) -> tuple[object, ...]:
        """Return what two entries of one form share."""
        return tuple(
            (
                part.before.strip(),
                part.before.count("\n"),
                *(p.kind if isinstance(p, Slot) else p.strip() for p in part.pieces),
            )
            for part in self.parts
        )


_WORDS = re.compile(r"\w+")


def take_apart(places: ListPlaces, entry: EntryPlace) -> Form | None:
    """Take an entry apart; None if its title is not found in it, or it has several papers."""
    if len(entry.papers) != 1:
        return None
    text = places.text_of(entry)
    offset = places.span(entry.first, entry.first)[0]
    slots = _Slots(text, offset, entry.paper, places.links_of(entry)).found()
    if not any(slot.kind == "title" for _, _, slot in slots):
        return None
    parts, end = _split(text, slots, is_row=entry.kind == "row")
    return Form(entry, entry.paper, parts, end)


# --- slots ---------------------------------------------------------------------------

_TAG = re.compile(r"<[a-z/!][^<>]*>", re.IGNORECASE)
_COMMENT = re.compile(r"\[//\]:\s*#[^|\n]*|<!--.*?-->", re.DOTALL)
_OTHERS = re.compile(r"[\s,]*(?:\bet\.?\s*al\b\.?|\band\s+others\b|\.\.\.|\u2026)", re.IGNORECASE)
_GENERATIVE = re.compile(r"\s*\((?:[^()]*\b)?gen(?:eration)?\)", re.IGNORECASE)
_BADGE = re.compile(r"shields\.io|badge|stars?\b", re.IGNORECASE)
"""Another image, such as a figure, is of one paper alone."""
_ALL_AUTHORS = 20_000


class _Slots:
    """Collects the slots of an entry; none overlaps another."""

    def __init__(self, text: str, offset: int, paper: Paper, links: tuple[LinkPlace, ...]) -> None:
        self._text = text
        self._offset = offset
        self._paper = paper
        self._links = links
        self._taken: list[tuple[int, int, Slot]] = []

    def found(self) -> list[tuple[int, int, Slot]]:
        """Return all slots with their places, in order."""
        title = self._title()
        if title is None:
            return []
        self._add(*title, Slot("title", self._text[slice(*title)]))
        self._badges_and_links(title)
        for comment in _COMMENT.finditer(self._text):
            self._add(*comment.span(), Slot("junk", comment[0]))
        self._ids()
        self._authors()
        for kind, phrase in (
            ("venue", self._paper.venue),
            ("description", self._paper.description),
            ("description", remark_beside_links(self._paper)),
        ):
            if phrase and self._phrase(kind, phrase) and kind == "description":
                break
        self._name()
        self._dates()
        return sorted(self._taken, key=lambda one: one[0])

    def _add(self, start: int, end: int, slot: Slot) -> bool:
        if start >= end or any(start < last and first < end for first, last, _ in self._taken):
            return False
        self._taken.append((start, end, slot))
        return True

    @property
    def _hidden(self) -> list[Span]:
        targets = [
            (x.target_start - self._offset, x.target_end - self._offset) for x in self._links
        ]
        images = [(x.start - self._offset, x.end - self._offset) for x in self._links if x.is_image]
        return [*targets, *images, *(found.span() for found in _TAG.finditer(self._text))]

    def _find(self, phrase: str) -> Iterator[Span]:
        """Yield where a phrase stands outside of the slots that are known."""
        taken = [(start, end) for start, end, _ in self._taken]
        yield from Folded(self._text, [*self._hidden, *taken]).find(phrase)

    def _title(self) -> Span | None:
        spans = list(self._find(self._paper.title))
        own = [
            (link.start - self._offset, link.target_start - self._offset)
            for link in self._links
            if not link.is_image and self._is_own(link)
        ]
        spans.sort(key=lambda span: not any(a <= span[0] and span[1] <= b for a, b in own))
        if not spans:
            return None
        return with_signs(self._text, spans[0], self._paper.title, (0, len(self._text)))

    def _is_own(self, link: LinkPlace) -> bool:
        own = parse_arxiv_id(link.url)
        return (own is not None and own == self._paper.arxiv_id) or (
            bool(link.url) and link.url == self._paper.url
        )

    def _badges_and_links(self, title: Span) -> None:
        rest: list[LinkPlace] = []
        for link in self._links:
            start, end = link.start - self._offset, link.end - self._offset
            if start <= title[0] and title[1] <= end:
                if self._is_own(link):
                    target = link.target_start - self._offset, link.target_end - self._offset
                    form = AddressForm.of(link.target, self._paper)
                    self._add(*target, Slot("address", link.target, form))
                continue
            if link.is_image or link.only_image:
                self._badge(start, end)
            elif link.form in {"inline", "html"}:
                rest.append(link)
            elif self._is_own(link):
                form = AddressForm.of(link.target, self._paper)
                self._add(start, end, Slot("address", link.target, form))
            else:
                self._add(start, end, Slot("junk", self._text[start:end]))
        rest = [link for link in rest if not self._is_taken(link)]
        for group in group_links(self._text, rest, self._paper, self._offset):
            known = any(item.kind for item in group.items)
            raw = self._text[group.start : group.end]
            self._add(group.start, group.end, Slot("links" if known else "junk", raw, group))

    def _is_taken(self, link: LinkPlace) -> bool:
        at = link.start - self._offset
        return any(start <= at < end for start, end, _ in self._taken)

    def _badge(self, start: int, end: int) -> None:
        raw = self._text[start:end]
        template = badge_template(raw, self._paper)
        counted = template != raw and _BADGE.search(raw) is not None
        self._add(start, end, Slot("badge" if counted else "junk", raw, template))

    def _ids(self) -> None:
        if self._paper.arxiv_id is None:
            return
        hidden = self._hidden
        for found in re.finditer(re.escape(self._paper.arxiv_id) + r"(?:v\d+)?", self._text):
            if not any(start <= found.start() < end for start, end in hidden):
                self._add(*found.span(), Slot("id", found[0]))

    def _authors(self) -> None:
        authors = self._paper.listed_authors
        if not authors:
            return
        first = next(self._find(authors[0]), None)
        lasts = self._find(authors[-1])
        last = next((span for span in lasts if first and span[0] >= first[0]), None)
        if first is None or last is None or last[1] - first[0] > _ALL_AUTHORS:
            return
        end = last[1]
        if others := _OTHERS.match(self._text, end):
            end = others.end()
        self._add(first[0], end, Slot("authors", self._text[first[0] : end]))

    def _phrase(self, kind: str, phrase: str) -> bool:
        for span in self._find(phrase):
            start, end = with_signs(self._text, span, phrase, (0, len(self._text)))
            if self._stands_alone(start, end):
                slot_kind: SlotKind = "venue" if kind == "venue" else "description"
                if self._add(start, end, Slot(slot_kind, self._text[start:end])):
                    return True
        return False

    def _name(self) -> None:
        name, text = self._paper.short_name, self._text
        for span in self._find(name):
            if not self._stands_alone(*span):
                continue
            start, end = with_signs(text, span, name, (0, len(text)))
            mark = _GENERATIVE.match(text, end) if self._paper.generative else None
            end = mark.end() if mark else end
            if self._add(start, end, Slot("name", self._text[start:end], mark[0] if mark else "")):
                return

    def _stands_alone(self, start: int, end: int) -> bool:
        around = self._text[max(0, start - 1) : start] + self._text[end : end + 1]
        return not any(sign.isalnum() for sign in around)

    def _dates(self) -> None:
        released = self._paper.released
        if not released:
            return
        shown = list(self._text)
        for start, end in [*self._hidden, *((a, b) for a, b, _ in self._taken)]:
            shown[start:end] = "\x00" * (end - start)
        for start, end, form in find_dates("".join(shown)):
            if form.month == released or (form.month is None and form.year == released[:4]):
                self._add(start, end, Slot("date", form.text, form))


# --- parts ---------------------------------------------------------------------------

_LEAD = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+|\d+[.)][ \t]+|#{1,6}[ \t]+)?")
_BREAKS = re.compile(
    r"(?:[ \t]*(?:\\|<br\s*/?>))*[ \t]*(?:\r?\n[ \t]*)+(?:[-*+][ \t]+|\d+[.)][ \t]+)?"
    r"|[ \t]*<br\s*/?>[ \t]*",
    re.IGNORECASE,
)
_CELLS = re.compile(r"[ \t]*(?<!\\)\|[ \t]*|[ \t]*<br\s*/?>[ \t]*", re.IGNORECASE)
_LINE_END = re.compile(r"\s*\Z")


def _split(
    text: str, slots: Iterable[tuple[int, int, Slot]], *, is_row: bool
) -> tuple[tuple[Part, ...], str]:
    """Split an entry into parts, and return what stands behind the last one."""
    placed = list(slots)
    close = _LINE_END.search(text)
    stop = close.start() if close else len(text)
    breaks = _breaks(text, stop, [(start, end) for start, end, _ in placed], is_row=is_row)
    parts: list[Part] = []
    cell = 0
    for number, (start, end) in enumerate(breaks):
        before = text[start:end]
        cell += is_row and "|" in before
        last = breaks[number + 1][0] if number + 1 < len(breaks) else stop
        if is_row and number + 1 == len(breaks) and end >= stop:
            return tuple(parts), before + text[stop:]
        parts.append(Part(before, _pieces(text, placed, end, last), cell))
    return tuple(parts), text[stop:]


def _breaks(text: str, stop: int, inside: Sequence[Span], *, is_row: bool) -> list[Span]:
    """Return what separates the parts of an entry; the first is how it begins."""
    lead = None if is_row else _LEAD.match(text)
    at = lead.end() if lead else 0
    found = (_CELLS if is_row else _BREAKS).finditer(text, at, stop)
    spans = [one.span() for one in found]
    free = [one for one in spans if not any(a < one[1] and one[0] < b for a, b in inside)]
    if not is_row:
        return [(0, at), *free]
    return free if free and free[0][0] == 0 else [(0, 0), *free]


def _pieces(
    text: str, slots: Iterable[tuple[int, int, Slot]], start: int, end: int
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = start
    for first, last, slot in slots:
        if start <= first and last <= end:
            pieces += [text[at:first], slot]
            at = last
    pieces.append(text[at:end])
    return tuple(piece for piece in pieces if piece)
