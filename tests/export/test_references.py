"""RIS, CSL-JSON and CSV, as their parsers read them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import UsageError
from rftsearch.export import FORMATS, export, find_format, without_mark
from rftsearch.export.table import COLUMNS, unguarded
from rftsearch.papers.paper import Link
from rftsearch.papers.results import Hit
from support.citable import HOSTILE, PENDING, PROJECT, REPORT, paper

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "csl-data.schema.json").read_text("utf-8"))
AUTHORS = ("Lantern Team", ":", "Jan van der Example", "Ada Sample Jr.", "Mono")


def ris(*papers):
    text = export(papers, "ris")
    assert text.count("\n") == text.count("\r\n")
    return rispy.loads(text)


def csl(*papers):
    items = json.loads(export(papers, "csl"))
    jsonschema.Draft202012Validator(SCHEMA).validate(items)
    return items


def table(*papers):
    text = export(papers, "csv").encode().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


def everywhere(text: str):
    """A paper, a project and a report that hold a text in every field."""
    one = paper(text, (text, "Ada Example"), short_name=text, doi=text)
    link = Link("code", f"https://x.example/{text}", text)
    one = replace(one, venue=text, categories=(text,), description=text, links=(link,))
    project = replace(
        PROJECT, id=f"p {text}", short_name=text, title=text, description=text, categories=(text,)
    )
    return (
        one,
        project,
        replace(REPORT, id=f"r {text}", title=text, url=f"https://x.example/{text}"),
    )


def test_ris_of_a_paper():
    [entry] = ris(paper(authors=AUTHORS, doi="10.1000/182"))
    assert entry == {
        "type_of_reference": "UNPB",
        "id": "lantern:2505.01234",
        "title": "Lantern: Reading in the Dark",
        "authors": ["Lantern Team", "van der Example, Jan", "Sample, Ada, Jr.", "Mono"],
        "year": "2025",
        "date": "2025/05/17",
        "publisher": "arXiv",
        "accession_number": "arXiv:2505.01234 [cs.CV]",
        "doi": "10.1000/182",
        "urls": ["https://arxiv.org/abs/2505.01234"],
        "keywords": ["Night Vision"],
        "abstract": "We read in the dark.",
        "notes": ["Code: https://example.org/lantern"],
    }


SPLIT = (
    ("Lopez Moreno", "Iris", ""),
    ("Nimbus Robotics", "", ""),
    ("van der Example", "Jan", ""),
    ("Example", "Ada", "Jr."),
    (":", "", ""),
    ("Collaboration", "Lantern", ""),
)


def split_paper():
    shown = tuple(" ".join(filter(None, (given, last, end))) for last, given, end in SPLIT)
    return paper(authors=shown, split_authors=SPLIT)


def test_authors_are_taken_apart_as_their_source_does():
    [entry], [item], [row] = ris(split_paper()), csl(split_paper()), table(split_paper())
    assert entry["authors"] == [
        "Lopez Moreno, Iris",
        "Nimbus Robotics",
        "van der Example, Jan",
        "Example, Ada, Jr.",
        "Lantern Collaboration",
    ]
    assert item["author"] == [
        {"family": "Lopez Moreno", "given": "Iris"},
        {"literal": "Nimbus Robotics"},
        {"family": "Example", "given": "Jan", "non-dropping-particle": "van der"},
        {"family": "Example", "given": "Ada", "suffix": "Jr."},
        {"literal": "Lantern Collaboration"},
    ]
    assert row["authors"] == (
        "Iris Lopez Moreno; Nimbus Robotics; Jan van der Example; Ada Example Jr.;"
        " Lantern Collaboration"
    )


def test_braces_that_hold_capitals_are_not_shown():
    [entry], [item] = ris(paper("{GRPO} for {B}ayesian")), csl(paper("{GRPO} for {B}ayesian"))
    assert entry["title"] == item["title"] == "GRPO for Bayesian"


def test_ris_of_the_rest():
    project, report, pending = ris(PROJECT, REPORT, PENDING)
    assert project["type_of_reference"] == "COMP"
    assert project["keywords"] == ["Night Vision", "Robots"]
    assert (report["date"], report["year"]) == ("2025/03/", "2025")
    assert "authors" not in pending
    assert ris(paper(withdrawn=True))[0]["notes"][0] == "Withdrawn"


def test_csl_of_a_paper():
    [item] = csl(paper(r"On $\pi_0$ and L\'evy", AUTHORS, doi="10.1000/182"))
    assert item == {
        "id": "lantern:2505.01234",
        "type": "article",
        "title": "On π₀ and Lévy",
        "title-short": "Lantern",
        "author": [
            {"literal": "Lantern Team"},
            {"family": "Example", "given": "Jan", "non-dropping-particle": "van der"},
            {"family": "Sample", "given": "Ada", "suffix": "Jr."},
            {"literal": "Mono"},
        ],
        "issued": {"date-parts": [[2025, 5, 17]]},
        "publisher": "arXiv",
        "number": "arXiv:2505.01234",
        "DOI": "10.1000/182",
        "URL": "https://arxiv.org/abs/2505.01234",
        "keyword": "Night Vision",
        "abstract": "We read in the dark.",
        "custom": {
            "rftsearch": {
                "subject": "cs.CV",
                "links": [{"kind": "code", "url": "https://example.org/lantern", "label": "Code"}],
            }
        },
    }


@pytest.mark.parametrize(
    ("venue", "tag", "kind"),
    [
        ("CVPR 2026", "CPAPER", "paper-conference"),
        ("Journal of Examples", "JOUR", "article-journal"),
        ("Somewhere", "UNPB", "article"),
    ],
)
def test_a_published_paper_names_its_venue_and_its_preprint(venue, tag, kind):
    one = replace(paper(), venue=venue, doi="10.1000/182")
    [entry], [item] = ris(one), csl(one)
    assert (entry["type_of_reference"], entry["secondary_title"]) == (tag, venue)
    assert (entry["accession_number"], "publisher" in entry) == (
        "arXiv:2505.01234 [cs.CV]",
        False,
    )
    assert (item["type"], item["container-title"]) == (kind, venue)
    assert (item["archive"], item["archive_location"]) == ("arXiv", "arXiv:2505.01234")
    assert (entry["doi"], item["DOI"]) == ("10.1000/182", "10.1000/182")


def test_csl_of_the_rest():
    project, report, pending = csl(PROJECT, REPORT, PENDING)
    assert project["type"] == "software"
    assert "issued" not in project
    assert report["issued"] == {"date-parts": [[2025, 3]]}
    assert "author" not in pending


def test_csv_of_a_paper():
    [row] = table(paper(authors=AUTHORS))
    assert tuple(row) == COLUMNS
    assert row["key"] == "lantern:2505.01234"
    assert row["arxiv"] == "arXiv:2505.01234"  # 2505.01230 would lose its zero
    assert (row["year"], row["month"]) == ("2025", "5")
    assert row["authors"] == "Lantern Team; Jan van der Example; Ada Sample Jr.; Mono"
    assert row["code"] == "https://example.org/lantern"
    assert (row["dataset"], row["doi"], row["generative"]) == ("", "", "no")


def test_csv_tells_spreadsheets_its_encoding_and_programs_nothing():
    text = export([paper("Gödel", ("Ämilia Õunap",))], "csv")
    assert text.encode()[:3] == b"\xef\xbb\xbf"
    assert without_mark(text).startswith("key,short_name,title,")
    assert without_mark(without_mark(text)) == without_mark(text)
    for name in FORMATS:
        assert export([paper()], name).startswith("\ufeff") == (name == "csv")


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(1)", "'quoted'", "\uff1d1"])
def test_no_cell_is_a_formula_and_none_is_changed(sign):
    [row] = table(replace(PROJECT, short_name=sign, title=sign, description=sign))
    assert row["title"] == f"'{sign}"
    assert unguarded(row["title"]) == unguarded(row["remark"]) == sign


@given(st.text())
def test_cells_come_back_as_they_were(text):
    [row] = table(replace(PROJECT, description=text))
    assert not row["remark"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    shown = "".join(letter for letter in text if not 0xD800 <= ord(letter) < 0xE000)
    if shown.isprintable():
        assert unguarded(row["remark"]) == " ".join(shown.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_ends_its_record(text):
    papers = everywhere(text)
    records = ris(*papers)
    assert [record["type_of_reference"] for record in records[1:]] == ["COMP", "UNPB"]
    assert all("unknown_tag" not in record for record in records)
    assert len(csl(*papers)) == len(table(*papers)) == 3


@given(st.text())
def test_any_text_is_valid(text):
    papers = everywhere(text)
    assert len(ris(*papers)) == len(csl(*papers)) == len(table(*papers)) == 3


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_nothing_and_is_found(name):
    found = FORMATS[name]
    assert found is find_format(found.suffix) is find_format(found.suffix[1:].upper())
    text = export([], name)
    assert text == {"csl": "[]\n", "csv": "\ufeff" + ",".join(COLUMNS) + "\r\n"}.get(name, "")
    export([paper(), PROJECT], name).encode("utf-8")


def test_formats_that_do_not_exist_are_named():
    with pytest.raises(UsageError, match="'word'; one of bibtex, ris, csl, csv, markdown, jsonl"):
        export([], "word")


def test_hits_are_written_as_their_papers():
    hits = [Hit(REPORT, 1.0), Hit(PENDING, 0.5)]
    assert export(hits, "csv") == export([REPORT, PENDING], "csv")
