"""What the libraries of all formats have in common: the file, its entries, who repeats whom."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from rftsearch.errors import SourceError
from rftsearch.papers.paper import Paper
from rftsearch.sources.base import ParsedList, Problem, WholeSource
from rftsearch.sources.libraries.reference import MOST_KEYWORDS, Reference, paper_of
from rftsearch.sources.libraries.status import says_status, subject_path
from rftsearch.sources.markdown.styles.categories import name_categories
from rftsearch.sources.text_file import mark_of, refuse_binary
from rftsearch.text.clean import one_line, slug
from rftsearch.text.plural import plural

__all__ = ["LONGEST_LIBRARY", "LibraryFile", "Skipped"]

LONGEST_LIBRARY = 128 << 20
"""Bytes of a file; 20,000 entries with their abstracts have some 50 million."""
_LONGEST_CATEGORY = 200
"""Characters of a keyword or of the name of a group."""

_LONG_TITLE = 15
"""Letters of a title that hardly two papers share."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Entries that are no papers."""

    number: int
    noun: str
    plural: str


class LibraryFile(WholeSource):
    """A file of a reference manager; each format is a class of its own."""

    __slots__ = ()

    form: ClassVar[str]
    """How an entry of the format looks, for errors."""

    @abstractmethod
    def entries(self, text: str) -> Iterator[Reference | Problem | Skipped]:
        """Read the entries of a file, in its order; they may come among problems."""

    def parse(self) -> ParsedList:
        """Read the file; one without a single entry is no error.

        Raises:
            SourceError: The file cannot be read.
        """
        references: list[Reference] = []
        problems: list[Problem] = []
        skipped: list[str] = []
        for item in self.entries(read_text(self.path)):
            if isinstance(item, Reference):
                references.append(item)
            elif isinstance(item, Problem):
                problems.append(item)
            else:
                skipped.append(plural(item.number, item.noun, item.plural))
        papers, more = papers_of(references, self.label)
        problems = sorted((*problems, *more), key=lambda problem: problem.line)
        left_out = (f"{self.label}: {', '.join(skipped)} left out",) if skipped else ()
        return ParsedList(tuple(papers), tuple(problems), account=left_out)

    def nothing_found(self, first: str) -> str:
        """Say that the file has no entry, or none that can be read."""
        return f"no entry can be read in {self.path}{first}; {self.form}"


def read_text(path: Path) -> str:
    r"""Read a file of text in UTF-8 or with a byte order mark; all line ends become `\n`.

    Raises:
        SourceError: There is no such file, it cannot be read, it is not UTF-8, or it is
            longer than `LONGEST_LIBRARY`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_LIBRARY + 1)
        if len(content) > LONGEST_LIBRARY:
            raise SourceError(f"{path} is longer than {LONGEST_LIBRARY >> 20} MiB; split it")
        refuse_binary(content, str(path))
        mark, encoding = mark_of(content)
        text = content[len(mark) :].decode(encoding)
    except FileNotFoundError:
        raise SourceError(f"there is no file {path}; check the path") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{path} is not UTF-8 text (line {line}); export it as UTF-8, or convert it: "
            f"iconv -f WINDOWS-1252 -t UTF-8 {path.name} > utf8-{path.name}"
        ) from None
    except OSError as error:
        raise SourceError(
            f"cannot read {path}: {error.strerror or error}; give a file you may read"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def papers_of(references: Sequence[Reference], source: str) -> tuple[list[Paper], list[Problem]]:
    """Make the papers of a library.

    Args:
        references: Its entries, in the order of the file.
        source: Name of the file; it is the category of entries that nothing says the subject of.

    Returns:
        One paper of each entry that can be read, and what could not be read of any. Entries
        of one paper have one id; they are joined with those of other sources.
    """
    names = _Names()
    every = (subject_path(path) for one in references for path in one.groups)
    categories = name_categories(filter(None, every), source)
    spelling: dict[str, str] = {}
    papers: list[Paper] = []
    problems: list[Problem] = []
    for reference in references:
        reasons = list(reference.reasons)
        identity = names.identity(reference, reasons)
        if identity is not None:
            under = _categories(reference, categories, spelling, reasons) or (source,)
            paper, cut = paper_of(reference, source, under, identity)
            papers.append(paper)
            reasons += cut
        start = one_line(reference.start[:80])
        problems += Problem.of_entry(
            source, reference.line, start, dict.fromkeys(reasons), is_read=identity is not None
        )
    return papers, problems


def _categories(
    reference: Reference,
    named: Mapping[tuple[str, ...], str],
    spelling: dict[str, str],
    reasons: list[str],
) -> tuple[str, ...]:
    """Return the subjects of an entry, each as the library first spells it.

    They are its groups and keywords, but for those that say whether it was read.
    """
    groups = filter(None, map(subject_path, reference.groups))
    keywords = (one for one in reference.keywords if not says_status(one))
    every = reference.own_categories or (*(named[path] for path in groups), *keywords)
    if len(every) > MOST_KEYWORDS:
        reasons.append(f"it has more than {MOST_KEYWORDS} keywords; the rest is left out")
    sound = [one for one in every[:MOST_KEYWORDS] if len(one) <= _LONGEST_CATEGORY]
    if len(sound) < len(every[:MOST_KEYWORDS]):
        reasons.append(
            f"a keyword is longer than {_LONGEST_CATEGORY} characters and is left out; "
            "keywords stand between commas or semicolons"
        )
    return tuple(dict.fromkeys(spelling.setdefault(one.casefold(), one) for one in sound))


@dataclass
class _Names:
    """What the entries are known by."""

    _first: dict[str, Reference] = field(default_factory=dict)
    """The first entry of each id."""
    _keys: dict[str, int] = field(default_factory=dict)
    """The line of each citation key."""

    def identity(self, reference: Reference, reasons: list[str]) -> str | None:
        """Return what an entry is known by; None if it is no paper, and the reasons say why."""
        if not reference.title and not reference.arxiv_id:
            reasons.append("it has no title")
            return None
        line = self._keys.setdefault(reference.key.lower(), reference.line)
        if reference.key and line != reference.line:
            reasons.append(f"its citation key is that of line {line}; both are read")
        identity = reference.identity
        first = self._first.setdefault(identity, reference)
        if not reference.arxiv_id and first.doi and not _same_title(reference, first):
            reasons.append(f"it has the DOI of line {first.line} and another title; both are read")
            identity = replace(reference, doi=None).identity
        if not identity:
            reasons.append("its title has no letter or digit, and nothing else names it")
        return identity or None


def _same_title(one: Reference, other: Reference) -> bool:
    """Return whether two titles are the same, or a long one is the beginning of the other."""
    first, second = sorted((slug(one.title), slug(other.title)), key=len)
    return first == second or (len(first) >= _LONG_TITLE and second.startswith(first))
