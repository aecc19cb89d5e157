"""BibTeX, as the programs write it that people keep papers in, and as people break it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.errors import SourceError
from rftsearch.papers.merge import merge_same
from rftsearch.papers.paper import Link, Paper
from rftsearch.sources.base import Problem, Summary
from rftsearch.sources.libraries.bibtex import BibtexFile
from rftsearch.sources.registry import open_source

DIALECTS = Path(__file__).parent / "dialects"


def read(path: Path):
    items = list(BibtexFile(path).read(lambda *_: None))
    papers = [item for item in items if isinstance(item, Paper)]
    problems = [(item.line, item.reason) for item in items if isinstance(item, Problem)]
    told = [line for item in items if isinstance(item, Summary) for line in item.sentences]
    return papers, problems, told


@pytest.fixture
def library(tmp_path):
    def written(text: str | bytes):
        path = tmp_path / "refs.bib"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path)

    return written


@pytest.fixture
def one(library):
    def written(fields: str, kind: str = "misc"):
        (paper,), problems, _ = library(f"@{kind}{{k1,\n title = {{A Title of Lights}},{fields}}}")
        assert problems == []
        return paper

    return written


def test_its_files_are_known_by_their_names(tmp_path):
    for name in ("a.bib", "a.BIBTEX"):
        assert open_source(tmp_path / name) == BibtexFile(tmp_path / name)


# --- dialects -----------------------------------------------------------------------

LANTERN = ("2503.01234", "Lantern: Reading in the Dark", "2025-03")


@pytest.mark.parametrize(
    ("name", "title", "authors", "categories", "abstract"),
    [
        (
            "zotero",
            "Lantern: Reading in the Dark with MLLMs",
            ("Ada Sample", "Bén Example", "Ana García Pérez", "Lantern Team"),
            ("Computer Science - Computer Vision and Pattern Recognition", "Night vision"),
            "We read in the dark. Our model reaches 96.9% on NightBench, and costs $5 & a "
            "day_of work.",
        ),
        (
            "better-bibtex",
            "Lantern: Reading in the Dark with MLLMs",
            ("Ada Sample", "Bén Example", "Ana García Pérez", "Lantern Team"),
            ("Night", "Computer Science - Machine Learning", "night vision"),
            "We read in the dark. Our model reaches 96.9% on NightBench, at \U0001d4aa(n).",
        ),
        (
            "jabref",
            "Lantern: Reading in the Dark",
            ("Ada Sample", "Bén Example", "Ana García Pérez"),
            ("Detection", "lanterns", "night vision"),
            "We read in the dark.",
        ),
        (
            "mendeley",
            "Lantern: Reading in the Dark",
            ("Ada Sample", "Bén Example"),
            ("Detection", "lanterns", "night vision"),
            "We read in the dark & count 5% of co_op lanterns.",
        ),
        (
            "paperpile",
            "Lantern: Reading in the dark with MLLMs",
            ("Ada Sample", "Bén Example", "Lantern Team"),
            ("Vision/Detection",),
            'We read in the dark. We call it "lantern".',
        ),
        ("web", "Lantern: Reading in the dark", ("Ada Sample", "Bén Example"), ("web.bib",), ""),
    ],
)
def test_one_paper_as_each_program_writes_it(name, title, authors, categories, abstract):
    papers, problems, _ = read(DIALECTS / f"{name}.bib")
    assert problems == []
    first = papers[0]
    assert (first.id, first.arxiv_id) == ("2503.01234", "2503.01234")
    assert (first.title, first.short_name, first.released) == (title, "Lantern", "2025-03")
    assert (first.authors, first.categories, first.abstract) == (authors, categories, abstract)
    assert first.url == "https://arxiv.org/abs/2503.01234"
    assert first.abstract_state == ("present" if abstract else "pending")
    assert (first.links, first.description) == ((), "")


def test_family_names_stay_what_the_file_says():
    (paper, *_), _, _ = read(DIALECTS / "better-bibtex.bib")
    assert paper.metadata.split_authors[2:] == (
        ("García Pérez", "Ana", ""),
        ("Lantern Team", "", ""),
    )
    _, (_, paper), _ = None, read(DIALECTS / "zotero.bib")[0], None
    assert paper.listed_parts == (("Example", "Bén", ""), ("van der Sample", "Jan", ""))


@pytest.mark.parametrize(
    ("name", "told", "others"),
    [
        (
            "zotero",
            [],
            [("10.18653/v1/2024.example-long.7", "2024-08", "https://aclanthology.org/2024.example-long.7")],
        ),
        (
            "better-bibtex",
            [],
            [
                ("10.1000/joe.2023.7", "2023-11", "https://example.org/shadow"),
                ("lantern-kit", "2024-05", "https://github.com/lantern-lab/kit"),
            ],
        ),
        (
            "jabref",
            ["jabref.bib: 1 volume of proceedings left out"],
            [("counting-lanterns", "2024-08", None)],
        ),
        ("mendeley", [], [("10.1000/joe_2023.7", "2023-11", "https://example.org/a_b/~ben")]),
        (
            "paperpile",
            [],
            [
                (
                    "10.18653/v1/2024.example-long.7",
                    "2024-08",
                    "https://doi.org/10.18653/v1/2024.example-long.7",
                )
            ],
        ),
        (
            "web",
            ["web.bib: 1 volume of proceedings left out"],
            [
                ("2404.05678", "2024-04", "https://arxiv.org/abs/2404.05678"),
                ("a-shore-of-lights", "2024", "https://openreview.net/forum?id=aBcDeF12"),
                (
                    "10.18653/v1/2024.example-long.7",
                    "2024-08",
                    "https://aclanthology.org/2024.example-long.7/",
                ),
                ("2301.00042", "2023-01", "https://arxiv.org/abs/2301.00042"),
                ("2201.00001", "2022-01", "https://arxiv.org/abs/2201.00001"),
                ("hep-th/0101001", "2001-01", "https://arxiv.org/abs/hep-th/0101001"),
            ],
        ),
    ],
)  # fmt: skip
def test_the_other_entries_of_each_program(name, told, others):
    papers, _, sentences = read(DIALECTS / f"{name}.bib")
    assert [(one.id, one.released, one.url) for one in papers[1:]] == others
    assert sentences == told


def test_venues_and_dois():
    papers = [paper for path in sorted(DIALECTS.glob("*.bib")) for paper in read(path)[0]]
    assert {paper.venue for paper in papers} == {
        None,
        "Journal of Examples",
        "Journal of Examples & More",
        "Proc. Examples",
        "Examples 2024, Nowhere, May 7-11, 2024",
        "Proceedings of the 99th Annual Meeting of Examples",
        "Proceedings of the 99th Annual Meeting of Examples (Volume 1: Long Papers)",
    }
    assert {paper.doi for paper in papers if paper.doi and "48550" not in paper.doi} == {
        "10.1000/JoE.2023.7",
        "10.1000/joe_2023.7",
        "10.1000/lantern.1",
        "10.18653/v1/2024.example-long.7",
    }


def test_groups_keep_their_tree_and_software_is_a_project():
    night, theory, kit = read(DIALECTS / "better-bibtex.bib")[0]
    assert [one.heading_paths for one in (night, theory, kit)] == [
        (("Reading", "Night"),),
        (("Reading", "Theory"),),
        (("Reading", "Night"),),
    ]
    assert (kit.kind, kit.description) == ("project", "A toolbox for lanterns.")
    assert kit.links == (Link("code", "https://github.com/lantern-lab/kit", "Code"),)
    jabref = read(DIALECTS / "jabref.bib")[0][0]
    assert jabref.heading_paths == (("Vision", "Detection"), ("To read",))


# --- what BibTeX means --------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "released"),
    [
        ("year = 2025, month = mar", "2025-03"),
        ("year = {2025}, month = {March}", "2025-03"),
        ("year = 2025, month = 3", "2025-03"),
        ("year = 2025, month = {03}", "2025-03"),
        ('year = 2025, month = "17~" # mar', "2025-03"),
        ('year = 2025, month = mar # "/" # apr', "2025-03"),
        ("year = 2025, month = {März}", "2025-03"),
        ("date = {2025-03-17}", "2025-03"),
        ("date = {2025-03/2025-05}", "2025-03"),
        ("date = {2025}, month = mar, year = 2025", "2025-03"),
        ("year = {2025-03}", "2025-03"),
        ("date = {2025-21}", "2025"),
        ("year = {2025}", "2025"),
        ("year = {in press}", None),
        ("year = {2025}, month = {spring}", "2025"),
    ],
)
def test_dates(one, fields, released):
    assert one(fields).released == released


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2503.01234}, archiveprefix = {arXiv}",
        "eprint = {2503.01234v3}",
        "eprint = {arXiv:2503.01234}, eprinttype = {arxiv}",
        "arxivid = {2503.01234}",
        "doi = {10.48550/arXiv.2503.01234}",
        "url = {https://arxiv.org/pdf/2503.01234v2.pdf}",
        "url = {arxiv.org/abs/2503.01234}",
        "howpublished = {\\url{https://arxiv.org/abs/2503.01234}}",
        "journal = {arXiv preprint arXiv:2503.01234}",
        "journal = {CoRR abs/2503.01234}",
        "journal = {CoRR}, volume = {abs/2503.01234}",
        "number = {arXiv:2503.01234}",
        "note = {arXiv:2503.01234 [cs.CV]}",
        "note = {Accepted at Examples 2025. arXiv preprint arXiv:2503.01234}",
    ],
)
def test_an_arxiv_id_is_found_where_people_put_it(one, fields):
    paper = one(fields)
    assert (paper.id, paper.arxiv_id, paper.venue) == ("2503.01234", "2503.01234", None)


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2503.01234}, eprinttype = {pubmed}",
        "note = {Extended version of arXiv:2503.01234}",
        "note = {See arXiv:2503.01234 and arXiv:2503.01235}",
        "abstract = {It extends arXiv:2503.01234.}",
        "journal = {Journal of 2503.01234}",
    ],
)
def test_an_id_of_another_paper_is_not_taken(one, fields):
    assert one(fields).arxiv_id is None


def test_old_ids_come_together(one):
    paper = one("eprint = {0101001}, archiveprefix = {arXiv}, primaryclass = {hep-th}")
    assert paper.arxiv_id == "hep-th/0101001"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("{Deep {GRPO} for {B}ayesian Agents}", "Deep GRPO for Bayesian Agents"),
        ("{{All of It in Two Braces}}", "All of It in Two Braces"),
        ('"In Quotation Marks with {"}these{"} inside"', 'In Quotation Marks with "these" inside'),
        (r"{Schr{\"o}dinger's {\'E}tudes, \o{} and {\ss}}", "Schrödinger's Études, ø and ß"),
        (r"{An $\mathcal{O}(n^2)$ Bound for VLM-R$^3$}", "An \U0001d4aa(n²) Bound for VLM-R³"),
        (r"{R\&D at 100\% -- a ``study''}", 'R&D at 100% \u2013 a "study"'),
        ("{R&amp;D of <i>lights</i>}", "R&D of lights"),
        ('"Joined " # {of } # lights # " and more"', "Joined of Lights! and more"),
        ("{Two\n    Lines}", "Two Lines"),
    ],
)
def test_titles(library, written, title):
    text = f"@string{{lights = {{Lights!}}}}\n@misc{{k, title = {written}, year = 2025}}"
    (paper,), problems, _ = library(text)
    assert (paper.title, problems) == (title, [])


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Ada Sample and Example, Bén", ("Ada Sample", "Bén Example")),
        ("Sample, Jr., Ada and {de la Cruz}, Jo", ("Ada Sample Jr.", "Jo de la Cruz")),
        ("{The Lantern and Shade Team} and others", ("The Lantern and Shade Team",)),
        ("Ada Sample, Ben Example, Cy Else", ("Ada Sample", "Ben Example", "Cy Else")),
        ("Sample, Ada; Example, Ben", ("Ada Sample", "Ben Example")),
        (r"{\'E}mile S\o rensen", ("Émile Sørensen",)),
        ("Wei Sample 0012", ("Wei Sample",)),
        (" and ", ()),
    ],
)
def test_authors(one, written, authors):
    assert one(f"author = {{{written}}}").authors == authors


def test_links_are_typed_wherever_they_stand(one):
    paper = one(
        "eprint = {2503.01234}, url = {https://openreview.net/forum?id=x},"
        " note = {Code: \\url{https://github.com/a/b_c}. Data: https://example.org/d},"
        " github = {https://github.com/a/more}, project = {https://example.org/p}"
    )
    assert {(link.kind, link.url) for link in paper.links} == {
        ("paper", "https://openreview.net/forum?id=x"),
        ("code", "https://github.com/a/b_c"),
        ("dataset", "https://example.org/d"),
        ("code", "https://github.com/a/more"),
        ("project", "https://example.org/p"),
    }


def test_labels_of_links_are_the_words_for_them(one):
    paper = one(
        "note = {Accepted; code is available at https://github.com/u/v, data (see"
        " https://x.example/d)}"
    )
    assert [(link.kind, link.label) for link in paper.links] == [
        ("code", "Code"),
        ("dataset", "data"),
    ]


def test_where_it_is_published_may_be_its_address(one):
    paper = one("howpublished = {\\url{https://github.com/a/b_c}}, note = {Accessed: 2024-01-01}")
    assert (paper.url, paper.venue) == ("https://github.com/a/b_c", None)
    assert paper.links == (Link("code", "https://github.com/a/b_c", "Code"),)


def test_a_doi_is_found_in_notes_and_addresses(one):
    assert one("url = {https://dx.doi.org/10.1000/182}").doi == "10.1000/182"
    assert one("note = {doi: 10.1000/a(1)b).}").doi == "10.1000/a(1)b"
    assert one("doi = {10.1000/a\\_b{\\_}c}").doi == "10.1000/a_b_c"


def test_parts_take_from_their_volume_what_is_the_volumes(library):
    papers, problems, told = library(
        "@inproceedings{a, title = {Part of It}, crossref = {V}, xdata = {x}}\n"
        "@proceedings{v, title = {The Volume}, year = 2024,"
        " abstract = {Not yours.}, doi = {10.1000/v}}\n"
        "@xdata{x, keywords = {shared}}\n"
    )  # fmt: skip
    (paper,) = papers
    assert (paper.venue, paper.released, paper.categories) == ("The Volume", "2024", ("shared",))
    assert (paper.doi, paper.abstract, problems) == (None, "", [])
    assert told == ["refs.bib: 1 volume of proceedings left out"]


def test_keywords_of_one_spelling(library):
    papers, _, _ = library(
        "@misc{a, title={One of Them}, keywords={Deep learning, {Audio, Speech}}}\n"
        "@misc{b, title={Two of Them}, keywords={deep Learning; a\\&b}}\n"
        "@misc{c, title={Three of Them}}\n"
    )
    assert [paper.categories for paper in papers] == [
        ("Deep learning", "Audio, Speech"),
        ("Deep learning", "a&b"),
        ("refs.bib",),
    ]


# --- what people break --------------------------------------------------------------


def test_nothing_is_lost_in_silence(library):
    papers, problems, _ = library(
        "@misc{a, title={No Comma}\n author={Ada Sample}, year=2024}\n"
        "@misc{ title={No Key}, year=2024}\n"
        "@misc{key title={No Comma after the Key}, year=2024}\n"
        "@misc{b, title={Never Closed, year=2024}\n"
        "@misc{c, year=2024}\n"
        "@misc{d, title={?!}}\n"
        "@misc{, title={Without a Key}, url={x}, url={https://example.org/}}\n"
    )
    assert [(paper.title, paper.authors) for paper in papers] == [
        ("No Comma", ("Ada Sample",)),
        ("No Key", ()),
        ("?!", ()),
        ("Without a Key", ()),
    ]
    assert papers[3].url == "https://example.org/"
    assert problems == [
        (1, "a comma is missing before author; it is read even so"),
        (4, "it has no citation key, or no comma after it; correct it in the file"),
        (5, "it never ends: a closing brace or quotation mark is missing; correct it in the file"),
        (6, "it has no title"),
    ]


def test_entries_of_one_paper_have_one_id(library):
    papers, problems, _ = library(
        "@misc{a, title={A Light on the Shore}, doi={10.1000/1}}\n"
        "@misc{A, title={Another Thing Entirely}}\n"
        "@misc{b, title={A Light on the Shore: Now Longer}, doi={10.1000/1}}\n"
        "@misc{c, title={The Third Thing of All}, doi={10.1000/1}}\n"
        "@misc{d, title={The Same}, eprint={2503.01234}}\n"
        "@misc{e, title={Otherwise Called}, eprint={2503.01234}}\n"
    )
    assert [paper.id for paper in papers] == [
        "10.1000/1", "another-thing-entirely", "10.1000/1", "the-third-thing-of-all",
        "2503.01234", "2503.01234",
    ]  # fmt: skip
    assert problems == [
        (2, "its citation key is that of line 1; both are read"),
        (4, "it has the DOI of line 1 and another title; both are read"),
    ]


def test_two_libraries_may_have_one_key_for_two_papers(tmp_path):
    for number, title in enumerate(["A Light on the Shore", "Another Thing Entirely"]):
        text = f"@misc{{sample2020, title = {{{title}}}, author = {{Ada Sample}}}}"
        (tmp_path / f"{number}.bib").write_text(text, "utf-8")
    papers = [paper for number in range(2) for paper in read(tmp_path / f"{number}.bib")[0]]
    assert len(merge_same(papers).papers) == 2


def test_an_entry_of_an_id_alone_waits_for_its_title(library):
    (paper,), problems, _ = library("@misc{k, eprint = {2503.01234}}")
    assert (paper.title, paper.abstract_state, problems) == ("arXiv:2503.01234", "pending", [])


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_and_marks_do_not_matter(library, mark, end):
    text = "% Lights\n\n@misc{k,\n title = {Ünder the Sea},\n}\n@misc{m}\n".encode()
    (paper,), problems, _ = library(mark + text.replace(b"\n", end))
    assert (paper.title, paper.provenance[0].line) == ("Ünder the Sea", 3)
    assert problems == [(6, "it has no title")]


def test_another_encoding_is_one_line_with_the_cure(tmp_path):
    path = tmp_path / "old.bib"
    path.write_bytes("@misc{a,\n title={Ünder}}".encode("latin-1"))
    with pytest.raises(
        SourceError, match=r"old.bib is not UTF-8 text \(line 2\); export it as"
    ) as e:
        read(path)
    assert "\n" not in str(e.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "an entry begins like"),
        ("just words", "an entry begins like"),
        ("@misc{a, year = 2024}", r"\(line 1: it has no title\)"),
        ("@misc{a, title = {b", r"\(line 1: it never ends"),
    ],
)
def test_a_file_without_an_entry_is_an_error_with_the_cure(library, text, why):
    with pytest.raises(SourceError, match=rf"no entry can be read in .*{why}"):
        library(text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"there is no file .*none.bib; check the path"):
        read(tmp_path / "none.bib")


def test_what_is_too_long_is_cut_and_named(library):
    (paper,), problems, _ = library(
        f"@misc{{k, title = {{A Title}}, abstract = {{{'word ' * 9_000}}}}}"
    )
    assert len(paper.abstract) == 19_999
    assert problems == [(1, "its abstract is longer than 20,000 characters; the rest is left out")]


SOUND = "\n@misc{k, title = {A Title of Lights}}\n"


@pytest.mark.timeout(150)  # a busy machine needs some; by the square of it, many times that
@pytest.mark.parametrize(
    "field",
    [
        "{" * 30_000 + "}" * 30_000, "{" * 30_000, "\\" * 30_001, "$" * 30_000, "\\'" * 15_000,
        "x and " * 10_000, "a," * 15_000, "{\\em " * 5_000, "&" * 30_000, "<i" * 15_000,
        "arxiv " * 5_000, "http://" * 5_000, "10.1000/" * 4_000, "-" * 30_000, "of " * 10_000,
    ],
)  # fmt: skip
def test_hostile_fields_take_no_time(library, field):
    names = ("title", "author", "keywords", "note", "month", "doi", "url", "journal", "groups")
    text = "".join(f"@misc{{h, {name} = {{{field}}}, year = 2025}}\n" for name in names)
    papers, _, _ = library(SOUND + text + SOUND)
    assert papers[0].title == "A Title of Lights"


# A file with a zero is refused as no text; tests/sources/test_text_file.py holds that.
@given(st.text(st.characters(exclude_characters="\0")))
def test_any_text_gives_papers_or_problems(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.bib"
    path.write_bytes((SOUND + text).encode(errors="replace"))
    papers, _, _ = read(path)
    assert papers[0].title == "A Title of Lights"
    for paper in papers:
        for one in (paper.id, paper.title, paper.short_name, paper.abstract, *paper.categories):
            assert one.encode() or not one


PIECES = st.lists(
    st.sampled_from(["@misc{", "@string{", "@comment{", "a", " = ", "{", "}", '"', "#", ",", "\n",
                     "title", "crossref", "\\", "\\{", "(", ")", "$", "@", "eprint", "2503.01234"])
)  # fmt: skip


@given(PIECES)
def test_any_pieces_of_bibtex_give_papers_or_problems(tmp_path_factory, pieces):
    path = tmp_path_factory.getbasetemp() / "pieces.bib"
    path.write_text(SOUND + "".join(pieces), "utf-8")
    assert read(path)[0][0].title == "A Title of Lights"
