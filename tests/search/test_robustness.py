"""Whatever is asked: an answer or an error of our own, the same each time, and no trace."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rftsearch.errors import QueryError, RftsearchError
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.paths import ROOT

SYNTAX = [
    "title:foo AND (",
    '"unclosed',
    "a OR OR b^",
    "[a TO",
    "+crowd -video",
    "*:*",
    "crowd~2",
    "\\",
    "/(/",
    "^$",
    "{x}",
]
ODD = [
    "the of and",
    "?!.,;:",
    "\x00\x01\x02\x7f",
    "\ud800",
    "\u202eabc\u202c",
    "群衆を数える",
    "数群 counting",
    "كم شخصا",
    "सीखना",
    "ᄀ\u1161\u11a8",
    "π0 µ ﬁ ³ ǆ",
    "e\u0301" * 50,
    "\u0300" * 200,
    "🤗" * 300,
    "word " * 10_000,
    " ".join(f"w{n}" for n in range(10_000)),
    "a" * 20_000,
    "a-" * 5_000,
    "$" * 3_000,
    "\\a{" * 2_000,
    "https://arxiv.org/abs/",
    "2503.00003 2505.00001 9999.99999",
    "ClipMind " * 1_000,
]
WORDS = st.sampled_from(["crowd", "count", "CrowdSeer", "draw-well", "2503.00003", "the", *SYNTAX])
QUERIES = (
    st.text(max_size=100)
    | st.text(st.characters(exclude_categories=()), max_size=40)  # surrogates too
    | st.lists(WORDS, max_size=12).map(" ".join)
    | st.lists(WORDS | st.text(max_size=5), max_size=12).map("".join)
)


@pytest.fixture(scope="module")
def engine(invented_index):
    with Engine.open(invented_index, encoder=WordEncoder()) as opened:
        yield opened


def ask(engine: Engine, query: str) -> list[object]:
    """Everything that takes free text, as plain values or the error's message."""

    answers: list[object] = []
    for question in (
        lambda: engine.search(query, k=4),
        lambda: engine.similar(query, k=4),
        lambda: engine.similar_to_text(query, k=4),
        lambda: engine.recommend([query], ["DrawWell"], k=4),
        lambda: engine.recommend(["EarTest"], [query], k=4),
    ):
        try:
            hits = question()
            answers.append([(hit.paper.id, hit.score, sorted(hit.parts.items())) for hit in hits])
            answers.append([one.to_dict() for one in engine.explain(query, hits)])
        except RftsearchError as error:
            answers.append(str(error))
    answers.append([paper.id for paper in engine.suggest(query)])
    assert not any(isinstance(answer, str) and "\n" in answer for answer in answers)
    return answers


def bytes_of(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not path.name.endswith(("-shm", "-wal"))  # SQLite's own; empty while nobody writes
    }


@dataclass(frozen=True)
class First:
    """What an engine of its own answered to the texts above, and the files beside that."""

    answers: dict[str, list[object]]
    before: dict[str, str]
    after: dict[str, str]


@pytest.fixture(scope="module")
def first(invented_index) -> First:
    with Engine.open(invented_index, encoder=WordEncoder()) as engine:
        before = bytes_of(invented_index)  # Once opened: the first opening notes its checks.
        answers = {text: ask(engine, text) for text in (*SYNTAX, *ODD)}
    return First(answers, before, bytes_of(invented_index))


def examples(test):
    for text in (*SYNTAX, *ODD):
        test = example(text)(test)
    return test


@examples
@given(QUERIES)
@settings(max_examples=30)
def test_any_text_is_answered_or_refused_in_one_line_and_always_alike(engine, first, query):
    before = first.answers[query] if query in first.answers else ask(engine, query)
    assert ask(engine, query) == before


@pytest.mark.parametrize("asked", [(None,), (7,), (b"crowd",), ("crowd", "5"), ("crowd", 2.5)])
def test_what_is_no_text_or_number_is_refused_in_one_line(engine, asked):
    for ask in (engine.search, engine.similar, engine.similar_to_text):
        with pytest.raises(QueryError, match=r"must be a string|whole number"):
            ask(*asked)


def test_a_whole_number_of_numpy_is_one(engine):
    assert len(engine.search("crowd", np.int64(2))) == 2


def test_questions_leave_the_index_as_it_was(first):
    assert first.after == first.before


ASK_IN_A_PROCESS = """
import json, sys
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
with Engine.open(sys.argv[1], encoder=WordEncoder()) as engine:
    for query in ("crowd", "reward for video", "scan", "a the of", "draw and count"):
        for hits in (engine.search(query, 6), engine.similar_to_text(query, 6)):
            print(json.dumps([hit.to_dict() for hit in hits]))
        print(json.dumps([one.to_dict() for one in engine.explain(query, hits)]))
    for hits in (engine.similar("ClipMind"), engine.recommend(["ClipMind", "EarTest"])):
        print(json.dumps([hit.to_dict() for hit in hits]))
"""


def test_another_process_with_other_threads_and_hashes_answers_alike(invented_index):
    def answers(threads: int, seed: int) -> str:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]),
            "PYTHONHASHSEED": str(seed),
            "OMP_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": str(threads),
        }
        done = subprocess.run(
            [sys.executable, "-c", ASK_IN_A_PROCESS, str(invented_index)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=240,
        )
        return done.stdout

    one = answers(1, 1)
    assert all(json.loads(line) for line in one.splitlines())
    assert answers(4, 2) == one
