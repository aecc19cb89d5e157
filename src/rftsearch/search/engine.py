"""The engine: questions in, papers out."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
from rapidfuzz import fuzz, process

from rftsearch.errors import IndexDamagedError, QueryError, UnknownPaperError
from rftsearch.index.encoders import BoolArray, Encoder, FloatArray, SentenceTransformerEncoder
from rftsearch.index.generation import Generation, check_model
from rftsearch.index.location import default_index
from rftsearch.index.manifest import MANIFEST
from rftsearch.index.status import Status, missing_abstracts, read_status
from rftsearch.index.store import fold_name
from rftsearch.index.vectors import IdArray
from rftsearch.records import Filters, Hit, Paper, Results, parse_arxiv_id
from rftsearch.search.ranking import top

__all__ = ["Engine"]

Answer = TypeVar("Answer")


class Engine:
    """Answers questions from an index; several threads may share one.

    An index that is built anew while the engine runs is picked up at the next
    question. The embedding model is loaded at the first question in words;
    papers like a known paper need none.
    """

    def __init__(self, path: Path, encoder: Encoder | None = None) -> None:
        """Use `Engine.open`, which takes the default index where none is named."""
        self.path = path
        self._given = encoder
        self._encoder: Encoder | None = None
        self._reloading = threading.Lock()
        self._loading_model = threading.Lock()
        self._seen = self._stamp()
        self._generation = self._load()

    @classmethod
    def open(cls, path: str | Path | None = None, *, encoder: Encoder | None = None) -> Self:
        """Open an index.

        Args:
            path: Its folder; None for the one `default_index` names.
            encoder: What encodes queries; None for the model the index was built with.

        Raises:
            IndexMissingError, IndexDamagedError, IndexFormatError: It cannot be used.
            ModelMismatchError: `encoder` is not the one that built it.
        """
        return cls(default_index() if path is None else Path(path).expanduser(), encoder)

    def close(self) -> None:
        """Let go of the index; the engine must not be used afterwards."""
        self._generation.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

    # --- questions ---

    def search(self, query: str, k: int = 10, filters: Filters | None = None) -> Results:
        """Find the papers that answer a question or fit a description.

        Args:
            query: Free text.
            k: How many papers at the most, 1 or more.
            filters: What the answer may contain.

        Returns:
            Hits by descending cosine similarity; equals newest first.

        Raises:
            QueryError: The query is empty, or k is below 1.
            FilterError: A category that no paper has.
            ModelError, ModelMismatchError: The query cannot be encoded.
        """
        text = _clean(query)
        if not text:
            raise QueryError("the query is empty; type what the papers should be about")
        _check_count(k)

        def answer(generation: Generation) -> Results:
            # Filters first: a mistake in them must not wait for a model to load.
            scope = _Scope.of(generation, filters)
            return _nearest(generation, self._encode(generation, text), k, scope)

        return self._answer(answer)

    def similar(self, paper: str, k: int = 10, filters: Filters | None = None) -> Results:
        """Find papers like one of the index, which is never among them.

        Args:
            paper: Its id, its arXiv id or URL in any form, its short name or title.
            k: How many papers at the most, 1 or more.
            filters: What the answer may contain.

        Raises:
            UnknownPaperError: The index has no such paper; names what comes close.
            QueryError: k is below 1, or nothing was named.
            FilterError: A category that no paper has.
        """
        _check_count(k)

        def answer(generation: Generation) -> Results:
            scope = _Scope.of(generation, filters)
            identifier, seed, notes = _resolve(generation, paper)
            vector = generation.vectors.vector(identifier)
            found = _nearest(generation, vector, k, scope, without={identifier})
            if seed.abstract_state == "pending":
                notes = (*notes, f"the abstract of {seed.short_name} is not fetched yet")
            return replace(found, notes=(*notes, *found.notes))

        return self._answer(answer)

    # --- looking things up ---

    def paper(self, reference: str) -> Paper:
        """The paper of an id, an arXiv URL in any form, a short name or a title.

        Raises:
            UnknownPaperError: The index has no such paper; names what comes close.
            QueryError: Nothing was named.
        """
        return self._answer(lambda generation: _resolve(generation, reference)[1])

    def papers(self, filters: Filters | None = None, limit: int | None = None) -> list[Paper]:
        """The papers that pass, newest first, undated last.

        Raises:
            FilterError: A category that no paper has.
        """

        def answer(generation: Generation) -> list[Paper]:
            ids = _Scope.of(generation, filters).ids(generation)
            return _records(generation, (generation.attributes.ids if ids is None else ids)[:limit])

        return self._answer(answer)

    def suggest(self, text: str, limit: int = 10) -> list[Paper]:
        """Papers whose short name or title contains what was typed; names first."""
        key = fold_name(text)
        if not key:
            return []
        return self._answer(
            lambda generation: generation.store.containing(generation.number, key, limit)
        )

    def categories(self, filters: Filters | None = None) -> dict[str, int]:
        """Papers per category among those that pass, in the list's order."""
        return self._answer(
            lambda generation: generation.attributes.count_categories(
                _Scope.of(generation, filters).passing
            )
        )

    def status(self) -> Status:
        """The figures of the index."""
        return read_status(self.path)

    # --- keeping up with the index ---

    def _answer(self, ask: Callable[[Generation], Answer]) -> Answer:
        for _ in range(3):
            generation = self._current()
            try:
                return ask(generation)
            except _RowsGoneError:
                # Two builds went by during the question; ask the newest generation.
                continue
        raise IndexDamagedError(
            f"records are missing from the store in {self.path}; `rftsearch build` makes them anew"
        )

    def _current(self) -> Generation:
        stamp = self._stamp()
        if stamp is not None and stamp != self._seen:
            with self._reloading:
                if stamp != self._seen:
                    self._generation = self._load()
                    self._seen = stamp
        return self._generation

    def _load(self) -> Generation:
        generation = Generation.open(self.path)
        try:
            if self._given is not None:
                check_model(generation.manifest, self._given)
        except BaseException:
            generation.close()
            raise
        # Closed when the last question that is still using it is answered.
        weakref.finalize(generation, generation.store.close)
        return generation

    def _stamp(self) -> tuple[int, int] | None:
        """What tells one manifest from another; None while there is none."""
        try:
            status = (self.path / MANIFEST).stat()
        except OSError:
            return None
        return (status.st_ino, status.st_mtime_ns)

    def _encode(self, generation: Generation, text: str) -> FloatArray:
        if self._given is not None:
            return _one(self._given, text)
        with self._loading_model:
            if self._encoder is None or not _made_for(self._encoder, generation):
                model = generation.manifest.model
                loaded = SentenceTransformerEncoder(
                    model.name, known=(model.fingerprint, model.stamps)
                )
                check_model(generation.manifest, loaded)
                self._encoder = loaded
            encoder = self._encoder
        return _one(encoder, text)


