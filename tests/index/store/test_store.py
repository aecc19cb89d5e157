from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rftsearch.errors import IndexDamagedError, IndexFormatError, IndexWriteError
from rftsearch.index.generations.verify import digest_of_proof
from rftsearch.index.store.embeddings import document_hash
from rftsearch.index.store.proof import Proof
from rftsearch.index.store.record_json import metadata_from_json, paper_from_json, to_json
from rftsearch.index.store.staging import Staging
from rftsearch.index.store.store import FILE_NAME, Store
from rftsearch.papers.documents import Texts
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance
from support.library import ABSTRACTS, metadata

PAPER = Paper("2505.00001", "CrowdSeer", "CrowdSeer: Counting", ("Vision (Image)",))
OTHER = Paper("2502.00004", "EarTest", "EarTest: Audio", ("Audio",))


@pytest.fixture
def store(tmp_path: Path):
    with Staging.create(tmp_path) as opened:
        yield opened


def _texts(paper: Paper) -> Texts:
    return Texts(f"On {paper.title}", paper.title)


def stage(store: Staging, number: int, *papers: Paper) -> None:
    stage_with(store, number, [(paper, _texts(paper)) for paper in papers])


def stage_with(store: Staging, number: int, papers: list[tuple[Paper, Texts]]) -> None:
    store.begin_stage()
    store.stage_some(number, [paper for paper, _ in papers], [text for _, text in papers])
    store.end_stage(number)
    store.describe(number, {"number": number})


def members(store: Staging | Store, number: int) -> dict[str, int]:
    reader = store.store if isinstance(store, Staging) else store
    return {paper.id: identifier for identifier, paper in reader.members(number)}


def titles(store: Staging, number: int) -> dict[str, str]:
    return {paper.id: paper.title for _, paper in store.store.members(number)}


class TestVersions:
    def test_an_unchanged_record_keeps_its_id(self, store):
        stage(store, 1, PAPER, OTHER)
        stage(store, 2, PAPER, OTHER)
        assert members(store, 1) == members(store, 2)

    def test_a_change_makes_a_new_id_and_the_old_generation_keeps_the_old(self, store):
        stage(store, 1, PAPER)
        stage(store, 2, replace(PAPER, title="CrowdSeer, revised"))
        old, new = members(store, 1)[PAPER.id], members(store, 2)[PAPER.id]
        assert old != new
        assert store.store.papers([old])[old].title == "CrowdSeer: Counting"

    def test_a_changed_text_makes_a_new_id_too(self, store):
        stage_with(store, 1, [(PAPER, Texts("one text", "title"))])
        stage_with(store, 2, [(PAPER, Texts("another text", "title"))])
        assert members(store, 1) != members(store, 2)

    def test_a_removed_paper_stays_in_the_generations_that_had_it(self, store):
        stage(store, 1, PAPER, OTHER)
        stage(store, 2, OTHER)
        assert set(members(store, 1)) == {PAPER.id, OTHER.id}
        assert set(members(store, 2)) == {OTHER.id}

    def test_an_id_is_never_given_out_twice(self, store):
        stage(store, 1, PAPER)
        first = members(store, 1)[PAPER.id]
        stage(store, 2)
        store.collect([2])
        stage(store, 3, PAPER)
        assert members(store, 3)[PAPER.id] > first

    def test_what_was_never_published_is_forgotten(self, store):
        stage(store, 1, PAPER, OTHER)
        before = members(store, 1)
        stage(store, 2, replace(PAPER, title="Changed"))
        store.forget_unpublished(1)
        assert members(store, 1) == before
        assert [row.number for row in store.store.generations()] == [1]
        stage(store, 2, PAPER, OTHER)
        assert members(store, 2) == before

    def test_collecting_keeps_what_a_kept_generation_names(self, store):
        changed, again = replace(PAPER, title="Second"), replace(PAPER, title="Third")
        for number, paper in enumerate((PAPER, changed, again), start=1):
            stage(store, number, paper)
        store.collect([2, 3])
        assert store.store.papers([members(store, 2)[PAPER.id]])
        assert store.store.papers([members(store, 3)[PAPER.id]])
        assert members(store, 1) == {}

    @settings(max_examples=30)
    @given(
        st.lists(
            st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["one", "two"])),
            min_size=1,
            max_size=6,
        )
    )
    def test_every_generation_is_what_was_staged(self, tmp_path_factory, states):
        with Staging.create(tmp_path_factory.mktemp("store")) as store:
            for number, state in enumerate(states, start=1):
                stage(store, number, *(Paper(i, i, title, ("C",)) for i, title in state.items()))
            for number, state in enumerate(states, start=1):
                found = titles(store, number)
                assert found == state
            store.collect([len(states)])
            found = titles(store, len(states))
            assert found == states[-1]


