"""Which records are of one paper: the same arXiv id, DOI, or title with the same first author.

The records are looked at in steps, from the surest sign to the weakest. In each step all
records that share a sign belong together, also those that are joined only through a third
one. Before a step joins records it is checked whether something speaks against it, such
as two arXiv ids: then the step joins none of them. Nothing here depends on the order of the
records, and the time grows with their number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.doi import arxiv_id_of_doi, normal_doi
from rftsearch.papers.paper import Kind, Paper
from rftsearch.text.author_names import split_name
from rftsearch.text.clean import slug
from rftsearch.text.terms import fold_name

__all__ = ["UNKNOWN_TITLE", "Group", "Signs", "group_papers", "keys_of", "signs_of"]

_LONG_TITLE_WORDS = 4
_LONG_TITLE_LETTERS = 20
"""A shorter title, such as "Visual Reasoning", may well be that of two papers."""
_DIGEST = re.compile("[0-9a-f]{6}")
UNKNOWN_TITLE = "arXiv:"
"""How the title begins that stands for one which is not known yet."""


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one paper."""

    members: tuple[int, ...]
    """Their places among the records that were given, ascending."""
    reasons: tuple[str, ...] = ()
    """By which signs they were joined: "same DOI"; empty for a single record."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a record says of which paper it is."""

    kind: Kind
    arxiv_id: str | None
    own_id: str | None
    """The id, where it is more than an arXiv id, a DOI or the title in another form."""
    dois: frozenset[str]
    titles: tuple[str, ...]
    """Its titles in letters and digits: the one that is shown, and the list's."""
    long_title: bool
    family: str | None
    """The family name of its first author, in one form."""
    author: frozenset[str]
    """All parts of the name of its first author."""
    year: str | None
    url: str | None
    places: tuple[str, ...]
    """The sources that have it."""


def signs_of(paper: Paper) -> Signs:
    """Return what a record says of which paper it is."""
    metadata = paper.metadata
    given = [paper.doi, metadata.doi if metadata else None, paper.url, paper.id]
    given += [link.url for link in paper.links if link.kind == "paper"]
    dois = [doi for doi in map(normal_doi, given) if doi]
    arxiv_id = paper.arxiv_id or next(filter(None, map(arxiv_id_of_doi, dois)), None)
    titles = [paper.title, paper.listed_title or ""]
    known = [title for title in titles if title and not title.startswith(UNKNOWN_TITLE)]
    family, author = _first_author(paper.authors)
    year = paper.released[:4] if paper.released else None
    return Signs(
        kind=paper.kind,
        arxiv_id=arxiv_id,
        own_id=None if _is_made_up(paper, titles, family, year) else paper.id,
        dois=frozenset(doi for doi in dois if not arxiv_id_of_doi(doi)),
        titles=tuple(dict.fromkeys(key for title in known if (key := fold_name(title)))),
        long_title=any(map(_is_long, known)),
        family=family,
        author=author,
        year=year,
        url=paper.url,
        places=tuple(dict.fromkeys(place.source for place in paper.provenance)),
    )


def _is_made_up(paper: Paper, titles: Sequence[str], family: str | None, year: str | None) -> bool:
    """Return whether an id says no more than arXiv id, DOI or title do."""
    if parse_arxiv_id(paper.id) or normal_doi(paper.id):
        return True
    slugs = [slug(title) for title in titles]
    if paper.id in slugs:
        return True
    # `merge_same` gives some ids of titles such an ending.
    base, _, ending = paper.id.rpartition("-")
    return base in slugs and (ending in (family, year) or bool(_DIGEST.fullmatch(ending)))


def _is_long(title: str) -> bool:
    return len(title.split()) >= _LONG_TITLE_WORDS and len(title) >= _LONG_TITLE_LETTERS


def _first_author(authors: Sequence[str]) -> tuple[str | None, frozenset[str]]:
    """Return the family name of the first author, and all parts of the name."""
    name = next(filter(None, map(split_name, authors)), None)
    if name is None:
        return None, frozenset()
    # Of "García Márquez" and "van der Maaten" people also write the last word alone.
    family = fold_name(name.family if name.literal else name.family.split()[-1])
    if not family:
        return None, frozenset()
    return family, frozenset((family, *map(fold_name, name.display.split())))


# --- the steps --------------------------------------------------------------------------

Keys = Callable[[Signs], Iterable[object]]


def _arxiv_ids(signs: Signs) -> Iterator[object]:
    if signs.arxiv_id:
        yield signs.arxiv_id


def _own_ids(signs: Signs) -> Iterator[object]:
    if signs.own_id:
        yield signs.own_id


def _dois(signs: Signs) -> Iterator[object]:
    yield from signs.dois


def _titles_with_author(signs: Signs) -> Iterator[object]:
    if signs.family and signs.kind == "paper":
        yield from ((title, signs.family) for title in signs.titles)


def _titles_with_address(signs: Signs) -> Iterator[object]:
    if signs.url:
        yield from ((signs.kind, title, signs.url) for title in signs.titles)


def _titles_in_one_list(signs: Signs) -> Iterator[object]:
    for title in signs.titles:
        for place in signs.places:
            if signs.long_title and not signs.own_id:
                yield signs.kind, title, place
            elif not signs.arxiv_id and not signs.own_id:
                yield signs.kind, title, place, "without an id"


def _titles_with_year(signs: Signs) -> Iterator[object]:
    if signs.year and signs.long_title and signs.kind == "paper":
        yield from ((title, signs.year) for title in signs.titles)


