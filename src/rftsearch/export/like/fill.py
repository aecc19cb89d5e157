"""Write another paper in the form of an entry."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from itertools import starmap

from rftsearch.export.like.badges import repository_of, write_badge
from rftsearch.export.like.dates import DateForm, write_venue
from rftsearch.export.like.forms import Form, Part, Slot
from rftsearch.export.like.habits import Habits, Host, host_of, may_stand
from rftsearch.export.like.links import (
    LABEL,
    URL,
    AddressForm,
    Group,
    LinkItem,
    remark_beside_links,
)
from rftsearch.export.like.spans import fold
from rftsearch.papers.arxiv_id import month_of_id
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import Link, Paper

__all__ = ["Filled", "fill"]

_GONE = "\x03"
"""Stands where a slot has nothing to say."""


@dataclass
class Filled:
    """A paper written in the form of an entry."""

    text: str
    cost: float
    """How ill the form suits the paper; 0 if it fits as it is."""
    lost: list[str] = field(default_factory=list)
    """What the paper has and the text has not, such as `authors`."""


def fill(form: Form, paper: Paper, habits: Habits, *, escape: bool = False) -> Filled:
    """Write a paper in the form of an entry of the list.

    Args:
        form: The entry.
        paper: The paper.
        habits: Of the list.
        escape: Whether signs that Markdown may read are written with a backslash.
    """
    writer = _Writer(form, paper, habits, escape)
    text = writer.text()
    return Filled(text, writer.cost(), writer.lost())


class _Writer:
    """Fills a form, and counts what did not fit."""

    def __init__(self, form: Form, paper: Paper, habits: Habits, escape: bool) -> None:
        self._form = form
        self._paper = paper
        self._habits = habits
        self._escape = escape
        self._is_row = form.entry.kind == "row"
        self._filled: set[str] = set()
        self._placed: set[str] = set()
        self._cost = 0.0
        self._says_venue = False
        self._says_year = False
        self._hosts = {
            host_of(part, slot)
            for part in form.parts
            for slot in part.slots
            if slot.kind == "links"
        }

    def text(self) -> str:
        """Return the entry."""
        cells: dict[int, list[tuple[Part, str | None]]] = {}
        for part in self._form.parts:
            cells.setdefault(part.cell, []).append((part, self._part(part)))
        return "".join(starmap(self._cell, cells.items())) + self._form.end

    def _cell(self, cell: int, parts: list[tuple[Part, str | None]]) -> str:
        """Return the parts of a cell that have something to say, with what is before it."""
        wall = parts[0][0].before
        kept = [(part.before, text) for part, text in parts if text]
        if not kept:
            filler = self._habits.filler(cell) if self._is_row else ""
            return wall + filler
        first = kept[0][1]
        return wall + first + "".join(before + text for before, text in kept[1:])

    def _part(self, part: Part) -> str | None:
        """Return a part; None if it has nothing to say of this paper."""
        slots = list(part.slots)
        unknown = self._habits.unknown_words(part)
        self._cost += 1.5 * min(unknown, 3) + self._habits.rare_marks(part)
        if not slots:
            if self._habits.is_usual(part):
                return "".join(str(piece) for piece in part.pieces)
            self._cost += 0.5
            return None
        pieces: list[str] = []
        said = False
        for piece in part.pieces:
            if isinstance(piece, str):
                pieces.append(piece)
                continue
            text = self._slot(part, piece)
            said = said or text is not None
            if text is None:
                self._cost += _UNFILLED.get(piece.kind, 1.0)
            else:
                self._filled.add(piece.kind)
            pieces.append(_GONE if text is None else text)
        return _tidied("".join(pieces)) if said else None

    # --- slots ---

    def _slot(self, part: Part, slot: Slot) -> str | None:
        """Return what stands in a slot for this paper; None if it has nothing to say."""
        paper, detail = self._paper, slot.detail
        text: str | None = None
        if slot.kind == "title":
            text = self._shown(paper.title)
        elif slot.kind == "links" and isinstance(detail, Group):
            text = self._links(part, slot, detail)
        elif isinstance(detail, AddressForm):
            self._cost += self._habits.is_rare_address(detail)
            text = detail.write(paper)
        elif isinstance(detail, DateForm):
            day = paper.metadata.published if paper.metadata else None
            short = self._habits.short_months
            text = detail.write(paper.released, day, short_names=short)
        elif slot.kind == "badge":
            text = write_badge(str(detail), paper)
            self._says_venue = self._says_venue or (bool(text) and "{venue}" in str(detail))
        elif slot.kind == "id":
            text = paper.arxiv_id
        elif slot.kind == "authors" and paper.authors:
            text = self._shown(self._habits.write_authors(paper.authors))
        elif slot.kind == "name":
            mark = self._habits.generative_mark if paper.generative else ""
            text = self._shown(paper.short_name) + mark
        elif slot.kind == "venue" and paper.venue:
            text = self._shown(self._venue(paper.venue, slot.raw))
            self._says_venue = True
        elif slot.kind == "description" and paper.description:
            # A form with places for several kinds of links has their names there.
            named = any(words for _, words in self._hosts)
            text = self._shown(remark_beside_links(paper) if named else paper.description) or None
        return text

    def _venue(self, venue: str, like: str) -> str:
        """Return a venue, with the year of the paper if the form has it there."""
        released = self._paper.released or ""
        # The month of a preprint is not that of its venue.
        year = None if self._paper.arxiv_id else released[:4]
        written = write_venue(venue, year, like)
        self._says_year = len(released) == len("2025") and released in written
        return written

    def _shown(self, text: str) -> str:
        text = " ".join(text.split())
        if self._escape:
            text = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
        return re.sub(r"(?<!\\)\|", r"\\|", text) if self._is_row else text

    def _links(self, part: Part, slot: Slot, group: Group) -> str | None:
        """Return the links that belong at a place."""
        host = host_of(part, slot)
        own = [item for item in group.items if item.kind == "self"]
        written: list[str] = []
        for item in own:
            if address := item.address.write(self._paper):
                self._cost += self._habits.is_rare_address(item.address)
                written.append(item.template.replace(LABEL, item.raw_label).replace(URL, address))
        wanted = [link for link in self._paper.links if self._belongs(link, host)]
        others = {item.kind: item for item in group.items if item.kind not in {"", "self"}}
        for link in wanted:
            self._placed.add(link.url)
            written.append(self._link(link, host, others))
        self._cost += 0.2 * abs(len(written) - len(group.items))
        if not written:
            return None
        if not self._habits.own_link_first(host):
            written = [*written[len(own) :], *written[: len(own)]]
        return self._habits.between(host, group).join(written)

    def _belongs(self, link: Link, host: Host) -> bool:
        """Return whether a link stands at a place: at that of its kind, if the form has it."""
        if link.url in self._placed:
            return False
        place = self._habits.place_of(link)
        if place is None or self._is_row or place in self._hosts:
            return place == host
        return may_stand(link, host)

    def _link(self, link: Link, host: Host, others: dict[str, LinkItem]) -> str:
        item = others.get(link.kind) or next(iter(others.values()), None)
        template = self._habits.template(host, item)
        label = self._habits.raw_label(link.kind, link.label)
        return template.replace(LABEL, label, 1).replace(URL, _target(link.url))

    # --- what it costs ---

    def lost(self) -> list[str]:
        """Return what the paper has and the text has not."""
        paper, has, filled = self._paper, self._habits.has, self._filled
        found = {
            "authors": bool(paper.authors) and "authors" not in filled,
            "venue": bool(paper.venue) and not self._says_venue,
            "month": self._loses_month(),
            "remark": bool(paper.description) and "description" not in filled,
            "short name": bool(has["name"]) and not self._knows_name(),
        }
        lost = [name for name, gone in found.items() if gone]
        missing = [link.kind for link in paper.links if not self._is_placed(link)]
        return lost + [f"{kind} link" for kind in dict.fromkeys(missing)]

    def _loses_month(self) -> bool:
        paper = self._paper
        if not paper.released or "date" in self._filled:
            return False
        if self._says_year:
            return False
        return paper.arxiv_id is None or paper.released != month_of_id(paper.arxiv_id)

    def _knows_name(self) -> bool:
        paper = self._paper
        if "name" in self._filled or fold(paper.short_name) == fold(paper.title):
            return True
        return paper.short_name == name_in_title(paper.title)

    def _is_placed(self, link: Link) -> bool:
        repository = repository_of(self._paper)
        in_badge = "badge" in self._filled and repository is not None and repository in link.url
        return in_badge or link.url in self._placed

    def cost(self) -> float:
        """Return how ill the form suits the paper."""
        paper, habits, form = self._paper, self._habits, self._form
        total = self._cost
        slots = {"authors": "authors", "venue": "venue", "month": "date", "remark": "description"}
        for name in self.lost():
            slot = slots.get(name, "name" if name == "short name" else "links")
            total += 3.0 if habits.has[slot] else 0.0
        if "date" not in self._filled and paper.released and habits.has["date"]:
            total += 1.0
        if habits.has["badge"] and "badge" not in self._filled and repository_of(paper):
            total += 0.5
        total += 8.0 * (form.paper.kind != paper.kind)
        total += 4.0 * (bool(form.paper.arxiv_id) != bool(paper.arxiv_id))
        share = habits.shapes[form.shape] / max(1, habits.shapes.total())
        return total - 0.5 * math.log(max(share, 1e-3))


_UNFILLED = {
    "venue": 2.5,
    "authors": 2.0,
    "date": 2.0,
    "description": 0.6,
    "badge": 0.4,
    "junk": 0.4,
}
_SPECIAL = re.compile(r"[\\`*_\[\]<>]|&(?=#?\w+;)")


def _target(url: str) -> str:
    """Return an address that can stand in parentheses."""
    flat = re.sub(r"\s", "%20", url)
    depth = 0
    for sign in flat:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    return flat if depth == 0 else flat.replace("(", "%28").replace(")", "%29")


_EMPTY = re.compile(rf"\(\s*{_GONE}\s*\)|\[\s*{_GONE}\s*\]|(\*{{1,3}}|_{{1,2}}|`){_GONE}[.,;:]?\1")


def _tidied(text: str) -> str:
    """Return a part without what stood around slots that have nothing to say."""
    while _EMPTY.search(text):
        text = _EMPTY.sub(_GONE, text)
    text = re.sub(rf"^(?:[ \t]*{_GONE}[ \t]*)+[,;:|/]?[ \t]*", "", text)
    text = re.sub(rf"[ \t]*[,;:|/]?[ \t]*{_GONE}(?=[ \t]*[,;:.|/])", "", text)
    text = re.sub(rf"[ \t]*[,;:|/]?[ \t]*{_GONE}[ \t]*$", "", text)
    return re.sub(rf"[ \t]*{_GONE}", "", text)
