from __future__ import annotations

import re
import string
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.papers.filters import check_month
from rftsearch.papers.merge import merge_papers
from rftsearch.papers.paper import LINK_KINDS, Link, Paper, Provenance
from rftsearch.sources.base import ParsedList, Problem
from rftsearch.sources.markdown.awesome import parse_list
from rftsearch.text.clean import repair

PAPER = "* [2505] [Lantern] [Lantern: Reading in the Dark](https://arxiv.org/abs/2505.01234)"


def parse(text: str) -> ParsedList:
    return parse_list(text, "list.md")


def only(text: str, heading: str = "## Night Vision\n\n### Papers\n\n") -> Paper:
    """The one record of a list of one entry, which has no problem."""
    parsed = parse(heading + text)
    assert parsed.problems == ()
    (paper,) = parsed.papers
    return paper


def only_project(text: str) -> Paper:
    return only(text, "## Night Vision\n\n### Open-Source Projects (Repository without Paper)\n\n")


def problems(text: str, heading: str = "## Night Vision\n\n### Papers\n\n") -> tuple[Problem, ...]:
    return parse(heading + text).problems


def misread(text: str, encoding: str) -> str:
    """UTF-8 read as a Windows code page; bytes without a character there are lost."""
    return "".join(bytes([byte]).decode(encoding, "ignore") for byte in text.encode())


# --- papers --------------------------------------------------------------------------


def test_a_paper_with_everything():
    text = (
        "# A List\n\n## Night Vision \N{EYES}\n\n### Papers\n\n"
        "* [2505] [Lantern] [Lantern: Reading in the Dark](https://arxiv.org/abs/2505.01234) "
        "[[Model \N{HUGGING FACE}](https://huggingface.co/lab/lantern)] "
        "[[Code](https://github.com/lab/lantern)] (oral)"
    )
    assert parse(text).papers == (
        Paper(
            id="2505.01234",
            short_name="Lantern",
            title="Lantern: Reading in the Dark",
            categories=("Night Vision",),
            kind="paper",
            released="2025-05",
            arxiv_id="2505.01234",
            url="https://arxiv.org/abs/2505.01234",
            description="oral",
            links=(
                Link("model", "https://huggingface.co/lab/lantern", "Model"),
                Link("code", "https://github.com/lab/lantern", "Code"),
            ),
            provenance=(Provenance("list.md", 7),),
            heading_paths=(("Night Vision", "Papers"),),
        ),
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2505.01234",
        "https://arxiv.org/pdf/2505.01234",
        "https://arxiv.org/pdf/2505.01234v2.pdf",
        "http://www.arxiv.org/abs/2505.01234v1",
        "arxiv.org/abs/2505.01234",
    ],
)
def test_every_form_of_an_arxiv_link_is_one_identity(url):
    paper = only(f"* [2505] [Lantern] [Reading in the Dark]({url})")
    assert paper.id == paper.arxiv_id == "2505.01234"
    assert paper.url == "https://arxiv.org/abs/2505.01234"


def test_a_paper_outside_arxiv_keeps_its_own_link():
    url = "https://github.com/lab/lantern/blob/main/Lantern.pdf"
    paper = only(f"* [2505] [Lantern] [Lantern: Can It Read?]({url})")
    assert (paper.id, paper.arxiv_id, paper.url) == ("lantern-can-it-read", None, url)


def test_a_title_without_link_is_found_by_its_other_links():
    paper = only("* [2505] [Lantern] [Lantern: Reading] [[Code](https://github.com/lab/lantern)]")
    assert (paper.id, paper.title, paper.url) == ("lantern-reading", "Lantern: Reading", None)
    assert [link.kind for link in paper.links] == ["code"]


def test_a_link_to_the_paper_gives_the_arxiv_id_where_the_title_does_not():
    paper = only(
        "* [2505] [Lantern] [Lantern: Reading](https://lab.example/lantern) "
        "[[Paper](https://arxiv.org/pdf/2505.01234)]"
    )
    assert paper.arxiv_id == "2505.01234"


@pytest.mark.parametrize(
    ("name", "short_name", "generative"),
    [
        ("Lantern", "Lantern", False),
        ("Lantern (Gen)", "Lantern", True),
        ("Lantern (generation)", "Lantern", True),
        ("Lantern (Human Motion Generation)", "Lantern", True),
        ("Lantern (ETH)", "Lantern (ETH)", False),
        ("Lantern (ETH) (Gen)", "Lantern (ETH)", True),
        ("Lantern (editing)", "Lantern (editing)", False),
        ("Lantern (Regen)", "Lantern (Regen)", False),
        ("Generation", "Generation", False),
        ("Lantern [v2]", "Lantern [v2]", False),
        ("Lantern \N{ELECTRIC LIGHT BULB}", "Lantern", False),
    ],
)
def test_short_names(name, short_name, generative):
    paper = only(f"* [2505] [{name}] [Reading](https://arxiv.org/abs/2505.01234)")
    assert (paper.short_name, paper.generative) == (short_name, generative)


