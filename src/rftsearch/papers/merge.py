"""Make one record of several that are of one paper, and say which they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from rftsearch.papers.arxiv_id import abstract_page, parse_arxiv_id
from rftsearch.papers.doi import arxiv_id_of_doi, doi_page, normal_doi
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance
from rftsearch.papers.same_paper import UNKNOWN_TITLE, Group, Signs, group_papers, signs_of
from rftsearch.text.terms import fold_name

__all__ = ["Merge", "Merged", "merge_papers", "merge_same", "with_newer_metadata"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Entries that became one paper."""

    id: str
    """Of the paper."""
    places: tuple[Provenance, ...]
    """Where the entries stand; line 0 if a source has no lines."""
    reasons: tuple[str, ...]
    """By which signs they were recognised: `same DOI`."""

    def __str__(self) -> str:
        """Say it in one line."""
        names = [f"{p.source} line {p.line}" if p.line else p.source for p in self.places]
        listed = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
        return f"{self.id}: {listed} are one paper ({', '.join(self.reasons)})"


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of records that may be of the same papers."""

    papers: list[Paper]
    """Each paper once, in the order of its first record."""
    groups: list[Group]
    """Of which records each paper was made."""


def merge_same(papers: Sequence[Paper]) -> Merged:
    """Make one record of each paper, however many records there are of it.

    Its id is its arXiv id; if it has none, and several records were joined, its DOI; else
    the id of the first record. No two papers get one id. As in `merge_papers`, the facts of
    the first record win.

    Args:
        papers: Records of any sources.
    """
    signs = [signs_of(paper) for paper in papers]
    groups = group_papers(signs)
    merged: list[Paper] = []
    taken: set[str] = set()
    for group in groups:
        own = [signs[number] for number in group.members]
        paper = reduce(_merge_two, (papers[number] for number in group.members))
        ids = _possible_ids(paper, own)
        paper = replace(paper, id=next(each for each in ids if each not in taken))
        arxiv_id = next((each.arxiv_id for each in own if each.arxiv_id), None)
        if arxiv_id and not paper.arxiv_id:
            paper = replace(paper, arxiv_id=arxiv_id, url=paper.url or abstract_page(arxiv_id))
        taken.add(paper.id)
        merged.append(paper)
    return Merged(merged, groups)


def _possible_ids(paper: Paper, signs: Sequence[Signs]) -> Iterator[str]:
    """Yield ids for a paper, best first, without end.

    Two papers of one title, known by nothing else, would have the same id: then the second
    is told apart by what it says itself, so that it keeps its id when others come or go.
    """
    yield from (each.arxiv_id for each in signs if each.arxiv_id)
    dois = sorted({doi for each in signs for doi in each.dois})
    if len(signs) > 1:
        yield from dois
    yield paper.id
    yield from dois
    families = [each.family for each in signs if each.family]
    years = [each.year for each in signs if each.year]
    yield from (f"{paper.id}-{part}" for part in (*families[:1], *years[:1]))
    place = [f"{each.source} {each.line}" for each in paper.provenance[:1]]
    digest = hashlib.sha256("\n".join([paper.title, paper.url or "", *place]).encode())
    yield f"{paper.id}-{digest.hexdigest()[:6]}"
    number = 2
    while True:
        yield f"{paper.id}-{number}"
        number += 1


def merge_papers(papers: Iterable[Paper]) -> list[Paper]:
    """Make one record of each id, in the order of first appearance.

    The first record's facts win; categories, links and provenance of the others
    are added, and what the first lacks is taken from them.
    """
    merged: dict[str, Paper] = {}
    for paper in papers:
        known = merged.get(paper.id)
        merged[paper.id] = paper if known is None else _merge_two(known, paper)
    return list(merged.values())


def _merge_two(first: Paper, other: Paper) -> Paper:
    arxiv_id = first.arxiv_id or other.arxiv_id
    # One address may be of two kinds: a collection that holds both model and data.
    known = {(link.kind, _one_form(link.url)) for link in first.links}
    names = first if first.listed_authors else other
    both = replace(
        first,
        short_name=_short_name(first, other),
        title=other.title if first.title.startswith(UNKNOWN_TITLE) else first.title,
        arxiv_id=arxiv_id,
        unknown_to_arxiv=(first if first.arxiv_id else other).unknown_to_arxiv,
        categories=_categories(first, other),
        links=(
            *first.links,
            *(link for link in other.links if (link.kind, _one_form(link.url)) not in known),
        ),
        provenance=tuple(dict.fromkeys(first.provenance + other.provenance)),
        released=_finer(first.released, other.released),
        url=(first.url if first.arxiv_id or not other.arxiv_id else None) or other.url or first.url,
        description=first.description or other.description,
        generative=first.generative or other.generative,
        heading_paths=tuple(dict.fromkeys(first.heading_paths + other.heading_paths)),
        venue=first.venue or other.venue,
        doi=first.doi or other.doi,
        listed_authors=names.listed_authors,
        listed_parts=names.listed_parts,
    )
    return _with_other_addresses(_with_better_metadata(both, other), first, other)


def _finer(first: str | None, other: str | None) -> str | None:
    """Return the first date, or the other where that adds the month to its year."""
    adds_month = first and other and len(first) < len(other) and other.startswith(first)
    return other if adds_month else first or other


def _categories(first: Paper, other: Paper) -> tuple[str, ...]:
    """Return the categories of both; the name of a file only if there is nothing else."""
    every = tuple(dict.fromkeys(first.categories + other.categories))
    places = first.provenance + other.provenance
    return replace(first, categories=every, provenance=places).given_categories or every


def _short_name(first: Paper, other: Paper) -> str:
    """Return the name of the first, or of the other if that of the first is only its title."""
    unnamed = fold_name(first.short_name) in {fold_name(first.title), ""}
    named = fold_name(other.short_name) not in {fold_name(other.title), ""}
    return other.short_name if unnamed and named else first.short_name


def _with_better_metadata(both: Paper, other: Paper) -> Paper:
    """Return a record with the metadata that says most; arXiv's own before that of a file."""
    left, better = other.metadata, both
    if left is not None and (both.metadata is None or _rank(left) > _rank(both.metadata)):
        better, left = both.with_metadata(left), both.metadata
    kept = better.metadata
    if left is None or kept is None or left == kept:
        return better
    if better.listed_authors or kept.authors:
        return replace(better, doi=better.doi or left.doi)
    return replace(
        better,
        doi=better.doi or left.doi,
        listed_authors=left.authors,
        listed_parts=left.split_authors,
    )


