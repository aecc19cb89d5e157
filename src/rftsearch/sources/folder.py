"""A folder as a source: files of topics, or one file for each paper, however they are nested."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from rftsearch.errors import SourceError
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper
from rftsearch.sources.base import ParsedList, Problem, Summary, path_key
from rftsearch.sources.file_kinds import known_suffix
from rftsearch.sources.many_files import join_files, may_hold_papers, read_file
from rftsearch.types import Progress

__all__ = ["MOST_FILES", "Folder"]

MOST_FILES = 20_000
"""Files of a folder; libraries of notes with one file a paper have a few thousand."""
_PASSED_OVER = frozenset(
    ("node_modules", "vendor", "site-packages", "venv", "env", "__pycache__", "_site")
)
"""Folders that programs fill."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of lists, tables, libraries and pages about papers."""

    path: Path
    streamed: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """The whole path of the folder."""
        return path_key(self.path)

    @property
    def label(self) -> str:
        """The name of the folder."""
        return self.path.name or self.path.resolve().name or str(self.path)

    def parse(self) -> ParsedList:
        """Read every file; a folder without a single paper is no error.

        Raises:
            SourceError: The folder cannot be read, or holds more files than `MOST_FILES`.
        """
        names, translations = may_hold_papers(self._names())
        joined = join_files([read_file(self.path / name, name) for name in names], self.label)
        told = (f"{self.label}: not read, as it repeats README: {name}" for name in translations)
        return replace(joined, account=(*joined.account, *told))

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary | ListAbout]:  # noqa: ARG002 - quick
        """Read the papers, then what could not be read.

        Raises:
            SourceError: As `parse`, or no file holds a paper.
        """
        parsed = self.parse()
        yield from parsed.papers
        yield from parsed.problems
        if parsed.account:
            yield Summary(parsed.account)
        if not parsed.papers:
            first = next((f" ({p.source}: {p.reason})" for p in parsed.problems), "")
            raise SourceError(
                f"no paper in the folder {self.path}{first}; put lists, tables or libraries "
                "of papers into it (.md, .csv, .yaml, .json, .bib, .ris)"
            )
        yield parsed.about

    def _names(self) -> list[str]:
        """Return the files that may hold papers, relative to the folder."""
        found: list[str] = []

        def refuse(error: OSError) -> None:
            raise error

        try:
            for place, folders, files in os.walk(self.path, onerror=refuse):
                folders[:] = sorted(
                    name for name in folders if name[:1] != "." and name not in _PASSED_OVER
                )
                inner = Path(place).relative_to(self.path)
                names = [name for name in files if name[:1] != "." and known_suffix(name)]
                found += [(inner / name).as_posix() for name in sorted(names)]
                if len(found) > MOST_FILES:
                    raise SourceError(
                        f"{self.path} holds more than {MOST_FILES:,} files; "
                        "name the folder in it that holds the list"
                    )
        except OSError as error:
            raise SourceError(
                f"cannot read {error.filename}: {error.strerror}; give a folder you may read"
            ) from None
        return found
