"""Checks of what is no single Markdown file: folders, libraries, tables, addresses, indexes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rftsearch import build_index, check_list
from rftsearch.errors import FetchError, SourceError
from rftsearch.living.check.findings import CheckReport
from rftsearch.sources.arxiv.fetch_job import Fetched
from support.checking import HEAD, entry
from support.command_line import run_command
from support.encoder import WordEncoder
from support.web import Reply, WebServer

TWICE = HEAD + entry(1) + entry(2) + entry(1)
BIB = """\
@article{one,
  title = {A Study of Lantern Number One and Its Flame},
  year = {2025}, month = may,
  eprint = {2505.00001}, archiveprefix = {arXiv},
  url = {http://arxiv.org/abs/2505.00001v1}
}

@article{two,
  title = {A Study of Lantern Number Two and Its Flame},
  year = {2025}, month = may,
  eprint = {2505.00002}, archiveprefix = {arXiv}
}

@inproceedings{again,
  title = {A Study of Lantern Number One and Its Flame},
  booktitle = {Lamps}, year = {2025}, month = may, eprint = {2505.00001}, archiveprefix = {arXiv}
}
"""
CSV = (
    "title,arxiv,month\n"
    "A Study of Lantern Number One and Its Flame,2505.00001,2025-05\n"
    "A Study of Lantern Number Two and Its Flame,2505.00002,2025-05\n"
    "A Study of Lantern Number Six and Its Flame,2505.00006,2025-05\n"
    "A Study of Lantern Number Ten and Its Flame,2505.00010,2025-05\n"
    "A Study of Lantern Number Elf and Its Flame,2505.00011,2025-05\n"
    "A Study of Lantern Number Six and Its Flame,2505.00006,2025-05\n"
    "A Study of Lantern Number Zoo and Its Flame,2505.00012,2024-05\n"
)


def found(report: CheckReport) -> list[tuple[str, str, int]]:
    return [(one.source, one.code, one.line) for one in report.findings]


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "lists"
    (place / "deep").mkdir(parents=True)
    (place / "lamps.md").write_text(TWICE, "utf-8")
    (place / "deep" / "refs.bib").write_text(BIB, "utf-8")
    (place / "papers.csv").write_text(CSV, "utf-8")
    (place / "LICENSE.md").write_text("No list.\n", "utf-8")
    return place


def test_each_file_of_a_folder_is_checked_by_itself(folder):
    report = check_list(folder)
    assert set(found(report)) == {
        (str(folder / "lamps.md"), "same-paper", 7),
        (str(folder / "deep" / "refs.bib"), "same-paper", 14),
        (str(folder / "deep" / "refs.bib"), "plain-http", 5),
        (str(folder / "papers.csv"), "same-paper", 7),
        (str(folder / "papers.csv"), "far-month", 8),
    }
    assert report.entries == 13


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("refs.ris", "TY  - JOUR\nTI  - A Study of Lamps\nPY  - 2025\nER  - \n"),
        ("refs.bib", BIB.replace(", month = may", "")),
        ("list.yaml", "- title: A Study of Lamps\n  year: 2025\n  arxiv: 2505.00001\n"),
        ("list.json", '[{"title": "A Study of Lamps", "arxiv": "2505.00001", "year": 2025}]'),
        ("list.jsonl", '{"title": "A Study of Lamps", "arxiv_id": "2505.00001"}\n'),
    ],
)
def test_libraries_and_tables_of_every_kind_are_read(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    assert check_list(tmp_path / name).entries >= 1


def test_a_mend_in_a_library_leaves_every_other_byte(folder, capsys, monkeypatch):
    monkeypatch.setenv("RFTSEARCH_INDEX", str(folder / "none"))
    path = folder / "deep" / "refs.bib"
    content = b"\xef\xbb\xbf" + BIB.replace("\n", "\r\n").encode()
    path.write_bytes(content)
    assert run_command("check", folder, "--fix") == 1
    assert "1 correction was written" in capsys.readouterr().err
    assert path.read_bytes() == content.replace(b"http:", b"https:")


def test_a_folder_without_lists_and_a_file_that_cannot_be_read(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no list in the folder"):
        check_list(tmp_path / "empty")
    (folder / "torn.md").write_bytes(b"\xff\xfe\x00")
    report = check_list(folder)
    assert any("torn.md" in line for line in report.not_checked)
    assert len(report.findings) == 5


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[WebServer]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    with WebServer() as server:
        monkeypatch.setenv("RFTSEARCH_GITHUB_URL", server.url)
        yield server


def test_a_file_on_the_web_is_named_by_its_address(web):
    web.answers["/lamps.md"] = Reply(TWICE)
    address = f"{web.url}/lamps.md"
    assert found(check_list(address)) == [(address, "same-paper", 7)]
    web.answers["/refs"] = Reply(BIB, headers={"Content-Type": "application/x-bibtex"})
    assert (f"{web.url}/refs", "same-paper", 14) in found(check_list(f"{web.url}/refs"))


def test_a_repository_is_checked_as_it_is_read_and_each_file_has_its_page(web):
    readme = HEAD + entry(1) + "\n[more](docs/more.md) [library](refs.bib)\n"
    files = {"README.md": readme, "docs/more.md": TWICE, "refs.bib": BIB}
    web.holds("example/list", files, description="Lamps")
    report = check_list("example/list")
    page = "https://github.com/example/list/blob"
    places = {(source.removeprefix(page), code, line) for source, code, line in found(report)}
    assert ("/HEAD/docs/more.md", "same-paper", 7) in places
    assert ("/HEAD/refs.bib", "same-paper", 14) in places
    assert report.entries == 7
    # Without the web the copies of the last time are checked, and a note says so.
    web.answers.clear()
    again = check_list("https://github.com/example/list", offline=True)
    assert found(again) == found(report)
    assert any("copies of" in line for line in again.not_checked)
    with pytest.raises(FetchError):
        check_list("example/other")


def test_a_web_list_is_not_mended_and_says_so(web, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("RFTSEARCH_INDEX", str(tmp_path / "none"))
    web.answers["/refs.bib"] = Reply(BIB)
    assert run_command("check", f"{web.url}/refs.bib", "--fix") == 1
    assert "1 correction is of what is no file here" in capsys.readouterr().err


def test_without_a_list_the_sources_of_the_index_are_checked(web, folder, tmp_path, capsys):
    web.answers["/lamps.md"] = Reply(TWICE)
    sources = [folder, f"{web.url}/lamps.md"]
    build_index(tmp_path / "index", sources, encoder=WordEncoder(), offline=False, client=_Silent())
    assert run_command("check", "--index", tmp_path / "index") == 1
    shown = capsys.readouterr().out
    assert f"{web.url}/lamps.md:7:1" in shown
    assert f"{folder / 'papers.csv'}:8:1" in shown


class _Silent:
    """An arXiv that knows nothing."""

    def fetch(self, ids, **_: object) -> Fetched:
        return Fetched({})
