"""The parts of a generation that may lie elsewhere than in its folder: what each is asked.

In a folder they are arrays, tantivy and SQLite. Behind an address a vector database answers
in their place; see `rftsearch.index.remote.reading`. What ranks papers sees no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from rftsearch.index.engines.base import Selection
from rftsearch.index.store.history import PastChange, PastGeneration
from rftsearch.index.store.store import Known
from rftsearch.index.tables.facts import Facts
from rftsearch.papers.paper import Paper
from rftsearch.types import FloatArray, IdArray

__all__ = ["PastRecords", "Proposer", "Records", "WordIndex"]


class WordIndex(Facts, Protocol):
    """The terms, names and facts of papers, under stable integer ids.

    Searching is safe from several threads; an index never changes.
    """

    def __len__(self) -> int:
        """Return how many papers there are."""

    def frequency(self, term: str) -> int:
        """Return how many papers have a term."""

    def frequency_of_any(self, forms: tuple[tuple[str, ...], ...]) -> int:
        """Return how many papers have each term of at least one of some forms, each 1 or more."""

    def is_name(self, key: str) -> bool:
        """Return whether a paper has this name; far cheaper than to find out which."""

    def facts_beginning(self, key: str, k: int = 100) -> IdArray:
        """Find at most k papers with the key of a fact that begins so, (r,) int64 ids."""

    def search(
        self, terms: Sequence[str], k: int, allowed: IdArray | None = None
    ) -> tuple[FloatArray, IdArray]:
        """Find the k papers of greatest BM25 for some terms.

        Args:
            terms: Each counts once.
            k: How many to find, 1 or more.
            allowed: (m,) int64 ids that may be found; None for all.

        Returns:
            Scores (r,) float32 in descending order, ids (r,) int64.
        """

    def with_terms(self, terms: Sequence[str]) -> IdArray:
        """Find all papers that have each of some terms, (r,) int64 ids in no order."""

    def named(self, key: str, slips: int = 0) -> IdArray:
        """Find papers with a name that is this key, or differs from it by some slips.

        Args:
            key: Letters and digits without blanks or case.
            slips: How many letters may be added, missing, other or swapped: 0 to 2.

        Returns:
            (r,) int64 ids, at most a hundred.
        """

    def beginning(self, key: str, k: int = 100) -> IdArray:
        """Find at most k papers with a name that begins with letters or digits, (r,) int64 ids."""

    def completing(
        self, terms: Sequence[str], others: Sequence[str], beginning: str, k: int
    ) -> IdArray:
        """Find papers for words while the last one is still being typed; best first.

        Args:
            terms: A paper has all of these,
            others: and one of these, or
            beginning: a term that begins with these letters or digits.
            k: How many to find, 1 or more.

        Returns:
            (r,) int64 ids.
        """


class PastRecords(Protocol):
    """What each generation changed."""

    def generations(self) -> list[PastGeneration]:
        """Return the generations that are known, by ascending number."""

    def changes(self, after: int, until: int | None = None) -> Iterator[PastChange]:
        """Yield what changed after a generation, up to another one, the newest change first."""

    def counts(self) -> dict[int, tuple[int, int, int]]:
        """Return how many papers each generation added, removed and updated."""

    def members(self, generation: int, paper_ids: Iterable[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of those papers that a generation has."""


class Records(Protocol):
    """The records of papers, and what arXiv answered about them.

    Its methods may be called from several threads.
    """

    @property
    def path(self) -> Path:
        """Where they are, for messages."""

    @property
    def history(self) -> PastRecords:
        """What each generation changed."""

    def close(self) -> None:
        """Give back what is held."""

    def members(self, generation: int) -> Iterator[tuple[int, Paper]]:
        """Yield the papers of a generation in ascending order of their integer ids."""

    def papers(self, ids: Iterable[int]) -> dict[int, Paper]:
        """Return the records of integer ids; one that is not there is left out."""

    def titles(self, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the title of integer ids, and the list's if it differs."""

    def headings(self, ids: Sequence[int]) -> dict[int, tuple[str, str, str, str, str, str | None]]:
        """Return id, short name, title, first category, kind and month of integer ids."""

    def find(self, generation: int, paper_id: str) -> list[tuple[int, Paper]]:
        """Return the member of that paper id with its integer id; empty if there is none."""

    def find_all(self, generation: int, ids: Iterable[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of those members, by paper id; others are left out."""

    def live(self, paper_ids: Sequence[str]) -> dict[str, tuple[int, Paper]]:
        """Return integer ids and records of papers that no generation has removed yet."""

    def known(self, ids: Iterable[str]) -> Known:
        """Return what arXiv already answered about these ids."""

    def containing(
        self, generation: int, key: str, limit: int, among: Sequence[int] | None = None
    ) -> list[Paper]:
        """Return members whose folded short name or title contains `key`; names first.

        Args:
            generation: Whose members.
            key: Letters and digits.
            limit: The largest number of them.
            among: Integer ids that are looked at; None for all.
        """


class Proposer(Protocol):
    """Proposes candidates by vectors and by words in one request."""

    def propose(
        self,
        vector: FloatArray,
        weights: Mapping[str, float],
        selections: Sequence[Selection],
        wanted: int,
    ) -> list[IdArray]:
        """Return the candidates under each selection.

        Args:
            vector: (dimension,) float32 of unit norm.
            weights: Terms, and the inverse document frequency of each.
            selections: What may be found, 1 or more.
            wanted: How many to find by the vector, and how many by the terms.

        Returns:
            For each selection (c,) int64 ids, ascending.
        """
