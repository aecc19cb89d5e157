"""Tables of papers in every form in which people keep them."""

from __future__ import annotations

import csv
import io
import json
import time
from contextlib import suppress
from dataclasses import replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import rftsearch
from rftsearch.errors import SourceError
from rftsearch.papers.paper import Link, Paper
from rftsearch.sources.base import ParsedList
from rftsearch.sources.catalogue import load_catalogue
from rftsearch.sources.tables import delimited, json_tree, yaml_tree
from rftsearch.sources.tables.columns import field_of
from rftsearch.sources.tables.table_file import TableFile, parse_table


def read(text: str, suffix: str = ".csv") -> ParsedList:
    return parse_table(text, f"mine{suffix}", suffix)


def facts(parsed: ParsedList) -> list[tuple[str, str, str]]:
    return [(paper.id, paper.title, paper.category) for paper in parsed.papers]


def test_a_row_is_a_paper_with_all_that_its_columns_say():
    parsed = read(
        "Title,Short Name,Authors,Date,arXiv ID,DOI,Venue,Category,GitHub,Dataset,Abstract,TLDR\n"
        '"Lamps, Lit at Night",NightLamp,"A. Author, B. Writer",2025-03-17,2503.01230v2,'
        "https://doi.org/10.1000/LAMP,ICLR 2025,Light,example/lamp,https://example.org/data,"
        '"We light lamps.\nTwice.",A remark\n'
    )
    (paper,) = parsed.papers
    assert (paper.id, paper.arxiv_id, paper.short_name) == ("2503.01230", "2503.01230", "NightLamp")
    assert (paper.title, paper.released) == ("Lamps, Lit at Night", "2025-03")
    assert (paper.venue, paper.doi) == ("ICLR 2025", "10.1000/lamp")
    assert paper.authors == ("A. Author", "B. Writer")
    assert (paper.abstract, paper.abstract_state) == ("We light lamps. Twice.", "present")
    assert paper.metadata is not None
    assert paper.metadata.published == "2025-03-17"
    assert paper.links == (
        Link("dataset", "https://example.org/data", "Dataset"),
        Link("code", "https://github.com/example/lamp", "Code"),
    )
    assert (paper.description, paper.categories) == ("A remark", ("Light",))
    assert (parsed.problems, parsed.account) == ((), ())


def test_a_row_without_abstract_is_asked_of_arxiv_and_keeps_its_authors():
    (paper,) = read("title,authors,link\nLamps,A. Author,arxiv.org/abs/2503.01234\n").papers
    assert paper.abstract_state == "pending"
    assert paper.listed_authors == ("A. Author",)
    assert paper.url == "https://arxiv.org/abs/2503.01234"


@pytest.mark.parametrize(
    "header",
    ["title;link", "TITLE;URL", "Paper Title;Paper_Link", "paperTitle;paperUrl", " Titel ; Link* "],
)
def test_names_of_columns_vary(header):
    assert facts(read(f"{header}\nLamps;https://example.org/1\n")) == [
        ("lamps", "Lamps", "mine.csv")
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found_out(sign, end):
    rows = [["title", "url"], ["Lamps; lit, twice", "https://example.org/1"], ["Two|2", ""]]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sign, lineterminator=end).writerows(rows)
    parsed = read(text.getvalue())
    assert [paper.title for paper in parsed.papers] == ["Lamps; lit, twice", "Two|2"]
    assert [paper.provenance[0].line for paper in parsed.papers] == [2, 3]


def test_a_spreadsheet_may_name_its_separator():
    parsed = read('sep=;\r\ntitle;url\r\n"A; b";https://example.org\r\n')
    assert [(p.title, p.provenance[0].line) for p in parsed.papers] == [("A; b", 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path, encoding):
    path = tmp_path / "mine.csv"
    path.write_bytes("title,url\nLämpchen 灯,https://example.org/1\n".encode(encoding))
    assert [p.title for p in rftsearch.read_list(path).papers] == ["Lämpchen 灯"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("title\nL\u00e4mpchen\n".encode("cp1252"), r'not UTF-8 text \(byte 7\).*"CSV UTF-8"'),
        (b"PK\x03\x04 of a spreadsheet", "is a spreadsheet or an archive.*save it as CSV"),
        (None, "there is no file .*; check the path"),
    ],
)
def test_what_is_no_text_is_an_error_with_a_cure(tmp_path, content, reason):
    path = tmp_path / "mine.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=reason):
        rftsearch.read_list(path)


