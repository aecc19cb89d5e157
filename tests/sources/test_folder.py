"""Folders of lists, tables, libraries and pages as one source."""

from __future__ import annotations

from pathlib import Path

import pytest

import rftsearch
from rftsearch import Engine, build_index
from rftsearch.errors import SourceError
from rftsearch.sources import folder as folder_module
from rftsearch.sources.folder import Folder
from rftsearch.sources.registry import open_source
from rftsearch.sources.tables.entries import group_name
from support.encoder import WordEncoder


def item(number: int, title: str = "Lamp") -> str:
    return f"- [{title} {number}](https://arxiv.org/abs/2503.{number:05})\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def shown(folder: Path) -> dict[str, tuple[str, str]]:
    """Of each id its file and its category."""
    return {
        paper.id: (paper.provenance[0].source, paper.category)
        for paper in rftsearch.read_list(folder).papers
    }


def test_topic_files_give_their_names_where_they_have_none(tmp_path):
    write(
        tmp_path,
        {
            "README.md": "# Lamps\n\nA list of lamps.\n\n- [Audio](topics/audio.md)\n",
            "topics/01-night_lamps.md": item(1),
            "topics/Deep Lamps.md": "# Papers\n\n" + item(2),
            "topics/day.csv": "title,arxiv\nDay,2503.00003\n",
            "topics/sound/papers.yml": "- title: Bell\n  arxiv: 2503.00004\n",
            "topics/library.bib": "@article{a, title={Book}, eprint={2503.00005},"
            " archiveprefix={arXiv}}\n",
            "topics/headed.md": "# Headed\n\n## Bright\n\n" + item(6) + "\n## Dim\n\n" + item(7),
        },
    )
    assert shown(tmp_path) == {
        "2503.00001": ("topics/01-night_lamps.md", "Night lamps"),
        "2503.00002": ("topics/Deep Lamps.md", "Deep Lamps"),
        "2503.00003": ("topics/day.csv", "Day"),
        "2503.00004": ("topics/sound/papers.yml", "Sound"),
        "2503.00005": ("topics/library.bib", tmp_path.name),
        "2503.00006": ("topics/headed.md", "Bright"),
        "2503.00007": ("topics/headed.md", "Dim"),
    }


def test_a_category_of_several_files_has_the_name_of_its_file_before_it(tmp_path):
    one, two = "## Data\n\n" + item(1) + "\n## Light\n\n" + item(2), "## Data\n\n" + item(3)
    write(tmp_path, {"audio.md": one, "video.md": two, "2024.md": "## Data\n\n" + item(4)})
    assert [category for _, category in shown(tmp_path).values()] == [
        "Data",
        "Audio: Data",
        "Light",
        "Video: Data",
    ]


def test_one_file_for_each_paper(tmp_path):
    write(
        tmp_path,
        {
            "vision/lamp.md": "---\ntitle: 'Lamp: A Study'\nauthors: [Ann Author, Bea Writer]\n"
            "arxiv: 2503.01230\nvenue: ICLR 2025\n---\n\n## Abstract\n\nWe *light* [one]"
            "(https://example.org).\n\n## My notes\n\nGood.\n",
            "vision/two.md": "---\ntitle: Two: with a colon\nauthor: Ann Author\ndate: 2024-05-06\n"
            "---\n\nRead it.\n",
            "vision/three.md": "---\ntitle: Three\n---\n\nSee https://arxiv.org/abs/2503.01233.\n",
            "tagged/four.md": "---\ntitle: Four\ndoi: 10.1000/four\ntags: [Night]\n---\n",
            "about.md": "---\ntitle: About this list\nlayout: page\n---\n\nHello.\n",
            "sound.md": "---\ntitle: Sound\nauthor: Ann Author\n---\n\n" + item(5) + item(6),
        },
    )
    parsed = rftsearch.read_list(tmp_path)
    papers = {paper.id: paper for paper in parsed.papers}
    assert list(papers) == ["2503.00005", "2503.00006", "four", "2503.01230", "2503.01233",
        "two-with-a-colon"]  # fmt: skip
    lamp = papers["2503.01230"]
    assert (lamp.title, lamp.category, lamp.venue) == ("Lamp: A Study", "Vision", "ICLR 2025")
    assert (lamp.authors, lamp.abstract) == (("Ann Author", "Bea Writer"), "We light one .")
    assert lamp.provenance[0].source == "vision/lamp.md"
    assert papers["two-with-a-colon"].released == "2024-05"
    assert papers["four"].category == "Night"
    assert papers["2503.00005"].category == "Sound"
    assert f"{tmp_path.name}: no paper in about.md" in parsed.account


