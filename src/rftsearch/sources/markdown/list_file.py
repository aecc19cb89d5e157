"""A Markdown file as a source of papers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rftsearch.errors import SourceError
from rftsearch.sources.base import ParsedList, WholeSource
from rftsearch.sources.bounds import LONGEST_FILE
from rftsearch.sources.markdown.styles.any_list import parse_any_list
from rftsearch.sources.tables.front_matter import broken_front_matter, paper_of_page
from rftsearch.sources.text_file import mark_of, refuse_binary

__all__ = ["MarkdownList", "list_text"]


class MarkdownList(WholeSource):
    """A curated list in a Markdown file."""

    __slots__ = ()

    def parse(self) -> ParsedList:
        """Read the list; one without a single entry is no error.

        Raises:
            SourceError: There is no such file, it cannot be read, it is no text in UTF-8 or
                with a byte order mark, or it is longer than `LONGEST_FILE`.
        """
        text = list_text(self.path)
        entries = parse_any_list(text, self.label)
        parsed = paper_of_page(text, self.label, entries) or entries
        if broken := broken_front_matter(text, self.label):
            return replace(parsed, problems=(broken, *parsed.problems))
        return parsed

    def nothing_found(self, first: str) -> str:
        """Say that the list has no entry, or none that can be read."""
        cure = "entries look like `- [Title](https://arxiv.org/abs/2505.01234)`"
        if first:
            return f"no readable entries in {self.path}{first}; {cure}"
        return f"no entries found in {self.path}; {cure}, in a list, a table or a paragraph"


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
