"""Habits of lists that mislead: each case is one that a real list has, with invented papers."""

from __future__ import annotations

from textwrap import dedent

import pytest

from rftsearch.papers.paper import Paper
from rftsearch.sources.base import ParsedList
from rftsearch.sources.markdown.styles.any_list import parse_any_list

URL = "https://arxiv.org/abs/2402.00002"
OTHER = "https://arxiv.org/abs/2403.00003"


def read(text: str) -> ParsedList:
    return parse_any_list(dedent(text).strip("\n"), "soups.md")


def the_paper(text: str) -> Paper:
    parsed = read(text)
    assert parsed.problems == ()
    (paper,) = parsed.papers
    return paper


# --- titles -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "title", "name"),
    [
        (f'- **Ladle**: "Soups as Fields: A View", *arXiv, Oct 2023*.\n[[Paper]({URL})]',
         "Soups as Fields: A View", "Ladle"),
        (f'- **[Ladle]** "Soups as Fields" *arXiv, Oct 2023*.\n[[Paper]({URL})]',
         "Soups as Fields", "Ladle"),
        (f'- **Ladle** "Where are the soups in the fields?" *arXiv, Mar 2023*. [[Paper]({URL})]',
         "Where are the soups in the fields?", "Ladle"),
        (f'- **?**: "Soups as Fields", ICLR, 2022 (*Fen Lab*). [[Paper]({URL})]',
         "Soups as Fields", "Soups as Fields"),
        (f"- **Cooking for old people: a comparison of soups.** Cold Kitchens 2011. [paper]({URL})",
         "Cooking for old people: a comparison of soups",
         "Cooking for old people: a comparison of soups"),
        (f"- **Show and cook: A soup maker (2015)**, A. Bee et al. [[pdf]]({URL})",
         "Show and cook: A soup maker", "Show and cook"),
        (f"- **SoupSet  2023-5 | All | EN | HG | [Paper]({URL}) | [Data](https://d.example)**\n"
         "  - Publisher: Fen Lab\n  - Size: 5 GB", "SoupSet", "SoupSet"),
        (f"- [Soups as Fields]([{URL}]({URL}))", "Soups as Fields", "Soups as Fields"),
        (f"- [Ladle: Soups in Two Steps]()<br>:sunflower:[paper]({URL})",
         "Ladle: Soups in Two Steps", "Ladle"),
        (f"- ~~Soups as Fields~~ [paper]({URL})", "Soups as Fields", "Soups as Fields"),
        (f"- Soups as Fields [Paper (long version)]({URL}) | [Code (not yet)](https://c.example)",
         "Soups as Fields", "Soups as Fields"),
        (f"- Soups as Fields [[Paper-SOUP14]](https://x.example/a.pdf) [[Paper-arXiv15]]({URL})",
         "Soups as Fields", "Soups as Fields"),
        (f"- **[Ladle]** Soups as Fields | Ann Bee, et al. | **[SOUP' 14]** |[`[pdf]`]({URL})",
         "Soups as Fields", "Ladle"),
        (f"- **[NEW]** Soups as Fields [[pdf]({URL})]", "Soups as Fields", "Soups as Fields"),
        (f"* Soup-GAN - [Soup GAN]({URL})", "Soup GAN", "Soup-GAN"),
        (f"* S^2GAN - [Soups as Fields]({URL})", "Soups as Fields", "S^2GAN"),
        ("- (arXiv 2024.2) Soups as Fields, [[Paper]](https://arxiv.org/pdf/2402.00002}",
         "Soups as Fields", "Soups as Fields"),
        (f"1. \u6807\u9898\uff1a\u6c64\u7684\u5927\u6a21\u578b | \u94fe\u63a5\uff1a{URL}",
         "\u6c64\u7684\u5927\u6a21\u578b", "\u6c64\u7684\u5927\u6a21\u578b"),
        (f"- \u8ad6\u6587: **\u934b\u306e\u5b66\u7fd2** [[pdf]({URL})]",
         "\u934b\u306e\u5b66\u7fd2", "\u934b\u306e\u5b66\u7fd2"),
    ],
)  # fmt: skip
def test_the_title_and_the_name_beside_it(entry, title, name):
    paper = the_paper(f"## Pots\n\n{entry}\n")
    assert (paper.title, paper.short_name, paper.arxiv_id) == (title, name, "2402.00002")