@dataclass(slots=True)
class _Facts:
    """What is known of the records of one paper."""

    arxiv_ids: set[str] = field(default_factory=set)
    dois: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    authors: set[tuple[str, frozenset[str]]] = field(default_factory=set)

    @classmethod
    def of(cls, signs: Signs) -> _Facts:
        return cls(
            {signs.arxiv_id} if signs.arxiv_id else set(),
            set(signs.dois),
            set(signs.titles),
            {(signs.family, signs.author)} if signs.family else set(),
        )

    def add(self, other: _Facts) -> None:
        self.arxiv_ids |= other.arxiv_ids
        self.dois |= other.dois
        self.titles |= other.titles
        self.authors |= other.authors


def keys_of(signs: Signs) -> Iterator[object]:
    """Yield all signs by which a record may be joined with another, each as one key."""
    for step in _STEPS:
        for reason, keys in step.signs:
            yield from ((reason, key) for key in keys(signs))


def _agree(parts: Sequence[_Facts], *, allowed: Callable[[_Facts, Sequence[_Facts]], bool]) -> bool:
    whole = _Facts()
    for part in parts:
        whole.add(part)
    if len(whole.arxiv_ids) > 1:
        return False  # arXiv holds papers of one title, and some by the same authors.
    return allowed(whole, parts)


def _by_one_first_author(whole: _Facts) -> bool:
    """Return whether all first authors may be one person.

    Of a name in another order, "Zhang Wei", another part counts as the family name.
    """
    names = list(whole.authors)
    for number, (family, parts) in enumerate(names):
        for other, others in names[:number]:
            if family not in others and other not in parts:
                return False
    return True


def _is_no_volume(whole: _Facts, parts: Sequence[_Facts]) -> bool:
    """Return whether a DOI is of one paper; some files give each paper that of its volume."""
    titled = [part.titles for part in parts if part.titles]
    common = set.intersection(*titled) if titled else set()
    return bool(common) or len(titled) < 2 or _by_one_first_author(whole)


def _speaks_nothing_against(whole: _Facts, _parts: Sequence[_Facts]) -> bool:
    return len(whole.dois) <= 1 and _by_one_first_author(whole)


def _always(_whole: _Facts, _parts: Sequence[_Facts]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Step:
    signs: tuple[tuple[str, Keys], ...]
    allowed: Callable[[_Facts, Sequence[_Facts]], bool] = _always
    checked: bool = True


_STEPS = (
    _Step((("same arXiv id", _arxiv_ids),), checked=False),
    _Step((("same id", _own_ids),)),
    _Step((("same DOI", _dois),), _is_no_volume),
    _Step((("same title and first author", _titles_with_author),)),
    _Step(
        (
            ("same title and address", _titles_with_address),
            ("same title in one list", _titles_in_one_list),
        ),
        _speaks_nothing_against,
    ),
    _Step((("same title and year", _titles_with_year),), _speaks_nothing_against),
)


class _Sets:
    """Disjoint sets of numbers, with the facts of each."""

    def __init__(self, facts: Sequence[_Facts]) -> None:
        self._above = list(range(len(facts)))
        self.facts = list(facts)
        self.reasons: list[set[str]] = [set() for _ in facts]

    def root(self, number: int) -> int:
        above = self._above
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    def join(self, roots: Sequence[int], reasons: Iterable[str]) -> None:
        """Join sets by their roots; the smallest becomes the root of all."""
        first, *others = sorted(roots)
        self.reasons[first].update(reasons)
        for other in others:
            self._above[other] = first
            self.facts[first].add(self.facts[other])
            self.reasons[first] |= self.reasons[other]


def group_papers(papers: Sequence[Signs]) -> list[Group]:
    """Find out which records are of one paper.

    Args:
        papers: What each record says of itself, see `signs_of`.

    Returns:
        One group for each paper, by its first record. Each record is in exactly one.
    """
    sets = _Sets([_Facts.of(signs) for signs in papers])
    for step in _STEPS:
        _take(step, papers, sets)
    members: dict[int, list[int]] = defaultdict(list)
    for number in range(len(papers)):
        members[sets.root(number)].append(number)
    order = {reason: at for at, reason in enumerate(r for s in _STEPS for r, _ in s.signs)}
    return [
        Group(tuple(found), tuple(sorted(sets.reasons[root], key=order.__getitem__)))
        for root, found in members.items()
    ]


def _take(step: _Step, papers: Sequence[Signs], sets: _Sets) -> None:
    """Join what shares the signs of a step, where nothing speaks against it."""
    # What would be joined is found out first: a part of it would depend on the order.
    linked = _Sets([_Facts() for _ in papers])
    for reason, keys_of in step.signs:
        first: dict[object, int] = {}
        for number, signs in enumerate(papers):
            own = sets.root(number)
            for key in keys_of(signs):
                other = sets.root(first.setdefault(key, own))
                if linked.root(other) != linked.root(own):
                    linked.join((linked.root(other), linked.root(own)), (reason,))
                elif other != own:
                    linked.reasons[linked.root(own)].add(reason)
    together: dict[int, list[int]] = defaultdict(list)
    for number in range(len(papers)):
        if sets.root(number) == number and linked.reasons[linked.root(number)]:
            together[linked.root(number)].append(number)
    for root, roots in together.items():
        parts = [sets.facts[each] for each in roots]
        if not step.checked or _agree(parts, allowed=step.allowed):
            sets.join(roots, linked.reasons[root])
