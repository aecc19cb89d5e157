from __future__ import annotations

import pytest

import rftsearch
from rftsearch.errors import SourceError
from rftsearch.papers.paper import Provenance
from rftsearch.sources.base import Problem, Summary
from rftsearch.sources.markdown import list_file
from rftsearch.sources.markdown.list_file import MarkdownList
from rftsearch.sources.reading import read_list

ENTRY = "* [2505] [Lantern] [Reading in the Dark](https://arxiv.org/abs/2505.01234)\n"


def test_a_list_is_read_by_its_name_without_folder(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(f"## Night Vision\n\n{ENTRY}", encoding="utf-8-sig")
    (paper,) = read_list(path).papers
    assert paper.category == "Night Vision"
    assert paper.provenance == (Provenance("mine.md", 3),)


def test_what_a_line_lacks_is_a_problem_and_no_error(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text("## A\n\n* [2505] [x]\n", encoding="utf-8")
    parsed = rftsearch.read_list(str(path))
    assert parsed.papers == ()
    assert parsed.problems == (
        Problem("mine.md", 3, "[2505] [x]", "entry skipped: no title follows its name"),
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "there is no list at .*; check the path"),
        (b"caf\xe9", r"is not UTF-8 text \(byte 3\); give a Markdown list, saved as UTF-8"),
    ],
    ids=["missing", "not UTF-8"],
)
def test_a_file_that_cannot_be_read_is_one_line_with_a_cure(tmp_path, content, reason):
    path = tmp_path / "mine.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=reason) as raised:
        read_list(path)
    assert "mine.md" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_too_long_is_no_list(tmp_path, monkeypatch):
    monkeypatch.setattr(list_file, "LONGEST_FILE", 1 << 20)
    path = tmp_path / "mine.md"
    path.write_text(ENTRY + "\u00e9" * (1 << 20), "utf-8")
    with pytest.raises(SourceError, match=r"mine\.md is longer than 1 MiB; give a Markdown list"):
        read_list(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no entries found in .*; entries look like"),
        (
            "## A\n\n* [2505] [x]\n",
            r"\(line 3: entry skipped: no title follows its name\); entries look like",
        ),
    ],
    ids=["empty", "nothing readable"],
)
def test_a_list_without_an_entry_is_no_source(tmp_path, content, reason):
    path = tmp_path / "mine.md"
    path.write_text(content, "utf-8")
    with pytest.raises(SourceError, match=reason) as raised:
        list(MarkdownList(path).read(lambda *_: None))
    assert "mine.md" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_folder_is_no_list(tmp_path):
    with pytest.raises(SourceError, match=r"cannot read .*; give a Markdown file"):
        MarkdownList(tmp_path).parse()


def test_a_list_of_one_entry_with_front_matter_is_a_list(tmp_path):
    path = tmp_path / "list.md"
    text = "---\ntitle: Awesome Soups\n---\n## Broth\n- [Clear Broth](https://arxiv.org/abs/2402.00001)\n"
    path.write_text(text, encoding="utf-8")
    parsed = MarkdownList(path).parse()
    assert [(paper.title, paper.category) for paper in parsed.papers] == [("Clear Broth", "Broth")]
    assert parsed.about.title == "Awesome Soups"


# --- front matter ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "line", "reason"),
    [
        ('---\ntitle: "Soup\nauthors: [a\n---\n', 2, "as YAML: found unexpected end of stream"),
        ('+++\ndate = 2024\ntitle = "Soup\n+++\n', 3, "as TOML: Illegal character"),
    ],
)
def test_broken_front_matter_is_named_with_its_line(tmp_path, front, line, reason):
    path = tmp_path / "mine.md"
    path.write_text(f"{front}\n## Pots\n{ENTRY}", encoding="utf-8")
    parsed = read_list(path)
    assert [paper.title for paper in parsed.papers] == ["Reading in the Dark"]
    (problem,) = parsed.problems
    assert (problem.line, reason in problem.reason) == (line, True)
    path.write_text(f"{front}\nSoup is warm.\n", encoding="utf-8")
    with pytest.raises(SourceError, match=f"line {line}: its front matter cannot be read"):
        list(MarkdownList(path).read(lambda *_: None))


def test_text_between_two_rules_is_no_front_matter(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(f"---\n\nHello, [soup: \n\n---\n\n## Pots\n{ENTRY}", encoding="utf-8")
    assert read_list(path).problems == ()


def test_front_matter_may_be_toml(tmp_path):
    path = tmp_path / "soup.md"
    front = 'title = "Soup at Night"\narxiv = "2401.00001"\nauthors = ["Ann Bee"]\n'
    path.write_text(f"+++\n{front}+++\n\nIt is warm.\n", encoding="utf-8")
    (paper,) = read_list(path).papers
    assert (paper.title, paper.arxiv_id, paper.listed_authors) == (
        "Soup at Night", "2401.00001", ("Ann Bee",),
    )  # fmt: skip


def test_what_leads_to_no_paper_is_told_by_a_source_too(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(f"## Pots\n{ENTRY}* [pot](https://github.com/a/pot)\n", encoding="utf-8")
    (told,) = [x for x in MarkdownList(path).read(lambda *_: None) if isinstance(x, Summary)]
    assert told.sentences == ('mine.md: 1 entry without a paper left out, such as "pot"; line 3',)
