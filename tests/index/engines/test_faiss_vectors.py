from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from rftsearch.errors import IndexDamagedError
from rftsearch.index.engines import faiss_vectors
from rftsearch.index.engines.base import FEW, Selection
from rftsearch.index.engines.faiss_engine import FaissEngine
from rftsearch.index.engines.faiss_vectors import FaissIndex, InvertedLists
from rftsearch.settings import THREADS_VARIABLE
from support.vectors import unit_rows, written


def test_a_cut_file_is_refused(tmp_path: Path):
    written(FaissEngine(), tmp_path, [1], unit_rows(1, 1))
    path = tmp_path / "index.faiss"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(IndexDamagedError, match="--repair"):
        FaissIndex.open(tmp_path)


def test_a_foreign_kind_of_index_is_refused(tmp_path: Path):
    faiss.write_index(faiss.IndexFlatL2(4), str(tmp_path / "index.faiss"))
    with pytest.raises(IndexDamagedError, match="foreign"):
        FaissIndex.open(tmp_path)


COUNT = 6_000


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    # Around centres, as texts lie: on vectors without any order no list helps.
    centres = unit_rows(1, 60, 32)
    near = centres[np.random.default_rng(2).integers(0, 60, COUNT)]
    rows = near + 0.4 * unit_rows(3, COUNT, 32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def their_ids() -> np.ndarray:
    return np.arange(COUNT, dtype=np.int64) * 3 + 5


CODINGS = {"eight bits a number": {"exact": 1_000}, "packed": {"exact": 1_000, "packed": 2_000}}


@pytest.fixture(scope="module", params=CODINGS.values(), ids=CODINGS)
def engine(request) -> FaissEngine:
    return FaissEngine(**request.param)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, their_ids, many, engine) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    written(engine, folder, their_ids, many)
    return folder


@pytest.fixture(scope="module")
def lists(folder) -> FaissIndex:
    return FaissIndex.open(folder)


class TestLists:
    """Vectors beyond the number up to which each is compared."""

    def recall(self, lists, their_ids, many, allowed=None, k=10) -> float:
        chosen = slice(None) if allowed is None else np.isin(their_ids, allowed)
        found = []
        for query in unit_rows(4, 40, 32) + many[:40]:
            best = their_ids[chosen][np.argsort(-(many[chosen] @ query))[:k]]
            selection = None if allowed is None else Selection(allowed)
            own = lists.search(query.astype(np.float32), k, selection)[1]
            assert len(own) == len(best)
            found.append(len(set(own.tolist()) & set(best.tolist())) / len(best))
        return float(np.mean(found))

    def test_it_finds_nearly_what_comparing_each_finds(self, lists, their_ids, many):
        assert self.recall(lists, their_ids, many) >= 0.98

    def test_so_it_does_where_many_are_asked_for(self, lists, their_ids, many):
        # As the engine asks. Of so many the lists that are looked into hold 0.88.
        assert self.recall(lists, their_ids, many, k=300) >= 0.86

    @pytest.mark.parametrize("count", [3, 6, 60, 600, FEW - 1, FEW + 1, 5_999])
    def test_so_it_does_under_a_filter(self, lists, their_ids, many, count):
        allowed = np.sort(np.random.default_rng(count).choice(their_ids, count, replace=False))
        assert self.recall(lists, their_ids, many, allowed) >= 0.98

    def test_so_it_does_where_only_the_nearest_lists_are_read(
        self, lists, their_ids, many, monkeypatch
    ):
        monkeypatch.setattr(faiss_vectors, "few_enough", lambda _: 0)
        monkeypatch.setattr(faiss_vectors, "_READ", 50)
        read = []
        near = InvertedLists.near

        def counted(*asked):
            found = near(*asked)
            read.append(len(found))
            return found

        monkeypatch.setattr(InvertedLists, "near", counted)
        allowed = np.sort(np.random.default_rng(1).choice(their_ids, 600, replace=False))
        assert self.recall(lists, their_ids, many, allowed) >= 0.98
        # Only packed vectors have the number of the list.
        assert all(100 < one < 400 for one in read)

    def test_scores_are_those_of_the_vectors_themselves(self, lists, their_ids, many):
        scores, found = lists.search(many[7], 5)
        assert found[0] == their_ids[7]
        np.testing.assert_allclose(
            scores, many[np.searchsorted(their_ids, found)] @ many[7], atol=2e-3
        )
        np.testing.assert_allclose(lists.vector(int(their_ids[7])), many[7], atol=1e-3)
        np.testing.assert_allclose(lists.vectors(their_ids[:3]), many[:3], atol=1e-3)

    def test_as_many_as_there_are(self, lists, their_ids):
        assert len(lists.search(unit_rows(9, 1, 32)[0], 10_000)[1]) == COUNT

    @pytest.mark.parametrize("identifier", [0, 6, 10**9])
    def test_an_unknown_id_has_no_vector(self, lists, identifier):
        with pytest.raises(KeyError):
            lists.vector(identifier)

    def test_they_are_of_the_kind_that_their_number_asks_for(self, folder, engine):
        packed = len(np.load(folder / "ids.npy")) > engine.packed
        kind = faiss.IndexIVFPQFastScan if packed else faiss.IndexIVFScalarQuantizer
        assert isinstance(faiss.read_index(str(folder / "index.faiss")), kind)

    def test_what_is_excluded_is_not_found(self, lists, their_ids, many):
        without = np.sort(lists.search(many[7], 5)[1])
        found = lists.search(many[7], COUNT, Selection(excluded=without))[1]
        assert set(found.tolist()) == set(their_ids.tolist()) - set(without.tolist())

    def test_an_odd_dimension_cannot_be_packed(self, tmp_path, their_ids, many):
        odd = np.ascontiguousarray(many[:, :31])
        index = written(FaissEngine(exact=1_000, packed=2_000), tmp_path, their_ids, odd)
        kind = faiss.IndexIVFScalarQuantizer
        assert isinstance(faiss.read_index(str(tmp_path / "index.faiss")), kind)
        assert index.search(odd[7], 1)[1][0] == their_ids[7]

    def test_the_same_vectors_make_the_same_files(self, tmp_path, their_ids, many, engine):
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            written(engine, tmp_path / name, their_ids, many)
        for path in (tmp_path / "a").iterdir():
            assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()

    def test_building_takes_the_threads_it_is_given_and_a_question_one(
        self, tmp_path, their_ids, many, monkeypatch
    ):
        monkeypatch.setenv(THREADS_VARIABLE, "3")
        given = []
        monkeypatch.setattr(
            "rftsearch.index.engines.faiss_engine.faiss.omp_set_num_threads", given.append
        )
        index = written(FaissEngine(exact=1_000), tmp_path, their_ids, many)
        assert given[0] == 3
        given.clear()
        index.search(many[0], 5)
        assert given == [1]

    @pytest.mark.parametrize("name", ["probing.json", "originals.npy", "ids.npy"])
    def test_what_belongs_to_it_must_be_there(self, tmp_path, their_ids, many, name):
        written(FaissEngine(exact=1_000), tmp_path, their_ids, many)
        (tmp_path / name).unlink()
        with pytest.raises(IndexDamagedError, match="--repair"):
            FaissIndex.open(tmp_path)