class TestPortions:
    def test_portions_make_one_generation(self, store):
        stage(store, 1, PAPER, OTHER)
        first = members(store, 1)
        changed = replace(OTHER, title="EarTest, revised")
        store.begin_stage()
        again = [
            store.stage_some(2, [paper], [_texts(paper)])
            for paper in (PAPER, OTHER, changed, changed, PAPER)
        ]
        assert again == [[], [], [OTHER], [changed], [PAPER]]
        store.end_stage(2)
        assert set(members(store, 2)) == {PAPER.id, OTHER.id}
        assert members(store, 2)[PAPER.id] == first[PAPER.id]
        assert (
            store.store.papers(members(store, 2).values())[members(store, 2)[OTHER.id]] == changed
        )
        assert members(store, 1) == first

    def test_a_sample_is_of_the_first_texts_by_their_keys(self, store):
        papers = [Paper(str(n), f"P{n}", f"P{n}: A Title", ("C",)) for n in range(12)]
        stage(store, 1, *papers)
        stage(store, 2, *papers[1:], replace(papers[5], id="twin"))
        by_key = sorted(papers[1:], key=lambda paper: document_hash(_texts(paper).body))
        found = [paper.title for paper in store.store.sample(2, 7)]
        assert sorted(found) == sorted(paper.title for paper in by_key[:7])
        assert len(list(store.store.sample(2, 100))) == 11

    def test_vectors_come_by_id_and_none_is_missing(self, store):
        stage(store, 1, PAPER, OTHER)
        model = store.embeddings.register_model("f", "m")
        texts = [_texts(paper) for paper in (PAPER, OTHER)]
        keys = [document_hash(text) for pair in texts for text in (pair.body, pair.title)]
        vectors = np.eye(4, dtype=np.float32)
        store.embeddings.add(model, keys, vectors, np.zeros(4, np.bool_))
        [(bodies, titles)] = store.embeddings.of_members(1, model, 4)
        np.testing.assert_array_equal(bodies, vectors[[0, 2]])
        np.testing.assert_array_equal(titles, vectors[[1, 3]])
        with pytest.raises(IndexDamagedError, match="4 embeddings are missing"):
            list(store.embeddings.of_members(1, store.embeddings.register_model("other", "o"), 4))


class TestEmbeddings:
    def test_are_kept_by_text_and_model(self, store):
        stage(store, 1, PAPER)
        one, two = (
            store.embeddings.register_model("f1", "one"),
            store.embeddings.register_model("f2", "two"),
        )
        key = document_hash(_texts(PAPER).body)
        vector = np.array([[0.6, 0.8]], np.float32)
        store.embeddings.add(one, [key], vector, np.array([True]))
        assert store.embeddings.missing(one, [key]) == set()
        assert store.embeddings.missing(two, [key]) == {key}
        assert store.embeddings.count_windowed(1, one) == 1
        assert store.embeddings.count_windowed(1, two) == 0
        assert (store.embeddings.dimension(one), store.embeddings.dimension(two)) == (2, None)
        assert store.embeddings.register_model("f1", "one") == one

    def test_outlive_a_change_that_leaves_the_text(self, store):
        stage(store, 1, PAPER)
        model = store.embeddings.register_model("f", "m")
        key = document_hash(PAPER.title)
        store.embeddings.add(model, [key], np.ones((1, 1), np.float32), np.array([False]))
        stage(store, 2, replace(PAPER, links=(Link("code", "https://example.org", "Code"),)))
        store.collect([2])
        assert store.embeddings.missing(model, [key]) == set()
        stage(store, 3)
        store.collect([3])
        assert store.embeddings.missing(model, [key]) == {key}

    def test_any_number_can_be_asked_for(self, store):
        model = store.embeddings.register_model("f", "m")
        keys = [document_hash(str(number)) for number in range(1200)]
        store.embeddings.add(model, keys, np.ones((1200, 2), np.float32), np.zeros(1200, np.bool_))
        assert store.embeddings.missing(model, [*keys, b"other"]) == {b"other"}