@pytest.mark.parametrize(
    ("month", "released"), [("2505", "2025-05"), ("2412", "2024-12"), ("9206", "1992-06")]
)
def test_months(month, released):
    assert only(PAPER.replace("[2505]", f"[{month}]")).released == released


def test_titles_keep_their_markup_as_text():
    paper = only(
        "* [2505] [x] [R^2 &amp; `code`: *an* Impossible\\* [MASK] \N{BLACK STAR}]"
        "(https://arxiv.org/abs/2505.01234)"
    )
    assert paper.title == "R^2 & code: an Impossible* [MASK] \N{BLACK STAR}"


def test_an_entry_may_run_over_lines_paragraphs_and_nested_bullets():
    paper = only(
        PAPER + "\n [[Code](https://a.example)]\n\n  [[Model](https://b.example)]\n\n"
        "  - [[Demo](https://c.example)]\n    - [[Blog](https://d.example)]\n"
    )
    assert [link.kind for link in paper.links] == ["code", "model", "demo", "blog"]


def test_a_dated_bullet_nested_by_mistake_is_an_entry_of_its_own():
    nested = PAPER.replace("Lantern", "Torch").replace("01234", "04321")
    papers = parse(f"## A\n{PAPER}\n  {nested}\n{PAPER.replace('01234', '05555')}").papers
    assert [paper.arxiv_id for paper in papers] == ["2505.01234", "2505.04321", "2505.05555"]
    assert [paper.provenance[0].line for paper in papers] == [2, 3, 4]


def test_a_bullet_that_only_groups_others_is_no_entry():
    assert only(f"* Early work\n  {PAPER}").short_name == "Lantern"


def test_entries_are_not_merged():
    parsed = parse(f"## A\n{PAPER}\n## B\n{PAPER.replace('/abs/', '/pdf/')}")
    assert [paper.category for paper in parsed.papers] == ["A", "B"]
    (merged,) = merge_papers(parsed.papers)
    assert merged.categories == ("A", "B")
    assert [place.line for place in merged.provenance] == [2, 4]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(newline):
    text = f"## A\n\none\u2028paragraph\x85here\n\n{PAPER}".replace("\n", newline)
    assert parse(text).papers[0].provenance == (Provenance("list.md", 5),)


# --- projects ------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["[[Spyglass](%s)]", "[Spyglass \N{PERSONAL COMPUTER}](%s)"])
def test_a_project_is_its_repository(link):
    url = "https://github.com/Some-Lab/Spy_Glass"
    badge = "![Spyglass](https://img.shields.io/github/stars/Some-Lab/Spy_Glass)"
    paper = only_project(f"* {link % url} {badge} [[Code]({url})]")
    assert paper == Paper(
        id="some-lab-spy-glass",
        short_name="Spyglass",
        title="Spyglass",
        categories=("Night Vision",),
        kind="project",
        url=url,
        links=(Link("code", url, "Code"),),
        provenance=(Provenance("list.md", 5),),
        heading_paths=(("Night Vision", "Open-Source Projects (Repository without Paper)"),),
    )


def test_a_remark_may_say_where_it_was_published():
    entry = "* [2505] [Lantern] [Reading in the Dark](https://doi.org/10.1000/dark.7) (%s)"
    paper = only(entry % "accepted by ICLR 2026 (Oral)")
    assert (paper.venue, paper.doi) == ("ICLR 2026 Oral", "10.1000/dark.7")
    assert only(entry % "the first of its kind").venue is None


def test_a_project_without_a_code_link_has_its_repository_as_one():
    paper = only_project("* [Spyglass](https://github.com/a/b) [Model](https://c.example)")
    assert [(link.kind, link.url) for link in paper.links] == [
        ("code", "https://github.com/a/b"),
        ("model", "https://c.example"),
    ]


def test_a_paper_of_a_project_is_not_its_identity():
    paper = only_project(
        "* [Tool](https://github.com/a/b) [Paper](https://arxiv.org/abs/2505.01234)"
    )
    assert (paper.id, paper.arxiv_id) == ("a-b", None)
    assert [link.kind for link in paper.links] == ["code", "paper"]


def test_a_project_listed_by_its_paper_has_that_identity():
    paper = only_project("* [2505] [[Tool](https://arxiv.org/abs/2505.01234)]")
    assert (paper.id, paper.kind, paper.released) == ("2505.01234", "project", "2025-05")
    assert paper.links == ()


def test_projects_may_be_grouped():
    assert only_project("* Trainers:\n  * [Tool](https://github.com/a/b)").short_name == "Tool"


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://github.com/Lab/Tool.git", "lab-tool"),
        ("https://www.github.com/Lab/Tool/", "lab-tool"),
        ("https://github.com/Lab/Tool/tree/main/sub", "lab-tool-tree-main-sub"),
        ("https://gitlab.com/Lab/Tool", "gitlab-com-lab-tool"),
    ],
)
def test_the_slug_of_a_repository(url, identity):
    assert only_project(f"* [Tool]({url})").id == identity


