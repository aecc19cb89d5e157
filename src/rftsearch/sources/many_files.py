"""Join what several files of one folder or repository hold into one list."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from rftsearch.errors import SourceError
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper, Provenance
from rftsearch.sources.base import ParsedList, Problem, parse_source
from rftsearch.sources.file_kinds import LIBRARIES, MARKDOWN, known_suffix, open_file
from rftsearch.sources.markdown.styles.categories import name_categories, says_nothing
from rftsearch.sources.tables.entries import group_name
from rftsearch.text.plural import plural

__all__ = ["FileRead", "join_files", "may_hold_papers", "read_file"]

_NO_LIST = re.compile(
    r"(?:licen[cs]e|contributing|code[-_]of[-_]conduct|changelog|changes|history|security|support|"
    r"citation|authors|maintainers|pull_request_template|issue_template|package(?:-lock)?|tsconfig|"
    r"mkdocs|_?config|composer|docker-compose|renovate|codecov|settings|navigation|nav|menus?|"
    r"sidebar|_?toc|socials?|footer|header|members|people|team|news|sponsors)(?:[._-].*)?",
    re.IGNORECASE,
)
"""Files about a repository, by their names."""
_TRANSLATION = re.compile(
    r"readme[._-](?:[a-z]{2}|zh|cn|jp|kr|chinese|japanese|korean|spanish|french|german)"
    r"(?:[._-][a-z]{2,4})?",
    re.IGNORECASE,
)
_NO_SUBJECT = frozenset(
    (  # noqa: SIM905 - words read better than a list of them
        "readme index data docs doc content contents posts notes src source files file lists main"
        " home all summary topics topic categories category sections assets static markdown md yaml"
        " csv json bib bibliography refs references library db database resources collections"
    ).split()
)
_SHOWN = 10
"""Names of files in a sentence."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """What one of the files holds."""

    name: str
    """Relative to the folder, with slashes."""
    parsed: ParsedList
    refused: str = ""
    """Why it cannot be read; empty if it can."""
    is_page: bool = False
    """Whether it is a page about one paper."""


def may_hold_papers(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Choose the files that may hold papers, by their names.

    Args:
        names: Relative names of files, with slashes.

    Returns:
        Those to read, in order, README first; and translations of a README that is among them.
    """
    known = [name for name in names if known_suffix(name) and not _NO_LIST.fullmatch(_stem(name))]
    folders = {_folder(name) for name in known if _stem(name).lower() == "readme"}
    same = [
        name for name in known if _TRANSLATION.fullmatch(_stem(name)) and _folder(name) in folders
    ]
    chosen = set(known).difference(same)
    return sorted(chosen, key=lambda n: (n.count("/") > 0, _stem(n).lower() != "readme", n)), same


def read_file(path: Path, name: str) -> FileRead:
    """Read one file; what is wrong with it is told, not raised.

    Args:
        path: Where it is.
        name: What it is called.
    """
    source = open_file(path)
    try:
        parsed = parse_source(source)
    except SourceError as error:
        return FileRead(name, ParsedList((), ()), str(error).replace(str(path), name))
    return FileRead(name, _renamed(parsed, source.label, name), is_page=_is_page(path, parsed))


def _is_page(path: Path, parsed: ParsedList) -> bool:
    """Return whether front matter says which paper a file is about."""
    if [place.line for paper in parsed.papers for place in paper.provenance] != [1]:
        return False
    with path.open("rb") as file:
        return file.read(6).removeprefix(codecs.BOM_UTF8).startswith(b"---")


def _renamed(parsed: ParsedList, label: str, name: str) -> ParsedList:
    """Return what a file holds under another name of it."""
    papers = (
        replace(
            paper,
            provenance=tuple(Provenance(name, place.line) for place in paper.provenance),
            categories=tuple(name if each == label else each for each in paper.categories),
        )
        for paper in parsed.papers
    )
    account = (line.replace(f"{label}:", f"{name}:", 1) for line in parsed.account)
    problems = (replace(problem, source=name) for problem in parsed.problems)
    return replace(parsed, papers=tuple(papers), problems=tuple(problems), account=tuple(account))


def join_files(files: Sequence[FileRead], label: str) -> ParsedList:
    """Join what files hold.

    A paper without a category gets that of its file's name, or of its folder's where
    the file is about one paper. Where one category stands in several files, the name of
    the file becomes a part of it: `Audio: Data sets`.

    Args:
        files: In the order in which they are to be read.
        label: The name of the whole, the category of papers for which nothing says any.
    """
    paths = {file.name: _path(file) for file in files}
    own = name_categories([path for path in paths.values() if path], label)
    parents: dict[str, str] = {name: own[path] if path else "" for name, path in paths.items()}
    under: dict[str, set[str]] = defaultdict(set)
    for file in files:
        for category in {c for paper in file.parsed.papers for c in paper.categories}:
            under[category.casefold()].add(parents[file.name])
    papers: list[Paper] = []
    problems: list[Problem] = []
    for file in files:
        parent = parents[file.name]
        papers += [_placed(paper, file.name, parent, label, under) for paper in file.parsed.papers]
        # Of other files, a folder may have many that are no tables of papers.
        is_list = file.name.lower().endswith((*MARKDOWN, *LIBRARIES))
        if file.parsed.papers or is_list or len(files) == 1:
            problems += file.parsed.problems
        if file.refused:
            problems.append(Problem(file.name, 1, "", file.refused))
    return ParsedList(tuple(papers), tuple(problems), _about(files), _account(files, label))


def _placed(paper: Paper, name: str, parent: str, label: str, under: dict[str, set[str]]) -> Paper:
    """Return a paper with the categories that it has beside those of other files."""

    def placed(category: str) -> str:
        if category == name or (says_nothing(category) and parent):
            return parent or label
        several = len(under[category.casefold()]) > 1
        return f"{parent}: {category}" if several and parent not in {"", category} else category

    return replace(paper, categories=tuple(dict.fromkeys(map(placed, paper.categories))))


def _path(file: FileRead) -> tuple[str, ...]:
    """Return the names of folders and of the file that name a subject."""
    parts = PurePosixPath(file.name).parts
    names = parts[:-1] if file.is_page else (*parts[:-1], _stem(file.name))
    telling = (name for name in names if name.lower().strip("_") not in _NO_SUBJECT)
    return tuple(name for name in map(group_name, telling) if not says_nothing(name))


def _about(files: Sequence[FileRead]) -> ListAbout:
    """Return what the README says of the whole; the only file counts as one."""
    for file in files:
        if (_stem(file.name).lower() == "readme" and "/" not in file.name) or len(files) == 1:
            return file.parsed.about
    return ListAbout()


def _account(files: Sequence[FileRead], label: str) -> tuple[str, ...]:
    """Say which files were read, and which of them hold no paper."""
    with_papers = [file for file in files if file.parsed.papers]
    without = [file.name for file in files if not file.parsed.papers and not file.refused]
    lines = [f"{label}: papers in {plural(len(with_papers), 'file')}"] if len(files) > 1 else []
    if without and with_papers:
        lines.append(f"{label}: no paper in {_listed(without)}")
    return (*lines, *(line for file in with_papers for line in file.parsed.account))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _stem(name: str) -> str:
    base = PurePosixPath(name).name
    suffix = known_suffix(base) or PurePosixPath(base).suffix
    return base[: -len(suffix)] if suffix else base


def _folder(name: str) -> str:
    return str(PurePosixPath(name).parent)