class TestArxiv:
    def test_answers_are_kept(self, store):
        answers = [metadata(arxiv_id) for arxiv_id in ABSTRACTS]
        store.remember(answers, unknown=["2501.99999"])
        known = store.store.known([*ABSTRACTS, "2501.99999", "2501.88888"])
        assert known.metadata == {answer.arxiv_id: answer for answer in answers}
        assert known.unknown == {"2501.99999"}


class TestLookup:
    def test_by_id(self, store):
        stage(store, 1, PAPER, OTHER)
        [(_, found)] = store.store.find(1, OTHER.id)
        assert found == OTHER
        assert store.store.find(1, "") == []

    def test_containing_puts_names_before_titles(self, store):
        by_title = Paper("x", "Other", "All about EarTest", ("Audio",))
        stage(store, 1, by_title, OTHER)
        assert [p.id for p in store.store.containing(1, "eart", 5)] == [OTHER.id, "x"]
        assert store.store.containing(1, "eart", 1) == [OTHER]


class TestFiles:
    def test_a_reader_sees_a_whole_state_while_a_build_writes(self, store, tmp_path):
        stage(store, 1, PAPER)
        with Store.open(tmp_path) as reader:
            stage(store, 2, OTHER)
            assert set(members(reader, 1)) == {PAPER.id}
            assert set(members(reader, 2)) == {OTHER.id}

    def test_a_reader_cannot_write(self, store, tmp_path):
        with Store.open(tmp_path) as reader, pytest.raises(IndexWriteError):
            reader.embeddings.register_model("f", "m")

    def test_missing(self, tmp_path):
        with pytest.raises(IndexDamagedError, match="is missing; `rftsearch build --index"):
            Store.open(tmp_path)

    def test_not_a_database(self, tmp_path):
        (tmp_path / FILE_NAME).write_bytes(b"this is something else entirely" * 100)
        for opener in (Store.open, Staging.create):
            with pytest.raises(IndexDamagedError, match="damaged"):
                opener(tmp_path)

    def test_a_foreign_database(self, tmp_path):
        connection = sqlite3.connect(tmp_path / FILE_NAME)
        connection.execute("CREATE TABLE recipes (soup TEXT)")
        connection.close()
        for opener in (Store.open, Staging.create):
            with pytest.raises(IndexFormatError, match="not a store of rftsearch"):
                opener(tmp_path)

    def test_a_newer_format(self, store, tmp_path):
        store.close()
        connection = sqlite3.connect(tmp_path / FILE_NAME)
        connection.execute("PRAGMA user_version = 99")
        connection.close()
        for opener in (Store.open, Staging.create):
            with pytest.raises(IndexFormatError):
                opener(tmp_path)

    def test_damage_inside_is_found(self, store, tmp_path):
        for number in range(1, 40):
            stage(store, number, replace(PAPER, title=f"Title {number}" * 50))
        store.close()
        path = tmp_path / FILE_NAME
        content = bytearray(path.read_bytes())
        content[4096 * 3 : 4096 * 4] = b"\xff" * 4096
        path.write_bytes(content)
        with Store.open(tmp_path) as damaged, pytest.raises(IndexDamagedError, match="damaged"):
            damaged.check_file()


words = st.text(max_size=8)