@pytest.mark.parametrize(
    ("remark", "description"),
    [
        ("(A fast trainer)", "A fast trainer"),
        ("(now at [[Torch \N{PERSONAL COMPUTER}](https://t.example)])", "now at Torch"),
        ("(now at [Torch](https://t.example) (beta))", "now at Torch (beta)"),
        ("- a trainer, see [Code Torch](https://t.example).", "a trainer, see Code Torch."),
        ("(fast) (small)", "(fast) (small)"),
        (": fast\n  and small", "fast and small"),
        ("| \N{EN DASH} fast,\\\n  small", "fast, small"),
        ("", ""),
    ],
)
def test_a_remark_becomes_the_description_and_its_links_stay_text(remark, description):
    paper = only_project(f"* [[Tool](https://github.com/a/b)] {remark}")
    assert paper.description == description
    assert [link.url for link in paper.links] == ["https://github.com/a/b"]


# --- links -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "kind"),
    [(kind.title(), kind) for kind in LINK_KINDS]
    + [(f"{kind.title()}s", kind) for kind in LINK_KINDS]
    + [
        ("Cold-Start Datasets", "dataset"),
        ("Project Page", "project"),
        ("Model Weights", "model"),
        ("GitHub", "code"),
        ("Blog post", "blog"),
        ("DATA", "dataset"),
        ("Benchmark Code", "code"),
    ],
)
def test_the_words_of_a_label_tell_the_kind(label, kind):
    paper = only(f"{PAPER} [[{label} \N{HUGGING FACE}](https://a.example/x?a=1&b=2)]")
    assert paper.links == (Link(kind, "https://a.example/x?a=1&b=2", label),)


@pytest.mark.parametrize(
    "links",
    [
        "[[Model](https://a.example)] [[Code](https://b.example)]",
        "[Model](https://a.example) [Code](https://b.example)",
        "[[Model](https://a.example) [Code](https://b.example)]",
        "[[\N{HUGGING FACE} Model](https://a.example)][[\N{PERSONAL COMPUTER} Code](https://b.example)]",
        "[Model](https://a.example) | **[Code](https://b.example)**",
        "(oral) [Model](https://a.example) [Code](https://b.example)",
        "(oral) [[Model](https://a.example)] NeurIPS [[Code](https://b.example)]",
    ],
)
def test_links_bracketed_and_bare(links):
    paper = only(f"{PAPER} {links}")
    assert [(link.label, link.url) for link in paper.links] == [
        ("Model", "https://a.example"),
        ("Code", "https://b.example"),
    ]


def test_badges_are_not_links():
    badge = "[![Code stars](https://img.example/stars)](https://github.com/a/b)"
    assert only(f"{PAPER} {badge} ![Model](https://img.example/m)").links == ()


# --- headings --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Papers", "paper"),
        ("Paper \N{PAGE FACING UP}", "paper"),
        ("Papers (Sort by Time of Release)\N{PAGE FACING UP}", "paper"),
        ("Papers sorted by date:", "paper"),
        ("Open-Source Projects (Repository without Paper)", "project"),
        ("Open-Source Project (Repos without Paper)", "project"),
        ("open source projects", "project"),
        ("Projects without Paper", "project"),
    ],
)
@pytest.mark.parametrize("order", ["kind in category", "category in kind"])
def test_kinds_and_categories_nest_either_way(heading, kind, order):
    outer, inner = (
        ("Night Vision", heading) if order == "kind in category" else (heading, "Night Vision")
    )
    entry = PAPER if kind == "paper" else "* [Tool](https://github.com/a/b)"
    paper = only(entry, f"# Title\n## {outer}\n### {inner}\n")
    assert (paper.kind, paper.category) == (kind, "Night Vision")


def test_a_category_may_hold_papers_directly():
    parsed = parse(f"# T\n## Papers\n### A\n{PAPER}\n## Benchmarks and Datasets\n{PAPER}")
    assert parsed.categories == ("A", "Benchmarks and Datasets")
    assert {paper.kind for paper in parsed.papers} == {"paper"}


def test_a_section_about_the_list_ends_with_the_next():
    assert only(PAPER, "# T\n## News\n### 2025\n## A\n").category == "A"


def test_a_kind_ends_with_its_section():
    parsed = parse(
        f"## A\n### Projects\n* [Tool](https://github.com/a/b)\n### Papers\n{PAPER}\n## B\n{PAPER}"
    )
    assert [paper.kind for paper in parsed.papers] == ["project", "paper", "paper"]


@pytest.mark.parametrize("name", ["Paper Folding", "Projects and Products", "Project Gutenberg"])
def test_a_heading_that_only_begins_like_a_kind_is_a_category(name):
    assert only(PAPER, f"## {name}\n").category == name


