"""Which files of its own repository a README links to as further lists."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from rftsearch.errors import SourceError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.file_kinds import known_suffix
from rftsearch.sources.markdown.styles.html_tree import Element, html_tree
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.sources.web.places import Place, find_place

__all__ = ["linked_files"]

_BLOCKS = frozenset(("li", "tr", "p", "dd", "h1", "h2", "h3", "h4", "h5", "h6"))


def linked_files(text: str, name: str, repository: Place) -> list[str]:
    """Return the files that a page of a repository links to and that may be lists.

    Links beside the link of a paper lead to notes on that paper; they are left out.

    Args:
        text: The page, Markdown.
        name: Where it stands in the repository, `README.md`.
        repository: The repository.

    Returns:
        Names of files relative to the repository, in order, each once; for a link to a
        folder that of its README.
    """
    found: dict[str, None] = {}
    for anchor in html_tree(text).iter("a"):
        target = _target(str(anchor.get("href") or ""), name, repository)
        if target and target != name and target not in found and not _stands_beside_a_paper(anchor):
            found[target] = None
    return list(found)


def _target(href: str, name: str, repository: Place) -> str | None:
    """Return the file of the repository that a link leads to; None if it leads elsewhere."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:  # A bracket too few, for example.
        return None
    if parts.scheme or parts.netloc:
        path = _path_in_address(href.strip(), repository)
        if path is None:
            return None
        joined = posixpath.normpath(path)
    else:
        path = unquote(parts.path)
        if not path:
            return None
        base = "" if path.startswith("/") else posixpath.dirname(name)
        joined = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
    if joined.startswith(("..", "/")) or joined == "." or "\0" in joined:
        return None
    last = posixpath.basename(joined)
    if known_suffix(last):
        return joined
    return f"{joined}/README.md" if "." not in last and last.lower() != "license" else None


def _path_in_address(url: str, repository: Place) -> str | None:
    """Return the path in the repository that a whole address names; None for other places."""
    try:
        place = find_place(url)
    except (SourceError, ValueError):
        return None
    if place is None or place.kind not in {"file", "folder"}:
        return None
    same = (place.owner.lower(), place.name.lower()) == (
        repository.owner.lower(),
        repository.name.lower(),
    )
    return place.path.partition("/")[2] or None if same else None


def _stands_beside_a_paper(anchor: Element) -> bool:
    """Return whether the item or row of a link also has the link of a paper."""
    block = next((one for one in anchor.iterancestors() if one.tag in _BLOCKS), None)
    return block is not None and any(map(_is_paper, _addresses(block)))


def _addresses(block: Element) -> Iterator[str]:
    for anchor in block.iter("a"):
        yield str(anchor.get("href") or "")


def _is_paper(url: str) -> bool:
    return parse_arxiv_id(url) is not None or is_paper_page(url)
