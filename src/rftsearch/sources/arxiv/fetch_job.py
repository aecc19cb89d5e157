"""Which ids one fetch has still to ask arXiv for, and what is known of the others."""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rftsearch.papers.paper import ArxivMetadata
from rftsearch.sources.arxiv.transport import AnswerError
from rftsearch.types import Progress

__all__ = ["BATCH", "FetchJob", "Fetched", "OnBatch"]

BATCH = 150
"""Ids in one request: a URL of some 2,000 characters; arXiv refuses one of about 640 ids."""

_LOOKS = 2
"""Good answers without anything new, after which arXiv is said not to have the other ids."""

_LOOKS_ALONE = 3
"""Empty answers to a single id, after which arXiv is said not to have it."""

OnBatch = Callable[[Sequence[ArxivMetadata]], None]


@dataclass(frozen=True)
class Fetched:
    """What came of asking arXiv for some ids.

    Each id is in exactly one of the first four; in the first three it is written as
    `parse_arxiv_id` writes it.
    """

    metadata: Mapping[str, ArxivMetadata] = field(default_factory=dict)
    """What arXiv has, by id, in the order asked for."""
    unknown: tuple[str, ...] = ()
    """arXiv answered, and has no such paper."""
    missing: tuple[str, ...] = ()
    """Never answered; asking again later may bring them."""
    malformed: tuple[str, ...] = ()
    """Not arXiv ids, as they were given; never sent."""
    error: str | None = None
    """Why it stopped before every id was answered, in one line."""
    cut: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What of a paper was too long and left out, one sentence each, by id."""


class FetchJob:
    """Which ids are still to be asked for, and what is known of the others.

    arXiv leaves out silently what it does not have, and now and then what it has.
    So the ids that an answer lacks are asked for again, together with one that arXiv
    is known to have. While that brings others, the answers are merely short; if only
    the known one comes, the others are unknown. An empty answer says little
    while nothing is known: it is narrowed down, like a refusal, to ids asked for alone.
    """

    def __init__(
        self, wanted: tuple[str, ...], progress: Progress | None, on_batch: OnBatch | None
    ) -> None:
        """Begin with all ids open; see `ArxivClient.fetch` for the arguments."""
        self._wanted = wanted
        self._progress = progress or (lambda *_: None)
        self._on_batch = on_batch or (lambda _: None)
        self._queue = deque(_batches(wanted))
        self._doubtful: list[str] = []
        self._looks: Counter[str] = Counter()
        self._found: dict[str, ArxivMetadata] = {}
        self._unknown: set[str] = set()
        self.cut: dict[str, tuple[str, ...]] = {}
        self._report()

    def next(self) -> tuple[str, ...]:
        """Return the ids to ask for now; none when all are answered."""
        if not self._queue:
            self._queue.extend(_batches(self._doubtful))
            self._doubtful = []
        if not self._queue:
            return ()
        return self._queue.popleft() + tuple(itertools.islice(self._found, 1))

    @property
    def answered(self) -> int:
        """Return how many ids need not be asked for any more."""
        return len(self._found) + len(self._unknown)

    def take(self, asked: tuple[str, ...], answer: Mapping[str, ArxivMetadata]) -> None:
        """Note a good answer, which holds at least one of the ids asked for."""
        batch = self._open(asked)
        new = {arxiv_id: answer[arxiv_id] for arxiv_id in batch if arxiv_id in answer}
        self._found |= new
        if new:
            self._on_batch(tuple(new.values()))
        for arxiv_id in self._open(batch):
            self._looks[arxiv_id] += not new
            if self._looks[arxiv_id] < _LOOKS:
                self._doubtful.append(arxiv_id)
            else:
                self._unknown.add(arxiv_id)
        self._report()

    def fail(self, asked: tuple[str, ...], trouble: AnswerError) -> bool:
        """Decide how to go on after a failure.

        Returns:
            Whether to ask the same again, after a pause that grows each time.

        Raises:
            AnswerError: `trouble`, if there is no way to go on.
        """
        batch = self._open(asked)
        if trouble.culprit in batch:
            self._unknown.add(trouble.culprit)
            self._queue.extendleft(_batches(self._open(batch)))
        elif not (trouble.refused or (trouble.empty and not self._found)):
            self._queue.appendleft(batch)
            return True
        elif len(batch) > 1:
            # To the end of the queue: the sound halves are answered first.
            middle = len(batch) // 2
            self._queue.extend((batch[:middle], batch[middle:]))
        elif trouble.empty and self._looks[batch[0]] + 1 < _LOOKS_ALONE:
            self._looks.update(batch)
            self._queue.appendleft(batch)
        elif trouble.empty or self._found:
            self._unknown.update(batch)
        elif self._queue:
            # Is it this id that arXiv refuses, or any request? The others will show.
            self._doubtful.extend(batch)
        else:
            raise trouble
        self._report()
        return False

    def result(self, malformed: tuple[str, ...], error: str | None) -> Fetched:
        """Return what is known by now."""
        return Fetched(
            metadata={i: self._found[i] for i in self._wanted if i in self._found},
            unknown=tuple(i for i in self._wanted if i in self._unknown),
            missing=self._open(self._wanted),
            malformed=malformed,
            error=error,
            cut=self.cut,
        )

    def _open(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if i not in self._found and i not in self._unknown)

    def _report(self) -> None:
        self._progress("fetch", self.answered, len(self._wanted))


def _batches(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(ids), BATCH):
        yield tuple(ids[start : start + BATCH])
