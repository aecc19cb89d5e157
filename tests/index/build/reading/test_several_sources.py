"""One paper in several sources is one record, and each source has its account."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rftsearch import Engine, SourceError, build_index, update_index
from rftsearch.index.build.reading import source_reader
from rftsearch.index.build.reading.accounts import PlaceNames
from rftsearch.index.build.repair import repair_index
from rftsearch.index.generations.manifest import Manifest
from rftsearch.papers.paper import Paper, Provenance
from support.encoder import WordEncoder
from support.stores import opened_store

LANTERN = "Lanterns at Night: Seeing in the Dark"
FIRST = f"""\
## Light

- [{LANTERN}](https://arxiv.org/abs/2503.01234) [[Code](https://example.org/lantern)]
- [Candles in the Wind of a Lamp](https://example.org/candles)

## Video

- [{LANTERN}](https://arxiv.org/abs/2503.01234)
"""
SECOND = f"""\
## Optics

- [{LANTERN.lower()}](https://doi.org/10.1000/Lantern) [[Demo](https://example.org/demo)]
- [A Robot of Its Own](https://example.org/robot)
"""
ARXIV = {
    "arxiv_id": "2503.01234",
    "title": LANTERN,
    "abstract": "A crowd with lanterns.",
    "authors": ["Mina Okafor", "Jo Lind"],
    "doi": "10.1000/lantern",
}
RECORD = {
    "title": LANTERN,
    "category": "Papers",
    "authors": ["M. Okafor"],
    "published": "2024-11-02",
    "url": "https://press.example/lantern",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("a", FIRST), ("b", SECOND)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text(text, "utf-8")
    (tmp_path / "abstracts.jsonl").write_text(json.dumps(ARXIV) + "\n", "utf-8")
    write_records(tmp_path, RECORD)
    return tmp_path


def write_records(folder: Path, *records: dict) -> Path:
    path = folder / "c.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def sources(folder: Path) -> list[Path]:
    return [folder / "a" / "README.md", folder / "b" / "README.md", folder / "c.jsonl"]


def build(index: Path, *given: Path, **options):
    return build_index(index, given, encoder=WordEncoder(), offline=True, **options)


def add(index: Path, *given: Path, **options):
    return update_index(index, given, encoder=WordEncoder(), offline=True, **options)


def papers(index: Path) -> dict[str, Paper]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        return {paper.id: paper for paper in engine.papers()}


def known(folder: Path) -> dict[str, Path]:
    return {"abstracts": folder / "abstracts.jsonl"}


class TestOneRecord:
    def test_has_what_each_source_says(self, index, folder):
        report = build(index, *sources(folder), **known(folder))
        found = papers(index)
        assert len(found) == report.manifest.counts["papers"] == 3
        paper = found["2503.01234"]
        assert paper.categories == ("Light", "Video", "Optics", "Papers")
        assert paper.provenance == (
            Provenance("README.md", 3),
            Provenance("README.md", 8),
            Provenance("b/README.md", 3),
            Provenance("c.jsonl", 1),
        )
        assert {link.url for link in paper.links} == {
            "https://example.org/lantern",
            "https://example.org/demo",
            "https://doi.org/10.1000/Lantern",
            "https://press.example/lantern",
        }
        assert paper.authors == ("Mina Okafor", "Jo Lind")
        assert paper.url == "https://arxiv.org/abs/2503.01234"

    def test_is_told_with_its_places_and_the_reason(self, index, folder):
        report = build(index, *sources(folder), **known(folder))
        assert [str(merge) for merge in report.merges] == [
            "2503.01234: README.md line 3, README.md line 8, b/README.md line 3 and "
            "c.jsonl line 1 are one paper (same arXiv id, same DOI, same title and first author)"
        ]

    def test_is_known_from_what_arxiv_says(self, index, folder):
        """Without abstracts nothing joins the entries but a title, which is not enough."""
        build(index, *sources(folder))
        assert len(papers(index)) == 5
        build(index, **known(folder))
        assert len(papers(index)) == 3

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
    def test_is_the_same_paper_in_any_order(self, index, folder, order):
        given = sources(folder)
        build(index, *(given[each] for each in order), **known(folder))
        paper = papers(index)["2503.01234"]
        assert set(paper.categories) == {"Light", "Video", "Optics", "Papers"}
        assert len(paper.provenance) == 4

    def test_comes_of_long_streams_too(self, index, folder, monkeypatch):
        """Of a long stream only what is like a paper of the lists is held."""
        monkeypatch.setattr(source_reader, "HELD", 1)
        more = [{"title": f"Lamp number {n} of the crowd", "authors": ["X"]} for n in range(5)]
        write_records(folder, *more, RECORD)
        other = folder / "d.jsonl"
        other.write_text(
            "".join(json.dumps({**record, "category": "Other"}) + "\n" for record in more), "utf-8"
        )
        report = build(index, *sources(folder), other, **known(folder))
        found = papers(index)
        assert len(found) == 8
        assert found["2503.01234"].categories[-1] == "Papers"
        assert found["lamp-number-1-of-the-crowd"].categories == ("Other",)
        assert [(one.entries, one.merged) for one in report.sources] == [
            (3, 1), (2, 1), (6, 1), (5, 0),
        ]  # fmt: skip

    def test_may_have_the_name_of_another(self, index, folder):
        """Two papers of one title have two ids, which stay."""
        title = "Lamps"
        first, second = ({"title": title, "authors": [name]} for name in ("A. One", "B. Two"))
        path = write_records(folder, first)
        other = folder / "d.jsonl"
        other.write_text(json.dumps(second) + "\n", "utf-8")
        build(index, path, other)
        assert set(papers(index)) == {"lamps", "lamps-two"}
        report = add(index, other)
        assert (report.added, report.removed, report.updated) == (0, 0, 0)
        assert build(index, path, other).changes == ()


class TestAdding:
    def test_joins_with_what_the_index_has(self, index, folder):
        first, second, records = sources(folder)
        build(index, first, **known(folder))
        report = add(index, second, records)
        found = papers(index)
        assert len(found) == report.manifest.counts["papers"] == 3
        assert found["2503.01234"].categories == ("Light", "Video", "Optics", "Papers")
        assert [(one.name, one.entries, one.merged) for one in report.sources] == [
            ("b/README.md", 2, 1),
            ("c.jsonl", 1, 1),
        ]
        assert {reason for merge in report.merges for reason in merge.reasons} == {
            "same DOI",
            "same title and first author",
        }
        assert (report.added, report.updated) == (1, 1)
        assert build(index).changes == ()

    def test_may_join_two_papers_of_the_index(self, index, folder):
        """The entry that comes has the DOI of one and title and author of the other."""
        link = {"title": "Seeing", "doi": "10.1000/lantern", "category": "Links"}
        first = write_records(folder, link, RECORD)
        build(index, first)
        assert len(papers(index)) == 2
        other = folder / "d.jsonl"
        other.write_text(json.dumps({**ARXIV, "category": "New"}) + "\n", "utf-8")
        report = add(index, other)
        [paper] = papers(index).values()
        assert paper.id == "2503.01234"
        assert paper.categories == ("Links", "Papers", "New")
        assert report.manifest.counts["papers"] == 1
        assert len(papers(index)) == 1
        assert build(index).manifest.counts["papers"] == 1

    def test_finds_the_title_of_a_list_that_arxiv_changed(self, index, folder):
        changed = {**ARXIV, "title": "Seeing with Lanterns"}
        (folder / "abstracts.jsonl").write_text(json.dumps(changed) + "\n", "utf-8")
        first, _, records = sources(folder)
        build(index, first, **known(folder))
        add(index, records)
        assert papers(index)["2503.01234"].categories == ("Light", "Video", "Papers")

    def test_again_is_no_merge(self, index, folder):
        first, second, records = sources(folder)
        build(index, first, second, records, **known(folder))
        report = add(index, second)
        assert (report.merges, report.changes) == ((), ())


class TestAccounts:
    def test_each_source_has_one(self, index, folder):
        with (folder / "c.jsonl").open("a") as file:
            file.write("nonsense\n")
        report = build(index, *sources(folder), **known(folder))
        assert list(map(str, report.sources)) == [
            "README.md: 3 entries read, 2 with an arXiv id, 1 merged; 0 not understood",
            "b/README.md: 2 entries read, 0 with an arXiv id, 1 merged; 0 not understood",
            "c.jsonl: 1 entry read, 0 with an arXiv id, 1 merged; 1 not understood",
        ]
        assert [one.key for one in report.sources] == [str(path) for path in sources(folder)]
        total = sum(one.entries - one.merged for one in report.sources)
        assert total == report.manifest.counts["papers"]

    def test_a_source_that_is_named_twice_is_read_once(self, index, folder):
        first = folder / "a" / "README.md"
        report = build(index, first, folder / "b" / ".." / "a" / "README.md")
        assert len(report.sources) == len(report.manifest.sources) == 1

    def test_sources_without_papers_are_refused_and_named(self, index, folder):
        build(index, *sources(folder))
        before = Manifest.read(index)
        (folder / "empty.md").write_text("# Nothing\n\nNo paper.\n", "utf-8")
        (folder / "bad.md").write_text("## Audio\n\n* [2501] [Bad]\n", "utf-8")
        given = [*sources(folder), folder / "empty.md", folder / "bad.md", folder / "none.md"]
        for work in (build, add):
            with pytest.raises(SourceError) as refused:
                work(index, *given)
            message = str(refused.value)
            assert message.startswith("3 sources cannot be read: no entries found in ")
            assert "bad.md (line 3: " in message
            assert "none.md; check the path" in message
            assert [problem.line for problem in refused.value.problems] == [3]
        assert Manifest.read(index) == before

    def test_names_of_sources_are_told_apart(self):
        names = PlaceNames(["/data/one/README.md"])
        assert names.name("/data/one/README.md", "README.md") == "README.md"
        assert names.name("/data/two/README.md", "README.md") == "two/README.md"
        assert names.name("/other/two/README.md", "README.md") == "other/two/README.md"
        assert names.name("https://example.org/README.md", "README.md") == "example.org/README.md"
        assert names.name("/data/topics", "audio.md") == "audio.md"
        assert names.name("/more/topics", "audio.md") == "topics/audio.md"
        assert names.name("x", "x") == "x"
        assert names.name("y", "x") == "y/x"


class TestRemovedByHand:
    def test_a_merged_paper_stays_away_under_each_of_its_ids(self, index, folder):
        build(index, *sources(folder), **known(folder))
        update_index(index, remove="2503.01234", encoder=WordEncoder())
        assert "2503.01234" not in papers(index)
        report = build(index)
        assert len(papers(index)) == 2
        assert report.manifest.excluded_ids == ("2503.01234",)

    def test_it_stays_away_when_another_source_gives_it_another_id(self, index, folder):
        first, _, records = sources(folder)
        build(index, records)
        [paper_id] = papers(index)
        update_index(index, remove=paper_id, encoder=WordEncoder(), force=True)
        report = build(index, records, first, **known(folder))
        assert "2503.01234" not in papers(index)
        assert set(report.manifest.excluded_ids) == {paper_id, "2503.01234"}

    def test_it_comes_back_when_a_list_with_it_is_added(self, index, folder):
        first, _, records = sources(folder)
        build(index, first, records, **known(folder))
        update_index(index, remove="2503.01234", encoder=WordEncoder())
        add(index, first)
        assert "2503.01234" in papers(index)
        assert build(index).manifest.excluded_ids == ()
        assert "2503.01234" in papers(index)

    def test_what_was_added_again_under_another_id_is_not_lost(self, index, folder):
        first, _, records = sources(folder)
        build(index, first, **known(folder))
        update_index(index, remove="2503.01234", encoder=WordEncoder())
        add(index, records)
        assert len(papers(index)) == 2
        report = build(index)
        assert "2503.01234" in papers(index)
        assert report.manifest.excluded_ids == ()


def test_a_repair_finds_a_merged_record_in_its_sources(index, folder):
    build(index, *sources(folder), **known(folder))
    before = papers(index)["2503.01234"]
    with opened_store(index) as connection:
        connection.execute("UPDATE papers SET record = '{' WHERE paper_id = '2503.01234'")
    assert repair_index(index, encoder=WordEncoder()).restored == ("2503.01234",)
    assert replace(papers(index)["2503.01234"], metadata=None) == replace(before, metadata=None)
