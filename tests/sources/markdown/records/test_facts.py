"""What entries state besides their title: headings, venue, authors, DOI."""

from __future__ import annotations

from textwrap import dedent

import pytest

from rftsearch.papers.paper import Paper
from rftsearch.sources.markdown.styles.any_list import parse_any_list

URL = "https://arxiv.org/abs/2402.00002"
LINK = f"[[Paper]({URL})]"


def papers(text: str) -> tuple[Paper, ...]:
    return parse_any_list(dedent(text).strip("\n"), "soups.md").papers


def the_paper(text: str) -> Paper:
    (paper,) = papers(text)
    return paper


def test_the_whole_path_of_headings_is_kept_without_the_documents_title():
    found = papers(
        """
        # Awesome Soups
        ## Papers
        ### Broth
        #### 2024
        - [Clear Broth for All](https://arxiv.org/abs/2402.00001)
        ## Stew
        - [Thick Stews Made Thin](https://arxiv.org/abs/2402.00002)
        """
    )
    assert [paper.heading_paths for paper in found] == [
        (("Papers", "Broth", "2024"),),
        (("Stew",),),
    ]


def test_entries_without_headings_have_no_path():
    assert the_paper(f"- [Clear Broth for All]({URL})").heading_paths == ()


@pytest.mark.parametrize(
    ("entry", "venue"),
    [
        (f"- [Soups as Fields]({URL}) (CVPR 2025)", "CVPR 2025"),
        (f"- [NeurIPS'24] Soups as Fields {LINK}", "NeurIPS'24"),
        (f"- **Soups as Fields**, ICLR 2026 Oral {LINK}", "ICLR 2026 Oral"),
        (f"- **Soups as Fields**, *ICML, 2024 (Spotlight)* {LINK}", "ICML 2024 Spotlight"),
        (f"- Soups as Fields. Ann Bee, Carl Dew. In EMNLP (Findings), 2023. {LINK}",
         "EMNLP Findings 2023"),
        (f'- "Soups as Fields", *CoRL, Nov 2023*. {LINK}', "CoRL 2023"),
        (f"- (ICRA 2023.11) Soups as Fields, {LINK}", "ICRA 2023"),
        (f"- `SOUP 2024` [Soups as Fields]({URL})", "SOUP 2024"),
        (f"- [Soups as Fields]({URL})\n  - Publisher: ICLR 2024", "ICLR 2024"),
        (f"- [Soups as Fields]({URL})\n  - Venue: Example Quarterly", "Example Quarterly"),
        (f"- [Soups as Fields]({URL}) ![](https://img.shields.io/badge/CVPR-2024-blue)",
         "CVPR 2024"),
        (f"- [Soups as Fields]({URL}) ![](https://img.shields.io/badge/Venue-Soup_Letters-blue)",
         "Soup Letters"),
        (f"- [Soups as Fields]({URL}) ![ECCV 2024](https://badge.example/eccv.svg)", "ECCV 2024"),
        (f"- [Soups as Fields]({URL}) "
         "![](https://img.shields.io/static/v1?label=ICCV&message=2023&color=red)", "ICCV 2023"),
        (f"- **Soups as Fields**, Journal of Soups and Stews, 2022 {LINK}",
         "Journal of Soups and Stews 2022"),
        (f"- Soups as Fields. IEEE Transactions on Soups, 31(4), 2020. {LINK}",
         "IEEE Transactions on Soups"),
        (f"- Soups as Fields, Robotics: Science and Systems 2021. {LINK}",
         "Robotics Science and Systems 2021"),
        (f"- [[ACL 2024](https://aclanthology.org/x)] Soups as Fields {LINK}", "ACL 2024"),
        (f"### CVPR 2023\n- [Soups as Fields]({URL})", "CVPR 2023"),
        (f"- [Soups as Fields]({URL}) (arXiv 2024)", None),
        (f"- [Soups as Fields]({URL}), Preprint 2024", None),
        (f"- [Soups as Fields]({URL}), ICLR 2024 under review", None),
        (f"- [Soups as Fields]({URL}) - extends our CVPR 2024 entry", None),
        (f"- [Soups of Nature: Science in Cells]({URL})", None),
        (f"- [Soups at CVPR 2024]({URL})", None),
        (f"### 2024\n- [Soups as Fields]({URL})", None),
    ],
)  # fmt: skip
def test_the_venue_is_where_the_list_says_that_it_was_published(entry, venue):
    assert the_paper(entry).venue == venue


