from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from rftsearch.errors import (
    IndexDamagedError,
    IndexFormatError,
    IndexLockedError,
    IndexServerError,
)
from rftsearch.index.build.build import index_papers
from rftsearch.index.build.update import update_index
from rftsearch.index.generations.generation import Generation
from rftsearch.index.remote import layout, upload
from rftsearch.index.remote.client import Remote, forget_memory
from rftsearch.index.remote.collections import answering
from rftsearch.index.remote.drift import check_points, check_whole, compare_all
from rftsearch.index.remote.keys import KeyTable
from rftsearch.index.remote.packed import Row
from rftsearch.index.remote.points import Point, points_of
from rftsearch.index.remote.publish import MODEL, upload_generation
from rftsearch.index.remote.tables import State, read_mark, read_table
from rftsearch.index.store.record_json import paper_from_json
from support.encoder import WordEncoder
from support.invented_papers import invented_paper

from .conftest import PAPERS

_names = itertools.count()


@pytest.fixture
def address():
    name = f"publish-{next(_names)}"
    yield f"qdrant+memory:{name}"
    forget_memory(name)


@pytest.fixture
def remote(address):
    with Remote.open(address) as opened:
        yield opened


def papers_of(remote: Remote, collection: str = "papers") -> dict[int, Point]:
    found = remote.ask(lambda c: c.scroll(collection, limit=999, with_vectors=True))[0]
    return {record.id: Point.of_record(record) for record in found}


def collections_of(remote: Remote) -> set[str]:
    names = {one.name for one in remote.ask(lambda c: c.get_collections()).collections}
    return {name for name in names if not name.endswith((".tables", "@lease"))}


def test_every_paper_lies_there_as_in_the_folder(built, address, remote):
    done = upload_generation(built, address)
    assert (done.papers, done.written, done.removed) == (40, 40, 0)
    assert answering(remote) == done.collection
    found = papers_of(remote)
    generation = Generation.open(built)
    ids = generation.attributes.sorted_ids
    assert sorted(found) == ids.tolist()
    texts, titles = generation.vectors.vectors(ids), np.asarray(generation.titles, np.float32)
    records = generation.store.papers(ids.tolist())
    for row, identifier in enumerate(ids.tolist()):
        point, paper = found[identifier], records[identifier]
        assert np.array_equal(point.text, texts[row])
        assert np.array_equal(point.title, titles[row])
        assert paper_from_json(point.payload[layout.RECORD]) == paper
        assert point.payload[layout.PAPER_ID] == paper.id
        own = generation.unigrams.only(np.array([row]))
        assert np.array_equal(point.words.numbers, own.terms)
        assert np.array_equal(
            point.words.values, own.column("tf_saturation", np.arange(own.terms.size))
        )
        packed = Row.unpacked(point.payload[layout.ROW], texts.shape[1])
        assert np.array_equal(packed.text, texts[row])
        assert np.array_equal(packed.title, titles[row])
        assert np.array_equal(packed.unigrams[0], own.terms)
        assert np.array_equal(packed.unigrams[1], own.weights)
        assert point.payload[layout.TERMS] == own.terms.tolist()
        two = generation.bigrams.only(np.array([row]))
        assert np.array_equal(point.pairs.numbers, two.terms)
        assert np.array_equal(point.pairs.values, two.column("bm25", np.arange(two.terms.size)))
        assert np.array_equal(packed.bigrams[0], two.terms)
        assert np.array_equal(packed.bigrams[1], two.weights)
    generation.close()


def test_the_small_tables_are_the_files_of_the_folder(built, address, remote, monkeypatch):
    monkeypatch.setattr("rftsearch.index.remote.tables.CHUNK", 1_000)  # several of each
    done = upload_generation(built, address)
    mark = check_whole(done.collection, read_mark(remote, done.collection))
    folder = built / "generations" / "000001"
    files = {name: read_table(remote, done.collection, mark, name) for name in mark.tables}
    assert files["attributes.npy"] == (folder / "attributes.npy").read_bytes()
    assert mark.tables["attributes.npy"].chunks > 1 or len(files["attributes.npy"]) <= 1_000
    assert files["manifest.json"] == (built / "manifest.json").read_bytes()
    assert not [name for name in files if name.startswith(MODEL)]  # a program brings this one
    table = KeyTable.parse(files["keys/terms.txt"], files["keys/terms.npy"])
    generation = Generation.open(built)
    assert list(table.keys) == sorted(table.keys)
    counts = [generation.lexical.frequency(term) for term in table.keys]
    assert table.counts.tolist() == counts
    assert min(counts) >= 1
    names = KeyTable.parse(files["keys/names.txt"], files["keys/names.npy"])
    assert all(map(generation.lexical.is_name, names.keys))
    generation.close()


