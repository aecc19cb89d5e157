"""Badges: images that count the stars of a repository, or name an id or a venue."""

from __future__ import annotations

import re
from urllib.parse import quote

from rftsearch.papers.paper import Paper

__all__ = ["badge_template", "repository_of", "write_badge"]

_REPOSITORY = re.compile(r"github\.com/([\w.-]+/[\w.-]+)")
_FIELDS = ("{id}", "{address}", "{repository}", "{venue}", "{name}")


def repository_of(paper: Paper) -> str | None:
    """Return owner and name of the repository on GitHub that a paper's code is in."""
    address = _code_address(paper)
    found = _REPOSITORY.search(address) if address else None
    return found[1].removesuffix(".git") if found else None


def _code_address(paper: Paper) -> str | None:
    urls = (link.url for link in paper.links if link.kind in {"code", "project"})
    return next((url for url in urls if _REPOSITORY.search(url)), None)


def badge_template(raw: str, paper: Paper) -> str:
    """Return a badge with a name of a field wherever it says something of its paper."""
    template = raw
    for field, text in _values(paper):
        if text:
            template = template.replace(text, field)
    if paper.short_name and template != raw:
        template = template.replace(f"![{paper.short_name}]", "![{name}]")
    return template


def write_badge(template: str, paper: Paper) -> str | None:
    """Return the badge of another paper; None if it has nothing to say there."""
    values = {field: text for field, text in reversed(list(_values(paper))) if text}
    values["{name}"] = paper.short_name
    for field in _FIELDS:
        if field in template:
            if not values.get(field):
                return None
            template = template.replace(field, values[field])
    return template


def _values(paper: Paper) -> list[tuple[str, str | None]]:
    """Return what badges say, as it stands in addresses, longer texts first."""
    venue = paper.venue or ""
    doubled = venue.replace("-", "--").replace("_", "__")
    return [
        ("{address}", _code_address(paper)),
        ("{repository}", repository_of(paper)),
        ("{id}", paper.arxiv_id),
        ("{venue}", quote(doubled, safe="'&,:@") or None),
        ("{venue}", quote(doubled) or None),
        ("{venue}", doubled.replace(" ", "_") or None),
    ]
