"""Invented lists with faults in them, and what arXiv would say of their papers."""

from __future__ import annotations

from pathlib import Path

from rftsearch.living.check.check import check_list
from rftsearch.living.check.findings import CheckReport, Finding
from rftsearch.living.check.rules import run_rules
from rftsearch.living.check.subject import Subject
from rftsearch.living.labels.elsewhere import Elsewhere
from rftsearch.papers.paper import ArxivMetadata
from rftsearch.sources.markdown.places import find_places

HEAD = "# Lamps\n\n## Lanterns\n\n"


def entry(number: int, title: str = "", rest: str = "", month: str | None = None) -> str:
    """A line of the founding form about paper 2505.`number`."""
    title = title or f"A Study of Lantern Number {number} and Its Flame"
    link = f"https://arxiv.org/abs/2505.{number:05}"
    return f"* [{month or '2505'}] [Lamp{number}] [{title}]({link}){rest}\n"


def found(
    text: str,
    *metadata: ArxivMetadata,
    unknown: frozenset[str] = frozenset(),
    elsewhere: dict[str, Elsewhere] | None = None,
) -> list[Finding]:
    """What the rules find in a text, by line."""
    known = {one.arxiv_id: one for one in metadata}
    subject = Subject("list.md", find_places(text, "list.md"), known, unknown, elsewhere or {})
    return sorted(run_rules(subject), key=lambda one: (one.line, one.column))


def codes(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in findings]


def check_text(folder: Path, text: str, **options: object) -> CheckReport:
    path = folder / "list.md"
    path.write_bytes(text.encode())
    return check_list(path, **options)  # type: ignore[arg-type]