def with_newer_metadata(paper: Paper, metadata: ArxivMetadata | None) -> Paper:
    """Return a paper with metadata that came now, unless what it has says more."""
    old = paper.metadata
    if metadata is None or metadata == old or (old is not None and _rank(metadata) < _rank(old)):
        return paper
    return paper.with_metadata(metadata)


def _rank(metadata: ArxivMetadata) -> tuple[bool, bool]:
    return bool(metadata.abstract), parse_arxiv_id(metadata.arxiv_id) is not None


def _with_other_addresses(both: Paper, first: Paper, other: Paper) -> Paper:
    """Return a record with a link to each place of the paper that it does not name yet."""
    known = {_one_form(url) for url in (both.url, *(link.url for link in both.links)) if url}
    links = [
        Link("paper", url, "Paper")
        for url in (first.url, other.url)
        if url
        and _one_form(url) not in known
        and not (both.arxiv_id and parse_arxiv_id(url) == both.arxiv_id)
    ]
    doi = normal_doi(other.doi)
    if doi and doi != normal_doi(both.doi) and not arxiv_id_of_doi(doi):
        links += [Link("paper", doi_page(doi), "DOI")] * (_one_form(doi_page(doi)) not in known)
    return replace(both, links=(*both.links, *dict.fromkeys(links))) if links else both


def _one_form(url: str) -> str:
    """Return an address so that two spellings of one DOI are equal."""
    doi = normal_doi(url) if "doi.org/" in url.casefold() else None
    return doi_page(doi) if doi else url
