"""What changed between two states of an index, paper by paper, in one line each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rftsearch.index.store.history import PastChange
from rftsearch.index.store.record_json import paper_from_json, to_json
from rftsearch.papers.paper import Paper
from rftsearch.papers.same_paper import group_papers, signs_of

__all__ = [
    "MOST_NAMED",
    "Change",
    "ChangeKind",
    "as_before",
    "changed_papers",
    "list_changes",
    "list_portions",
    "past_changes",
]

MOST_NAMED = 1_000
"""Papers of one kind of change that are named; others are only counted."""
Portions: TypeAlias = Iterable[tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]]
"""Paper ids and records that are new, and those that are old, in portions."""

ChangeKind = Literal["added", "removed", "renamed", "moved", "changed"]
_SIGNS: Mapping[ChangeKind, str] = {"added": "+", "removed": "-"}


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one paper."""

    kind: ChangeKind
    """`renamed`: its name or title is another; `moved`: it stands in another category;
    `changed`: anything else of it is another."""
    text: str
    """What changed, with the name: `SATORI-R1 -> SATORI`, `Video-R1: Video -> Grounding`."""
    before: Paper | None
    """None for a paper that came."""
    after: Paper | None
    """None for a paper that went."""

    @property
    def id(self) -> str:
        """The id of the paper: the new one if it changed."""
        paper = self.after or self.before
        return paper.id if paper else ""

    def __str__(self) -> str:
        """Say it in one line: `+ GRIT`, `- GRIT`, `~ SATORI-R1 -> SATORI`."""
        return f"{_SIGNS.get(self.kind, '~')} {self.text}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        paper = self.after or self.before
        return {
            "kind": self.kind,
            "id": self.id,
            "name": _name(paper) if paper else "",
            "title": paper.title if paper else "",
            "text": self.text,
        }

    def past(self, generation: int) -> PastChange:
        """Return what the history of an index keeps of it."""
        if self.before is None:
            return PastChange(generation, self.id, str(self), None, went=False)
        old = json.loads(to_json(self.before))
        if self.after is None:
            return PastChange(generation, self.id, str(self), old, went=True)
        return PastChange(generation, self.id, str(self), _other(old, self), went=False)


def changed_papers(before: Sequence[Paper], after: Sequence[Paper]) -> tuple[str, ...]:
    """Name what differs between two states of an index; see `list_changes`.

    Returns:
        `+ GRIT` for a paper that was added, `- GRIT` for one that was removed, and for
        one that differs `~ SATORI-R1 -> SATORI` or `~ Video-R1: Video -> Grounding`.
    """
    return tuple(map(str, list_changes(before, after)))


def list_changes(before: Sequence[Paper], after: Sequence[Paper]) -> list[Change]:
    """List what differs between two states of an index: added, removed, then what changed.

    A paper that got another id, for example its arXiv id, is one paper that changed.

    Args:
        before: The versions of papers that only the earlier state has.
        after: The versions of papers that only the later state has.
    """
    old = {paper.id: paper for paper in before}
    new = {paper.id: paper for paper in after}
    pairs = {key: (old[key], paper) for key, paper in new.items() if key in old}
    came = [paper for paper in after if paper.id not in old]
    went = [paper for paper in before if paper.id not in new]
    if came and went and len(came) + len(went) <= 2 * MOST_NAMED:
        pairs |= {one[1].id: one for one in _with_other_ids(went, came)}
    same = {paper.id for pair in pairs.values() for paper in pair}
    return [
        *(Change("added", _name(each), None, each) for each in came if each.id not in same),
        *(Change("removed", _name(each), each, None) for each in went if each.id not in same),
        *(_difference(*pair) for pair in pairs.values()),
    ]


def list_portions(differences: Portions) -> Iterator[Change]:
    """Yield what differs between two states of an index, without holding all of it."""
    for new, old in differences:
        yield from list_changes(list(_readable(old).values()), list(_readable(new).values()))


def _with_other_ids(went: Sequence[Paper], came: Sequence[Paper]) -> Iterator[tuple[Paper, Paper]]:
    """Yield the papers that went and came again under another id."""
    for group in group_papers([signs_of(paper) for paper in (*went, *came)]):
        if len(group.members) == 2 and group.members[0] < len(went) <= group.members[1]:
            yield went[group.members[0]], came[group.members[1] - len(went)]


def _name(paper: Paper) -> str:
    return paper.short_name or paper.title