@pytest.mark.parametrize(
    ("heading", "category"),
    [
        ("Night Vision\N{EYES} ", "Night Vision"),
        ("\N{EYES}\N{VARIATION SELECTOR-16} Night *Vision*:", "Night Vision"),
        ("360\N{DEGREE SIGN} Video", "360\N{DEGREE SIGN} Video"),
        ("3D & Metaverse", "3D & Metaverse"),
        ("[Night](https://a.example) Vision", "Night Vision"),
        ("\N{EYES}", "T"),
    ],
)
def test_category_names(heading, category):
    assert only(PAPER, f"# T\n## {heading}\n").category == category


def test_entries_above_every_heading_take_the_name_of_the_list():
    assert only(PAPER, "").category == "list.md"


@pytest.mark.parametrize(
    "heading",
    [
        "News",
        "\N{FIRE} Latest News",
        "April 2025 News",
        "News (2025)",
        "Recent Updates",
        "Update Log",
        "Updates in March 2025",
        "What's New?",
        "Changelog",
        "Citation\N{BOOKMARK TABS}",
        "Cite us",
        "How to Cite This Work",
        "BibTeX",
        "Contribution and Acknowledgment",
        "Contributing to this list",
        "Star Chart",
        "License & Contact",
        "TODO List",
    ],
)
def test_sections_about_the_list_hold_no_entries(heading):
    text = f"# T\n## {heading}\n{PAPER}\n* [2025-5-24] [no] entry\n### Below\n* [x](y)\n"
    parsed = parse(text)
    assert parsed.papers == ()
    (problem,) = parsed.problems  # the entry that is in no other section is not lost in silence
    assert problem.line == 3
    assert re.fullmatch(
        r'what stands under ".+" is not read; move the entry under another heading', problem.reason
    )


def test_news_of_a_paper_that_is_listed_lack_nothing():
    assert parse(f"# T\n## News\n{PAPER}\n## Night Vision\n{PAPER}\n").problems == ()


@pytest.mark.parametrize(
    "heading",
    ["Fake News", "News Recommendation", "Model Updating", "Citation Analysis", "Contact"],
)
def test_a_topic_that_only_sounds_like_it_is_a_category(heading):
    parsed = parse(f"# T\n## {heading}\n{PAPER}\n")
    assert parsed.categories == ((heading,) if heading != "Contact" else ())


@pytest.mark.parametrize("heading", ["Contents", "Table of Contents", "TOC"])
def test_a_table_of_contents_hides_only_itself(heading):
    text = f"# T\n## {heading}\n* [Fish](#fish)\n### Fish\n{PAPER}\n"
    parsed = parse(text)
    assert parsed.problems == ()
    assert parsed.categories == ("Fish",)


TWO = "[Two](https://arxiv.org/abs/2503.00002)"


@pytest.mark.parametrize(
    ("text", "line", "place"),
    [
        (f"| Paper | Year |\n|---|---|\n| {TWO} | 2025 |", 5, "a table"),
        (f"Paper | Year\n---|---\n{TWO} | 2025", 5, "a table"),
        ("| Paper |\n|---|\n| [Two](https://two.example) |", 5, "a table"),
        (f"Some words.\n**{TWO}** by A. Author", 4, "a paragraph"),
        ("Two: https://arxiv.org/pdf/2503.00002v1.", 3, "a paragraph"),
        ("Two, [PDF](https://openreview.net/forum?id=x)", 3, "a paragraph"),
        ("<table><tr>\n<td><a href='https://arxiv.org/abs/2503.00002'>Two</a></td>", 4, "HTML"),
        (f"Words.\n\n    * [2503] [Two] {TWO}", 5, "a code block"),
    ],
)
def test_a_paper_outside_of_lists_is_named_by_its_line(text, line, place):
    parsed = parse(f"{PAPER}\n\n{text}\n\n## B\n")
    assert len(parsed.papers) == 1
    assert [(problem.line, problem.reason) for problem in parsed.problems] == [
        (line, f"a paper in {place} is not read; {FORM}")
    ]


FORM = "an entry begins like `* [2505] [name] [title](link)`"


@pytest.mark.parametrize(
    "text",
    [
        "* Two, A. Author, [Paper](https://two.example)",
        "* Two (https://openreview.net/forum?id=x)",
        "* Two, [here](https://two.example/two.pdf)",
    ],
)
def test_a_bullet_of_another_form_is_named(text):
    (problem,) = parse(f"## A\n{text}\n").problems
    assert (problem.line, problem.reason) == (
        2,
        f"it has a link to a paper but is not read; {FORM}",
    )


def test_an_entry_that_repeats_another_is_read_and_named():
    other = PAPER.replace("abs/2505.01234", "pdf/2505.01234v2")
    parsed = parse(f"## A\n{PAPER}\n\n## B\n\n{other}\n")
    assert [paper.id for paper in parsed.papers] == ["2505.01234", "2505.01234"]
    assert [(problem.line, problem.reason) for problem in parsed.problems] == [
        (6, "repeats line 2; the two are read as one paper")
    ]


BADGE = "[![{}](https://img.example/badge.svg)]({})"


