"""Rules about papers: one that stands twice, and a month that contradicts the arXiv id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz

from rftsearch.living.check.findings import Finding
from rftsearch.living.check.subject import Subject, share, title_key
from rftsearch.papers.arxiv_id import month_of_id, parse_arxiv_id
from rftsearch.papers.doi import arxiv_id_of_doi, normal_doi
from rftsearch.papers.paper import Paper
from rftsearch.papers.same_paper import signs_of
from rftsearch.sources.markdown.places import EntryPlace
from rftsearch.sources.markdown.unread import is_paper_page

__all__ = ["far_month", "same_paper", "two_ids"]

_Place = tuple[EntryPlace, Paper]

_SAME_TITLE = 95
"""Similarity, of 100, from which two long titles are one with a slip of the pen."""
_LONG_TITLE = 5
"""Words of a title that two papers hardly share; `Technical Report` is no such title."""
_HABIT = 3
_HABIT_SHARE = 0.01
"""A list that has this many papers, and this share, in several sections does so on purpose."""


# --- the same paper twice ------------------------------------------------------------


def same_paper(subject: Subject) -> Iterator[Finding]:
    """Name the later entries of papers that stand twice.

    Papers are the same by id, DOI or address, or by title: a preprint and its published
    version. Where two titles differ wholly, one of them may have a wrong link.
    """
    pairs = list(_pairs(subject))
    apart = [pair for pair in pairs if _section(pair[0]) != _section(pair[1])]
    on_purpose = len(apart) >= _HABIT and len(apart) >= _HABIT_SHARE * len(subject.papers)
    for first, second, reason in pairs:
        alike = _alike(subject, first[1], second[1])
        line = first[0].first
        if not alike:
            if not {first[1].arxiv_id, second[1].arxiv_id} & subject.metadata.keys():
                yield subject.at_entry(
                    "two-titles",
                    second[0],
                    f'It leads to the same paper as line {line}, "{first[1].title}", under another '
                    "title: one of the two links is wrong, or the paper was renamed.",
                )
        elif _section(first) == _section(second) or not on_purpose:
            ids = {first[1].arxiv_id, second[1].arxiv_id} - {None}
            but = f", but the arXiv ids {' and '.join(sorted(filter(None, ids)))}"
            yield subject.at_entry(
                "same-paper",
                second[0],
                f"The same paper stands on line {line}: {reason}{but if len(ids) > 1 else ''}.",
            )


def _pairs(subject: Subject) -> Iterator[tuple[_Place, _Place, str]]:
    """Yield each later place of a paper with the earlier one, and why they are the same."""
    seen: set[int] = set()
    known: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    for place in subject.papers:
        for kind, key, reason in _marks(subject, place):
            earlier = [one for one in known[kind, key] if one[0] is not place[0]]
            known[kind, key].append(place)
            # What stands in the same section comes first: there it is never on purpose.
            earlier.sort(key=lambda one: _section(one) != _section(place))
            if not earlier or id(place[1]) in seen:
                continue
            if kind == "title" and not _may_be_one(subject, earlier[0], place):
                continue
            seen.add(id(place[1]))
            yield earlier[0], place, reason
    yield from _nearly(subject, seen)


def _marks(subject: Subject, place: _Place) -> Iterator[tuple[str, str, str]]:
    """Yield what identifies a paper: kind of mark, mark, and how a message calls it."""
    paper = place[1]
    if paper.arxiv_id:
        yield "arxiv", paper.arxiv_id, f"both have the arXiv id {paper.arxiv_id}"
    for doi in dict.fromkeys(_dois(subject, place)):
        yield "doi", doi, f"both have the DOI {doi}"
    if paper.arxiv_id is None and paper.url and is_paper_page(paper.url):
        address = re.sub(r"^https?://(?:www\.)?|[/#]*$", "", paper.url)
        yield "address", address, "both have the same address"
    key = title_key(paper.title)
    if len(key.split()) >= 2:
        yield "title", key, "both have the same title"


def _dois(subject: Subject, place: _Place) -> Iterator[str]:
    """Yield the DOIs of a paper, those of arXiv itself left out."""
    entry, paper = place
    yield from sorted(signs_of(_known(subject, paper)).dois)
    if len(entry.papers) == 1:
        found = (normal_doi(link.url) for link in subject.links[entry.first])
        yield from (doi for doi in found if doi and arxiv_id_of_doi(doi) is None)


def _known(subject: Subject, paper: Paper) -> Paper:
    """Return a paper with what arXiv says of it."""
    metadata = subject.metadata.get(paper.arxiv_id or "")
    return paper if metadata is None else paper.with_metadata(metadata)


def _may_be_one(subject: Subject, first: _Place, second: _Place) -> bool:
    """Return whether papers of one title may be one: a short title is no proof.

    Projects are told apart by their repositories, papers with two arXiv ids by their authors.
    """
    one, other = first[1], second[1]
    if "project" in {one.kind, other.kind}:
        return one.url == other.url
    if one.arxiv_id and other.arxiv_id:
        return _long(one.title) and _same_authors(subject, first, second)
    return _long(one.title) or one.url == other.url


def _long(title: str) -> bool:
    return len(title_key(title).split()) >= _LONG_TITLE


_NAME = re.compile(r"\b[^\W\d_a-z][\w'\u2019-]+")
_FEW_NAMES = 5
_ALIKE = 0.5


def _same_authors(subject: Subject, first: _Place, second: _Place) -> bool:
    """Return whether two entries may be of the same people.

    Where their authors are not known, the words with capitals are compared.
    """
    known = [_known(subject, paper).authors for _, paper in (first, second)]
    if all(known):
        one, other = (set(_NAME.findall(" ".join(names).title())) for names in known)
    else:
        one, other = (_capitals(subject, place) for place in (first, second))
        if min(len(one), len(other)) < _FEW_NAMES:
            return True
    return len(one & other) >= _ALIKE * min(len(one), len(other))


def _capitals(subject: Subject, place: _Place) -> set[str]:
    entry, paper = place
    text = subject.places.text_of(entry).replace(paper.title, " ")
    for link in subject.links[entry.first]:
        text = text.replace(link.target, " ")
    return {word.casefold() for word in _NAME.findall(text)}


def _nearly(subject: Subject, seen: set[int]) -> Iterator[tuple[_Place, _Place, str]]:
    """Yield pairs whose long titles differ by a slip of the pen, where an id is missing."""
    by_end: Mapping[str, list[tuple[str, _Place]]] = defaultdict(list)
    for place in subject.papers:
        key = title_key(place[1].title)
        if len(key.split()) <= _LONG_TITLE or place[1].kind == "project":
            continue
        for end in dict.fromkeys((key[:12], key[-12:])):
            for other, first in by_end[end]:
                both = first[1].arxiv_id and place[1].arxiv_id
                if both or first[0] is place[0] or id(place[1]) in seen or other == key:
                    continue
                digits = re.findall(r"\d+", key) == re.findall(r"\d+", other)
                if digits and fuzz.ratio(key, other) >= _SAME_TITLE:
                    seen.add(id(place[1]))
                    yield first, place, "their titles differ by hardly a letter"
            by_end[end].append((key, place))


def _section(place: _Place) -> tuple[str, ...]:
    return place[1].categories


def _alike(subject: Subject, first: Paper, second: Paper) -> bool:
    """Return whether two titles may be of one paper."""
    one, other = title_key(first.title), title_key(second.title)
    if one == other or fuzz.token_set_ratio(one, other) >= 75:
        return True
    return (
        max(
            subject.shared_meaning(first.title, second.title),
            subject.shared_meaning(second.title, first.title),
        )
        >= 0.4
    )


# --- one entry with two papers -------------------------------------------------------

_PAPER_LABEL = re.compile(r"\W*(?:paper|pdf|arxiv|abs|abstract|link|html)s?\W*", re.IGNORECASE)


def two_ids(subject: Subject) -> Iterator[Finding]:
    """Name entries whose title and whose link labelled "paper" lead to different papers."""
    for entry in subject.entries:
        paper = entry.paper
        if len(entry.papers) != 1 or paper.arxiv_id is None:
            continue
        for link in subject.links[entry.first]:
            other = parse_arxiv_id(link.url)
            if other and other != paper.arxiv_id and _PAPER_LABEL.fullmatch(link.label):
                yield subject.at_link(
                    "two-ids",
                    link,
                    f"It leads to {other}, but the entry is about {paper.arxiv_id}.",
                )


# --- months ---------------------------------------------------------------------------

_NEAR = 2
"""Months by which a listed month may differ: a paper is listed with its project, or its
conference."""
_FAR = 6
"""From this difference on it is no matter of taste."""
_MOSTLY = 0.8
"""The share of near months from which on a list means the month of the id."""
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)
_VENUE_YEAR = re.compile(
    r"\b(?!arXiv|Preprint|CoRR|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b)"
    r"[A-Z][\w&-]*[A-Za-z]\W{0,3}(?:'|\u2019|20|19)(\d\d)\b"
)


def far_month(subject: Subject) -> Iterator[Finding]:
    """Name entries whose month contradicts the month in which arXiv gave out the id."""
    apart = [
        (entry, paper, _months(paper.released or "") - _months(month_of_id(paper.arxiv_id)))
        for entry, paper in subject.papers
        if paper.arxiv_id and _MONTH.fullmatch(paper.released or "")
    ]
    if share(abs(months) <= 1 for *_, months in apart) < _MOSTLY:
        return  # Its months are of something else, such as the conference.
    for entry, paper, months in apart:
        if abs(months) <= _NEAR or _of_the_conference(subject, entry, paper):
            continue
        id_month = month_of_id(paper.arxiv_id or "")
        direction = "before" if months < 0 else "after"
        yield subject.at_entry(
            "far-month",
            entry,
            f"The month {paper.released} is {abs(months)} months {direction} that of its arXiv id, "
            f"{id_month}.",
            "warning" if abs(months) >= _FAR else "note",
        )


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


def _of_the_conference(subject: Subject, entry: EntryPlace, paper: Paper) -> bool:
    """Return whether the entry names a venue of the listed year, to which its month belongs."""
    years = _years(subject.places.text_of(entry))
    return (paper.released or "")[2:4] in years


def _years(text: str) -> Sequence[str]:
    bare = re.sub(r"\(https?://[^()\s]*\)", " ", text)
    return [found[1] for found in _VENUE_YEAR.finditer(bare)]
