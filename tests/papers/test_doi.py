from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.papers.doi import arxiv_id_of_doi, doi_page, normal_doi


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/example.12",
        "10.1000/EXAMPLE.12",
        " doi:10.1000/example.12 ",
        "DOI: 10.1000/example.12.",
        "https://doi.org/10.1000/example.12",
        "http://dx.doi.org/10.1000/example.12",
        "www.doi.org/10.1000/example.12",
        "info:doi/10.1000/example.12",
        "doi:https://doi.org/10.1000/example.12",
        "https://doi.org/10.1000%2Fexample.12",
        "https://journal.example/doi/abs/10.1000/example.12",
        "https://journal.example/doi/10.1000/example.12",
    ],
)
def test_a_doi_in_every_form(text):
    assert normal_doi(text) == "10.1000/example.12"


@pytest.mark.parametrize(
    "text", [None, "", "10.1000", "10.1000/", "2503.01234", "https://example.org/10.1000/a", "doi:"]
)
def test_what_is_no_doi(text):
    assert normal_doi(text) is None


def test_a_doi_of_arxiv_is_an_arxiv_id():
    assert arxiv_id_of_doi("https://doi.org/10.48550/arXiv.2503.01234") == "2503.01234"
    assert arxiv_id_of_doi("10.48550/arXiv.2503.99") is None
    assert arxiv_id_of_doi("10.1000/2503.01234") is None
    assert arxiv_id_of_doi(None) is None


@given(st.text(max_size=40))
def test_one_form_stays_as_it_is(text):
    doi = normal_doi(text)
    assert doi is None or normal_doi(doi) == normal_doi(doi_page(doi)) == doi