def test_a_column_of_venues_is_read_as_it_stands():
    found = papers(
        """
        | Title | Venue | Date |
        |-|-|-|
        | [Soups as Fields](https://arxiv.org/abs/2402.00001) | Soup Quarterly | 2024-02 |
        | [Fields as Soups](https://arxiv.org/abs/2402.00002) | arXiv | 2024-02 |
        | [Soups of Fields](https://arxiv.org/abs/2402.00003) | [ICLR 2024](https://x.example) | - |
        | [Fields of Soups](https://arxiv.org/abs/2402.00004) | - | 2024-02 |
        """
    )
    assert [paper.venue for paper in found] == ["Soup Quarterly", None, "ICLR 2024", None]


BOTH = ("Ann Bee", "Carl Dew")


@pytest.mark.parametrize(
    ("entry", "authors"),
    [
        (f"- **Soups as Fields**. *Ann Bee, Carl Dew.* ICML 2024. {LINK}", BOTH),
        (f"- Soups as Fields. Ann Bee and Carl Dew. arXiv 2024. {LINK}", BOTH),
        (f"- Soups as Fields, Ann Bee, Carl Dew, ICML 2024 {LINK}", BOTH),
        (f"- Ann Bee, Carl Dew. Soups as Fields. In ICML 2024. {LINK}", BOTH),
        (f"- Bee, A. and Dew, C. (2024). Soups as Fields. {LINK}", ("A. Bee", "C. Dew")),
        (f"- [Soups as Fields]({URL})<br>Ann Bee<sup>1</sup>, Carl Dew<sup>1,2</sup><br>"
         "<sup>1</sup>Institute of Soups", BOTH),
        (f"- [Soups as Fields]({URL})\n  - Ann Bee, Carl Dew\n  - Keyword: Pots, Big Pans", BOTH),
        (f"- [Soups as Fields]({URL})\n  - Authors: Ann Bee", ("Ann Bee",)),
        (f"- [Soups as Fields]({URL})\n\n  [Ann Bee](https://ann.example), Carl Dew", BOTH),
        (f"- [Soups as Fields]({URL})\nAnn Bee\\*, Carl Dew\u2020", BOTH),
        (f"- **Soups as Fields.** *Ann Bee (Fen Lab) et al. arXiv.* {LINK}", ("Ann Bee",)),
        (f"- **Soups as Fields** \\\n*Ann Bee* \\\narXiv 2023. {LINK}", ("Ann Bee",)),
        (f"|Title & Authors|Links|\n|-|-|\n|[Soups as Fields]({URL}) <br> Ann Bee, Carl Dew|-|",
         BOTH),
        (f"|Title|Authors|PDF|\n|-|-|-|\n|Soups as Fields|Ann Bee, Carl Dew et.al.|[pdf]({URL})|",
         BOTH),
        (f"- **Soups as Fields**. \u5f20\u4f1f, \u738b\u82b3. {LINK}",
         ("\u5f20\u4f1f", "\u738b\u82b3")),
        (f"- [Soups as Fields]({URL}) - Mixed Pots, Deep Pans and how to use them", ()),
        (f"- [Soups as Fields]({URL})\n  - Fen Lab, University of Soups", ()),
        (f"|Title|Demo|\n|-|-|\n|[Soups as Fields]({URL})|Local Demo|", ()),
    ],
)  # fmt: skip
def test_authors_are_the_names_that_the_list_gives(entry, authors):
    assert the_paper(entry).listed_authors == authors


def test_a_line_of_authors_is_no_description():
    paper = the_paper(f"- [Soups as Fields]({URL})\n  - Ann Bee\n  - Shows how to cook fields.")
    assert (paper.listed_authors, paper.description) == (("Ann Bee",), "Shows how to cook fields.")


def test_of_many_names_one_may_be_a_word_of_titles():
    names = "Ann Bee, Carl Dew, Eve Fen, Guy Hay, Kim-Soo On"
    paper = the_paper(f"- [Soups as Fields]({URL})\n  - {names}\n  - Keyword: Big Pots")
    assert paper.listed_authors == tuple(names.split(", "))
    assert paper.description == "Keyword: Big Pots"


def test_a_remark_without_authors_is_kept():
    paper = the_paper(f"- [Soups as Fields]({URL})\n  - Keyword: Pots, large and small")
    assert paper.description == "Keyword: Pots, large and small"


@pytest.mark.parametrize(
    ("address", "doi"),
    [
        ("https://doi.org/10.1000/soup.7", "10.1000/soup.7"),
        ("https://dx.doi.org/10.1000/S0001-3702(02)00128-7", "10.1000/S0001-3702(02)00128-7"),
        ("https://dl.acm.org/doi/abs/10.1000/123.456", "10.1000/123.456"),
        ("https://link.springer.com/article/10.1000/s1-2#Abs1", "10.1000/s1-2"),
        ("https://onlinelibrary.example/doi/pdf/10.1000/9.8.pdf", "10.1000/9.8"),
        ("https://openreview.net/forum?id=x1", None),
    ],
)
def test_the_doi_is_read_from_its_link(address, doi):
    paper = the_paper(f"- **Soups as Fields** [[Paper]({address})]")
    assert (paper.doi, paper.id, paper.url) == (doi, "soups-as-fields", address)


