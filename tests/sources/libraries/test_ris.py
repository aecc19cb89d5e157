"""RIS, as EndNote, Zotero, Google Scholar and publishers write it, and with what they forget."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import SourceError
from rftsearch.papers.paper import Link, Paper
from rftsearch.sources.base import Problem
from rftsearch.sources.libraries.ris import RisFile
from rftsearch.sources.registry import open_source

DIALECTS = Path(__file__).parent / "dialects"


def read(path: Path):
    items = list(RisFile(path).read(lambda *_: None))
    papers = [item for item in items if isinstance(item, Paper)]
    return papers, [(item.line, item.reason) for item in items if isinstance(item, Problem)]


@pytest.fixture
def library(tmp_path):
    def written(text: str):
        path = tmp_path / "refs.ris"
        path.write_text(text, "utf-8")
        return read(path)

    return written


@pytest.fixture
def one(library):
    def written(*lines: str):
        text = "\n".join(["TY  - JOUR", "TI  - A Title of Lights", *lines, "ER  - "])
        (paper,), problems = library(text)
        assert problems == []
        return paper

    return written


def test_its_files_are_known_by_their_names(tmp_path):
    assert open_source(tmp_path / "a.RIS") == RisFile(tmp_path / "a.RIS")


def test_zotero():
    (lantern, counting, kit), problems = read(DIALECTS / "zotero.ris")
    assert problems == []
    assert (lantern.id, lantern.short_name) == ("2503.01234", "Lantern")
    assert lantern.authors == ("Ada Sample", "Bén Example", "Ana García Pérez", "Lantern Team")
    assert lantern.metadata.split_authors[2:] == (
        ("García Pérez", "Ana", ""),
        ("Lantern Team", "", ""),
    )
    assert (lantern.abstract, lantern.metadata.published) == (
        "We read in the dark. Our model reaches 96.9%.",
        "2025-03-17",
    )
    assert lantern.categories == ("Computer Science - Robotics", "night vision")
    assert (lantern.venue, lantern.links, lantern.description) == (None, (), "")
    assert (counting.released, counting.venue) == (
        "2024-08",
        "Proceedings of the 99th Annual Meeting of Examples",
    )
    assert (kit.kind, kit.description, kit.links) == (
        "project",
        "A toolbox for lanterns.",
        (Link("code", "https://github.com/lantern-lab/kit", "Code"),),
    )


def test_endnote():
    (shadow, dusk), problems = read(DIALECTS / "endnote.ris")
    assert problems == []
    assert (shadow.id, shadow.released, shadow.venue) == (
        "10.1000/joe.2023.7",
        "2023-11",
        "Journal of Examples",
    )
    assert shadow.authors == ("Ada Sample Jr.", "B. Example")
    assert shadow.abstract == "Shadows are played with. The abstract goes on on a second line."
    assert shadow.categories == ("shadows", "lights", "arcs")
    assert shadow.url == "https://doi.org/10.1000/joe.2023.7"
    assert (dusk.id, dusk.venue, dusk.abstract_state) == ("2503.05678", None, "pending")


def test_google_scholar():
    (dusk, counting), problems = read(DIALECTS / "scholar.ris")
    assert problems == []
    assert (dusk.id, dusk.authors, dusk.released) == (
        "2301.00042",
        ("Cy Else", "Ada Sample"),
        "2023-01",
    )
    assert (counting.abstract, counting.metadata.published) == (
        "Lanterns are counted.",
        "2024-08-12",
    )


def test_a_publisher():
    (lights,), problems = read(DIALECTS / "publisher.ris")
    assert problems == []
    assert (lights.title, lights.abstract) == ("Lights over the Sea & Sand", "There are lights.")
    assert lights.authors == ("Ada Sample", "Bén Example")
    assert lights.metadata.split_authors == ()
    assert lights.categories == ("sea", "sand", "lights")


@pytest.mark.parametrize(
    ("lines", "released"),
    [
        (["PY  - 2025/03/17/"], "2025-03"),
        (["Y1  - 2025///"], "2025"),
        (["PY  - 2025", "DA  - 2025/03//Spring"], "2025-03"),
        (["PY  - 2025", "DA  - Mar 17"], "2025-03"),
        (["PY  - 2025", "DA  - 2024/11/30"], "2025"),
        (["DA  - 2025-03-17"], "2025-03"),
        (["PY  - in press"], None),
    ],
)
def test_dates(one, lines, released):
    assert one(*lines).released == released


@pytest.mark.parametrize(
    "line",
    [
        "UR  - https://arxiv.org/abs/2503.01234v2",
        "DO  - 10.48550/arXiv.2503.01234",
        "AN  - arXiv:2503.01234",
        "M1  - arXiv:2503.01234",
        "JO  - CoRR abs/2503.01234",
        "N1  - arXiv:2503.01234 [cs.CV]",
    ],
)
def test_an_arxiv_id_is_found_where_programs_put_it(one, line):
    assert one(line).arxiv_id == "2503.01234"


def test_names_without_a_comma_are_groups_among_names_with_one(one):
    paper = one("AU  - Sample, Ada", "AU  - Night Shade", "AU  - others")
    assert paper.authors == ("Ada Sample", "Night Shade")
    assert paper.listed_parts == (("Sample", "Ada", ""), ("Night Shade", "", ""))


def test_what_programs_forget(library):
    papers, problems = library(
        "an empty beginning\n"
        "TY  - JOUR\nTI  - One without End\nAB  - T1 - weighted images\nT1 - are not a tag\n"
        "TY  - JOUR\nTI  - Two with an Odd End\nER -\n"
        "TI  - nobody's\n\n"
        "TY  - JOUR\nPY  - 2025\nER  - \n"
        "TY  - JOUR\n   continues nothing\nTI  - Three\n"
    )
    assert [paper.title for paper in papers] == ["One without End", "Two with an Odd End", "Three"]
    assert papers[0].abstract == "T1 - weighted images T1 - are not a tag"
    assert problems == [
        (1, "it belongs to no record: a record begins with `TY  - `"),
        (11, "it has no title"),
    ]


def test_tags_with_one_blank_are_read_where_no_tag_has_two(library):
    (paper,), problems = library("TY - JOUR\nTI - A Title of Lights\nPY - 2025\nER -\n")
    assert (paper.title, paper.released, problems) == ("A Title of Lights", "2025", [])


def test_a_file_without_a_record_is_an_error_with_the_cure(library):
    with pytest.raises(SourceError, match=r"no entry can be read in .*a record begins with `TY"):
        library("")


SOUND = "TY  - JOUR\nTI  - A Title of Lights\nER  - \n"


@pytest.mark.timeout(150)
@pytest.mark.parametrize("text", ["x" * 300_000, "TY  - JOUR\n" * 3_000, "AU  - a, b\n" * 30_000,
                                  " " * 300_000, "&" * 300_000, "<p" * 100_000])  # fmt: skip
def test_hostile_lines_take_no_time(library, text):
    papers, _ = library(f"{SOUND}TY  - JOUR\nTI  - {text}\nAB  - {text}\nN1  - {text}\nER  - \n")
    assert papers[0].title == "A Title of Lights"


LINES = st.lists(
    st.sampled_from(["TY  - JOUR", "ER  - ", "ER  -", "TI  - x", "AU  - ", "AU  - a,", "N1  - ",
                     "UK  - x", "KW  - ;;", "  more", "", "TY  -", "Z9  - ?", "DA  - ////"])
    | st.text(st.characters(exclude_characters="\0"), max_size=20)
)  # fmt: skip


@given(LINES)
def test_any_lines_give_papers_or_problems(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "any.ris"
    path.write_bytes((SOUND + "\n".join(lines)).encode(errors="replace"))
    papers, _ = read(path)
    assert papers[0].title == "A Title of Lights"
    for paper in papers:
        for text in (paper.id, paper.title, paper.short_name, *paper.categories):
            assert text.encode()
