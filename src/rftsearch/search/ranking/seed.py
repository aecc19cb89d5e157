"""Seeds: a paper or a text that other papers are compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.papers.documents import paper_terms
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import prose_terms
from rftsearch.types import FloatArray

__all__ = ["Seed"]


@dataclass(frozen=True)
class Seed:
    """A paper or a text to find similar papers for."""

    vector: FloatArray
    """(dimension,) float32 of unit norm: of title and abstract, or of the text."""
    title: FloatArray | None
    """(dimension,) float32 of unit norm; None for a text without a title."""
    terms: Mapping[str, int]
    """Its terms and how often each occurs."""
    row: int | None = None
    """Its row in the attributes of the generation; None if the index does not have it."""
    sentences: FloatArray | None = None
    """(s, dimension) float32, unit rows: of the sentences of someone's own text; else None."""

    @classmethod
    def of_paper(cls, generation: Generation, identifier: int, paper: Paper) -> Self:
        """Make the seed of a paper of the index."""
        own = np.array([identifier])
        row = int(generation.attributes.rank(own)[0])
        [title] = np.asarray(generation.titles[generation.places(own)], np.float32)
        terms = Counter(paper_terms(paper).words)
        return cls(generation.vectors.vector(identifier), title, terms, row)

    @classmethod
    def of_text(
        cls,
        vector: FloatArray,
        text: str,
        title: FloatArray | None = None,
        sentences: FloatArray | None = None,
    ) -> Self:
        """Make the seed of a text from its vector, and from those of its title and sentences."""
        return cls(vector, title, Counter(prose_terms(text)), sentences=sentences)

    def unit_terms(self, generation: Generation) -> dict[str, float]:
        """Return its terms as a unit vector of (1 + ln tf) idf."""
        papers = len(generation.lexical)
        weights = {
            term: (1 + float(np.log(tf)))
            * inverse_frequency(papers, generation.lexical.frequency(term))
            for term, tf in self.terms.items()
        }
        norm = max(float(np.linalg.norm(list(weights.values()))), 1e-9)
        return {term: weight / norm for term, weight in weights.items()}
