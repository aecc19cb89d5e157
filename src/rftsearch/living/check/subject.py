"""What a rule looks at: a list with the places of its parts, and what is known of its papers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from rftsearch.living.check.findings import RULES, Edit, Finding, Severity
from rftsearch.papers.paper import ArxivMetadata, Paper
from rftsearch.sources.markdown.link_places import LinkPlace
from rftsearch.sources.markdown.places import EntryPlace, ListPlaces
from rftsearch.text.clean import one_line, slug, strip_emoji
from rftsearch.text.latex import latex_to_text
from rftsearch.text.terms import prose_terms

if TYPE_CHECKING:
    from rftsearch.living.labels.elsewhere import Elsewhere

__all__ = ["Subject", "share", "title_key"]

_JOINTS = re.compile(r"[-/\u2010-\u2014]")
"""Compounds count as their words only: `text-to-image` in a title, `image from text` elsewhere."""
_SHOWN = 80
"""Characters of an entry that a finding shows."""


@dataclass(frozen=True)
class Subject:
    """A list that is checked."""

    source: str
    """Its path as it was given."""
    places: ListPlaces
    metadata: Mapping[str, ArxivMetadata] = field(default_factory=dict)
    """What arXiv says, by arXiv id; of some papers it may be unknown."""
    unknown: frozenset[str] = frozenset()
    """arXiv ids that arXiv does not have."""
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)
    """By id of the paper: where it would stand, if that is surely elsewhere."""

    @property
    def entries(self) -> tuple[EntryPlace, ...]:
        """Return the entries in the order of the list."""
        return self.places.entries

    @cached_property
    def papers(self) -> tuple[tuple[EntryPlace, Paper], ...]:
        """Return every paper with its entry."""
        return tuple((entry, paper) for entry in self.entries for paper in entry.papers)

    @cached_property
    def links(self) -> Mapping[int, tuple[LinkPlace, ...]]:
        """Return the links of each entry by its first line, without images."""
        return {
            entry.first: tuple(link for link in self.places.links_of(entry) if not link.is_image)
            for entry in self.entries
        }

    @cached_property
    def _frequency(self) -> Counter[str]:
        return Counter(term for _, paper in self.papers for term in _terms(paper.title))

    def shared_meaning(self, title: str, text: str) -> float:
        """Return which part of a title's meaning a text has, 0 to 1.

        Words that many titles of the list have say little, rare ones much.
        """
        words = _terms(title)
        known = _terms(text)
        size = len(self.papers) + 1
        weight = {word: math.log(size / (self._frequency[word] + 0.5)) for word in words}
        whole = sum(weight.values())
        return sum(weight[word] for word in words & known) / whole if whole > 0 else 1.0

    # --- findings ---

    def at_entry(
        self, code: str, entry: EntryPlace, message: str, severity: Severity | None = None
    ) -> Finding:
        """Make a finding about an entry as a whole; it marks the first line."""
        start, end = self.places.span(entry.first, entry.first)
        line = self.places.text[start:end]
        first = start + len(line) - len(line.lstrip())
        last = start + len(line.rstrip())
        return self._finding(code, first, max(first, last), message, entry, severity)

    def at_link(
        self,
        code: str,
        link: LinkPlace,
        message: str,
        *,
        severity: Severity | None = None,
        edit: Edit | None = None,
    ) -> Finding:
        """Make a finding about a link."""
        line = self.places.line_at(link.start)
        entry = next((one for one in self.entries if one.first <= line <= one.last), None)
        return self._finding(code, link.start, link.end, message, entry, severity, edit)

    def at_line(
        self, code: str, line: int, message: str, severity: Severity | None = None
    ) -> Finding:
        """Make a finding about a line."""
        start, end = self.places.span(line, line)
        text = self.places.text[start:end].rstrip("\r\n")
        return self._finding(code, start, start + len(text), message, None, severity)

    def _finding(
        self,
        code: str,
        start: int,
        end: int,
        message: str,
        entry: EntryPlace | None,
        severity: Severity | None,
        edit: Edit | None = None,
    ) -> Finding:
        places = self.places
        line = places.line_at(start)
        last = places.line_at(max(start, end - 1))
        text = entry.paper.title if entry else one_line(places.text[start:end])
        return Finding(
            code,
            severity or RULES[code].severity,
            one_line(message),
            self.source,
            line,
            places.column_at(start),
            last,
            end - places.starts[last - 1] + 1,
            strip_emoji(text)[:_SHOWN],
            edit,
        )


def title_key(title: str) -> str:
    """Return a title as it is compared: without case, accents, signs and LaTeX.

    >>> title_key("{D}eep-Learning++, again!")
    'deep learning plus plus again'
    """
    return slug(latex_to_text(title).replace("+", " plus ")).replace("-", " ")


def _terms(text: str) -> set[str]:
    return set(prose_terms(_JOINTS.sub(" ", text)))


def share(part: Iterable[bool]) -> float:
    """Return the share of what is true, 0 if there is nothing."""
    values = list(part)
    return sum(values) / len(values) if values else 0.0
