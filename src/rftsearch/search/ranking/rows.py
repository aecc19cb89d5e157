"""What scoring reads of candidates: their vectors and their terms.

A short list is read once and kept; of a large collection only the candidates are read.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.forward_index import TermTable, weight_of
from rftsearch.index.tables.rows import in_single, rows_of, runs_of
from rftsearch.search.ranking.numeric import TermRows
from rftsearch.types import FloatArray, IdArray, IndexArray, RecordArray

__all__ = ["read_terms", "read_title_vectors", "read_vectors"]


def read_vectors(generation: Generation, ids: IdArray) -> FloatArray:
    """Return the vectors of ascending ids, (c, dimension) float32."""
    if len(ids) == len(generation.vectors):
        return generation.every_vector
    return generation.vectors.vectors(ids)


def read_title_vectors(generation: Generation, places: IndexArray) -> FloatArray:
    """Return the vectors of titles at ascending places, (c, dimension) float32."""
    if len(places) == len(generation.titles):
        return generation.every_title
    return in_single(rows_of(generation.titles, places))


def read_terms(terms: TermTable, places: IndexArray, *, once: bool = False) -> TermRows:
    """Return the terms of papers at some places.

    Args:
        terms: Unigrams or bigrams.
        places: (p,), ascending.
        once: Whether weights are read only once; then only the weights that are asked
            for are read, instead of all of these papers.
    """
    table, places = terms.held(places)
    if len(places) == len(terms):
        return TermRows(
            terms=table.everything,
            ends=table.offsets[1:],
            weight=lambda name, entries, _: table.every(name)[entries],
            every_owner=table.owners,
            by_term=table.by_term,
            in_order=table.in_order,
        )
    begins, ends = table.offsets[places], table.offsets[places + 1]
    here = np.cumsum(ends - begins)  # Where each paper ends among the entries that are read.

    def one_by_one(name: str, entries: IndexArray, papers: IndexArray) -> FloatArray:
        return table.column(name, entries + (ends - here)[papers])

    @cache
    def every() -> RecordArray:
        return runs_of(table.weights, begins, ends)

    def all_at_once(name: str, entries: IndexArray, _: IndexArray) -> FloatArray:
        return weight_of(every()[entries], name)

    return TermRows(
        terms=runs_of(table.terms, begins, ends),
        ends=here,
        weight=one_by_one if once or table.in_memory else all_at_once,
    )