def test_an_arxiv_id_behind_a_badge_is_found():
    badge = BADGE.format("arXiv", "https://arxiv.org/abs/2505.01234v3")
    paper = only(f"* [2505] [Lantern] [Reading](https://lantern.example) {badge}")
    assert (paper.arxiv_id, paper.url) == ("2505.01234", "https://arxiv.org/abs/2505.01234")
    assert [(link.kind, link.label) for link in paper.links] == [("paper", "arXiv")]


def test_a_badge_that_tells_its_kind_is_a_link():
    badges = f"{BADGE.format('Code', 'https://a.example')} {BADGE.format('', 'https://b.example')}"
    links = only(f"{PAPER} {badges} [[Code](https://a.example)]").links
    assert [(link.kind, link.url) for link in links] == [("code", "https://a.example")]


def test_a_bullet_of_a_badge_alone_is_named():
    (problem,) = problems("* " + BADGE.format("arXiv", "https://arxiv.org/abs/2503.00002"))
    assert "begins like [2505] [name] [title](link), and this does not" in problem.reason


_STYLES = {
    "entry": "* [2503] [Two] [Two](https://arxiv.org/abs/{})",
    "other bullet": "- **Two**, A. Author, [arXiv:{0}](https://arxiv.org/pdf/{0}.pdf)",
    "numbered": "1. Two (https://arxiv.org/abs/{})",
    "row": "| Two | 2025 |\n|---|---|\n| [Paper](https://arxiv.org/abs/{}) | x |",
    "paragraph": "Two by A. Author\\\n[[Paper](https://arxiv.org/abs/{})]\\\n[Code](https://a.example)",
    "quote": "> [Two](https://arxiv.org/abs/{})",
    "HTML": '<p>\n<a href="https://arxiv.org/abs/{}">Two</a>\n</p>',
    "badge": "Two\n[![arXiv](https://img.example/a.svg)](https://arxiv.org/abs/{})",
}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(_STYLES)), st.sampled_from(["## A", "### B", ""])),
        min_size=1,
        max_size=8,
    )
)
def test_no_paper_of_a_list_is_lost_in_silence(blocks):
    parts = ["# T", "", "## Papers", ""]
    for number, (style, heading) in enumerate(blocks):
        parts += [heading, "", _STYLES[style].format(f"2503.{number:05}"), "", "Words.", ""]
    lines = "\n".join(parts).split("\n")
    parsed = parse("\n".join(lines))
    read = {paper.id for paper in parsed.papers}
    named = "".join(lines[problem.line - 1] for problem in parsed.problems)
    for number, (style, _) in enumerate(blocks):
        arxiv_id = f"2503.{number:05}"
        assert (arxiv_id in read) == (style == "entry")
        assert (arxiv_id in named) == (style != "entry")


def test_a_bullet_of_a_linked_image_alone_is_named():
    (problem,) = problems("* " + BADGE.format("Tool", "https://github.com/a/b"))
    assert problem.reason == f"it has only an image with a link and is not read; {FORM}"


# --- length ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "long", ["word " * 40_000, "[" * 200_000, "![" * 100_000, "*" * 200_000, "<a " * 70_000]
)
def test_an_entry_of_any_length_is_cut_and_named(long):
    start = time.process_time()
    parsed = parse(f"## A\n* [2505] [X] [{long}](https://arxiv.org/abs/2505.00001)\n{PAPER}\n")
    assert time.process_time() - start < 5
    assert parsed.papers[-1].id == "2505.01234"
    assert (2, "it is longer than 10,000 characters; its middle is left out") in [
        (problem.line, problem.reason) for problem in parsed.problems
    ]


def test_a_title_of_a_million_letters_is_cut_and_keeps_its_link():
    title = "t" * 1_000_000
    (paper,) = parse(f"## A\n* [2505] [X] [{title}](https://arxiv.org/abs/2505.00001)\n").papers
    assert (paper.id, paper.title) == ("2505.00001", "t" * 1_000)


def test_a_long_title_is_cut_and_named():
    title = "word " * 1_000
    parsed = parse(f"## A\n* [2505] [X] [{title}](https://arxiv.org/abs/2505.00001)\n")
    assert len(parsed.papers[0].title) == 999
    assert [problem.reason for problem in parsed.problems] == [
        "its title is longer than 1,000 characters; the rest is left out"
    ]


def test_running_text_about_the_list_is_neither_entry_nor_problem():
    text = (
        f"# T\n\nWe cite [Lantern](https://arxiv.org/abs/2505.01234).\n\n```\n{PAPER}\n```\n\n"
        "## A\n\n* Thanks to [everybody](https://a.example)!\n* see [above](#t)\n* [A](#a)\n"
        f"\nA [tool](https://b.example).\n\n<!--\n{PAPER}\n-->\n"
    )
    assert parse(text) == ParsedList((), ())


