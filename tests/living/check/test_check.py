from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import rftsearch
from rftsearch.errors import UsageError
from rftsearch.index.build.build import build_index
from rftsearch.living.check.findings import RULES, CheckReport, Edit, Finding
from rftsearch.living.check.formats import github_annotations, sarif, summary
from support.checking import HEAD, check_text, entry, found
from support.command_line import run_command
from support.encoder import WordEncoder
from support.library import LIST, write_abstracts, write_list

SARIF = json.loads((Path(__file__).parent / "sarif-2.1.0-part.schema.json").read_text("utf-8"))
TWICE = HEAD + entry(1) + entry(1)


def test_the_public_function_reads_a_list_and_says_what_it_did_not_check(tmp_path):
    path = tmp_path / "list.md"
    path.write_text(TWICE, "utf-8")
    report = rftsearch.check_list(path)
    assert [(one.code, one.line, one.source) for one in report.findings] == [
        ("same-paper", 6, str(path))
    ]
    assert report.wrong
    assert report.entries == 2
    assert report.not_checked == (
        f"{path}: renamed, wrong-link, withdrawn, missing-link for 1 of 1 arXiv paper: their "
        "titles and abstracts are not known; give --index or --abstracts",
        f"{path}: other-section: it needs an index of this list; give --index",
    )


def test_rules_are_chosen_by_their_codes(tmp_path):
    text = TWICE + entry(2, rest=" [Code]()")
    assert {one.code for one in check_text(tmp_path, text).findings} == {"same-paper", "empty-link"}
    (finding,) = check_text(tmp_path, text, select=["empty-link"]).findings
    assert finding.code == "empty-link"
    assert check_text(tmp_path, text, ignore=["empty-link", "same-paper"]).findings == ()
    assert check_text(tmp_path, text, select=["empty-link"]).not_checked == ()
    with pytest.raises(UsageError, match="there is no rule 'emptylink'; the rules are same-paper,"):
        check_text(tmp_path, text, select=["emptylink"])


def test_what_cannot_be_read_is_found_with_its_reason(tmp_path):
    (finding,) = check_text(tmp_path, HEAD + "* [2505] [x]\n").findings
    assert (finding.code, finding.line) == ("unread", 5)
    assert finding.message == "Entry skipped: no title follows its name."


def test_titles_come_from_an_index_or_from_a_file(tmp_path):
    path = write_list(tmp_path)
    abstracts = write_abstracts(tmp_path)
    build_index(
        tmp_path / "index", [path], encoder=WordEncoder(), abstracts=abstracts, offline=True
    )
    for known in ({"index": tmp_path / "index"}, {"abstracts": abstracts}):
        report = rftsearch.check_list(path, **known)
        assert [(one.code, one.text) for one in report.findings] == [
            ("renamed", "ClipMind: Video Reasoning")
        ]
    assert rftsearch.check_list(path, index=tmp_path / "index").not_checked == ()


def test_what_belongs_elsewhere_is_predicted_from_an_index(tmp_path):
    names = {"Crowds": "crowd count", "Robots": "robot scan"}
    parts, abstracts, number = [], [], 0
    for section, words in names.items():
        parts.append(f"\n## {section}\n\n")
        for _ in range(12):
            number += 1
            parts.append(entry(number))
            text = words if number != 24 else names["Crowds"]
            abstracts.append({"arxiv_id": f"2505.{number:05}", "title": "", "abstract": text})
    path = tmp_path / "list.md"
    path.write_text("".join(parts), "utf-8")
    file = tmp_path / "abstracts.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in abstracts), "utf-8")
    index = tmp_path / "index"
    build_index(index, [path], encoder=WordEncoder(), abstracts=file, offline=True)
    (finding,) = rftsearch.check_list(path, index=index).findings
    assert (finding.code, finding.line) == ("other-section", 30)
    assert 'belongs to "Crowds"' in finding.message


@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "- ",
                    "* [2505] [x] ",
                    "[t](https://arxiv.org/abs/2505.01234)",
                    "[a](",
                    "[b]()",
                    ")",
                ),
                *(
                    "\n",
                    "\r\n",
                    "\n\n",
                    "## Abcdef",
                    "## Abcdeg",
                    "| a | b |\n|---|---|\n",
                    "\u200b",
                ),
                *(
                    "[c](htps:/x.org",
                    '<a href="">x</a>',
                    "**A bold title**",
                    "[Code](https://e.org)",
                ),
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_text_can_be_checked_and_findings_lie_within_it(text):
    lines = text.replace("\r\n", "\n").split("\n")
    for finding in found(text):
        assert finding.code in RULES
        assert 1 <= finding.line <= finding.end_line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        if finding.edit:
            assert text[finding.edit.start : finding.edit.end] == finding.edit.before


# --- forms ---------------------------------------------------------------------------


