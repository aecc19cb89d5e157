"""Fetch the files of a gist."""

from __future__ import annotations

from urllib.parse import quote

from rftsearch.papers.about import ListAbout
from rftsearch.sources.many_files import FileRead, may_hold_papers
from rftsearch.sources.web.fetch import Fetcher
from rftsearch.sources.web.places import Place
from rftsearch.sources.web.read_copy import read_copy
from rftsearch.sources.web.repository import MOST_FETCHED, asked
from rftsearch.text.clean import one_line

__all__ = ["read_gist"]


def read_gist(place: Place, fetcher: Fetcher) -> tuple[list[FileRead], ListAbout]:
    """Read the files of a gist that may hold papers, and what it says of itself.

    Raises:
        FetchError: It cannot be fetched.
    """
    said = asked(fetcher, f"{fetcher.hosts.api}/gists/{place.name}")
    held = said.get("files")
    names, _ = may_hold_papers(map(str, held if isinstance(held, dict) else ()))
    base = f"{fetcher.hosts.gists}/{place.owner}/{place.name}/raw"
    files = [read_copy(fetcher.get(f"{base}/{quote(name)}"), name) for name in names[:MOST_FETCHED]]
    description = said.get("description")
    about = ListAbout(
        description=one_line(description)[:1_000] if isinstance(description, str) else "",
        updated=str(said.get("updated_at") or "")[:10],
    )
    return files, about
