"""Each entry of a source is counted once: as read, perhaps merged, or as not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch import build_index
from rftsearch.sources.base import Problem, parse_source
from rftsearch.sources.registry import open_source
from support.encoder import WordEncoder

DATED = """## Light

* [2503] [Lamp] [Lamp: Seeing at Night](https://arxiv.org/abs/2503.00001)
* [2503] [Lamp] [Lamp: Seeing at Night](https://arxiv.org/abs/2503.00001)
* [2513] [Wick] [Wick: A Flame That Learns](https://arxiv.org/abs/2503.00002)
* [2513] [Wick] [Wick: A Flame That Learns](https://arxiv.org/abs/2503.00002)
* [2504] [Broken]
"""
BULLETS = """# Lights

## Light

- [Seeing at Night](https://arxiv.org/abs/2503.00001)
- [Seeing at Night](https://arxiv.org/abs/2503.00001)
- [A Flame That Learns](https://arxiv.org/abs/2503.00002)
- A Study of Wicks [[paper](A Study of Wicks)]
"""
TABLE = """title,url,date,category
Seeing at Night,https://arxiv.org/abs/2503.00001,2025-03,Light
Seeing at Night,https://arxiv.org/abs/2503.00001,2025-03,Light
A Flame That Learns,https://arxiv.org/abs/2503.00002,2025-03,Light,more
,,2025-03,Light
"""
LIBRARY = """@article{night, title = {Seeing at Night}, eprint = {2503.00001}, eprinttype = {arxiv}}
@article{night, title = {Seeing at Night}, eprint = {2503.00001}, eprinttype = {arxiv}}
@article{wick, title = {A Flame That Learns}, year = {2025}}
@article{none, year = {2025}}
"""
LINES = """{"title": "Seeing at Night", "arxiv_id": "2503.00001", "abstract": "We see."}
{"title": "A Flame That Learns", "id": "wick", "abstract": "%s"}
{"title": ""}
nonsense
""" % ("It learns. " * 4_000)


@pytest.mark.parametrize(
    ("name", "text", "read", "in_part", "merged", "lost"),
    [
        ("dated.md", DATED, 4, 2, 2, 1),
        ("bullets.md", BULLETS, 3, 0, 1, 1),
        ("table.csv", TABLE, 3, 1, 1, 1),
        ("library.bib", LIBRARY, 3, 1, 1, 1),
        ("lines.jsonl", LINES, 2, 1, 0, 2),
    ],
)
def test_an_entry_is_counted_once(tmp_path, name, text, read, in_part, merged, lost):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    report = build_index(tmp_path / "index", path, encoder=WordEncoder(), offline=True)
    [source] = report.sources
    counts = (source.entries, source.read_in_part, source.merged, source.not_understood)
    assert counts == (read, in_part, merged, lost)
    total = report.manifest.counts["papers"] + report.manifest.counts["projects"]
    assert source.entries - source.merged == total
    shown = f"{read} entries read" + (f" ({in_part} in part)" if in_part else "")
    assert str(source).startswith(f"{name}: {shown}, ")
    assert str(source).endswith(f", {merged} merged; {lost} not understood")


def test_several_problems_of_one_entry_are_one_entry(tmp_path: Path):
    found = Problem.of_entry("a.md", 3, "Lamp", ["no month", "no link"], is_read=True, repeats=2)
    assert [one.outcome for one in found] == ["part", "part", "repeated"]
    path = tmp_path / "dated.md"
    path.write_text(DATED, "utf-8")
    outcomes = [(one.line, one.outcome) for one in parse_source(open_source(path)).problems]
    assert outcomes == [(4, "repeated"), (5, "part"), (6, "part"), (6, "repeated"), (7, "lost")]


def test_counts_also_the_entries_that_are_too_many_to_name(tmp_path: Path):
    path = tmp_path / "lines.jsonl"
    good, rest = LINES.split("\n", 1)
    path.write_text("\n".join([good, *["nonsense"] * 150, *rest.splitlines()]), "utf-8")
    report = build_index(tmp_path / "index", path, encoder=WordEncoder(), offline=True)
    assert [one.not_understood for one in report.sources] == [152]
