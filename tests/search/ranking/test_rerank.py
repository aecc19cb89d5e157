from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from rftsearch.errors import ModelError
from rftsearch.search.engine import Engine
from rftsearch.search.ranking import rerank
from support.encoder import WordEncoder


class Fan:
    """A reranker that likes what holds a word."""

    name = "fan"

    def __init__(self, word: str):
        self.word = word
        self.read: list[tuple[str, tuple[str, ...]]] = []

    def score(self, query: str, texts: Sequence[str]) -> np.ndarray:
        self.read.append((query, tuple(texts)))
        return np.array([self.word in text for text in texts], np.float32)


@pytest.fixture
def ask(invented_index):
    def ask(query: str, reranker: Fan | None, k: int = 6):
        with Engine.open(invented_index, encoder=WordEncoder(), reranker=reranker) as engine:
            return engine.search(query, k)

    return ask


def names(results) -> list[str]:
    return [hit.paper.short_name for hit in results]


def test_what_it_likes_rises_and_the_rest_keeps_its_order(ask):
    before = names(ask("video reward", None))
    fan = Fan("answers out")
    hits = ask("are there papers about video reward?", fan)
    assert names(hits) == ["EarTest", *(name for name in before if name != "EarTest")]
    [(query, texts)] = fan.read
    assert query == "video reward"
    assert len(texts) == 6
    assert "ClipMind: Reasoning over Video. A video is watched twice. Video reward." in texts


def test_its_part_of_the_score_is_shown(ask):
    for hit in ask("video", Fan("crowd")):
        assert hit.parts["rerank"] == (2.0 if hit.paper.short_name == "CrowdSeer" else 0.0)
        assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-6)
    assert all("rerank" not in hit.parts for hit in ask("video", None))


def test_papers_that_are_named_stay_first_unread(ask):
    fan = Fan("audio")
    hits = ask("does CrowdSeer count video", fan)
    assert names(hits)[0] == "CrowdSeer"
    assert not any("crowd" in text.lower() for text in fan.read[0][1])


def test_a_name_alone_is_no_question(ask):
    fan = Fan("audio")
    assert names(ask("crowdseer", fan)) == names(ask("crowdseer", None))
    assert fan.read == []


def test_only_the_best_are_read_and_the_others_stay_below(ask, monkeypatch):
    monkeypatch.setattr(rerank, "RERANKED", 2)
    before = names(ask("draw a video", None))
    fan = Fan("Video")
    after = names(ask("draw a video", fan))
    assert len(fan.read[0][1]) == 2
    assert set(after[:2]) == set(before[:2])
    assert after[2:] == before[2:]


def test_a_missing_model_says_so(invented_index):
    from rftsearch.encoders.cross_encoder import CrossEncoderReranker

    missing = CrossEncoderReranker("/no/model")
    with Engine.open(invented_index, encoder=WordEncoder(), reranker=missing) as engine:
        with pytest.raises(ModelError, match="no model folder /no/model"):
            engine.search("video")
        assert len(engine.similar("ClipMind")) == 5
