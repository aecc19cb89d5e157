from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.errors import (
    IndexDamagedError,
    IndexMissingError,
    ModelMismatchError,
    SourceError,
    UnknownPaperError,
)
from rftsearch.index.build.build import build_index
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.update import update_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.verify import verify_index
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from rftsearch.sources.arxiv.snapshot import Snapshot
from rftsearch.sources.catalogue import CATALOGUE, load_catalogue
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list
from support.snapshot import record, write_snapshot

MORE = "## Robots\n\n* [2506] [Robo2] [Robo2: A Robot](https://example.org/robo2.pdf)\n"
SAME = (
    "## Robots\n\n* [2505] [CrowdSeer] [CrowdSeer: Counting]"
    "(https://arxiv.org/abs/2505.00001) [[Demo](https://example.org/demo)]\n"
)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return write_list(tmp_path)


@pytest.fixture
def index(tmp_path: Path, lists: Path) -> Path:
    folder = tmp_path / "index"
    abstracts = write_abstracts(tmp_path)
    build_index(folder, [lists], encoder=WordEncoder(), abstracts=abstracts, offline=True)
    return folder


@pytest.fixture
def more(tmp_path: Path) -> Path:
    path = tmp_path / "more.md"
    path.write_text(MORE, "utf-8")
    return path


def update(index, *sources, **options):
    options.setdefault("encoder", WordEncoder())
    return update_index(index, sources, offline=True, **options)


def rebuild(index):
    return build_index(index, encoder=WordEncoder(), offline=True)


