"""Acronyms: collected from texts, kept if they have one meaning, found in queries."""

from __future__ import annotations

import pytest

from rftsearch.errors import IndexDamagedError
from rftsearch.index.tables.acronyms import Acronyms
from rftsearch.index.tables.acronyms_writer import AcronymsWriter

TEXTS = (
    *["Guided Reward Policy Search (GRPS) is cheap."] * 3,
    "We train multi-modal talking models (MTMs).",
    "Multimodal Talking Models (MTMs) talk.",
    *["A star map shows the sky. Soft target aware retrieval (STAR) is new."] * 2,
    *["Autonomous driving (AD) is hard.", "Anomaly detection (AD) is hard."] * 2,
    "Fine-grained parcel sorting (FGPS), defined once.",
    "Open doors (OD), defined once in two letters.",
)


@pytest.fixture(scope="module")
def acronyms() -> Acronyms:
    writer = AcronymsWriter()
    for text in TEXTS:
        writer.add(text)
    return writer.finish()


def test_an_acronym_with_one_meaning_is_kept(acronyms):
    found = {one.acronym: (one.long, one.papers) for one in acronyms.concepts}
    assert found == {
        "FGPS": ("fine-grained parcel sorting", 1),
        "GRPS": ("guided reward policy search", 3),
        "MTM": ("multimodal talking models", 2),
        "STAR": ("soft target aware retrieval", 2),
    }


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("GRPS for video", {"GRPS": "GRPS"}),
        ("grps", {"grps": "GRPS"}),
        ("guided reward-policy search", {"guided reward-policy search": "GRPS"}),
        ("multi modal talking model or FGPS", {"multi modal talking model": "MTM", "FGPS": "FGPS"}),
        ("MTMs", {"MTMs": "MTM"}),
        ("GRPS-based", {"GRPS": "GRPS"}),
        ("fine grained parcel sorting", {"fine grained parcel sorting": "FGPS"}),
        ("S-GRPS and GRPS++", {}),
        ("a star map", {}),  # A word of its own in this collection.
        ("STAR", {"STAR": "STAR"}),
        ("fgps", {}),  # Defined once: too little to read small letters as an acronym.
        ("AD", {}),
        ("autonomous driving", {}),
        ("guided reward", {}),
        ("", {}),
    ],
)
def test_a_query_names_concepts(acronyms, query, named):
    found = {query[one.start : one.end]: one.concept.acronym for one in acronyms.mentions(query)}
    assert found == named


def test_they_are_written_and_read(acronyms, tmp_path):
    acronyms.save(tmp_path / "acronyms.json")
    assert Acronyms.parse((tmp_path / "acronyms.json").read_bytes()) == acronyms


@pytest.mark.parametrize("content", [b"", b"[[1]]", b"{", b"[1]"])
def test_a_damaged_file_is_named(content):
    with pytest.raises(IndexDamagedError, match="acronyms"):
        Acronyms.parse(content)
