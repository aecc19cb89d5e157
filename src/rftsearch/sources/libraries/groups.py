r"""Groups of JabRef, which Better BibTeX writes for Zotero's collections, too.

@comment{jabref-meta: grouping:
0 AllEntriesGroup:;
1 StaticGroup:Vision\;0\;1\;\;\;\;;
2 ExplicitGroup:Detection\;0\;key-one\;key-two\;;
}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rftsearch.sources.libraries.markup import plain

__all__ = ["Groups", "read_groups"]

_TREE = re.compile(r"\s*jabref-meta:\s*(?:grouping|groupstree):", re.IGNORECASE)
_GROUP = re.compile(r"\s*(?P<level>\d{1,3})\s+(?P<kind>\w+):(?P<rest>.*)", re.DOTALL)
_END = re.compile(r"(?<!\\);")
_FIELD = re.compile(r"(?<!\\)\\;")
_DEEPEST = 20

Path = tuple[str, ...]
"""The names of a group and of those above it, outermost first."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The tree of groups that a file describes."""

    by_name: dict[str, list[Path]] = field(default_factory=dict)
    by_key: dict[str, list[Path]] = field(default_factory=dict)
    """The groups that list their entries by citation key, which older files do."""

    def of(self, key: str, names: Iterable[str]) -> tuple[Path, ...]:
        """Return the groups of an entry by its key and by the names in its own field."""
        paths = [path for name in names for path in self.by_name.get(name, [(name,)])]
        return tuple(dict.fromkeys((*paths, *self.by_key.get(key, ()))))


def read_groups(comments: Iterable[str]) -> Groups:
    """Read the groups out of the comments of a file."""
    groups = Groups()
    for comment in comments:
        if not (tree := _TREE.match(comment)):
            continue
        above: list[str] = []
        # Old versions break lines anywhere, new ones behind a group.
        for one in _END.split(comment[tree.end() :].replace("\n", "")):
            found = _GROUP.match(one)
            if found is None or found["kind"] == "AllEntriesGroup":
                continue
            name, *rest = [_unescaped(part) for part in _FIELD.split(found["rest"])]
            level = min(int(found["level"]), _DEEPEST)
            above = [*above[: max(level - 1, 0)], name]
            path = tuple(above)
            groups.by_name.setdefault(name, []).append(path)
            if found["kind"] == "ExplicitGroup":
                for key in filter(None, rest[1:]):
                    groups.by_key.setdefault(key, []).append(path)
    return groups


def _unescaped(text: str) -> str:
    return plain(re.sub(r"\\(.)", r"\1", text))
