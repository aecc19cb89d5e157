"""Sources are read again, and what changed is named and applied, or nothing is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rftsearch import Engine, Paper, SourceError, build_index, index_papers, update_index
from rftsearch.index.build.sync import sync_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.store.store import Store
from rftsearch.sources.arxiv.snapshot import Snapshot
from support.encoder import WordEncoder
from support.library import LIST, write_abstracts, write_list
from support.snapshot import record, write_snapshot
from support.stores import opened_store

OTHER = "".join(
    f"* [2501] [Lamp{n}] [Lamp{n}: A Lamp](https://arxiv.org/abs/2501.0000{n})\n" for n in range(6)
)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    other = tmp_path / "other.md"
    other.write_text(f"## Lamps\n\n{OTHER}", "utf-8")
    abstracts = write_abstracts(tmp_path)
    folder = tmp_path / "index"
    build_index(
        folder,
        [write_list(tmp_path), other],
        encoder=WordEncoder(),
        abstracts=abstracts,
        offline=True,
    )
    return folder


def sync(index: Path, **options):
    options.setdefault("encoder", WordEncoder())
    return sync_index(index, offline=True, **options)


def names(index: Path) -> set[str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        return {paper.short_name for paper in engine.papers()}


def state(index: Path) -> dict[str, bytes]:
    """Everything of an index but the store, and the papers and history in that."""
    files = {
        str(path.relative_to(index)): path.read_bytes()
        for path in index.rglob("*")
        if path.is_file() and not path.name.startswith(("store.sqlite3", "write"))
    }
    with Store.open(index) as store:
        number = Manifest.read(index).generation
        files["papers"] = repr(list(store.members(number))).encode()
        files["history"] = repr(
            (store.history.generations(), list(store.history.changes(0)))
        ).encode()
    return files


EDITED = (
    LIST.replace("[CrowdSeer]", "[Crowd]")
    .replace("## Audio", "## Sound")
    .replace("* [2503] [NoPreprint] [NoPreprint: A Video Report]", "* [2503] [New] [A Report]")
    .replace("(A robot toolbox)", "(A toolbox)")
)


class TestWhatChanged:
    def test_is_named_by_kind_and_applied(self, index, tmp_path):
        write_list(tmp_path, EDITED)
        encoder = WordEncoder()
        report = sync(index, encoder=encoder)
        assert [(change.kind, str(change)) for change in report.changes] == [
            ("added", "+ New"),
            ("removed", "- NoPreprint"),
            ("renamed", "~ CrowdSeer -> Crowd"),
            ("changed", "~ Robo-Kit: remark"),
            ("moved", "~ EarTest: Audio -> Sound"),
        ]
        assert report.counts == dict.fromkeys(
            ("added", "removed", "renamed", "changed", "moved"), 1
        )
        assert report.build is not None
        assert report.build.encoded == 2  # The new one, and the remark of a project.
        assert report.manifest == Manifest.read(index)
        assert report.changes[0].to_dict() == {
            "kind": "added",
            "id": "a-report",
            "name": "New",
            "title": "A Report",
            "text": "New",
        }
        assert "New" in names(index)

    def test_nothing_is_published_where_nothing_changed(self, index, tmp_path):
        write_list(tmp_path, "\n\n" + LIST)  # Lines moved.
        before = Manifest.read(index)
        report = sync(index)
        assert (bool(report), report.changes, report.build) == (False, (), None)
        assert Manifest.read(index) == before
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.paper("CrowdSeer").provenance[0].line == 9

    def test_what_a_list_says_of_itself_is_a_change(self, index, tmp_path):
        write_list(tmp_path, LIST.replace("# Invented papers", "# Other papers"))
        report = sync(index)
        assert not report
        assert report.build is not None
        assert "Other papers" in {each.title for each in Manifest.read(index).about.values()}

    def test_a_paper_that_got_an_arxiv_id_is_renamed_not_new(self, index, tmp_path):
        found = "https://arxiv.org/abs/2503.00009"
        write_list(tmp_path, LIST.replace("https://example.org/report.pdf", found))
        report = sync(index)
        assert [str(change) for change in report.changes] == [
            "~ NoPreprint: id noprepr" + "int-a-video-report -> 2503.00009; abstract, address"
        ]

    def test_a_dry_run_says_the_same_and_changes_nothing(self, index, tmp_path):
        write_list(tmp_path, "\n\n" + EDITED)
        before = state(index)
        report = sync(index, dry_run=True)
        assert report.dry_run
        assert len(report.changes) == 5
        assert report.build is None
        assert state(index) == before
        assert sync(index).changes == report.changes

    def test_it_works_while_the_index_is_open(self, index, tmp_path):
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.search("video", k=1)
            write_list(tmp_path, EDITED)
            sync(index)
            assert engine.paper("Crowd").id == "2505.00001"

    def test_of_many_changes_all_are_counted_and_some_are_named(self, index, monkeypatch, tmp_path):
        from rftsearch.index.build import changes
        from rftsearch.index.build import sync as module

        write_list(tmp_path, EDITED)
        every = sync(index, dry_run=True)
        monkeypatch.setattr(module, "MOST_NAMED", 1)
        monkeypatch.setattr(changes, "MOST_NAMED", 1)
        report = sync(index)
        assert report.counts == every.counts
        assert sorted(each.kind for each in report.changes) == sorted(report.counts)
        assert set(report.changes) <= set(every.changes)


class TestWhatStays:
    def test_papers_that_a_program_added(self, index, tmp_path):
        xylo = Paper("x", "Xylo", "Xylo: Video", ("Part",))
        crowd = Paper("2505.00001", "CrowdSeer", "CrowdSeer", ("Mine",), arxiv_id="2505.00001")
        update_index(index, [xylo, crowd], encoder=WordEncoder())
        assert not sync(index)
        write_list(tmp_path, LIST.partition("## Vision (Video)")[2].join(["## Video", ""]))
        report = sync(index, force=True)
        assert "- DrawWell" in map(str, report.changes)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.paper("x").categories == ("Part",)
            assert engine.paper("CrowdSeer").categories == ("Mine",)  # The list dropped it.

    def test_papers_that_were_added_before_there_was_a_history(self, index):

        xylo = Paper("x", "Xylo", "Xylo: Video", ("Part",))
        update_index(index, [xylo], encoder=WordEncoder())
        with opened_store(index) as connection:
            for table in ("papers_by_hand", "history_changes", "history_generations"):
                connection.execute(f"DROP TABLE {table}")
        assert not sync(index)
        assert "Xylo" in names(index)

    def test_what_was_removed_by_hand_stays_away(self, index):
        xylo = Paper("x", "Xylo", "Xylo: Video", ("Part",))
        update_index(index, [xylo], encoder=WordEncoder())
        update_index(index, remove=["x", "2505.00001"], encoder=WordEncoder())
        assert not sync(index)
        assert names(index).isdisjoint({"Xylo", "CrowdSeer"})
        update_index(index, [xylo], encoder=WordEncoder())
        assert not sync(index)
        assert "Xylo" in names(index)

    def test_an_index_of_papers_alone_has_nothing_to_read(self, tmp_path):
        index_papers(tmp_path, [Paper("x", "X", "X", ("A",))], encoder=WordEncoder())
        with pytest.raises(SourceError, match="there is no source to read again"):
            sync(tmp_path)


class TestASourceThatFails:
    def test_changes_nothing(self, index, tmp_path):
        (tmp_path / "other.md").unlink()
        write_list(tmp_path, EDITED)
        before = state(index)
        with pytest.raises(SourceError) as refused:
            sync(index)
        assert str(refused.value).startswith("there is no list at ")
        assert "nothing is changed in " in str(refused.value)
        assert "--force` goes on" in str(refused.value)
        assert state(index) == before

    def test_keeps_its_papers_where_that_is_forced(self, index, tmp_path):
        (tmp_path / "other.md").unlink()
        write_list(tmp_path, EDITED)
        report = sync(index, force=True)
        assert list(report.failed) == [str(tmp_path / "other.md")]
        assert {"New", "Lamp0", "Lamp5"} <= names(index)
        assert report.counts["removed"] == 1
        (tmp_path / "other.md").write_text(f"## Lamps\n\n{OTHER}", "utf-8")
        assert not sync(index)

    def test_changes_nothing_when_it_lost_half_its_entries(self, index, tmp_path):
        half = "".join(OTHER.splitlines(keepends=True)[:3])
        (tmp_path / "other.md").write_text(f"## Lamps\n\n{half}", "utf-8")
        before = state(index)
        for dry_run in (True, False):
            with pytest.raises(SourceError, match=r"other\.md has 3 entries, and had 6; nothing"):
                sync(index, dry_run=dry_run)
        with pytest.raises(SourceError, match=r"--force` removes it$"):
            sync(index)
        assert sync(index, force=True, dry_run=True).counts == {"removed": 3}
        assert state(index) == before
        assert sync(index, force=True).counts == {"removed": 3}

    def test_a_snapshot_cannot_be_passed_over(self, index, tmp_path):
        path = write_snapshot(tmp_path, record("2506.00001"))
        update_index(index, Snapshot(path), encoder=WordEncoder(), offline=True)
        assert not sync(index)
        path.unlink()
        with pytest.raises(SourceError, match="put it back"):
            sync(index, force=True)

    def test_a_build_that_fails_leaves_no_history(self, index, tmp_path, monkeypatch):
        from rftsearch.index.build import publish

        before = state(index)
        write_list(tmp_path, EDITED)

        def fail(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(publish, "write_generation", fail)
        with pytest.raises(Exception, match="No space"):
            sync(index)
        monkeypatch.undo()
        sync(index, dry_run=True)  # Cleans up first.
        assert state(index) == before


def test_streams_are_counted_too(tmp_path):
    lines = [{"title": f"Lamp {n}", "id": f"l{n}", "category": "A"} for n in range(4)]
    path = tmp_path / "papers.jsonl"

    def write(records: list[dict]) -> None:
        path.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")

    write(lines)
    index = tmp_path / "index"
    build_index(index, path, encoder=WordEncoder(), offline=True)
    write(lines[:2])
    with pytest.raises(SourceError, match=r"papers\.jsonl has 2 entries, and had 4"):
        sync(index)
    write(lines[1:])
    assert sync(index).counts == {"removed": 1}