@pytest.mark.parametrize(
    ("entry", "authors"),
    [
        (f"- Ann Bee, Carl Dew, Eve Fen, Cold soup for robots, SOUP, 2014. [[Paper]]({URL})",
         ("Ann Bee", "Carl Dew", "Eve Fen")),
        (f"- Ann Bee, Carl van den Dew, Cold soup for robots, arXiv:2402.00002. [[Paper]]({URL})",
         ("Ann Bee", "Carl van den Dew")),
        (f"- Ann Bee\tand Carl Dew, Cold soup for robots, [[Paper]({URL})]",
         ("Ann Bee", "Carl Dew")),
        (f'- Ann Bee, Carl Dew, "Cold soup for robots", ICLR 2016. [[Paper]({URL})]',
         ("Ann Bee", "Carl Dew")),
        (f"- Ladle (first try) [[Paper]({URL})][[Slide](https://s.example)]\n"
         "    * Ann Bee, Carl Dew, Cold soup for robots, arXiv:2402.00002.",
         ("Ann Bee", "Carl Dew")),
        (f"* Ladle, Fen Lab [[Paper]]({URL})\n"
         " * Ann Bee, Carl Dew, Cold soup for robots, CVPR, 2015.", ("Ann Bee", "Carl Dew")),
        (f"- **Cold soup for robots** (2015), A. Bee and C. Dew [[pdf]]({URL})",
         ("A. Bee", "C. Dew")),
        (f"- **Cold soup for robots** (2015), A. Bee [[pdf]]({URL})", ("A. Bee",)),
        (f"1. **Cold soup for robots.** arxiv 2018. [paper]({URL})\n\n"
         "    *Bee, Ann M and Dew, Carl and others.*", ("Ann M Bee", "Carl Dew")),
    ],
)  # fmt: skip
def test_references_have_their_names_before_or_behind_the_title(entry, authors):
    paper = the_paper(f"## Pots\n\n{entry}\n")
    assert (paper.title, paper.listed_authors) == ("Cold soup for robots", authors)


@pytest.mark.parametrize(
    "title",
    [
        "Sparks, Bright Flames, and the Dark Night of Soups",
        "Faster R-CNN, Mask R-CNN, and other soups",
        "Soups, Stews: A View",
    ],
)
def test_commas_alone_make_no_names(title):
    assert the_paper(f"- {title} [[Paper]({URL})]").title == title


def test_an_address_alone_in_a_paragraph_is_an_entry():
    paper = the_paper(f"# Soups\n\n### 21st of August 2023\n\n[{URL}]({URL})\n\n- It is warm.\n")
    assert (paper.arxiv_id, paper.title) == ("2402.00002", "arXiv:2402.00002")


def test_slides_and_supplements_below_a_title_are_not_other_papers():
    paper = the_paper(
        f"""
        ## Pots
        **Soups as Fields**

        - intro: SOUP 2014
        - arxiv: <{URL}>
        - supp: <https://pots.example/supp.pdf>
        - github: <https://github.com/a/b>
        """
    )
    assert (paper.title, paper.category, paper.arxiv_id) == ("Soups as Fields", "Pots", URL[-10:])
    assert [link.kind for link in paper.links] == ["paper", "code"]


def test_a_term_and_its_definitions_are_one_entry():
    parsed = read(
        f"""
        ## Pots
        <dl>
        <dt><a href="{URL}">Soups as Fields</a></dt>
        <dd>Ann Bee, Carl Dew. ICML 2024</dd>
        <dt>Fields as Soups</dt>
        <dd><a href="{OTHER}">paper</a> It says what fields are.</dd>
        </dl>
        """
    )
    assert [(p.title, p.listed_authors, p.venue) for p in parsed.papers] == [
        ("Soups as Fields", ("Ann Bee", "Carl Dew"), "ICML 2024"),
        ("Fields as Soups", (), None),
    ]


def test_titles_with_authors_but_without_links_are_papers_where_there_are_several():
    text = "# Paper List\n## Minds\n" + "\n".join(
        f"- **Do soups know {what} people know?;** Ann Bee et al" for what in ("what", "how", "why")
    )
    parsed = read(text + "\n- **A library of soups;** https://github.com/a/b")
    assert [(paper.id, paper.url, paper.listed_authors) for paper in parsed.papers] == [
        (f"do-soups-know-{what}-people-know", None, ("Ann Bee",)) for what in ("what", "how", "why")
    ]
    assert read(text.rpartition("\n")[0]).papers == ()


def test_files_beside_the_list_are_papers_without_an_address():
    paper = the_paper("## Pots\n- [Soups as Fields of View](Pots/Soups%20as%20Fields.pdf)")
    assert (paper.title, paper.id, paper.url) == (
        "Soups as Fields of View",
        "soups-as-fields-of-view",
        None,
    )


