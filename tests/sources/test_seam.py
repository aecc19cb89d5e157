"""A source of another kind is added through the seam alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from rftsearch import Engine, build_index, update_index
from rftsearch.papers.paper import Paper, Provenance
from rftsearch.sources.base import Problem, Source, Summary, path_key
from rftsearch.sources.catalogue import CATALOGUE, Catalogue
from rftsearch.sources.markdown.list_file import MarkdownList
from rftsearch.sources.registry import open_source, register_source
from rftsearch.types import Progress
from support.encoder import WordEncoder
from support.library import write_list


@dataclass(frozen=True)
class Cards:
    """Lines of `name: title`; the key may ask for the first few alone."""

    path: Path
    limit: int = 99
    streamed: ClassVar[bool] = False

    @property
    def key(self) -> str:
        return f"cards:{self.limit}:{path_key(self.path)}"

    @property
    def label(self) -> str:
        return f"the first {self.limit} of {self.path.name}"

    @classmethod
    def from_key(cls, key: str) -> Cards:
        _, limit, path = key.split(":", 2)
        return cls(Path(path), int(limit))

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary]:
        lines = self.path.read_text("utf-8").splitlines()[: self.limit]
        for number, line in enumerate(lines, start=1):
            name, colon, title = line.partition(": ")
            if not colon:
                yield Problem(self.path.name, number, line, "it has no colon")
                continue
            place = Provenance(self.path.name, number)
            yield Paper(name.lower(), name, title, ("Cards",), provenance=(place,))
        yield Summary((f"{self.label} were read",))


@dataclass(frozen=True)
class StreamedCards(Cards):
    streamed: ClassVar[bool] = True


@pytest.fixture(autouse=True)
def cards() -> None:
    register_source(scheme="cards", from_key=Cards.from_key)
    register_source(suffix=".cards", from_path=Cards)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "mine.cards"
    path.write_text("Gull: A robot scans\nnothing\nTern: A crowd is counted\n", "utf-8")
    return path


def names(index: Path, query: str) -> list[str]:
    with Engine.open(index, encoder=WordEncoder()) as engine:
        return [hit.paper.short_name for hit in engine.search(query, k=1)]


def test_a_registered_source_is_built_remembered_and_searched(tmp_path, path):
    index = tmp_path / "index"
    report = build_index(index, [path], encoder=WordEncoder(), offline=True)
    assert [(problem.line, problem.reason) for problem in report.problems] == [
        (2, "it has no colon")
    ]
    assert report.outcome.account == ("the first 99 of mine.cards were read",)
    assert names(index, "crowd") == ["Tern"]
    path.write_text("Tern: A robot scans\nGull: A crowd is counted\n", "utf-8")
    report = build_index(index, encoder=WordEncoder(), offline=True)  # from what it remembers
    assert report.manifest.sources == (f"cards:99:{path.resolve()}",)
    assert names(index, "crowd") == ["Gull"]


def test_a_key_keeps_what_to_take(tmp_path, path):
    index = tmp_path / "index"
    build_index(index, [Cards(path, 1)], encoder=WordEncoder(), offline=True)
    report = build_index(index, encoder=WordEncoder(), offline=True)
    assert report.manifest.counts["papers"] == 1
    assert report.problems == ()


@pytest.mark.parametrize("kind", [Cards, StreamedCards])
def test_it_stands_beside_a_list(tmp_path, path, kind):
    index = tmp_path / "index"
    report = build_index(
        index, [kind(path), write_list(tmp_path)], encoder=WordEncoder(), offline=True
    )
    assert report.manifest.counts["papers"] + report.manifest.counts["projects"] == 8
    assert names(index, "robot") == ["Gull"]
    assert len(report.problems) == 1


def test_it_is_added_to_an_index(tmp_path, path):
    index = tmp_path / "index"
    build_index(index, [write_list(tmp_path)], encoder=WordEncoder(), offline=True)
    report = update_index(index, [path], encoder=WordEncoder(), offline=True)
    assert report.manifest.sources[1:] == (f"cards:99:{path.resolve()}",)
    assert names(index, "robot") == ["Gull"]


def test_what_a_path_or_key_stands_for(tmp_path):
    source: Source = Cards(tmp_path / "a.md")
    assert open_source(source) is source
    assert open_source(CATALOGUE) == Catalogue()
    assert open_source(tmp_path / "a.CARDS") == Cards(tmp_path / "a.CARDS")
    assert open_source("cards:3:/a.md") == Cards(Path("/a.md"), 3)
    assert open_source("cards") == MarkdownList(Path("cards"))
    assert open_source("others:/a.md") == MarkdownList(Path("others:/a.md"))


def test_half_a_registration_is_refused():
    with pytest.raises(ValueError, match="give a scheme with from_key"):
        register_source(scheme="half")
    with pytest.raises(ValueError, match="or a suffix with from_path"):
        register_source(suffix=".half")


def test_one_path_alone_is_a_list_of_one(tmp_path):
    """A string is a path, not a sequence of paths of one letter."""
    index = tmp_path / "index"
    line = "## Audio\n\n* [2505] [Name] [A title](https://arxiv.org/abs/{})\n"
    mine, more = tmp_path / "mine.md", tmp_path / "more.md"
    mine.write_text(line.format("2505.01234"), "utf-8")
    more.write_text(line.format("2505.01235"), "utf-8")
    first = build_index(index, str(mine), encoder=WordEncoder(), offline=True)
    assert first.manifest.sources == (str(mine),)
    update_index(index, more, encoder=WordEncoder(), offline=True)
    update_index(index, remove="2505.01234", encoder=WordEncoder(), offline=True)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert [paper.id for paper in engine.papers()] == ["2505.01235"]
