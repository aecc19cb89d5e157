"""Make a paper of one row: of a table, or of a mapping in YAML or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rftsearch.papers.arxiv_id import abstract_page, month_of_id, parse_arxiv_id
from rftsearch.papers.doi import arxiv_id_of_doi, normal_doi
from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import KINDS, ArxivMetadata, Kind, Paper, Provenance
from rftsearch.sources.abstracts import says_withdrawn
from rftsearch.sources.bounds import LONGEST_TITLE, MOST_AUTHORS, bounded_metadata, shortened
from rftsearch.sources.markdown.words.features import is_label
from rftsearch.sources.tables.cells import (
    Cell,
    addresses_of,
    authors_of,
    is_nothing,
    plain_text,
    read_cell,
)
from rftsearch.sources.tables.columns import squashed
from rftsearch.sources.tables.facts import Facts, Row
from rftsearch.sources.tables.moments import When, moment_of, when_of
from rftsearch.sources.tables.row_links import address_of, links_of
from rftsearch.text.clean import slug, strip_emoji

__all__ = ["RowError", "paper_of_row"]


class RowError(Exception):
    """Why a row is no paper."""


def paper_of_row(row: Row, source: str, categories: tuple[str, ...], reasons: list[str]) -> Paper:
    """Make the paper of a row.

    Args:
        row: What the file says.
        source: Name of the file.
        categories: Under which it stands; at least one.
        reasons: What had to be left out is added here.

    Raises:
        RowError: It has neither a title nor an arXiv id.
    """
    facts = Facts(row)
    doi = next(filter(None, map(normal_doi, _doi_texts(facts))), None)
    arxiv_id = _arxiv_id(facts, row.key) or arxiv_id_of_doi(doi) or _spoilt_id(facts, reasons)
    title, short_name = _title(facts, row.key, arxiv_id)
    if not title and arxiv_id is None:
        raise RowError("it has neither a title nor an arXiv id")
    if title.casefold().rstrip(" :") in _TOTALS and not _has_facts(facts):
        raise RowError("it is the total of a column, no paper")
    title = shortened(title or f"arXiv:{arxiv_id}", LONGEST_TITLE, "title", reasons)
    own_id = _own_id(facts)
    identity = arxiv_id or own_id or slug(title)
    if not identity:
        raise RowError("its title has no letter or digit")
    when = _when(facts, row, reasons)
    url = abstract_page(arxiv_id) if arxiv_id else address_of(facts, doi, reasons)
    authors = _authors(facts, reasons)
    paper = Paper(
        id=shortened(identity, LONGEST_TITLE, "id", reasons),
        short_name=shortened(
            short_name or name_in_title(title) or title, LONGEST_TITLE, "name", reasons
        ),
        title=title,
        categories=categories,
        kind=_kind(facts),
        released=(facts.is_own and facts.text("released")) or _released(when, arxiv_id),
        arxiv_id=arxiv_id,
        url=url,
        generative=facts.text("generative").casefold() in {"yes", "true", "1"},
        description=shortened(
            "; ".join(dict.fromkeys(facts.texts("remark"))), LONGEST_TITLE, "remark", reasons
        ),
        links=tuple(links_of(facts, arxiv_id, url)),
        provenance=(Provenance(source, row.line),),
        heading_paths=facts.heading_paths or ((row.path,) if row.path else ()),
        venue=shortened(_venue(facts), LONGEST_TITLE, "venue", reasons) or None,
        doi=None if arxiv_id_of_doi(doi) else doi,
        listed_authors=authors,
    )
    return _with_abstract(paper, facts, when, reasons)


def _with_abstract(paper: Paper, facts: Facts, when: When, reasons: list[str]) -> Paper:
    """Return a paper with the abstract that the file has; then nobody else is asked for it."""
    abstract = facts.text("abstract")
    if not abstract:
        return paper
    metadata, cut = bounded_metadata(
        ArxivMetadata(
            arxiv_id=paper.arxiv_id or paper.id,
            title=paper.title,
            abstract=abstract,
            authors=paper.listed_authors,
            published=when.published,
            doi=paper.doi,
            withdrawn=facts.text("withdrawn").casefold() in {"yes", "true", "1"}
            or says_withdrawn("", abstract),
        )
    )
    reasons += cut
    return replace(paper, metadata=metadata, listed_authors=())


def _doi_texts(facts: Facts) -> Iterator[str]:
    yield from facts.texts("doi")
    yield from (url for cell in facts.cells("doi", "url", "paper") for _, url in cell.links)


_VERSIONED = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")


def _arxiv_id(facts: Facts, key: str) -> str | None:
    """Return the arXiv id, from the field that says it best."""
    texts = list(facts.texts("arxiv"))
    if facts.is_own:
        return next(filter(None, map(parse_arxiv_id, texts)), None)
    for tree in facts.trees("arxiv", "url", "pdf", "paper", "title", "doi"):
        texts += [url for _, url in addresses_of(tree)]
    texts += [text for text in facts.texts("key", "paper", "url", "pdf", "doi") if "." in text]
    texts += [key] if _VERSIONED.fullmatch(key.strip()) else []
    texts += [url for cell in facts.cells("name", "remark") for _, url in cell.links]
    return next(filter(None, map(parse_arxiv_id, texts)), None)


_TOTALS = frozenset(("total", "totals", "sum", "count", "average", "mean", "median")) | frozenset(
    ("summe", "gesamt", "insgesamt", "anzahl", "mittelwert", "durchschnitt", "moyenne")
)


def _has_facts(facts: Facts) -> bool:
    """Return whether a row says who wrote a paper, or where it is."""
    fields = ("arxiv", "doi", "url", "pdf", "paper", "authors", "first_author", "abstract", "venue")
    return any(any(facts.texts(field)) for field in fields)


_NUMBER = re.compile(r"(\d{3,4})[.,](\d{1,5})")


def _spoilt_id(facts: Facts, reasons: list[str]) -> str | None:
    """Return an arXiv id that a spreadsheet turned into a number; a reason names it.

    A number has no zeros at its ends, and in many countries a comma: 2403.01000 is then
    2403,01.
    """
    for text in facts.texts("arxiv"):
        if found := _NUMBER.fullmatch(text.strip()):
            month = found[1].zfill(4)
            number = found[2].ljust(4 if month < "1501" else 5, "0")
            if arxiv_id := parse_arxiv_id(f"{month}.{number}"):
                reasons.append(
                    f"its arXiv id {text.strip()!r} looks like a number of a spreadsheet, which "
                    f"has no zeros at its end; it is read as {arxiv_id}: write arXiv:{arxiv_id}"
                )
                return arxiv_id
            reasons.append(f"its arXiv id cannot be read: {text.strip()!r}")
    return None


_EMPTY_TITLES = frozenset(("", "-", "n/a", "na", "nan", "none", "null", "untitled"))


def _title(facts: Facts, key: str, arxiv_id: str | None) -> tuple[str, str]:
    """Return the title and the short name; each empty if there is none."""
    names = [name for name in map(_shown, facts.cells("name")) if not is_nothing(name)]
    linked = [text for text in map(_shown, facts.cells("paper")) if not is_label(text[:200])]
    for title in (*map(_shown, facts.cells("title")), *linked, *names):
        if title.casefold() not in _EMPTY_TITLES and parse_arxiv_id(title) is None:
            is_name = title in names and not any(facts.texts("title")) and title not in linked
            return title, "" if is_name else next(iter(names), "")
    # A model, a data set, or the key of the entry is then the name of the work.
    others = [*map(_shown, facts.cells("model", "dataset", "benchmark")), plain_text(key)]
    for name in others:
        sound = not is_nothing(name) and not name.isdigit() and parse_arxiv_id(name) is None
        if sound and (arxiv_id is None or " " in name):
            return name, ""
    return "", ""


def _shown(cell: Cell) -> str:
    return strip_emoji(cell.text or next((label for label, _ in cell.links), ""))


def _own_id(facts: Facts) -> str | None:
    """Return the id that a record has which rftsearch wrote itself; None for other rows."""
    if not facts.is_own:
        return None
    key = facts.text("key")
    return key if key and ":" not in key else None


_ARCHIVE = re.compile(
    r"(?:arxiv(?:\.org)?|corr|(?:bio|med|chem|tech)rxiv|ssrn|openreview|preprints?|under\s+review"
    r"|submitted|in\s+submission|blog)(?:[\s,:/-]+(?:preprint|e-?print|abs|(?:19|20)\d\d"
    r"|arxiv\S*|[\d.v]+))*\W*",
    re.IGNORECASE,
)


def _venue(facts: Facts) -> str:
    """Return where the paper was published; an archive of preprints is no such place."""
    # A column of publications holds venues where another one holds the titles.
    named = [tree for name, tree in facts.named("paper") if squashed(name) == "publication"]
    others = [cell.text for cell in map(read_cell, named) if any(facts.texts("title"))]
    texts = (text.replace("*", "").strip() for text in (*facts.texts("venue"), *others))
    return next((text for text in texts if text and not _ARCHIVE.fullmatch(text)), "")


def _kind(facts: Facts) -> Kind:
    stated = facts.text("kind").casefold()
    return next((kind for kind in KINDS if kind == stated), "paper")


def _when(facts: Facts, row: Row, reasons: list[str]) -> When:
    """Return when the paper appeared; a venue such as `ICLR 2024` says the year."""
    year, month, day = map(facts.text, ("year", "month", "day"))
    dates = facts.texts("released", "date")
    stated = moment_of(dates, year, month, day, day_first=row.day_first, reasons=reasons)
    return stated if stated.year else when_of(facts.text("venue"))


def _released(when: When, arxiv_id: str | None) -> str | None:
    """Return the month that the row states, else that of the arXiv id, else its year."""
    if arxiv_id and not when.month:
        return month_of_id(arxiv_id)
    return when.released


def _authors(facts: Facts, reasons: list[str]) -> tuple[str, ...]:
    found: tuple[str, ...] = ()
    for field in ("authors", "first_author"):
        found = found or tuple(name for tree in facts.trees(field) for name in authors_of(tree))
    if len(found) > MOST_AUTHORS:
        reasons.append(f"it has more than {MOST_AUTHORS:,} authors; the rest is left out")
    return tuple(shortened(name, LONGEST_TITLE, "author", reasons) for name in found[:MOST_AUTHORS])
