"""Find the entries in a tree of YAML or JSON, and the groups in which they stand.

What people write is one of these, or one in another: a sequence of entries; a mapping of
categories to entries; a mapping of keys to entries; a mapping that has the entries under a
name such as `papers`; a sequence of categories, each with a name and its entries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rftsearch.papers.about import ListAbout
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.markdown.unread import is_paper_page
from rftsearch.sources.tables.cells import is_nothing, plain_text, read_cell
from rftsearch.sources.tables.columns import CHILDREN, IDENTITY, field_of, known_fields, squashed
from rftsearch.sources.tables.facts import Row, flattened
from rftsearch.sources.tables.tree import Fields, Items, Text, Tree, texts_of
from rftsearch.text.addresses import is_web_address

__all__ = ["Walk", "group_name"]

_MOST_VISITS = 50
"""How often a value is looked at; YAML can name one in many places, and these in many others."""
_OF_PAPERS = {"arxiv", "doi", "authors", "first_author", "pdf", "abstract", "venue", "year"}
"""Fields that entries have and categories do not."""
_OF_MENUS = {"icon", "weight", "permalink", "layout", "target", "submenu"}
_NAMES_OF_GROUPS = ("category", "title", "name", "section", "topic", "subcategory")


def group_name(key: str) -> str:
    """Return the name of a group as people read it: `Video models` for `video_models`.

    A name with capitals or blanks stays as it is; digits and signs that sort files go.
    """
    name = plain_text(key)
    bare = name.lstrip("0123456789").lstrip("._- ")
    bare = (
        bare
        if bare and bare != name and name[0].isdigit() and name[1:2] in "0123456789._- "
        else name
    )
    if " " in bare or not bare.islower():
        return " ".join(bare.split("_")).strip() or name
    words = bare.replace("_", " ").replace("-", " ").split()
    words = [word.upper() if _ACRONYM.fullmatch(word) else word for word in words]
    return " ".join((words[0][:1].upper() + words[0][1:], *words[1:])) if words else name


_ACRONYM = re.compile(r"[bcdfghj-np-tv-xz]{2,5}")
"""What cannot be spoken as a word: `rlhf`, `nlp`, `vlm`."""


@dataclass
class Walk:
    """One way through a tree."""

    rows: list[Row] = field(default_factory=list)
    strange: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, beginning and reason of what is no entry."""
    about: ListAbout = field(default_factory=ListAbout)
    unknown: dict[str, None] = field(default_factory=dict)
    """Names of fields of entries that are not known."""
    _visits: dict[int, int] = field(default_factory=dict)
    _holding: dict[int, bool] = field(default_factory=dict)
    """Whether a value holds an entry, by its identity: the tree outlives the walk."""

    def take(self, tree: Tree) -> None:
        """Read the tree of a whole file."""
        if not isinstance(tree, Fields):
            self._any(tree, (), "")
        elif self._is_entry(tree):
            if _is_surely_a_paper(tree):
                self._entry(tree, (), "")
        elif self._children(tree, top=True):
            self.about = _about(tree)
            self._fields(tree, (), top=True)
        else:
            self._any(tree, (), "")

    def _any(self, tree: Tree, path: tuple[str, ...], key: str) -> None:
        visits = self._visits[id(tree)] = self._visits.get(id(tree), 0) + 1
        if visits > _MOST_VISITS:
            if visits == _MOST_VISITS + 1:
                reason = f"it is named in more than {_MOST_VISITS} places; the others are not read"
                self.strange.append((tree.line, "", reason))
            return
        if isinstance(tree, Items):
            self._items(tree, path)
        elif isinstance(tree, Fields):
            if self._is_entry(tree):
                self._entry(tree, path, key)
            else:
                self._fields(tree, path)
        else:
            self._text(tree, path, key)

    def _items(self, tree: Items, path: tuple[str, ...]) -> None:
        if header := _header(tree):
            for item in tree.items[1:]:
                if isinstance(item, Items):
                    cells = tuple(zip(header, item.items, strict=False))
                    self._entry(Fields(item.line, cells), path, "")
            return
        among = any(isinstance(item, Fields) and self._is_entry(item) for item in tree.items)
        for item in tree.items:
            if among and isinstance(item, Fields) and not self._holds_entries(item):
                self._entry(item, path, "")  # What it lacks is told when it is read.
            else:
                self._any(item, path, "")

    def _entry(self, tree: Fields, path: tuple[str, ...], key: str) -> None:
        for name, _ in flattened(tree.pairs):
            if field_of(name) is None and name:
                self.unknown.setdefault(plain_text(name)[:40])
        self.rows.append(Row(tree.line, tree.pairs, path, key))

    def _text(self, tree: Text, path: tuple[str, ...], key: str) -> None:
        """Take a bare text: an address, an arXiv id, or a link of Markdown."""
        if is_nothing(tree.text):
            return
        cell = read_cell(tree)
        if cell.links or parse_arxiv_id(tree.text) or is_web_address(tree.text.strip()):
            pairs: list[tuple[str, Tree]] = [("url", tree)]
            label = cell.text or next((label for label, _ in cell.links), "")
            if label and not parse_arxiv_id(label):
                pairs.append(("title", Text(tree.line, label)))
            self.rows.append(Row(tree.line, tuple(pairs), path, key))
            return
        reason = "a text stands where an entry with fields such as title and url is expected"
        self.strange.append((tree.line, plain_text(f"{key} {tree.text}"[:200])[:100], reason))

    def _fields(self, tree: Fields, path: tuple[str, ...], *, top: bool = False) -> None:
        """Take a mapping that is no entry: a category, categories, or keys of entries."""
        children = self._children(tree, top=top)
        named = bool(children) and all(_only_holds(key, top=top) for key, _ in children)
        if named and not top:
            name = _own_name(tree)
            path = (*path, name) if name else path
        among = any(isinstance(one, Fields) and self._is_entry(one) for _, one in tree.pairs)
        for key, value in tree.pairs:
            if isinstance(value, Text):
                # `title: address`, but not the title, date or address of the list itself.
                if not named and not top and is_nothing(key) is False and field_of(key) is None:
                    self._text(value, path, key)
                continue
            if _only_holds(key, top=top):
                self._any(value, path, "")
            elif named:
                continue  # Authors of the list, settings of a page.
            elif isinstance(value, Fields) and (
                self._is_entry(value) or (among and not self._holds_entries(value))
            ):
                self._entry(value, path, key)
            else:
                self._any(value, (*path, group_name(key)) if key else path, key)

    def _children(self, tree: Fields, *, top: bool = False) -> list[tuple[str, Tree]]:
        """Return what of a mapping may hold entries, by a name such as `papers` if any has one."""
        values: list[tuple[str, Tree]] = [
            (key, value) for key, value in tree.pairs if not isinstance(value, Text)
        ]
        named = [
            (key, value)
            for key, value in values
            if _only_holds(key, top=top) and self._holds_entries(value)
        ]
        return named or [(key, value) for key, value in values if self._holds_entries(value)]

    def _holds_entries(self, tree: Tree, *, inside: bool = False) -> bool:
        """Return whether a value holds an entry, however deep; a text alone is none."""
        if isinstance(tree, Text):
            return inside and bool(read_cell(tree).links or parse_arxiv_id(tree.text))
        known = self._holding.get(id(tree))
        if known is None:
            if isinstance(tree, Items):
                inner = any(self._holds_entries(item, inside=True) for item in tree.items)
                known = inner or _header(tree) is not None
            else:
                known = self._is_entry(tree) or any(
                    self._holds_entries(value) for _, value in tree.pairs
                )
            self._holding[id(tree)] = known
        return known

    def _is_entry(self, tree: Fields) -> bool:
        """Return whether a mapping describes one paper."""
        direct = known_fields(key for key, value in tree.pairs if _is_text(value))
        inner = [value for key, value in tree.pairs if field_of(key) == "paper"]
        if any(isinstance(value, Fields) and self._is_entry(value) for value in inner):
            return True
        if not direct & set(IDENTITY):
            return False
        every = known_fields(key for key, value in flattened(tree.pairs) if _says_something(value))
        if every & _OF_PAPERS:
            return True
        if not _may_be_a_paper(tree, direct):
            return False
        only_named = direct <= {"title", "name", "remark", "category", "key"}
        return not any(
            self._holds_entries(value)
            for key, value in tree.pairs
            if squashed(key) in CHILDREN or (only_named and field_of(key) is None)
            if not isinstance(value, Text)
        )