def test_rows_that_are_not_understood_are_named_with_their_line():
    parsed = read(
        "My papers,,\ntitle,url,year\nLamps,not there,2024\n,https://example.org,2024\n"
        "A, cell, too, many\n,,\n...,,\n"
    )
    assert [(problem.line, problem.reason) for problem in parsed.problems] == [
        (1, "it stands above the column names"),
        (3, "its link is not a web address: 'not there'"),
        (4, "it has neither a title nor an arXiv id"),
        (
            5,
            "it has 4 cells and the table 3 columns; put a cell that holds the separator in "
            "quotation marks",
        ),
        (5, "its link is not a web address: 'cell'"),
        (7, "its title has no letter or digit"),
    ]
    assert parsed.problems[0].text == "My papers"


def test_a_quotation_mark_that_is_never_closed_is_named():
    parsed = read('title,url\nOne,https://example.org/1\n"Two,https://example.org/2\nThree,x\n')
    assert [paper.title for paper in parsed.papers] == ["One"]
    assert [(p.line, p.reason) for p in parsed.problems] == [
        (3, "a quotation mark is opened here and never closed")
    ]


def test_columns_that_are_not_known_are_named_once():
    parsed = read("title,stars,my rating\nLamps,3,4\nTwo,5,6\n")
    assert parsed.account == ("mine.csv: fields not used: stars, my rating",)
    assert read("title,stars\nLamps,3\n").account == ("mine.csv: field not used: stars",)


def test_a_table_without_names_of_columns_says_so(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("Lamps,3\nTwo,4\n", "utf-8")
    assert rftsearch.read_list(path).papers == ()
    with pytest.raises(SourceError, match=r"no paper can be read in .* no row names the columns"):
        list(TableFile(path).read(lambda *_: None))


@pytest.mark.parametrize(
    ("row", "released"),
    [
        ("2025-03-17", "2025-03"),
        ("2025/3", "2025-03"),
        ("Mar 2025", "2025-03"),
        ("17 March 2025", "2025-03"),
        ("03/2025", "2025-03"),
        ("202503", "2025-03"),
        ("2503", "2025-03"),
        ("17/03/2025", "2025-03"),
        ("3/17/2025", "2025-03"),
        ("17.3.25", "2025-03"),
        ("2025", "2025"),
        ("2025.0", "2025"),
        ("soon", None),
    ],
)
def test_dates(row, released):
    (paper,) = read(f"title,date\nLamps,{row}\n").papers
    assert paper.released == released


def test_a_date_that_may_be_two_is_told_and_other_dates_of_the_table_decide():
    (paper,) = (parsed := read("title,date\nLamps,3/4/2025\n")).papers
    assert paper.released == "2025"
    assert "the month of the date 3/4/2025 is not clear" in parsed.problems[0].reason
    parsed = read("title,date\nLamps,3/4/2025\nTwo,25/4/2025\n")
    assert [paper.released for paper in parsed.papers] == ["2025-04", "2025-04"]
    assert parsed.problems == ()


def test_a_year_and_a_month_in_columns_of_their_own():
    parsed = read("title,year,month\nA1,2024.0,3.0\nB1,2024,March\nC1,2024,\n")
    assert [paper.released for paper in parsed.papers] == ["2024-03", "2024-03", "2024"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("A. Author; B. Writer", ("A. Author", "B. Writer")),
        ("Author, A.; Writer, Bea", ("A. Author", "Bea Writer")),
        ("Ann Author and Bea Writer", ("Ann Author", "Bea Writer")),
        ("Author, Ann and Writer, Bea", ("Ann Author", "Bea Writer")),
        ("Ann Author, Bea Writer, and Cy Poet", ("Ann Author", "Bea Writer", "Cy Poet")),
        ("Author A, Writer B", ("Author A", "Writer B")),
        ("Author, A., Writer, B. C.", ("A. Author", "B. C. Writer")),
        ("Ann Author et al.", ("Ann Author",)),
        ("['Ann Author', 'Bea Writer']", ("Ann Author", "Bea Writer")),
        ("Ann Author*, Bea Writer (Example University)", ("Ann Author", "Bea Writer")),
        ("Author, Ann", ("Ann Author",)),
    ],
)
def test_authors(cell, names):
    text = io.StringIO()
    csv.writer(text).writerows([["title", "authors"], ["Lamps", cell]])
    (paper,) = read(text.getvalue()).papers
    assert paper.authors == names


