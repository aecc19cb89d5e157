"""CSL-JSON, as Zotero, Better BibTeX and Crossref write it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import SourceError
from rftsearch.papers.paper import Link, Paper
from rftsearch.sources.base import Problem
from rftsearch.sources.libraries.csl_json import CslJson, is_csl_json

DIALECTS = Path(__file__).parent / "dialects"


def read(path: Path):
    items = list(CslJson(path).read(lambda *_: None))
    papers = [item for item in items if isinstance(item, Paper)]
    return papers, [(item.line, item.reason) for item in items if isinstance(item, Problem)]


@pytest.fixture
def library(tmp_path):
    def written(content: object):
        path = tmp_path / "refs.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return read(path)

    return written


@pytest.fixture
def one(library):
    def written(**fields: object):
        item = {"id": "x", "type": "article", "title": "A Title of Lights", **fields}
        (paper,), problems = library([item])
        assert problems == []
        return paper

    return written


def test_zotero():
    (lantern, counting, kit), problems = read(DIALECTS / "zotero.json")
    assert problems == []
    assert (lantern.id, lantern.short_name) == ("2503.01234", "Lantern")
    assert lantern.title == "Lantern: Reading in the Dark with MLLMs"
    assert lantern.authors == ("Ada Sample", "Bén Example", "Ana García Pérez", "Lantern Team")
    assert (lantern.abstract, lantern.metadata.published) == ("We read in the dark.", "2025-03-17")
    assert (lantern.venue, lantern.links, lantern.categories) == (None, (), ("zotero.json",))
    assert (counting.released, counting.provenance[0].line) == ("2024-08", 50)
    assert counting.listed_parts[1] == ("van der Sample", "Jan", "")
    assert (kit.kind, kit.description) == ("project", "A toolbox for lanterns.")


def test_better_csl_json():
    (lantern, shadow), problems = read(DIALECTS / "better-csl.json")
    assert problems == []
    assert (lantern.id, lantern.categories) == ("2503.01234", ("lanterns", "night vision"))
    assert shadow.authors == ("Bén Example", "Jo Sample Jr.", "Vin van Gogh")
    assert shadow.links == (Link("code", "https://github.com/ben/shadow", "Code"),)
    assert (shadow.id, shadow.venue) == ("10.1000/joe.2023.7", "Journal of Examples")


def test_items_in_an_object():
    (dusk, season), problems = read(DIALECTS / "zotero-api.json")
    assert problems == []
    assert (dusk.released, dusk.venue, season.released) == (
        "2025-03",
        "Journal of Examples",
        "2021",
    )
    assert [one.provenance[0].line for one in (dusk, season)] == [3, 20]


@pytest.mark.parametrize(
    ("issued", "released"),
    [
        ({"date-parts": [[2025, 3, 17]]}, "2025-03"),
        ({"date-parts": [["2025", "03"]]}, "2025-03"),
        ({"date-parts": [[2025, 3], [2025, 5]]}, "2025-03"),
        ({"date-parts": [[2025]]}, "2025"),
        ({"raw": "17 March 2025"}, "2025-03"),
        ({"literal": "2025-03"}, "2025-03"),
        ("2025-03-17", "2025-03"),
        ({"date-parts": [[]]}, None),
        ({"date-parts": [[None]]}, None),
        (2025, None),
    ],
)
def test_dates(one, issued, released):
    assert one(issued=issued).released == released


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "arXiv:2503.01234"},
        {"archive": "arXiv", "archive_location": "2503.01234"},
        {"DOI": "10.48550/arXiv.2503.01234"},
        {"URL": "https://arxiv.org/abs/2503.01234"},
        {"note": "Citation Key: x\narXiv:2503.01234 [cs.CV]"},
        {"container-title": "arXiv preprint arXiv:2503.01234"},
    ],
)
def test_an_arxiv_id_is_found_where_programs_put_it(one, fields):
    assert one(**fields).arxiv_id == "2503.01234"


@pytest.mark.parametrize("path", sorted(DIALECTS.glob("*.json")), ids=lambda path: path.name)
def test_it_is_told_by_its_content(path):
    assert is_csl_json(json.loads(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        None,
        [{"title": "A table", "url": "https://example.org"}],
        [{"id": "2503.01234", "title": "A paper", "kind": "paper"}],
        [{"id": 1, "type": "Bar"}],
        [{"id": 1, "type": ["book"]}],
        {"items": [{"title": "x"}]},
    ],
)
def test_other_json_is_none(content):
    assert not is_csl_json(content)


def test_what_cannot_be_read_is_named_with_its_line(library):
    text = '[\n {"id": 1, "type": "book", "title": "A Sound Title"},\n 7,\n {"id": 2}\n]'
    (paper,), problems = library(text)
    assert paper.title == "A Sound Title"
    assert problems == [(3, "it is not an item of CSL-JSON"), (4, "it has no title")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", r"line 1: it is not JSON"),
        ("[" * 100_000, "it is not JSON: it is nested too deep"),
        ('{"a": 1}', "it is not an array of items"),
        ("[]", "give CSL-JSON"),
    ],
)
def test_a_file_without_an_item_is_an_error_with_the_cure(library, content, why):
    with pytest.raises(SourceError, match=f"no entry can be read in .*{why}"):
        library(content)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("id", "title", "author", "issued", "note", "keyword", "DOI", "URL", "number", "abstract",
         "custom", "container-title", "archive", "type", "editor", "title-short")  # fmt: skip


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ANY)))
def test_any_item_is_a_paper_or_a_problem(tmp_path_factory, item):
    path = tmp_path_factory.getbasetemp() / "any.json"
    sound = {"id": "a", "type": "book", "title": "A Sound Title"}
    path.write_text(json.dumps([sound, item]), "utf-8")
    papers, problems = read(path)
    assert papers[0].title == "A Sound Title"
    assert len(papers) == 2 or problems
    for paper in papers:
        for text in (paper.id, paper.title, paper.short_name, *paper.categories):
            assert text.encode()
