from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch import Engine, build_index, read_list
from rftsearch.errors import SourceError
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance
from rftsearch.sources.base import MOST_PROBLEMS, PROBLEMS_KEPT, Problem, Summary
from rftsearch.sources.records_file import RecordsFile
from rftsearch.sources.registry import open_source
from support.encoder import WordEncoder
from support.snapshot import PACKERS, lines

GOOD = {
    "arxiv_id": "2503.00001v2",
    "title": "Gull: A Robot\n  that Scans",
    "abstract": "It scans.",
    "authors": ["A. Author"],
    "published": "2025-03-03",
    "categories": ["cs.RO", "cs.CV"],
    "doi": "10.1000/xyz",
}


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


def read(folder, *records):
    path = folder / "papers.jsonl"
    path.write_bytes(lines(*records))
    items = list(RecordsFile(path).read(lambda *_: None))
    papers = [item for item in items if isinstance(item, Paper)]
    problems = [item for item in items if isinstance(item, Problem)]
    assert isinstance(items[-1], Summary)
    return papers, problems, items[-1]


def test_a_line_becomes_a_paper(tmp_path):
    (paper,), problems, summary = read(tmp_path, GOOD)
    title = "Gull: A Robot that Scans"
    assert paper == Paper(
        id="2503.00001",
        short_name="Gull",
        title=title,
        categories=("cs.RO",),
        released="2025-03",
        arxiv_id="2503.00001",
        url="https://arxiv.org/abs/2503.00001",
        provenance=(Provenance("papers.jsonl", 1),),
        metadata=ArxivMetadata(
            "2503.00001",
            title,
            "It scans.",
            ("A. Author",),
            "2025-03-03",
            categories=("cs.RO", "cs.CV"),
            doi="10.1000/xyz",
        ),
    )
    assert (problems, summary) == ([], Summary(()))


def test_little_is_needed(tmp_path):
    (one, two, three), _, _ = read(
        tmp_path,
        {"title": "Tern"},
        {"id": "own-7", "title": "Skua", "abstract": "A.", "url": "https://example.org"},
        {"id": "2503.00002", "title": "Auk"},
    )
    assert (one.id, one.category, one.released, one.abstract_state) == (
        "tern",
        "papers.jsonl",
        None,
        "none",
    )
    assert (two.id, two.url, two.abstract) == ("own-7", "https://example.org", "A.")
    assert (three.arxiv_id, three.released, three.abstract_state) == (
        "2503.00002",
        "2025-03",
        "pending",
    )


def test_what_the_command_line_prints_as_json_is_read_back(tmp_path):
    paper = Paper(
        id="lab-robo-kit",
        short_name="Robo-Kit",
        title="Robo-Kit",
        categories=("Robots", "Tools"),
        released="2025-04",
        url="https://example.org/robo-kit",
        generative=True,
        description="A toolbox",
    )
    (back,), _, _ = read(tmp_path, paper.to_dict())
    assert (back.id, back.short_name, back.categories) == (paper.id, "Robo-Kit", paper.categories)
    assert (back.released, back.url, back.generative) == ("2025-04", paper.url, True)
    assert back.description == "A toolbox"


def test_a_line_may_say_more(tmp_path):
    link = {"kind": "code", "url": "https://example.org/c"}
    more = {
        "kind": "project",
        "venue": "CVPR 2026",
        "doi": "10.1000/182",
        "links": [link, {"url": "https://github.com/a/b", "label": "Old"}],
        "heading_paths": [["Robots", "Arms"]],
        "authors": ["A. Author"],
        "released": "2024",
    }
    (paper,), problems, _ = read(tmp_path, {"title": "Tern", "arxiv_id": "2503.00001", **more})
    assert (paper.kind, paper.venue, paper.doi) == ("project", "CVPR 2026", "10.1000/182")
    assert paper.links == (
        Link("code", "https://example.org/c", "Code"),
        Link("code", "https://github.com/a/b", "Old"),
    )
    assert (paper.heading_paths, paper.authors) == ((("Robots", "Arms"),), ("A. Author",))
    assert (paper.released, paper.abstract_state, problems) == ("2024", "pending", [])


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"title": "A", "kind": "book"}, "kind is not paper or project: 'book'"),
        (
            {"title": "A", "links": [{"kind": "code", "url": "javascript:x"}]},
            "links has one without a kind or a web address: 'javascript:x'",
        ),
        ({"title": "A", "links": "x"}, "links is not a list of objects"),
        ({"title": "A", "heading_paths": ["x"]}, "heading_paths is not a list of lists of texts"),
        ({"title": "A", "provenance": [{"source": "x"}]}, "provenance has a place without a line"),
        (
            {"title": "A", "listed_parts": [["x"]]},
            "listed_parts has a name that is not family name, given name and suffix",
        ),
        (b"{", "not JSON in UTF-8"),
        ({"arxiv_id": "2503.00001"}, "title is empty"),
        ({"title": "!"}, "title has no letter or digit, and there is no id"),
        ({**GOOD, "released": "2025-13"}, "released is not a month like 2025-03: '2025-13'"),
        ({"title": "A", "url": "javascript:x"}, "url is not a web address: 'javascript:x'"),
        ({**GOOD, "arxiv_id": "2503.00009"}, "2503.00009 has a line already"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, record, reason):
    papers, problems, summary = read(tmp_path, {**GOOD, "arxiv_id": "2503.00009"}, record)
    assert [paper.id for paper in papers] == ["2503.00009"]
    assert [(problem.line, problem.reason) for problem in problems] == [(2, reason)]
    assert summary == Summary(())


