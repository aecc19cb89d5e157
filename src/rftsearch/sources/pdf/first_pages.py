"""Read the title and the abstract of a paper from its PDF.

A PDF knows where glyphs stand, not what they mean. The title is what is set largest on the
first page, the abstract what stands between its heading and that of the introduction.
"""

from __future__ import annotations

import logging
import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from rftsearch.errors import SourceError

__all__ = ["MOST_LETTERS", "read_first_pages"]

MOST_LETTERS = 4_000
"""Of an abstract at most so many characters are taken, and as many if none is marked."""
_PAGES = 2
_LEAST_LETTERS = 80
"""A page with less is a picture of a page."""
_HEADING = re.compile(
    r"^[ \t]*(?:abstract|a[ ]b[ ]s[ ]t[ ]r[ ]a[ ]c[ ]t|summary)[ \t]*[.:\u2014\u2013-]*[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    r"^[ \t]*(?:(?:1|i)?[. \t]*introduction\b|keywords?\b|key words\b|index terms\b|ccs concepts\b"
    r"|categories and subject\b|acm reference\b|contents$|related work$)",
    re.IGNORECASE | re.MULTILINE,
)
_BROKEN_WORD = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_STAMP = re.compile(
    r"arxiv:\s*\d|^\W*$|preprint|proceedings|conference|journal|https?:", re.IGNORECASE
)
_CURE = "give its abstract as text, with --text or in a text file"


def read_first_pages(content: bytes, name: str) -> str:
    """Return the title and the abstract of a paper, as one text.

    Where no abstract is marked, what the first page says up to its introduction stands for it.

    Args:
        content: The file.
        name: What messages call it.

    Raises:
        SourceError: It is damaged, needs a password, or has no text, as a scan.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # One line is said here, not many.
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        pages = [reader.pages[number] for number in range(min(_PAGES, len(reader.pages)))]
        title = _title(pages[0], reader.metadata) if pages else ""
        text = "\n".join(page.extract_text() for page in pages)
    except (FileNotDecryptedError, DependencyError):
        raise SourceError(f"{name} is encrypted; remove its password, or {_CURE}") from None
    except Exception as error:  # noqa: BLE001 - of a damaged file pypdf raises anything
        said = " ".join(str(error).split())[:80] or type(error).__name__
        raise SourceError(f"{name} is a damaged PDF ({said}); {_CURE}") from None
    if sum(map(str.isalpha, text)) < _LEAST_LETTERS:
        raise SourceError(f"{name} holds no text, as a scan does; run OCR on it, or {_CURE}")
    abstract = _abstract(text, title)
    return " ".join(f"{title}. {abstract}".split()) if title else " ".join(abstract.split())


def _title(page: Any, metadata: Any) -> str:  # noqa: ANN401 - pypdf's, known only here
    """Return what is set largest on the first page; what the file calls itself, if that fails."""
    lines: dict[float, list[str]] = {}

    def visit(text: str, _: object, matrix: list[float], __: object, size: float) -> None:
        upright = abs(matrix[1]) < 1e-3  # arXiv's stamp runs up the margin, larger than a title.
        if text.strip() and upright and not _STAMP.search(text):
            lines.setdefault(round(size * abs(matrix[3] or 1), 1), []).append(text.strip())

    page.extract_text(visitor_text=visit)
    for size in sorted(lines, reverse=True):
        words = " ".join(lines[size]).split()
        if 2 <= len(words) <= 40 and sum(map(len, words)) > 8:
            return " ".join(words)
    own = str(getattr(metadata, "title", None) or "")
    return " ".join(own.split()) if len(own.split()) > 2 else ""


def _abstract(text: str, title: str) -> str:
    """Return what stands between the heading of the abstract and the introduction."""
    text = _BROKEN_WORD.sub("", text)
    heading = _HEADING.search(text)
    rest = text[heading.end() :] if heading else text
    if not heading and title:
        last = title.rsplit(maxsplit=1)[-1]
        rest = rest.partition(last)[2] or rest
    end = _END.search(rest)
    found = rest[: end.start()] if end and end.start() > _LEAST_LETTERS else rest
    return found[:MOST_LETTERS]
