"""The facts of a paper by which filters find it, besides those that are numbers: as keys.

A key is a word that an index of words holds: `author:=annbee`, `venue:cvpr 2026`.
"""

from __future__ import annotations

from rftsearch.papers.asked.author_keys import author_keys
from rftsearch.papers.asked.presents import presented
from rftsearch.papers.asked.venue_keys import venue_in_comment, venue_keys
from rftsearch.papers.paper import Paper
from rftsearch.text.author_names import Name

__all__ = ["AUTHOR", "PRESENTS", "VENUE", "authors_with_keys", "facts_of"]

AUTHOR, VENUE, PRESENTS = "author:", "venue:", "presents:"


def authors_with_keys(paper: Paper) -> list[tuple[str, tuple[str, ...]]]:
    """Return the authors of a paper as they are shown, each with the keys that find them."""
    parts = _parts(paper)
    return [
        (author, author_keys(author, parts[place] if parts else None))
        for place, author in enumerate(paper.authors)
    ]


def facts_of(paper: Paper) -> list[str]:
    """Return the keys of the facts of a paper, each once."""
    found = [f"{AUTHOR}{key}" for _, keys in authors_with_keys(paper) for key in keys]
    places = venue_keys(paper.venue) if paper.venue else ()
    comment = paper.metadata.comment if paper.metadata else None
    for name, year in (*places, *(venue_in_comment(comment) if comment else ())):
        found += [f"{VENUE}{name}", *([f"{VENUE}{name} {year}"] if year else [])]
    found += [f"{PRESENTS}{kind}" for kind in presented(paper)]
    return list(dict.fromkeys(found))


def _parts(paper: Paper) -> list[Name]:
    """Return the names of all authors in parts, if a source has them apart; else nothing."""
    meta = paper.metadata
    split = meta.split_authors if meta and meta.authors else paper.listed_parts
    if len(split) != len(paper.authors):
        return []
    return [
        Name(family, given, suffix=suffix, literal=not given) for family, given, suffix in split
    ]
