"""Records of one paper are found, whatever their order; two papers are never joined."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.papers.merge import merge_same
from rftsearch.papers.paper import ArxivMetadata, Paper, Provenance
from rftsearch.papers.same_paper import group_papers, signs_of
from rftsearch.text.clean import slug

TITLE = "Lanterns at Night: Seeing in the Dark"


def paper(
    title=TITLE, *, authors=(), arxiv_id=None, doi=None, source="a.md", line=1, own_id=None, **facts
):
    identity = own_id or arxiv_id or slug(title)
    return Paper(
        identity,
        title,
        title,
        ("Light",),
        arxiv_id=arxiv_id,
        doi=doi,
        listed_authors=tuple(authors),
        provenance=(Provenance(source, line),),
        **facts,
    )


def groups(*papers: Paper) -> list[tuple[tuple[int, ...], tuple[str, ...]]]:
    return [(g.members, g.reasons) for g in group_papers([signs_of(each) for each in papers])]


def joined(first: Paper, second: Paper) -> str | None:
    """By what two records are joined; None if they are not."""
    found = groups(first, second)
    assert [members for members, _ in groups(second, first)] == [members for members, _ in found]
    return ", ".join(found[0][1]) if len(found) == 1 else None


MINA = ["Mina Okafor", "Jo Lind"]
BIB = paper(authors=MINA, source="my.bib", doi="10.1000/lantern")
LISTED = paper(arxiv_id="2503.01234", source="b.md")


class TestWhatIsOnePaper:
    def test_the_same_arxiv_id(self):
        other = paper("Another Name of It", arxiv_id="2503.01234", source="b.md")
        assert joined(LISTED, other) == "same arXiv id"

    @pytest.mark.parametrize("doi", ["10.48550/arXiv.2503.01234", "doi:10.48550/ARXIV.2503.01234"])
    def test_the_doi_that_arxiv_gives_an_id(self, doi):
        assert joined(LISTED, paper("Else", doi=doi, source="b.bib")) == "same arXiv id"

    @pytest.mark.parametrize("doi", ["10.1000/LANTERN", "https://doi.org/10.1000/lantern"])
    def test_the_same_doi(self, doi):
        other = paper("Lanterns", authors=MINA, doi=doi, source="b.bib")
        assert joined(BIB, other) == "same DOI"

    def test_the_doi_that_arxiv_knows(self):
        known = LISTED.with_metadata(
            ArxivMetadata("2503.01234", "Lanterns", "Text.", ("X. Y",), doi="10.1000/Lantern")
        )
        assert joined(replace(known, listed_title=None), BIB) is None  # Nothing else agrees.
        assert joined(known, BIB) == "same DOI"

    def test_the_doi_in_an_address(self):
        link = paper("Lanterns at night", url="https://doi.org/10.1000/lantern")
        assert joined(link, BIB) == "same DOI"

    @pytest.mark.parametrize(
        ("title", "author"),
        [
            ("Lanterns at night: seeing in the dark.", "Okafor, Mina"),
            ("Lanterns at Night - Seeing in the Dark", "M. Okafor"),
            ("{L}anterns at {N}ight: {S}eeing in the {D}ark", "MINA OKAFOR"),
        ],
    )
    def test_the_same_title_with_the_same_first_author(self, title, author):
        other = paper(title, authors=[author], source="b.bib")
        assert joined(BIB, other) == "same title and first author"

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Ana de la Cruz", "de la Cruz, Ana"),
            ("José Núñez", "Jose Nunez"),
            ("Tom Reed Jr.", "Reed, Tom"),
            ("Lila García Márquez", "García Márquez, L."),
        ],
    )
    def test_a_name_in_two_forms(self, one, other):
        records = paper("Lamps", authors=[one]), paper("Lamps", authors=[other], source="b.bib")
        assert joined(*records) == "same title and first author"

    def test_what_arxiv_says_counts(self):
        said = ArxivMetadata("2503.01234", TITLE, "Text.", tuple(MINA))
        listed = paper("Lanterns", arxiv_id="2503.01234", source="b.md").with_metadata(said)
        assert joined(listed, BIB) == "same title and first author"
        renamed = LISTED.with_metadata(replace(said, title="Seeing"))
        assert joined(renamed, BIB) == "same title and first author"  # By the title of the list.

    def test_an_entry_that_is_listed_twice(self):
        assert joined(paper("Lamps"), paper("Lamps", line=9)) == "same title in one list"

    def test_the_same_page_in_two_lists(self):
        page = "https://example.org/lamps"
        other = paper("Lamps", url=page, source="b.md")
        assert joined(paper("Lamps", url=page), other) == "same title and address"

    def test_a_long_title_of_one_year_where_one_has_no_authors(self):
        bib = replace(BIB, released="2025-06")
        assert joined(bib, replace(LISTED, released="2025-03")) == "same title and year"
        assert joined(bib, replace(LISTED, released="2024-12")) is None
        assert joined(bib, LISTED) is None

    def test_it_is_passed_on(self):
        doi_only = paper("Seeing", doi="10.1000/lantern", authors=MINA, source="c.bib")
        both = replace(LISTED, listed_authors=tuple(MINA))
        assert joined(doi_only, both) is None
        assert groups(doi_only, both, BIB) == [
            ((0, 1, 2), ("same DOI", "same title and first author"))
        ]


class TestWhatIsNotOnePaper:
    def test_a_title_alone(self):
        assert joined(paper(), paper(source="b.md")) is None

    def test_a_short_name(self):
        assert joined(paper("GRIT"), paper("GRIT", source="b.md", released="2025-01")) is None

    def test_another_first_author(self):
        other = paper(authors=["Mina Lind"], source="b.bib")
        assert joined(BIB, other) is None
        page = "https://example.org/all"
        assert joined(replace(BIB, url=page), replace(other, url=page)) is None

    def test_two_arxiv_ids(self):
        other = replace(LISTED, id="2404.00001", arxiv_id="2404.00001")
        first, second = (replace(each, listed_authors=tuple(MINA)) for each in (LISTED, other))
        assert joined(first, second) is None
        # What could be either of them is neither.
        assert [members for members, _ in groups(first, second, BIB)] == [(0,), (1,), (2,)]

    def test_the_doi_of_a_volume(self):
        volume = "10.1000/volume"
        records = [
            paper("Lamps", authors=["A. One"], doi=volume, source="b.bib", line=1),
            paper("Candles", authors=["B. Two"], doi=volume, source="b.bib", line=2),
        ]
        assert joined(*records) is None

    def test_two_entries_with_ids_of_their_own(self):
        one, two = (paper("Preface", own_id=each, source="b.jsonl") for each in ("x1", "x2"))
        assert joined(one, two) is None

    def test_a_project_and_a_paper(self):
        project = Paper("me-lantern", TITLE, TITLE, ("Light",), kind="project", released="2025-01")
        assert joined(replace(LISTED, released="2025-01"), project) is None

    def test_titles_that_are_not_known_yet(self):
        first = paper("arXiv:2503.01234", arxiv_id="2503.01234")
        second = paper("arXiv:2503.01234", doi="10.1000/x", source="b.md", own_id="x")
        assert joined(first, second) is None


# --- properties ---------------------------------------------------------------------------

AUTHORS = st.sampled_from([(), ("Mina Okafor",), ("Okafor, M.",), ("Jo Lind",), ("Lind Okafor",)])
RECORDS = st.lists(
    st.builds(
        paper,
        st.sampled_from([TITLE, TITLE.upper(), "Lamps", "Candles in the Wind of a Lamp"]),
        authors=AUTHORS,
        arxiv_id=st.sampled_from([None, None, "2503.01234", "2404.00001"]),
        doi=st.sampled_from([None, None, "10.1000/a", "10.1000/A", "10.48550/arXiv.2503.01234"]),
        source=st.sampled_from(["a.md", "b.bib", "c.jsonl"]),
        line=st.integers(1, 99),
        url=st.sampled_from([None, "https://example.org/a", "https://example.org/b"]),
        released=st.sampled_from([None, "2025-01", "2024-03"]),
        own_id=st.sampled_from([None, None, "x1"]),
    ),
    max_size=12,
)


def sets_of(papers: list[Paper]) -> set[frozenset[int]]:
    """The groups, each as the identities of its records."""
    found = group_papers([signs_of(each) for each in papers])
    return {frozenset(id(papers[number]) for number in group.members) for group in found}


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(papers, shuffled):
    other = list(papers)
    shuffled.shuffle(other)
    assert sets_of(papers) == sets_of(other)


@given(RECORDS)
def test_every_record_is_in_one_group_and_no_group_has_two_arxiv_ids(papers):
    signs = [signs_of(each) for each in papers]
    found = group_papers(signs)
    assert sorted(number for group in found for number in group.members) == list(range(len(papers)))
    for group in found:
        assert group.members == tuple(sorted(group.members))
        assert (len(group.members) > 1) == bool(group.reasons)
        assert len({signs[n].arxiv_id for n in group.members} - {None}) <= 1


@given(RECORDS)
def test_equal_arxiv_ids_are_always_joined(papers):
    signs = [signs_of(each) for each in papers]
    place = {n: at for at, group in enumerate(group_papers(signs)) for n in group.members}
    for one, first in enumerate(signs):
        for two, second in enumerate(signs):
            if first.arxiv_id and first.arxiv_id == second.arxiv_id:
                assert place[one] == place[two]


@given(RECORDS)
def test_each_paper_has_an_id_of_its_own(papers):
    merged = merge_same(papers)
    assert len({each.id for each in merged.papers}) == len(merged.papers) == len(merged.groups)
    for each, group in zip(merged.papers, merged.groups, strict=True):
        if each.arxiv_id:
            assert each.id == each.arxiv_id
        members = [papers[number] for number in group.members]
        assert set(each.provenance) == {place for one in members for place in one.provenance}
        assert set(each.categories) == {name for one in members for name in one.categories}


@given(RECORDS)
def test_a_paper_that_was_merged_is_the_same_paper_again(papers):
    once = merge_same(papers).papers
    twice = merge_same(once).papers
    assert len(twice) <= len(once)
    ids = {each.arxiv_id for each in once if each.arxiv_id}
    assert {each.arxiv_id for each in twice if each.arxiv_id} == ids


def test_many_records_that_are_alike_take_seconds():
    papers = [
        paper(
            f"Lamp number {number * 7 % 6_000} in the dark",
            authors=[f"A{number % 50} B{number * 3 % 50}"],
            source=f"{number % 3}.bib",
            doi=f"10.1000/{number * 11 % 9_000}",
        )
        for number in range(12_000)
    ]
    groups = group_papers([signs_of(each) for each in papers])
    assert sorted(n for group in groups for n in group.members) == list(range(len(papers)))
