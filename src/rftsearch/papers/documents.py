"""The texts of a paper that are embedded, and the terms by which words find it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rftsearch.papers.names import name_in_title
from rftsearch.papers.paper import Paper
from rftsearch.text.terms import fold_name, name_terms, prose_terms

__all__ = [
    "LONGEST_TEXT",
    "Terms",
    "Texts",
    "is_described",
    "name_keys",
    "paper_terms",
    "texts_of",
]


LONGEST_TEXT = 100_000
"""Characters of a text that are embedded and matched by words; what follows is not read.

Sources cut titles and abstracts far below and name them as problems; this also holds for
records and texts that a program gives. 60 million characters took 7 GB to encode."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a paper that are embedded."""

    body: str
    """Title and abstract; of a project its name, categories and the list's remark."""
    title: str


def is_described(paper: Paper) -> bool:
    """Return whether a record says more about a paper than its title."""
    return bool(paper.abstract.strip() or paper.description.strip())


def texts_of(paper: Paper) -> Texts:
    """Return the texts of a paper that are embedded."""
    if paper.kind == "project":
        parts = [paper.short_name, ", ".join(paper.categories), paper.description]
    else:
        parts = [paper.title, paper.abstract]
    body = " ".join(_as_sentence(part) for part in parts if part.strip())
    return Texts(body, _as_sentence(paper.title))


def _as_sentence(text: str) -> str:
    text = " ".join(text[:LONGEST_TEXT].split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a paper or a text, in their order."""

    head: Sequence[str]
    """Of short name and title."""
    body: Sequence[str]
    """Of the abstract, or of the list's remark."""

    @property
    def words(self) -> list[str]:
        """Return all terms, those of the head twice: a title says what a paper is about.

        Counting a field several times before saturation is BM25F (Robertson,
        Zaragoza and Taylor, 2004), here with weights 2 and 1.
        """
        return [*self.head, *self.head, *self.body]


def paper_terms(paper: Paper) -> Terms:
    """Return the terms of a paper."""
    rest = [paper.abstract, paper.description]
    if paper.kind == "project":
        rest += paper.categories
    unnamed = fold_name(paper.short_name) == fold_name(paper.title)
    return Terms(
        head=([] if unnamed else name_terms(paper.short_name[:LONGEST_TEXT]))
        + prose_terms(paper.title[:LONGEST_TEXT]),
        body=[term for text in rest for term in prose_terms(text[:LONGEST_TEXT])],
    )


def name_keys(paper: Paper) -> Sequence[str]:
    """Return the names by which a paper may be called, folded, its titles included."""
    names = [paper.short_name, re.sub(r"\s*\([^()]*\)", "", paper.short_name)]
    for title in (paper.title, paper.listed_title or ""):
        names.append(title)
        if name := name_in_title(title):
            names.append(name)
    return list(dict.fromkeys(key for name in names if (key := fold_name(name))))
