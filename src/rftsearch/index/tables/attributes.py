"""The facts that filters ask about, as arrays: one row for each paper, newest first.

A filter over any number of papers becomes a few array operations, and the order of
the rows settles every tie: newest first, undated last; within a month by their ids,
the highest arXiv id first and papers without one last.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rftsearch.errors import REPAIR, FilterError, IndexDamagedError
from rftsearch.index.tables.facts import FINDERS, Facts
from rftsearch.index.tables.npy import open_array, save_array
from rftsearch.index.tables.rows import places_of
from rftsearch.papers.documents import is_described
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import LINK_KINDS, Paper
from rftsearch.types import BoolArray, IdArray, IndexArray, IntArray, RecordArray

__all__ = ["Attributes"]

_PROJECT = 1 << len(LINK_KINDS)
_GENERATIVE = _PROJECT << 1
_DESCRIBED = _GENERATIVE << 1
_AT_ONCE = 10_000
_LAST_MONTH = 0x7FFF
_REMEMBERED = 64
"""Authors and venues whose papers are remembered."""


class Attributes:
    """The filterable facts of a generation's papers."""

    def __init__(
        self, rows: RecordArray, categories: Sequence[str], facts: Facts | None = None
    ) -> None:
        """Wrap rows that `build` made.

        Args:
            rows: One for each paper.
            categories: The names of their bits, in order.
            facts: Finds papers by author or venue; None if nobody filters by these.
        """
        self._rows = rows
        self._facts = facts
        self._rows_by_fact: dict[tuple[str, str], BoolArray] = {}
        self.categories = tuple(categories)
        self._by_id = np.argsort(rows["id"], kind="stable")
        self._sorted_ids = rows["id"][self._by_id]

    @classmethod
    def build(cls, papers: Iterable[tuple[int, Paper]], categories: Sequence[str]) -> Attributes:
        """Lay out the facts of papers, each under its integer id.

        Args:
            papers: The papers with their integer ids, read once.
            categories: All their categories, in the order in which they are shown.
        """
        bit = {category: number for number, category in enumerate(categories)}
        width = _width(categories)
        names: list[str] = []
        portions = []
        kind = np.dtype(_row(width))
        remaining = iter(papers)
        while some := list(islice(remaining, _AT_ONCE)):
            names += [paper.id for _, paper in some]
            rows = np.zeros(len(some), kind)
            for row, (identifier, paper) in zip(rows, some, strict=True):
                bits = sum(1 << bit[category] for category in set(paper.categories))
                row["id"], row["month"] = identifier, _month_number(paper.released)
                row["flags"], row["category"] = _flags(paper), bit[paper.category]
                row["categories"] = np.frombuffer(bits.to_bytes(width, "little"), np.uint8)
            portions.append(rows)
        rows = np.concatenate([np.zeros(0, kind), *portions])
        last_first = sorted(range(len(names)), key=lambda at: _age(names[at]), reverse=True)
        by_name = np.array(last_first, np.intp)
        newest_first = np.argsort(-rows["month"][by_name].astype(np.int64), kind="stable")
        return cls(rows[by_name[newest_first]], categories)

    def updated(
        self,
        gone: IdArray,
        joined: Mapping[int, Paper],
        categories: Sequence[str],
        names_of: Callable[[IdArray], Mapping[int, str]],
    ) -> Attributes:
        """Return the facts after some papers were removed and others added.

        Args:
            gone: (g,) int64 ids of those that were removed.
            joined: Those that were added, by integer id.
            categories: All categories; the known ones come first, in their order.
            names_of: Returns `Paper.id` for (i,) int64 ids of papers that stay; called once.
        """
        stay = self._rows[~np.isin(self._rows["id"], gone)]
        new = Attributes.build(joined.items(), categories)._rows
        rows = np.zeros(len(stay), new.dtype)
        width = stay["categories"].shape[1]
        for name in ("id", "month", "flags", "category"):
            rows[name] = stay[name]
        rows["categories"][:, :width] = stay["categories"]
        names = names_of(rows["id"][np.isin(rows["month"], new["month"])])
        newest_first = -rows["month"].astype(np.int64)
        places = []
        for row in new:
            # Among those of its month, where the youngest come first.
            month = -int(row["month"])
            first, last = (int(np.searchsorted(newest_first, month, s)) for s in ("left", "right"))
            oldest_first = range(last - 1, first - 1, -1)
            age = _age(joined[int(row["id"])].id)
            older = bisect_left(oldest_first, age, key=lambda i: _age(names[int(rows["id"][i])]))
            places.append(last - older)
        return Attributes(np.insert(rows, np.array(places, np.intp), new), categories)

    @classmethod
    def open(cls, path: Path, categories: Sequence[str], facts: Facts | None = None) -> Attributes:
        """Open the rows that `save` wrote.

        Raises:
            IndexDamagedError: The file is not such an array, or of other categories.
            OSError: The system refuses to read it.
        """
        rows = open_array(path, _row(_width(categories)), (None,))
        if len(rows) and not rows["category"].max() < len(categories):
            raise IndexDamagedError(f"{path} has papers of no category; {REPAIR}")
        return cls(rows, categories, facts)

    def with_facts(self, facts: Facts) -> Attributes:
        """Return the same rows, which can be filtered by author and venue, too."""
        return Attributes(self._rows, self.categories, facts)

    def save(self, path: Path) -> None:
        """Write the rows to a `.npy` file."""
        save_array(path, self._rows)

    def __len__(self) -> int:
        """Return how many papers there are."""
        return len(self._rows)

    @property
    def ids(self) -> IdArray:
        """Return all integer ids, (n,) int64, newest paper first."""
        return np.asarray(self._rows["id"])

    @property
    def sorted_ids(self) -> IdArray:
        """Return all integer ids, (n,) int64, ascending."""
        return np.asarray(self._sorted_ids)

    def rank(self, ids: IdArray) -> IndexArray:
        """Return the row of each id, (i,) intp: its place in the order that settles ties."""
        return self._by_id[places_of(ids, self._sorted_ids)]

    @cached_property
    def _months(self) -> npt.NDArray[np.int16]:
        """The months of all rows, one after the other, as filters read them."""
        return np.ascontiguousarray(self._rows["month"])

    @cached_property
    def _flags(self) -> npt.NDArray[np.uint16]:
        return np.ascontiguousarray(self._rows["flags"])

    @cached_property
    def _in_category(self) -> npt.NDArray[np.uint8]:
        """The bits of eight categories in each row, (width, n)."""
        return np.ascontiguousarray(self._rows["categories"].T)

    def category(self, name: str) -> str:
        """Return the category that is meant by its name in any case, or by a part of it.

        Raises:
            FilterError: There is no such category, or several.
        """
        # Of names that differ only in case, the one that is written so.
        return name if name in self.categories else self.categories[self._meant(name)[0]]

    def meant_categories(self, names: Sequence[str]) -> list[str]:
        """Return the full names of the categories that some names mean, for another filter.

        Raises:
            FilterError: A name means none, or several.
        """
        numbers = {number for name in names for number in self._meant(name)}
        return [self.categories[number] for number in sorted(numbers)]

    def mask(self, filters: Filters) -> BoolArray:
        """Return which rows pass, (n,) bool.

        Raises:
            FilterError: No paper has a category of that name, or several names have that part;
                or no paper has the author or the venue.
        """
        passing = np.ones(len(self), dtype=np.bool_)
        if filters.categories:
            passing &= self._in_categories(filters.categories)
        if filters.dated:
            passing &= self.dated()
        if filters.since:
            passing &= self._months >= _month_number(filters.since)
        if filters.until:
            passing &= self._months <= _month_number(filters.until)
        for kind in filters.has:
            passing &= (self._flags & (1 << LINK_KINDS.index(kind))) != 0
        if filters.kind is not None:
            passing &= ((self._flags & _PROJECT) != 0) == (filters.kind == "project")
        if filters.generative is not None:
            passing &= ((self._flags & _GENERATIVE) != 0) == filters.generative
        for author in filters.authors:
            passing &= self._having("author", author)
        for kind in filters.presents:
            passing &= self._having("presents", kind)
        if filters.venue:
            passing &= np.any([self._having("venue", one) for one in filters.venue], axis=0)
        return passing

    def _having(self, kind: str, text: str) -> BoolArray:
        """Return which rows have an author or a venue; counts beside filters ask many times."""
        found = self._rows_by_fact.get((kind, text))
        if found is None:
            if self._facts is None:
                raise FilterError(f"these papers cannot be filtered by {kind}")
            if not self._facts.has_facts:
                raise FilterError(
                    "this index was built before authors and places of publication were noted; "
                    "`rftsearch build` notes them"
                )
            found = np.zeros(len(self), np.bool_)
            found[self.rank(FINDERS[kind](self._facts, text))] = True
            if len(self._rows_by_fact) >= _REMEMBERED:
                self._rows_by_fact = {}  # a new one: another thread may be reading the old one
            self._rows_by_fact[kind, text] = found
        return found

    def dated(self) -> BoolArray:
        """Return which rows have a month of release, (n,) bool."""
        return np.asarray(self._months > 0)

    def described(self, rows: IndexArray) -> BoolArray:
        """Return which of some rows have more than a title: an abstract or a remark, (r,) bool."""
        return np.asarray((self._rows["flags"][rows] & _DESCRIBED) != 0)

    def month_numbers(self, rows: IndexArray) -> IntArray:
        """Return the months of some rows, (r,) int64: since year 0, and 0 where there is none."""
        return self._months[rows].astype(np.int64)

    def count_categories(self, chosen: BoolArray | IndexArray | None = None) -> dict[str, int]:
        """Return the number of papers in each category among some rows, in the list's order.

        Args:
            chosen: A mask over all rows, or the numbers of some; None for all.
        """
        if chosen is not None and chosen.dtype != np.bool_:
            rows = self._rows["categories"][chosen]
            bits = np.unpackbits(rows, axis=1, bitorder="little").sum(axis=0)
            return {name: int(bits[number]) for number, name in enumerate(self.categories)}
        # For all rows bit by bit: unpacked, they would be eight times as many bytes.
        columns = self._in_category if chosen is None else self._in_category * chosen
        return {
            name: int(np.count_nonzero(columns[number // 8] & np.uint8(1 << number % 8)))
            for number, name in enumerate(self.categories)
        }

    def count_links(self, passing: BoolArray) -> dict[str, int]:
        """Return the number of papers with a link of each kind among the passing rows."""
        flags = self._rows["flags"][passing]
        return {kind: int(((flags >> number) & 1).sum()) for number, kind in enumerate(LINK_KINDS)}

    def months(self) -> list[str]:
        """Return every month in which a paper was released, as `2025-03`, newest first."""
        numbers = np.unique(self._months[self.dated()])[::-1]
        return [_month_name(int(number)) for number in numbers]

    def count_months(self, passing: BoolArray | None = None) -> tuple[list[str], IntArray]:
        """Count dated papers by month and category, each in the first of its categories.

        Returns:
            Every month from the first to the last, (m,), and counts, (m, categories) int64.
        """
        chosen = self.dated() if passing is None else self.dated() & passing
        months, width = self._months[chosen].astype(np.intp), len(self.categories)
        if not len(months):
            return [], np.zeros((0, width), np.int64)
        first, last = int(months.min()), int(months.max())
        cells = (months - first) * width + self._rows["category"][chosen]
        counts = np.bincount(cells, minlength=(last - first + 1) * width).reshape(-1, width)
        return [_month_name(number) for number in range(first, last + 1)], counts

    def sharing_category(self, row: int, rows: IndexArray) -> BoolArray:
        """Return which of some rows share a category with one row, (r,) bool."""
        bits = self._rows["categories"]
        return np.asarray((bits[rows] & bits[row]).any(axis=1))

    def _in_categories(self, names: Sequence[str]) -> BoolArray:
        wanted = np.zeros(self._rows["categories"].shape[1], dtype=np.uint8)
        for name in names:
            for number in self._meant(name):
                wanted[number // 8] |= 1 << (number % 8)
        passing = np.zeros(len(self), dtype=np.bool_)
        for column in np.flatnonzero(wanted):
            passing |= (self._in_category[column] & wanted[column]) != 0
        return passing

    def _meant(self, name: str) -> list[int]:
        """The numbers of the category of that name, or else of the only one that has it as a part.

        Categories that differ only in case count as one.

        Raises:
            FilterError: There is no such category, or several.
        """
        known, asked = self._by_name, name.strip().casefold()
        fitting = [asked] if asked in known else [each for each in known if asked and asked in each]
        if not fitting:
            raise FilterError(
                f"unknown category {name!r}; this index has {', '.join(self.categories)}"
            )
        if len(fitting) > 1:
            several = ", ".join(self.categories[known[each][0]] for each in fitting)
            raise FilterError(f"{name!r} is a part of several categories; say which of {several}")
        return known[fitting[0]]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """The numbers of categories by their names, case folded."""
        known: dict[str, list[int]] = {}
        for number, name in enumerate(self.categories):
            known.setdefault(name.casefold(), []).append(number)
        return known


def _width(categories: Sequence[str]) -> int:
    """How many bytes have a bit for each category."""
    return max(1, -(-len(categories) // 8))


def _row(width: int) -> list[tuple[Any, ...]]:
    """The dtype of a row with this many bytes of categories."""
    return [
        ("id", np.int64),
        ("month", np.int16),
        ("flags", np.uint16),
        ("category", np.uint16),
        ("categories", np.uint8, (width,)),
    ]


def _age(paper_id: str) -> tuple[bool, str]:
    """A key that sorts the papers of a month by age: arXiv numbers them in order of submission."""
    return paper_id[:1].isdigit(), paper_id


def _month_number(month: str | None) -> int:
    """Months since year 0, or 0 for no month. 16 bits: all years after 2730 count as 2730.

    A year alone counts as its January, as it does in `Filters.since`.
    """
    return min(int(month[:4]) * 12 + int(month[5:7] or "1"), _LAST_MONTH) if month else 0


def _month_name(number: int) -> str:
    year, month = divmod(number - 1, 12)
    return f"{year:04}-{month + 1:02}"


def _flags(paper: Paper) -> int:
    flags = sum(1 << number for number, kind in enumerate(LINK_KINDS) if paper.has(kind))
    flags |= _PROJECT if paper.kind == "project" else 0
    flags |= _GENERATIVE if paper.generative else 0
    return flags | (_DESCRIBED if is_described(paper) else 0)
