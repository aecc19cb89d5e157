"""A gate: the answers to judged queries must not get worse.

Two collections are judged. The one in `tests/judged` is invented: papers that
nobody wrote, read in full, so that whatever its judgements do not name is not
relevant. The other is the real list in the shared folder, where there is one.

Every floor stands a little under what was measured when it was set. A history
of floors only rises: append a higher number when the ranking has become better.
Going down takes a `Lowered` with the reason, which stays in the history. A floor
holds for the very files it was measured on, by their sha256; whoever changes
them measures again and pins both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rftsearch.encoders.onnx_encoder import OnnxEncoder
from rftsearch.evaluation.evaluate import Evaluation, evaluate, index_corpus
from rftsearch.evaluation.judged import read_judged
from rftsearch.evaluation.own_report import measure_own
from rftsearch.evaluation.own_sets import (
    collection_index,
    nothing_said,
    read_own_sets,
    set_quality,
)
from rftsearch.evaluation.report import HEADLINE
from rftsearch.evaluation.systems import open_bench
from rftsearch.search.engine import Engine
from rftsearch.types import FloatArray
from support.paths import ROOT


@dataclass(frozen=True)
class Lowered:
    """A floor that was taken down on purpose."""

    to: float
    reason: str


Floors = Mapping[str, tuple[float | Lowered, ...]]
"""By kind of query, "" for all of them: the floors of nDCG@10, the last one valid."""


@dataclass(frozen=True)
class Gate:
    """Files of a judged set and what they hold up."""

    queries: str
    qrels: str
    sha256: str
    """Of corpus, queries and judgements, one after another."""
    floors: Floors


INVENTED = {
    "questions": Gate(
        "queries.jsonl",
        "qrels.tsv",
        "7000a3a920483f9a03a52fc64d5a7c567a7670c066e77e13ae65179b0d6fc02d",
        {
            "": (0.88, 0.92),
            "question": (0.82,),
            "keyword": (0.94, 0.97),
            "paraphrase": (0.80, 0.94),
            "name": (1.0,),
            "combined": (0.89, 0.91),
        },
    ),
    "similar": Gate(
        "seeds.jsonl",
        "seeds_qrels.tsv",
        "fa5de91445b2e3bfb7f2651d594fd5db12212f250aa30550dac76ecdabe048a1",
        {"": (0.64, 0.68)},
    ),
}

REAL = {
    "questions": Gate(
        "queries.jsonl",
        "qrels.tsv",
        "3458812125c588cdf09d04337c2160a7a0ab7174aaf27dfdd2f29de641564ce4",
        {
            "": (0.76, 0.77, 0.80, 0.81, 0.82),
            "question": (0.64, 0.65, 0.66, 0.68),
            "keyword": (0.88, 0.895),
            "paraphrase": (0.61, 0.80, 0.815, 0.83),
            "name": (0.94, 0.99),
            "combo": (0.81, 0.84, 0.85, 0.865),
        },
    ),
    "similar": Gate(
        "similar_seeds.jsonl",
        "similar_qrels.tsv",
        "d2ba4dda7c5e9c43a8cdc027b1d8cfc8c113ef46e0df27c277e5b772199d9da2",
        {"": (0.75, 0.76, 0.78, 0.79)},
    ),
}

OURS = {
    "without": Gate(
        "without/queries.jsonl",
        "without/qrels.tsv",
        "8dd504b3840879c6a72ed85c5f35370b7282a00e55605b861ed3f6652ebc1f62",
        {
            "": (
                0.72,
                0.73,
                Lowered(0.72, "words in the vectors: the other sets gained more than this"),
            )
        },
    ),
}
"""Our own queries and judgements over the papers of `REAL`."""
MOST_LEFT_IN = 0.45
"""Papers among the first five that have what a question of "without" leaves out, in the mean."""

JUDGED = Path(__file__).parent / "judged"
OWN = read_own_sets(JUDGED)
"""Questions and texts of our own over real lists; each set has its floors in its folder."""
BUILT_HERE = ("list-2026", "list-2025")
"""The collections of those sets that are built for this gate; `scripts/evaluate.py` builds all."""
GOOD_MATCHES = {"precision": 0.59, "recall": 0.79}
"""Floors of the good matches of the real list, over the papers judged."""
WRONGLY_NOTHING = 2
"""At most so many of its 60 questions are said to have no good match: two paraphrases."""


@pytest.fixture(scope="module", autouse=True)
def _each_text_is_embedded_once():
    """Remember vectors: the collections have most of their papers in common."""
    known: dict[tuple[str, str], FloatArray] = {}
    embed = OnnxEncoder.encode_documents

    def remembered(encoder: OnnxEncoder, texts: Sequence[str]) -> FloatArray:
        keys = [(encoder.fingerprint, text) for text in texts]
        missing = list(dict.fromkeys(key for key in keys if key not in known))
        if missing:
            known.update(zip(missing, embed(encoder, [text for _, text in missing]), strict=True))
        return np.stack([known[key] for key in keys])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OnnxEncoder, "encode_documents", remembered)
        yield


@pytest.fixture(scope="module")
def invented(tmp_path_factory) -> Path:
    return index_corpus(JUDGED / "corpus.jsonl", tmp_path_factory.mktemp("invented"))


@pytest.fixture(scope="module")
def real(tmp_path_factory, shared) -> Path:
    return index_corpus(shared / "eval/rft/corpus.jsonl", tmp_path_factory.mktemp("real"))


@pytest.mark.parametrize("name", INVENTED)
def test_invented_papers(name, invented):
    hold(INVENTED[name], JUDGED, invented)


@pytest.mark.shared
@pytest.mark.parametrize("name", REAL)
def test_real_papers(name, real, shared):
    hold(REAL[name], shared / "eval/rft", real)


@pytest.mark.shared
def test_what_questions_leave_out(real, shared):
    evaluation = hold(OURS["without"], JUDGED, real, shared / "eval/rft/corpus.jsonl")
    excluded = [
        sum(evaluation.qrels[query.id].get(paper) == 0 for paper in found[query.id][:5])
        for found in [evaluation.rankings["rftsearch"]]
        for query in evaluation.queries
        if 0 in evaluation.qrels[query.id].values()
    ]
    assert sum(excluded) / len(excluded) <= MOST_LEFT_IN


@pytest.fixture(scope="module")
def collections(tmp_path_factory, shared) -> dict[str, Path]:
    cache = tmp_path_factory.mktemp("collections")
    built = {name: collection_index(JUDGED, name, shared, cache) for name in BUILT_HERE}
    return {name: index for name, index in built.items() if index is not None}


@pytest.mark.shared
@pytest.mark.parametrize("name", OWN)
def test_own_sets(name, collections):
    assert OWN[name].floors, "measure the set, and pin floors a little under what was measured"
    below = {}
    for measured in measure_own(OWN[name], collections):
        below |= measured.below(OWN[name].floors)
    assert below == {}


@pytest.mark.shared
def test_good_matches_are_a_set_and_seldom_empty(real, shared):
    folder = shared / "eval/rft"
    judged = read_judged(folder / "queries.jsonl", folder / "qrels.tsv")
    with Engine.open(real) as engine:
        precision, recall = set_quality(engine, judged)
        assert nothing_said(engine, judged.queries).sum() <= WRONGLY_NOTHING
    assert precision.mean() >= GOOD_MATCHES["precision"]
    assert recall.mean() >= GOOD_MATCHES["recall"]


@pytest.mark.shared
def test_short_queries_together_find_more_than_one_question(real, shared, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from evaluate_agents import measured, read_sub_queries

    folder = shared / "eval/rft"
    judged = read_judged(folder / "queries.jsonl", folder / "qrels.tsv")
    questions = {one.id: one.text for one in judged.queries}
    with Engine.open(real) as engine:

        def ask(query: str, read: int) -> list[str]:
            return [hit.paper.id for hit in engine.search(query, read)]

        found = list(measured(ask, questions, judged.qrels, read_sub_queries()))
    assert len(found) == 4
    means = {way: [recalls[way].mean() for _, _, recalls in found] for way in found[0][2]}
    assert np.mean(means["union of short queries"]) > np.mean(means["one question"])
    for together, question in zip(
        means["all words in one query"], means["one question"], strict=True
    ):
        assert together > question


@pytest.mark.parametrize(
    "gate", [*INVENTED.values(), *REAL.values(), *OURS.values()], ids=lambda gate: gate.qrels
)
def test_floors_only_rise_unless_a_reason_is_given(gate):
    for history in gate.floors.values():
        for before, after in pairwise(history):
            if isinstance(after, Lowered):
                assert after.to < floor(before)
                assert len(after.reason.split()) >= 5
            else:
                assert after > floor(before)


def test_a_worse_ranking_does_not_pass(invented):
    judged = read_judged(JUDGED / "queries.jsonl", JUDGED / "qrels.tsv")
    with open_bench(invented, baselines=True) as bench:
        evaluation = evaluate(judged, bench)
    gate = INVENTED["questions"]
    assert below_floor(evaluation, gate, "rftsearch") == {}
    for baseline in ("BM25", "dense", "RRF"):
        assert below_floor(evaluation, gate, baseline)


def hold(gate: Gate, folder: Path, index: Path, corpus: Path | None = None) -> Evaluation:
    """Fail where a floor is not reached, or the files are not those of the floors."""
    judged = read_judged(folder / gate.queries, folder / gate.qrels)
    with open_bench(index) as bench:
        evaluation = evaluate(judged, bench)
    assert below_floor(evaluation, gate, "rftsearch") == {}
    files = (corpus or folder / "corpus.jsonl", folder / gate.queries, folder / gate.qrels)
    content = b"".join(path.read_bytes() for path in files)
    assert hashlib.sha256(content).hexdigest() == gate.sha256, "other files: measure and pin again"
    return evaluation


def below_floor(evaluation: Evaluation, gate: Gate, system: str) -> dict[str, tuple[float, float]]:
    """What was measured and the floor above it, by kind of query."""
    assert set(gate.floors) == {"", *evaluation.kinds()}
    measured = {
        kind: (evaluation.of_kind(kind) if kind else evaluation).of(system, HEADLINE).mean()
        for kind in gate.floors
    }
    return {
        kind: (round(float(value), 4), floor(gate.floors[kind][-1]))
        for kind, value in measured.items()
        # A hundred-thousandth for what other processors make of the same weights.
        if value < floor(gate.floors[kind][-1]) - 1e-5
    }


def floor(entry: float | Lowered) -> float:
    return entry.to if isinstance(entry, Lowered) else entry
