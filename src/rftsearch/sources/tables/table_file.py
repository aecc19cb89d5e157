"""CSV, TSV, YAML and JSON files with a table of papers, as sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain

from rftsearch.errors import SourceError
from rftsearch.papers.paper import Paper
from rftsearch.sources.base import Outcome, ParsedList, Problem, WholeSource
from rftsearch.sources.markdown.styles.categories import name_categories
from rftsearch.sources.tables.columns import field_of
from rftsearch.sources.tables.delimited import Line, read_sheet
from rftsearch.sources.tables.entries import Walk
from rftsearch.sources.tables.facts import Row, flattened, paths_of_row
from rftsearch.sources.tables.groups import filled_down, headings_among
from rftsearch.sources.tables.json_tree import read_json
from rftsearch.sources.tables.moments import shows_day_first
from rftsearch.sources.tables.row import RowError, paper_of_row
from rftsearch.sources.tables.tree import Fields, Items, Passed, Text, Tree, TreeError, texts_of
from rftsearch.sources.tables.yaml_tree import read_yaml_leniently
from rftsearch.sources.text_file import read_text

__all__ = ["JSON", "SHEETS", "YAML", "TableFile", "papers_of_rows", "parse_table", "parse_tree"]

SHEETS = {".csv": None, ".tsv": "\t", ".tab": "\t"}
"""Suffixes of tables with rows, and what separates their columns; None to find out."""
YAML = (".yaml", ".yml")
JSON = (".json",)

_FORM = "give each paper a title and a link, in fields such as title, url, arxiv, date, category"


class TableFile(WholeSource):
    """A CSV, TSV, YAML or JSON file of papers."""

    __slots__ = ()

    def parse(self) -> ParsedList:
        """Read the file; one without a single paper is no error.

        Raises:
            SourceError: It cannot be read, or is not of the format that its name says.
        """
        return parse_table(read_text(self.path), self.label, self.path.suffix.lower())

    def nothing_found(self, first: str) -> str:
        """Say that no row is a paper."""
        return f"no paper can be read in {self.path}{first or ' (it has no entries)'}; {_FORM}"


def parse_table(text: str, source: str, suffix: str) -> ParsedList:
    """Read a table of papers.

    Args:
        text: What the file holds.
        source: Its name without folder, for the records' provenance; also the
            category of papers that have none.
        suffix: How its name ends, `.csv`; what is no suffix of a table is read as CSV.

    Raises:
        SourceError: It is not of that format.
    """
    try:
        if suffix in YAML:
            tree, passed = read_yaml_leniently(text)
            return parse_tree(tree, source, passed)
        if suffix in JSON:
            return parse_tree(*_read_json(text, source))
    except TreeError as error:
        form = "YAML" if suffix in YAML else "JSON"
        raise SourceError(
            f"{source} is not {form} (line {error.line}: {error}); mend that line"
        ) from None
    return _parse_sheet(text, source, SHEETS.get(suffix))


def _read_json(text: str, source: str) -> tuple[Tree, str, list[Passed]]:
    """Read JSON, also if it has one object on each line.

    Raises:
        TreeError: It is neither.
    """
    try:
        return read_json(text), source, []
    except TreeError:
        lines = text.split("\n")
        first = next((line for line in lines if line.strip()), "")
        with suppress(TreeError):
            if isinstance(read_json(first), Fields) and len(lines) > 1:
                return _read_lines(lines, source)
        raise


def _read_lines(lines: Sequence[str], source: str) -> tuple[Tree, str, list[Passed]]:
    items: list[Tree] = []
    passed: list[Passed] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                items.append(read_json(line, number))
            except TreeError as error:
                passed.append((number, line.strip(), str(error)))
    return Items(1, tuple(items)), source, passed


def parse_tree(tree: Tree | None, source: str, passed: Sequence[Passed] = ()) -> ParsedList:
    """Read the entries of a tree.

    Args:
        tree: What YAML or JSON holds; None for nothing.
        source: Name of the file.
        passed: Line, beginning and reason of what had to be passed over to get the tree.
    """
    walk = Walk()
    if tree is not None:
        walk.take(tree)
    strange = [Problem(source, line, start, reason) for line, start, reason in walk.strange]
    strange += [
        Problem(source, line, start[:100], f"the entry cannot be read: {reason}")
        for line, start, reason in passed
    ]
    papers, problems = papers_of_rows(walk.rows, source)
    return ParsedList(
        tuple(papers), _sorted([*strange, *problems]), walk.about, _unknown(walk.unknown, source)
    )


def _parse_sheet(text: str, source: str, sign: str | None) -> ParsedList:
    sheet = read_sheet(text, sign)
    if sheet.header is None:
        lines = sheet.above[:1]
        reason = (
            "no row names the columns; the first row should hold names such as title, url, "
            "arxiv, date, category"
        )
        problems = [Problem(source, line.line, _start(line), reason) for line in lines]
        return ParsedList((), tuple(problems))
    names = [name.strip() for name in sheet.header.cells]
    strange = [
        Problem(source, line.line, _start(line), line.reason or "it stands above the column names")
        for line in sheet.above
    ]
    headings = headings_among(names, sheet.rows)
    filled, merged = filled_down(names, sheet.rows)
    rows: list[Row] = []
    path: tuple[str, ...] = ()
    for number, line in enumerate(filled):
        if number in headings:
            path = (headings[number],)
            continue
        if reason := line.reason or _too_wide(line, len(names)):
            outcome: Outcome = "lost" if line.reason else "part"
            strange.append(Problem(source, line.line, _start(line), reason, outcome))
        if not line.reason:
            cells = zip(names, line.cells, strict=False)
            pairs = tuple((name, Text(line.line, cell)) for name, cell in cells)
            rows.append(Row(line.line, pairs, path))
    papers, problems = papers_of_rows(rows, source)
    unknown = dict.fromkeys(name for name in names if name and field_of(name) is None)
    account = [f"{source}: read as a heading: {_listed(headings.values())}"] if headings else []
    account += [f"{source}: each value of {name} counts for the rows below it" for name in merged]
    return ParsedList(
        tuple(papers),
        _sorted([*strange, *problems]),
        account=(*account, *_unknown(unknown, source)),
    )


def _too_wide(line: Line, width: int) -> str:
    """Return what is wrong with a row that has cells beyond the columns; empty if it has none."""
    if not any(cell.strip() for cell in line.cells[width:]):
        return ""
    return (
        f"it has {len(line.cells)} cells and the table {width} columns; put a cell that holds "
        "the separator in quotation marks"
    )


def _start(line: Line) -> str:
    return " | ".join(" ".join(cell.split()) for cell in line.cells if cell.strip())[:100]


def _sorted(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line))


def _unknown(names: dict[str, None], source: str) -> tuple[str, ...]:
    if not names:
        return ()
    what = "field" if len(names) == 1 else "fields"
    return (f"{source}: {what} not used: {_listed(names)}",)


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:12]) + (", ..." if len(every) > 12 else "")


def papers_of_rows(rows: Sequence[Row], source: str) -> tuple[list[Paper], list[Problem]]:
    """Make the papers of all rows of a file.

    Args:
        rows: In the order of the file.
        source: Its name.

    Returns:
        One paper of each row that can be read, and what could not be read of any.
    """
    day_first = shows_day_first(
        text
        for row in rows
        for name, tree in flattened(row.cells)
        if field_of(name) == "date"
        for text in texts_of(tree)
    )
    groups = [paths_of_row(row) for row in rows]
    named = name_categories(chain.from_iterable(paths for paths, _ in groups), source)
    papers: list[Paper] = []
    problems: list[Problem] = []
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    for row, (paths, own) in zip(rows, groups, strict=True):
        reasons: list[str] = []
        paper = repeats = None
        categories = tuple(dict.fromkeys((*(named[path] for path in paths), *own))) or (source,)
        try:
            paper = paper_of_row(replace(row, day_first=day_first), source, categories, reasons)
        except RowError as error:
            reasons.append(str(error))
        else:
            papers.append(paper)
            line = first.setdefault((paper.id, categories), row.line)
            repeats = line if line != row.line else None
        problems += Problem.of_entry(
            source, row.line, row.start, reasons, is_read=paper is not None, repeats=repeats
        )
    return papers, problems
