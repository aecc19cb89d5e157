from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import IndexDamagedError
from rftsearch.index.engines.tantivy_lexical import LexicalDocument, LexicalIndex


def write(folder: Path, documents: Iterable[LexicalDocument]) -> None:
    with LexicalIndex.writing(folder) as writer:
        for document in documents:
            writer.add(document)


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical")
    write(
        folder,
        (
            LexicalDocument(
                id=10 * number,
                terms=["paper", *["video"] * (number % 7), *(["rare"] if number == 42 else [])],
                keys=[f"name{number}", f"titleofpaper{number}"],
            )
            for number in range(9000)
        ),
    )
    return LexicalIndex.open(folder)


def test_counts(index):
    assert len(index) == 9000
    assert index.frequency("rare") == 1
    assert index.frequency("paper") == 9000
    assert index.frequency("nowhere") == 0


def test_a_rare_term_wins(index):
    scores, ids = index.search(["paper", "rare"], 3)
    assert ids[0] == 420
    assert scores[0] > scores[1] >= scores[2]


def test_nothing_is_found_of_nothing(index):
    assert index.search([], 5)[1].tolist() == []
    assert index.search(["nowhere"], 5)[1].tolist() == []


# Around the number up to which tantivy gets the ids, and beyond.
@given(st.sampled_from([1, 3, 60, 4999, 5001, 8999]), st.integers(1, 40))
def test_a_filter_returns_k_whenever_k_exist(index, count, k):
    allowed = np.arange(count, dtype=np.int64) * 10
    _, ids = index.search(["paper"], k, allowed)
    assert len(ids) == min(k, count)
    assert set(ids.tolist()) <= set(allowed.tolist())


def test_names_and_slips(index):
    assert index.named("name77").tolist() == [770]
    assert index.named("titleofpaper8").tolist() == [80]
    assert index.named("nmae777").tolist() == []
    assert 7770 in index.named("nmae777", slips=1)
    assert index.named("").tolist() == []


def test_the_same_documents_rank_the_same_twice(tmp_path: Path):
    documents = [LexicalDocument(number, ["same"], []) for number in range(50)]
    answers = []
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        write(tmp_path / place, documents)
        answers.append(LexicalIndex.open(tmp_path / place).search(["same"], 20)[1].tolist())
    assert answers[0] == answers[1] == list(range(20))


@pytest.mark.parametrize("content", [None, b"nothing of the kind"])
def test_damage_is_refused(tmp_path: Path, content):
    if content:
        (tmp_path / "meta.json").write_bytes(content)
    with pytest.raises(IndexDamagedError, match="--repair"):
        LexicalIndex.open(tmp_path)
