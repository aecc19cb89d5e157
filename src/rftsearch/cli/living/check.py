"""`rftsearch check`: find what is wrong in a list, and mend what is harmless."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.cli.build import OFFLINE
from rftsearch.cli.command import Option, command
from rftsearch.cli.options import INDEX
from rftsearch.cli.terminal import Style, note, print_json, print_line, say, show_notes
from rftsearch.errors import UsageError
from rftsearch.settings import address_of, expanded, index_place
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.living.check.findings import CheckReport

__all__ = ["check"]

_STYLES: dict[str, Style] = {"error": "bold red", "warning": "bold", "note": "dim"}
_FORMS = ("text", "json", "sarif", "github")


@command(
    Option(
        "sources",
        nargs="*",
        metavar="LIST",
        help="lists, libraries, tables, folders of these, web addresses, or repositories on "
        "GitHub; by default what the index was built from",
    ),
    Option(
        "--abstracts",
        type=Path,
        metavar="FILE",
        help="file of titles and abstracts, instead of an index or beside it",
    ),
    INDEX,
    OFFLINE,
    Option("--links", action="store_true", help="ask the web whether addresses still answer"),
    Option(
        "--select",
        action="append",
        metavar="RULE,...",
        help="look for these rules only, such as same-paper,wrong-link",
    ),
    Option("--ignore", action="append", metavar="RULE,...", help="leave these rules out"),
    Option("--fix", action="store_true", help="write the harmless corrections into the lists"),
    Option("--strict", action="store_true", help="notes count as wrong, too"),
    Option(
        "--format",
        dest="form",
        choices=_FORMS,
        default="text",
        metavar="FORM",
        help="text (default), json, sarif, or github for annotations in a workflow",
    ),
)
def check(
    *,
    sources: Sequence[str],
    abstracts: Path | None,
    index: Path | None,
    offline: bool,
    links: bool,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    fix: bool,
    strict: bool,
    form: str,
) -> None:
    """Check lists: papers that stand twice, wrong and broken links, and more.

    Exit code 0 if nothing is wrong, 1 if something is: an error or a warning. Notes are worth
    a look and not wrong. Titles and abstracts come from the index, if it has the papers.
    """
    from rftsearch.living.check.check import check_lists
    from rftsearch.living.check.mend import mend_list, mendable

    known = _index(index)
    paths, others = [_given(one) for one in sources], list[str]()
    if not paths:
        paths, others = _listed(known)

    def run() -> CheckReport:
        return check_lists(
            paths,
            index=known,
            abstracts=None if abstracts is None else expanded(abstracts),
            links=links,
            select=_codes(select),
            ignore=_codes(ignore),
            offline=offline,
        )

    report = run()
    if fix:
        done = sum(mend_list(path, report.findings) for path in mendable(report.findings))
        if done:
            report = run()
        note(f"{plural(done, 'correction was', 'corrections were')} written")
        if left := sum(one.edit is not None for one in report.findings):
            note(f"{plural(left, 'correction is', 'corrections are')} of what is no file here")
    _show(report, form)
    show_notes(others)
    if report.wrong or (strict and report.findings):
        sys.exit(1)


def _codes(given: Sequence[str] | None) -> list[str]:
    return [code.strip() for each in given or () for code in each.split(",") if code.strip()]


def _index(index: Path | None) -> Path | None:
    """Return the index that may be asked; None if none was named and there is no default one."""
    from rftsearch.index.generations.manifest import MANIFEST

    path = index_place(index)
    there = index is not None or address_of(path) is not None or (path / MANIFEST).exists()
    return path if there else None


def _given(text: str) -> str:
    """Return a path with `~` replaced; an address stays as it is."""
    return text if "://" in text else str(expanded(Path(text)))


def _listed(index: Path | None) -> tuple[list[str], list[str]]:
    """Return what an index was built from, and a sentence on each source without lines.

    Raises:
        UsageError: There is nothing that could be checked.
    """
    from rftsearch.index.generations.manifest import GIVEN_PAPERS
    from rftsearch.living.check.reading.texts import is_checkable
    from rftsearch.search.generation_watcher import place_of
    from rftsearch.sources.registry import open_source

    keys = place_of(index).status().sources if index is not None else ()
    opened = {key: open_source(key) for key in keys if key != GIVEN_PAPERS}
    lists = [key for key, source in opened.items() if is_checkable(source)]
    others = [
        f"{source.label}: it has no lines to check"
        for key, source in opened.items()
        if key not in lists
    ]
    if not lists:
        raise UsageError("name a list to check: `rftsearch check README.md`")
    return lists, others


def _show(report: CheckReport, form: str) -> None:
    from rftsearch.living.check.formats import github_annotations, sarif, summary

    if form == "json":
        print_json(report.to_dict())
    elif form == "sarif":
        print_json(sarif(report))
    else:
        if form == "github":
            for line in github_annotations(report):
                print_line(line)
        else:
            for one in report.findings:
                style = _STYLES[one.severity]
                print_line(f"{one.where}: ", (one.severity, style), f" {one.code}: {one.message}")
        say(f"{summary(report)}.")
    show_notes(report.not_checked)
