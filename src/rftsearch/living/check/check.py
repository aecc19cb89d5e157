"""Check lists: read them, run the rules, and say what could not be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.errors import UsageError
from rftsearch.living.check.dead_links import addresses_of, dead_links, unsure_links
from rftsearch.living.check.findings import RULES, CheckReport, Finding
from rftsearch.living.check.knowledge import Knowledge, known_in_file, known_in_index
from rftsearch.living.check.reading.one_text import ListText
from rftsearch.living.check.reading.texts import texts_of
from rftsearch.living.check.rules import run_rules
from rftsearch.living.check.several.in_two_files import in_two_files
from rftsearch.living.check.subject import Subject
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.sources.web.fetch import Fetcher
    from rftsearch.sources.web.link_status import LinkAsker

__all__ = ["check_list", "check_lists", "chosen_rules"]


def check_list(
    path: str | Path,
    *,
    index: str | Path | None = None,
    abstracts: str | Path | None = None,
    links: bool | LinkAsker = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    offline: bool = False,
) -> CheckReport:
    """Check a list, wherever it lives.

    Args:
        path: A Markdown list, a library, a table, a folder of these, a web address, or a
            repository on GitHub. In libraries and tables, papers, months, titles and addresses
            are checked.
        index: Folder of an index that knows its papers: their titles on arXiv, their
            abstracts, and which papers are alike. None for none.
        abstracts: A file of abstracts, instead of an index or beside it.
        links: Whether to ask the web if addresses still answer; or what asks it.
        select: Codes of `RULES` to look for; by default all.
        ignore: Codes to leave out.
        offline: Whether to fetch nothing; of an address the copy of the last time is checked.

    Returns:
        What was found, by line, and what could not be checked.

    Raises:
        UsageError: There is no such rule.
        SourceError: The list or the file of abstracts cannot be read.
        FetchError: An address does not answer.
        IndexMissingError, IndexDamagedError, IndexFormatError: The index cannot be used.
    """
    return check_lists(
        [path],
        index=index,
        abstracts=abstracts,
        links=links,
        select=select,
        ignore=ignore,
        offline=offline,
    )


def check_lists(
    paths: Sequence[str | Path],
    *,
    index: str | Path | None = None,
    abstracts: str | Path | None = None,
    links: bool | LinkAsker = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    offline: bool = False,
    fetcher: Fetcher | None = None,
) -> CheckReport:
    """Check several lists: each file by itself, and if a paper stands in two of them.

    See `check_list`.

    Args:
        paths: The lists.
        index: As for `check_list`.
        abstracts: As for `check_list`.
        links: As for `check_list`.
        select: As for `check_list`.
        ignore: As for `check_list`.
        offline: As for `check_list`.
        fetcher: Fetches files from the web; None for the usual one.
    """
    codes = chosen_rules(select, ignore)
    from_file = known_in_file(Path(abstracts)) if abstracts is not None else Knowledge()
    subjects: list[Subject] = []
    findings: list[list[Finding]] = []
    not_checked: list[str] = []
    for path in paths:
        for text in texts_of(path, offline=offline, fetcher=fetcher):
            if isinstance(text, str):
                not_checked.append(text)
                continue
            known = from_file
            if index is not None:
                known = known.joined(known_in_index(Path(index), text.places.parsed.papers))
            subject = Subject(
                text.source, text.places, known.metadata, known.unknown, known.elsewhere or {}
            )
            found, missing = _checked(subject, text, known, codes, links)
            subjects.append(subject)
            findings.append(found)
            not_checked += missing
    if "in-two-files" in codes and len(subjects) > 1:
        shared, left_out = in_two_files(subjects, every="in-two-files" in set(select))
        for number, more in shared.items():
            findings[number] += more
        not_checked += [left_out] if left_out else []
    for found in findings:
        found.sort(key=lambda one: (one.line, one.column, one.code))
    entries = sum(len(subject.entries) for subject in subjects)
    return CheckReport(
        tuple(one for found in findings for one in found), entries, tuple(not_checked)
    )


def _checked(
    subject: Subject,
    text: ListText,
    known: Knowledge,
    codes: set[str],
    links: bool | LinkAsker,
) -> tuple[list[Finding], list[str]]:
    """Return what is found in one text, and what could not be checked."""
    found = [one for one in run_rules(subject, is_list=text.is_list) if one.code in codes]
    missing: list[str] = []
    if links and codes & {"dead-link", "moved-link"}:
        asked = _asker(links).ask(addresses_of(subject))
        found += [one for one in dead_links(subject, asked) if one.code in codes]
        missing += unsure_links(subject.source, asked)
    return found, [*missing, *_not_checked(text, known, codes)]


def _asker(links: bool | LinkAsker) -> LinkAsker:
    from rftsearch.sources.web.link_status import LinkAsker  # noqa: PLC0415 - rarely needed

    return links if isinstance(links, LinkAsker) else LinkAsker()


def chosen_rules(select: Iterable[str], ignore: Iterable[str]) -> set[str]:
    """Return the codes of the rules that are asked for.

    Raises:
        UsageError: There is no such rule.
    """
    wanted, unwanted = set(select), set(ignore)
    if strange := sorted((wanted | unwanted) - RULES.keys()):
        raise UsageError(f"there is no rule {strange[0]!r}; the rules are {', '.join(RULES)}")
    return (wanted or set(RULES)) - unwanted


_BY_METADATA = ("renamed", "wrong-link", "withdrawn", "missing-link")


def _not_checked(text: ListText, known: Knowledge, codes: set[str]) -> Iterable[str]:
    """Yield what could not be checked for lack of knowledge."""
    source, papers = text.source, text.places.parsed.papers
    ids = {paper.arxiv_id for paper in papers if paper.arxiv_id}
    missing = len(ids - known.metadata.keys() - known.unknown)
    asked = [code for code in _BY_METADATA if code in codes]
    if missing and asked:
        yield (
            f"{source}: {', '.join(asked)} for {missing:,} of {plural(len(ids), 'arXiv paper')}: "
            "their titles and abstracts are not known; give --index or --abstracts"
        )
    if text.is_list and "other-section" in codes and known.elsewhere is None:
        yield f"{source}: other-section: it needs an index of this list; give --index"
