from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import FilterError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.filters import check_month
from rftsearch.papers.merge import merge_papers
from rftsearch.papers.paper import (
    LINK_KINDS,
    ArxivMetadata,
    Link,
    Paper,
    Provenance,
)
from rftsearch.papers.results import Hit

PAPER = Paper("2505.01234", "Lantern", "TextConfig", ("Night Vision",), arxiv_id="2505.01234")
METADATA = ArxivMetadata("2505.01234", "TextConfig", "We read.", ("Author One", "Author Two"))

# --- arXiv ids ---------------------------------------------------------------------------

_NEW_IDS = st.one_of(
    st.builds(
        "{:02}{:02}.{:04}".format, st.integers(8, 14), st.integers(1, 12), st.integers(0, 9999)
    ),
    st.builds(
        "{:02}{:02}.{:05}".format, st.integers(15, 90), st.integers(1, 12), st.integers(0, 99_999)
    ),
)
_OLD_IDS = st.builds(
    "{}/{:02}{:02}{:03}".format,
    st.sampled_from(["cs", "hep-th", "math", "cond-mat", "q-bio"]),
    # From 1992 to 2006 every month is one in which such ids were given out.
    st.integers(92, 99) | st.integers(0, 6),
    st.integers(1, 12),
    st.integers(0, 999),
)
_PREFIXES = [
    "",
    "arXiv:",
    "arxiv: ",
    "arxiv.org/abs/",
    "www.arxiv.org/pdf/",
    "http://arxiv.org/abs/",
    "https://arxiv.org/pdf/",
    "https://www.arxiv.org/abs/",
    "https://export.arxiv.org/abs/",
    "https://arxiv.org/html/",
    "https://ar5iv.labs.arxiv.org/html/",
    "https://www.alphaxiv.org/abs/",
    "https://huggingface.co/papers/",
    "https://doi.org/10.48550/arXiv.",
    "10.48550/arXiv.",
    "doi:10.48550/arXiv.",
    "https://arxiv.org/abs/arXiv:",
    "https://api.semanticscholar.org/arXiv:",
    "https://scirate.com/arxiv/",
    "arXiv preprint arXiv:",
    "arXiv e-prints, arXiv:",
    "arXiv preprint ",
]


@given(
    st.one_of(_NEW_IDS, _OLD_IDS),
    st.sampled_from(_PREFIXES),
    st.sampled_from(["", "v1", "v12"]),
    st.sampled_from(["", ".pdf", "/", "?context=cs", "#S1"]),
)
def test_every_form_of_an_arxiv_id_is_read(identity, prefix, version, suffix):
    assert parse_arxiv_id(f" {prefix}{identity}{version}{suffix}\n") == identity


@given(
    st.one_of(_NEW_IDS, _OLD_IDS),
    st.sampled_from(["", "v2"]),
    st.sampled_from(
        [" [cs.CV]", " [hep-th]", "[cs.CV", ", 2025", " (2025)", " [q-bio.NC] (2025).", "."]
    ),
)
def test_an_id_is_read_as_pages_and_bibliographies_show_it(identity, version, suffix):
    assert parse_arxiv_id(f"arXiv:{identity}{version}{suffix}") == identity


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://arxiv.org/ftp/arxiv/papers/2304/2304.00001.pdf", "2304.00001"),
        ("http://de.arxiv.org/ftp/arxiv/papers/0704/0704.0001.pdf", "0704.0001"),
        ("https://arxiv.org/ftp/cs/papers/0501/0501001.pdf", "cs/0501001"),
        ("https://www.arxiv.org/ftp/arxiv/papers/2304/2304.00001v2.pdf", "2304.00001"),
        ("https://arxiv.org/ftp/arxiv/papers/2304/2313.00001.pdf", None),
        ("https://example.org/ftp/arxiv/papers/2304/2304.00001.pdf", None),
    ],
)
def test_a_file_of_the_mirror_is_known_by_its_id(url, identity):
    assert parse_arxiv_id(url) == identity


@given(st.one_of(_NEW_IDS, _OLD_IDS))
def test_case_does_not_matter(identity):
    assert parse_arxiv_id(f"HTTPS://ARXIV.ORG/ABS/{identity.upper()}V2") == identity