# --- repair ----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "cp1254", "latin-1"])
def test_text_that_was_misread_once_is_repaired(encoding):
    text = misread(
        "## Night Vision\N{EYES} \n\n### Papers \N{PAGE FACING UP}\n\n"
        "* [2505] [Lant\u00e9rn] [Let\u2019s Read](https://arxiv.org/abs/2505.01234) "
        "[[Code \N{PERSONAL COMPUTER}](https://a.example)]\n\n"
        # Windows code pages have no character for a byte of each of these.
        "## Metaverse\N{SHOOTING STAR} \n\n### Open-Source Projects (x)\N{GLOBE WITH MERIDIANS}\n\n"
        "* [[Tool \N{PERSONAL COMPUTER}](https://github.com/a/b)] "
        "[[Project \N{GLOBE WITH MERIDIANS}](https://b.example)] "
        "[[Blog \N{DIRECT HIT}](https://c.example)]\n\n"
        f"## Omni\u263a\ufe0f\n\n{PAPER.replace('01234', '01235')}\n",
        encoding,
    )
    parsed = parse(text)
    assert parsed.problems == ()
    assert parsed.categories == ("Night Vision", "Metaverse", "Omni")
    lantern, tool, _ = parsed.papers
    assert (lantern.short_name, lantern.title) == ("Lant\u00e9rn", "Let's Read")
    assert [link.label for link in lantern.links] == ["Code"]
    assert (tool.kind, tool.short_name) == ("project", "Tool")
    assert [link.label for link in tool.links] == ["Code", "Project", "Blog"]


def test_entities_are_decoded_once():
    assert only(PAPER.replace("Dark", "&amp;lt; Dark")).title.endswith("the &lt; Dark")


# --- problems --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("* [Lantern](https://arxiv.org/abs/2505.01234)", "a paper begins like"),
        ("* [Lantern] [Reading](https://arxiv.org/abs/2505.01234)", "a paper begins like"),
        ("* [2505] [Reading](https://arxiv.org/abs/2505.01234)", "a paper begins like"),
        ("* **Lantern**, [pdf](https://arxiv.org/abs/2505.01234)", "a paper begins like"),
        ("* **Lantern**, see https://arxiv.org/abs/2505.01234.", "a paper begins like"),
        ("* [\u0662\u0665\u0660\u0665] [x] [y](https://a.example)", "a paper begins like"),
        ("* [2505] [Lantern]", "no title"),
        ("* [2505] [Lantern] [[Code](https://a.example)]", "no title"),
        ("* [2505] [A] [Lantern] [Reading]", "more in brackets"),
        ("* [2505] [Lantern] [Reading](https://arxiv.org/abs/2505.01234 v2)", "first link"),
        ("* [2505] [(Gen)] [Reading](https://arxiv.org/abs/2505.01234)", "neither letter"),
        ("* [2505] [Lantern] [?!](https://a.example)", "neither letter"),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line(entry, reason):
    parsed = parse(f"# T\n\n## A\n\n{PAPER}\n\n{entry}\n")
    assert len(parsed.papers) == 1
    (problem,) = parsed.problems
    assert problem.line == 7
    assert reason in problem.reason
    assert problem.text.startswith(("[", "Lantern"))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "docs/a.pdf", "https://", "", "//a.example"]
)
def test_only_web_addresses_are_links(url):
    heading = "## A\n"
    (problem,) = problems(f"{PAPER} [[Code]({url})] [[Model](https://a.example)]", heading)
    assert (problem.line, "'Code' is not a web address" in problem.reason) == (2, True)
    parsed = parse(f"{heading}* [2505] [Lantern] [Reading]({url}) [[Model](https://a.example)]")
    (paper,) = parsed.papers
    assert (paper.url, [link.kind for link in paper.links]) == (None, ["model"])
    assert len(parsed.problems) == 1


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("[[Slides](https://a.example)]", "the kind of the link 'Slides' is unknown"),
        ("[\N{HUGGING FACE}](https://a.example)", "the kind of the link '' is unknown"),
        ("[[Code](https://a.example/a b)]", "the link 'Code' is broken"),
    ],
)
def test_a_link_that_cannot_be_used_leaves_the_entry_standing(part, reason):
    parsed = parse(f"## A\n{PAPER} {part} [[Model](https://b.example)]")
    (paper,) = parsed.papers
    assert ([link.kind for link in paper.links], paper.description) == (["model"], "")
    (problem,) = parsed.problems
    assert problem.reason.startswith(reason)


def test_an_unlinked_title_does_not_take_a_broken_link():
    parsed = parse("## A\n* [2505] [Lantern] [Reading] [[Code](https://a.example/a b)]")
    assert [paper.id for paper in parsed.papers] == ["reading"]
    assert "the link 'Code' is broken" in parsed.problems[0].reason


def test_what_is_not_a_month_leaves_the_entry_undated():
    parsed = parse("## A\n" + PAPER.replace("[2505]", "[2513]"))
    assert parsed.papers[0].released is None
    assert '"2513" is not a month (YYMM)' in parsed.problems[0].reason


