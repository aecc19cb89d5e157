"""A Markdown page about one paper: its front matter says which."""

from __future__ import annotations

import re

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.base import ParsedList
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.sources.tables.cells import addresses_of, is_nothing, read_cell
from rftsearch.sources.tables.columns import field_of
from rftsearch.sources.tables.facts import Row
from rftsearch.sources.tables.table_file import papers_of_rows
from rftsearch.sources.tables.tree import Fields, Text, Tree, TreeError, texts_of
from rftsearch.sources.tables.yaml_tree import read_yaml_leniently

__all__ = ["paper_of_page"]

_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S | re.M
)
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
    found = _FRONT_MATTER.match(text)
    if found is None:
        return None
    try:
        tree, _ = read_yaml_leniently(found[1])
    except TreeError:
        return None
    if not isinstance(tree, Fields):
        return None
    body = text[found.end() :]
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
