"""`rftsearch export`, from the command line to the file."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bibtexparser
import pytest

from rftsearch.index.build.build import build_index
from support.command_line import run_command
from support.library import build_library, write_list


@pytest.fixture(scope="module")
def index(tmp_path_factory, tiny_model) -> Path:
    return build_library(tmp_path_factory.mktemp("export"), tiny_model)


@pytest.fixture
def run(monkeypatch, capfdbinary, index):
    """Run `export`: exit code, standard output as bytes, standard error."""
    monkeypatch.setenv("RFTSEARCH_INDEX", str(index))

    def run(*arguments: object) -> tuple[int, bytes, str]:
        code = run_command("export", *arguments)
        captured = capfdbinary.readouterr()
        return code, captured.out, captured.err.decode()

    return run


def keys(bibtex: bytes) -> list[str]:
    library = bibtexparser.parse_string(bibtex.decode())
    assert library.failed_blocks == []
    return [entry.key for entry in library.entries]


def test_everything_or_what_passes(run):
    code, out, err = run("--format", "bibtex")
    assert (code, err) == (0, "")
    assert keys(out) == [
        "crowdseer:2505.00001",
        "drawwell:2504.00002",
        "clipmind:2503.00003",
        "nopreprint-a-video-report",
        "eartest:2502.00004",
        "example-robo-kit",
    ]
    _, out, _ = run("--format", "bibtex", "--category", "audio")
    assert keys(out) == ["eartest:2502.00004"]
    _, out, _ = run("--format", "bibtex", "-k", 2)
    assert len(keys(out)) == 2


def test_named_papers_answers_and_neighbours(run):
    _, out, _ = run("ClipMind", "2505.00001", "clipmind", "-f", "bib")
    assert keys(out) == ["clipmind:2503.00003", "crowdseer:2505.00001"]
    _, out, _ = run("--search", "crowd", "-k", 1, "-f", "bibtex")
    assert keys(out) == ["crowdseer:2505.00001"]
    _, out, _ = run("--similar", "ClipMind", "-f", "bibtex", "--since", "2025-05")
    assert keys(out) == ["crowdseer:2505.00001"]


def test_by_date(run):
    newest = keys(run("-f", "bibtex")[1])
    oldest = keys(run("-f", "bibtex", "--sort", "oldest")[1])
    assert oldest == [*newest[4::-1], newest[5]], "undated last either way"
    assert keys(run("-f", "bibtex", "--sort", "newest")[1]) == newest
    assert keys(run("-f", "bibtex", "--sort", "oldest", "-k", 1)[1]) == ["eartest:2502.00004"]
    asked = ("-f", "bibtex", "--search", "reward")
    fitting = ["clipmind:2503.00003", "drawwell:2504.00002", "crowdseer:2505.00001"]
    assert keys(run(*asked, "--sort", "oldest")[1]) == fitting
    assert keys(run(*asked, "--sort", "newest", "-k", 2)[1]) == fitting[:0:-1]
    assert run(*asked, "--sort", "relevance") == run(*asked)
    like = ("-f", "bibtex", "--similar", "DrawWell")
    assert len(keys(run(*like)[1])) == 5
    assert keys(run(*like, "--sort", "newest")[1]) == ["crowdseer:2505.00001"], "none else fits"


def test_a_file_says_its_format(run, tmp_path):
    for name in ("a.bib", "a.ris", "a.json", "a.csv", "a.md"):
        code, out, err = run("EarTest", "-o", tmp_path / name)
        assert (code, err) == (0, "")
        assert out.startswith(b"Wrote 1 paper as ")
        _, printed, _ = run("EarTest", "-f", name[2:])
        written = (tmp_path / name).read_bytes()
        assert written.startswith(b"\xef\xbb\xbf") == (name == "a.csv")
        assert written.removeprefix(b"\xef\xbb\xbf") == printed
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.bib", "a.csv", "a.json", "a.md", "a.ris",
    ]  # fmt: skip
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0o044


def test_a_file_is_replaced_as_a_whole(run, tmp_path, monkeypatch):
    target = tmp_path / "refs.bib"
    target.write_text("old")
    target.chmod(0o600)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fdopen", full)
        code, _, err = run("EarTest", "-o", target)
    assert code == 1
    assert (
        err
        == f"rftsearch: cannot write {target}: No space left on device; name another file with -o\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["refs.bib"]
    assert target.read_text() == "old"
    run("EarTest", "-o", target)
    assert keys(target.read_bytes()) == ["eartest:2502.00004"]
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_link_stays_and_leads_to_what_was_written(run, tmp_path):
    library = tmp_path / "far" / "lib.bib"
    library.parent.mkdir()
    library.write_text("old")
    library.chmod(0o640)
    (tmp_path / "near.bib").symlink_to(library)
    (tmp_path / "refs.bib").symlink_to("near.bib")
    run("EarTest", "-o", tmp_path / "refs.bib")
    assert (tmp_path / "refs.bib").readlink() == Path("near.bib")
    assert (tmp_path / "near.bib").readlink() == library
    assert keys(library.read_bytes()) == ["eartest:2502.00004"]
    assert library.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in library.parent.iterdir()] == ["lib.bib"]


def test_a_link_to_no_file_yet_makes_it(run, tmp_path):
    (tmp_path / "refs.bib").symlink_to("new.bib")
    assert run("EarTest", "-o", tmp_path / "refs.bib")[0] == 0
    assert (tmp_path / "refs.bib").is_symlink()
    assert keys((tmp_path / "new.bib").read_bytes()) == ["eartest:2502.00004"]


def test_a_link_to_itself_is_refused(run, tmp_path):
    (tmp_path / "refs.bib").symlink_to("refs.bib")
    code, _, err = run("EarTest", "-o", tmp_path / "refs.bib")
    assert (code, err.count("\n")) == (1, 1)
    assert "cannot write" in err
    assert (tmp_path / "refs.bib").is_symlink()


def test_a_dash_is_standard_output(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, printed, _ = run("EarTest", "-f", "csv")
    assert run("EarTest", "-f", "csv", "-o", "-") == (0, printed, "")
    assert run("EarTest", "-o", "-")[0] == 2, "a dash names no format"
    assert list(tmp_path.iterdir()) == []
    run("EarTest", "-f", "csv", "-o", "./-")
    assert [path.name for path in tmp_path.iterdir()] == ["-"]


def test_a_pipe_is_written_to(run, tmp_path):
    pipe = tmp_path / "refs.bib"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        assert run("EarTest", "-o", pipe)[0] == 0
        assert keys(read.result(timeout=60)) == ["eartest:2502.00004"]
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "with --format (bibtex, ris"),
        (["-o", "refs"], "with --format (bibtex, ris"),
        (["-o", "refs.docx"], "no format is called '.docx'; one of bibtex"),
        (["--format", "word"], "no format is called 'word'"),
        (["EarTest", "--search", "x", "-f", "ris"], "give only one of these"),
        (["EarTest", "-k", "3", "-f", "ris"], "leave the filters, -k and --sort out"),
        (["EarTest", "--has", "code", "-f", "ris"], "leave the filters, -k and --sort out"),
        (["EarTest", "--sort", "newest", "-f", "ris"], "in the order given"),
        (["--sort", "relevance", "-f", "ris"], "a list by 'relevance'; one of newest, oldest"),
        (["--search", "x", "--sort", "best", "-f", "ris"], "cannot sort by 'best'; one of"),
        (["Nobody", "-f", "ris"], "no paper called 'Nobody'"),
        (["--search", " ", "-f", "ris"], "the query is empty"),
        (["--since", "soon", "-f", "ris"], "is not a month"),
    ],
)
def test_mistakes_are_one_line(run, arguments, words):
    code, out, err = run(*arguments)
    assert (code, out) == (2, b"")
    assert words in err
    assert err.count("\n") == 1


def test_a_folder_that_is_not_there(run, tmp_path):
    code, _, err = run("EarTest", "-o", tmp_path / "no" / "refs.bib")
    assert code == 1
    assert f"there is no folder {tmp_path / 'no'}; make it first" in err
    assert err.count("\n") == 1


def test_what_is_missing_is_said(run, tmp_path, tiny_model):
    folder = tmp_path / "titles"
    build_index(folder, [write_list(tmp_path)], model=str(tiny_model), offline=True)
    _, _, err = run("-f", "csv", "--index", folder)
    advice = f"`rftsearch build --index {folder}` asks arXiv"
    assert err == f"note: 4 of 6 have no authors yet; {advice}\n"
    _, _, err = run("-f", "csv", "--since", "2030-01")
    assert err == "note: no paper passes these filters\n"


# --- like a list ------------------------------------------------------------------------

OWN = """\
# Mine