@pytest.mark.parametrize(
    ("cell", "url"),
    [
        ("[Lamps](https://example.org/1)", "https://example.org/1"),
        ('<a href="https://example.org/1">Lamps</a>', "https://example.org/1"),
        ('=HYPERLINK("https://example.org/1","Lamps")', "https://example.org/1"),
        ('=HYPERLINK("https://example.org/1";"Lamps")', "https://example.org/1"),
        ("Lamps https://example.org/a_(b)", "https://example.org/a_(b)"),
        ("<b>Lamps</b>", None),
    ],
)
def test_a_title_may_hold_its_link(cell, url):
    text = io.StringIO()
    csv.writer(text).writerows([["Paper", "Code"], [cell, "N/A"]])
    (paper,) = read(text.getvalue()).papers
    assert (paper.title, paper.url, paper.links) == ("Lamps", url, ())


def test_a_link_of_which_the_label_is_no_title_needs_a_name():
    (paper,) = read("Name,Paper\nNightLamp,[PDF](https://arxiv.org/abs/2503.01234)\n").papers
    assert (paper.title, paper.arxiv_id) == ("NightLamp", "2503.01234")
    (paper,) = read("Paper\nhttps://arxiv.org/abs/2503.01234\n").papers
    assert (paper.title, paper.id) == ("arXiv:2503.01234", "2503.01234")


def test_categories_and_tags():
    parsed = read("title,category,tags\nA1,Light; Night,x\nB1,,\n")
    assert [p.categories for p in parsed.papers] == [("Light", "Night"), ("mine.csv",)]
    parsed = read('title,tags\nA1,"light, night"\n')
    assert [p.categories for p in parsed.papers] == [("light", "night")]
    parsed = read(
        "title,category,subcategory\nA1,Light,Data\nB1,Sound,Data\nC1,Sound,Other lamps\n"
    )
    assert [p.category for p in parsed.papers] == ["Light: Data", "Sound: Data", "Other lamps"]


def test_what_a_row_repeats_is_told():
    parsed = read("title,url\nLamps,https://example.org/1\nLamps,https://example.org/2\n")
    assert [(p.line, p.reason) for p in parsed.problems] == [
        (3, "repeats line 2; the two are read as one paper")
    ]


def test_text_that_is_too_long_is_cut_and_told():
    parsed = read(f"title,url,abstract\n{'Lamp ' * 300},,{'word ' * 5_000}\n")
    (paper,) = parsed.papers
    assert (len(paper.title), len(paper.abstract)) == (999, 19_999)
    assert len(parsed.problems) == 2


def test_a_cell_of_any_length_is_no_end():
    parsed = read(f"title,notes\nOne,{'x' * 200_000}\nTwo,y\n")
    assert [paper.title for paper in parsed.papers] == ["Two"]
    assert "a cell is longer than 131,072 characters" in parsed.problems[0].reason


# --- YAML and JSON ------------------------------------------------------------------------

ENTRIES = [
    {"title": "Lamps", "arxiv": "2503.01230", "authors": ["Ann Author", "Bea Writer"]},
    {"title": "Two: a Lamp", "links": {"pdf": "https://example.org/two.pdf"}, "year": 2024},
]
IDS = ["2503.01230", "two-a-lamp"]


def both(value: object) -> list[tuple[str, str]]:
    return [
        (json.dumps(value, indent=1), ".json"),
        (yaml.safe_dump(value, sort_keys=False), ".yaml"),
    ]


