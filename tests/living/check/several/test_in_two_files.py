"""Papers that stand in several of the files that are checked together."""

from __future__ import annotations

import pytest

from rftsearch.living.check.check import check_lists

PEAS = "- [Counting Peas in Motion](https://arxiv.org/abs/2402.00001)\n"
BEANS = "- [Beans That Remember](https://arxiv.org/abs/2402.00002)\n"
LEEK = "- [Leek, Laid Out at Last](https://arxiv.org/abs/2402.00003)\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.md").write_text(f"# Soups\n{PEAS}{BEANS}", "utf-8")
    (tmp_path / "b.md").write_text(f"# Stews\n{LEEK}\n{PEAS}{PEAS}", "utf-8")
    return tmp_path


def found(report):
    return [one for one in report.findings if one.code == "in-two-files"]


def test_a_paper_in_two_files_of_a_folder_is_named_once_in_each_later_one(folder):
    (one,) = found(check_lists([folder]))
    assert (one.source, one.line, one.severity) == (str(folder / "b.md"), 4, "warning")
    where = folder / "a.md"
    assert one.message == f"The same paper stands in {where}:2: same arXiv id."


def test_files_of_one_command_are_compared_too_unless_the_rule_is_left_out(folder):
    paths = [folder / "b.md", folder / "a.md"]
    assert [one.source for one in found(check_lists(paths))] == [str(folder / "a.md")]
    assert not found(check_lists(paths, ignore=["in-two-files"]))
    assert not found(check_lists(paths[:1]))


def test_findings_stay_in_the_order_of_lines(folder):
    lines = [one.line for one in check_lists([folder / "a.md", folder / "b.md"]).findings]
    assert lines == sorted(lines)


def test_many_shared_papers_are_a_habit_that_one_line_tells(folder):
    (folder / "c.md").write_text(f"# All\n{PEAS}{BEANS}{LEEK}", "utf-8")
    report = check_lists([folder])
    assert not found(report)
    assert any(one.startswith("in-two-files: 3 papers in several") for one in report.not_checked)
    assert len(found(check_lists([folder], select=["in-two-files"]))) == 4