def test_a_link_to_arxiv_without_id_is_reported():
    parsed = parse("## A\n* [2505] [x] [Reading](https://arxiv.org/abs/2513.01234)")
    assert (parsed.papers[0].id, parsed.papers[0].arxiv_id) == ("reading", None)
    assert "has no arXiv id" in parsed.problems[0].reason


def test_a_project_among_papers_is_reported():
    (problem,) = problems("* [[Tool](https://github.com/a/b)]")
    assert problem == Problem(problem.source, 5, "[Tool]", problem.reason)


# --- any text, generated lists -----------------------------------------------------------

_SCRAPS = [
    "\n* ",
    "\n## ",
    "\n  * ",
    "[2505] ",
    "[a] ",
    "[b](c)",
    "[[Code](http://d)] ",
    "![",
    "](",
]


@given(st.lists(st.one_of(st.sampled_from(_SCRAPS), st.text(max_size=8))).map("".join))
def test_no_text_raises(text):
    parsed = parse(text)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= problem.line <= lines for problem in parsed.problems)
    for paper in parsed.papers:
        assert paper.id
        assert paper.short_name
        assert paper.title
        assert paper.released is None or check_month(paper.released)


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "## A\n* " + "[[a] " * 5_000, "* [2505] [n] [t](u) " + "[c](u) " * 2_000,
     "- " * 5_000, "> " * 5_000, "*a" * 10_000, "[a](" * 5_000],
    ids=["brackets", "groups", "links", "lists", "quotes", "emphasis", "half-links"],
)  # fmt: skip
def test_hostile_text_takes_no_time_to_speak_of(text):
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 10


_WORDS = st.text(
    string.ascii_letters + string.digits + " -:&'\u00e9\u4e2d", min_size=1, max_size=30
)
_TEXTS = _WORDS.map(lambda text: " ".join(text.split())).filter(
    lambda text: re.search(r"[^\W_]", text) and not text.isdigit() and repair(text) == text
)
_ARXIV_IDS = st.builds("25{:02}.{:05}".format, st.integers(1, 12), st.integers(0, 99_999))
_LINKS = st.lists(
    st.builds(
        lambda kind, path: Link(kind, f"https://a.example/{path}", kind.title()),
        st.sampled_from(LINK_KINDS),
        st.text(string.ascii_letters + string.digits + "-_.~?=&%25", max_size=10).filter(
            lambda path: "%" not in path
        ),
    ),
    max_size=4,
).map(tuple)
_PAPERS = st.builds(
    lambda arxiv_id, **facts: Paper(
        id=arxiv_id, arxiv_id=arxiv_id, url=f"https://arxiv.org/abs/{arxiv_id}", **facts
    ),
    arxiv_id=_ARXIV_IDS,
    short_name=_TEXTS,
    title=_TEXTS,
    categories=st.tuples(st.sampled_from(["Night Vision", "Sound & Light", "3D"])),
    released=st.builds("20{:02}-{:02}".format, st.integers(0, 50), st.integers(1, 12)),
    generative=st.booleans(),
    description=st.one_of(st.just(""), _TEXTS.map(lambda text: text.strip(" -:")).filter(bool)),
    links=_LINKS,
)


def written(paper: Paper) -> str:
    """The entry, under its headings, as the founding list writes it."""
    month = (paper.released or "").replace("-", "")[2:]
    name = paper.short_name + (" (Gen)" if paper.generative else "")
    title = re.sub(r"([&'*_-])", r"\\\1", paper.title)
    links = "".join(f" [[{link.label}]({link.url})]" for link in paper.links)
    remark = f" ({paper.description})" if paper.description else ""
    return (
        f"## {paper.category}\n\n### Papers\n\n"
        f"* [{month}] [{name}] [{title}]({paper.url}){links}{remark}\n\n"
    )


@given(st.lists(_PAPERS, min_size=1, max_size=4, unique_by=lambda paper: paper.id))
def test_what_is_written_as_a_list_is_read_back(papers):
    parsed = parse("# T\n\n" + "".join(map(written, papers)))
    assert parsed.problems == ()
    assert [paper.provenance[0].line for paper in parsed.papers] == [
        7 + 6 * index for index in range(len(papers))
    ]
    unwritten = {"provenance": (), "heading_paths": (), "venue": None}
    bare = [Paper(**{**facts(paper), **unwritten}) for paper in parsed.papers]
    assert bare == papers
    paths = [paper.heading_paths for paper in parsed.papers]
    assert paths == [((paper.category, "Papers"),) for paper in papers]


def facts(paper: Paper) -> dict[str, object]:
    return {name: getattr(paper, name) for name in Paper.__dataclass_fields__}


# --- the real lists ------------------------------------------------------------------------


