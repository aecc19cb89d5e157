from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import SourceError
from rftsearch.sources.abstracts import _parse, read_abstracts
from rftsearch.sources.base import MOST_PROBLEMS
from rftsearch.sources.jsonl import LineError
from rftsearch.text.clean import one_line

GOOD = {
    "arxiv_id": "2503.00001",
    "title": "An invented\n  paper",
    "abstract": "Two  lines\nof text; see this https URL.",
    "authors": ["Author One", "Author Two"],
    "published": "2025-03-17",
    "categories": ["cs.CV"],
}


@pytest.fixture
def read(tmp_path):
    def read(*lines):
        path = tmp_path / "abstracts.jsonl"
        path.write_bytes(
            b"\n".join(
                each if isinstance(each, bytes) else json.dumps(each).encode() for each in lines
            )
        )
        return read_abstracts(path)

    return read


def test_a_line_becomes_metadata(read):
    found, problems = read(GOOD)
    assert not problems
    paper = found["2503.00001"]
    assert paper.title == "An invented paper"
    assert paper.abstract == "Two lines of text; see this https URL."
    assert paper.authors == ("Author One", "Author Two")
    assert (paper.published, paper.updated, paper.categories) == ("2025-03-17", None, ("cs.CV",))
    assert not paper.withdrawn


def test_little_is_needed(read):
    found, problems = read(
        {"arxiv_id": "https://arxiv.org/abs/cs/0501001v2", "abstract": "A."},
        {"arxiv_id": "2503.00002", "abstract": "B.", "published": None, "authors": None},
    )
    assert not problems
    assert list(found) == ["cs/0501001", "2503.00002"]
    assert (found["cs/0501001"].title, found["cs/0501001"].authors) == ("", ())


