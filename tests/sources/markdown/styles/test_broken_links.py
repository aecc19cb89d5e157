"""An entry whose link to its paper cannot be read is named, never passed over."""

from __future__ import annotations

import pytest

from rftsearch import read_list

READ = "- **Soup One: A Study**, [[Paper](https://arxiv.org/abs/2501.00001)]\n"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[[Paper](Soup Two: A Study)]", "its link 'Soup Two: A Study' is no web address"),
        ("[[Paper]()]", "its link is empty, which is no web address"),
        ("[pdf](#)", "its link '#' is no web address"),
        ("[[Paper](https//arxiv.org/abs/2501.00002)]", "a paper on this line is not read"),
    ],
)
def test_a_link_to_a_paper_that_leads_nowhere_is_a_problem_with_its_line(tmp_path, link, said):
    path = tmp_path / "soups.md"
    path.write_text(f"# Soups\n\n## Broth\n\n{READ}- **Soup Two: A Study**, {link}\n", "utf-8")
    read = read_list(path)
    assert [paper.id for paper in read.papers] == ["2501.00001"]
    [problem] = read.problems
    assert problem.line == 6
    assert said in problem.reason


@pytest.mark.parametrize(
    "line",
    [
        "- [Paper](#paper)",
        "- [Project]()",
        "- **Soup Two: A Study**, [[Paper](https://example.org/two.pdf)] [[Page]()]",
        "An entry looks like this: a title and a link.",
    ],
)
def test_other_lines_are_no_such_problem(tmp_path, line):
    path = tmp_path / "soups.md"
    path.write_text(f"# Soups\n\n## Broth\n\n{READ}{line}\n", "utf-8")
    assert [one for one in read_list(path).problems if "web address" in one.reason] == []