@pytest.mark.shared
def test_the_founding_list(shared):
    name = "awesome-rft-mllm.md"
    parsed = parse_list((shared / "seed" / name).read_text(encoding="utf-8"), name)
    assert parsed.problems == ()
    assert Counter(paper.kind for paper in parsed.papers) == {"paper": 65, "project": 14}
    assert len({paper.arxiv_id for paper in parsed.papers} - {None}) == 62
    assert len(merge_papers(parsed.papers)) == len(parsed.papers) == 79
    assert parsed.categories == (
        "Vision (Image)",
        "Vision (Video)",
        "Medical Vision",
        "Embodied Vision",
        "Multimodal Reward Model",
        "Audio",
        "Omni",
        "GUI",
        "Framework",
        "Metaverse",
        "Agents",
    )
    assert sum(paper.generative for paper in parsed.papers) == 5
    assert Counter(link.kind for paper in parsed.papers for link in paper.links) == {
        "code": 72,
        "model": 49,
        "dataset": 35,
        "project": 12,
        "demo": 4,
        "benchmark": 1,
        "blog": 1,
    }
    assert all(
        f"{paper.title}{paper.links}{paper.description}".isascii() for paper in parsed.papers
    )


@pytest.mark.shared
def test_facts_of_the_founding_list(shared):
    name = "awesome-rft-mllm.md"
    parsed = parse_list((shared / "seed" / name).read_text(encoding="utf-8"), name)
    by_name = {paper.short_name: paper for paper in parsed.papers}
    assert len(by_name) == 79

    dance = by_name["DanceGRPO"]
    assert (dance.generative, dance.released, dance.id) == (True, "2025-05", "2505.07818")
    assert [link.kind for link in dance.links] == ["project", "code"]  # on two lines
    assert dance.provenance == (Provenance(name, 25),)

    assert "Let's Verify and Reinforce" in by_name["PARM++"].title
    assert by_name["Flow-GRPO"].arxiv_id == "2505.05470"  # www.
    assert by_name["VisualPRM"].arxiv_id == "2503.10291"  # v1
    assert by_name["SARI"].url == "https://arxiv.org/abs/2504.15900"  # pdf
    assert {
        paper.short_name for paper in parsed.papers if not paper.arxiv_id and paper.released
    } == {
        "VLAA-Thinking",
        "Skywork R1V",
        "MM-Eureka",
    }
    assert by_name["Skywork R1V"].url == (
        "https://github.com/SkyworkAI/Skywork-R1V/blob/main/Skywork_R1V.pdf"
    )

    r1v = by_name["R1-V"]
    assert (r1v.id, r1v.kind, r1v.released) == ("deep-agent-r1-v", "project", None)
    assert r1v.url == "https://github.com/Deep-Agent/R1-V"
    assert [link.label for link in r1v.links] == ["Code", "Datasets", "Blog"]
    assert [link.label for link in by_name["R1-Vision"].links] == ["Code", "Cold-Start Datasets"]
    journey = by_name["R1-Multimodal-Journey"]
    assert journey.description == "Latest progress at MM-Eureka"
    assert [link.kind for link in journey.links] == ["code"]
    assert by_name["EasyR1"].description.startswith("An Efficient, Scalable")


@pytest.mark.shared
def test_the_later_list(shared):
    name = "list-2026-05.md"
    parsed = parse_list((shared / "data" / name).read_text(encoding="utf-8"), name)
    assert [(problem.line, problem.reason) for problem in parsed.problems] == [
        (374, "repeats line 368; the two are read as one paper"),
        (422, "repeats line 81; the two are read as one paper"),
    ]
    assert Counter(paper.kind for paper in parsed.papers) == {"paper": 289, "project": 12}
    papers = [paper for paper in parsed.papers if paper.kind == "paper"]
    assert all(paper.released for paper in papers)
    merged = {paper.id: paper for paper in merge_papers(papers)}
    assert len(merged) == 287
    assert sum(paper.arxiv_id is None for paper in papers) == 5
    assert {paper.short_name: paper.categories for paper in merged.values()}["VL-DAC"] == (
        "Vision (Image)",
        "Embodied Vision",
    )
    assert parsed.categories[-4:] == (
        "3D & Metaverse",
        "Benchmarks and Datasets",
        "Training Framework",
        "Agent",
    )
    by_name = {paper.short_name: paper for paper in parsed.papers}
    assert by_name["V1-33K"].url is None
    assert [link.kind for link in by_name["V1-33K"].links] == ["project", "dataset", "code"]
    assert [link.kind for link in by_name["VL-Rethinker"].links][-2:] == ["dataset", "code"]
    assert by_name["Motion-R1"].generative
    assert {"Omni-R1 (ZJU)", "Omni-R1 (MIT)", "EARL (editing)"} <= by_name.keys()
    assert all(paper.has("code") for paper in parsed.papers if paper.kind == "project")


@pytest.mark.shared
def test_lists_of_other_styles_are_survived(shared):
    paths = sorted((shared / "data" / "awesome").glob("*.md"))
    assert len(paths) == 6
    start = time.process_time()
    for path in paths:
        parsed = parse_list(path.read_text(encoding="utf-8"), path.name)
        # Read as something else would be worse than not read: nothing but dated entries is.
        assert all(paper.released or paper.kind == "project" for paper in parsed.papers)
    assert time.process_time() - start < 20
