"""Nothing is deleted, overwritten or forgotten that is not proved ours and superfluous."""

from __future__ import annotations

import json
import os
import shutil
from itertools import product
from pathlib import Path

import pytest

from rftsearch.errors import IndexDamagedError, IndexFormatError, IndexStateError, IndexWriteError
from rftsearch.index.build import publish
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.update import update_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.verify import verify_index
from rftsearch.index.store.store import Store
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.library import write_list
from support.paths import ROOT
from support.stores import opened_store

PAPERS = [Paper(f"p{n}", f"P{n}", f"P{n}: A crowd of {n}", ("Part",)) for n in range(9)]


FIRST = "p0-a-crowd-of-0"
"""The id that the first paper gets when it is read from a list."""


def papers_of(index: Path) -> set[str]:
    """The ids of all papers that the store holds and nothing has removed."""
    with Store.open(index) as store:
        return store.live_ids()


def answers(index: Path) -> set[str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        return {paper.id for paper in engine.papers()}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class TestForeignFolders:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        folder = tmp_path / "project"
        for name in ("models/my-finetuned/w.bin", "generations/images/1.png", "notes.txt"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name)
        return folder

    def test_the_folder_of_a_checkout_counts_as_empty(self, tmp_path):
        folder = tmp_path / "index"
        shutil.copytree(ROOT / "index", folder, ignore=lambda _, names: {*names} - {"README.md"})
        (folder / "lost+found").mkdir()  # as in a new volume of a container
        kept = tree(folder)
        index_papers(folder, PAPERS[:2], encoder=WordEncoder())
        assert papers_of(folder) == {"p0", "p1"}
        assert kept.items() <= tree(folder).items()

    @pytest.mark.parametrize("force", [False, True])
    def test_a_folder_of_something_else_is_refused(self, project, tmp_path, force):
        before = tree(project)
        with pytest.raises(IndexFormatError, match="is not empty and holds no index"):
            build_index(
                project, [write_list(tmp_path)], encoder=WordEncoder(), offline=True, force=force
            )
        assert tree(project) == before

    @pytest.mark.parametrize(
        "content", ['{"name": "my web app", "icons": []}', "[1]", "x", '{"format": 3}']
    )
    def test_a_foreign_manifest_is_never_replaced(self, tmp_path, content):
        folder = tmp_path / "app"
        folder.mkdir()
        (folder / "manifest.json").write_text(content)
        with pytest.raises(IndexFormatError, match="is not a manifest of rftsearch"):
            index_papers(folder, PAPERS, encoder=WordEncoder(), force=True)
        assert tree(folder) == {"manifest.json": content.encode()}

    def test_a_foreign_manifest_beside_our_store_is_never_replaced(self, tmp_path):
        index = tmp_path / "index"
        index_papers(index, PAPERS, encoder=WordEncoder())
        (index / "manifest.json").write_text('{"name": "my web app"}')
        for change in (index_papers, repair_index):
            with pytest.raises(IndexFormatError, match="is not a manifest of rftsearch"):
                change(index, PAPERS) if change is index_papers else change(index)
        assert (index / "manifest.json").read_text() == '{"name": "my web app"}'

    def test_what_others_put_into_an_index_stays(self, tmp_path):
        index, elsewhere = tmp_path / "index", tmp_path / "elsewhere"
        index_papers(index, PAPERS, encoder=WordEncoder())
        kept = [
            "models/my-finetuned/w.bin",
            "models/0123456789abcdef/model.onnx",
            "models/draft/notes.txt",
            "generations/images/1.png",
            "generations/000099/photo.jpg",
            "generations/0001/attributes.npy",
        ]
        for name in kept:
            (index / name).parent.mkdir(parents=True, exist_ok=True)
            (index / name).write_text(name)
        elsewhere.mkdir()
        (elsewhere / "titles.npy").write_text("mine")
        (index / "generations" / "000098").symlink_to(elsewhere)
        (index / "models" / "draft-0123456789abcdef").symlink_to(elsewhere)
        for _ in range(3):
            index_papers(index, PAPERS, encoder=WordEncoder())
        repair_index(index)
        assert [name for name in kept if not (index / name).is_file()] == []
        assert tree(elsewhere) == {"titles.npy": b"mine"}

    @pytest.mark.parametrize("name", ["models", "generations"])
    def test_nothing_is_deleted_through_a_link(self, tmp_path, name):
        index, elsewhere = tmp_path / "index", tmp_path / "elsewhere"
        index_papers(index, PAPERS, encoder=WordEncoder())
        if (index / name).exists():
            shutil.move(index / name, elsewhere)
        (elsewhere / "000000").mkdir(parents=True)
        (elsewhere / "draft-0123456789abcdef").mkdir()
        (index / name).symlink_to(elsewhere)
        before = {path.name for path in elsewhere.iterdir()}
        index_papers(index, PAPERS, encoder=WordEncoder())
        index_papers(index, PAPERS, encoder=WordEncoder())
        assert before <= {path.name for path in elsewhere.iterdir()}

    def test_what_a_dead_build_left_is_deleted(self, tmp_path):
        index = tmp_path / "index"
        index_papers(index, PAPERS, encoder=WordEncoder())
        (index / "generations" / "000007" / "words").mkdir(parents=True)
        (index / "models" / "draft-0123456789abcdef").mkdir(parents=True)
        (index / "manifest.json.4711.new").write_text("{")
        index_papers(index, PAPERS, encoder=WordEncoder())
        left = {path.name for path in index.iterdir()} - {"write.lock"}
        assert left == {"manifest.json", "store.sqlite3", "generations"}
        assert len(list((index / "generations").iterdir())) == 2

    def test_papers_of_a_program_are_not_forgotten_by_a_build_from_lists(self, tmp_path):
        index = tmp_path / "index"
        index_papers(index, PAPERS, encoder=WordEncoder())
        lists = [write_list(tmp_path)]
        with pytest.raises(IndexDamagedError, match="9 papers, some of them came from a program"):
            build_index(index, lists, encoder=WordEncoder(), offline=True)
        assert len(answers(index)) == 9
        build_index(index, lists, encoder=WordEncoder(), offline=True, force=True)
        assert answers(index).isdisjoint(paper.id for paper in PAPERS)


def entry(paper: Paper) -> str:
    return f"[{paper.short_name}] [{paper.title}](https://example.org/{paper.id}.pdf)"


@pytest.fixture(scope="module")
def backups(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Whole copies of an index at three generations; each has a paper more."""
    root = tmp_path_factory.mktemp("backups")
    index = root / "index"
    copies = []
    for number in (1, 2, 3):
        entries = PAPERS[:4] if number == 1 else [PAPERS[2 + number]]
        path = root / f"list{number}.md"
        path.write_text("## Part\n\n" + "".join(f"* [2505] {entry(one)}\n" for one in entries))
        if number == 1:
            build_index(index, [path], encoder=WordEncoder(), offline=True)
        else:
            update_index(index, [path], encoder=WordEncoder(), offline=True)
        copies.append(root / f"backup{number}")
        shutil.copytree(index, copies[-1])
    return copies


def mixed(backups: list[Path], place: Path, store: int, manifest: int, folders: int) -> None:
    """An index whose store, manifest and folders are of different backups; 0 leaves one out."""
    place.mkdir()
    if store:
        shutil.copy2(backups[store - 1] / "store.sqlite3", place)
    if manifest:
        shutil.copy2(backups[manifest - 1] / "manifest.json", place)
    if folders:
        shutil.copytree(backups[folders - 1] / "generations", place / "generations")


COMMANDS = {
    "repair": repair_index,
    "add": lambda index: update_index(index, [PAPERS[8]], encoder=WordEncoder()),
    "remove": lambda index: update_index(index, remove=[FIRST], encoder=WordEncoder()),
    "build": lambda index: build_index(index, encoder=WordEncoder(), offline=True),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("store", "manifest", "folders"), list(product((1, 2, 3), (0, 1, 2, 3), (0, 1, 2, 3)))
)
def test_a_backup_restored_in_part_loses_nothing(
    backups, tmp_path, command, store, manifest, folders
):
    index = tmp_path / "index"
    mixed(backups, index, store, manifest, folders)
    held = papers_of(index)
    refused = None
    try:
        COMMANDS[command](index)
    except Exception as error:  # noqa: BLE001 - looked at below
        refused = error
    if refused is None:
        expected = held - {FIRST} if command == "remove" else held
        assert expected <= papers_of(index)
        assert answers(index) == papers_of(index)
        verify_index(index)
    else:
        assert "\n" not in str(refused)
        assert papers_of(index) == held, "a refusal changes no paper"
    if store == manifest and folders:
        assert refused is None or folders > store, "a whole index is not refused"
    if command == "repair" and 0 < manifest < store:
        assert refused is None, "what the store has published is taken up"
    if manifest > store or (manifest == 0 and folders > store):
        assert isinstance(refused, IndexStateError), "papers that came later would be lost"


@pytest.mark.parametrize("command", ["repair", "add", "remove"])
def test_what_would_be_lost_needs_force(backups, tmp_path, command):
    index = tmp_path / "index"
    mixed(backups, index, 1, 3, 3)
    with pytest.raises(IndexDamagedError, match=r"restore all of the backup; `--force` goes on"):
        COMMANDS[command](index)
    if command == "repair":
        repair_index(index, force=True)
    elif command == "add":
        update_index(index, [PAPERS[8]], encoder=WordEncoder(), force=True)
    else:
        update_index(index, remove=[FIRST], encoder=WordEncoder(), force=True)
    assert answers(index) == papers_of(index) != set()
    verify_index(index)


def test_whoever_restores_the_rest_after_a_refusal_has_all(backups, tmp_path):
    index = tmp_path / "index"
    mixed(backups, index, 1, 3, 3)
    for command in COMMANDS.values():
        with pytest.raises(IndexDamagedError, match="restore"):
            command(index)
    for path in index.glob("store.sqlite3*"):
        path.unlink()
    shutil.copy2(backups[2] / "store.sqlite3", index)
    verify_index(index)
    assert len(answers(index)) == 6


def test_a_search_over_an_older_manifest_names_the_contradiction(backups, tmp_path):
    index = tmp_path / "index"
    mixed(backups, index, 3, 1, 1)
    with pytest.raises(IndexDamagedError, match=r"generation 1, and the store has published .* 3"):
        Engine.open(index)


def test_the_store_of_another_index_is_named(tmp_path):
    ours, other = tmp_path / "ours", tmp_path / "other"
    for folder in (ours, other):
        index_papers(folder, PAPERS, encoder=WordEncoder())
    shutil.copy2(other / "store.sqlite3", ours / "store.sqlite3")
    for use in (Engine.open, verify_index, repair_index):
        with pytest.raises(IndexDamagedError, match="the store is that of another index"):
            use(ours)


def without_ids(index: Path) -> None:
    """Make an index as version 0.1 wrote it: no ids, states, digests or checksums."""
    with opened_store(index) as store:
        descriptions = store.execute("SELECT number, description FROM generations").fetchall()
        for number, text in descriptions:
            value = json.loads(text)
            del value["index_id"], value["generation_id"]
            store.execute(
                "UPDATE generations SET description = ? WHERE number = ?",
                (json.dumps(value), number),
            )
        for table, column in (
            ("generations", "state"),
            ("generations", "papers"),
            ("generations", "digest"),
            ("embeddings", "checksum"),
            ("papers", "checksum"),
        ):
            store.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        store.execute("DROP TABLE identity")
        store.execute("PRAGMA user_version = 2")
    store.close()
    path = index / "manifest.json"
    value = json.loads(path.read_text())
    del value["index_id"], value["generation_id"]
    path.write_text(json.dumps(value))


class TestIndexesOfVersion01:
    @pytest.fixture
    def index(self, tmp_path: Path) -> Path:
        folder = tmp_path / "index"
        index_papers(folder, PAPERS[:5], encoder=WordEncoder())
        update_index(folder, [PAPERS[5]], encoder=WordEncoder())
        without_ids(folder)
        return folder

    def test_answer_unchanged_and_are_not_written(self, index):
        before = (index / "store.sqlite3").read_bytes()
        assert len(answers(index)) == 6
        verify_index(index)
        assert (index / "store.sqlite3").read_bytes() == before

    def test_get_ids_with_the_next_build(self, index):
        report = update_index(index, [PAPERS[6]], encoder=WordEncoder())
        assert report.encoded == 1
        assert len(report.manifest.index_id) == len(report.manifest.generation_id) == 32
        assert len(answers(index)) == 7
        verify_index(index)

    def test_go_on_after_a_build_that_died(self, index, monkeypatch):
        def die(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(publish, "write_generation", die)
        with pytest.raises(KeyboardInterrupt):
            update_index(index, [PAPERS[6]], encoder=WordEncoder())
        monkeypatch.undo()
        assert len(answers(index)) == 6
        update_index(index, [PAPERS[7]], encoder=WordEncoder())
        assert answers(index) == {f"p{n}" for n in (0, 1, 2, 3, 4, 5, 7)}
        verify_index(index)

    def test_an_older_manifest_is_refused_too(self, tmp_path):
        index, backup = tmp_path / "index", tmp_path / "backup"
        index_papers(index, PAPERS[:4], encoder=WordEncoder())
        shutil.copytree(index, backup)
        for number in (4, 5):
            update_index(index, [PAPERS[number]], encoder=WordEncoder())
        without_ids(index)
        without_ids(backup)
        shutil.copy2(backup / "manifest.json", index)
        with pytest.raises(IndexDamagedError, match="restored in part"):
            update_index(index, [PAPERS[8]], encoder=WordEncoder())
        repair_index(index)
        assert len(answers(index)) == 6


def test_a_disk_that_fails_after_publishing_says_that_the_new_index_answers(tmp_path, monkeypatch):
    index = tmp_path / "index"
    index_papers(index, PAPERS[:4], encoder=WordEncoder())

    def broken(_: object) -> None:
        raise OSError(5, os.strerror(5))

    monkeypatch.setattr(publish, "sync_folder", broken)
    with pytest.raises(IndexWriteError) as refused:
        update_index(index, [PAPERS[4]], encoder=WordEncoder())
    assert "generation 2" in str(refused.value)
    assert "is published and answers" in str(refused.value)
    assert "Input/output error" in str(refused.value)
    assert "still answers" not in str(refused.value)
    monkeypatch.undo()
    assert len(answers(index)) == 5
    update_index(index, [PAPERS[5]], encoder=WordEncoder())
    verify_index(index)


def test_a_manifest_that_is_lost_between_sealing_and_publishing_loses_nothing(
    tmp_path, monkeypatch
):
    index = tmp_path / "index"
    index_papers(index, PAPERS[:4], encoder=WordEncoder())
    confirm = publish.Staging.confirm

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(publish.Staging, "confirm", die)
    with pytest.raises(KeyboardInterrupt):
        update_index(index, [PAPERS[4]], encoder=WordEncoder())
    monkeypatch.setattr(publish.Staging, "confirm", confirm)
    assert Manifest.read(index).generation == 2
    (index / "manifest.json").unlink()
    repair_index(index)
    assert len(answers(index)) == 5
