"""Files that are no text are refused; encodings that a mark names are read, by every kind."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from rftsearch import read_list
from rftsearch.errors import SourceError

_TEXTS = {
    "list.md": "## Ärzte\n\n- [Lamps for löwen](https://arxiv.org/abs/2501.00011)\n",
    "table.csv": "title;arxiv\nLamps for löwen;2501.00011\n",
    "library.bib": "@misc{k,\n title = {Lamps for löwen},\n eprint = {2501.00011},\n}\n",
    "library.ris": "TY  - JOUR\nTI  - Lamps for löwen\nUR  - https://arxiv.org/abs/2501.00011\n"
    "ER  - \n",
}
_SUFFIXES = (".md", ".csv", ".yaml", ".json", ".bib", ".ris", ".xlsx", ".pdf", "")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF8, "utf-8"),
    ],
)
@pytest.mark.parametrize("name", _TEXTS)
def test_a_mark_says_the_encoding_of_every_kind(tmp_path: Path, name, mark, encoding):
    path = tmp_path / name
    path.write_bytes(mark + _TEXTS[name].encode(encoding))
    (paper,) = read_list(path).papers
    assert (paper.id, paper.title) == ("2501.00011", "Lamps for löwen")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04" + bytes(60), "is a spreadsheet or an archive"),
        (b"%PDF-1.5\n%\xd0\xd4", "is a PDF"),
        (b"\x7fELF\x02\x01\0\0\0", "is not text"),
    ],
)
@pytest.mark.parametrize("suffix", _SUFFIXES)
def test_what_is_no_text_is_called_by_its_kind(tmp_path: Path, suffix, content, said):
    path = tmp_path / f"papers{suffix}"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said):
        read_list(path)
