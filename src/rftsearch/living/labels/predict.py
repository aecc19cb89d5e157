"""Predict the categories of papers that nobody labelled, and say why.

>>> engine = rftsearch.Engine.open()
>>> [prediction] = rftsearch.predict_categories(engine, ["A robot learns to grasp. ..."])
>>> prediction.category, prediction.probability, prediction.sure
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from rftsearch.errors import QueryError
from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.headings import own_words
from rftsearch.living.labels.labelled import (
    LabelledPapers,
    read_known,
    read_labelled,
    read_unlabelled,
)
from rftsearch.living.labels.model import LabelModel, categories_of
from rftsearch.living.labels.surface import surface_forms
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.engine import Engine
from rftsearch.text.clean import one_line

__all__ = [
    "CategoryPredictor",
    "Neighbour",
    "PredictedCategories",
    "encode",
    "evidence_of",
    "paper_of_text",
    "predict_categories",
    "predict_unlabelled",
]

_NEIGHBOURS = 3
_WORDS = 5
_LISTED = 3
"""Categories that are shown with their probabilities."""
_AT_ONCE = 512
"""Papers that are predicted together: each needs memory for every labelled one."""
_LONGEST_TITLE = 300
"""Characters up to which the first line of a text is its title."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled paper that is like the one in question."""

    id: str
    short_name: str
    categories: tuple[str, ...]
    nearness: float
    """1 for the same text; 0 for a paper that has nothing in common with it."""


@dataclass(frozen=True, slots=True)
class PredictedCategories:
    """The likely categories of one paper. They are a guess, never a label of the list."""

    categories: tuple[str, ...]
    """Best first; several only where papers of the list have several."""
    probability: float
    """Of the first one, from 0 to 1: of predictions with 0.8, about 80% are right."""
    sure: bool
    """Whether predictions with this probability were nearly always right in this list."""
    likely: tuple[tuple[str, float], ...]
    """The likeliest categories with their probabilities."""
    neighbours: tuple[Neighbour, ...]
    """The labelled papers most like it, nearest first."""
    words: tuple[str, ...]
    """Words of the paper that are more frequent in this category than in others."""

    @property
    def category(self) -> str:
        """Return the first of its categories."""
        return self.categories[0]

    @property
    def reason(self) -> str:
        """Return in one sentence why the paper is thought to belong there."""
        near = ", ".join(f"{one.short_name} ({one.categories[0]})" for one in self.neighbours)
        words = f"; words: {', '.join(self.words)}" if self.words else ""
        return f"most like {near}{words}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values; `predicted` says that it is a guess."""
        return {
            "predicted": True,
            "category": self.category,
            "categories": list(self.categories),
            "probability": round(self.probability, 4),
            "sure": self.sure,
            "likely": [
                {"category": name, "probability": round(share, 4)} for name, share in self.likely
            ],
            "neighbours": [
                {
                    "id": one.id,
                    "short_name": one.short_name,
                    "categories": list(one.categories),
                    "nearness": round(one.nearness, 4),
                }
                for one in self.neighbours
            ],
            "words": list(self.words),
        }


class CategoryPredictor:
    """A model of the categories of one index."""

    def __init__(self, labelled: LabelledPapers, model: LabelModel) -> None:
        """Join labelled papers and the model that was learnt from them."""
        self.labelled, self.model = labelled, model
        self._rows = {paper.id: row for row, paper in enumerate(labelled.papers)}

    @classmethod
    def learn(cls, engine: Engine, labelled: LabelledPapers | None = None) -> CategoryPredictor:
        """Learn from the labelled papers of an index.

        Args:
            engine: The open index.
            labelled: Other papers to learn from; None for all that are labelled.

        Raises:
            UsageError: The index has too few labelled papers, or one category only.
            ModelError, ModelMismatchError: The names of the categories cannot be encoded.
        """
        known = engine.read(read_labelled) if labelled is None else labelled
        categories = categories_of(known.labels)
        names = (
            engine.document_vectors(own_words(categories)) if categories else known.evidence.texts
        )
        return cls(known, LabelModel.fit(known.evidence, known.labels, names))

    @classmethod
    def of(cls, engine: Engine) -> CategoryPredictor:
        """Return the model of an open index; it is learnt once for each generation.

        Raises:
            UsageError, ModelError, ModelMismatchError: See `learn`.
        """
        version = engine.version
        with _learning:
            known = _learnt.get(engine)
            if known is None or known[0] != version:
                known = _learnt[engine] = (version, cls.learn(engine))
        return known[1]

    def predict(self, papers: Sequence[Paper], evidence: Evidence) -> list[PredictedCategories]:
        """Predict the categories of papers; those of labelled ones as if they had no label.

        Args:
            papers: The papers.
            evidence: What is known of them; see `evidence_of`.
        """
        found: list[PredictedCategories] = []
        for start in range(0, len(papers), _AT_ONCE):
            some = range(start, min(start + _AT_ONCE, len(papers)))
            found += self._predict(papers[start : some.stop], evidence.rows(some))
        return found

    def _predict(self, papers: Sequence[Paper], evidence: Evidence) -> list[PredictedCategories]:
        model = self.model
        compared = model.features.compare(evidence)
        words = compared.words.sorted_indices()
        probabilities = model.probabilities(evidence, compared)
        for row, paper in enumerate(papers):
            if (known := self._rows.get(paper.id)) is not None:
                probabilities[row] = model.of_known[known]
        near, nearness = model.neighbours(compared.nearness, _NEIGHBOURS + 1)
        found = []
        for row, paper in enumerate(papers):
            chosen = model.chosen(probabilities[row])
            order = np.argsort(-probabilities[row], kind="stable")[:_LISTED]
            around = (
                (self.labelled.papers[at], self.labelled.labels[at], float(share))
                for at, share in zip(near[row], nearness[row], strict=True)
            )
            neighbours = [
                Neighbour(one.id, one.short_name, labels, share)
                for one, labels, share in around
                if one.id != paper.id
            ]
            places = words.indices[words.indptr[row] : words.indptr[row + 1]]
            terms = model.telling_terms(evidence.heads[row], places, chosen[0], _WORDS)
            best = float(probabilities[row, chosen[0]])
            found.append(
                PredictedCategories(
                    categories=tuple(model.categories[place] for place in chosen),
                    probability=best,
                    sure=best >= model.sure_from,
                    likely=tuple(
                        (model.categories[place], float(probabilities[row, place]))
                        for place in order
                    ),
                    neighbours=tuple(neighbours[:_NEIGHBOURS]),
                    words=surface_forms(f"{paper.title} {paper.abstract}", terms),
                )
            )
        return found


