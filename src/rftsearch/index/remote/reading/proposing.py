"""Candidates of a question: one request proposes them by meaning and by words.

Vectors and terms of the candidates come along, packed, so that scoring asks for nothing more.
Under several selections, as where the choices of filters are counted, the answer for
the first brings them; of the others only ids come, and what is missing is read in one
request afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rftsearch.index.engines.base import Selection
from rftsearch.index.remote import layout
from rftsearch.index.remote.reading.conditions import condition_of
from rftsearch.index.remote.reading.points import PARTS, Points
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.facts import Facts
from rftsearch.index.tables.forward_index import number_of
from rftsearch.types import FloatArray, IdArray

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = ["Asked", "RemoteProposer", "sparse_of"]

_MORE = 4
"""Times as many are asked for if too few of what is found may be found."""
_TIES = 16
"""So many more than are wanted are asked for, or a sixteenth: of those with the score of the
last one the lowest ids are taken, as FAISS and tantivy do, whatever order a server has."""
_OVERSAMPLING = 3.0
"""Times as many vectors are scored again as are wanted, where they are compressed."""


@dataclass(frozen=True)
class Asked:
    """One of the questions of a request."""

    query: Any
    """A dense vector as a list, or a sparse one."""
    using: str
    """The name of the vectors that are compared."""
    selection: Selection
    wanted: int
    parts: tuple[str, ...] = PARTS
    """What comes along of the payload."""


class RemoteProposer:
    """Finds candidates on the server: a `Proposer`."""

    def __init__(self, points: Points, attributes: Attributes, facts: Facts) -> None:
        """Search a collection.

        Args:
            points: The collection.
            attributes: What filters are asked with.
            facts: Knows the keys of authors and venues.
        """
        self._points = points
        self._attributes = attributes
        self._facts = facts

    def propose(
        self,
        vector: FloatArray,
        weights: Mapping[str, float],
        selections: Sequence[Selection],
        wanted: int,
    ) -> list[IdArray]:
        """Return the candidates under each selection; see `Proposer.propose`."""
        every = self._attributes.sorted_ids
        found: list[IdArray] = []
        asked: list[Asked] = []
        for number, selection in enumerate(selections):
            allowed = every if selection.ids is None else selection.ids
            if len(allowed) <= 2 * wanted:
                found.append(np.sort(allowed))
                continue
            parts = PARTS if number == 0 else ()
            own = [Asked(vector.tolist(), layout.TEXT, selection, wanted, parts)]
            if weights:
                own.append(Asked(sparse_of(weights), layout.WORDS, selection, wanted, parts))
            asked += own
            found.append(np.empty(0, np.int64))
        answers = iter(self.answers(asked))
        for number, selection in enumerate(selections):
            allowed = every if selection.ids is None else selection.ids
            if len(allowed) > 2 * wanted:
                own_ids = [next(answers)[1] for _ in range(2 if weights else 1)]
                found[number] = np.unique(np.concatenate(own_ids))
        # All that scoring will read, in one request instead of one for each kind.
        self._points.rows(np.unique(np.concatenate(found)).tolist())
        return found

    def nearest(
        self, vector: FloatArray, k: int, selection: Selection
    ) -> tuple[FloatArray, IdArray]:
        """Find the k nearest texts; see `VectorIndex.search`."""
        k = min(k, selection.count(len(self._attributes)))
        if k <= 0:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        asked = Asked(vector.tolist(), layout.TEXT, selection, k, ())
        return self.answers([asked])[0]

    def by_words(
        self, weights: Mapping[str, float], k: int, selection: Selection
    ) -> tuple[FloatArray, IdArray]:
        """Find the k papers of greatest BM25; their records come along.

        Args:
            weights: Terms, and the inverse document frequency of each.
            k: How many to find, 1 or more.
            selection: What may be found.
        """
        if not weights:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        parts = (layout.RECORD,)
        asked = Asked(sparse_of(weights), layout.WORDS, selection, k, parts)
        return self.answers([asked])[0]

    def answers(self, asked: Sequence[Asked]) -> list[tuple[FloatArray, IdArray]]:
        """Answer several questions by one request; by more where too little may be found.

        Returns:
            For each question scores (r,) float32 in descending order and ids (r,) int64; r is
            smaller than was wanted only if no more may be found.
        """
        found: list[tuple[FloatArray, IdArray]] = [(np.empty(0, np.float32),) * 2] * len(asked)  # type: ignore[list-item]  # replaced below
        limits = [each.wanted + max(_TIES, each.wanted // _TIES) for each in asked]
        open_ones = list(range(len(asked)))
        while open_ones:
            requests = [self._request(asked[each], limits[each]) for each in open_ones]
            responses = self._points.ask(
                lambda client, name, requests=requests: client.query_batch_points(name, requests)  # type: ignore[misc]
            )
            still: list[int] = []
            for each, response in zip(open_ones, responses, strict=True):
                one = asked[each]
                if one.parts:
                    self._points.keep(response.points)
                scores, ids = _in_order(response.points)
                kept = _allowed(ids, one.selection)
                enough = kept.sum() >= one.wanted or len(ids) < limits[each]
                if not enough:
                    limits[each] *= _MORE
                    still.append(each)
                found[each] = scores[kept][: one.wanted], ids[kept][: one.wanted]
            open_ones = still
        return found

    def _request(self, asked: Asked, limit: int) -> models.QueryRequest:
        from qdrant_client import models  # noqa: PLC0415 - an extra

        papers = len(self._attributes)
        return models.QueryRequest(
            query=asked.query,
            using=asked.using,
            filter=condition_of(asked.selection, self._attributes, self._facts),
            params=self._parameters(papers),
            limit=min(limit, papers),
            with_payload=list(asked.parts) or False,
            with_vector=False,
        )

    def _parameters(self, papers: int) -> models.SearchParams | None:
        """Return how a server searches; in local mode all is exact."""
        from qdrant_client import models  # noqa: PLC0415 - an extra

        if self._points.remote.address.is_local:
            return None
        if not layout.halves(papers):
            return models.SearchParams(exact=True)
        rescored = models.QuantizationSearchParams(rescore=True, oversampling=_OVERSAMPLING)
        return models.SearchParams(quantization=rescored)


def sparse_of(weights: Mapping[str, float]) -> models.SparseVector:
    """Return terms with their weights as a sparse vector; two terms may share a number."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    numbered: dict[int, float] = {}
    for term, weight in weights.items():
        numbered[number_of(term)] = weight
    order = sorted(numbered)
    return models.SparseVector(indices=order, values=[numbered[number] for number in order])


def _in_order(points: Sequence[models.ScoredPoint]) -> tuple[FloatArray, IdArray]:
    """Return scores and ids, equals by ascending id, whatever order a server has for them."""
    scores = np.array([point.score for point in points], np.float32)
    ids = np.array([point.id for point in points], np.int64)
    order = np.lexsort((ids, -scores))
    return scores[order], ids[order]


def _allowed(ids: IdArray, selection: Selection) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if selection.ids is not None:
        return np.isin(ids, selection.ids)
    if selection.excluded is not None:
        return np.asarray(~np.isin(ids, selection.excluded))
    return np.ones(len(ids), np.bool_)
