"""`scripts/bench.py scale`: the papers it draws, what it keeps, and what it says of it."""

from __future__ import annotations

import argparse
import json
import shutil

import numpy as np
import pytest

from rftsearch.errors import SourceError, UsageError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.arxiv.snapshot import Snapshot, SnapshotReader
from support.paths import ROOT

SCRIPTS = ROOT / "scripts"


@pytest.fixture(autouse=True)
def _scripts(monkeypatch):
    """The folder of benchmarks, as the script sees it."""
    monkeypatch.syspath_prepend(str(SCRIPTS))


# --- papers that are drawn -------------------------------------------------------------

RECORDS = [
    {
        "id": "2501.00001",
        "title": "Alpha beta gamma delta",
        "abstract": "One is. Two is. Three is.",
    },
    {"id": "2501.00002", "title": "Epsilon zeta", "abstract": "Four is. Five is."},
    {"id": "2501.00003", "title": "Eta theta iota", "abstract": "Six is."},
]


def test_real_papers_come_first_and_drawn_ones_are_the_same_each_time():
    from benchmarks.corpus import papers

    many = list(papers(RECORDS, 50))
    assert many[:3] == RECORDS
    assert list(papers(RECORDS, 20)) == many[:20]
    assert len({paper["id"] for paper in many}) == 50
    assert len({paper["abstract"] for paper in many[3:]}) > 5
    known = {sentence for record in RECORDS for sentence in record["abstract"].split(". ")}
    for paper in many[3:]:
        assert parse_arxiv_id(paper["id"]) == paper["id"]
        assert {part.rstrip(".") for part in paper["abstract"].split(". ")} <= {
            part.rstrip(".") for part in known
        }


def test_a_snapshot_of_drawn_papers_is_read_as_any_other(tmp_path):
    from benchmarks.corpus import papers, real, write_snapshot

    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps({**one, "year": 2025}) + "\n" for one in RECORDS))
    assert len(real(corpus, 2)) == 2
    file = write_snapshot(tmp_path / "some.json.zst", papers(real(corpus), 6))
    reader = SnapshotReader(Snapshot(file))
    found = list(reader)
    assert not reader.problems
    assert [paper.title for paper in found[:3]] == [one["title"] for one in RECORDS]
    assert [paper.id for paper in found[3:]] == ["9001.00003", "9001.00004", "9001.00005"]
    assert {paper.released[:4] for paper in found} == {"2025"}


def test_made_up_ids_go_on_into_earlier_years():
    from corpus_snapshot import made_up_id

    assert made_up_id(0) == "9001.00000"
    assert made_up_id(1_199_999) == "9012.99999"
    assert made_up_id(1_200_000) == "8901.00000"
    assert made_up_id(47_999_999) == "5112.99999"
    with pytest.raises(ValueError, match="48 million"):
        made_up_id(48_000_000)


def test_phrases_are_of_titles_and_the_same_in_each_run():
    from benchmarks.questions import Phrases

    titles = ["NAME: one two three four five six", "short title", "NAME2: a b c d"]
    one, other = Phrases(titles), Phrases(titles)
    taken = one.take(20)
    assert taken == other.take(20)
    assert all(3 <= len(phrase.split()) <= 6 for phrase in taken)
    assert all("NAME" not in phrase and phrase in " ".join(titles) for phrase in taken)


# --- collections of any size -----------------------------------------------------------


def point(**changes):
    """What is kept of one size."""
    whole = {
        "when": "2026-01-01",
        "machine": "a machine",
        "cores": 2,
        "model": "static",
        "drawn": 0,
        "build": {"seconds": 100.0, "peak_mb": 900.0, "peak_own_mb": 700.0},
        "disk_mb": 1500.0,
        "papers": 1000,
        "open_s": 0.2,
        "cold_s": 0.3,
        "query": {"p50_ms": 4.04, "p99_ms": 9.0},
        "filtered": {"p50_ms": 3.0, "p99_ms": 8.0, "share": 0.01, "returned": 10, "of": 10},
        "memory_mb": {"all": 300.0, "own": 100.0, "files": 200.0},
        "recall": {"all": 0.99, "1%": 1.0, "0.1%": 1.0, "3 papers": 1.0},
        "add": None,
        "naive": {
            "build": {"seconds": 60.0, "peak_mb": 800.0, "stopped": "", "limits": [900, 8192]},
            "drawn": False,
            "disk_mb": 1.0,
            "p50_ms": 12.0,
            "p99_ms": 20.0,
            "memory_mb": 600.0,
        },
    }
    return whole | changes


STOPPED = point()["naive"] | {
    "build": {"stopped": "more than 15 min", "limits": [900, 8192]},
    "drawn": True,
}


def test_sizes_are_kept_and_read_again(tmp_path):
    from benchmarks.points import read, write

    file = tmp_path / "scale.json"
    assert read(file) == {}
    write({2000: point(), 1000: point()}, file)
    assert list(read(file)) == [1000, 2000]
    assert read(file)[1000] == point()
    assert [path.name for path in tmp_path.iterdir()] == ["scale.json"]


def test_tables_say_where_the_plain_script_was_stopped_and_papers_were_drawn():
    from benchmarks.points import report, summary

    points = {
        1_000_000: point(drawn=800_000, naive=STOPPED),
        1000: point(add={"seconds": 2.5, "peak_mb": 1.0, "peak_own_mb": 1.0}),
    }
    text = report(points).markdown()
    assert "Papers beyond 200,000 are mixed from real ones" in text
    assert text.index("| 1,000 |") < text.index("| 1,000,000 |")
    assert "stopped: more than 15 min" in text
    short = summary(points).splitlines()
    assert short[0].startswith("The cost of a collection on 2 cores with `--model static`")
    assert short[4] == (
        "| 1,000 | 1.7 min | 1.5 GB | 300 MB | 4.0 / 9 ms | 3.0 ms | 2.5 s | 60.0 s | 12 ms |"
    )
    assert short[5].endswith("| 3.0 ms |  | stopped: more than 15 min | 12 ms |")
    assert short[7].startswith("Papers beyond 200,000 are mixed")
    assert short[-1] == "![The same table as curves](curve.png)"
    assert "Papers beyond" not in report({1000: point()}).markdown()


