"""An index that was changed on days of our choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch import build_index, sync_index, update_index
from rftsearch.index.build import publish
from rftsearch.papers.paper import Paper
from support.encoder import WordEncoder
from support.library import LIST, write_abstracts, write_list

ROBOT = "* [2506] [Robo2] [Robo2: A Robot](https://example.org/robo2.pdf)\n"
DRAWING = "* [2506] [DrawTwice] [DrawTwice: Draw and Draw](https://arxiv.org/abs/2506.00001)\n"


class DatedIndex:
    """Builds and changes an index of invented papers, each time on a named day."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.index = folder / "index"
        self._patch = patch
        self._abstracts = write_abstracts(folder)

    def _on(self, day: str) -> None:
        self._patch.setattr(publish, "now", lambda: f"{day}T12:00:00+00:00")

    def build(self, day: str, text: str = LIST) -> None:
        self._on(day)
        build_index(
            self.index,
            [write_list(self.folder, text)],
            encoder=WordEncoder(),
            abstracts=self._abstracts,
            offline=True,
        )

    def sync(self, day: str, text: str):
        self._on(day)
        write_list(self.folder, text)
        return sync_index(self.index, encoder=WordEncoder(), offline=True, force=True)

    def add(self, day: str, *papers: Paper) -> None:
        self._on(day)
        update_index(self.index, papers, encoder=WordEncoder())

    def remove(self, day: str, *ids: str) -> None:
        self._on(day)
        update_index(self.index, remove=ids, encoder=WordEncoder())


def grown(folder: Path, patch: pytest.MonkeyPatch) -> DatedIndex:
    """An index of four generations: it grew in March, was edited in April, and shrank in May."""
    dated = DatedIndex(folder, patch)
    dated.build("2026-01-10")
    dated.sync("2026-03-05", f"{LIST}\n{ROBOT}")
    edited = LIST.replace("[ClipMind]", "[ClipMinds]").replace("## Audio", "## Sound")
    dated.sync("2026-04-01", f"{edited}\n{ROBOT}\n{DRAWING}")
    without = edited.replace("[CrowdSeer]", "[Crowd]").replace(
        "* [2503] [NoPreprint] [NoPreprint: A Video Report](https://example.org/report.pdf)\n", ""
    )
    dated.sync("2026-05-20", f"{without}\n{ROBOT}\n{DRAWING}")
    return dated