def finding(**changes: object) -> Finding:
    values = {
        **{"code": "same-paper", "severity": "warning", "message": "It is 100% twice: a, b."},
        **{"source": "docs/a,b list.md", "line": 3, "column": 2, "end_line": 3, "end_column": 9},
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


def test_annotations_of_github_are_escaped_and_the_worst_come_first():
    report = CheckReport(
        (finding(severity="note"), finding(severity="error", code="wrong-link")), 2
    )
    first, second = github_annotations(report)
    assert first.startswith("::error file=docs/a%2Cb list.md,line=3,endLine=3,col=2,")
    assert first.endswith(",title=rftsearch wrong-link,endColumn=9::It is 100%25 twice: a, b.")
    assert second.startswith("::notice ")


def test_sarif_has_rules_places_and_mends():
    edit = Edit(4, 8, "http", "https")
    report = CheckReport((finding(), finding(code="plain-http", edit=edit)), 2, ("Not all.",))
    log = sarif(report)
    Draft202012Validator.check_schema(SARIF)
    Draft202012Validator(SARIF).validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    first, second = run["results"]
    assert rules[first["ruleIndex"]]["id"] == "same-paper"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "docs/a%2Cb%20list.md"
    assert place["region"] == {"startLine": 3, "startColumn": 2, "endLine": 3, "endColumn": 9}
    (change,) = second["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "https"}
    assert second["partialFingerprints"] != first["partialFingerprints"]
    Draft202012Validator(SARIF).validate(sarif(CheckReport((), 0)))


def test_the_summary_counts_in_plain_words():
    assert summary(CheckReport((), 1)) == "Nothing was found in 1 entry"
    edit = Edit(0, 1, "a", "b")
    three = (finding(severity="error"), finding(edit=edit), finding(severity="note"))
    assert summary(CheckReport(three, 5)) == (
        "1 error, 1 warning and 1 note in 5 entries; --fix mends 1"
    )


# --- the command ----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("RFTSEARCH_INDEX", str(tmp_path / "none"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_exit_code_says_whether_something_is_wrong(folder, capsys):
    (folder / "good.md").write_text(LIST, "utf-8")
    (folder / "bad.md").write_text(TWICE, "utf-8")
    (folder / "http.md").write_text(HEAD + entry(1).replace("https", "http"), "utf-8")
    assert run_command("check", "good.md") == 0
    assert capsys.readouterr().out == "Nothing was found in 6 entries.\n"
    assert run_command("check", "good.md", "bad.md") == 1
    assert capsys.readouterr().out == (
        "bad.md:5:1: warning in-two-files: The same paper stands in good.md:7: same arXiv id.\n"
        "bad.md:6:1: warning same-paper: The same paper stands on line 5: both have the arXiv id "
        "2505.00001.\n2 warnings in 8 entries.\n"
    )
    assert run_command("check", "http.md") == 0
    assert run_command("check", "http.md", "--strict") == 1
    assert run_command("check", "bad.md", "--ignore", "same-paper,unread") == 0
    assert run_command("check", "bad.md", "--select", "none") == 2
    assert run_command("check") == 2
    capsys.readouterr()
    assert run_command("check", "missing.md") == 1
    assert capsys.readouterr().err == "rftsearch: there is no list at missing.md; check the path\n"


def test_each_form_is_printed_and_the_notes_go_elsewhere(folder, capsys):
    (folder / "bad.md").write_text(TWICE, "utf-8")
    assert run_command("check", "bad.md", "--format", "json") == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["findings"][0]["code"] == "same-paper"
    assert "note: bad.md: other-section: it needs an index" in printed.err
    assert run_command("check", str(folder / "bad.md"), "--format", "github") == 1
    assert capsys.readouterr().out.startswith("::warning file=bad.md,line=6,")
    assert run_command("check", "bad.md", "--format", "sarif") == 1
    Draft202012Validator(SARIF).validate(json.loads(capsys.readouterr().out))


def test_corrections_are_written_and_the_rest_is_named(folder, capsys):
    bad = folder / "bad.md"
    bad.write_text(TWICE + entry(2, rest=" [Code](htps://example.org)"), "utf-8")
    assert run_command("check", "bad.md", "--fix") == 1
    printed = capsys.readouterr()
    assert "note: 1 correction was written" in printed.err
    assert "broken-link" not in printed.out
    assert "(https://example.org)" in bad.read_text("utf-8")


def test_without_a_list_those_of_the_index_are_checked(folder, capsys):
    path = write_list(folder)
    build_index(folder / "index", [path], encoder=WordEncoder(), offline=True)
    assert run_command("check", "--index", folder / "index") == 0
    assert "in 6 entries" in capsys.readouterr().out


@pytest.mark.shared
def test_the_known_faults_of_the_real_list_are_found(shared):
    report = rftsearch.check_list(
        shared / "data" / "list-2026-05.md", abstracts=shared / "data" / "abstracts.jsonl"
    )
    wrong = [(one.code, one.line) for one in report.findings if one.severity != "note"]
    assert wrong == [("far-month", 266), ("same-paper", 374), ("same-paper", 422)]
    assert sum(one.code == "pinned-version" for one in report.findings) == 6