def test_a_damaged_table_is_named(built, address, remote):
    from qdrant_client import models

    done = upload_generation(built, address)
    mark = check_whole(done.collection, read_mark(remote, done.collection))
    tables = layout.tables_name(done.collection)
    chosen = models.Filter(
        must=[models.FieldCondition(key="name", match=models.MatchValue(value="map.npy"))]
    )
    remote.ask(lambda c: c.set_payload(tables, {"data": "AAAA"}, points=chosen))
    with pytest.raises(IndexDamagedError, match=r"map\.npy of papers@1-.*build --repair"):
        read_table(remote, done.collection, mark, "map.npy")


def test_the_one_before_stays_and_what_both_have_is_not_written_again(folder, address, remote):
    first = upload_generation(folder, address, grace=0)
    update_index(folder, [invented_paper(90, "Video")], encoder=WordEncoder())
    second = upload_generation(folder, address, grace=0)
    assert collections_of(remote) == {first.collection, second.collection}
    assert len(papers_of(remote)) == 41
    assert len(papers_of(remote, first.collection)) == 40  # readers may still be there
    update_index(folder, remove=[invented_paper(90, "Video").id], encoder=WordEncoder())
    third = upload_generation(folder, address, grace=0)
    # As the first: what lies in its collection is right as it is, the model and the words too.
    assert (third.collection, third.written, third.removed) == (first.collection, 0, 0)
    assert third.chunks <= 3  # manifest, map and the like
    assert collections_of(remote) == {first.collection, second.collection}
    assert answering(remote) == first.collection
    again = upload_generation(folder, address, grace=0)
    assert (again.collection, again.written, again.chunks) == (third.collection, 0, 0)


def test_readers_of_the_one_before_have_time_to_leave_it(folder, address, remote):
    now = 1_000.0
    clock = lambda: now  # noqa: E731 - it reads what the test sets
    collections = []
    for _ in range(3):
        collections.append(upload_generation(folder, address, clock=clock).collection)
        update_index(
            folder, [invented_paper(90 + len(collections), "Video")], encoder=WordEncoder()
        )
        now += 59.0
    assert len(set(collections)) == 3
    assert collections_of(remote) == set(collections[1:])
    now += 1.0
    assert upload_generation(folder, address, clock=clock).collection == collections[1]


def test_an_interrupted_upload_is_gone_on_with(built, address, remote, monkeypatch):
    monkeypatch.setattr(upload, "BATCH", 8)
    real, left = upload._write, itertools.count()

    def stops(*arguments):
        if next(left) == 2:
            raise KeyboardInterrupt
        real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(upload, "_write", stops)
        with pytest.raises(KeyboardInterrupt):
            upload_generation(built, address)
    assert answering(remote) is None
    [begun] = collections_of(remote)
    mark = read_mark(remote, begun)
    assert mark is not None
    assert mark.state is State.FILLING
    with pytest.raises(IndexDamagedError, match="half-written; `rftsearch build --repair`"):
        check_whole(begun, mark)
    done = upload_generation(built, address)
    assert (done.collection, done.papers, done.written) == (begun, 40, 24)
    assert answering(remote) == begun


@pytest.mark.parametrize("when", ["check_points", "compare_sample", "switch", "write_tables"])
def test_what_answered_before_answers_whatever_stops_a_publication(
    folder, address, remote, monkeypatch, when
):
    before = upload_generation(folder, address)
    update_index(folder, [invented_paper(90, "Video")], encoder=WordEncoder())

    def stops(*_):
        raise IndexServerError("the server is gone")

    with monkeypatch.context() as patch:
        patch.setattr(f"rftsearch.index.remote.publish.{when}", stops)
        with pytest.raises(IndexServerError, match="is gone"):
            upload_generation(folder, address)
    assert answering(remote) == before.collection
    assert len(papers_of(remote)) == 40
    assert len(papers_of(remote, upload_generation(folder, address).collection)) == 41


def test_a_paper_that_arrived_altered_is_not_published(built, address, remote, monkeypatch):
    real = upload._write

    def alters(remote, collection, points):
        real(remote, collection, points)
        remote.ask(lambda c: c.set_payload(collection, {"kind": "poem"}, points=[points[0].id]))

    monkeypatch.setattr(upload, "_write", alters)
    with pytest.raises(
        IndexDamagedError, match=r"paper 1 of papers@1-.* is not what was published"
    ):
        upload_generation(built, address)
    assert answering(remote) is None


def test_drift_is_seen(built, address, remote):
    done = upload_generation(built, address)
    mark = check_whole(done.collection, read_mark(remote, done.collection))
    check_points(remote, done.collection, mark)
    compare_all(remote, done.collection, mark)
    remote.ask(lambda c: c.delete(done.collection, [9]))
    with pytest.raises(IndexDamagedError, match="holds 39 papers, and 40 were published"):
        check_points(remote, done.collection, mark)
    with pytest.raises(IndexDamagedError, match="has other papers than were published"):
        compare_all(remote, done.collection, mark)
    remote.ask(lambda c: c.set_payload(done.collection, {"month": 1}, points=[7]))
    with pytest.raises(IndexDamagedError, match=r"paper 7 of .*build --repair"):
        compare_all(remote, done.collection, mark)  # which no count sees
    healed = upload_generation(built, address, rewrite=True)
    assert (healed.written, healed.collection != done.collection) == (40, True)


