"""Find papers that a list may want, and rank them by how well they belong to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from rftsearch.errors import UsageError
from rftsearch.living.discovery.border import FEW, Border, Ranked, rank
from rftsearch.living.discovery.candidates import (
    Asked,
    Known,
    classes_of,
    fetch_pool,
    read_pool,
)
from rftsearch.living.discovery.decisions import Decision
from rftsearch.living.discovery.entries import WriteEntry, entry_writer
from rftsearch.living.labels.evidence import Evidence
from rftsearch.living.labels.labelled import read_listed
from rftsearch.living.labels.predict import CategoryPredictor, PredictedCategories, encode
from rftsearch.papers.paper import Paper
from rftsearch.search.answer.explain import explain
from rftsearch.search.engine import Engine
from rftsearch.sources.arxiv.api import ArxivClient
from rftsearch.text.dates import check_date, first_day
from rftsearch.text.latex import latex_to_text
from rftsearch.types import DoubleArray, Progress

__all__ = ["Candidate", "Discovery", "discover", "encoded", "expected_papers", "recency"]

DAYS = 30
"""How far back is looked if nobody says since when."""
_HALF_LIFE = 48.0
"""Months after which a listed paper counts half as much as the newest."""
_MIDDLE = 7
"""The month that stands for a year."""
_AT_ONCE = 64
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that the list may want."""

    paper: Paper
    probability: float
    """How likely it belongs to the list, from 0 to 1."""
    score: float
    prediction: PredictedCategories | None
    """Where it would stand; None if the list has no categories to learn from."""
    nearest: tuple[tuple[Paper, float], ...]
    """The listed papers most like it, with their cosines."""
    sentence: str
    """The sentence of its abstract that speaks for it."""
    line: str
    """Its entry, ready for the list."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "id": self.paper.id,
            "title": self.paper.title,
            "url": self.paper.url,
            "released": self.paper.released,
            "published": self.paper.metadata.published if self.paper.metadata else None,
            "probability": round(self.probability, 4),
            "score": round(self.score, 4),
            "prediction": self.prediction.to_dict() if self.prediction else None,
            "nearest": [
                {"id": paper.id, "short_name": paper.short_name, "cosine": round(cosine, 4)}
                for paper, cosine in self.nearest
            ],
            "sentence": self.sentence,
            "line": self.line,
        }


@dataclass(frozen=True)
class Discovery:
    """The candidates, and what was looked through."""

    candidates: tuple[Candidate, ...]
    """Best first."""
    looked_at: int
    """How many new papers were ranked."""
    known: int
    """How many of the papers that came are in the list, or were decided on before."""
    asked: Asked
    notes: tuple[str, ...] = ()
    """What is missing, and why."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "candidates": [one.to_dict() for one in self.candidates],
            "looked_at": self.looked_at,
            "known": self.known,
            "classes": list(self.asked.classes),
            "since": self.asked.since,
            "until": self.asked.until,
            "notes": list(self.notes),
        }


def discover(  # noqa: PLR0913 - each is an option
    engine: Engine,
    *,
    count: int = 20,
    since: str | None = None,
    classes: Sequence[str] = (),
    snapshot: Path | None = None,
    decisions: Mapping[str, Decision] | None = None,
    most: int = 5_000,
    least: float = 0.0,
    like: Path | None = None,
    client: ArxivClient | None = None,
    progress: Progress | None = None,
    today: str | None = None,
) -> Discovery:
    """Find papers that a list may want.

    Args:
        engine: The open index of the list.
        count: How many candidates to return.
        since: The first day of the papers, `2025-03-01`, or a month or year; None for 30 days
            ago.
        classes: arXiv's classes to look through; none for those of the listed papers.
        snapshot: A file to look through instead of arXiv: its snapshot, or papers as JSON Lines.
        decisions: What was accepted and dismissed, by id: not proposed again, and learnt from.
        most: How many papers to look through, the newest.
        least: Candidates that are less likely are left out.
        like: A list in whose style entries are written; None for the list of the index.
        client: Reaches arXiv; None for the public API.
        progress: Called as (stage, done, total), with the stages `search` and `embed`.
        today: The last day; None for today.

    Raises:
        UsageError: The list has no papers, or its arXiv classes are not known.
        FetchError: arXiv did not answer at all.
        SourceError: The snapshot, or the list whose style is wanted, cannot be read.
        FilterError: A class or a day that cannot be one.
        ModelError, ModelMismatchError: The candidates cannot be encoded.
    """
    report: Progress = progress or (lambda *_: None)
    listed, evidence = engine.read(read_listed)
    if not listed:
        raise UsageError("the index has no papers; build it from a list first")
    asked = _asked(listed, since, classes, snapshot, today, most)
    if snapshot is not None:
        pool = read_pool(snapshot, asked, report)
    else:
        pool = fetch_pool(client or ArxivClient(), asked, report)
    decided = decisions or {}
    excluded = engine.read(lambda now: now.manifest.excluded_ids)
    known = Known(engine.papers(), {*decided, *excluded})
    new = [paper for paper in pool.papers if paper not in known]
    notes = list(pool.notes)
    if not new:
        return Discovery((), 0, len(pool.papers), asked, tuple(notes))
    candidates = encoded(engine, new, report)
    border, taught = _border(engine, listed, evidence, decided)
    ranked = rank(border, candidates, expected_papers(listed, new))
    if len(new) < FEW:
        notes.append(
            f"fewer than {FEW} candidates: how likely each belongs is rough, for they are also "
            "the yardstick for what does not belong"
        )
    chosen = np.argsort(-ranked.scores, kind="stable")[:count]
    chosen = chosen[ranked.likely[chosen] >= least]
    try:
        predictor = CategoryPredictor.of(engine)
    except UsageError as error:
        notes.append(f"no categories are predicted: {error}")
        predictor = None
    write_entry, more = entry_writer(engine, like)
    notes += more
    best = [new[at] for at in chosen]
    predictions: Sequence[PredictedCategories | None] = (
        predictor.predict(best, candidates.rows(chosen)) if predictor else [None] * len(best)
    )
    found = tuple(
        _candidate(new[at], int(at), ranked, taught, prediction, write_entry)
        for at, prediction in zip(chosen.tolist(), predictions, strict=True)
    )
    return Discovery(found, len(new), len(pool.papers) - len(new), asked, tuple(notes))


