"""The pages of documentation: their code blocks, command lines, links and headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support.paths import ROOT

PAGES = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in (
            *ROOT.glob("*.md"),
            *(ROOT / "docs").rglob("*.md"),
            ROOT / "index" / "README.md",
            ROOT / "benchmarks" / "RESULTS.md",
        )
    )
)
"""Every page, as a path below the root of the repository."""

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_INLINE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """One code block of a page."""

    page: str
    line: int
    """Line of its first line of code, counted from 1."""
    language: str
    code: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def read(page: str | Path) -> str:
    return (ROOT / page).read_text("utf-8")


def blocks(language: str, pages: tuple[str, ...] = PAGES) -> list[Block]:
    """Return the code blocks of one language, in the order of the pages."""
    return [
        Block(page, text.count("\n", 0, match.start(2)) + 1, match[1], match[2])
        for page in pages
        for text in [read(page)]
        for match in _FENCED.finditer(text)
        if match[1] == language
    ]


def prose(page: str) -> str:
    """Return a page without its code blocks."""
    return _FENCED.sub("", read(page))


def command_lines() -> list[tuple[str, list[str]]]:
    """Return every command of every shell block: where it is written, and its words.

    A line may hold several commands. Comments, redirections, and variables in front of
    a command are left out.
    """
    found = []
    for block in blocks("sh"):
        for number, line in enumerate(block.code.splitlines(), start=block.line):
            for command in re.split(r"\s(?:&&|\|)\s", re.sub(r"\s>\s*\S+", "", line)):
                words = shlex.split(command, comments=True)
                while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                    words.pop(0)
                if words:
                    found.append((f"{block.page}:{number}", words))
    return found


def mentions(page: str) -> Iterator[str]:
    """Yield what stands between single backticks in the prose of a page."""
    yield from _INLINE.findall(prose(page))


def links(page: str) -> list[str]:
    """Return the targets of a page's links and pictures, without those to other hosts."""
    return [target for target in _LINK.findall(prose(page)) if "://" not in target]


def resolve(page: str, target: str) -> tuple[Path, str]:
    """Return the file and the anchor that a link of a page leads to."""
    path, _, anchor = target.partition("#")
    return (ROOT / page).parent / path if path else ROOT / page, anchor


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
