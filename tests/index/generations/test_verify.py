"""Damage is seen by `status --verify`, and `--repair` publishes only what it can prove."""

# ruff: noqa: S608 - statements are made of constants

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rftsearch.errors import IndexDamagedError, IndexWriteError, ModelError
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.index.build.repair import repair_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.generations.verify import verify_index
from rftsearch.papers.paper import Paper
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.library import write_abstracts, write_list


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    lists, abstracts = write_list(root), write_abstracts(root)
    build_index(root / "index", [lists], encoder=WordEncoder(), abstracts=abstracts, offline=True)
    return root / "index"


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "index")


def change(index: Path, statement: str, *values: object) -> None:
    store = sqlite3.connect(index / "store.sqlite3")
    with store:
        done = store.execute(statement, values)
        assert done.rowcount, "nothing was damaged"
    store.close()


def answers(index: Path) -> dict[str, str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert engine.search("crowd", k=1)[0].paper.short_name == "CrowdSeer"
        return {paper.id: paper.title for paper in engine.papers()}


def vector(numbers: list[float]) -> bytes:
    return np.array(numbers, "<f4").tobytes()


CROWD = "paper_id = '2505.00001'"
BODY = f"text_hash = (SELECT text_hash FROM papers WHERE {CROWD})"
RECORDS = {
    "title altered": "UPDATE papers SET record = replace(record, 'Counting', 'Countjng')"
    f" WHERE {CROWD}",
    "line altered": "UPDATE papers SET record = replace(record, '\"line\":', '\"line\":1')"
    f" WHERE {CROWD}",
    "empty": f"UPDATE papers SET record = '{{}}' WHERE {CROWD}",
    "no JSON": f"UPDATE papers SET record = 'x' WHERE {CROWD}",
    "nested": f"UPDATE papers SET record = '{'[' * 5000}' WHERE {CROWD}",
    "no UTF-8": f"UPDATE papers SET record = CAST(x'ff' || record AS TEXT) WHERE {CROWD}",
    "another's": "UPDATE papers SET record = (SELECT record FROM papers WHERE id = 3)"
    f" WHERE {CROWD}",
    "hash altered": f"UPDATE papers SET record_hash = zeroblob(32) WHERE {CROWD}",
    "hash of a text": f"UPDATE papers SET text_hash = title_hash WHERE {CROWD}",
    "state": f"UPDATE papers SET abstract_state = 'pending' WHERE {CROWD}",
    "name": f"UPDATE papers SET name_key = 'else' WHERE {CROWD}",
    "row gone": f"DELETE FROM papers WHERE {CROWD}",
    "row removed": f"UPDATE papers SET removed = 1 WHERE {CROWD}",
    "row twice": "INSERT INTO papers (paper_id, record_hash, text_hash, title_hash, name_key,"
    " title_key, abstract_state, record, added, checksum) SELECT paper_id, record_hash, text_hash,"
    " title_hash, name_key, title_key, abstract_state, record, added, checksum"
    f" FROM papers WHERE {CROWD}",
}
VECTORS: dict[str, tuple[str, tuple[object, ...]]] = {
    "NaN": (f"UPDATE embeddings SET vector = ? WHERE {BODY}", (vector([np.nan] * 9),)),
    "zero": (f"UPDATE embeddings SET vector = ? WHERE {BODY}", (vector([0] * 9),)),
    "long": (f"UPDATE embeddings SET vector = ? WHERE {BODY}", (vector([1, 1, *[0] * 7]),)),
    "short": (f"UPDATE embeddings SET vector = ? WHERE {BODY}", (b"\0\0\0",)),
    "other": (f"UPDATE embeddings SET vector = ? WHERE {BODY}", (vector([0, 0, 1, *[0] * 6]),)),
    "another's": (
        f"UPDATE embeddings SET (vector, checksum) = (SELECT vector, checksum FROM embeddings"
        f" WHERE NOT {BODY} LIMIT 1) WHERE {BODY}",
        (),
    ),
    "gone": (f"DELETE FROM embeddings WHERE {BODY}", ()),
    "checksum": (f"UPDATE embeddings SET checksum = zeroblob(8) WHERE {BODY}", ()),
}


@pytest.mark.parametrize("how", RECORDS)
def test_a_damaged_row_is_seen_and_taken_from_the_list_again(index, how):
    before = answers(index)
    change(index, RECORDS[how])
    with pytest.raises(IndexDamagedError, match=r"--repair") as seen:
        verify_index(index)
    assert "\n" not in str(seen.value)
    if "gone" not in how and "row" not in how:
        assert "2505.00001" in str(seen.value)
    report = repair_index(index, encoder=WordEncoder())
    verify_index(index)
    assert answers(index) == before
    assert report.lost == ()


@pytest.mark.parametrize("how", VECTORS)
def test_a_damaged_vector_is_seen_and_made_again(index, how):
    statement, values = VECTORS[how]
    change(index, statement, *values)
    with pytest.raises(IndexDamagedError, match=r"vectors? (is|are) missing or not as written"):
        verify_index(index)
    with pytest.raises(ModelError):
        repair_index(index)  # The encoder came from a program.
    answers(index)
    encoder = WordEncoder()
    report = repair_index(index, encoder=encoder)
    assert report.embedded <= 2
    assert len(encoder.encoded) <= 2
    verify_index(index)
    answers(index)


def test_a_repair_that_would_lose_papers_needs_force(tmp_path):
    index = tmp_path / "index"
    papers = [Paper(f"p{n}", f"P{n}", f"P{n}: A crowd", ("Part",)) for n in range(3)]
    index_papers(index, papers, encoder=WordEncoder())
    change(index, "UPDATE papers SET record = 'x' WHERE paper_id = 'p1'")
    before = (index / "manifest.json").read_bytes()
    with pytest.raises(IndexDamagedError, match=r"1 paper cannot be saved \(p1\); .*--force"):
        repair_index(index)
    assert (index / "manifest.json").read_bytes() == before
    report = repair_index(index, force=True)
    assert report.lost == ("p1",)
    assert "1 paper lost: p1" in report.notes
    verify_index(index)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert {paper.id for paper in engine.papers()} == {"p0", "p2"}


def test_a_paper_that_no_source_has_any_more_is_named(index):
    change(index, "DELETE FROM papers WHERE paper_id = '2505.00001'")
    path = Path(Manifest.read(index).sources[0])
    text = path.read_text("utf-8")
    path.write_text(text.replace("CrowdSeer", "Elsewhere").replace("2505.00001", "2505.99999"))
    try:
        report = repair_index(index, encoder=WordEncoder(), force=True)
    finally:
        path.write_text(text, "utf-8")
    assert report.restored == ("2505.99999",)
    verify_index(index)


def alter(index: Path, how: Callable[[dict], object]) -> None:
    path = index / "manifest.json"
    value = json.loads(path.read_text("utf-8"))
    how(value)
    path.write_text(json.dumps(value), "utf-8")


MANIFESTS: dict[str, Callable[[dict], object]] = {
    "no files": lambda m: m.update(files={}),
    "a file less": lambda m: m["files"].pop("map.npy"),
    "dimension": lambda m: m["model"].update(dimension=7),
    "fingerprint": lambda m: m["model"].update(fingerprint="0" * 64),
    "counts": lambda m: m["counts"].update(papers=99),
    "categories": lambda m: m.update(categories=["Audio"]),
    "sources": lambda m: m.update(sources=[]),
    "built": lambda m: m.update(built="2020-01-01T00:00:00+00:00"),
    "index": lambda m: m.update(index_id="0" * 32),
    "generation": lambda m: m.update(generation_id="0" * 32),
    "number": lambda m: m.update(generation=7),
}


@pytest.mark.parametrize("how", MANIFESTS)
def test_an_altered_manifest_is_seen_and_repaired(index, how):
    before = answers(index)
    alter(index, MANIFESTS[how])
    with pytest.raises(IndexDamagedError):
        verify_index(index)
    repair_index(index, force=how in {"index", "number"})
    verify_index(index)
    assert answers(index) == before


UNLUCKY: dict[str, Callable[[dict], object] | str] = {
    "deep": "[" * 200_000,
    "infinite": '{"format": 1e400}',
    "huge format": '{"format": ' + "9" * 5000 + "}",
    "huge number": lambda m: m.update(generation=10**30),
    "negative": lambda m: m.update(generation=-1),
    "infinite count": lambda m: m["counts"].update(papers=float("inf")),
    "no number": lambda m: m["counts"].update(papers="9"),
    "true": lambda m: m.update(generation=True),
    "date": lambda m: m.update(built="yesterday"),
    "no date": lambda m: m.update(built=7),
    "no zone": lambda m: m.update(built="2020-01-01T00:00:00"),
    "leads out": lambda m: m["files"].update({"../../x": {"sha256": "0" * 64, "size": 1}}),
    "absolute": lambda m: m["files"].update({"/etc/passwd": {"sha256": "0" * 64, "size": 1}}),
    "no sum": lambda m: m["files"].update({"x": {"sha256": "0", "size": 1}}),
    "category": lambda m: m.update(categories=[["a"]]),
    "text": lambda m: m.update(sources="list.md"),
    "surrogate": lambda m: m.update(sources=["\ud800"]),
    "stamps": lambda m: m["model"].update(stamps={"a": 1}),
    "export": lambda m: m.update(light={"folder": "../x", "files": {}, "why_not": ""}),
    "nested": lambda m: m.update(model=[[[]]]),
}


@pytest.mark.parametrize("how", UNLUCKY)
def test_a_manifest_that_makes_no_sense_is_one_line_and_repaired(index, how):
    unlucky = UNLUCKY[how]
    if isinstance(unlucky, str):
        (index / "manifest.json").write_text(unlucky)
    else:
        alter(index, unlucky)
    for use in (Manifest.read, Engine.open, verify_index):
        with pytest.raises(IndexDamagedError, match=r"damaged.*--repair") as seen:
            use(index)
        assert "\n" not in str(seen.value)
    repair_index(index)
    verify_index(index)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_manifest_that_is_no_file_never_hangs(index, kind):
    path = index / "manifest.json"
    path.unlink()
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    for use in (Engine.open, verify_index):
        with pytest.raises(IndexDamagedError, match="is not a file"):
            use(index)
    if kind == "pipe":
        repair_index(index)
        verify_index(index)
    else:
        with pytest.raises(IndexWriteError):
            repair_index(index)


def test_a_derived_file_that_is_a_pipe_never_hangs(index):
    path = Manifest.read(index).folder(index) / "map.npy"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(IndexDamagedError, match=r"map\.npy is damaged"):
        Engine.open(index)
    repair_index(index)
    verify_index(index)


def test_a_nested_note_of_what_was_verified_is_passed_over(index):
    (Manifest.read(index).folder(index) / "verified.json").write_text("[" * 100_000)
    answers(index)


def test_derived_files_of_other_papers_are_seen(index, tmp_path):
    other = tmp_path / "other"
    papers = [Paper(f"p{n}", f"P{n}", f"P{n}: A crowd", ("Audio",)) for n in range(5)]
    index_papers(other, papers, encoder=WordEncoder())
    folder = Manifest.read(index).folder(index)
    shutil.rmtree(folder)
    shutil.copytree(Manifest.read(other).folder(other), folder)
    files = json.loads((other / "manifest.json").read_text())["files"]
    alter(index, lambda m: m.update(files=files))
    with pytest.raises(IndexDamagedError):
        verify_index(index)
    repair_index(index)
    verify_index(index)


def test_an_intact_index_is_proved_after_each_kind_of_build(index, tmp_path):
    verify_index(index)
    build_index(index, encoder=WordEncoder(), offline=True)
    verify_index(index)
    repair_index(index)
    verify_index(index)


def test_an_answer_of_arxiv_that_is_damaged_is_seen(index):
    change(index, "UPDATE arxiv SET metadata = '[]' WHERE arxiv_id = '2505.00001'")
    with pytest.raises(IndexDamagedError, match=r"1 answer of arXiv cannot be read \(2505.00001\)"):
        verify_index(index)
    repair_index(index)
    verify_index(index)


def test_a_schema_that_is_not_utf8_is_damage(index):
    path = index / "store.sqlite3"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"TABLE arxiv", b"TABLE \xb3rxiv", 1))
    for use in (Engine.open, verify_index, repair_index):
        with pytest.raises(IndexDamagedError, match="is damaged") as seen:
            use(index)
        assert "\n" not in str(seen.value)


def test_a_description_that_is_gone_is_damage_and_repaired(index):
    store = sqlite3.connect(index / "store.sqlite3")
    store.execute("PRAGMA writable_schema = ON")
    store.execute(
        "UPDATE sqlite_schema SET sql = replace(sql, 'description TEXT NOT NULL',"
        " 'description TEXT') WHERE name = 'generations'"
    )
    store.commit()
    store.close()
    change(index, "UPDATE generations SET description = NULL, state = 9")
    with pytest.raises(IndexDamagedError):
        verify_index(index)
    repair_index(index, force=True)
    verify_index(index)
