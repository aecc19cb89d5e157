"""All rules that look at a list alone, and their order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from rftsearch.living.check.abstracts import missing_links
from rftsearch.living.check.addresses import (
    broken_links,
    empty_links,
    pinned_versions,
    plain_http,
)
from rftsearch.living.check.findings import Finding
from rftsearch.living.check.labels import link_labels
from rftsearch.living.check.papers import far_month, same_paper, two_ids
from rftsearch.living.check.sections import other_section, similar_headings
from rftsearch.living.check.subject import Subject
from rftsearch.living.check.titles import compare_titles, unknown_id, withdrawn

__all__ = ["run_rules"]

_RULES: tuple[Callable[[Subject], Iterable[Finding]], ...] = (
    same_paper,
    two_ids,
    far_month,
    compare_titles,
    withdrawn,
    unknown_id,
    empty_links,
    broken_links,
    plain_http,
    pinned_versions,
    link_labels,
    missing_links,
    other_section,
    similar_headings,
)


_OF_ROWS = (
    same_paper,
    far_month,
    compare_titles,
    withdrawn,
    unknown_id,
    plain_http,
    pinned_versions,
)
"""Those for libraries and tables, whose fields have no labels and stand under no headings."""


def run_rules(subject: Subject, *, is_list: bool = True) -> Iterator[Finding]:
    """Yield what all rules find in a list; what could not be read comes last.

    Args:
        subject: What is checked.
        is_list: Whether it is a list in Markdown; else a library or a table.
    """
    found = [finding for rule in (_RULES if is_list else _OF_ROWS) for finding in rule(subject)]
    yield from found
    explained = {
        line
        for finding in found
        if finding.code in {"same-paper", "two-titles", "empty-link", "broken-link", "two-ids"}
        for line in range(finding.line, finding.end_line + 1)
    }
    yield from _unread(subject, explained)


# Papers that stand twice and addresses have their own rules; the others are no faults.
_NO_FAULT = re.compile(
    r"repeats line|the link .* is not a web address|the kind of the link|it also cites"
)


def _unread(subject: Subject, explained: set[int]) -> Iterator[Finding]:
    """Yield the problems of reading that no other rule explains."""
    entries = {line for one in subject.entries for line in range(one.first, one.last + 1)}
    for problem in subject.places.parsed.problems:
        # An entry may cite other papers, such as the one of its benchmark.
        cites = problem.line in entries and problem.reason.startswith("a paper on this line")
        if problem.line in explained or cites or _NO_FAULT.match(problem.reason):
            continue
        reason = problem.reason[:1].upper() + problem.reason[1:]
        yield subject.at_line("unread", problem.line, f"{reason}.")
