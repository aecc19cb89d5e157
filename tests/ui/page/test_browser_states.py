"""What becomes of the page while the index under it changes."""

from __future__ import annotations

import filelock
import pytest

from rftsearch import Engine
from rftsearch.index.build.build import build_index
from support.encoder import WordEncoder
from support.page import arxiv, entry
from support.serving import served

pytestmark = pytest.mark.browser


@pytest.fixture
def moving(tmp_path):
    """A page over an index that can be rebuilt: its address, index and builder."""
    source = tmp_path / "list.md"

    def build(*names: str):
        lines = [
            entry("2501", name, f"{name}: A title", arxiv(f"2501.0000{number}"))
            for number, name in enumerate(names, start=1)
        ]
        source.write_text("\n".join(["# L", "## One", *lines]), "utf-8")
        build_index(tmp_path / "index", [source], encoder=WordEncoder(), offline=True)

    build("Old")
    with (
        Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine,
        served(engine) as address,
    ):
        yield address, tmp_path / "index", build


def test_titles_only_and_an_index_replaced_while_reading(visitor, moving):
    address, index, build = moving
    visit = visitor(at=address).open()
    assert "1 is known by title only" in visit.page.locator("#masthead").inner_text()
    assert visit.page.locator(".missing").count() == 0

    # Whoever runs the page knows of a build; to visitors it changes nothing.
    (index / "writer.json").write_text("{}", "utf-8")
    with filelock.FileLock(index / "write.lock"):
        visit.search("old")
        assert visit.page.locator("#found .note").count() == 0

    build("Old", "New")
    visit.search("new")
    found = visit.page.locator("#found")
    assert "The list was updated while you were reading" in found.inner_text()
    assert visit.names == ["New", "Old"]
    assert "2 papers" in visit.page.locator("#masthead").inner_text()
    visit.search("old")
    assert "while you were reading" not in found.inner_text()
