"""References of the papers in every format, written once: a browser only joins them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rftsearch.export import FORMATS, export, without_mark
from rftsearch.look.coins import coins
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper

__all__ = ["AT_ONCE", "citation_files", "formats"]

AT_ONCE = 100
"""Papers in one file: whoever cites one paper loads no more."""
_LEFT_OUT = frozenset({"markdown"})
"""Formats in which an entry stands under the heading of its section: they are not joined so."""


def formats() -> list[dict[str, str]]:
    """Return the formats that visitors may take, and what stands around the entries of each."""
    return [
        {
            "name": one.name,
            "label": one.label,
            "suffix": one.suffix,
            "type": one.media_type,
            "first": {"csv": export((), "csv"), "csl": "[\n"}.get(one.name, ""),
            "between": {"bibtex": "\n", "csl": ",\n"}.get(one.name, ""),
            "last": {"csl": "\n]\n"}.get(one.name, ""),
        }
        for one in FORMATS.values()
        if one.name not in _LEFT_OUT
    ]


def citation_files(papers: Sequence[Paper], about: ListAbout) -> Iterator[tuple[str, bytes]]:
    """Yield the files of `cite/`: name and content, `AT_ONCE` papers each.

    Beside the formats there is `coins`: what Zotero's button reads on a card.
    """
    for name in (*(form["name"] for form in formats()), "coins"):
        for start in range(0, len(papers), AT_ONCE):
            some = papers[start : start + AT_ONCE]
            entries = [coins(one) if name == "coins" else _entry(one, name, about) for one in some]
            content = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
            yield f"cite/{name}-{start // AT_ONCE}.json", content.encode()


def _entry(paper: Paper, name: str, about: ListAbout) -> str:
    """Return the entry of one paper as it stands among others."""
    if name == "bibtex":
        about = ListAbout()  # What BibTeX says of the list stands once, above all entries.
    whole = export([paper], name, about=about)
    if name == "csv":
        head = without_mark(export((), "csv"))
        return without_mark(whole).removeprefix(head)
    if name == "csl":
        return whole.strip().removeprefix("[").removesuffix("]").strip("\n")
    return whole
