"""How a list writes what all its entries have: labels, separators, words that return."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from rftsearch.export.like.dates import DateForm
from rftsearch.export.like.forms import Form, Part, Slot
from rftsearch.export.like.links import AddressForm, Group, LinkItem
from rftsearch.papers.paper import Link
from rftsearch.sources.link_kinds import kind_of_label
from rftsearch.text.clean import EMOJI

__all__ = ["Habits", "Host", "host_of", "literal_words", "may_stand"]

Host = tuple[int, str]
"""Where links stand: the cell of a row, and the words before them, as in `Code: [here](...)`."""

_WORD = re.compile(r"\w+")
_USUAL = 0.1
"""A part without slots is written again if this share of the entries has it."""
_RETURNS = 0.05
"""A word that this share of the entries has is of the list; any other is of its entry."""


def literal_words(part: Part) -> list[str]:
    """Return the words of a part that are in none of its slots."""
    return [
        word for piece in part.pieces if isinstance(piece, str) for word in _WORD.findall(piece)
    ]


_PRAISE = re.compile(rf":[a-z_]+:|{EMOJI}")


def _marks_of(part: Part) -> list[str]:
    return [
        mark for piece in part.pieces if isinstance(piece, str) for mark in _PRAISE.findall(piece)
    ]


def host_of(part: Part, slot: Slot) -> Host:
    """Return where the links of a slot stand."""
    before: list[str] = []
    for piece in part.pieces:
        if piece is slot:
            break
        before = _WORD.findall(piece) if isinstance(piece, str) else []
    return part.cell, " ".join(before).casefold()


def may_stand(link: Link, host: Host) -> bool:
    """Return whether a link may stand behind the words of a place.

    A project page is no `Dataset: ...`; a link that only says "official" may be anything.
    """
    kind = kind_of_label(host[1]) if host[1] else None
    return kind in {None, link.kind} or kind_of_label(link.label) is None


class Habits:
    """What the entries of a list have in common."""

    def __init__(self, forms: Sequence[Form]) -> None:
        """Collect the habits of entries.

        Args:
            forms: All of them, or enough of them.
        """
        self.forms = forms
        self.shapes = Counter(form.shape for form in forms)
        self.has: Counter[str] = Counter()
        """How many entries have a slot of a kind."""
        self._words: Counter[str] = Counter()
        self._labels: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._hosts: defaultdict[str, Counter[Host]] = defaultdict(Counter)
        self._templates: defaultdict[Host, Counter[str]] = defaultdict(Counter)
        self._between: defaultdict[Host, Counter[str]] = defaultdict(Counter)
        self._addresses: Counter[str] = Counter()
        self._own_first: Counter[Host] = Counter()
        self._marks: Counter[str] = Counter()
        self._praise: Counter[str] = Counter()
        self._literals: Counter[str] = Counter()
        self._fillers: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._authors: list[str] = []
        self._dates: list[DateForm] = []
        for form in forms:
            self._collect(form)

    def _collect(self, form: Form) -> None:
        self.has.update({slot.kind for slot in form.slots})
        self._words.update({word for part in form.parts for word in literal_words(part)})
        self._praise.update({mark for part in form.parts for mark in _marks_of(part)})
        cells: defaultdict[int, list[str]] = defaultdict(list)
        for part in form.parts:
            text = "".join(p if isinstance(p, str) else "\x00" for p in part.pieces)
            cells[part.cell].append(text)
            if "\x00" not in text:
                self._literals[text.strip()] += 1
            for slot in part.slots:
                self._collect_slot(part, slot)
        for cell, texts in cells.items():
            whole = " ".join(texts).strip()
            if "\x00" not in whole:
                self._fillers[cell][whole] += 1

    def _collect_slot(self, part: Part, slot: Slot) -> None:
        detail = slot.detail
        if isinstance(detail, Group) and slot.kind == "links":
            host = host_of(part, slot)
            self._between[host].update(detail.between)
            kinds = [item.kind for item in detail.items]
            if "self" in kinds and len(kinds) > 1:
                self._own_first[host] += 1 if kinds[0] == "self" else -1
            for item in detail.items:
                self._templates[host][item.template] += 1
                self._addresses[item.address.template] += item.kind == "self"
                if item.kind not in {"", "self"}:
                    self._hosts[item.kind][host] += 1
                    self._labels[item.kind, item.label][item.raw_label] += 1
        elif isinstance(detail, AddressForm):
            self._addresses[detail.template] += 1
        elif isinstance(detail, DateForm):
            self._dates.append(detail)
        elif slot.kind == "name" and detail:
            self._marks[str(detail)] += 1
        elif slot.kind == "authors":
            self._authors.append(slot.raw)

    # --- words ---

    def unknown_words(self, part: Part) -> int:
        """Return how many words of a part are of its entry alone."""
        enough = max(2.0, _RETURNS * len(self.forms))
        return sum(self._words[word] < enough for word in literal_words(part))

    def is_usual(self, part: Part) -> bool:
        """Return whether a part without slots is of the list: signs, or what returns as it is."""
        text = "".join(piece for piece in part.pieces if isinstance(piece, str)).strip()
        if not _WORD.search(text):
            return True
        return self._literals[text] >= max(2.0, _USUAL * len(self.forms)) or len(self.forms) == 1

    def rare_marks(self, part: Part) -> int:
        """Return how many emoji of a part most entries lack: they praise one paper."""
        return sum(self._praise[mark] * 2 < len(self.forms) for mark in _marks_of(part))

    def filler(self, cell: int) -> str:
        """Return what stands in a cell of a row that has nothing to say, such as `-`."""
        usual = self._fillers[cell].most_common(1)
        return usual[0][0] if usual and len(usual[0][0]) <= len("n/a") else ""

    # --- links ---

    def place_of(self, link: Link) -> Host | None:
        """Return where a link stands; None if the list has no place for it."""
        own = [host for host, _ in self._hosts[link.kind].most_common() if may_stand(link, host)]
        if own:
            return own[0]
        together: Counter[Host] = Counter()
        kinds: defaultdict[Host, set[str]] = defaultdict(set)
        for other, hosts in list(self._hosts.items()):
            together.update(hosts)
            for host in hosts:
                kinds[host].add(other)
        for host, _ in together.most_common():
            # A place that has links of two kinds is for any kind; a column of code is not.
            if may_stand(link, host) and (len(kinds[host]) > 1 or host[0] == 0):
                return host
        return None

    def own_link_first(self, host: Host) -> bool:
        """Return whether the link to the paper itself stands before the others at a place."""
        return self._own_first[host] >= 0

    def template(self, host: Host, item: LinkItem | None) -> str:
        """Return how a link is written at a place, by another one that stands there."""
        if item is not None:
            return item.template
        usual = self._templates[host].most_common(1)
        return usual[0][0] if usual else "[\x01](\x02)"

    def between(self, host: Host, group: Group) -> str:
        """Return what stands between two links at a place."""
        usual = self._between[host].most_common(1)
        return usual[0][0] if usual else group.between[0] if group.between else " "

    def raw_label(self, kind: str, label: str) -> str:
        """Return a label as the list writes it: `Code` may be `Code` with an emoji."""
        if known := self._labels.get((kind, label)):
            return known.most_common(1)[0][0]
        alike = {key: raws for key, raws in self._labels.items() if key[0] == kind}
        for (_, other), raws in alike.items():
            if other.casefold() == label.casefold():
                return raws.most_common(1)[0][0]
        if not alike or not _is_plain(label, kind):
            return label
        most = max(alike.values(), key=lambda raws: raws.total())
        return most.most_common(1)[0][0]

    def is_rare_address(self, form: AddressForm) -> bool:
        """Return whether few addresses of the list are written in a form."""
        return self._addresses[form.template] < 0.1 * self._addresses.total()

    # --- names and dates ---

    @cached_property
    def generative_mark(self) -> str:
        """Return what marks the names of papers about generation: ` (Gen)`."""
        return self._marks.most_common(1)[0][0] if self._marks else " (Gen)"

    @cached_property
    def short_months(self) -> bool:
        """Return whether names of months are shortened."""
        told = [form.short_name for form in self._dates if form.short_name is not None]
        return sum(told) * 2 >= len(told)

    def write_authors(self, names: Sequence[str]) -> str:
        """Return names in the way in which the list joins them."""
        between, last, most = self._joints
        if most and len(names) > most:
            return between.join(names[:most]) + self._others
        if len(names) == 2 and last.lstrip(" ,") != "":  # `A and B`, without the comma of three
            return f" {last.strip(' ,')} ".join(names) if last.strip(" ,") else last.join(names)
        return between.join(names[:-1]) + (last if names[:-1] else "") + names[-1]

    @cached_property
    def _joints(self) -> tuple[str, str, int]:
        """Return what joins names, what joins the last one, and how many there are at most."""
        joints: Counter[str] = Counter()
        lasts: Counter[str] = Counter()
        cut: Counter[int] = Counter()
        for raw in self._authors:
            others = _OTHERS.search(raw)
            found = _JOINT.findall(raw[: others.start()] if others else raw)
            joints.update(found[:-1] or found)
            if others:
                cut[len(found) + 1] += 1
            elif len(found) > 1:
                lasts[found[-1]] += 1
        between = joints.most_common(1)[0][0] if joints else ", "
        last = lasts.most_common(1)[0][0] if lasts else between
        often = cut.total() * 2 > len(self._authors)
        return between, last, cut.most_common(1)[0][0] if often else 0

    @cached_property
    def _others(self) -> str:
        found = (_OTHERS.search(raw) for raw in self._authors)
        usual = Counter(one[0] for one in found if one).most_common(1)
        return usual[0][0] if usual else " et al."


_JOINT = re.compile(r"\s*[,;&\u00b7\u3001\uff0c]\s*(?:and\s+|&\s*)?|\s+and\s+|\s+&\s+")
_OTHERS = re.compile(r"[\s,]*(?:\bet\.?\s*al\b\.?|\band\s+others\b|\.\.\.|\u2026)\Z", re.IGNORECASE)


def _is_plain(label: str, kind: str) -> bool:
    """Return whether a label says no more than its kind: `Repo`, and not `Training Code`."""
    words = _WORD.findall(label)
    return len(words) <= 1 and kind_of_label(label) == kind