## Audio

- [A Lamp in the Attic](https://arxiv.org/abs/2501.00001) [[Code](https://example.org/a)]
- [A Lamp in the Cellar](https://arxiv.org/abs/2412.00001)
"""


def test_papers_are_written_into_a_list_in_its_style(run, tmp_path):
    path = tmp_path / "mine.md"
    path.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    before = path.read_bytes()
    code, out, err = run("EarTest", "--like", path)
    new = "- [EarTest: Audio Questions](https://arxiv.org/abs/2502.00004)"
    wanted = OWN.replace("- [A Lamp in the Attic]", f"{new}\n- [A Lamp in the Attic]")
    assert (code, out.decode()) == (0, wanted.replace("\n", "\r\n"))
    assert "note: 1 entry was added in the style of mine.md; 0 papers were there already" in err
    assert path.read_bytes() == before
    code, out, err = run("EarTest", "ClipMind", "--like", path, "-o", path)
    assert (code, out.decode()) == (
        0,
        f"Wrote {path}: 2 entries were added in the style of mine.md; 0 papers were there "
        "already.\n",
    )
    assert "note: mine.md has no such heading yet: Vision (Video)" in err
    assert "does not say as the index does: authors (2)" in err
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# Mine\r\n")
    after = path.read_bytes()
    assert run("EarTest", "ClipMind", "--like", path, "-o", path)[0] == 0
    assert path.read_bytes() == after


def test_what_cannot_be_written_like_a_list_is_one_line(run, tmp_path):
    path = tmp_path / "mine.md"
    path.write_text("# Nothing\n", "utf-8")
    assert run("EarTest", "--like", path) == (
        1,
        b"",
        "rftsearch: mine.md has no entries whose style could be followed\n",
    )
    assert run("EarTest", "--like", path, "--format", "bibtex")[0] == 2
    assert "there is no list at" in run("EarTest", "--like", tmp_path / "none.md")[2]
