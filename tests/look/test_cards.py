from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rftsearch.look.cards import card
from rftsearch.look.templates import web_address
from rftsearch.papers.paper import ArxivMetadata, Link, Paper, PredictedCategory, Provenance
from rftsearch.papers.results import Explanation, Facets, Hit
from rftsearch.ui.page.layout import Answer, BasketItem, basket, filter_panel, results
from rftsearch.ui.page.view import View

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;"


def paper(**changes) -> Paper:
    fields = {
        "id": "2503.00001",
        "short_name": "TimeOne",
        "title": "TimeOne: A Title",
        "categories": ("Vision (Video)",),
        "released": "2025-03",
        "arxiv_id": "2503.00001",
        "url": "https://arxiv.org/abs/2503.00001",
    }
    return Paper(**{**fields, **changes})


def scored(one: Paper, **parts: float) -> Hit:
    return Hit(one, sum(parts.values()), parts)


def markup(*papers: Paper, hues=None) -> str:
    cards = [card(one, hues or {}, scored(one, meaning=0.3, words=0.2)) for one in papers]
    return results(Answer("Heading", cards=cards))


def facets(*categories: str) -> Facets:
    has = dict.fromkeys(("code", "model", "dataset", "demo", "project"), 0)
    kinds, generative = {"paper": 1, "project": 0}, {True: 0, False: 1}
    return Facets(1, dict.fromkeys(categories, 1), has, kinds, generative, {})


def said(pieces) -> str:
    return "".join(one.text for one in pieces)