class _RowsGoneError(Exception):
    """The store no longer has a version that a generation names."""


def _one(encoder: Encoder, query: str) -> FloatArray:
    """The vector of one query, (dimension,) float32."""
    vectors = encoder.encode_queries([query])
    return vectors.reshape(-1)


def _made_for(encoder: Encoder, generation: Generation) -> bool:
    return encoder.fingerprint == generation.manifest.model.fingerprint


def _clean(text: str) -> str:
    """One line of valid Unicode: lone surrogates have no bytes to encode."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _check_count(k: int) -> None:
    if k < 1:
        raise QueryError(f"cannot return {k} papers; ask for 1 or more")


@dataclass(frozen=True)
class _Scope:
    """What of a generation may be in an answer."""

    passing: BoolArray | None
    """Which rows of its attributes; None for all of them."""
    undated: int
    """Works left out only because they have no month."""

    @classmethod
    def of(cls, generation: Generation, filters: Filters | None) -> Self:
        if not filters:
            return cls(None, 0)
        attributes = generation.attributes
        undated = 0
        if filters.dated:
            otherwise = attributes.mask(replace(filters, since=None, until=None))
            undated = int((otherwise & ~attributes.dated()).sum())
        return cls(attributes.mask(filters), undated)

    def ids(self, generation: Generation) -> IdArray | None:
        if self.passing is None:
            return None
        return generation.attributes.ids[self.passing]

    def notes(self) -> tuple[str, ...]:
        if not self.undated:
            return ()
        works = "1 undated work lies" if self.undated == 1 else f"{self.undated} undated works lie"
        return (f"{works} outside any range of months",)


def _nearest(
    generation: Generation,
    vector: FloatArray,
    k: int,
    scope: _Scope,
    without: Collection[int] = (),
) -> Results:
    """The papers nearest to a vector, seeds left out."""
    attributes = generation.attributes
    allowed = scope.ids(generation)
    # Seeds are searched for and dropped: cheaper than a selector over all the rest.
    scores, ids = top(
        lambda wanted: generation.vectors.search(vector, wanted, allowed),
        attributes.rank,
        k + len(without),
    )
    kept = ~np.isin(ids, list(without))
    scores, ids = scores[kept][:k], ids[kept][:k]
    papers = _records(generation, ids)
    return Results(
        hits=tuple(Hit(paper, float(score)) for paper, score in zip(papers, scores, strict=True)),
        notes=(*missing_abstracts(generation.manifest), *scope.notes()),
        facets=attributes.count_categories(scope.passing),
    )


def _records(generation: Generation, ids: IdArray) -> list[Paper]:
    wanted = [int(identifier) for identifier in ids]
    papers = generation.store.papers(wanted)
    if len(papers) < len(wanted):
        raise _RowsGoneError
    return [papers[identifier] for identifier in wanted]


def _resolve(generation: Generation, reference: str) -> tuple[int, Paper, tuple[str, ...]]:
    """The paper that a reference means, and what to say where it is ambiguous."""
    text = _clean(reference)
    if not text:
        raise QueryError("no paper was named; give an id, an arXiv URL or a short name")
    paper_id = parse_arxiv_id(text) or text
    found = generation.store.find(generation.number, paper_id=paper_id, key=fold_name(text))
    if not found:
        raise UnknownPaperError(text, _suggestions(generation, text))
    order = generation.attributes.rank(np.array([identifier for identifier, _ in found]))
    if len(found) > 1 and found[0][1].id != paper_id:
        newest_first = [found[position] for position in np.argsort(order)]
        others = ", ".join(paper.id for _, paper in newest_first[1:])
        identifier, paper = newest_first[0]
        note = (
            f"{len(found)} works are called {text}; this is {paper.id}, the newest; also {others}"
        )
        return identifier, paper, (note,)
    return (*found[0], ())


def _suggestions(generation: Generation, text: str) -> tuple[str, ...]:
    names = generation.store.short_names(generation.number)
    close = process.extract(
        text, names, scorer=fuzz.WRatio, processor=str.casefold, limit=3, score_cutoff=60
    )
    return tuple(dict.fromkeys(name for name, _, _ in close))
