"""Of which kind a file from the web is: its name says it, else the server, else its content."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from rftsearch.errors import SourceError
from rftsearch.sources.file_kinds import MARKDOWN, known_suffix
from rftsearch.sources.tables.columns import IDENTITY, known_fields
from rftsearch.sources.web.copies import Copy

__all__ = ["as_utf8", "file_name", "suffix_of"]

_BY_MEDIA_TYPE = {
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "text/json": ".json",
    "application/vnd.citationstyles.csl+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/json-lines": ".jsonl",
    "application/yaml": ".yaml",
    "application/x-yaml": ".yaml",
    "text/yaml": ".yaml",
    "text/x-yaml": ".yaml",
    "application/x-bibtex": ".bib",
    "text/x-bibtex": ".bib",
    "application/x-research-info-systems": ".ris",
}
_HTML = {"text/html", "application/xhtml+xml"}
_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_BIBTEX = re.compile(rb"(?:^|\n)\s*@[A-Za-z]{3,20}\s*\{")
_RIS = re.compile(rb"(?:^|\n)TY  - ")
_YAML = re.compile(rb"(?:^|\n)(?:-\s+)?(?:title|papers|arxiv|name):[ \t\r\n]")
_LOOKED_AT = 20_000
"""Bytes of a content that show its kind."""


def file_name(url: str) -> str:
    """Return the name of the file at the end of an address; empty if it has none."""
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    return re.sub(r"[^\w.()\[\] +-]", "_", name)[-120:]


def suffix_of(copy: Copy) -> str:
    """Return how the name of a file would end that holds what was fetched, `.csv`.

    Raises:
        SourceError: It is a web page, not a list.
    """
    start = copy.content[:_LOOKED_AT]
    stated = known_suffix(file_name(copy.url)) or known_suffix(file_name(copy.final_url))
    is_markdown = stated in MARKDOWN and copy.media_type not in _HTML  # Which may begin so.
    if _PAGE.match(start) and not is_markdown:
        raise SourceError(
            f"{copy.url} is a web page, not a list; give the address of the list itself: a "
            "Markdown, CSV, YAML, JSON, BibTeX or RIS file, often behind a button such as Raw"
        )
    named = stated or known_suffix(copy.file_name)
    return named or _BY_MEDIA_TYPE.get(copy.media_type) or _by_content(start)


def _by_content(start: bytes) -> str:
    bare = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    first = bare.partition(b"\n")[0].decode("utf-8", "replace")
    if bare.startswith((b"{", b"[")):
        lines = [line for line in bare.split(b"\n")[:3] if line.strip()]
        each = len(lines) > 1 and all(one.strip()[:1] == b"{" for one in lines[:2])
        return ".jsonl" if each and lines[0].strip().endswith(b"}") else ".json"
    if _RIS.search(start):
        return ".ris"
    if _BIBTEX.match(b"\n" + bare):
        return ".bib"
    for sign in ("\t", ",", ";"):
        cells = [cell.strip(' "\r') for cell in first.split(sign)]
        if len(cells) > 1 and known_fields(cells) & set(IDENTITY):
            return ".csv"
    return ".yaml" if _YAML.match(b"\n" + bare) and not bare.startswith(b"---\n#") else ".md"


def as_utf8(copy: Copy) -> bytes:
    """Return a content in UTF-8 if the server says that it has another encoding.

    What is UTF-8 already stays as it is: servers often say something else of it.
    """
    charset = copy.charset.lower()
    if charset in {"", "utf-8", "utf8", "us-ascii", "ascii"}:
        return copy.content
    try:
        copy.content.decode()
    except UnicodeDecodeError:
        try:
            return copy.content.decode(charset).encode()
        except (UnicodeError, LookupError):
            return copy.content
    return copy.content