def names(index) -> set[str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        return {paper.short_name for paper in engine.papers()}


class TestAdding:
    def test_a_list_joins_and_is_remembered(self, index, lists, more):
        before = names(index)
        encoder = WordEncoder()
        report = update(index, more, encoder=encoder)
        assert names(index) == before | {"Robo2"}
        assert report.encoded == 1
        assert report.manifest.counts["papers"] == 6
        assert report.manifest.categories[-1] == "Robots"
        assert report.manifest.sources == (str(lists), str(more))
        assert rebuild(index).manifest.counts == report.manifest.counts
        assert names(index) == before | {"Robo2"}

    def test_the_other_lists_are_not_read(self, index, lists, more):
        lists.unlink()
        update(index, more)
        assert "Robo2" in names(index)

    def test_what_is_there_already_is_joined(self, index, more):
        more.write_text(SAME, "utf-8")
        report = update(index, more)
        assert report.manifest.counts["papers"] == 5
        with Engine.open(index, encoder=WordEncoder()) as engine:
            paper = engine.paper("CrowdSeer")
        assert paper.categories == ("Vision (Image)", "Robots")
        assert [link.kind for link in paper.links] == ["code", "model", "demo"]
        assert paper.abstract.startswith("We count")

    def test_a_snapshot_joins_with_its_filters(self, index, tmp_path):
        lines = [record("2506.00001", title="Fresh"), record("2506.00002", categories="math.CO")]
        snapshot = Snapshot(write_snapshot(tmp_path, *lines), ("cs",))
        report = update(index, snapshot)
        assert report.outcome.account == ("snapshot.json: 1 of 2 papers taken",)
        assert rebuild(index).manifest.counts["papers"] == 6

    def test_papers_at_hand_join_and_no_build_forgets_them(self, index):
        xylo = Paper("x", "Xylo", "Xylo: Video", ("Part",))
        update_index(index, [xylo], encoder=WordEncoder())
        assert "Xylo" in names(index)
        with pytest.raises(SourceError, match="`rftsearch sync"):
            rebuild(index)
        with pytest.raises(ValueError, match="not both"):
            update_index(index, [xylo, Path("more.md")], encoder=WordEncoder())

    def test_snapshots_that_overlap_count_once(self, index, tmp_path):
        lines = [record("2506.00001", title="Fresh"), record("2506.00002", categories="cs.CL")]
        path = write_snapshot(tmp_path, *lines)
        vision, language = Snapshot(path, ("cs.CV",)), Snapshot(path, ("cs.CL",))
        report = update(index, vision, language)
        assert report.manifest.counts["papers"] == 7
        assert update(index, language).manifest.counts["papers"] == 7
        assert rebuild(index).manifest.counts["papers"] == 7

    def test_to_the_catalogue(self, tmp_path, more):
        index = tmp_path / "shipped"
        build_index(index, encoder=WordEncoder(), offline=True)
        assert update(index, more).manifest.sources == (CATALOGUE, str(more))
        assert rebuild(index).manifest.counts["papers"] == update(index).manifest.counts["papers"]
        assert len(names(index)) > len({paper.short_name for paper in load_catalogue()})

    def test_nothing_that_can_be_read_changes_nothing(self, index, tmp_path):
        before = Manifest.read(index)
        with pytest.raises(SourceError, match="there is no list"):
            update(index, tmp_path / "absent.md")
        with pytest.raises(SourceError, match=r"absent\.json"):
            update(index, Snapshot(tmp_path / "absent.json"))
        assert Manifest.read(index) == before


class TestRemoving:
    def test_stays_removed_until_it_is_added(self, index, lists, more):
        report = update(index, remove=["2505.00001"])
        assert report.manifest.counts["papers"] == 4
        assert "1 removed by hand" in report.notes[-1]
        assert "CrowdSeer" not in names(index)
        assert rebuild(index).manifest.excluded_ids == ("2505.00001",)
        assert "CrowdSeer" not in names(index)
        more.write_text(SAME, "utf-8")
        assert update(index, more).manifest.excluded_ids == ()
        assert "CrowdSeer" in names(index)
        rebuild(index)
        assert "CrowdSeer" in names(index)

    def test_whoever_asks_for_it_is_reported(self, index):
        def told() -> list[bool]:
            said = []
            with Engine.open(index, encoder=WordEncoder()) as engine:
                for name in ("2505.00001", "crowd-seer", "NoPreprint", "CrowdSear", "???"):
                    with pytest.raises(UnknownPaperError) as refused:
                        engine.paper(name)
                    said.append("it was removed by hand, and `rftsearch add" in str(refused.value))
                with pytest.raises(UnknownPaperError, match="removed by hand"):
                    engine.similar("arxiv.org/abs/2505.00001")
            return said

        with Engine.open(index, encoder=WordEncoder()) as engine:
            report = engine.paper("NoPreprint").id
        update(index, remove=["2505.00001", report])
        assert told() == [True, True, True, False, False]
        rebuild(index)  # The store has no record of them any more.
        assert told() == [True, True, False, False, False]

    def test_one_that_is_not_there_removes_none(self, index):
        before = Manifest.read(index)
        with pytest.raises(UnknownPaperError, match="no paper called 'absent'"):
            update(index, remove=["2505.00001", "absent"])
        assert Manifest.read(index) == before
        assert "CrowdSeer" in names(index)
        rebuild(index)
        verify_index(index)
        assert "CrowdSeer" in names(index)

    def test_all_of_them(self, index):
        with Engine.open(index, encoder=WordEncoder()) as engine:
            ids = [paper.id for paper in engine.papers()]
        report = update(index, remove=ids)
        assert report.manifest.counts["papers"] == 0
        assert names(index) == set()


class TestMishaps:
    def test_a_dead_build_and_a_damaged_manifest(self, index, lists, more):
        def die(stage, *_):
            if stage == "export":
                raise KeyboardInterrupt

        update(index, remove=["2502.00004"])
        with pytest.raises(KeyboardInterrupt):
            build_index(index, [more], encoder=WordEncoder(), offline=True, progress=die)
        expected = names(index)
        (index / "manifest.json").write_text("{", "utf-8")
        repair_index(index)
        assert names(index) == expected
        with pytest.raises(KeyboardInterrupt):
            build_index(index, [more], encoder=WordEncoder(), offline=True, progress=die)
        (index / "manifest.json").write_text("{", "utf-8")
        build_index(index, [lists], encoder=WordEncoder(), offline=True)
        assert names(index) == expected, "what was removed by hand stays removed"

    def test_a_build_that_died_while_writing_is_in_nobodys_way(self, index):
        folder = index / "generations" / "000002"
        folder.mkdir()
        (folder / "titles.npy").write_bytes(b"half")
        repair_index(index)
        verify_index(index)
        assert not folder.exists()

    def test_a_store_that_is_lost(self, index, more):
        for name in ("store.sqlite3", "store.sqlite3-wal", "store.sqlite3-shm"):
            (index / name).unlink(missing_ok=True)
        with pytest.raises(IndexDamagedError, match="the store is that of another index"):
            update(index, more)


class TestRefusals:
    def test_no_index(self, tmp_path, more):
        with pytest.raises(IndexMissingError, match=r"build --index .*absent` makes one"):
            update(tmp_path / "absent", more)
        assert not (tmp_path / "absent").exists()

    def test_another_model(self, index, more):
        before = Manifest.read(index)
        with pytest.raises(ModelMismatchError):
            update(index, more, encoder=WordEncoder(("other",), name="other"))
        assert Manifest.read(index) == before
        assert "Robo2" not in names(index)
