"""Builds of an index that is published on a server, too."""

from __future__ import annotations

import itertools

import pytest

from rftsearch.errors import IndexServerError, UsageError
from rftsearch.index.build.build import build_index, index_papers
from rftsearch.index.build.repair import repair_index
from rftsearch.index.build.sync import sync_index
from rftsearch.index.build.update import update_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.index.remote.client import Remote, forget_memory
from rftsearch.index.remote.collections import answering
from rftsearch.index.remote.tables import read_mark
from support.command_line import run_command
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper
from support.library import LIST

_names = itertools.count()
CATEGORIES = list(SUBJECTS)
PAPERS = [invented_paper(number, CATEGORIES[number % 4]) for number in range(12)]


@pytest.fixture
def address():
    name = f"build-{next(_names)}"
    yield f"qdrant+memory:{name}"
    forget_memory(name)


def there(address):
    """The generation that answers at an address, and how many papers it has."""
    with Remote.open(address) as remote:
        collection = answering(remote)
        assert collection is not None
        mark = read_mark(remote, collection)
        assert mark is not None
        count = remote.ask(lambda c: c.count("papers")).count
    return mark.generation, count


def test_the_address_is_remembered_until_it_is_taken_back(tmp_path, address, capsys):
    index, encoder = tmp_path / "index", WordEncoder()
    report = index_papers(index, PAPERS, encoder=encoder, engine=address)
    assert str(report.published) == f"Published to {address}: 12 papers, 12 papers written."
    assert Manifest.read(index).engine == address
    assert run_command("status", "--index", index) == 0
    assert f"published  at {address}, too" in capsys.readouterr().out
    assert run_command("status", "--index", address) == 0
    assert "published" not in capsys.readouterr().out
    added = update_index(index, [invented_paper(90, "Video")], encoder=encoder)
    assert added.published is not None
    assert there(address) == (2, 13)
    update_index(index, remove=[PAPERS[0].id], encoder=encoder)
    assert there(address) == (3, 12)
    report = index_papers(index, PAPERS, encoder=encoder, engine="folder")
    assert (report.published, Manifest.read(index).engine) == (None, "")
    assert there(address) == (3, 12)  # what was published stays there


def test_a_synchronisation_publishes_what_the_server_lacks(tmp_path, address, monkeypatch):
    index, encoder, file = tmp_path / "index", WordEncoder(), tmp_path / "list.md"
    file.write_text(LIST, "utf-8")

    def fails(*_, **__):
        raise IndexServerError("the server is full; make room")

    with monkeypatch.context() as patch:
        patch.setattr("rftsearch.index.remote.publish.upload_generation", fails)
        with pytest.raises(IndexServerError) as error:
            build_index(index, file, encoder=encoder, offline=True, engine=address)
    assert str(error.value) == (
        f"the server is full; make room; generation 1 answers in {index}, and at {address} what "
        "was published there before"
    )
    assert Manifest.read(index).generation == 1
    assert sync_index(index, offline=True, dry_run=True, encoder=encoder).published is None
    report = sync_index(index, offline=True, encoder=encoder)
    assert report.published is not None
    assert (report.build, report.published.written) == (None, 6)
    assert there(address) == (1, 6)
    again = sync_index(index, offline=True, encoder=encoder)
    assert again.published is not None
    assert again.published.written == 0


def test_a_repair_writes_all_of_it_again(tmp_path, address):
    index, encoder = tmp_path / "index", WordEncoder()
    index_papers(index, PAPERS, encoder=encoder, engine=address)
    with Remote.open(address) as remote:
        remote.ask(lambda c: c.delete("papers", [3]))
    report = repair_index(index, encoder=encoder)
    assert report.published is not None
    assert (report.published.written, there(address)) == (12, (2, 12))


@pytest.mark.parametrize("engine", ["qdrant://host", "milvus://host/papers", "somewhere"])
def test_no_work_is_done_for_an_address_that_is_none(tmp_path, engine):
    encoder = WordEncoder()
    with pytest.raises(UsageError, match="no address of an index"):
        index_papers(tmp_path / "index", PAPERS, encoder=encoder, engine=engine)
    assert encoder.encoded == []
    assert not (tmp_path / "index").exists()


def test_no_work_is_done_for_a_server_that_does_not_answer(tmp_path, monkeypatch):
    monkeypatch.setattr("rftsearch.index.remote.client._PAUSES", ())
    encoder, engine = WordEncoder(), "qdrant://127.0.0.1:9/papers"
    with pytest.raises(IndexServerError, match="no Qdrant answers"):
        index_papers(tmp_path / "index", PAPERS, encoder=encoder, engine=engine)
    assert encoder.encoded == []


def test_the_command_line_says_in_one_line_what_an_address_is(tmp_path, capsys):
    index, list_file = tmp_path / "index", tmp_path / "list.md"
    list_file.write_text(LIST, "utf-8")
    assert run_command("build", list_file, "--engine", "milvus://x", "--index", index) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "'milvus://x' is no address of an index; write qdrant://host:6333/" in said
    assert run_command("build", "--repair", "--engine", "folder", "--index", index) == 2
