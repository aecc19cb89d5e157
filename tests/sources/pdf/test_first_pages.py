"""PDFs made here, by a few lines that write the format, and by pypdf where one is encrypted."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from rftsearch.errors import SourceError
from rftsearch.sources.pdf.first_pages import read_first_pages

TITLE = "Counting Sheep with Patient Cameras"
ABSTRACT = [
    "Shepherds count their sheep at dusk. We train a cam-",
    "era to do so by rewards for every animal it has ticked off.",
    "The error falls by a third on 12 meadows.",
]


def pdf(lines: list[tuple[int, str]]) -> bytes:
    """Return a PDF of one page: lines of a size and a text, from top to bottom."""
    drawn, height = [], 760
    for size, text in lines:
        drawn.append(f"BT /F1 {size} Tf 1 0 0 1 60 {height} Tm ({text}) Tj ET")
        height -= size + 8
    content = "\n".join(drawn).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return file + head + table + tail % (len(objects) + 1, len(file))


def paper(heading: str = "Abstract", after: str = "1 Introduction") -> bytes:
    return pdf(
        [
            (9, "Proceedings of the Ninth Meadow"),
            (18, TITLE),
            (10, "A. Shepherd and B. Dog"),
            (12, heading),
            *((10, line) for line in ABSTRACT),
            (12, after),
            (10, "Nobody has counted sheep before."),
        ]
    )


@pytest.mark.parametrize(
    ("heading", "after"),
    [
        ("Abstract", "1 Introduction"),
        ("ABSTRACT", "I. INTRODUCTION"),
        ("A B S T R A C T", "Keywords: sheep"),
    ],
)
def test_title_and_abstract(heading, after):
    text = read_first_pages(paper(heading, after), "sheep.pdf")
    assert text == (
        f"{TITLE}. Shepherds count their sheep at dusk. We train a camera to do so by rewards "
        "for every animal it has ticked off. The error falls by a third on 12 meadows."
    )


def test_without_a_heading_the_first_page_stands_for_the_abstract():
    text = read_first_pages(pdf([(18, TITLE), *((10, line) for line in ABSTRACT)]), "sheep.pdf")
    assert text.startswith(f"{TITLE}. Shepherds count")


def encrypted(password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(paper())))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: encrypted("secret"), "x.pdf is encrypted; remove its password"),
        (lambda: pdf([(10, "7")]), "x.pdf holds no text, as a scan does; run OCR"),
        (lambda: paper()[:200], "x.pdf is a damaged PDF"),
        (lambda: b"%PDF-1.4\n", "x.pdf is a damaged PDF"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_a_cure(content, said, capfd):
    with pytest.raises(SourceError) as refused:
        read_first_pages(content(), "x.pdf")
    assert str(refused.value).startswith(said)
    assert "--text" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert capfd.readouterr() == ("", "")
