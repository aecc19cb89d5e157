from __future__ import annotations

import pytest

from rftsearch.papers.paper import ArxivMetadata
from support.checking import HEAD, codes, entry, found

LISTED = "Lanterns That Read: Finding Words on Old Maps"
OTHERS = "".join(map(entry, range(2, 9)))


def known(title: str, abstract: str = "We count fish.", **more: object) -> ArxivMetadata:
    return ArxivMetadata("2505.00001", title, abstract, **more)  # type: ignore[arg-type]


def codes_of(title: str, metadata: ArxivMetadata) -> list[tuple[str, int]]:
    return codes(found(HEAD + entry(1, title) + OTHERS, metadata))


@pytest.mark.parametrize(
    "title",
    [
        LISTED,
        "lanterns that read -- finding words on old maps.",
        "Lamp1: Lanterns That Read: Finding Words on Old Maps",
        r"Lanterns {T}hat Read: Finding Words on \emph{Old} Maps",
    ],
)
def test_a_title_that_differs_only_in_form_is_the_same(title):
    assert codes_of(LISTED, known(title)) == []


def test_a_renamed_paper_keeps_its_subject():
    new = known(
        "MapLight: Words on Historical Maps",
        "We read words on old maps with lanterns, which find what is hidden.",
    )
    assert codes_of(LISTED, new) == [("renamed", 5)]
    assert codes_of(LISTED, known(LISTED.replace("Old", "Ancient"))) == [("renamed", 5)]


def test_a_link_to_a_paper_about_something_else_is_wrong():
    whales = known("Why Whales Sing at Night", "Whales sing at night. We record their songs.")
    (finding,) = found(HEAD + entry(1, LISTED) + OTHERS, whales)
    assert (finding.code, finding.severity) == ("wrong-link", "error")
    assert finding.message == (
        'arXiv 2505.00001 is "Why Whales Sing at Night", which seems to be another paper.'
    )


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Why Whales Sing at Night", ""),
        ("Why Whales Sing at Night", "We present Lamp1, a new method."),
    ],
    ids=["no abstract", "the short name"],
)
def test_without_proof_a_link_is_not_called_wrong(title, abstract):
    assert codes_of(LISTED, known(title, abstract)) == [("renamed", 5)]


def test_a_title_in_another_script_is_no_proof():
    assert codes_of("\u706f\u7b3c\u9605\u8bfb", known("Why Whales Sing", "Songs.")) == [
        ("renamed", 5)
    ]


def test_withdrawn_and_unknown_papers_are_named():
    text = HEAD + entry(1, LISTED) + OTHERS
    (finding,) = found(text, known(LISTED, withdrawn=True))
    assert (finding.code, finding.line) == ("withdrawn", 5)
    (finding,) = found(text, unknown=frozenset({"2505.00003"}))
    assert (finding.code, finding.severity, finding.line) == ("unknown-id", "error", 7)