class Page(HTMLParser):
    """Every element and attribute of some markup, and its text."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


class TestWhatStandsOnACard:
    def test_a_title_loses_the_short_name_it_begins_with(self):
        shown = card(paper(), {})
        assert (shown.name, said(shown.title)) == ("TimeOne", "A Title")

    @pytest.mark.parametrize(
        ("title", "shown"),
        [
            ("timeone: a Title: and more", "a Title: and more"),
            ("Another Title", "Another Title"),
            ("TimeOne", ""),
            ("Beyond TimeOne: a Title", "Beyond TimeOne: a Title"),
            ("TimeOne:", ""),
        ],
    )
    def test_titles(self, title, shown):
        assert said(card(paper(title=title), {}).title) == shown

    @pytest.mark.parametrize(
        ("authors", "shown"),
        [
            ((), ""),
            (("A. One",), "A. One"),
            (("A. One", "B. Two", "C. Three"), "A. One, B. Two, C. Three"),
            (("A. One", "B. Two", "C. Three", "D. Four"), "A. One, B. Two, C. Three, D. Four"),
            (("A.", "B.", "C.", "D.", "E."), "A., B., C. and D., E."),
        ],
    )
    def test_of_many_authors_three_are_shown_and_the_others_can_be(self, authors, shown):
        known = ArxivMetadata("2503.00001", "TimeOne: A Title", "Words.", authors=authors)
        made = card(paper(metadata=known), {})
        rest = f" and {', '.join(made.rest)}" if made.rest else ""
        assert ", ".join(made.authors) + rest == shown

    def test_it_leads_to_arxiv_and_to_the_pdf(self):
        shown = card(paper(), {})
        assert shown.arxiv_id == "2503.00001"
        assert shown.pdf == "https://arxiv.org/pdf/2503.00001"
        report = card(paper(arxiv_id=None, url="https://example.org/Report.PDF?x=1"), {})
        assert report.pdf == "https://example.org/Report.PDF?x=1"
        assert card(paper(arxiv_id=None, url="https://example.org/report"), {}).pdf == ""

    def test_every_category_has_its_label_in_its_colour(self):
        shown = card(paper(categories=("Audio", "Omni")), {"Audio": 30, "Omni": 60})
        assert [(label.name, label.hue) for label in shown.labels] == [("Audio", 30), ("Omni", 60)]

    def test_a_month_is_written_as_people_do(self):
        assert card(paper(), {}).month == "Mar 2025"
        assert card(paper(released=None), {}).month == ""

    def test_a_missing_abstract_says_why(self):
        assert "not fetched yet" in card(paper(), {}).missing
        assert "no paper of this id" in card(paper(unknown_to_arxiv=True), {}).missing
        assert card(paper(arxiv_id=None), {}).missing == ""

    def test_a_project_without_an_address_leads_to_its_first_link(self):
        links = (
            Link("blog", "javascript:alert(1)", "Blog"),
            Link("code", "https://example.org", "Code"),
        )
        shown = card(paper(kind="project", url=None, links=links), {})
        assert shown.href == "https://example.org"
        assert [button.text for button in shown.buttons] == ["Code"]

    def test_a_link_called_project_is_not_taken_for_the_kind(self):
        links = (
            Link("project", "https://example.org", "Project"),
            Link("code", "https://x.org", ""),
        )
        assert [button.text for button in card(paper(links=links), {}).buttons] == [
            "Project page",
            "Code",
        ]

    def test_a_score_is_shown_only_where_something_was_asked(self):
        assert card(paper(), {}, scored(paper(), meaning=0.618)).score == "0.62"
        assert card(paper(), {}).score is None
        assert card(paper(), {}, Hit(paper(), 0.0)).score is None

    def test_the_parts_shown_are_the_score_shown(self):
        hit = scored(paper(), name=3.0, meaning=0.333, words=0.333, related=0.333, category=0.001)
        shown = card(paper(), {}, hit)
        assert shown.score == "4.00"
        assert [part.name for part in shown.parts] == ["name", "meaning", "words", "related words"]
        assert sum(float(part.value) for part in shown.parts) == 4.0
        assert all(part.meaning for part in shown.parts)

    def test_what_is_disliked_is_taken_away(self):
        [_, against] = card(paper(), {}, scored(paper(), liked=0.9, disliked=-0.2)).parts
        assert (against.sign, against.value) == ("\N{MINUS SIGN}", "0.20")

    def test_the_sentence_that_answers_stands_first(self):
        text = "One thing. Another Thing answers. A third."
        one = paper(metadata=ArxivMetadata("2503.00001", "TimeOne: A Title", text))
        why = Explanation(one.id, "abstract", 11, 33, text[11:33], ((8, 13),))
        shown = card(one, {}, why=why)
        assert said(shown.lead) == "Another Thing answers."
        assert [piece.text for piece in shown.lead if piece.marked] == ["Thing"]
        assert shown.inside
        assert said(shown.abstract) == text

    def test_words_of_the_title_are_marked_behind_the_short_name(self):
        why = Explanation("x", "title", 0, 16, "TimeOne: A Title", ((0, 7), (11, 16)))
        shown = card(paper(), {}, why=why)
        assert [(piece.text, piece.marked) for piece in shown.title] == [
            ("A ", False), ("Title", True),
        ]  # fmt: skip

    def test_a_paper_of_no_list_has_a_guess_for_a_category(self):
        outside = paper(categories=("cs.CV",))
        assert card(outside, {"Audio": 1}).labels == ()
        guess = PredictedCategory("Audio", 0.934, sure=True, reason="most like EarTest (Audio)")
        shown = card(replace(outside, predicted=(guess,)), {"Audio": 1})
        assert [(label.name, label.guess) for label in shown.labels] == [("Audio", True)]
        page = results(Answer("H", seed=shown))
        assert "Audio?" in page
        assert "predicted from similar papers; not in this list (93% likely)" in page

    def test_what_a_source_says_stands_before_what_is_predicted(self):
        guess = PredictedCategory("Audio", 0.4, sure=False, reason="most like EarTest (Audio)")
        shown = card(replace(paper(categories=("Light",)), predicted=(guess,)), {"Light": 1})
        assert [label.guess for label in shown.labels] == [False, True]
        assert "not in this list" not in shown.guessed
        assert "unsure, 40% likely" in shown.guessed

    def test_the_name_of_its_file_is_not_shown_as_its_category(self):
        guess = PredictedCategory("Audio", 0.93, sure=True, reason="most like EarTest (Audio)")
        place = (Provenance("refs.bib", 3),)
        one = paper(categories=("refs.bib",), provenance=place)
        hues = {"refs.bib": 1, "Audio": 2}
        assert card(one, hues).labels == ()
        [label] = card(replace(one, predicted=(guess,)), hues).labels
        assert (label.name, label.guess) == ("Audio", True)


class TestMarkup:
    def test_a_card_shows_all_of_it(self):
        known = ArxivMetadata("2503.00001", "TimeOne: A Title", "Some words.", ("A. One",))
        one = paper(
            metadata=known,
            kind="project",
            generative=True,
            description="A remark",
            links=(Link("dataset", "https://example.org/data", "Cold-Start Datasets"),),
        )
        page = Page(markup(one, hues={"Vision (Video)": 32}))
        for words in (
            "TimeOne", "A Title", "Vision (Video)", "Project", "Generative", "Mar 2025", "A. One",
            "Some words.", "A remark", "Cold-Start Datasets", "score 0.50",
            "meaning 0.30 + words 0.20", "More like this", "Cite",
        ):  # fmt: skip
            assert words in page.text
        assert {"class": "fact", "datetime": "2025-03"} in page.all("time")
        assert {"class": "category", "style": "--hue: 32"} in page.all("span")

    def test_links_open_beside_the_page_and_hand_nothing_over(self):
        links = Page(markup(paper())).all("a")
        outside = [link for link in links if not link["href"].startswith("?")]
        assert len(outside) == 3
        for link in outside:
            assert link["target"] == "_blank"
            assert link["rel"] == "noopener"

    def test_hostile_texts_stay_texts(self):
        known = ArxivMetadata("2503.00001", HOSTILE, HOSTILE, (HOSTILE,))
        hostile = Paper(
            id=HOSTILE,
            short_name=HOSTILE,
            title=HOSTILE + "title",
            categories=(HOSTILE,),
            released="2025-03",
            url=f"https://example.org/{HOSTILE}",
            description=HOSTILE,
            links=(Link("code", f"https://example.org/{HOSTILE}", HOSTILE),),
            metadata=known,
        )
        harmless = Page(
            markup(
                paper(id="x", metadata=known, description="x", links=hostile.links, arxiv_id=None)
            )
        )
        page = Page(markup(hostile))
        assert [tag for tag, _ in page.elements] == [tag for tag, _ in harmless.elements]
        assert [set(had) for _, had in page.elements] == [set(had) for _, had in harmless.elements]
        assert page.text.count("<script>alert(1)</script>") >= 6
        [like] = [button for button in page.all("button") if button["data-action"] == "like"]
        assert like["data-value"] == HOSTILE

    def test_hostile_names_stay_texts_in_the_basket(self):
        page = Page(basket([BasketItem(HOSTILE, HOSTILE, liked=True)]))
        assert not page.all("script")
        assert not page.all("img")
        assert HOSTILE in page.text

    def test_hostile_questions_names_and_notes_stay_texts(self):
        page = Page(
            results(
                Answer(
                    HOSTILE,
                    notes=[HOSTILE],
                    notice=HOSTILE,
                    names=[HOSTILE],
                    loosen=[("k", HOSTILE)],
                )
            )
        )
        assert not page.all("script")
        assert not page.all("img")

    def test_commands_in_notes_are_code_and_nothing_else_is(self):
        text = results(Answer("Heading", notes=["run `rftsearch build` on <b>"]))
        assert "Run <code>rftsearch build</code> on &lt;b&gt;." in text
        assert "<script>" not in results(Answer("Heading", notes=["`<script>`"]))

    def test_hostile_categories_stay_texts_in_the_filters(self):
        page = Page(
            filter_panel(
                facets(HOSTILE), facets(HOSTILE), {}, ["2025-03"], View(categories=(HOSTILE,))
            )
        )
        assert not page.all("script")
        assert HOSTILE in [box.get("value") for box in page.all("input")]

    def test_no_markup_that_runs_without_being_asked(self):
        text = markup(paper()) + filter_panel(facets("Audio"), facets("Audio"), {}, [], View())
        assert not re.search(r"<(script|iframe|object)|\son[a-z]+=", text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org",
        "https:",
        "http://[broken",
        "example.org",
        "",
        None,
    ],
)
def test_only_addresses_of_the_web_are_links(url):
    assert web_address(url) is None


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c#d", "http://example.org", "HTTPS://X.ORG"]
)
def test_addresses_of_the_web_are_kept(url):
    assert web_address(f" {url} ") == url
