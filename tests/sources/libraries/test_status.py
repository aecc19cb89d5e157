"""Keywords that say whether someone has read a paper are no categories, whatever wrote them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rftsearch import export, read_list
from rftsearch.sources.libraries.status import says_status, subject_path
from support.citable import paper

DIALECTS = sorted((Path(__file__).parent / "dialects").iterdir())

STATUS = (
    "/unread", "to-read", "To read", "toread", "TO_READ", "must read", "unread", "Read", "_read",
    "read later", "to be read", "currently reading", "/reading", "#reading", "reading list",
    "skimmed", "/done", "📙 To Read", "📖 In Progress", "⭐ New", "⭐⭐⭐", "★★★☆☆", "***", "/todo",
    "to cite", "_tablet", "_tablet_modified", "#nosource", "⛔ No DOI found", "prio1", "rank5",
    "qualityAssured", "printed", "favourites", "Unfiled", "Inbox", "nopdf", "my publications",
    "jabref:noKeywordAssigned", "system:imported", "file-import-13-02-20", "duplicate",
)  # fmt: skip
SUBJECTS = (
    "Reading", "reading comprehension", "Lip reading", "read mapping", "long reads",
    "machine reading", "attention", "done with pruning", "stars", "Star formation",
    "high energy physics", "#graphs", "/vision", "_night vision", "Priority queues", "New York",
    "new materials", "printed electronics", "citation analysis", "Duplicate detection",
    "tablet computers", "importance sampling",
    "Computer Science - Computer Vision and Pattern Recognition", "Relevance feedback", "C++",
    "阅读", "3D", "2-SAT", "inbox zero", "file systems", "to be or not to be", "rating systems",
)  # fmt: skip


@pytest.mark.parametrize("name", STATUS)
def test_a_mark_is_no_subject(name):
    assert says_status(name)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_subject_is_no_mark(name):
    assert not says_status(name)


def test_a_group_of_marks_takes_nothing_from_those_around_it():
    assert subject_path(("Vision", "To read", "Detection")) == ("Vision", "Detection")
    assert subject_path(("To read",)) == ()


def marked(path: Path, keywords: tuple[str, ...]) -> str:
    """A library as its program writes it, with these keywords for every entry besides."""
    text = path.read_text("utf-8-sig")
    if path.suffix == ".json":
        content = json.loads(text)
        for item in content["items"] if isinstance(content, dict) else content:
            item["keyword"] = "; ".join(filter(None, (item.get("keyword", ""), *keywords)))
        return json.dumps(content)
    if path.suffix == ".ris":
        lines = "".join(f"KW  - {one}\n" for one in keywords)
        return re.sub(r"^(TY .*\n)", rf"\1{lines}", text.replace("\r", ""), flags=re.MULTILINE)
    return re.sub(
        r"^(@(?!comment|string|preamble)\w+\s*\{[^,\n]+,)",
        lambda found: f"{found[1]}\n  mendeley-tags = {{{'; '.join(keywords)}}},",
        text,
        flags=re.MULTILINE | re.IGNORECASE,
    )


@pytest.mark.parametrize("path", DIALECTS, ids=lambda path: path.name)
def test_marks_make_no_category_in_any_dialect(tmp_path, path):
    wanted = ("night", "To read", "/unread", "⭐⭐", "toread", "lights")
    file = tmp_path / path.name
    file.write_text(marked(path, wanted), "utf-8")
    papers = read_list(file).papers
    assert papers
    for one in papers:
        assert {"night", "lights"} <= set(map(str.lower, one.categories))
        assert not any(map(says_status, one.categories))
        assert file.name not in one.categories


@pytest.mark.parametrize("path", DIALECTS, ids=lambda path: path.name)
def test_the_name_of_the_file_is_a_category_of_what_has_no_other(tmp_path, path):
    plain = [one for one in read_list(path).papers if path.name in one.categories]
    assert all(one.categories == (path.name,) for one in plain)


@pytest.mark.parametrize("format", ["bibtex", "ris", "csl"])
def test_a_heading_that_reads_like_a_mark_comes_back_from_an_export(tmp_path, format):
    headings = ("Must read", "Detection, too; and more", "★")
    listed = replace(paper("A Title of Lights"), categories=headings)
    other = replace(paper("Another", arxiv_id="2503.00002"), categories=("Detection",))
    suffix = {"bibtex": "bib", "ris": "ris", "csl": "json"}[format]
    file = tmp_path / f"back.{suffix}"
    file.write_text(export([listed, other], format), "utf-8", newline="")
    back = read_list(file).papers
    assert [one.categories for one in back] == [listed.categories, other.categories]


@pytest.mark.parametrize("format", ["bibtex", "ris", "csl"])
def test_the_name_of_a_file_is_no_keyword_of_an_export(tmp_path, format):
    library = tmp_path / "mine.bib"
    library.write_text(
        "@misc{a, title = {A Title of Lights}}\n@misc{b, title = {Another}, keywords = {dusk}}\n",
        "utf-8",
    )
    papers = read_list(library).papers
    assert [one.categories for one in papers] == [("mine.bib",), ("dusk",)]
    text = export(papers, format)
    assert "mine.bib" not in text
    assert text.count("dusk") == 1
