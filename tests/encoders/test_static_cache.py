"""A static model is made once, kept by the index that it embedded, and found again."""

from __future__ import annotations

import os
import shutil
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from rftsearch.encoders.learning.recipe import Recipe
from rftsearch.encoders.static_cache import find_static, made_static
from rftsearch.encoders.static_encoder import MADE_FROM, TABLE, StaticEncoder
from rftsearch.errors import IndexDamagedError, ModelError
from rftsearch.index.build.build import index_papers
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.update import update_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.models import open_encoder
from rftsearch.index.generations.status import read_status
from rftsearch.index.generations.verify import verify_index
from rftsearch.index.store.staging import Staging
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.engine import Engine
from support.exported import copy_exports
from support.static import library_texts, save_static_model

RECIPE = Recipe(dimension=12, word_count=3, least_steps=10, most_steps=10)


@pytest.fixture(autouse=True)
def _exports(monkeypatch, four_poolings) -> None:
    copy_exports(monkeypatch, four_poolings)


@pytest.fixture
def make(four_poolings, tmp_path):
    """`made_static` with a teacher and a cache of the test's own."""
    cache = tmp_path / "cache"
    return partial(made_static, teacher=four_poolings.original, recipe=RECIPE, cache=cache)


@pytest.fixture
def index(tmp_path, monkeypatch, make) -> Path:
    """Where an index may be built, with models made and found by `make`."""
    monkeypatch.setattr("rftsearch.encoders.static_cache.made_static", make)
    found = partial(find_static, cache=make.keywords["cache"])
    monkeypatch.setattr("rftsearch.encoders.static_cache.find_static", found)
    return tmp_path / "index"


def quiet(*_: object) -> None:
    """Progress that nobody watches."""


def papers(count: int) -> list[Paper]:
    return [
        Paper(
            id=f"slug:p{number}",
            short_name=f"P{number}",
            title=text.title,
            categories=("Things",),
            metadata=ArxivMetadata(f"slug:p{number}", text.title, text.body[len(text.title) + 1 :]),
        )
        for number, text in enumerate(library_texts(count))
    ]


def models(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "models").iterdir())