_learning = threading.Lock()
_learnt: WeakKeyDictionary[Engine, tuple[str, CategoryPredictor]] = WeakKeyDictionary()


def predict_categories(
    engine: Engine, papers: Sequence[Paper | str] | Paper | str
) -> list[PredictedCategories]:
    """Predict the categories of papers that nobody labelled, and say why.

    The model is learnt from the labelled papers of the index, once for each build.

    Args:
        engine: The open index.
        papers: Papers or texts, such as a title and an abstract; the first line of a text is
            its title. A single one may be given alone.

    Returns:
        One prediction for each, in their order.

    Raises:
        QueryError: A text is empty.
        UsageError: The index has too few labelled papers, or one category only.
        ModelError, ModelMismatchError: The texts cannot be encoded.
    """
    given = [papers] if isinstance(papers, Paper | str) else list(papers)
    records = [paper_of_text(one) if isinstance(one, str) else one for one in given]
    predictor = CategoryPredictor.of(engine)
    return predictor.predict(records, evidence_of(engine, records)) if records else []


def predict_unlabelled(engine: Engine) -> tuple[list[Paper], list[PredictedCategories]]:
    """Predict the categories of all papers of an index whose source gives them none.

    Raises:
        UsageError, ModelError, ModelMismatchError: See `predict_categories`.
    """
    papers, evidence = engine.read(read_unlabelled)
    return papers, CategoryPredictor.of(engine).predict(papers, evidence) if papers else []


def evidence_of(engine: Engine, papers: Sequence[Paper]) -> Evidence:
    """Return what is known of papers; those that the index lacks are encoded.

    Raises:
        ModelError, ModelMismatchError: They cannot be encoded.
    """
    places, known = engine.read(lambda now: read_known(now, papers))
    others = [place for place in range(len(papers)) if place not in set(places)]
    if not others:
        return known.rows(np.argsort(places))
    new = encode(engine, [papers[place] for place in others])
    return known.joined(new).rows(np.argsort([*places, *others])) if places else new


def encode(engine: Engine, papers: Sequence[Paper]) -> Evidence:
    """Encode papers with the model of an index.

    Raises:
        ModelError, ModelMismatchError: They cannot be encoded.
    """
    texts = [texts_of(paper) for paper in papers]
    vectors = engine.document_vectors([each for one in texts for each in (one.body, one.title)])
    return Evidence.of(papers, vectors[::2], vectors[1::2])


def paper_of_text(text: str) -> Paper:
    """Make a record of a text: its first line or sentence is the title, the rest the abstract.

    Raises:
        QueryError: It is empty.
    """
    stripped = text.strip()
    if not stripped:
        raise QueryError("the text is empty; give a title and an abstract")
    first, _, rest = stripped.partition("\n")
    if not rest.strip() or len(first) > _LONGEST_TITLE:
        first, stop, rest = stripped.partition(". ")
        first += stop.strip()
    title, abstract = one_line(first), one_line(rest)
    return Paper(
        id="text",
        short_name=title,
        title=title,
        categories=("text",),
        metadata=ArxivMetadata(arxiv_id="", title=title, abstract=abstract),
    )
