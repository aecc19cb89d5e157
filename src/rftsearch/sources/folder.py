"""A folder as a source: files of topics, or one file for each paper, however they are nested."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from rftsearch.errors import SourceError
from rftsearch.sources.base import ParsedList, WholeSource
from rftsearch.sources.file_kinds import known_suffix
from rftsearch.sources.many_files import join_files, may_hold_papers, read_file

__all__ = ["MOST_FILES", "Folder"]

MOST_FILES = 20_000
"""Files of a folder; libraries of notes with one file a paper have a few thousand."""
_PASSED_OVER = frozenset(
    ("node_modules", "vendor", "site-packages", "venv", "env", "__pycache__", "_site")
)
"""Folders that programs fill."""


class Folder(WholeSource):
    """A folder of lists, tables, libraries and pages about papers."""

    __slots__ = ()

    def parse(self) -> ParsedList:
        """Read every file; a folder without a single paper is no error.

        Raises:
            SourceError: The folder cannot be read, or holds more files than `MOST_FILES`.
        """
        names, translations = may_hold_papers(self.names())
        joined = join_files([read_file(self.path / name, name) for name in names], self.label)
        told = (f"{self.label}: not read, as it repeats README: {name}" for name in translations)
        return replace(joined, account=(*joined.account, *told))

    def nothing_found(self, first: str) -> str:
        """Say that no file of the folder holds a paper."""
        return (
            f"no paper in the folder {self.path}{first}; put lists, tables or libraries "
            "of papers into it (.md, .csv, .yaml, .json, .bib, .ris)"
        )

    def names(self) -> list[str]:
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
