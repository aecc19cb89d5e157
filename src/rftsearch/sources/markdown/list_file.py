"""A Markdown file as a source of papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rftsearch.errors import SourceError
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper
from rftsearch.sources.base import ParsedList, Problem, path_key
from rftsearch.sources.bounds import LONGEST_FILE
from rftsearch.sources.markdown.styles.any_list import parse_any_list
from rftsearch.sources.tables.front_matter import paper_of_page
from rftsearch.sources.text_file import mark_of, refuse_binary
from rftsearch.types import Progress

__all__ = ["MarkdownList", "list_text"]


@dataclass(frozen=True, slots=True)
class MarkdownList:
    """A curated list in a Markdown file."""

    path: Path
    streamed: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """The whole path of the file."""
        return path_key(self.path)

    @property
    def label(self) -> str:
        """The name of the file."""
        return self.path.name

    def parse(self) -> ParsedList:
        """Read the list; one without a single entry is no error.

        Raises:
            SourceError: There is no such file, it cannot be read, it is no text in UTF-8 or
                with a byte order mark, or it is longer than `LONGEST_FILE`.
        """
        text = list_text(self.path)
        entries = parse_any_list(text, self.label)
        return paper_of_page(text, self.label, entries) or entries

    def read(self, progress: Progress) -> Iterator[Paper | Problem | ListAbout]:  # noqa: ARG002 - quick
        """Read the entries, then what could not be read and what the list says of itself.

        Raises:
            SourceError: As `parse`, or the list holds no entry.
        """
        parsed = self.parse()
        yield from parsed.papers
        yield from parsed.problems
        if not parsed.papers:
            raise SourceError(_nothing_found(self.path, parsed))
        yield parsed.about


def list_text(path: str | Path) -> str:
    """Return the text of a Markdown list as it is, without a byte order mark.

    Raises:
        SourceError: See `MarkdownList.parse`.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_FILE + 1)
        if len(content) > LONGEST_FILE:
            raise SourceError(
                f"{path} is longer than {LONGEST_FILE >> 20} MiB; give a Markdown list, or split it"
            )
        refuse_binary(content, str(path))
        mark, encoding = mark_of(content)
        return content[len(mark) :].decode(encoding)
    except FileNotFoundError:
        raise SourceError(f"there is no list at {path}; check the path") from None
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} is not UTF-8 text (byte {error.start}); give a Markdown list, saved as UTF-8"
        ) from None
    except OSError as error:
        raise SourceError(
            f"cannot read {path}: {error.strerror}; give a Markdown file you may read"
        ) from None


def _nothing_found(path: Path, parsed: ParsedList) -> str:
    cure = "entries look like `- [Title](https://arxiv.org/abs/2505.01234)`"
    if not parsed.problems:
        return f"no entries found in {path}; {cure}, in a list, a table or a paragraph"
    first = parsed.problems[0]
    return f"no readable entries in {path} (line {first.line}: {first.reason}); {cure}"
