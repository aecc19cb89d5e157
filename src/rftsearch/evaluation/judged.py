"""Judged queries and the collections they were judged over, read from files.

Three files make a judged set, each of them plain, or compressed with gzip, xz or Zstandard:

queries
    JSON Lines with `id` (or `_id`) and either `text`, a question in words, or
    `paper`, the id of a paper to find similar papers for; `type` or `facet` is the
    kind of query. A `.tsv` file has an id and a text on each line.
judgements
    Lines of query, document and grade, between tabs or blanks: as they are, under
    BEIR's heading, or with TREC's second column.
corpus
    JSON Lines with `id` (or `_id`), `title`, `abstract` (or `text`), and optionally
    `short_name` and `category`.

An arXiv id may be written in any form; it is compared without its version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rftsearch.errors import SourceError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.jsonl import LineError, LineReader, load_object, sound_text, text_in
from rftsearch.text.clean import one_line

__all__ = [
    "MAX_GRADE",
    "JudgedQuery",
    "JudgedSet",
    "Qrels",
    "read_corpus",
    "read_judged",
    "read_queries",
]

Qrels = Mapping[str, Mapping[str, int]]
"""The grade of each judged document by query and document; 0: not relevant."""

MAX_GRADE = 10
"""Higher than the grades of every set known to us; gains of 2^grade - 1 stay small."""

_BEIR_HEADING = ["query-id", "corpus-id", "score"]


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One query of a judged set: either in words, or a paper."""

    id: str
    text: str = ""
    """The question, if it is asked in words."""
    paper: str | None = None
    """Id of the paper to find similar papers for; it is never an answer itself."""
    kind: str = ""
    """The kind of query; empty if the set has no kinds."""
    passage: bool = False
    """Whether the text is one that papers are compared with, such as an abstract."""
    also: str = ""
    """Another wording of the same question."""
    held_out: bool = False
    """Whether it was written or looked at after the rule was fixed that it measures."""
    collection: str = ""
    """The name of the collection that it is put to, where there are several."""


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Queries and the grades of the documents that were judged for each."""

    queries: tuple[JudgedQuery, ...]
    """Queries with at least one relevant document, in the order of their file."""
    qrels: Qrels
    """Grades for exactly these queries; without the paper that is the query."""
    notes: tuple[str, ...] = ()
    """What was left out of the files, one sentence each."""


def read_judged(queries: Path, qrels: Path) -> JudgedSet:
    """Read queries and their judgements.

    Queries without a relevant document cannot measure a ranking: they are left out and
    counted in a note.

    Raises:
        SourceError: A file cannot be read, a line of it is malformed, or no query
            has a relevant document.
    """
    asked = _read_queries(queries)
    judged = _read_qrels(qrels)
    for query in asked.values():
        if query.paper is not None:
            judged.get(query.id, {}).pop(query.paper, None)
    kept = {
        identifier: judged[identifier]
        for identifier in asked
        if any(grade > 0 for grade in judged.get(identifier, {}).values())
    }
    if not kept:
        raise SourceError(
            f"no query of {queries} has a relevant document in {qrels}; check that the two belong "
            "together"
        )
    silent, unknown = len(asked) - len(kept), len(judged.keys() - asked.keys())
    have, left = ("has", "is") if silent == 1 else ("have", "are")
    are = "is" if unknown == 1 else "are"
    notes = {
        f"{silent} of {len(asked)} queries {have} no relevant document and {left} left out": silent,
        f"{unknown} of {len(judged)} judged queries {are} not in {queries.name}": unknown,
    }
    return JudgedSet(
        queries=tuple(asked[identifier] for identifier in kept),
        qrels=kept,
        notes=tuple(note for note, count in notes.items() if count),
    )


def read_corpus(path: Path) -> list[Paper]:
    """Read the documents of a judged set as papers, abstracts included.

    Raises:
        SourceError: The file cannot be read, a line of it is malformed, or it is empty.
    """
    papers: dict[str, Paper] = {}
    for number, line in _lines(path):
        try:
            paper = _paper(load_object(line))
            _first_time(paper.id, papers)
        except LineError as error:
            raise _at(path, number, error) from None
        papers[paper.id] = paper
    if not papers:
        raise SourceError(f"{path} holds no documents; give JSON Lines of id, title and abstract")
    return list(papers.values())


def read_queries(path: Path) -> list[JudgedQuery]:
    """Read queries without judgements.

    Raises:
        SourceError: The file cannot be read, or a line of it is malformed.
    """
    return list(_read_queries(path).values())


def _read_queries(path: Path) -> dict[str, JudgedQuery]:
    parse = _query_of_tsv if ".tsv" in path.suffixes else _query
    queries: dict[str, JudgedQuery] = {}
    for number, line in _lines(path):
        try:
            query = parse(line)
            _first_time(query.id, queries)
        except LineError as error:
            raise _at(path, number, error) from None
        queries[query.id] = query
    return queries


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        try:
            text = _decoded(line)
            fields = text.split("\t") if "\t" in text else text.split()
            if number == 1 and fields == _BEIR_HEADING:
                continue
            query, document, grade = _judgement(fields)
            known = qrels.setdefault(query, {}).setdefault(document, grade)
            if known != grade:
                raise LineError(f"{document!r} was judged {known} for {query!r} before")
        except LineError as error:
            raise _at(path, number, error) from None
    return qrels


# --- lines -------------------------------------------------------------------


def _query(line: bytes) -> JudgedQuery:
    record = load_object(line)
    text, paper = text_in(record, "text"), text_in(record, "paper")
    if bool(text) == bool(paper):
        raise LineError("a query needs either text or paper")
    return JudgedQuery(
        id=_identifier(record),
        text=text,
        paper=_document(paper) if paper else None,
        kind=text_in(record, "type") or text_in(record, "facet"),
        also=text_in(record, "also"),
        held_out=record.get("held_out") is True,
        collection=text_in(record, "collection"),
    )


def _query_of_tsv(line: bytes) -> JudgedQuery:
    identifier, _, text = _decoded(line).partition("\t")
    identifier, text = one_line(identifier), one_line(text)
    if not identifier or not text:
        raise LineError("not an id and a text with a tab between them")
    return JudgedQuery(id=identifier, text=text)


def _judgement(fields: list[str]) -> tuple[str, str, int]:
    fields = [one_line(field) for field in fields]
    if len(fields) not in (3, 4) or not all(fields):
        raise LineError("not query, document and grade")
    query, document, grade = fields[0], fields[-2], fields[-1]
    try:
        number = int(grade)
    except ValueError:
        raise LineError(f"the grade {grade!r} is not a whole number") from None
    if number > MAX_GRADE:
        raise LineError(f"the grade {number} is above {MAX_GRADE}")
    # TREC gives spam grades below zero; it is not relevant either.
    return query, _document(document), max(number, 0)


def _paper(record: dict[str, Any]) -> Paper:
    identifier = _document(_identifier(record))
    title = text_in(record, "title")
    return Paper(
        id=identifier,
        short_name=text_in(record, "short_name"),
        title=title,
        categories=(text_in(record, "category") or "Corpus",),
        arxiv_id=parse_arxiv_id(identifier),
        metadata=ArxivMetadata(
            identifier, title, text_in(record, "abstract") or text_in(record, "text")
        ),
    )


def _document(identifier: str) -> str:
    return parse_arxiv_id(identifier) or identifier


def _identifier(record: dict[str, Any]) -> str:
    value = record.get("id", record.get("_id"))
    # Many sets use numbers as ids; to Python, True is a number as well.
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    identifier = "" if value is None else sound_text(value, "id")
    if not identifier:
        raise LineError("there is no id")
    return identifier


def _first_time(identifier: str, known: Mapping[str, object]) -> None:
    if identifier in known:
        raise LineError(f"the id {identifier!r} has a line already")


# --- files -------------------------------------------------------------------


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file that are not blank, with their numbers from 1."""
    with LineReader(path) as reader:
        for line in reader:
            if line.strip():
                yield reader.line, line.rstrip(b"\r\n")


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise LineError("not UTF-8") from None


def _at(path: Path, number: int, error: LineError) -> SourceError:
    return SourceError(f"{path}, line {number}: {error}; correct the line or take it out")