SHAPES = {
    "a list": (ENTRIES, ["mine", "mine"]),
    "under a name": ({"title": "My lamps", "papers": ENTRIES}, ["mine", "mine"]),
    "under two names": ({"data": {"entries": ENTRIES}}, ["mine", "mine"]),
    "by category": ({"Light": ENTRIES[:1], "night_lamps": ENTRIES[1:]}, ["Light", "Night lamps"]),
    "by nested category": (
        {"Light": {"Data": ENTRIES[:1]}, "Sound": {"Data": ENTRIES[1:]}},
        ["Light: Data", "Sound: Data"],
    ),
    "by key": ({"lamps2025": ENTRIES[0], "two2024": ENTRIES[1]}, ["mine", "mine"]),
    "categories with names": (
        [{"name": "Light", "papers": ENTRIES[:1]}, {"category": "Night", "items": ENTRIES[1:]}],
        ["Light", "Night"],
    ),
    "keys in a category": ({"Light": {"a1": ENTRIES[0]}, "Night": {"b1": ENTRIES[1]}},
        ["Light", "Night"]),
    "a category in each entry": (
        [{**ENTRIES[0], "category": "Light"}, {**ENTRIES[1], "topic": "Night"}],
        ["Light", "Night"],
    ),
    "rows below their header": (
        [["title", "arxiv", "pdf"], ["Lamps", "2503.01230", None],
         ["Two: a Lamp", None, "https://example.org/two.pdf"]],
        ["mine", "mine"],
    ),
    "papers in papers": (
        [{"paper": ENTRIES[0], "votes": 3}, {"paper": ENTRIES[1], "votes": 1}],
        ["mine", "mine"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_of_data(shape):
    value, categories = SHAPES[shape]
    for text, suffix in both(value):
        parsed = read(text, suffix)
        assert [paper.id for paper in parsed.papers] == IDS, suffix
        assert [paper.title for paper in parsed.papers] == ["Lamps", "Two: a Lamp"]
        found = [paper.category.replace(f"mine{suffix}", "mine") for paper in parsed.papers]
        assert found == categories
        assert parsed.problems == ()
        assert parsed.papers[1].url == "https://example.org/two.pdf"


def test_what_a_file_says_of_itself_is_kept():
    value = {
        "name": "My lamps",
        "description": "Papers on lamps",
        "homepage": "https://example.org",
        "license": "CC BY 4.0",
        "updated": "2026-05-03",
        "papers": ENTRIES,
    }
    for text, suffix in both(value):
        about = read(text, suffix).about
        assert (about.title, about.description) == ("My lamps", "Papers on lamps")
        assert (about.home, about.licence, about.updated) == (
            "https://example.org",
            "CC BY 4.0",
            "2026-05-03",
        )


def test_an_arxiv_id_written_as_a_number_keeps_its_zeros():
    assert read("- arxiv: 2503.01230\n", ".yml").papers[0].id == "2503.01230"
    assert read('[{"arxiv": 2503.01230}]', ".json").papers[0].id == "2503.01230"


def test_addresses_alone():
    text = (
        "Light:\n  - https://arxiv.org/abs/2503.01231\n  - 2503.01232\n"
        "  - '[Lamps](https://example.org)'\n  - nothing here\n"
        "Night:\n  A lamp: https://example.org/2\n"
    )
    parsed = read(text, ".yml")
    assert facts(parsed) == [
        ("2503.01231", "arXiv:2503.01231", "Light"),
        ("2503.01232", "arXiv:2503.01232", "Light"),
        ("lamps", "Lamps", "Light"),
        ("a-lamp", "A lamp", "Night"),
    ]
    assert [(p.line, p.text) for p in parsed.problems] == [(5, "nothing here")]


def test_a_mistake_in_yaml_costs_one_entry():
    text = (
        "- title: Lamp: a colon in a title\n  url: https://example.org/1\n"
        '- title: "never closed\n  url: x\n'
        "- title: Two\n   url: https://example.org/2\n"
        "- title: Three\n  url: @example\n"
    )
    parsed = read(text, ".yaml")
    assert [paper.title for paper in parsed.papers] == ["Lamp: a colon in a title", "Three"]
    assert [problem.line for problem in parsed.problems] == [3, 5, 7]
    assert parsed.problems[0].text == '- title: "never closed'


def test_lines_of_entries_in_yaml_and_json():
    parsed = read("# papers\n\n- title: A1\n- title: B1\n", ".yaml")
    assert [paper.provenance[0].line for paper in parsed.papers] == [3, 4]
    parsed = read('[\n {"title": "A1"},\n\n {"title": "B1"}]', ".json")
    assert [paper.provenance[0].line for paper in parsed.papers] == [2, 4]


def test_several_documents_and_merged_mappings_of_yaml():
    text = "base: &b {category: Light}\n---\n- title: A1\n---\n- <<: {topic: Night}\n  title: B1\n"
    parsed = read(text, ".yaml")
    assert [(p.title, p.category) for p in parsed.papers] == [("A1", "mine.yaml"), ("B1", "Night")]


@pytest.mark.parametrize(
    ("text", "suffix", "reason"),
    [
        ('{"a": [1, 2', ".json", r"is not JSON \(line 1: it ends before its \]\)"),
        ('{"a" 1}', ".json", r"line 1: a colon is missing after a key"),
        ("[\n1 2]", ".json", r"line 2: a comma or \] is missing"),
        ('["x]', ".json", "a text in quotes is broken"),
        ("[] x", ".json", "something follows"),
        ("", ".json", "it is empty"),
        ("[" * 500, ".json", "nested deeper than 60 levels"),
        ("[" * 100_000, ".yaml", "nested deeper than 60 levels"),
        ("a: b\n\tc: d\n", ".yaml", r"is not YAML \(line 2"),
        ("a: \x00", ".yaml", "a character that YAML does not allow"),
        ("- *a\n", ".yaml", None),
    ],
)
def test_what_is_broken_is_an_error_with_its_line(text, suffix, reason):
    if reason is None:
        assert read(text, suffix).papers == ()
        return
    with pytest.raises(SourceError, match=reason):
        read(text, suffix)


def test_values_that_name_each_other_without_end_are_bounded():
    lines = ["a0: &a0 [{title: x}, {title: x}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    parsed = read("\n".join(lines), ".yaml")
    assert any(
        "it is named in more than 50 places" in problem.reason for problem in parsed.problems
    )


def test_a_settings_file_holds_no_papers():
    text = "- title: Start\n  url: /\n- name: Code\n  url: https://example.org\n  icon: code\n"
    assert read(text, ".yml").papers == ()
    text = "title: My page\ntheme: light\nplugins:\n  - one\nnav:\n  - name: Start\n    page: a\n"
    assert read(text, ".yml").papers == ()


# --- there and back -----------------------------------------------------------------------

WORDS = st.text("abcdefgh\u00e4\u706f 0123", min_size=1, max_size=30).filter(
    lambda text: any(map(str.isalpha, text)) and "  " not in text and text == text.strip()
)
TITLES = st.one_of(
    WORDS, st.sampled_from(["a, b", 'a "b" c', "a; b", "a: b", "a | b", "- a", "#a1", "a\u2028b"])
)
IDS_OF_ARXIV = st.integers(1, 99_999).map(lambda number: f"2503.{number:05}")
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "title": TITLES,
            "arxiv": st.one_of(st.just(""), IDS_OF_ARXIV),
            "category": WORDS,
            "abstract": st.one_of(st.just(""), TITLES),
            "url": st.sampled_from(["", "https://example.org/a_(b)?c=d,e;f"]),
            "code": st.sampled_from(["", "https://github.com/example/lamp"]),
        }
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def shown(parsed: ParsedList) -> list[tuple[object, ...]]:
    return [
        (p.title, p.arxiv_id or "", p.category, p.abstract, p.has("code")) for p in parsed.papers
    ]


def expected(records: list[dict[str, str]]) -> list[tuple[object, ...]]:
    def line(text: str) -> str:
        return " ".join(text.split())

    return [
        (line(r["title"]), r["arxiv"], line(r["category"]), line(r["abstract"]), bool(r["code"]))
        for r in records
    ]


@given(RECORDS, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]))
def test_what_csv_writes_is_read_back(records, sign, end):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), delimiter=sign, lineterminator=end)
    writer.writeheader()
    writer.writerows(records)
    assert shown(read(text.getvalue())) == expected(records)