def test_a_doi_of_arxiv_is_the_arxiv_id():
    paper = the_paper("- **Soups** [[Paper](https://doi.org/10.48550/arXiv.2402.00002)]")
    assert (paper.arxiv_id, paper.doi) == ("2402.00002", None)


@pytest.mark.parametrize(
    "names",
    [
        ("Ann Bee", "Kelvin C.K. Dew", "Eve Fen"),
        ("Z.F. Wu", "Ann Bee"),
        ("A. Bee", "J.P. Dew"),
        ("Hyun Fen", "Jong chul Gull"),
        ("Ann Bee", "Tycho F. A. van der Meer", "Max Hay"),
        ("Maria del Carmen Lopez Garcia", "Ann Bee"),
        ("Ann Bee", "Alberto del Bosque"),
    ],
)
def test_names_with_joined_initials_small_parts_or_many_words_are_names(names):
    paper = the_paper(f"- [Soups as Fields]({URL})\n  - *{', '.join(names)}.* SOUP'23")
    assert (paper.listed_authors, paper.description) == (names, "")
    assert the_paper(f"- **Soups as Fields.** {', '.join(names)}. {LINK}").listed_authors == names


@pytest.mark.parametrize(
    "remark",
    ["Soups that Warm, Stews that Fill", "Cook by Hand, Eat with Care", "Stir it Well, Ann"],
)
def test_small_words_of_titles_are_no_parts_of_names(remark):
    assert the_paper(f"- [Soups as Fields]({URL})\n  - {remark}").listed_authors == ()


@pytest.mark.parametrize("words", ["Online Broth, Big Pots, Ladles", "Framework", "Hot; Cold"])
def test_keywords_are_kept_as_a_remark_whatever_they_look_like(words):
    nested = the_paper(f"- [Soups as Fields]({URL})\n  - Ann Bee, Carl Dew\n  - Keyword: {words}")
    assert nested.description == f"Keyword: {words}"
    line = the_paper(f"- [Soups as Fields]({URL})<br>Keywords: {words}")
    assert line.description == f"Keywords: {words}"
    row = the_paper(f"| Title | Tags |\n|---|---|\n| [Soups as Fields]({URL}) | {words} |")
    assert row.description == f"Tags: {words}"


def test_a_label_says_the_kind_of_all_links_behind_it():
    paper = the_paper(
        f"""
        - [Soups as Fields]({URL})
          - Datasets: [Peas](https://peas.example/), [Beans](https://github.com/none/beans) and
            [Leek](https://leek.example/)
          - Code: [official](https://soups.github.io/), [Demo](https://demo.example/)
          - See also [this](https://stove.example/)
        """
    )
    assert [(link.kind, link.label) for link in paper.links] == [
        ("dataset", "Peas"),
        ("dataset", "Beans"),
        ("dataset", "Leek"),
        ("code", "official"),
        ("demo", "Demo"),
    ]


@pytest.mark.parametrize(
    ("entry", "released"),
    [
        ("- **Soups as Fields**, SOUP, 2019. [[page]](https://doi.org/10.1000/s)", "2019"),
        ("- **Soups as Fields** (Bee et al., 2018) [[pdf](https://soups.example/s.pdf)]", "2018"),
        ("- **Soups as Fields** [[pdf](https://soups.example/s.pdf)] CVPR'21", "2021"),
        ("## 2017\n- **Soups as Fields** [[pdf](https://soups.example/s.pdf)]", "2017"),
        ("## 2020 and before\n- **Soups as Fields** [[pdf](https://soups.example/s.pdf)]", None),
        ("- **Soups of 2016** [[pdf](https://soups.example/s.pdf)]", None),
        ("- **Soups as Fields** [[pdf](https://soups.example/2016/s.pdf)] as known in 2015", None),
        (f"- **Soups as Fields**, SOUP, 2023. {LINK}", "2024-02"),
        ("## 2017\n- **Soups**, Mar 2018 [[pdf](https://soups.example/s.pdf)]", "2018-03"),
    ],
)
def test_a_year_is_kept_where_no_month_is_known(entry, released):
    assert the_paper(entry).released == released


def test_a_column_of_years_says_the_year():
    row = "| [Soups as Fields](https://soups.example/s.pdf) | 2014 |"
    assert the_paper(f"| Title | Year |\n|---|---|\n{row}").released == "2014"