def test_an_index_that_was_published_has_a_row_of_its_own():
    from benchmarks.points import report

    asked = {kind: {"p50_ms": ms} for kind, ms in (("query", 9), ("filtered", 7), ("folder", 2))}
    there = {"seconds": 250.0, "peak_mb": 400.0, "kind": "qdrant", "a_second": 4.4, **asked}
    there |= {"when": "2026-11-30", "machine": "an abacus"}
    row = "| 1,000 | qdrant | 250 | 4 | 400 | 9.0 | 7.0 | 2.0 |"
    text = report({1000: point(published=there)}).markdown()
    assert row in text
    assert "1,000: 2026-11-30, an abacus." in text
    assert "Published on a server" not in report({1000: point()}).markdown()
    # Also where nothing else is known of that size.
    alone = report({1000: {"published": there}, 2000: point()})
    assert row in alone.markdown()
    assert [first for first, *_ in alone.rows] == ["2,000"]
    assert list(alone.values) == ["1000", "2000"]


def test_what_was_missed_is_said():
    from benchmarks.points import report

    assert report({200_000: point(), 1_000_000: point()}).failures == []
    low = point()["recall"] | {"all": 0.96, "0.1%": 0.9}
    slow = point(query={"p50_ms": 15.0, "p99_ms": 50.0}, recall=low)
    assert report({1000: slow, 200_000: slow, 1_000_000: slow}).failures == [
        "1,000 papers: recall under a filter (0.1%) misses 0.98.",
        "200,000 papers: p50 misses 10.",
        "200,000 papers: p99 misses 40.",
        "200,000 papers: recall misses 0.98.",
        "200,000 papers: recall under a filter (0.1%) misses 0.98.",
        "1,000,000 papers: recall under a filter (0.1%) misses 0.98.",
    ]
    slow = point(filtered=point()["filtered"] | {"p50_ms": 21.0})
    assert report({1_000_000: slow}).failures == [
        "1,000,000 papers: p50 under a filter misses 20.",
    ]
    few = point()["filtered"] | {"returned": 9}
    assert "left fewer papers" in report({1000: point(filtered=few)}).failures[0]


def test_the_plain_script_does_not_try_again_what_it_did_not_finish():
    from benchmarks.points import hopeless

    points = {10_000: point(), 100_000: point(naive=STOPPED)}
    assert hopeless(points, 200_000, (900, 8192)) == "more than 15 min"
    assert hopeless(points, 200_000, (600, 8192)) == "more than 15 min"
    assert hopeless(points, 200_000, (3600, 8192)) == ""
    assert hopeless(points, 100_000, (900, 8192)) == ""


def test_an_index_is_asked_and_its_recall_measured(index):
    from benchmarks import scale_child

    asked = {name: ["how the crowd counts", "a video reward"] for name in ("warm", "open")}
    found = scale_child.main(index, {**asked, "filtered": asked["open"]})
    assert found["papers"] == 6
    assert found["recall"] == dict.fromkeys(("all", "1%", "0.1%", "3 papers"), 1.0)
    assert found["filtered"]["returned"] == found["filtered"]["of"]
    assert 0 < found["filtered"]["share"] < 1
    assert found["memory_mb"]["all"] > 0


def test_an_index_that_was_kept_is_asked_again(index, tmp_path, monkeypatch):
    from benchmarks import scale

    monkeypatch.setattr(scale, "STARTS", 1)  # each is a process of its own
    found = [{"title": f"A title of {number} several telling words"} for number in range(30)]
    chosen = argparse.Namespace(work=tmp_path, questions=20)
    known = {1000: point(cold_s=99.0)}
    with pytest.raises(UsageError, match="--keep"):
        scale._asked_again(found, 1000, chosen, known)
    (tmp_path / "1000").mkdir()
    shutil.copytree(index, tmp_path / "1000" / "index")
    again = scale._asked_again(found, 1000, chosen, known)
    assert again["papers"] == 6
    assert again["build"] == known[1000]["build"]
    assert again["cold_s"] < 99


def test_exact_neighbours_are_those_of_brute_force(monkeypatch):
    from benchmarks import scale_child

    monkeypatch.setattr(scale_child, "AT_ONCE", 7)
    chance = np.random.default_rng(0)
    every, asked = chance.normal(size=(40, 4)), chance.normal(size=(3, 4))

    class Vectors:
        def vectors(self, ids):
            return every[ids - 100]

    ids = np.arange(100, 140)
    best = scale_child.nearest(Vectors(), ids, asked)
    expected = [set((np.argsort(-every @ one)[:10] + 100).tolist()) for one in asked]
    assert best == expected
    [few] = scale_child.nearest(Vectors(), ids[:3], asked[:1])
    assert few == {100, 101, 102}


def test_sizes_that_make_no_sense_are_refused(tmp_path):
    from benchmarks import scale

    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    scale.add_arguments(parser)
    for words in ([], ["1000"], ["10", "--corpus", str(tmp_path / "none")]):
        with pytest.raises(UsageError):
            scale.run(parser.parse_args(words))
    with pytest.raises(SourceError, match="there is no file"):
        scale.run(parser.parse_args(["1000", "--corpus", str(tmp_path / "none")]))
