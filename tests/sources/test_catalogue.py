from __future__ import annotations

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import SourceError
from rftsearch.papers.merge import merge_papers
from rftsearch.papers.paper import (
    KINDS,
    LINK_KINDS,
    ArxivMetadata,
    Link,
    Paper,
    Provenance,
)
from rftsearch.sources.catalogue import load_catalogue, parse_catalogue, write_catalogue
from rftsearch.sources.reading import read_list
from support.paths import ROOT

ENTRY = "* [2505] [Lantern] [Reading in the Dark](https://arxiv.org/abs/2505.01234)\n"
LANTERN = Paper(
    id="2505.01234",
    short_name="Lantern",
    title="Reading in the \u201cDark\u201d\u2028",
    categories=("Night Vision", "Sound"),
    released="2025-05",
    arxiv_id="2505.01234",
    url="https://arxiv.org/abs/2505.01234",
    generative=True,
    description="oral",
    links=(Link("code", "https://github.com/lab/lantern", "Code"),),
    provenance=(Provenance("list.md", 3),),
)
KEYS = [
    "id",
    "short_name",
    "title",
    "categories",
    "kind",
    "released",
    "arxiv_id",
    "url",
    "generative",
    "description",
    "links",
    "provenance",
    "heading_paths",
]


@pytest.fixture
def script(monkeypatch):
    """Load `scripts/catalogue.py` as a module, to be given its arguments."""
    path = ROOT / "scripts" / "catalogue.py"
    spec = importlib.util.spec_from_file_location("catalogue_script", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(argument: Path, shipped: Path) -> int:
        monkeypatch.setattr(sys, "argv", ["catalogue.py", str(argument)])
        monkeypatch.setattr(module, "SHIPPED", shipped)
        return module.main()

    return run


# --- the shipped file --------------------------------------------------------------------


def test_the_shipped_catalogue():
    papers = load_catalogue()
    assert len(papers) == len(merge_papers(papers)) == 79
    assert sum(paper.kind == "project" for paper in papers) == 14
    assert len({paper.category for paper in papers}) == 11
    assert all(paper.metadata is None for paper in papers)
    assert {place.source for paper in papers for place in paper.provenance} == {
        "awesome-rft-mllm.md"
    }


@pytest.mark.shared
def test_the_shipped_catalogue_is_a_fresh_parse_of_the_founding_list(shared, tmp_path, script):
    founding = shared / "seed" / "awesome-rft-mllm.md"
    assert load_catalogue() == list(read_list(founding).papers)
    assert script(founding, tmp_path / "fresh.jsonl") == 0
    shipped = ROOT / "src/rftsearch/data/catalogue.jsonl"
    assert shipped.read_bytes() == (tmp_path / "fresh.jsonl").read_bytes()


# --- writing and reading -------------------------------------------------------------------


def test_a_catalogue_holds_facts_one_object_a_line(tmp_path):
    fetched = LANTERN.with_metadata(ArxivMetadata("2505.01234", LANTERN.title, "An abstract."))
    path = tmp_path / "catalogue.jsonl"
    write_catalogue([fetched, LANTERN], path)
    text = path.read_bytes().decode("utf-8")
    assert text.count("\n") == 2
    assert "\u201cDark\u201d" in text
    assert "abstract." not in text
    assert list(json.loads(text.partition("\n")[0])) == KEYS
    assert parse_catalogue(text, "catalogue.jsonl") == [LANTERN, LANTERN]


_PAPERS = st.builds(
    Paper,
    id=st.text(),
    short_name=st.text(),
    title=st.text(),
    categories=st.lists(st.text(), min_size=1).map(tuple),
    kind=st.sampled_from(KINDS),
    released=st.none() | st.just("2025-03"),
    arxiv_id=st.none() | st.just("2503.01234"),
    url=st.none() | st.text(),
    generative=st.booleans(),
    description=st.text(),
    links=st.lists(st.builds(Link, st.sampled_from(LINK_KINDS), st.text(), st.text())).map(tuple),
    provenance=st.lists(st.builds(Provenance, st.text(), st.integers(1))).map(tuple),
)


@given(st.lists(_PAPERS, min_size=1))
def test_what_is_written_is_read_back(tmp_path_factory, papers):
    path = tmp_path_factory.getbasetemp() / "catalogue.jsonl"
    write_catalogue(papers, path)
    assert parse_catalogue(path.read_text(encoding="utf-8"), path.name) == papers


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"title": None}, "title cannot be None"),
        ({"categories": []}, r"categories cannot be \[\]"),
        ({"categories": [1]}, r"categories cannot be \[1\]"),
        ({"kind": "book"}, "kind cannot be 'book'"),
        ({"arxiv_id": "2505.01234v2"}, "arxiv_id cannot be '2505.01234v2'"),
        ({"links": [{"kind": "code"}]}, "exactly the fields kind, url, label"),
        ({"links": [{"kind": "toy", "url": "", "label": ""}]}, "links cannot be of kind 'toy'"),
        ({"provenance": [{"source": "x", "line": "1"}]}, "line cannot be '1'"),
        ({"heading_paths": [["Audio", 1]]}, "heading_paths cannot be"),
        ({"authors": []}, "exactly the fields id, short_name"),
    ],
)
def test_an_altered_line_is_named(tmp_path, change, reason):
    path = tmp_path / "catalogue.jsonl"
    write_catalogue([LANTERN, LANTERN], path)
    first, second = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    text = f"{first}\n{json.dumps(json.loads(second) | change)}\n"
    with pytest.raises(SourceError, match=rf"^catalogue\.jsonl, line 2: .*{reason}.*; install"):
        parse_catalogue(text, path.name)


@pytest.mark.parametrize("text", ["", "\n", "{", "[]", "null", '{"id": "x"}'])
def test_a_damaged_line_is_named(text):
    with pytest.raises(SourceError, match=r"^c\.jsonl, line 1: ") as raised:
        parse_catalogue(text, "c.jsonl")
    assert "\n" not in str(raised.value)


# --- the command ---------------------------------------------------------------------------


def test_the_command_writes_the_catalogue(tmp_path, script, capsys):
    (tmp_path / "list.md").write_text(f"## Night Vision\n\n{ENTRY}", encoding="utf-8")
    assert script(tmp_path / "list.md", tmp_path / "out.jsonl") == 0
    (paper,) = parse_catalogue((tmp_path / "out.jsonl").read_text(encoding="utf-8"), "out.jsonl")
    assert paper == replace(
        LANTERN,
        title="Reading in the Dark",
        categories=("Night Vision",),
        generative=False,
        description="",
        links=(),
        heading_paths=(("Night Vision",),),
    )
    assert capsys.readouterr().out.startswith("1 entries in 1 categories: ")


def test_the_command_names_what_it_could_not_read(tmp_path, script, capsys):
    (tmp_path / "list.md").write_text(f"## Night\n\n{ENTRY}* [2505] [x]\n", encoding="utf-8")
    assert script(tmp_path / "list.md", tmp_path / "out.jsonl") == 1
    assert (
        "list.md:4: entry skipped: no title follows its name: [2505] [x]" in capsys.readouterr().err
    )
    assert script(tmp_path / "none.md", tmp_path / "out.jsonl") == 1
    assert "there is no list at" in capsys.readouterr().err