@given(RECORDS, st.booleans())
def test_what_json_and_yaml_write_is_read_back(records, spread):
    texts = [
        (json.dumps(records, indent=2 if spread else None, ensure_ascii=spread), ".json"),
        (yaml.safe_dump(records, allow_unicode=spread, width=40), ".yaml"),
    ]
    for text, suffix in texts:
        assert shown(read(text, suffix)) == expected(records)


@given(st.text(max_size=300), st.sampled_from([".csv", ".tsv", ".yaml", ".json"]))
def test_no_text_is_too_much_for_a_reader(text, suffix):
    with suppress(SourceError):
        assert all(problem.line >= 1 for problem in read(text, suffix).problems)


PAPERS = st.builds(
    Paper,
    id=st.just(""),
    short_name=WORDS,
    title=WORDS,
    categories=st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple),
    kind=st.sampled_from(["paper", "project"]),
    released=st.sampled_from([None, "2025-03", "1999-12"]),
    arxiv_id=st.one_of(st.none(), IDS_OF_ARXIV),
    generative=st.booleans(),
    description=st.one_of(st.just(""), WORDS),
    links=st.sampled_from([(), (Link("code", "https://example.org/c", "Code"),)]),
)


@given(PAPERS)
def test_what_rftsearch_exports_as_csv_it_reads_back(paper):
    slug = "-".join(["x1", "y2"])
    url = f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else "https://example.org/p"
    month = f"20{paper.arxiv_id[:2]}-{paper.arxiv_id[2:4]}" if paper.arxiv_id else None
    paper = replace(paper, id=paper.arxiv_id or slug, url=url, released=paper.released or month)
    (back,) = read(rftsearch.export([paper], "csv")).papers
    assert replace(back, provenance=()) == paper


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_what_rftsearch_prints_as_json_it_reads_back(suffix):
    papers = load_catalogue()
    records = [paper.to_dict() for paper in papers]
    text = json.dumps(records) if suffix == ".json" else yaml.safe_dump(records, sort_keys=False)
    parsed = read(text, suffix)
    assert [replace(p, provenance=()) for p in parsed.papers] == [
        replace(p, provenance=()) for p in papers
    ]
    assert (parsed.problems, parsed.account) == ((), ())


