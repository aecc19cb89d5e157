"""The records of papers, read from a collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from rftsearch.errors import IndexDamagedError, UsageError
from rftsearch.index.engines.parts import PastRecords
from rftsearch.index.remote import layout
from rftsearch.index.remote.reading.conditions import every_of, is_any
from rftsearch.index.remote.reading.points import Points
from rftsearch.index.store.lru import RecentById
from rftsearch.index.store.record_json import paper_from_json
from rftsearch.index.store.store import Known
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import fold_name

__all__ = ["RemoteRecords"]

_PAPERS_KEPT = 1_000
"""How many parsed records are kept, as of a store."""
_HEADINGS_KEPT = 20_000
"""How many headings are kept: all of a map."""
_IDS_AT_ONCE = 1_000

Heading = tuple[str, str, str, str, str, str | None]


class RemoteRecords:
    """The records of a collection: `Records`."""

    def __init__(self, points: Points, path: Path) -> None:
        """Read records.

        Args:
            points: The collection.
            path: The folder of the small files of the index.
        """
        self._points = points
        self.path = path
        self._papers: RecentById[Paper] = RecentById(_PAPERS_KEPT)
        self._headings: RecentById[Heading] = RecentById(_HEADINGS_KEPT)

    @property
    def history(self) -> PastRecords:
        """Raise: what changed is kept where the index is built.

        Raises:
            UsageError: Always.
        """
        raise UsageError(
            "what changed is kept where the index is built, not on the server; give that folder "
            "with --index"
        )

    def close(self) -> None:
        """Close the client."""
        self._points.remote.close()

    def members(self, generation: int) -> Iterator[tuple[int, Paper]]:  # noqa: ARG002 - there is one
        """Yield all papers in ascending order of their integer ids."""
        for identifier, text in self._points.every_record():
            yield identifier, self._parsed(identifier, text)

    def papers(self, ids: Iterable[int]) -> dict[int, Paper]:
        """Return the records of integer ids; one that is not there is left out."""
        return self._papers.get([int(one) for one in ids], self._read)

    def titles(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the title of integer ids, and the list's if it differs."""
        papers = self.papers(ids)
        return {
            one: tuple(filter(None, (paper.title, paper.listed_title)))
            for one, paper in papers.items()
        }

    def headings(self, ids: Sequence[int]) -> dict[int, Heading]:
        """Return id, short name, title, first category, kind and month of integer ids."""
        return self._headings.get(ids, self._read_headings)

    def find(self, generation: int, paper_id: str) -> list[tuple[int, Paper]]:  # noqa: ARG002 - there is one
        """Return the member of that paper id with its integer id; empty if there is none."""
        return self._where(layout.PAPER_ID, [paper_id])

    def find_all(self, generation: int, ids: Iterable[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of those members, by paper id; others are left out."""
        del generation  # There is one.
        return self.live(list(ids))

    def live(self, paper_ids: Sequence[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of papers by their paper ids."""
        found: dict[str, tuple[int, Paper]] = {}
        for at in range(0, len(paper_ids), _IDS_AT_ONCE):
            some = self._where(layout.PAPER_ID, paper_ids[at : at + _IDS_AT_ONCE])
            found |= {paper.id: (identifier, paper) for identifier, paper in some}
        return found

    def known(self, ids: Iterable[str]) -> Known:
        """Return what arXiv answered about ids of papers that are here."""
        found = {
            paper.arxiv_id: paper
            for wanted in [list(ids)]
            for at in range(0, len(wanted), _IDS_AT_ONCE)
            for _, paper in self._where(layout.ARXIV, wanted[at : at + _IDS_AT_ONCE])
            if paper.arxiv_id
        }
        return Known(
            {one: paper.metadata for one, paper in found.items() if paper.metadata},
            frozenset(one for one, paper in found.items() if paper.unknown_to_arxiv),
        )

    def containing(
        self, generation: int, key: str, limit: int, among: Sequence[int] | None = None
    ) -> list[Paper]:
        """Return members whose folded short name or title contains `key`; see `Records`."""
        del generation  # There is one.
        keys = self._keys if among is None else self._keys_of(among)
        found = sorted(
            (name.find(key) < 0, name.find(key), name, title.find(key), identifier)
            for identifier, name, title in keys
            if key in name or key in title
        )
        ids = [one[-1] for one in found[:limit]]
        papers = self.papers(ids)
        return [papers[one] for one in ids]

    @cached_property
    def _keys(self) -> list[tuple[int, str, str]]:
        """Integer id and folded name and title of all papers; asked for short lists alone."""
        return [
            (identifier, fold_name(paper.short_name), fold_name(paper.title))
            for identifier, paper in self.members(0)
        ]

    def _keys_of(self, ids: Sequence[int]) -> list[tuple[int, str, str]]:
        papers = self.papers(ids)
        return [
            (identifier, fold_name(paper.short_name), fold_name(paper.title))
            for identifier, paper in papers.items()
        ]

    def _where(self, field: str, values: Sequence[str]) -> list[tuple[int, Paper]]:
        if not values:
            return []
        ids = self._points.found_where(every_of(is_any(field, values))).tolist()
        papers = self.papers(ids)
        return [(one, papers[one]) for one in ids if one in papers]

    def _read(self, ids: Sequence[int]) -> dict[int, Paper]:
        return {one: self._parsed(one, text) for one, text in self._points.records(ids).items()}

    def _read_headings(self, ids: Sequence[int]) -> dict[int, Heading]:
        return {
            one: (
                paper.id,
                paper.short_name,
                paper.title,
                paper.category,
                paper.kind,
                paper.released,
            )
            for one, paper in self._read(ids).items()
        }

    def _parsed(self, identifier: int, text: str) -> Paper:
        try:
            return paper_from_json(text)
        except ValueError as error:
            raise IndexDamagedError(
                f"the record of paper {identifier} in {self._points.collection} cannot be read; "
                "`rftsearch build --repair` on the index it was published from writes it again"
            ) from error