def test_authors_with_links_are_named_in_order():
    paper = the_paper(
        f"**Soups as Fields.**<br>\n*[Ann Bee](https://a.example), Carl Dew, "
        f"[Eve Fen](https://e.example).*<br>\nSOUP 2023. [[PDF]({URL})]"
    )
    assert paper.listed_authors == ("Ann Bee", "Carl Dew", "Eve Fen")
    assert paper.venue == "SOUP 2023"


def test_facts_between_a_heading_and_its_links_belong_to_the_paper():
    parsed = read(
        f"""
        ## Pots
        ### 1. Iron Pots of the Old
        **Authors**: Ann Bee, Carl Dew, Eve Fen, Guy Hay
        <details>
        <summary><b>Abstract</b></summary>
        We cook.
        </details>

          [Paper]({URL}) | [Project Page](https://p.example)
        ### 2. Clay Pots of the Young
        **Authors**: Ida Jay, Kim Low
         [Paper]({OTHER}) | [Code](https://github.com/a/b)
        """
    )
    assert [(p.title, p.category, p.listed_authors) for p in parsed.papers] == [
        ("Iron Pots of the Old", "Pots", ("Ann Bee", "Carl Dew", "Eve Fen", "Guy Hay")),
        ("Clay Pots of the Young", "Pots", ("Ida Jay", "Kim Low")),
    ]


def test_the_column_that_links_to_papers_has_the_titles():
    parsed = read(
        f"""
        ## Data
        | Dataset | Year | Size | Language | Project |
        |-|-|-|-|-|
        |[Soup Captions]({URL})|2023|1M|Old English|[Project](https://p.example)|
        |[StewNet]({OTHER})|2024|12B|Over 100 Languages|-|
        """
    )
    assert [paper.title for paper in parsed.papers] == ["Soup Captions", "StewNet"]


# --- headings ---------------------------------------------------------------------------


def test_a_year_at_the_level_of_its_subject_stands_below_it():
    parsed = read(
        """
        # Awesome Soups
        ## Broth:
        ## 2024:
        - [Clear Broth for All](https://arxiv.org/abs/2402.00001)
        ## 2023:
        - [Clear Broth for Some](https://arxiv.org/abs/2302.00002)
        ## Stew
        Stews are thick.
        ## 2024:
        - [Thick Stews Made Thin](https://arxiv.org/abs/2402.00003)
        ## Salad
        - [Green Leaves Made Red](https://arxiv.org/abs/2402.00004)
        """
    )
    assert [p.category for p in parsed.papers] == ["Broth", "Broth", "Stew", "Salad"]
    assert parsed.papers[0].heading_paths == (("Broth", "2024"),)


def test_the_heading_above_a_subject_and_its_years_is_a_part_of_the_category():
    parsed = read(
        """
        # Awesome Soups
        ## Broth
        ### 2024
        - [Clear Broth for All](https://arxiv.org/abs/2402.00001)
        ## Stew
        ### Thick stews
        ### 2024
        - [Thick Stews Made Thin](https://arxiv.org/abs/2402.00002)
        """
    )
    assert [p.category for p in parsed.papers] == ["Broth", "Stew: Thick stews"]


def test_years_alone_stay_years():
    parsed = read(
        """
        # Soups of the year
        ## 2024
        - [Clear Broth for All](https://arxiv.org/abs/2402.00001)
        ## 7th if October 2023
        - [Thick Stews Made Thin](https://arxiv.org/abs/2310.00002)
        """
    )
    assert [p.category for p in parsed.papers] == ["Soups of the year"] * 2
    assert [p.heading_paths for p in parsed.papers] == [(("2024",),), (("7th if October 2023",),)]


@pytest.mark.parametrize("name", ["Tree Decoder", "Low-Rank Decomposition", "Marching Cubes"])
def test_a_subject_that_begins_like_a_month_is_a_subject(name):
    assert the_paper(f"## Soups\n### {name}\n- [Clear Broth for All]({URL})").category == name


def test_a_folded_part_that_repeats_its_heading_is_no_other_category():
    text = f"## Milestone Soups\n<details>\n<summary> milestone soups </summary>\n\n- {URL}\n\n"
    paper = the_paper(text + "</details>\n")
    assert (paper.category, paper.heading_paths) == ("Milestone Soups", (("Milestone Soups",),))