def test_headings_and_merged_cells_of_a_spreadsheet():
    text = "No.,Paper,Year,Link\n,Night,,\n1,Lamps,2025,\n2,Two,2024,\n,,,\nDay,,,\n3,Three,,x\n"
    parsed = read(text)
    assert [(p.title, p.category) for p in parsed.papers] == [
        ("Lamps", "Night"),
        ("Two", "Night"),
        ("Three", "Day"),
    ]
    assert parsed.account == ("mine.csv: read as a heading: Night, Day",)
    merged = "Topic,Title,Year\nNight,A1,2025\n,B1,2025\n,C1,2024\nDay,D1,2024\n,E1,2023\n"
    parsed = read(merged)
    assert [p.category for p in parsed.papers] == ["Night", "Night", "Night", "Day", "Day"]
    assert parsed.account == ("mine.csv: each value of Topic counts for the rows below it",)
    apart = "Topic,Title,Year\nNight,A1,2025\n,B1,2025\n,C1,2024\nNight,D1,2024\n,E1,2023\n"
    assert [p.category for p in read(apart).papers][1] == "mine.csv"


def test_a_title_alone_in_its_row_is_a_paper():
    text = "Title,Year,Link\nA long title of a paper that has no link,,\nTwo,,\nThree,,\n"
    assert len(read(text).papers) == 3


@pytest.mark.parametrize("venue", ["arXiv", "arXiv preprint arXiv:2503.01234", "CoRR 2025", "N/A"])
def test_an_archive_of_preprints_is_no_venue(venue):
    (paper,) = read(f"title,venue\nLamps,{venue}\n").papers
    assert paper.venue is None