def test_what_is_too_long_is_cut_and_named(tmp_path):
    (paper,), problems, _ = read(tmp_path, {**GOOD, "abstract": "word " * 5_000})
    assert len(paper.abstract) == 19_999
    assert [(problem.line, problem.reason) for problem in problems] == [
        (1, "its abstract is longer than 20,000 characters; the rest is left out")
    ]


def test_of_many_problems_the_first_are_named_and_the_others_counted(tmp_path):
    _, problems, summary = read(tmp_path, GOOD, *[b"{"] * (PROBLEMS_KEPT + 5))
    assert (len(problems), summary.more_problems) == (PROBLEMS_KEPT, 5)


def test_a_file_without_end_is_given_up(tmp_path):
    with pytest.raises(SourceError, match=r"no paper can be read in .* \(line 1: not JSON"):
        read(tmp_path, *[b"{"] * (MOST_PROBLEMS + 1), GOOD)


@pytest.mark.parametrize(("content", "why"), [(b"\n", "it is empty"), (b"x", "line 1: not JSON")])
def test_a_file_without_a_paper_is_an_error_with_the_cure(tmp_path, content, why):
    path = tmp_path / "papers.jsonl"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"no paper can be read in .* \({why}.*\); give a JSON"):
        list(RecordsFile(path).read(lambda *_: None))


@pytest.mark.parametrize("suffix", PACKERS)
def test_it_is_built_into_an_index_however_it_is_packed(tmp_path, suffix):
    path = tmp_path / f"papers.jsonl{suffix}"
    path.write_bytes(PACKERS[suffix](lines(GOOD, {"title": "Tern", "abstract": "A crowd."})))
    assert open_source(path) == RecordsFile(path)
    build_index(tmp_path / "index", [path], encoder=WordEncoder(), offline=True)
    report = build_index(tmp_path / "index", encoder=WordEncoder(), offline=True)
    assert (report.manifest.counts["with_abstract"], report.manifest.counts["papers"]) == (2, 2)
    with Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine:
        assert engine.search("crowd", k=1)[0].paper.id == "tern"


FIELDS = (*GOOD, "id", "url", "category", "links", "provenance", "heading_paths", "split_authors",
          "kind", "venue", "has_metadata", "listed_parts", "metadata_id")  # fmt: skip
VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text() | st.none())


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, VALUES)))
def test_any_record_is_a_paper_that_can_be_stored_or_named(scratch, changes):
    line = json.dumps({**GOOD, **changes}).encode()
    papers, problems, _ = read(scratch, {"title": "First", "id": "first"}, line)
    assert len(papers) + len(problems) == 2
    for paper in papers:
        for text in (paper.id, paper.title, paper.short_name, paper.abstract, *paper.categories):
            assert text.encode() or not text


def test_categories_are_headings_unless_they_are_classes_of_arxiv(tmp_path):
    def read(*categories: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        line = {"title": "Soups", "abstract": "Warm.", "categories": categories}
        (tmp_path / "soups.jsonl").write_text(json.dumps(line), "utf-8")
        (paper,) = read_list(tmp_path / "soups.jsonl").papers
        return paper.categories, paper.metadata.categories

    assert read("Broth", "cs.CV", "Ladles") == (("Broth", "Ladles"), ("cs.CV",))
    assert read("cs.CV", "hep-th") == (("cs.CV",), ("cs.CV", "hep-th"))
    assert read("Broth") == (("Broth",), ())
