"""The page over lists of other kinds: very many categories, or only one; no months; long texts."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from rftsearch import Engine
from rftsearch.index.build.build import build_index
from support.encoder import WordEncoder
from support.serving import served

pytestmark = pytest.mark.browser

CATEGORIES = 60
LONG = "many words for one kind of thing " * 4
UNRULY = "\n".join(
    [
        f"# A list with a name of {LONG}",
        "",
        f"What it collects takes {LONG}to say.",
        "",
        *(
            f"## {name}\n\n- [{title}](https://example.org/{number}.pdf)\n"
            for number in range(CATEGORIES)
            for name, title in [
                (
                    f"Kind {number} of {LONG if number % 6 == 0 else 'kites'}",
                    f"Kite {number} {LONG * 3 if number % 5 == 0 else 'of paper'}",
                )
            ]
        ),
        f"## {'Unbreakable' * 8}\n\n- [{'Kitesandpumps' * 9}](https://example.org/last.pdf)",
    ]
)
PLAIN = "# Kites\n\n" + "\n".join(
    f"- [Kite number {number}](https://example.org/{number}.pdf)" for number in range(3)
)


@contextmanager
def page_over(folder, text: str):
    (folder / "list.md").write_text(text, "utf-8")
    index = folder / "index"
    build_index(index, [folder / "list.md"], encoder=WordEncoder(), offline=True)
    with Engine.open(index, encoder=WordEncoder()) as engine, served(engine) as address:
        yield address


@pytest.fixture(scope="module")
def unruly(tmp_path_factory):
    with page_over(tmp_path_factory.mktemp("unruly"), UNRULY) as address:
        yield address


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    with page_over(tmp_path_factory.mktemp("plain"), PLAIN) as address:
        yield address


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_an_unruly_list_stays_in_the_window_and_axe_finds_nothing_serious(
    visitor, unruly, scheme, width
):
    from axe_playwright_python.sync_playwright import Axe

    visit = visitor(width=width, scheme=scheme, at=unruly)
    for query in ("?q=kite", "?tab=map"):
        visit.open(query)
        if width < 800:
            visit.page.get_by_role("button", name="Filters").click()
        found = Axe().run(visit.page).response["violations"]
        grave = [one["id"] for one in found if one["impact"] in {"serious", "critical"}]
        assert grave == [], query
        assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= width, query


def test_without_months_nothing_is_sorted_or_shown_by_month(visitor, unruly):
    visit = visitor(at=unruly).open()
    assert visit.heading == "Papers"
    assert visit.page.locator(".sort").count() == 0
    assert not visit.page.get_by_role("button", name="Timeline").is_visible()
    assert visit.page.get_by_role("button", name="Map").is_visible()
    visit.open("?tab=timeline")  # as an old address may ask
    panel = visit.page.locator("#timeline-panel.open")
    panel.get_by_text("No paper has a month of release.").wait_for()
    assert not panel.locator(".canvas").is_visible()


def test_many_categories_stay_where_they_were_scrolled_to(visitor, unruly):
    visit = visitor(at=unruly).open()
    panel = visit.page.locator("#panel")
    last = panel.get_by_label("Unbreakable")
    last.scroll_into_view_if_needed()
    last.check()
    visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 1")
    visit.answered()
    box = last.bounding_box()
    assert last.is_checked()
    assert 0 < box["y"] < 900


def test_a_list_of_one_category_has_no_filters_and_no_labels(visitor, plain):
    visit = visitor(at=plain).open()
    assert not visit.page.locator("#panel").is_visible()
    assert visit.page.locator(".card :is(.category, time)").count() == 0
    assert "3 papers; all are known by title only" in visit.page.locator("#masthead").inner_text()
    card = visit.page.locator(".card").first.bounding_box()
    assert card["x"] < 150  # the place of the filters is not left empty
    # What an address sets can be seen and taken off.
    visit.open("?has=code")
    visit.page.get_by_label("Code").click()
    visit.page.wait_for_selector(".card")
    assert not visit.page.locator("#panel").is_visible()


def test_on_a_phone_such_a_list_has_no_button_for_filters(visitor, plain):
    visit = visitor(width=360, height=740, at=plain).open()
    assert not visit.page.get_by_role("button", name="Filters").is_visible()
