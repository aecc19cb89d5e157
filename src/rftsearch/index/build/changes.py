"""What a build changed, paper by paper, in one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rftsearch.papers.paper import Paper

__all__ = ["MOST_NAMED", "changed_papers"]

MOST_NAMED = 1_000
"""Papers that came or went; when there are more, they are only counted."""


def changed_papers(before: Sequence[Paper], after: Sequence[Paper]) -> tuple[str, ...]:
    """Name what differs between two states of an index.

    Args:
        before: The versions of papers that only the earlier state has.
        after: The versions of papers that only the later state has.

    Returns:
        `+ GRIT` for a paper that was added, `- GRIT` for one that was removed, and for
        one that differs `~ SATORI-R1 -> SATORI` or `~ Video-R1: Video -> Grounding`.
    """
    old = {paper.id: paper for paper in before}
    new = {paper.id: paper for paper in after}
    return (
        *(f"+ {_name(paper)}" for paper in after if paper.id not in old),
        *(f"- {_name(paper)}" for paper in before if paper.id not in new),
        *(f"~ {_difference(old[key], paper)}" for key, paper in new.items() if key in old),
    )


def _name(paper: Paper) -> str:
    return paper.short_name or paper.title


def _difference(old: Paper, new: Paper) -> str:
    names = list(dict.fromkeys((_name(old), _name(new))))
    parts = list(_parts(old, new))
    return f"{' -> '.join(names)}{': ' if parts else ''}{'; '.join(parts)}"


def _parts(old: Paper, new: Paper) -> Iterator[str]:
    """Yield what else differs than the name; of what is short, both values."""
    if old.categories != new.categories:
        yield f"{', '.join(old.categories)} -> {', '.join(new.categories)}"
    if old.title != new.title and old.title != _name(old):
        yield f'title "{old.title}" -> "{new.title}"'
    if old.released != new.released:
        yield f"{old.released or 'undated'} -> {new.released or 'undated'}"
    if old.kind != new.kind:
        yield f"{old.kind} -> {new.kind}"
    differs: Mapping[str, bool] = {
        "abstract": old.abstract != new.abstract or old.abstract_state != new.abstract_state,
        "authors": old.authors != new.authors,
        "links": old.links != new.links,
        "address": old.url != new.url,
        "remark": old.description != new.description,
        "generative": old.generative != new.generative,
        "sources": [p.source for p in old.provenance] != [p.source for p in new.provenance],
    }
    changed = [name for name, is_other in differs.items() if is_other]
    if changed:
        yield ", ".join(changed)