def _is_surely_a_paper(tree: Fields) -> bool:
    """Return whether a mapping that is a whole file describes a paper, and no page or program."""
    pairs = list(flattened(tree.pairs))
    if known_fields(key for key, _ in pairs) & (_OF_PAPERS - {"authors", "first_author"}):
        return True
    addresses = (url for _, value in pairs for _, url in read_cell(value).links)
    return any(parse_arxiv_id(url) or is_paper_page(url) for url in addresses)


def _may_be_a_paper(tree: Fields, fields: set[str]) -> bool:
    """Return whether a mapping without any field of papers is more than a part of a page's menu.

    Args:
        tree: The mapping.
        fields: Those of its fields that hold a text.
    """
    if any(key.casefold() in _OF_MENUS for key, _ in tree.pairs):
        return False
    addressed = any(read_cell(value).links for _, value in tree.pairs if _is_text(value))
    return addressed or (fields & set(IDENTITY) == {"title"} or "date" in fields)


def _only_holds(key: str, *, top: bool) -> bool:
    """Return whether a key such as `papers` only holds entries, and names no category.

    Inside of a file, `Data` with a capital is a category.
    """
    return squashed(key) in CHILDREN and (top or key.islower())


def _is_text(tree: Tree) -> bool:
    """Return whether a value is a text that says something, or a sequence of texts."""
    items = tree.items if isinstance(tree, Items) else (tree,)
    return any(isinstance(one, Text) and one.text.strip() for one in items)


