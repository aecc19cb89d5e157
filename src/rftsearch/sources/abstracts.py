"""Read abstracts from a file, and see which papers were withdrawn.

The file is JSON Lines in UTF-8, plain or compressed, one paper a line::

    {"arxiv_id": "2503.01234", "title": "...", "abstract": "...", "authors": ["A. Author"],
     "published": "2025-03-03", "categories": ["cs.CV"]}

`arxiv_id` and `abstract` are needed; `title`, `authors`, `published`, `updated`,
`categories`, `comment` and `doi` are optional.
"""

from __future__ import annotations

import re
from pathlib import Path

from rftsearch.errors import SourceError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import ArxivMetadata
from rftsearch.sources.base import MOST_PROBLEMS, Problem
from rftsearch.sources.bounds import bounded_metadata
from rftsearch.sources.jsonl import LineError, LineReader, day_in, load_object, text_in, texts_in
from rftsearch.text.plural import plural

__all__ = ["read_abstracts", "says_withdrawn"]

_FORM = "give a JSON Lines file of papers with arxiv_id, title and abstract"

_PAPER = "paper|article|manuscript|preprint|submission|work|note|report|thesis|document|draft"
_WITHDRAWN = re.compile(
    rf"""
    (?: ^ | [.,;:!?(*\[-] ) \s*             # where a sentence or a remark begins, since
    (?:                                     # "a version of this paper was withdrawn" is not it
        (?: (?:this|the|our) \s+ )? (?:arxiv\s+)? (?:{_PAPER})
        \s+ (?:has \s+ been|is|was) \s+ (?:now\s+)? withdrawn \b
      | withdrawn \b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def says_withdrawn(comment: str, abstract: str) -> bool:
    """Return whether a comment says, or an abstract begins with, that a paper is withdrawn.

    arXiv marks it in no other way.
    """
    return bool(_WITHDRAWN.search(comment) or _WITHDRAWN.match(abstract))


def read_abstracts(path: Path) -> tuple[dict[str, ArxivMetadata], tuple[Problem, ...]]:
    """Read a file of abstracts.

    Args:
        path: A file as the head of this module describes it.

    Returns:
        What could be read, by arXiv id without version, and the lines that could
        not, or not whole: texts are cut as `rftsearch.sources.bounds` says. Of an id
        that comes twice the first line counts.

    Raises:
        SourceError: The file itself cannot be read, or no line of it.
    """
    found: dict[str, ArxivMetadata] = {}
    problems: list[Problem] = []
    more = 0
    with LineReader(path) as reader:
        for line in reader:
            if not line.strip():
                continue
            try:
                paper, cut = bounded_metadata(_parse(line))
                if paper.arxiv_id in found:
                    raise LineError(f"{paper.arxiv_id} has a line already")
            except LineError as error:
                cut = (str(error),)
            else:
                found[paper.arxiv_id] = paper
            for reason in cut:
                problem = Problem.of_line(path.name, reader.line, line, reason)
                more += len(problems) == MOST_PROBLEMS
                problems += [problem] if len(problems) < MOST_PROBLEMS else []
            if not found and more:
                break  # Another kind of file, which may have no end.
    if not found:
        first = f"line {problems[0].line}: {problems[0].reason}" if problems else "it is empty"
        raise SourceError(f"no abstract can be read in {path} ({first}); {_FORM}")
    if more:
        last = problems[-1].line
        reason = f"after this line, {plural(more, 'more problem')}"
        problems.append(Problem(path.name, last, "", reason))
    return found, tuple(problems)


def _parse(line: bytes) -> ArxivMetadata:
    """Read one line.

    Raises:
        LineError: It does not describe a paper; says why.
    """
    record = load_object(line)
    arxiv_id = parse_arxiv_id(text_in(record, "arxiv_id"))
    if arxiv_id is None:
        raise LineError("arxiv_id is not an arXiv id")
    abstract, comment = text_in(record, "abstract"), text_in(record, "comment")
    if not abstract:
        raise LineError("abstract is empty")
    return ArxivMetadata(
        arxiv_id=arxiv_id,
        title=text_in(record, "title"),
        abstract=abstract,
        authors=texts_in(record, "authors"),
        published=day_in(record, "published"),
        updated=day_in(record, "updated"),
        categories=texts_in(record, "categories"),
        comment=comment or None,
        doi=text_in(record, "doi") or None,
        withdrawn=record.get("withdrawn") is True or says_withdrawn(comment, abstract),
    )
