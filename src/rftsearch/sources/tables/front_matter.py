"""A Markdown page about one paper: its front matter says which."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.base import ParsedList, Problem
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.sources.tables.cells import addresses_of, is_nothing, read_cell
from rftsearch.sources.tables.columns import field_of
from rftsearch.sources.tables.facts import Row
from rftsearch.sources.tables.table_file import papers_of_rows
from rftsearch.sources.tables.tree import Fields, Items, Text, Tree, TreeError, texts_of
from rftsearch.sources.tables.yaml_tree import read_yaml_leniently

__all__ = ["broken_front_matter", "paper_of_page"]

_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M
)
_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_BEGINS_WITH_FIELD = re.compile(r"\s*[\w-]+\s*:(?:\s|$)")
_ABSTRACT = re.compile(
    r"^(?:#{1,6}[ \t]*(?:\d[\d.]*[ \t]+)?abstract[ \t#:]*$|\*\*abstract[.:]?\*\*[.:]?)"
    r"(.*?)(?=^#{1,6}[ \t]|^\*\*[^*\n]+\*\*[.:]?[ \t]*$|^---|\Z)",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_OF_A_PAPER = frozenset(("arxiv", "doi", "pdf", "abstract", "venue"))


def paper_of_page(text: str, source: str, entries: ParsedList) -> ParsedList | None:
    """Return the paper that a page with front matter is about; None if it is about none.

    A page is about a paper if its front matter has a title, and besides an arXiv id, a DOI, a
    PDF, an abstract, a venue or the page of a paper; or authors, and no list stands below.

    Args:
        text: The page.
        source: Its name, for the record's provenance.
        entries: What a reader of lists finds in the page.
    """
    try:
        tree, end = _tree_of(text)
    except TreeError:
        return None
    if not isinstance(tree, Fields):
        return None
    body = text[end:]
    cells = [(key, value) for key, value in tree.pairs if any(True for _ in texts_of(value))]
    fields = {field_of(key) for key, _ in cells}
    if not _is_about_a_paper(cells, len(entries.papers)):
        ids = _ids_in(body)
        titled = any(not paper.title.startswith("arXiv:") for paper in entries.papers)
        if "title" not in fields or titled or len(ids) != 1:
            return None  # What has a title of its own is an entry of a list.
        cells.append(("arxiv", Text(1, ids.pop())))
    if "abstract" not in fields and (abstract := _ABSTRACT.search(body)):
        cells.append(("abstract", Text(1, _prose(abstract[1]))))
    papers, problems = papers_of_rows([Row(1, tuple(cells))], source)
    return ParsedList(tuple(papers), tuple(problems)) if papers else None


def broken_front_matter(text: str, source: str) -> Problem | None:
    """Return what is wrong with the front matter of a page; None if nothing is, or it has none.

    Args:
        text: The page.
        source: Its name.
    """
    try:
        _tree_of(text)
    except TreeError as error:
        line = error.start + 1  # The line of signs above it.
        lines = text.splitlines()
        start = lines[line - 1].strip()[:80] if line <= len(lines) else ""
        reason = f"its front matter cannot be read ({error}) and is passed over; mend it"
        return Problem(source, line, start, reason)
    return None


def _tree_of(text: str) -> tuple[Tree | None, int]:
    """Return the front matter of a page, None without one, and where it ends.

    Raises:
        TreeError: It is broken.
    """
    if found := _TOML.match(text):
        try:
            return _of_toml(tomllib.loads(found[1].replace("\r\n", "\n"))), found.end()
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            line = int(at[1]) if at else found[1].count("\n") or 1
            raise TreeError(f"as TOML: {str(error).partition(' (at')[0]}", line) from None
    found = _FRONT_MATTER.match(text)
    if found is None:
        return None, 0
    try:
        return read_yaml_leniently(found[1])[0], found.end()
    except TreeError as error:
        if _BEGINS_WITH_FIELD.match(found[1]) is None:
            return None, 0  # Text between two rules.
        raise TreeError(f"as YAML: {error}", error.line, error.start) from None


def _of_toml(value: Any) -> Tree:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, dict):
        return Fields(1, tuple((str(key), _of_toml(one)) for key, one in value.items()))
    if isinstance(value, list):
        return Items(1, tuple(map(_of_toml, value)))
    return Text(1, str(value))


def _is_about_a_paper(cells: list[tuple[str, Tree]], entries: int) -> bool:
    said = {field_of(key): value for key, value in cells}
    sound = {field for field, value in said.items() if field and not _empty(value)}
    if not sound & {"title", "paper", "name", "arxiv"}:
        return False
    addresses = [
        url for key in ("url", "paper") if key in said for _, url in addresses_of(said[key])
    ]
    if sound & _OF_A_PAPER or any(parse_arxiv_id(u) or is_paper_page(u) for u in addresses):
        return True
    return "authors" in sound and not entries


def _empty(tree: Tree) -> bool:
    return all(is_nothing(text) for text in texts_of(tree))


def _ids_in(body: str) -> set[str]:
    links = read_cell(Text(1, body)).links
    return {found for _, url in links if (found := parse_arxiv_id(url))}


def _prose(markdown: str) -> str:
    """Return Markdown as plain text."""
    bare = re.sub(r"^[>\s]+|(?<!\w)[*_`]{1,3}|[*_`]{1,3}(?!\w)", " ", markdown, flags=re.MULTILINE)
    return read_cell(Text(1, bare)).text
