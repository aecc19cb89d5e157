"""One contract for every vector engine; and one is added through the registry alone."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import IndexFormatError, UsageError
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.update import update_index
from rftsearch.index.engines.base import Selection, VectorEngine
from rftsearch.index.engines.faiss_engine import FaissEngine
from rftsearch.index.engines.registry import register_engine
from rftsearch.index.engines.segmented import SegmentedVectors
from rftsearch.index.generations import extend
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.verify import verify_index
from rftsearch.papers.filters import Filters
from rftsearch.search.engine import Engine
from rftsearch.settings import VECTOR_ENGINE_VARIABLE
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list
from support.vectors import InMemoryEngine, unit_rows, written

EXACT = {"faiss": FaissEngine, "in memory": InMemoryEngine}
"""Engines that compare each vector."""


@pytest.fixture(params=[*EXACT.values(), lambda: FaissEngine(exact=2)], ids=[*EXACT, "faiss lists"])
def engine(request) -> VectorEngine:
    return request.param()


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 60),
    k=st.integers(1, 80),
    kept=st.floats(0, 1),
    exclude=st.booleans(),
)
@pytest.mark.parametrize("make", EXACT.values(), ids=EXACT)
def test_finds_what_brute_force_finds(make, seed, count, k, kept, exclude):
    vectors = unit_rows(seed, count)
    ids = np.sort(np.random.default_rng(seed).permutation(10 * count)[:count]).astype(np.int64)
    allowed = ids[: int(kept * count)]
    others = ids[len(allowed) :]
    selection = Selection(excluded=others) if exclude else Selection(np.flip(allowed))
    query = unit_rows(seed + 1, 1)[0]
    with tempfile.TemporaryDirectory() as folder:
        index = written(make(), Path(folder), ids, vectors)
        scores, found = index.search(query, k, selection)

    exact = {int(i): float(v @ query) for i, v in zip(ids, vectors, strict=True) if i in allowed}
    best = sorted(exact.values(), reverse=True)[:k]
    assert len(found) == min(k, len(allowed))
    np.testing.assert_allclose(scores, best, atol=1e-6)
    np.testing.assert_allclose([exact[int(i)] for i in found], scores, atol=1e-6)


class TestContract:
    """What any engine answers; `atol` allows for half precision."""

    def test_without_a_selection_everything_may_be_found(self, engine, tmp_path):
        index = written(engine, tmp_path, [3, 7, 9], unit_rows(1, 3))
        scores, found = index.search(unit_rows(2, 1)[0], 10)
        assert sorted(found.tolist()) == [3, 7, 9]
        assert sorted(scores.tolist(), reverse=True) == scores.tolist()
        assert (scores.dtype, found.dtype) == (np.float32, np.int64)

    def test_nothing_allowed_finds_nothing(self, engine, tmp_path):
        index = written(engine, tmp_path, [3, 7, 9], unit_rows(1, 3))
        for selection in (
            Selection(np.empty(0, np.int64)),
            Selection(excluded=np.array([3, 7, 9])),
        ):
            scores, found = index.search(unit_rows(2, 1)[0], 10, selection)
            assert (len(scores), len(found)) == (0, 0)

    def test_it_opens_as_it_was_written(self, engine, tmp_path):
        vectors = unit_rows(3, 5)
        index = written(engine, tmp_path, [10, 20, 30, 40, 50], vectors)
        assert len(index) == 5
        assert index.dimension == 8
        np.testing.assert_allclose(index.vector(30), vectors[2], atol=1e-3)
        some = index.vectors(np.array([50, 10]))
        np.testing.assert_allclose(some, vectors[[4, 0]], atol=1e-3)
        assert some.dtype == np.float32
        assert index.vectors(np.empty(0, np.int64)).shape == (0, 8)

    def test_an_unknown_id_has_no_vector(self, engine, tmp_path):
        index = written(engine, tmp_path, [1, 3, 5], unit_rows(1, 3))
        with pytest.raises(KeyError):
            index.vector(2)

    def test_two_segments_are_searched_as_one(self, engine, tmp_path):
        vectors, delta = unit_rows(1, 6), unit_rows(2, 2)
        for name in ("base", "delta"):
            (tmp_path / name).mkdir()
        index = SegmentedVectors(
            written(engine, tmp_path / "base", range(6), vectors),
            written(FaissEngine(), tmp_path / "delta", [8, 9], delta),
            tombstones=np.array([2]),
            last_base_id=5,
        )
        there = np.array([0, 1, 3, 4, 5, 8, 9])
        rows = np.concatenate([vectors[[0, 1, 3, 4, 5]], delta])
        query = unit_rows(5, 1)[0]
        for selection, kept in (
            (None, there),
            (Selection(np.array([9, 0, 4])), [9, 0, 4]),
            (Selection(excluded=np.array([0, 9])), [1, 3, 4, 5, 8]),
        ):
            best = there[np.argsort(-(rows @ query))]
            expected = [one for one in best.tolist() if one in set(np.asarray(kept).tolist())]
            scores, found = index.search(query, 4, selection)
            assert found.tolist() == expected[:4]
            np.testing.assert_allclose(scores, index.vectors(found) @ query, atol=2e-3)
        assert len(index) == 7
        np.testing.assert_array_equal(index.vector(8), delta[0])


class TestAnotherEngine:
    """An engine that keeps vectors outside of the index, added by `register_engine`."""

    @pytest.fixture
    def memory(self, monkeypatch) -> Iterator[InMemoryEngine]:
        engine = InMemoryEngine()
        unregister = register_engine(engine)
        monkeypatch.setenv(VECTOR_ENGINE_VARIABLE, "memory")
        yield engine
        unregister()

    @pytest.fixture
    def index(self, memory, tmp_path) -> Path:
        self.build(tmp_path)
        return tmp_path / "index"

    def build(self, folder: Path) -> None:
        lists, abstracts = [write_list(folder)], write_abstracts(folder)
        encoder = WordEncoder()
        build_index(folder / "index", lists, encoder=encoder, abstracts=abstracts, offline=True)

    def answers(self, index: Path) -> list:
        with Engine.open(index, encoder=WordEncoder()) as engine:
            results = [
                engine.search("count the crowd", 5),
                engine.search("a reward for a robot", 5, Filters(since="2025-03")),
                engine.similar("ClipMind", 5),
            ]
            return [(hit.paper.id, hit.score) for found in results for hit in found]

    def test_it_answers_as_faiss_does(self, index, memory, monkeypatch):
        manifest = Manifest.read(index)
        assert manifest.vectors == {"collection": "collection-0", "engine": "memory"}
        assert len(memory.sources[0].attributes) == 6
        found = self.answers(index)
        verify_index(index)
        monkeypatch.delenv(VECTOR_ENGINE_VARIABLE)
        repair_index(index)
        assert Manifest.read(index).vectors is None
        assert self.answers(index) == found

    def test_its_vectors_go_with_the_last_generation_that_has_them(self, index, memory, tmp_path):
        for number in range(1, 4):
            self.build(tmp_path)
            kept = [f"collection-{each}" for each in (number - 1, number)]
            assert list(memory.held) == kept, "those of the generation before may still answer"

    def test_a_build_that_fails_leaves_nothing(self, index, memory, tmp_path, monkeypatch):
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("rftsearch.index.generations.write.draw_map", full)
        with pytest.raises(Exception, match="No space left"):
            self.build(tmp_path)
        assert list(memory.held) == ["collection-0"]

    def test_generations_share_it_while_few_papers_change(self, index, memory, monkeypatch):
        monkeypatch.setattr(extend, "LEAST", 2)
        monkeypatch.setattr(extend, "MOST_CHANGED", 0.6)
        for removed in ("2502.00004", "2503.00003"):
            update_index(index, remove=[removed], encoder=WordEncoder())
            generation = Generation.open(index)
            assert isinstance(generation.vectors, SegmentedVectors)
            generation.close()
            assert list(memory.held) == ["collection-0"]
        assert self.answers_for(index, "audio")[0] != "EarTest"
        monkeypatch.delenv(VECTOR_ENGINE_VARIABLE)
        update_index(index, remove=["2504.00002"], encoder=WordEncoder())
        assert Manifest.read(index).vectors is None, "another engine was chosen: written whole"

    def answers_for(self, index: Path, query: str) -> list[str]:
        with Engine.open(index, encoder=WordEncoder()) as engine:
            return [hit.paper.short_name for hit in engine.search(query)]

    def test_an_index_of_an_engine_that_is_not_there_says_so(self, index):
        path = index / "manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        manifest["probing"]["engine"] = "elsewhere"
        path.write_text(json.dumps(manifest), "utf-8")
        with pytest.raises(IndexFormatError, match="'elsewhere', which is not here; install"):
            Generation.open(index)

    def test_a_name_that_no_engine_has_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setenv(VECTOR_ENGINE_VARIABLE, "nowhere")
        with pytest.raises(UsageError, match="RFTSEARCH_VECTOR_ENGINE is 'nowhere'; there is"):
            self.build(tmp_path)


def test_the_manifest_of_an_earlier_version_is_read(tmp_path):
    index_papers(tmp_path, [], encoder=WordEncoder())
    path = tmp_path / "manifest.json"
    value = json.loads(path.read_text("utf-8"))
    assert value["probing"] is None
    value["probing"] = {"lists": 64, "probes": 8, "recall": 0.99, "exhaustive": 0.995}
    path.write_text(json.dumps(value), "utf-8")
    assert Manifest.read(tmp_path).describe()["probing"] == value["probing"]