def test_all_that_is_given_is_kept(read):
    more = {"updated": "2025-06-01T10:00:00Z", "comment": "Withdrawn", "doi": "10.1000/xyz"}
    (paper,) = read({**GOOD, **more})[0].values()
    assert (paper.updated, paper.comment, paper.doi) == ("2025-06-01", "Withdrawn", "10.1000/xyz")
    assert paper.withdrawn


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON in UTF-8"),
        (b"[" * 100_000, "not JSON in UTF-8"),
        (b'{"arxiv_id": "\xff"}', "not JSON in UTF-8"),
        (["2503.00001"], "not a JSON object"),
        ({"abstract": "A."}, "arxiv_id is not an arXiv id"),
        ({**GOOD, "arxiv_id": "2503.1"}, "arxiv_id is not an arXiv id"),
        ({**GOOD, "arxiv_id": 2503.00001}, "arxiv_id is not text"),
        ({**GOOD, "abstract": " \n"}, "abstract is empty"),
        ({**GOOD, "abstract": "\ud800"}, "abstract holds half a surrogate pair"),
        ({**GOOD, "title": 7}, "title is not text"),
        ({**GOOD, "authors": "Author One"}, "authors is not a list of texts"),
        ({**GOOD, "categories": [1]}, "categories is not a list of texts"),
        ({**GOOD, "published": "March"}, "published is not a day like 2025-03-17"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_left_out(read, line, reason):
    found, problems = read(
        {**GOOD, "arxiv_id": "2503.00009"}, b"", line, {**GOOD, "arxiv_id": "2503.00010"}
    )
    assert list(found) == ["2503.00009", "2503.00010"]
    assert [(problem.line, problem.reason) for problem in problems] == [(3, reason)]
    assert problems[0].text.isprintable()


def test_what_is_too_long_is_cut_and_named(read):
    long = {**GOOD, "abstract": "word " * 5_000, "title": "x" * 2_000, "authors": ["a"] * 10_001}
    found, problems = read({**GOOD, "arxiv_id": "2503.00009"}, long)
    paper = found["2503.00001"]
    assert (len(paper.abstract), len(paper.title), len(paper.authors)) == (19_999, 1_000, 10_000)
    assert [(problem.line, problem.reason) for problem in problems] == [
        (2, "its title is longer than 1,000 characters; the rest is left out"),
        (2, "its abstract is longer than 20,000 characters; the rest is left out"),
        (2, "it has more than 10,000 authors; the rest is left out"),
    ]


def test_a_line_of_any_length_is_named(read):
    found, problems = read(GOOD, {**GOOD, "arxiv_id": "2503.00002", "abstract": "x" * (60 << 20)})
    assert list(found) == ["2503.00001"]
    assert [(problem.line, problem.reason) for problem in problems] == [(2, "longer than 16 MiB")]


def test_of_very_many_problems_the_others_are_counted(read):
    found, problems = read(GOOD, *[b"{"] * (MOST_PROBLEMS + 5))
    assert len(found) == 1
    assert problems[-1].reason == "after this line, 5 more problems"
    assert (len(problems), problems[-1].line) == (MOST_PROBLEMS + 1, MOST_PROBLEMS + 1)


def test_a_file_without_end_is_given_up(tmp_path):
    path = tmp_path / "abstracts.jsonl"
    path.write_bytes(b"{\n" * (MOST_PROBLEMS + 1) + json.dumps(GOOD).encode())
    with pytest.raises(SourceError, match=r"no abstract can be read in .* \(line 1: not JSON"):
        read_abstracts(path)


def test_of_an_id_that_comes_twice_the_first_line_counts(read):
    found, problems = read(GOOD, {**GOOD, "arxiv_id": "2503.00001v2", "title": "Another"})
    assert found["2503.00001"].title == "An invented paper"
    assert [(problem.line, problem.reason) for problem in problems] == [
        (2, "2503.00001 has a line already")
    ]


def test_a_byte_order_mark_and_foreign_line_ends_are_no_problem(read):
    line = json.dumps({**GOOD, "title": "One\u2028title"}, ensure_ascii=False).encode()
    found, problems = read(b"\xef\xbb\xbf" + line + b"\r")
    assert not problems
    assert found["2503.00001"].title == "One title"


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.mkdir()], ids=["missing", "folder"]
)
def test_a_file_that_cannot_be_read_is_an_error_with_the_cure(tmp_path, make):
    path = tmp_path / "abstracts.jsonl"
    make(path)
    cure = "check the path|give a file you may read"
    with pytest.raises(SourceError, match=rf"abstracts\.jsonl.*; ({cure})$"):
        read_abstracts(path)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([b"id,abstract", b"2503.00001,Text"], "line 1: not JSON in UTF-8"),
        ([b"", {"id": "2503.00001", "abstract": "A."}], "line 2: arxiv_id is not an arXiv id"),
        ([], "it is empty"),
    ],
)
def test_a_file_without_a_readable_line_is_an_error_with_the_cure(read, lines, why):
    said = rf"no abstract can be read in .*abstracts\.jsonl \({why}\); give a JSON Lines file"
    with pytest.raises(SourceError, match=said):
        read(*lines)


@given(st.binary())
def test_any_bytes_are_a_paper_or_named(line):
    with pytest.raises(LineError):
        _parse(line)


@given(
    st.fixed_dictionaries(
        {},
        optional={key: st.none() | st.text() | st.lists(st.text()) | st.floats() for key in GOOD},
    )
)
def test_any_record_is_a_paper_that_can_be_stored_or_named(record):
    try:
        paper = _parse(json.dumps({**GOOD, **record}).encode())
    except LineError:
        return
    assert paper.abstract
    for text in (paper.title, paper.abstract, *paper.authors, *paper.categories):
        assert one_line(text) == text
        text.encode()


@pytest.mark.shared
def test_the_real_file_is_read_whole(shared):
    found, problems = read_abstracts(shared / "data" / "abstracts.jsonl")
    assert not problems
    assert len(found) == 284
    assert sum(not paper.authors for paper in found.values()) == 1
    assert sum(paper.published is None for paper in found.values()) == 76
    assert sum("this https URL" in paper.abstract for paper in found.values()) == 5
