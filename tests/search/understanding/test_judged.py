"""Questions of these kinds over a real list, judged by rule from the facts of its papers.

The judgements name, for each question, every paper that its date, author or resource allows
(`tests/judged/asked_qrels.tsv`); which of these come first is not judged here. Questions of
the kind `plain` hold words that are also names or dates, and have no such part.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

import pytest

from rftsearch import Engine
from rftsearch.index.build.build import build_index
from support.encoder import WordEncoder
from support.paths import TESTS

QUESTIONS = [
    json.loads(line) for line in (TESTS / "judged" / "asked.jsonl").read_text("utf-8").splitlines()
]
KINDS = {"authors", "venues", "dates", "resources"}
FLOORS = {"author": 1.0, "date": 1.0, "resource": 1.0, "plain": 1.0}
"""By kind: the share of questions whose papers are exactly those of the judgements."""


@pytest.mark.shared
def test_questions_allow_exactly_the_papers_that_they_should(shared, tmp_path):
    judged: dict[str, set[str]] = defaultdict(set)
    for line in (TESTS / "judged" / "asked_qrels.tsv").read_text("utf-8").splitlines():
        question, paper, _ = line.split("\t")
        judged[question].add(paper)
    data = shared / "data"
    build_index(
        tmp_path / "index",
        [data / "list-2026-05.md"],
        encoder=WordEncoder(),
        abstracts=data / "abstracts.jsonl",
        offline=True,
    )
    right: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    opened = Engine.open(tmp_path / "index", encoder=WordEncoder(), today=lambda: date(2025, 9, 15))
    with opened as engine:
        for question in QUESTIONS:
            found = engine.search(question["text"], k=400)
            if question["type"] == "plain":
                as_judged = not KINDS & {part.kind for part in found.understood.parts}
            else:
                as_judged = {hit.paper.id for hit in found} == judged[question["id"]]
            right[question["type"]].append(as_judged)
            wrong += [] if as_judged else [question["text"]]
    shares = {kind: sum(each) / len(each) for kind, each in right.items()}
    assert shares.keys() == FLOORS.keys()
    assert all(shares[kind] >= floor for kind, floor in FLOORS.items()), wrong