@given(
    st.builds(
        Paper,
        id=words,
        short_name=words,
        title=words,
        categories=st.lists(words, min_size=1, max_size=2).map(tuple),
        links=st.lists(st.builds(Link, words, words, words), max_size=2).map(tuple),
        provenance=st.lists(st.builds(Provenance, words, st.integers(1, 9)), max_size=2).map(tuple),
        heading_paths=st.lists(st.lists(words, max_size=2).map(tuple), max_size=2).map(tuple),
        listed_authors=st.lists(words, max_size=2).map(tuple),
        listed_parts=st.lists(st.tuples(words, words, words), max_size=2).map(tuple),
        metadata=st.none()
        | st.builds(
            ArxivMetadata,
            words,
            words,
            words,
            authors=st.lists(words, max_size=2).map(tuple),
            comment=st.none() | words,
            withdrawn=st.booleans(),
            split_authors=st.lists(st.tuples(words, words, words), max_size=2).map(tuple),
        ),
    )
)
def test_records_survive_json(paper):
    assert paper_from_json(to_json(paper)) == paper
    if paper.metadata:
        assert metadata_from_json(to_json(paper.metadata)) == paper.metadata


def test_records_from_before_names_were_split_keep_their_bytes():
    old = (
        '{"arxiv_id":"2505.01234","title":"T","abstract":"A","authors":["A. One"],'
        '"published":null,"updated":null,"categories":[],"comment":null,"doi":null,'
        '"withdrawn":false}'
    )
    assert metadata_from_json(old) == ArxivMetadata("2505.01234", "T", "A", ("A. One",))
    assert to_json(metadata_from_json(old)) == old


def proved(staging: Staging, generation: int, dimension: int) -> Proof:
    return staging.store.prove(generation, "f", dimension, _texts)


steps = st.lists(
    st.dictionaries(
        st.sampled_from("abcdef"),
        st.tuples(st.sampled_from(["one", "two"]), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40)
@given(steps)
def test_a_digest_that_follows_changes_is_that_of_all_rows(tmp_path_factory, states):
    """Papers come, go, change and move to other lines; each generation stays provable."""
    with Staging.create(tmp_path_factory.mktemp("store")) as staging:
        model = staging.embeddings.register_model("f", "m")
        for number, state in enumerate(states, start=1):
            papers = [
                Paper(i, i, title, ("C",), provenance=(Provenance("l.md", line),))
                for i, (title, line) in state.items()
            ]
            texts = [_texts(paper) for paper in papers]
            staging.begin_stage()
            staging.stage_some(number, papers, texts)
            staging.end_stage(number)
            keys = [document_hash(text) for both in texts for text in (both.body, both.title)]
            vectors = np.tile(np.array([0.6, 0.8], np.float32), (len(keys), 1))
            staging.embeddings.add(model, keys, vectors, np.zeros(len(keys), np.bool_))
            staging.seal(number, {"number": number}, number - 1 or None)
            staging.confirm(number)
            for row in staging.store.generations():
                proof = proved(staging, row.number, 2)
                assert (row.papers, row.digest) == (proof.papers, digest_of_proof(proof))
                assert not proof.unproved
                assert not proof.miskeyed
                assert not proof.unproved_texts
            staging.collect([number - 1 or 1, number])
            held = {
                one.id: (one.title, one.provenance[0].line)
                for _, one in staging.store.members(number)
            }
            assert held == state


@settings(max_examples=40)
@given(st.binary(min_size=1, max_size=40), st.integers(0, 2**32))
def test_no_bytes_in_the_place_of_a_record_are_taken_for_it(tmp_path_factory, junk, where):
    folder = tmp_path_factory.mktemp("store")
    with Staging.create(folder) as staging:
        stage(staging, 1, PAPER, OTHER)
        record = to_json(PAPER).encode()
        at = where % len(record)
        altered = record[:at] + junk + record[at + len(junk) :]
    store = sqlite3.connect(folder / FILE_NAME)
    with store:
        store.execute(
            "UPDATE papers SET record = CAST(? AS TEXT) WHERE paper_id = ?", (altered, PAPER.id)
        )
    store.close()
    with Staging.create(folder) as staging:
        proof = proved(staging, 1, 2)
        assert (PAPER.id in proof.unproved.values()) == (altered != record)
        assert OTHER.id not in proof.unproved.values()
