"""Rules about sections: headings that differ by a letter, and papers that belong elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import Levenshtein

from rftsearch.living.check.findings import Finding, Severity
from rftsearch.living.check.subject import Subject
from rftsearch.sources.markdown.places import HeadingPlace
from rftsearch.sources.markdown.styles.categories import says_nothing
from rftsearch.text.clean import slug

__all__ = ["other_section", "similar_headings"]

_LONG = 5
"""Letters of a heading from which one letter is a slip; `Code` and `Mode` are two words."""
_VERY_LONG = 16
"""Letters from which two letters are."""


def similar_headings(subject: Subject) -> Iterator[Finding]:
    """Name headings that differ from another by a letter, or by capitals and signs alone.

    Below different headings that is only untidy: `Papers` in one part and `Paper` in another.
    """
    seen: list[tuple[HeadingPlace, tuple[HeadingPlace, ...]]] = []
    for heading in subject.places.headings:
        above = subject.places.headings_above(heading.line)[:-1]
        for other, others in seen:
            if other.level != heading.level:
                continue
            message = _resembles(heading, other, beside=above == others)
            if message:
                severity: Severity = "warning" if above == others else "note"
                yield subject.at_line("similar-headings", heading.line, message, severity)
                break
        seen.append((heading, above))


def _resembles(heading: HeadingPlace, other: HeadingPlace, *, beside: bool) -> str | None:
    """Return what is to be said of two headings; None if they are well apart."""
    if heading.name == other.name:
        # A year or "Papers" may stand once in each part.
        if not beside or says_nothing(heading.name):
            return None
        return f'The heading "{heading.name}" stands on line {other.line} already.'
    if not _differ_by_a_slip(heading.name, other.name):
        return None
    resembled = f'"{other.name}" on line {other.line}'
    return f'The heading "{heading.name}" is hardly different from {resembled}.'


def _differ_by_a_slip(one: str, other: str) -> bool:
    first, second = slug(one), slug(other)
    if first == second:
        return bool(first)
    # Numbers and single letters tell headings apart: `2024` and `2025`, `Part A` and `Part B`.
    shorter = min(len(first), len(second))
    if _marks(first) != _marks(second) or shorter < _LONG:
        return False
    allowed = 1 if shorter < _VERY_LONG else 2
    return Levenshtein.distance(first, second, score_cutoff=allowed) <= allowed


def _marks(text: str) -> list[str]:
    return re.findall(r"\d+|\b[a-z]\b|\b[ivx]+\b", text)


def other_section(subject: Subject) -> Iterator[Finding]:
    """Name papers that surely belong to another section, by what their neighbours are about."""
    for entry, paper in subject.papers:
        found = subject.elsewhere.get(paper.id)
        if found is not None and found.category not in _sections_of(subject, paper.id):
            names = ", ".join(found.names)
            yield subject.at_entry(
                "other-section",
                entry,
                f'It stands in "{paper.category}", but by what it is about it belongs to '
                f'"{found.category}" ({found.probability:.0%}), beside {names}.',
            )


def _sections_of(subject: Subject, paper_id: str) -> set[str]:
    return {
        category
        for _, paper in subject.papers
        if paper.id == paper_id
        for category in paper.categories
    }