def test_a_name_that_is_not_ours_is_left_alone(built, address, remote):
    remote.ask(lambda c: c.create_collection("papers", vectors_config={}))
    with pytest.raises(IndexServerError, match="did not make; name another"):
        upload_generation(built, address)
    remote.ask(lambda c: c.delete_collection("papers"))
    remote.ask(lambda c: c.create_collection("papers@1-00000000", vectors_config={}))
    upload_generation(built, address, grace=0)
    upload_generation(built, address, grace=0, rewrite=True)
    upload_generation(built, address, grace=0, rewrite=True)
    assert "papers@1-00000000" in collections_of(remote)  # named like ours, and not ours
    assert len(collections_of(remote)) == 3


def test_the_place_of_another_index_is_taken_only_by_force(built, address, remote, tmp_path):
    upload_generation(built, address)
    other = tmp_path / "other"
    index_papers(other, PAPERS[:8], encoder=WordEncoder())
    with pytest.raises(IndexServerError, match=r"another index was published at .*--force"):
        upload_generation(other, address)
    done = upload_generation(other, address, force=True)
    assert (done.papers, len(papers_of(remote))) == (8, 8)


def test_another_model_gets_a_collection_of_its_own(folder, address, remote):
    first = upload_generation(folder, address, grace=0)
    index_papers(folder, PAPERS, encoder=WordEncoder(["crowd", "video"]))
    second = upload_generation(folder, address, grace=0)
    index_papers(folder, PAPERS, encoder=WordEncoder(["crowd", "video"]), force=True)
    third = upload_generation(folder, address, grace=0)
    assert len({first.collection, second.collection, third.collection}) == 3
    assert papers_of(remote)[min(papers_of(remote))].text.shape == (3,)


def test_a_collection_of_another_layout_is_refused(built, address, remote):
    done = upload_generation(built, address)
    tables = layout.tables_name(done.collection)
    remote.ask(lambda c: c.set_payload(tables, {"layout": 3}, points=[layout.MARK]))
    with pytest.raises(IndexFormatError, match="layout 3, and this rftsearch reads 2; update"):
        read_mark(remote, done.collection)
    with pytest.raises(IndexFormatError, match="update"):
        upload_generation(built, address)
    remote.ask(lambda c: c.set_payload(tables, {"layout": 2, "state": "?"}, points=[layout.MARK]))
    with pytest.raises(IndexDamagedError, match="makes no sense; publish the index once more"):
        read_mark(remote, done.collection)


@pytest.mark.parametrize("said", [{"layout": 1}, {"state": "?"}])
def test_what_an_older_rftsearch_published_is_published_once_more(said, built, address, remote):
    first = upload_generation(built, address)
    tables = layout.tables_name(first.collection)
    remote.ask(lambda c: c.set_payload(tables, said, points=[layout.MARK]))
    done = upload_generation(built, address)
    assert (done.written, done.collection != first.collection) == (40, True)
    assert read_mark(remote, done.collection) is not None


def test_two_builders_exclude_each_other(built, address, monkeypatch):
    def meanwhile(*_):
        with pytest.raises(
            IndexLockedError, match=r"another build is publishing .*process .*until"
        ):
            upload_generation(built, address)

    monkeypatch.setattr("rftsearch.index.remote.publish.check_points", meanwhile)
    upload_generation(built, address)


def test_the_manifest_there_is_the_one_of_the_folder(built, address, remote):
    done = upload_generation(built, address)
    mark = read_mark(remote, done.collection)
    assert mark is not None
    manifest = json.loads((built / "manifest.json").read_text("utf-8"))
    assert (mark.generation, mark.generation_id) == (1, manifest["generation_id"])
    assert (mark.index_id, mark.fingerprint) == (manifest["index_id"], WordEncoder().fingerprint)


def test_large_collections_are_halved_and_small_ones_are_not(built, monkeypatch):
    generation = Generation.open(built)
    [exact] = list(points_of(generation))
    monkeypatch.setattr(layout, "EXACT_PAPERS", 10)
    [halved] = list(points_of(generation))
    generation.close()
    assert np.array_equal(halved[0].text, exact[0].text.astype(np.float16).astype(np.float32))
    schema = layout.papers_schema(9, 40)
    assert schema["vectors_config"]["text"].datatype == "float16"
    assert schema["vectors_config"]["text"].quantization_config.scalar.type == "int8"
    assert schema["vectors_config"]["title"].quantization_config is None
    monkeypatch.setattr(layout, "EXACT_PAPERS", 100)
    schema = layout.papers_schema(9, 40)
    assert schema["vectors_config"]["text"].datatype == "float32"
    assert schema["vectors_config"]["text"].quantization_config is None
