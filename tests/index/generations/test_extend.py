from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rftsearch import files
from rftsearch.errors import IndexDamagedError, IndexWriteError
from rftsearch.index.build.build import index_papers
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.update import update_index
from rftsearch.index.engines.base import Selection
from rftsearch.index.engines.segmented import SegmentedVectors
from rftsearch.index.generations import extend, generation
from rftsearch.index.generations.generation import Generation
from rftsearch.index.generations.layout import GONE, JOINED, ROWS, TITLES
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.status import folder_size
from rftsearch.index.generations.verify import verify_index
from rftsearch.index.tables.rows import FileRows, Stacked
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.search.engine import Engine
from rftsearch.search.ranking.numeric import Parameters
from support.encoder import WORDS, WordEncoder

SUBJECTS = ("lamp", "river", "kettle", "violin", "orchard", "compass", "lantern", "anchor")


def paper(number: int, subject: str | None = None, **changes) -> Paper:
    """An invented paper; its number decides what it is about, and when it came."""
    word, other = WORDS[number % len(WORDS)], WORDS[(number // 3) % len(WORDS)]
    subject = subject or SUBJECTS[(number * 5) % len(SUBJECTS)]
    made = Paper(
        f"24{number % 12 + 1:02}.{number:05}",
        f"Name{number}",
        f"Name{number}: {word} and {subject}",
        (f"Part {number % 3}",),
        released=f"2024-{number % 12 + 1:02}" if number % 7 else None,
        arxiv_id=f"24{number % 12 + 1:02}.{number:05}",
    )
    abstract = f"We {word} a {other} with a {subject}. " * (1 + number % 4)
    metadata = ArxivMetadata(made.id, made.title, abstract, authors=("A. Author",))
    return replace(made.with_metadata(metadata), **changes)


MANY = [paper(number) for number in range(120)]


@pytest.fixture(autouse=True)
def limits(monkeypatch):
    monkeypatch.setattr(extend, "LEAST", 20)
    monkeypatch.setattr(extend, "MOST_CHANGED", 0.5)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    index_papers(folder, MANY, encoder=WordEncoder())
    return folder


def update(index: Path, *add: Paper, remove=()):
    return update_index(index, add, remove=remove, encoder=WordEncoder())


def grown(index: Path) -> bool:
    return ROWS in Manifest.read(index).files


def opened(index: Path) -> Engine:
    return Engine.open(index, encoder=WordEncoder())


def answers(index: Path, query: str, **options) -> list[tuple[str, float]]:
    with opened(index) as engine:
        return [(hit.paper.id, hit.score) for hit in engine.search(query, 200, **options)]


class TestSharing:
    def test_what_did_not_change_is_the_same_file(self, index):
        before = Manifest.read(index).folder(index)
        update(index, paper(200), remove=[MANY[3].id])
        after = Manifest.read(index).folder(index)
        for name in (TITLES, "vectors/index.faiss", "words/terms.npy", "pairs/weights.npy"):
            assert (after / name).samefile(before / name)
        verify_index(index)

    def test_what_is_shared_is_counted_once_in_the_size(self, index):
        update(index, paper(200))
        generations = index / "generations"
        files = [path.stat() for path in generations.rglob("*") if path.is_file()]
        own = {file.st_ino: file.st_size for file in files}
        assert folder_size(generations) == sum(own.values()) < sum(f.st_size for f in files)

    def test_where_files_cannot_be_linked_they_are_copied(self, index, monkeypatch):
        monkeypatch.setattr(extend.os, "link", lambda *_: (_ for _ in ()).throw(OSError(1, "no")))
        update(index, paper(200))
        assert grown(index)
        verify_index(index)
        titles = Manifest.read(index).folder(index) / TITLES
        stat, content = titles.stat(), bytearray(titles.read_bytes())
        content[-1] ^= 1
        titles.write_bytes(content)
        os.utime(titles, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        monkeypatch.setattr(files, "ALWAYS_HASHED", 0)  # as of a file too large to hash each time
        with pytest.raises(IndexDamagedError, match="its bytes have changed"):
            update(index, paper(201))
        titles.write_bytes(bytes([*content[:-1], content[-1] ^ 1]))
        assert answers(index, "Name200")[0][0] == paper(200).id

    def test_a_damaged_file_is_not_shared_but_written_again(self, index):
        titles = Manifest.read(index).folder(index) / TITLES
        stat, content = titles.stat(), bytearray(titles.read_bytes())
        content[-1] ^= 1
        titles.write_bytes(content)
        os.utime(titles, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        update(index, paper(200))
        assert not grown(index)
        verify_index(index)
        assert answers(index, "Name200")[0][0] == paper(200).id

    def test_only_what_is_new_is_embedded(self, index):
        encoder = WordEncoder()
        report = update_index(index, [paper(200)], encoder=encoder)
        assert report.encoded == 1
        assert len(encoder.encoded) == 2

    def test_a_whole_build_that_changes_little_shares_too(self, index):
        index_papers(index, [*MANY[:-2], paper(200)], encoder=WordEncoder())
        assert grown(index)
        with opened(index) as engine:
            assert len(engine.papers()) == 119

    def test_nothing_new_at_all(self, index):
        expected = answers(index, "count the crowd")
        index_papers(index, MANY, encoder=WordEncoder())
        assert grown(index)
        assert answers(index, "count the crowd") == expected


class TestLimits:
    def test_a_small_collection_is_written_whole(self, tmp_path, monkeypatch):
        monkeypatch.setattr(extend, "LEAST", 121)
        index_papers(tmp_path, MANY, encoder=WordEncoder())
        update(tmp_path, paper(200))
        assert not grown(tmp_path)

    @pytest.mark.parametrize(("name", "most"), [("MOST_CHANGED", 0.05), ("MOST_JOINED", 6)])
    def test_many_changes_are_written_whole_however_few_come_at_a_time(
        self, index, monkeypatch, name, most
    ):
        monkeypatch.setattr(extend, name, most)
        update(index, *(paper(number) for number in range(200, 204)))
        assert grown(index)
        update(index, *(paper(number) for number in range(204, 208)))
        assert not grown(index)

    def test_another_order_of_categories_is_written_whole(self, index):
        index_papers(index, MANY[::-1], encoder=WordEncoder())
        assert not grown(index)

    def test_another_model_is_written_whole(self, index):
        index_papers(index, MANY, encoder=WordEncoder(WORDS[:5]))
        assert not grown(index)

    def test_damage_of_what_would_be_shared_is_written_again(self, index):
        (Manifest.read(index).folder(index) / TITLES).write_bytes(b"nothing")
        update(index, paper(200))
        assert not grown(index)
        verify_index(index)


class TestAnswers:
    """How far an extended index may be from one that was built at once: 0.03 of a score."""

    def changed(self, index: Path) -> list[Paper]:
        update(index, *(paper(number) for number in range(200, 205)), remove=[MANY[7].id])
        update(index, paper(205), paper(20, "windmill"), remove=[paper(201).id, MANY[8].id])
        left = {MANY[7].id, MANY[8].id, paper(201).id, MANY[20].id}
        kept = [one for one in MANY if one.id not in left]
        return [*kept, *(paper(n) for n in (200, 202, 203, 204, 205)), paper(20, "windmill")]

    @pytest.mark.parametrize("query", ["count the crowd", "a kettle", "windmill", "Name203"])
    @pytest.mark.parametrize(
        "filters", [None, Filters(categories=("Part 1",)), Filters(since="2024-05")]
    )
    def test_scores_are_nearly_those_of_a_new_index(self, index, tmp_path, query, filters):
        papers = self.changed(index)
        assert grown(index)
        index_papers(tmp_path / "new", papers, encoder=WordEncoder())
        ours = dict(answers(index, query, filters=filters))
        new = dict(answers(tmp_path / "new", query, filters=filters))
        assert ours.keys() == new.keys()
        assert max(abs(ours[paper_id] - score) for paper_id, score in new.items()) < 0.03

    def test_once_optimized_they_are_exactly_those(self, index, tmp_path):
        papers = self.changed(index)
        repair_index(index)
        assert not grown(index)
        index_papers(tmp_path / "new", papers, encoder=WordEncoder())
        for query in ("count the crowd", "a windmill", "video reward"):
            assert answers(index, query) == answers(tmp_path / "new", query)

    def test_papers_like_one_that_joined(self, index):
        update(index, paper(200), paper(208))
        with opened(index) as engine:
            assert engine.similar("Name200", k=3)
            assert engine.recommend(["Name200", "Name3"], k=3)
            assert len(engine.map().points) == 122

    def test_a_word_of_all_papers_tells_nothing_after_a_removal_either(self, tmp_path):
        lamps = [paper(number, "lamp") for number in range(40)]
        index_papers(tmp_path, lamps, encoder=WordEncoder())
        update(tmp_path, remove=[one.id for one in lamps[:3]])
        assert grown(tmp_path)
        assert max(score for _, score in answers(tmp_path, "lamp")) < 1.5

    def test_what_was_removed_is_found_by_nothing(self, index):
        update(index, remove=[MANY[3].id])
        with opened(index) as engine:
            assert MANY[3].id not in [one.id for one in engine.papers()]
            assert MANY[3].id not in [hit.paper.id for hit in engine.search("Name3", 200)]
            assert "Name3" not in [one.short_name for one in engine.suggest("Name3")]


changes = st.lists(
    st.tuples(
        st.lists(st.integers(100, 160), max_size=5),  # added, or there already
        st.lists(st.integers(100, 160), max_size=3),  # changed, where there
        st.lists(st.integers(0, 160), max_size=5),  # removed, where there
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
def test_whatever_comes_and_goes_the_index_holds_what_is_left(tmp_path_factory, limits, steps):
    index = tmp_path_factory.mktemp("index")
    there = {one.id: one for one in MANY[:110]}
    index_papers(index, list(there.values()), encoder=WordEncoder())
    for number, (added, changed, removed) in enumerate(steps):
        new = {paper(n).id: there.get(paper(n).id, paper(n)) for n in added}
        for n in changed:
            # Its month changes and with it the record, its text does not.
            if (known := there.get(paper(n).id)) is not None:
                new[known.id] = replace(known, description=f"{known.description} {number}")
        there |= new
        gone = [paper(n).id for n in set(removed) if paper(n).id in there]
        there = {key: one for key, one in there.items() if key not in gone}
        index_papers(index, list(there.values()), encoder=WordEncoder()) if number % 2 else update(
            index, *new.values(), remove=gone
        )
    generation = Generation.open(index)
    try:
        held = {one.id: one for _, one in generation.store.members(generation.number)}
        assert {key: one.title for key, one in held.items()} == {
            key: one.title for key, one in there.items()
        }
        newest = sorted(there.values(), key=lambda one: one.id, reverse=True)
        newest.sort(key=lambda one: one.released or "", reverse=True)
        ids = generation.attributes.ids
        names = generation.store.papers(ids.tolist())
        assert [names[i].id for i in ids.tolist()] == [one.id for one in newest]
        encoder = WordEncoder()
        query = encoder.encode_queries(["count a video with a robot"])[0]
        scores, found = generation.vectors.search(query, len(there))
        assert set(found.tolist()) == set(ids.tolist())
        assert np.allclose(scores, generation.vectors.vectors(found) @ query, atol=1e-3)
        some = np.sort(ids[::3])
        found = generation.vectors.search(query, 999, Selection(some))[1]
        assert set(found.tolist()) == set(some.tolist())
        assert len(generation.lexical) == len(there)
        counts = generation.manifest.counts
        assert counts["papers"] == len(there)
    finally:
        generation.close()


class TestSafety:
    def test_the_generation_before_still_opens(self, index):
        before = Manifest.read(index)
        update(index, paper(200), remove=[MANY[0].id])
        generation = Generation.of(index, before)
        assert len(generation.attributes) == 120
        assert generation.lexical.is_name("name0")
        generation.close()

    def test_a_failure_leaves_the_index_as_it_was(self, index, monkeypatch):
        def full(*_):
            raise OSError(28, "No space left on device")

        expected = answers(index, "count the crowd")
        monkeypatch.setattr(extend, "draw_map", full)
        with pytest.raises(IndexWriteError, match="No space left"):
            update(index, paper(200), remove=[MANY[0].id])
        assert len(list((index / "generations").iterdir())) == 1
        verify_index(index)
        assert answers(index, "count the crowd") == expected
        monkeypatch.undo()
        update(index, paper(200))
        assert len(answers(index, "Name200")) == 121

    def test_files_that_do_not_belong_together_are_refused(self, index):
        update(index, paper(200))
        manifest = Manifest.read(index)
        folder = manifest.folder(index)
        np.save(folder / GONE, np.array([1, 2]))
        with pytest.raises(IndexDamagedError, match="damaged"):
            Generation.open(index)
        repair_index(index)
        assert isinstance(Generation.open(index).vectors, SegmentedVectors) is False

    def test_a_damaged_joined_file_is_named(self, index):
        update(index, paper(200))
        path = Manifest.read(index).folder(index) / JOINED / TITLES
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(IndexDamagedError, match=TITLES):
            Generation.open(index)


def test_rows_that_are_not_mapped_answer_alike(index, monkeypatch):
    few = Parameters(candidates=10)  # Fewer than there are papers: their rows are read.

    def found():
        with Engine.open(index, encoder=WordEncoder(), parameters=few) as engine:
            some = Filters(categories=("Part 1",))
            answers = [
                engine.search("count the kettle", 8),
                engine.search("count the kettle", 8, some),
                engine.similar(MANY[5].id, 8),
            ]
            return [(hit.paper.id, hit.score, hit.parts) for one in answers for hit in one]

    for turn in range(2):
        mapped = found()
        with monkeypatch.context() as context:
            context.setattr(generation, "MAPPED", 0)
            assert isinstance(Generation.open(index).unigrams.terms, FileRows | Stacked)
            assert found() == mapped
        update(index, *(paper(number) for number in range(300, 305)), remove=[MANY[turn].id])
    assert grown(index)