def recency(papers: Sequence[Paper]) -> DoubleArray:
    """Return how much each listed paper counts: the newest 1, older ones less."""
    months = [_month(paper.released) for paper in papers]
    newest = max((month for month in months if month is not None), default=0)
    ages = [_HALF_LIFE if month is None else newest - month for month in months]
    return np.asarray(0.5 ** (np.array(ages, np.float64) / _HALF_LIFE))


def expected_papers(listed: Sequence[Paper], new: Sequence[Paper]) -> float:
    """Return how many of new papers are thought to belong, from the pace of the list.

    The pace is that of the twelve months up to the newest listed paper.
    """
    months = [month for paper in listed if (month := _month(paper.released)) is not None]
    spans = [month for paper in new if (month := _month(paper.released)) is not None]
    if not months or not spans:
        return 1.0
    pace = sum(month > max(months) - 12 for month in months) / 12
    days = {one.metadata.published for one in new if one.metadata and one.metadata.published}
    first, last = (min(days), max(days)) if days else ("", "")
    span = float(max(spans) - min(spans) + 1)
    if len(first) == len(last) == 10:
        length = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days + 1
        span = min(span, length / 30)
    return pace * span


def _asked(
    listed: Sequence[Paper],
    since: str | None,
    classes: Sequence[str],
    snapshot: Path | None,
    today: str | None,
    most: int,
) -> Asked:
    now = datetime.now(UTC) if today is None else datetime.fromisoformat(today)
    begin = since or (now - timedelta(days=DAYS)).date().isoformat()
    try:
        first = first_day(check_date(begin))
    except ValueError as error:
        raise UsageError(f"{since!r} is not a day; write it like 2025-03-01 or 2025-03") from error
    own = tuple(classes) or classes_of(listed)
    if not own and snapshot is None:
        raise UsageError(
            "the arXiv classes of the listed papers are not known; name some with --class cs.CV"
        )
    return Asked(own, first, now.date().isoformat(), most)


def encoded(engine: Engine, papers: Sequence[Paper], progress: Progress) -> Evidence:
    """Encode one or more candidates, some at a time.

    Raises:
        ModelError, ModelMismatchError: They cannot be encoded.
    """
    parts = []
    for start in range(0, len(papers), _AT_ONCE):
        progress("embed", start, len(papers))
        parts.append(encode(engine, papers[start : start + _AT_ONCE]))
    progress("embed", len(papers), len(papers))
    texts, titles = (np.vstack([getattr(one, name) for one in parts]) for name in _VECTORS)
    return Evidence(
        texts,
        titles,
        [head for one in parts for head in one.heads],
        [body for one in parts for body in one.bodies],
    )


_VECTORS = ("texts", "titles")


def _border(
    engine: Engine,
    listed: Sequence[Paper],
    evidence: Evidence,
    decisions: Mapping[str, Decision],
) -> tuple[Border, Sequence[Paper]]:
    """Return the border of a list and the papers that teach it, decisions included."""
    own = {paper.id for paper in listed}
    verdicts = [one for one in decisions.values() if one.id not in own and one.title]
    accepted = [one.paper() for one in verdicts if one.verdict == "accepted"]
    dismissed = [one.paper() for one in verdicts if one.verdict == "dismissed"]
    weights = recency(listed)
    if accepted:
        evidence = evidence.joined(encode(engine, accepted))
        weights = np.concatenate([weights, np.ones(len(accepted))])
    refused = encode(engine, dismissed) if dismissed else None
    return Border(evidence, weights, refused), [*listed, *accepted]


def _candidate(
    paper: Paper,
    at: int,
    ranked: Ranked,
    listed: Sequence[Paper],
    prediction: PredictedCategories | None,
    write_entry: WriteEntry,
) -> Candidate:
    weights = dict(ranked.words)
    # Without words that were learnt, the words of the nearest paper choose the sentence.
    terms = list(weights) or [listed[ranked.nearest[at][0]].title]
    [said] = explain([paper], terms, lambda term: weights.get(term, 1.0))
    return Candidate(
        paper=paper,
        probability=float(ranked.likely[at]),
        score=float(ranked.scores[at]),
        prediction=prediction,
        nearest=tuple(
            (listed[place], float(cosine))
            for place, cosine in zip(
                ranked.nearest[at][:_SHOWN].tolist(), ranked.nearness[at][:_SHOWN], strict=True
            )
        ),
        sentence=latex_to_text(said.sentence),
        line=write_entry(paper, prediction.category if prediction else paper.category),
    )


def _month(month: str | None) -> int | None:
    """Return a month as a number; of a year alone the middle, for a list may know no more."""
    return int(month[:4]) * 12 + int(month[5:7] or _MIDDLE) if month else None