def _says_something(tree: Tree) -> bool:
    return any(True for _ in texts_of(tree)) or isinstance(tree, Fields)


def _header(tree: Items) -> list[str] | None:
    """Return the names of columns that the first of some sequences holds; None if it has none."""
    if len(tree.items) < 2 or not all(isinstance(item, Items) for item in tree.items[:20]):
        return None
    first = tree.items[0]
    if not isinstance(first, Items) or not all(isinstance(one, Text) for one in first.items):
        return None
    names = [one.text for one in first.items if isinstance(one, Text)]
    return names if known_fields(names) & set(IDENTITY) else None


def _own_name(tree: Fields) -> str:
    """Return the name that a category has as one of its fields."""
    named = {field_of(key): value for key, value in reversed(tree.pairs) if isinstance(value, Text)}
    for name in _NAMES_OF_GROUPS:
        if name in named and not is_nothing(named[name].text):
            return plain_text(named[name].text)
    headings = (
        value.text
        for key, value in tree.pairs
        if isinstance(value, Text) and squashed(key) in {"heading", "header", "id"}
    )
    return plain_text(next(headings, ""))


def _about(tree: Fields) -> ListAbout:
    """Return what a file says of itself beside its entries."""
    said: dict[str, str] = {}
    for key, value in tree.pairs:
        if isinstance(value, Text) and value.text.strip():
            said.setdefault(field_of(key) or squashed(key), plain_text(value.text))
    home = next((said[key] for key in ("project", "url", "code") if key in said), "")
    return ListAbout(
        title=said.get("title") or said.get("name", ""),
        description=said.get("remark", ""),
        home=home if is_web_address(home) else "",
        licence=said.get("license") or said.get("licence", ""),
        updated=said.get("updated", "")[:10],
    )