def _difference(old: Paper, new: Paper) -> Change:
    names = list(dict.fromkeys((_name(old), _name(new))))
    parts = list(_parts(old, new))
    text = f"{' -> '.join(names)}{': ' if parts else ''}{'; '.join(parts)}"
    kind: ChangeKind = "changed"
    if len(names) > 1 or old.title != new.title:
        kind = "renamed"
    elif Counter(old.categories) != Counter(new.categories):
        kind = "moved"
    return Change(kind, text, old, new)


def _parts(old: Paper, new: Paper) -> Iterator[str]:
    """Yield what else differs than the name; of what is short, both values."""
    if old.categories != new.categories:
        yield f"{', '.join(old.categories)} -> {', '.join(new.categories)}"
    if old.title != new.title and old.title != _name(old):
        yield f'title "{old.title}" -> "{new.title}"'
    if old.id != new.id:
        yield f"id {old.id} -> {new.id}"
    if old.released != new.released:
        yield f"{old.released or 'undated'} -> {new.released or 'undated'}"
    if old.kind != new.kind:
        yield f"{old.kind} -> {new.kind}"
    was_from, now_from = ([place.source for place in one.provenance] for one in (old, new))
    repeated = set(was_from) == set(now_from) and len(was_from) != len(now_from)
    differs: Mapping[str, bool] = {
        "abstract": old.abstract != new.abstract or old.abstract_state != new.abstract_state,
        "authors": old.authors != new.authors,
        "title in the list": old.title == new.title and old.listed_title != new.listed_title,
        "links": old.links != new.links,
        "address": old.url != new.url,
        "venue": old.venue != new.venue,
        "DOI": old.doi != new.doi,
        "headings": old.heading_paths != new.heading_paths and old.categories == new.categories,
        "remark": old.description != new.description,
        "generative": old.generative != new.generative,
        "sources": was_from != now_from and not repeated,
        "number of entries": repeated,
    }
    changed = [name for name, is_other in differs.items() if is_other]
    if changed:
        yield ", ".join(changed)


# --- the way back -------------------------------------------------------------------------


def _other(old: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return the fields that were other before a change, as plain JSON values.

    What arXiv says of a paper is left out, unless it was not known before: it would fill
    the history with abstracts.
    """
    new = json.loads(to_json(change.after)) if change.after else {}
    fields = {}
    for name in {*old, *new} - {"metadata"}:
        was, now = old.get(name), new.get(name)
        if name == "provenance" and _sources(was) == _sources(now):
            continue  # Only its line moved.
        if was != now:
            fields[name] = was if name in old else _EMPTY.get(name)
    if old.get("metadata") is None and new.get("metadata") is not None:
        fields["metadata"] = None
    return fields


_EMPTY: Mapping[str, Any] = {"heading_paths": [], "listed_authors": [], "listed_parts": []}
"""What stands for a field that a record does not have; None for any other."""


def _sources(places: Any) -> list[str]:  # noqa: ANN401 - JSON
    return [place["source"] for place in places or ()]


def as_before(change: PastChange, after: Paper | None) -> Paper | None:
    """Return a paper as it was before a change.

    Args:
        change: What the history has of it.
        after: The paper after the change; None if it went.

    Returns:
        None if it was not there, or if its record was damaged.

    Raises:
        ValueError: The history and the paper do not belong together.
    """
    if not change.before and (change.went or change.before is None):
        return None
    if change.went:
        return paper_from_json(json.dumps(change.before))
    if after is None:
        raise ValueError(f"{change.paper_id} is not there")
    return paper_from_json(json.dumps({**json.loads(to_json(after)), **change.before}))


def past_changes(generation: int, differences: Portions) -> Iterator[PastChange]:
    """Yield what the history keeps of the differences to the generation before."""
    for new, old in differences:
        before, after = _readable(old), _readable(new)
        damaged = {paper_id for paper_id, _ in old} - before.keys()
        for paper_id in sorted(damaged - after.keys()):
            line = f"- {paper_id} (its record was damaged)"
            yield PastChange(generation, paper_id, line, {}, went=True)
        # What a repair read again is no new paper.
        changes = list_changes(
            list(before.values()),
            [paper for paper_id, paper in after.items() if paper_id not in damaged],
        )
        yield from (change.past(generation) for change in changes)


def _readable(rows: Iterable[tuple[str, str]]) -> dict[str, Paper]:
    """Return the papers of rows of id and record, without those that are damaged."""
    found = {}
    for paper_id, record in rows:
        with suppress(ValueError):
            found[paper_id] = paper_from_json(record)
    return found
