"""What a check finds: a finding with its rule, its line and, where it is harmless, its mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

__all__ = ["RULES", "CheckReport", "Edit", "Finding", "Rule", "Severity"]

Severity = Literal["error", "warning", "note"]
"""An `error` is wrong for certain, a `warning` nearly so; a `note` is worth a look."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for."""

    code: str
    """Its name, which stays: `same-paper`."""
    severity: Severity
    """Of its findings, where they do not have another one."""
    summary: str
    """What it finds, in one sentence."""
    fixable: bool = False
    """Whether some of its findings bring a mend."""


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            Rule("same-paper", "warning", "A paper stands twice in the list."),
            Rule("in-two-files", "warning", "A paper stands in two of the files."),
            Rule("two-titles", "warning", "One address stands under two different titles."),
            Rule("two-ids", "warning", "The links of one entry lead to different papers."),
            Rule("far-month", "warning", "The listed month is far from the month of the arXiv id."),
            Rule("renamed", "note", "The title differs from the title on arXiv."),
            Rule("wrong-link", "error", "The link leads to another paper than the title says."),
            Rule("withdrawn", "warning", "The paper was withdrawn from arXiv."),
            Rule("unknown-id", "error", "arXiv has no paper with this id."),
            Rule("empty-link", "warning", "A link has no address.", fixable=True),
            Rule("broken-link", "error", "The address of a link is malformed.", fixable=True),
            Rule("plain-http", "note", "An address begins with http: instead of https:.", True),
            Rule("pinned-version", "note", "A link leads to one version of a paper."),
            Rule("link-label", "warning", "A link leads to something else than its label says."),
            Rule("missing-link", "note", "The abstract names a link that the entry lacks."),
            Rule(
                "other-section",
                "note",
                "By what it is about, this paper surely belongs to another section.",
            ),
            Rule("similar-headings", "warning", "Two headings differ by hardly a letter."),
            Rule("unread", "warning", "Something that looks like an entry cannot be read."),
            Rule("dead-link", "error", "The address of a link does not answer."),
            Rule("moved-link", "note", "The address of a link has moved for good."),
        )
    }
)
"""Every rule by its code."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A mend: other text for some characters of the list."""

    start: int
    """Counted in characters from the beginning of the text, after a byte order mark."""
    end: int
    before: str
    """What stands there now."""
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, or worth a look."""

    code: str
    """Of its rule in `RULES`."""
    severity: Severity
    message: str
    """One plain sentence."""
    source: str
    """The path of the list as it was given."""
    line: int
    """Counted from 1."""
    column: int
    """Counted in characters from 1."""
    end_line: int
    end_column: int
    """The column behind its last character."""
    text: str = ""
    """How the entry begins."""
    edit: Edit | None = None
    """How it is mended, where that cannot lose anything."""

    @property
    def where(self) -> str:
        """Return its place as `list.md:12:3`."""
        return f"{self.source}:{self.line}:{self.column}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the mend as plain JSON values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "source": self.source,
            "line": self.line,
            "column": self.column,
            "end_line": self.end_line,
            "end_column": self.end_column,
            "text": self.text,
            "fixable": self.edit is not None,
        }


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check of one or several lists found."""

    findings: tuple[Finding, ...]
    """By list, then by line."""
    entries: int
    """How many entries were checked."""
    not_checked: tuple[str, ...] = ()
    """What could not be checked and why, one sentence each."""

    @property
    def wrong(self) -> bool:
        """Return whether there is an error or a warning; notes are not wrong."""
        return any(finding.severity != "note" for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many findings there are of each severity."""
        counted = Counter(finding.severity for finding in self.findings)
        return {name: counted[name] for name in ("error", "warning", "note")}

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "entries": self.entries,
            "counts": self.counts,
            "findings": [finding.to_dict() for finding in self.findings],
            "not_checked": list(self.not_checked),
        }
