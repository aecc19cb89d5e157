"""What one record of several says: nothing that a source said is lost."""

from __future__ import annotations

from dataclasses import replace

from rftsearch.papers.merge import Merge, merge_same, with_newer_metadata
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, Provenance

TITLE = "Lanterns at Night: Seeing in the Dark"
LISTED = Paper(
    "2503.01234",
    TITLE,
    TITLE,
    ("Light",),
    arxiv_id="2503.01234",
    url="https://arxiv.org/abs/2503.01234",
    provenance=(Provenance("a.md", 3),),
    released="2025-03",
)
FROM_FILE = ArxivMetadata("lantern", TITLE, "We light lanterns.", ("Mina Okafor", "Jo Lind"))
BIB = Paper(
    "10.1000/lantern",
    "Lanterns",
    TITLE,
    ("Optics",),
    doi="10.1000/lantern",
    url="https://press.example/lantern",
    venue="Journal of Examples",
    provenance=(Provenance("my.bib", 12),),
    heading_paths=(("Optics",),),
).with_metadata(FROM_FILE)
SAID = ArxivMetadata("2503.01234", TITLE, "From arXiv.", ("Mina Okafor",), doi="10.1000/lantern")


def one(*papers: Paper) -> Paper:
    [paper] = merge_same(papers).papers
    return paper


def test_of_two_dates_the_one_with_a_month_is_kept():
    year = replace(LISTED, released="2025")
    assert one(year, LISTED).released == one(LISTED, year).released == "2025-03"
    other = replace(LISTED, released="2024")
    assert one(other, LISTED).released == "2024"


def test_names_in_parts_go_with_their_names():
    parts = (("de la Cruz", "Mina", ""), ("Lind", "Jo", ""))
    named = replace(LISTED, listed_authors=("Mina de la Cruz", "Jo Lind"), listed_parts=parts)
    assert one(LISTED, named).listed_parts == parts
    whole = replace(LISTED, listed_authors=("Mina de la Cruz",))
    assert one(whole, named).listed_parts == ()


def test_the_arxiv_id_wins_in_any_order():
    listed = LISTED.with_metadata(SAID)
    for paper in (one(listed, BIB), one(BIB, listed)):
        assert (paper.id, paper.arxiv_id) == ("2503.01234", "2503.01234")
        assert paper.url == "https://arxiv.org/abs/2503.01234"
        assert Link("paper", "https://press.example/lantern", "Paper") in paper.links
        assert (paper.abstract, paper.authors) == ("From arXiv.", ("Mina Okafor",))
        assert paper.listed_authors == ("Mina Okafor", "Jo Lind") or not paper.listed_authors
        assert (paper.venue, paper.doi, paper.released) == (
            "Journal of Examples",
            "10.1000/lantern",
            "2025-03",
        )
        assert set(paper.categories) == {"Light", "Optics"}
        assert paper.short_name == "Lanterns"
        assert paper.heading_paths == (("Optics",),)


def test_the_abstract_of_a_file_is_taken_where_arxiv_has_none():
    listed = replace(LISTED, listed_authors=("M. Okafor",))
    assert one(listed, BIB).abstract == "We light lanterns."


def test_without_an_arxiv_id_the_doi_is_the_id():
    entry = Paper("lanterns", "Lanterns", "Lanterns", ("A",), url="https://doi.org/10.1000/lantern")
    assert one(entry, BIB).id == one(BIB, entry).id == "10.1000/lantern"
    other = replace(BIB, id="lanterns-at-night-seeing-in-the-dark", doi="10.1000/Other")
    both = one(BIB, other)
    assert both.id == "10.1000/lantern"
    assert Link("paper", "https://doi.org/10.1000/other", "DOI") in both.links


def test_without_either_it_is_the_id_of_the_first():
    first = replace(BIB, id="x", doi=None, metadata=None, listed_authors=("Mina Okafor",))
    second = replace(first, id="y", title=TITLE.upper())
    assert one(first, second).id == "x"


def test_an_id_that_stands_only_in_a_doi_is_found():
    paper = one(replace(BIB, id="lantern", doi="10.48550/arXiv.2503.01234"))
    assert (paper.id, paper.arxiv_id) == ("2503.01234", "2503.01234")


def test_a_title_that_is_not_known_yet_gives_way():
    bare = replace(LISTED, title="arXiv:2503.01234", short_name="arXiv:2503.01234")
    assert one(bare, replace(BIB, arxiv_id="2503.01234")).title == TITLE


def test_the_name_of_a_file_is_a_category_only_where_there_is_no_other():
    lone = replace(LISTED, categories=("c.jsonl",), provenance=(Provenance("b/c.jsonl", 1),))
    assert one(LISTED, lone).categories == one(lone, LISTED).categories == ("Light",)
    assert one(lone, lone).categories == ("c.jsonl",)


def test_two_papers_of_one_title_have_two_ids():
    first, second = (
        Paper("lamps", "Lamps", "Lamps", ("A",), listed_authors=(name,))
        for name in ("A. One", "B. Two")
    )
    assert [paper.id for paper in merge_same([first, second]).papers] == ["lamps", "lamps-two"]
    again = merge_same(merge_same([first, second]).papers).papers
    assert [paper.id for paper in again] == ["lamps", "lamps-two"]
    bare = [Paper("lamps", "Lamps", "Lamps", ("A",), url=f"https://e.org/{n}") for n in range(3)]
    ids = [paper.id for paper in merge_same(bare).papers]
    assert len(set(ids)) == 3
    assert [paper.id for paper in merge_same(merge_same(bare).papers).papers] == ids


def test_newer_metadata_is_taken_unless_it_says_less():
    known = LISTED.with_metadata(SAID)
    newer = replace(SAID, abstract="Newer.")
    assert with_newer_metadata(known, newer).abstract == "Newer."
    assert with_newer_metadata(known, replace(SAID, abstract="")) == known
    assert with_newer_metadata(known, None) == known


def test_a_merge_is_one_line():
    places = (Provenance("my.bib", 12), Provenance("README.md", 40), Provenance("arxiv.json", 0))
    assert str(Merge("2503.01234", places[:2], ("same DOI",))) == (
        "2503.01234: my.bib line 12 and README.md line 40 are one paper (same DOI)"
    )
    assert str(Merge("x", places, ("same DOI", "same id"))) == (
        "x: my.bib line 12, README.md line 40 and arxiv.json are one paper (same DOI, same id)"
    )


def test_two_spellings_of_one_doi_are_one_link():
    pages = ("https://doi.org/10.1000/moths", "https://dx.doi.org/10.1000/MOTHS")
    first, other = (
        Paper("10.1000/moths", "Moths", "Moths", ("A",), url=page, doi="10.1000/moths")
        for page in pages
    )
    (both,) = merge_same([first, other]).papers
    assert (both.url, both.links) == (pages[0], ())
    publisher = "https://example.org/doi/pdf/10.1000/moths"
    (both,) = merge_same([first, replace(other, url=publisher)]).papers
    assert both.links == (Link("paper", publisher, "Paper"),), "a page of its own stays"