class TestCache:
    def test_one_collection_has_one_model(self, make):
        calls: list[tuple[str, int, int]] = []
        first = make(library_texts(), lambda *now: calls.append(now))
        assert calls
        calls.clear()
        second = make(reversed(library_texts()), lambda *now: calls.append(now))
        assert not calls, "the teacher was not asked again"
        assert second.fingerprint == first.fingerprint
        assert second.settings[MADE_FROM] == 24

    def test_other_papers_or_another_way_are_another_model(self, make):
        prints = {
            make(library_texts(), quiet).fingerprint,
            make(library_texts(12), quiet).fingerprint,
            make(library_texts(), quiet, recipe=Recipe(dimension=8)).fingerprint,
        }
        assert len(prints) == 3

    def test_a_damaged_one_is_made_again(self, make):
        made = make(library_texts(), quiet)
        table = made.folder / TABLE
        intact = table.read_bytes()
        table.write_bytes(intact[:-1] + bytes([intact[-1] ^ 1]))
        assert make(library_texts(), quiet).fingerprint == made.fingerprint
        assert table.read_bytes() == intact

    def test_leaves_nothing_else_behind(self, make):
        made = make(library_texts(), quiet)
        assert list(made.folder.parent.iterdir()) == [made.folder]
        assert len(list(made.folder.iterdir())) == 3

    def test_forgets_what_a_killed_process_left_a_day_ago(self, make):
        cache = make.keywords["cache"]
        for name, age in (("draft-1", 2 * 86_400), ("draft-2", 60)):
            (cache / name / "teacher").mkdir(parents=True)
            os.utime(cache / name, (time.time() - age,) * 2)
        make(library_texts(), quiet)
        assert sorted(path.name for path in cache.glob("draft-*")) == ["draft-2"]

    def test_a_cache_that_cannot_be_written_is_one_line(self, make, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(ModelError, match="XDG_CACHE_HOME") as caught:
            make(library_texts(), quiet, cache=tmp_path / "file" / "cache")
        assert "\n" not in str(caught.value)

    def test_is_found_by_its_fingerprint(self, make):
        made = make(library_texts(), quiet)
        cache = made.folder.parent
        assert find_static("static", made.fingerprint, cache) == made.folder
        assert find_static(str(made.folder), made.fingerprint, cache) == made.folder
        assert find_static("static", "0" * 64, cache) is None
        assert find_static("elsewhere", made.fingerprint, cache) is None


class TestIndex:
    def test_keeps_a_copy_and_needs_nothing_else(self, index, make):
        report = index_papers(index, papers(24), encoder="static")
        shutil.rmtree(make.keywords["cache"])
        assert (report.encoded, report.notes) == (24, ())
        assert report.manifest.model.dimension == 13
        assert models(index) == [report.manifest.export.folder]
        verify_index(index)
        status = read_status(index)
        assert (status.model, status.encoded_by) == ("static", "a table of words")
        with Engine.open(index) as engine:
            hits = engine.search("a video", k=4)
            assert all("video" in hit.paper.title for hit in hits)
            assert len(engine.search("?!", k=3)) == 3
            assert len(engine.similar_to_text("crowd " * 4000, k=3)) == 3

    def test_goes_on_with_it_when_papers_come(self, index):
        first = index_papers(index, papers(24), encoder="static")
        later = index_papers(index, papers(30), encoder="static")
        by_itself = index_papers(index, papers(31))
        assert later.encoded == 6
        assert by_itself.encoded == 1
        prints = {r.manifest.model.fingerprint for r in (first, later, by_itself)}
        assert len(prints) == 1
        assert models(index) == [first.manifest.export.folder]

    def test_makes_another_once_the_collection_has_grown(self, index):
        first = index_papers(index, papers(6), encoder="static")
        grown = index_papers(index, papers(25))
        assert grown.encoded == 25
        assert grown.manifest.model.fingerprint != first.manifest.model.fingerprint

    def test_takes_the_folder_of_a_model(self, index, tmp_path):
        folder = save_static_model(tmp_path / "mine")
        index_papers(index, papers(6), encoder=str(folder))
        shutil.rmtree(folder)
        assert index_papers(index, papers(7)).encoded == 1, "it goes on with its copy"
        with Engine.open(index) as engine:
            assert len(engine.search("crowd", k=3)) == 3

    def test_takes_the_model_of_another_index(self, index, tmp_path):
        first = index_papers(index, papers(24), encoder="static")
        with Engine.open(index) as engine:
            engine.search("crowd")  # Leaves its note of what was verified beside the model.
        folder = index / "models" / first.manifest.export.folder
        second = index_papers(tmp_path / "second", papers(6), encoder=str(folder))
        assert second.manifest.model.fingerprint == first.manifest.model.fingerprint

    def test_a_changed_folder_is_another_model(self, index, tmp_path):
        folder = save_static_model(tmp_path / "mine")
        index_papers(index, papers(6), encoder=str(folder))
        shutil.rmtree(folder)
        save_static_model(folder, seed=1)
        assert index_papers(index, papers(6), encoder=str(folder)).encoded == 6

    def test_a_folder_that_is_gone_is_one_line(self, index, tmp_path):
        with pytest.raises(ModelError, match="no model folder"):
            index_papers(index, papers(6), encoder=str(tmp_path / "none"))


class TestDamage:
    def damage(self, index: Path) -> StaticEncoder:
        report = index_papers(index, papers(24), encoder="static")
        table = index / "models" / report.manifest.export.folder / TABLE
        table.write_bytes(table.read_bytes()[:-1] + b"\0\0")
        with pytest.raises(IndexDamagedError, match="--repair"):
            open_encoder(index, report.manifest)
        return report

    def test_is_repaired_out_of_the_cache(self, index):
        before = self.damage(index)
        after = repair_index(index).manifest
        assert after.export == before.manifest.export
        assert open_encoder(index, after).fingerprint == before.manifest.model.fingerprint

    def test_without_the_cache_it_says_what_is_lost(self, index, make):
        self.damage(index)
        shutil.rmtree(make.keywords["cache"])
        manifest = repair_index(index).manifest
        with pytest.raises(ModelError, match="build --model static") as caught:
            open_encoder(index, manifest)
        assert "\n" not in str(caught.value)
        assert index_papers(index, papers(24), encoder="static").manifest.export.folder
        vectors = open_encoder(index, Manifest.read(index)).encode_queries(["crowd"])
        assert np.isfinite(vectors).all()


def test_a_draft_of_a_killed_process_of_the_same_number_is_in_nobodys_way(make):
    left = make.keywords["cache"] / f"draft-{os.getpid()}" / "teacher"
    left.mkdir(parents=True)
    assert make(library_texts(40), quiet).name == "static"
    assert not left.parent.exists()


def test_an_update_that_finds_another_store_leaves_the_model(index):
    index_papers(index, papers(40), encoder="static")
    kept = models(index)
    for path in index.glob("store.sqlite3*"):
        path.unlink()
    Staging.create(index).close()
    with pytest.raises(IndexDamagedError, match="the store is that of another index"):
        update_index(index, papers(41)[40:])
    assert models(index) == kept != []
