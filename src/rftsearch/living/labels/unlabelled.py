"""Predicted categories for the papers of an answer that nobody labelled.

Papers keep their predictions until the index changes: each is predicted once for each
generation, from the vectors that the index has. A paper or a text that the index lacks is
predicted from the vectors that were made for the question about it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from rftsearch.errors import ModelError, ModelMismatchError, UsageError
from rftsearch.index.generations.generation import Generation
from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.labelled import labels_of, read_known
from rftsearch.papers.documents import texts_of
from rftsearch.papers.paper import Paper, PredictedCategory
from rftsearch.papers.results import Hit, Results
from rftsearch.search.engine import Engine
from rftsearch.search.retriever import Retriever

__all__ = ["predicted", "predicted_anywhere", "predicted_outside", "with_predictions"]

_AT_ONCE = 256
"""Papers that are predicted together: the work needs memory for each pair of a paper and a
labelled one."""

Guesses = tuple[PredictedCategory, ...]


class _Predictions:
    """What is predicted for the papers of one generation."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.of: dict[str, Guesses] = {}
        """By id of the paper; none where nothing can be learnt."""
        self.hopeless = False
        """Whether nothing can be learnt."""


_lock = threading.Lock()
_known: WeakKeyDictionary[Engine, _Predictions] = WeakKeyDictionary()


def _predictions(engine: Engine) -> _Predictions:
    version = engine.version
    with _lock:
        known = _known.get(engine)
        if known is None or known.version != version:
            known = _known[engine] = _Predictions(version)
    return known


def predicted(engine: Engine, papers: Sequence[Paper]) -> list[Paper]:
    """Return papers, those that nobody labelled with their predicted categories.

    Nothing is predicted where the index has too few labelled papers to learn from, or its
    model cannot be loaded.

    Args:
        engine: The open index.
        papers: Papers of the index; those that it lacks stay as they are.
    """
    unlabelled = {paper.id: paper for paper in papers if not labels_of(paper)}
    if not unlabelled:
        return list(papers)
    known = _predictions(engine)
    missing = [paper for paper in unlabelled.values() if paper.id not in known.of]
    for start in range(0, 0 if known.hopeless else len(missing), _AT_ONCE):
        some = missing[start : start + _AT_ONCE]
        places, evidence = _of_index(engine, some)
        there = [some[place] for place in places]
        found = _predict(engine, known, there, lambda evidence=evidence: evidence)  # type: ignore[misc]
        known.of |= {paper.id: one for paper, one in zip(there, found, strict=False)}
    return [
        replace(paper, predicted=known.of.get(paper.id, ())) if paper.id in unlabelled else paper
        for paper in papers
    ]


def predicted_anywhere(engine: Engine, paper: Paper) -> Paper:
    """Return a paper with its predicted categories, whether or not the index has it.

    Raises:
        ModelError, ModelMismatchError: See `predicted_outside`.
    """
    [known] = predicted(engine, [paper])
    if labels_of(paper) or known.predicted or _of_index(engine, [paper])[0]:
        return known
    return predicted_outside(engine, paper)


def _of_index(engine: Engine, papers: Sequence[Paper]) -> tuple[list[int], Evidence]:
    def known(now: Generation) -> tuple[list[int], Evidence]:
        return read_known(now, papers)

    return engine.read(known)


def with_predictions(engine: Engine, results: Results) -> Results:
    """Return results, the papers that nobody labelled with their predicted categories."""
    papers = predicted(engine, [hit.paper for hit in results.hits])
    hits: Iterable[Hit] = (
        replace(hit, paper=paper) if paper is not hit.paper else hit
        for hit, paper in zip(results.hits, papers, strict=True)
    )
    return replace(results, hits=tuple(hits))


def predicted_outside(engine: Engine, paper: Paper, *, text: str | None = None) -> Paper:
    """Return a paper that the index lacks, with its predicted categories.

    Its vectors are those that a question for papers like it has made, if there was one; a
    text has one vector, which stands for that of its title as well.

    Args:
        engine: The open index.
        paper: The paper; of a text, a record of it.
        text: The text as it was asked; None for a paper.

    Raises:
        ModelError, ModelMismatchError: It cannot be encoded.
    """

    def evidence() -> Evidence:
        def ask(own: Retriever, now: Generation) -> Evidence:
            texts = texts_of(paper)
            body = own.encoder.document_vector(now, texts.body if text is None else text)
            title = body if text is not None else own.encoder.document_vector(now, texts.title)
            return Evidence.of([paper], np.stack([body]), np.stack([title]))

        return engine.ask(ask)

    found = _predict(engine, _predictions(engine), [paper], evidence)
    return replace(paper, predicted=found[0]) if found else paper


def _predict(
    engine: Engine,
    known: _Predictions,
    papers: Sequence[Paper],
    evidence: Callable[[], Evidence],
) -> list[Guesses]:
    """Return the predictions of papers, none if nothing can be learnt."""
    from rftsearch.living.labels.predict import CategoryPredictor  # noqa: PLC0415 - loads scipy

    if not papers or known.hopeless:
        return []
    try:
        predictor = CategoryPredictor.of(engine)
    except (UsageError, ModelError, ModelMismatchError):
        # Too few papers are labelled, or the model cannot be loaded; `rftsearch classify` says
        # which. What was asked for can be answered all the same.
        known.hopeless = True
        return []
    found = predictor.predict(papers, evidence())
    return [
        tuple(
            PredictedCategory(name, share, one.sure and not place, one.reason)
            for place, (name, share) in enumerate(one.likely)
            if name in one.categories
        )
        for one in found
    ]