def test_bold_lines_right_above_their_lists_are_headings():
    parsed = read(
        f"""
        ## Agents
        **In web kitchens**
        - [2023/07] **Webs for Cooks.** *Ann Bee (Fen Lab) et al. arXiv.* [[paper]({URL})]

        **In old kitchens**
        - [2023/05] **Spoons for Cooks.** *Carl Dew (Fen Lab) et al. arXiv.* [[paper]({OTHER})]
        """
    )
    assert [p.category for p in parsed.papers] == ["In web kitchens", "In old kitchens"]


def test_an_item_alone_above_a_list_is_its_heading():
    parsed = read(
        f"""
        ### Kitchens
        ---
        - Old & new kitchens
        ---
        \t- [2024/03/05] **Webs for Cooks** | [[paper]]({URL}) | [code]

        ---
        - Finance
        ---
        \t- [2024/03/05] **Spoons for Banks** | [[paper]]({OTHER}) | [code]
        """
    )
    assert [p.category for p in parsed.papers] == ["Old & new kitchens", "Finance"]


def test_links_beside_a_heading_are_no_part_of_it():
    parsed = read(
        f"""
        # Awesome Soups
        ## Highlights
        > **Surveys of soups**  |  **[Chat](./chat.png)**

        - **Webs for Cooks**
        [Paper]({URL})

        > **Soup series** | **[Chat](https://chat.example)**

        - **Spoons for Banks**
        [Paper]({OTHER})
        """
    )
    assert [p.category for p in parsed.papers] == ["Surveys of soups", "Soup series"]
    assert parsed.papers[0].heading_paths == (("Highlights", "Surveys of soups"),)


# --- what is no entry ---------------------------------------------------------------------


def test_news_that_are_sorted_by_subject_are_entries():
    parsed = read(
        """
        # Awesome Soups
        ## News
        Last update on 2024/05/27

        #### Broth
        * [CVPR 2024] Clear Broth for All [[Paper](https://arxiv.org/abs/2402.00001)]
        * [ICLR 2024] Clear Broth for Some [[Paper](https://arxiv.org/abs/2402.00002)]
        #### May 2024
        * We added [a survey](https://arxiv.org/abs/2402.00003)
        * We added [a stew](https://arxiv.org/abs/2402.00004)
        ## Stew
        * Thick Stews Made Thin [[Paper](https://arxiv.org/abs/2402.00005)]
        """
    )
    assert [(p.arxiv_id[-1], p.category) for p in parsed.papers] == [
        ("1", "Broth"),
        ("2", "Broth"),
        ("5", "Stew"),
    ]


def test_the_lists_own_survey_below_its_name_is_named_but_no_entry():
    parsed = read(
        f"""
        ## Awesome Soups

        This is the repository of our survey.

        **Soups for All: A Survey** [[Paper]({OTHER})]

        ## Broth
        - [Clear Broth for All]({URL})
        """
    )
    assert [paper.arxiv_id for paper in parsed.papers] == ["2402.00002"]
    assert [problem.line for problem in parsed.problems] == [5]


def test_badges_below_the_name_of_the_document_make_it_no_paper():
    text = f"# Soups for All Cooks\n\n[![arXiv](https://i.example/a.svg)]({OTHER})\n\n"
    assert read(text).papers == ()


def test_a_footnote_is_no_entry():
    text = f"## Pots\n- [Soups as Fields]({URL})[^1]\n\n[^1]: [Other Fields of Soups]({OTHER})\n"
    assert [paper.arxiv_id for paper in read(text).papers] == ["2402.00002"]


@pytest.mark.parametrize(
    ("entry", "venue"),
    [
        ("ICCVW, 2019 (& TPAMI 2020) (*Fen Lab*)", "ICCVW 2019"),
        ("arXiv, 2019 (rejected by ICLR 2020) (*Fen Lab*)", None),
        ("*Conference on Robot Soups (CoRS), Nov 2023*", "Conference on Robot Soups"),
    ],
)
def test_of_two_venues_the_first_counts(entry, venue):
    assert the_paper(f'- **Ladle**: "Soups as Fields", {entry}. [[Paper]({URL})]').venue == venue


def test_a_publisher_may_be_a_company():
    paper = the_paper(f"- **SoupSet** [[Paper]({URL})]\n  - Publisher: Ann Bee et al.\n")
    assert (paper.venue, paper.listed_authors) == (None, ())


def test_the_page_of_an_entry_that_links_to_its_paper_too_is_kept():
    paper = the_paper(f"- [How We Cook at Fen](https://fen.example/blog/a) ([Paper]({URL})) `Fen`")
    assert [(link.kind, link.url) for link in paper.links] == [
        ("blog", "https://fen.example/blog/a")
    ]