HOSTILE = [
    "[" * 90_000,
    "[a" * 45_000,
    "[[]" * 30_000,
    "<a " * 30_000,
    "<a href=x>" * 9_000,
    "a." * 45_000,
    "," * 90_000,
    "*" * 90_000 + "a",
    "and " * 20_000,
    " " * 90_000 + "a",
    "('" * 40_000,
    "['a', " * 15_000,
    "https://example.org/" + ")" * 90_000,
    "https://" * 11_000,
    "=HYPERLINK(" * 8_000,
    "(" * 90_000,
    "\u00e9" * 90_000,
    "1/" * 45_000,
    "Paper ICLR " * 8_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_a_long_cell_takes_no_long_time(text):
    columns = ["title", "paper", "name", "authors", "date", "url", "code", "category", "tags"]
    table = json.dumps([dict.fromkeys(columns, text) | {"arxiv": "2503.01234"}])
    started = time.process_time()
    assert len(read(table, ".json").papers) == 1
    assert time.process_time() - started < 5


def test_tables_of_any_length_and_width_are_bounded(monkeypatch):
    monkeypatch.setattr(delimited, "MOST_ROWS", 5)
    monkeypatch.setattr(json_tree, "MOST_VALUES", 50)
    monkeypatch.setattr(yaml_tree, "MOST_VALUES", 50)
    parsed = read("title,url\n" + "".join(f"Lamp {n},x\n" for n in range(9)))
    assert "the table has more than 5 rows" in parsed.problems[-1].reason
    parsed = read("title,url\nOne,\n" + "x," * 3_000 + "\nTwo,\n")
    assert [paper.title for paper in parsed.papers] == ["One", "Two"]
    assert [(p.line, p.reason) for p in parsed.problems] == [(3, "it has more than 2,000 cells")]
    for suffix in (".json", ".yaml"):
        with pytest.raises(SourceError, match="it holds more than 3,000,000 values; split"):
            read(str([1] * 200), suffix)


def test_json_with_an_object_on_each_line():
    text = '{"paper_title": "Lamps", "paper_url_abs": "https://arxiv.org/abs/2503.01234"}\n\n'
    parsed = read(text + '{"paper_title": "Two"\n{"paper_title": "Three"}\n', ".json")
    assert [(p.title, p.provenance[0].line) for p in parsed.papers] == [("Lamps", 1), ("Three", 4)]
    assert [(p.line, p.text) for p in parsed.problems] == [(3, '{"paper_title": "Two"')]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Link to code", "code"),
        ("url_pdf", "pdf"),
        ("Paper arXiv ID", "arxiv"),
        ("Dataset (URL)", "dataset"),
        ("Official GitHub Link", "code"),
        ("Conference/Journal", "venue"),
        ("发表时间", "date"),
        ("stars", None),
        ("Link", "url"),
        ("paper id", "key"),
    ],
)
def test_names_of_columns(column, field):
    assert field_of(column) == field


def test_a_publication_is_a_venue_beside_a_title_and_else_a_title():
    (paper,) = read("title,publication\nLamps,In *Journal of Lamps*\n").papers
    assert (paper.title, paper.venue) == ("Lamps", "In Journal of Lamps")
    (paper,) = read("publication,link\nLamps,https://example.org\n").papers
    assert (paper.title, paper.venue) == ("Lamps", None)


@pytest.mark.parametrize(
    ("number", "arxiv_id"),
    [("2403,01", "2403.01000"), ("2412.1", "2412.10000"), ("704.01", "0704.0100")],
)
def test_an_id_that_a_spreadsheet_made_a_number_is_read_and_named(number, arxiv_id):
    parsed = read(f"Title;arXiv ID\nLamps at night;{number}\n")
    assert [paper.arxiv_id for paper in parsed.papers] == [arxiv_id]
    (problem,) = parsed.problems
    assert problem.line == 2
    assert f"write arXiv:{arxiv_id}" in problem.reason


def test_a_number_that_is_no_id_is_named():
    parsed = read("Title;arXiv ID\nLamps at night;2499,5\n")
    assert [paper.arxiv_id for paper in parsed.papers] == [None]
    assert [problem.reason for problem in parsed.problems] == [
        "its arXiv id cannot be read: '2499,5'"
    ]


@pytest.mark.parametrize("word", ["Total", "Summe:", "Average"])
def test_a_row_of_totals_is_no_paper(word):
    parsed = read(f"Title;Authors;Cited\nLamps at night;A. Author;3,5\n{word};;1.234,5\n")
    assert [paper.title for paper in parsed.papers] == ["Lamps at night"]
    assert [problem.line for problem in parsed.problems] == [3]
    assert len(read(f"Title;Authors\n{word};A. Author\n").papers) == 1, "a title like any other"