def test_what_is_no_list_is_passed_over(tmp_path):
    hidden = ["LICENSE.md", "CONTRIBUTING.md", "code_of_conduct.md", "CHANGELOG.md", "package.json"]
    hidden += [".github/x.md", ".hidden.md", "node_modules/a/README.md", "venv/x.csv", "image.png"]
    write(tmp_path, {name: item(n) for n, name in enumerate(hidden, 1)} | {"a.md": item(99)})
    write(
        tmp_path, {"readme.md": item(98), "README_zh-CN.md": item(97), "x/README.ja.md": item(96)}
    )
    assert list(shown(tmp_path)) == ["2503.00098", "2503.00099", "2503.00096"]
    account = rftsearch.read_list(tmp_path).account
    assert account[-1] == f"{tmp_path.name}: not read, as it repeats README: README_zh-CN.md"


def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_are_read(tmp_path):
    write(tmp_path, {"a.md": item(1), "broken.json": '{"a" 1}', "data.json": '{"a": 1}'})
    (tmp_path / "b.md").write_bytes(b"caf\xe9")
    parsed = rftsearch.read_list(tmp_path)
    assert [paper.id for paper in parsed.papers] == ["2503.00001"]
    problems = {problem.source: problem.reason for problem in parsed.problems}
    assert list(problems) == ["b.md", "broken.json"]
    assert problems["b.md"].startswith("b.md is not UTF-8 text")
    assert f"{tmp_path.name}: no paper in data.json" in parsed.account


def test_a_link_to_a_folder_above_ends_no_walk(tmp_path):
    write(tmp_path, {"in/a.md": item(1)})
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    assert list(shown(tmp_path)) == ["2503.00001"]


def test_a_folder_without_papers_is_no_source_and_names_the_cure(tmp_path):
    write(tmp_path, {"a.md": "Nothing.\n"})
    assert rftsearch.read_list(tmp_path).papers == ()
    with pytest.raises(SourceError, match=r"no paper in the folder .*; put lists, tables"):
        list(Folder(tmp_path).read(lambda *_: None))


def test_a_folder_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "MOST_FILES", 2)
    write(tmp_path, {f"{number}.md": item(number) for number in range(3)})
    with pytest.raises(SourceError, match="holds more than 2 files; name the folder in it"):
        rftsearch.read_list(tmp_path)


def test_an_index_remembers_a_folder(tmp_path):
    lists = write(tmp_path / "lists", {"audio.md": item(1, "Bell")})
    index = tmp_path / "index"
    report = build_index(index, [str(lists)], encoder=WordEncoder(), offline=True)
    assert report.manifest.sources == (str(lists),)
    assert report.outcome.account == ()
    write(lists, {"video.md": item(2, "Drum")})
    report = build_index(index, encoder=WordEncoder(), offline=True)
    assert report.outcome.account == ("lists: papers in 2 files",)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert [hit.paper.category for hit in engine.search("drum", k=1)] == ["Video"]
    assert open_source(report.manifest.sources[0]) == Folder(lists)


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("night_vision", "Night vision"),
        ("01-night-vision", "Night vision"),
        ("rlhf", "RLHF"),
        ("vlm-agents", "VLM agents"),
        ("3d-detection", "3d detection"),
        ("Deep Lamps", "Deep Lamps"),
        ("GraphRAG", "GraphRAG"),
        ("2024", "2024"),
        ("_", "_"),
    ],
)
def test_names_of_files_are_made_readable(name, group):
    assert group_name(name) == group


def test_a_library_without_a_readable_entry_is_named(tmp_path):
    write(
        tmp_path,
        {
            "list.md": item(1),
            "broken.bib": "\n@article{a, year = 2025}\n",
            "empty.ris": "",
        },
    )
    parsed = rftsearch.read_list(tmp_path)
    assert [(one.source, one.line, one.reason) for one in parsed.problems] == [
        ("broken.bib", 2, "it has no title")
    ]
    assert f"{tmp_path.name}: no paper in broken.bib, empty.ris" in parsed.account