def test_the_subject_class_of_an_old_id_is_dropped():
    assert parse_arxiv_id("math.GT/0309136v1") == "math/0309136"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lantern",
        "2505",
        "2505.012345",
        "2505.0123",  # five digits since 2015
        "1412.01234",  # four before
        "2513.01234",
        "2500.01234",
        "0703.1234",  # the scheme began in April 2007
        "cs/0013001",
        "https://arxiv.org/list/cs.CL/recent",
        "https://example.org/abs/2505.01234",
        "https://arxiv.org.example.org/abs/2505.01234",
        "see 2505.01234",
        "2505.01234 and 2505.04321",
        "\u0662\u0665\u0660\u0665.01234",  # digits, but not ASCII ones
    ],
)
def test_what_is_no_arxiv_id(text):
    assert parse_arxiv_id(text) is None


@given(st.text())
def test_an_id_is_a_fixed_point(text):
    identity = parse_arxiv_id(text)
    assert identity is None or parse_arxiv_id(identity) == identity


# --- months --------------------------------------------------------------------------------


def test_a_month():
    assert check_month(" 2025-03 ") == "2025-03"


@pytest.mark.parametrize(
    "text", ["", "2025", "2025-13", "2025-00", "25-03", "2025-3", "2025-03-01"]
)
def test_what_is_no_month(text):
    with pytest.raises(FilterError, match="is not a month; write it like 2025-03"):
        check_month(text)


# --- papers --------------------------------------------------------------------------------


def test_a_paper_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        PAPER.title = "Other"


@pytest.mark.parametrize(
    ("paper", "state"),
    [
        (PAPER, "pending"),
        (replace(PAPER, unknown_to_arxiv=True), "unknown"),
        (replace(PAPER, arxiv_id=None), "none"),
        (PAPER.with_metadata(METADATA), "present"),
        (PAPER.with_metadata(replace(METADATA, abstract="")), "none"),
    ],
)
def test_the_states_of_an_abstract(paper, state):
    assert paper.abstract_state == state
    assert bool(paper.abstract) == (state == "present")


def test_what_arxiv_says_is_added():
    paper = PAPER.with_metadata(METADATA)
    assert (paper.abstract, paper.authors) == ("We read.", ("Author One", "Author Two"))
    assert (PAPER.abstract, PAPER.authors) == ("", ())
    assert paper.listed_title is None


def test_a_renamed_paper_keeps_the_title_of_the_list():
    renamed = PAPER.with_metadata(replace(METADATA, title="Reading, Renamed"))
    assert (renamed.title, renamed.listed_title) == ("Reading, Renamed", "TextConfig")
    again = renamed.with_metadata(METADATA)
    assert (again.title, again.listed_title) == ("TextConfig", None)
    assert PAPER.with_metadata(replace(METADATA, title="")).title == "TextConfig"


def test_a_paper_as_json():
    link = Link("code", "https://a.example", "Code")
    record = replace(PAPER, links=(link,), categories=("A", "B")).with_metadata(METADATA).to_dict()
    assert record["category"] == "A"
    assert record["categories"] == ["A", "B"]
    assert record["links"] == [{"kind": "code", "url": "https://a.example", "label": "Code"}]
    assert record["abstract"] == "We read."
    assert record["withdrawn"] is False
    assert Hit(PAPER, 0.5, {"meaning": 0.5}).to_dict() == {
        **PAPER.to_dict(),
        "score": 0.5,
        "parts": {"meaning": 0.5},
    }


def test_has():
    paper = replace(PAPER, links=(Link("code", "https://a.example", "Code"),))
    assert [kind for kind in LINK_KINDS if paper.has(kind)] == ["code"]


# --- merging ---------------------------------------------------------------------------------


def test_one_record_of_each_id():
    code = Link("code", "https://a.example", "Code")
    model = Link("model", "https://b.example", "Model")
    first = replace(
        PAPER, links=(code,), provenance=(Provenance("a.md", 1),), url=None, description=""
    )
    second = replace(
        PAPER,
        title="Another Title",
        categories=("Sound", "Night Vision"),
        links=(model, replace(code, label="Source code")),
        provenance=(Provenance("b.md", 2),),
        released="2025-05",
        url="https://c.example",
        description="oral",
        generative=True,
    )
    other = replace(PAPER, id="other", arxiv_id=None)
    merged = merge_papers([first, other, second])
    assert [paper.id for paper in merged] == ["2505.01234", "other"]
    assert merged[0] == replace(
        first,
        categories=("Night Vision", "Sound"),
        links=(code, model),
        provenance=(Provenance("a.md", 1), Provenance("b.md", 2)),
        released="2025-05",
        url="https://c.example",
        description="oral",
        generative=True,
    )


def test_merging_again_changes_nothing():
    papers = [PAPER, replace(PAPER, categories=("Sound",)), replace(PAPER, id="other")]
    merged = merge_papers(papers)
    assert merge_papers(merged) == merged
    assert merge_papers([*merged, *merged]) == merged
    assert merge_papers([]) == []
