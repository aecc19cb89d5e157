from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from rftsearch.cli.first_start import open_or_build
from rftsearch.errors import SourceError, UsageError
from rftsearch.index.build import build
from rftsearch.settings import first_sources
from rftsearch.sources.catalogue import ABOUT, CATALOGUE
from support.encoder import WordEncoder
from support.library import write_list

TITLE = "Kites that count"
LIST = f"# Kites\n\n- [{TITLE}](https://arxiv.org/abs/2501.00001)\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """Builds with a small encoder and without arXiv, in a folder of the test's own."""
    made = partial(build.build_index, encoder=WordEncoder(), offline=True)
    monkeypatch.setattr(build, "build_index", made)
    monkeypatch.setenv("RFTSEARCH_INDEX", str(tmp_path / "index"))
    monkeypatch.delenv("RFTSEARCH_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)


def titles() -> list[str]:
    with open_or_build() as engine:
        return [paper.title for paper in engine.papers()]


def test_without_an_index_the_shipped_list_is_built(capsys):
    assert len(titles()) == 79
    printed = capsys.readouterr().out
    assert printed.startswith("Building the index from the shipped list ...")
    assert "Indexed 65 papers" in printed
    assert len(titles()) == 79
    assert capsys.readouterr().out == ""


def test_the_shipped_list_says_what_it_is():
    with open_or_build() as engine:
        assert engine.status().about == {CATALOGUE: ABOUT}
        assert engine.status().to_dict()["about"][CATALOGUE]["title"] == ABOUT.title


def test_the_variable_names_lists(monkeypatch, capsys, tmp_path):
    Path("a b.md").write_text(LIST, "utf-8")
    other = write_list(tmp_path)
    monkeypatch.setenv("RFTSEARCH_SOURCES", f"a b.md;{other}")
    found = titles()
    assert TITLE in found
    assert len(found) > 1
    assert f"Building the index from a b.md, {other} ..." in capsys.readouterr().out


def test_an_index_of_other_sources_stays_and_is_named(monkeypatch, capsys):
    Path("kites.md").write_text(LIST, "utf-8")
    monkeypatch.setenv("RFTSEARCH_SOURCES", "kites.md")
    assert titles() == [TITLE]
    assert titles() == [TITLE]
    assert capsys.readouterr().err.count("was built from") == 0
    monkeypatch.setenv("RFTSEARCH_SOURCES", "pumps.md")
    assert titles() == [TITLE]
    noted = capsys.readouterr().err
    assert "kites.md, and this page shows it" in noted
    assert "start with an empty folder" in noted


def test_a_list_that_cannot_be_read_is_one_line_and_leaves_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("RFTSEARCH_SOURCES", "nowhere.md")
    with pytest.raises(SourceError, match=r"^RFTSEARCH_SOURCES: there is no list at nowhere\.md"):
        open_or_build()
    assert not (tmp_path / "index" / "manifest.json").exists()
    Path("nowhere.md").write_text(LIST, "utf-8")
    assert titles() == [TITLE]


@pytest.mark.parametrize(
    ("value", "sources"),
    [
        ("a.md", ["a.md"]),
        ("a.md; b c.md ;", ["a.md", "b c.md"]),
        (
            "owner/name\nhttps://example.org:8/x,y.md",
            ["owner/name", "https://example.org:8/x,y.md"],
        ),
        ("a.md\r\nb.md", ["a.md", "b.md"]),
    ],
)
def test_semicolons_and_line_ends_separate(monkeypatch, value, sources):
    monkeypatch.setenv("RFTSEARCH_SOURCES", value)
    assert first_sources() == sources


@pytest.mark.parametrize("value", [" ", ";", "; ;\n"])
def test_a_variable_without_a_source_is_a_mistake(monkeypatch, value):
    monkeypatch.setenv("RFTSEARCH_SOURCES", value)
    with pytest.raises(UsageError, match="RFTSEARCH_SOURCES names no source; give"):
        open_or_build()
