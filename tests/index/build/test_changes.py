"""What changed between two builds is named; a line that moved is no change."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch import Engine, build_index, update_index
from rftsearch.index.build.changes import changed_papers
from rftsearch.index.generations.verify import verify_index
from rftsearch.index.store.record_json import paper_from_json, record_hash, to_json
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance
from support.encoder import WordEncoder
from support.library import LIST, write_abstracts, write_list
from support.stores import opened_store

GRIT = Paper("2505.00009", "GRIT", "GRIT: A Video", ("Video",), released="2025-05")


def build(index: Path, path: Path):
    abstracts = write_abstracts(path.parent)
    return build_index(index, [path], encoder=WordEncoder(), abstracts=abstracts, offline=True)


def rows(index: Path) -> list[tuple[int, str]]:
    with opened_store(index) as connection:
        return connection.execute("SELECT id, paper_id FROM papers ORDER BY id").fetchall()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    build(tmp_path / "index", write_list(tmp_path))
    return tmp_path / "index"


class TestALineThatMoved:
    def test_is_no_change_and_is_shown_where_it_is_now(self, index, tmp_path):
        before = rows(index)
        report = build(index, write_list(tmp_path, "\n\n" + LIST))
        assert (report.added, report.removed, report.updated, report.changes) == (0, 0, 0, ())
        assert rows(index) == before
        verify_index(index)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.paper("CrowdSeer").provenance == (Provenance("invented.md", 9),)

    def test_is_no_change_where_the_list_is_added_again(self, index, tmp_path):
        before = rows(index)
        path = write_list(tmp_path, "\n\n" + LIST)
        report = update_index(index, [path], encoder=WordEncoder(), offline=True)
        assert (report.updated, report.changes, rows(index)) == (0, (), before)
        with Engine.open(index, encoder=WordEncoder()) as engine:
            assert engine.paper("CrowdSeer").provenance == (Provenance("invented.md", 9),)

    def test_is_no_change_in_an_index_that_hashed_its_lines(self, index, tmp_path):
        before = rows(index)
        with opened_store(index) as connection:
            for identifier, record in connection.execute(
                "SELECT id, record FROM papers"
            ).fetchall():
                old = hashlib.sha256(record.encode()).digest()
                connection.execute(
                    "UPDATE papers SET record_hash = ? WHERE id = ?", (old, identifier)
                )
        report = build(index, write_list(tmp_path, "\n\n" + LIST))
        assert (report.changes, rows(index)) == ((), before)


def test_each_change_is_named(index, tmp_path):
    text = (
        LIST.replace("[CrowdSeer]", "[Crowd]")
        .replace("## Audio", "## Sound")
        .replace("* [2503] [NoPreprint] [NoPreprint: A Video Report]", "* [2503] [New] [A Report]")
        .replace("(A robot toolbox)", "(A toolbox)")
    )
    report = build(index, write_list(tmp_path, text))
    assert set(report.changes) == {
        "+ New",
        "- NoPreprint",
        "~ CrowdSeer -> Crowd",
        "~ EarTest: Audio -> Sound",
        "~ Robo-Kit: remark",
    }
    assert (report.added, report.removed, report.updated) == (1, 1, 3)


def test_a_first_build_names_no_changes(tmp_path):
    assert build(tmp_path / "index", write_list(tmp_path)).changes == ()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"short_name": "SATORI"}, "~ GRIT -> SATORI"),
        ({"categories": ("Grounding",)}, "~ GRIT: Video -> Grounding"),
        ({"categories": ("Video", "Audio")}, "~ GRIT: Video -> Video, Audio"),
        ({"short_name": "X", "categories": ("Audio",)}, "~ GRIT -> X: Video -> Audio"),
        ({"title": "Else"}, '~ GRIT: title "GRIT: A Video" -> "Else"'),
        ({"released": None}, "~ GRIT: 2025-05 -> undated"),
        ({"links": (Link("code", "https://a.example", "Code"),)}, "~ GRIT: links"),
        ({"kind": "project", "url": "https://a.example"}, "~ GRIT: paper -> project; address"),
    ],
)
def test_a_change_in_one_line(changes, line):
    assert changed_papers([GRIT], [replace(GRIT, **changes)]) == (line,)


def test_an_entry_that_is_repeated_is_no_other_source():
    once, twice = (Provenance("list.md", 3),), (Provenance("list.md", 3), Provenance("list.md", 9))
    known = replace(GRIT, provenance=once)
    assert changed_papers([known], [replace(GRIT, provenance=twice)]) == (
        "~ GRIT: number of entries",
    )
    assert changed_papers([known], [replace(GRIT, provenance=(Provenance("b.md", 3),))]) == (
        "~ GRIT: sources",
    )


def test_an_abstract_that_came_is_named():
    described = GRIT.with_metadata(ArxivMetadata(GRIT.id, GRIT.title, "Text.", ("A. Author",)))
    assert changed_papers([GRIT], [described]) == ("~ GRIT: abstract, authors",)


WORDS = st.text(max_size=5)
PLACES = st.lists(st.builds(Provenance, WORDS, st.integers(0, 9)), max_size=3).map(tuple)


@given(PLACES, st.lists(st.integers(1, 9), min_size=3, max_size=3))
def test_a_hash_knows_sources_and_no_lines(places, numbers):
    paper = replace(GRIT, provenance=places)
    moved = replace(
        paper,
        provenance=tuple(replace(p, line=n) for p, n in zip(places, numbers, strict=False)),
    )
    assert record_hash(paper, to_json(paper)) == record_hash(moved, to_json(moved))
    other = replace(paper, provenance=(*places, Provenance("other.md", 1)))
    assert record_hash(paper, to_json(paper)) != record_hash(other, to_json(other))
    assert paper_from_json(to_json(moved)) == moved


@given(PLACES, PLACES)
def test_a_source_that_is_read_again_gives_its_new_places(old, new):
    places = replace(GRIT, provenance=old).read_again(new).provenance
    again = {place.source for place in new}
    assert {place for place in places if place.source in again} == set(new)
    assert [place for place in places if place.source not in again] == list(
        dict.fromkeys(place for place in old if place.source not in again)
    )
