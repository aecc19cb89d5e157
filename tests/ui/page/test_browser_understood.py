"""What a question was taken to mean, on the page: chips, clickable authors, suggestions."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def chips(visit) -> list[str]:
    return [
        each.removesuffix("\N{MULTIPLICATION SIGN}").strip()
        for each in visit.page.locator(".understood li").all_inner_texts()
    ]


def test_chips_say_what_was_understood_and_their_cross_takes_it_back(visitor):
    visit = visitor().open().search("newest crowd papers since April 2025")
    assert chips(visit) == ["newest first", "since Apr 2025"]
    assert visit.names[0] == "CrowdSeer"
    assert "EarTest" not in visit.names
    visit.page.get_by_role("button", name="Take “since April 2025” as plain words").click()
    visit.page.wait_for_function("() => document.querySelectorAll('.understood li').length === 1")
    assert chips(visit) == ["newest first"]
    # The address keeps it, so that a link shows the same.
    assert "ignore=dates" in visit.page.url
    visit.search("crowd")
    assert chips(visit) == []
    assert "ignore" not in visit.page.url


def test_the_order_that_words_ask_for_can_be_chosen_otherwise(visitor):
    visit = visitor().open().search("newest crowd papers")
    order = visit.page.get_by_label("Sort by")
    assert order.input_value() == "newest"
    order.select_option("relevance")
    visit.page.wait_for_selector(".understood", state="detached")
    assert order.input_value() == "relevance"


def test_without_a_topic_papers_are_counted_and_sorted_by_date(visitor):
    visit = visitor().open().search("papers by Author One")
    assert chips(visit) == ["by Author One"]
    assert "papers" in visit.page.locator(".works").inner_text()
    assert visit.page.get_by_label("Sort by").input_value() == "newest"
    assert visit.page.locator(".score").count() == 0


def test_an_authors_name_leads_to_the_papers_of_that_author(visitor):
    visit = visitor().open().search("crowd")
    visit.page.locator(".card .person", has_text="Author Two").first.click()
    visit.page.wait_for_selector("#filters input[name=authors]")
    assert "author=Author+Two" in visit.page.url
    assert visit.page.get_by_label("Search papers").input_value() == ""
    every = visit.names
    assert "CrowdSeer" in every
    box = visit.page.locator("#filters input[name=authors]")
    assert box.is_checked()
    box.click()  # it is gone then, which `uncheck` would wait for
    visit.page.wait_for_selector("#filters input[name=authors]", state="detached")
    assert len(visit.names) > len(every)


def test_authors_are_suggested_while_typing(visitor):
    visit = visitor().open()
    visit.query.fill("author tw")
    visit.offers.filter(has_text="Author Two").click()
    visit.page.wait_for_selector("#filters input[name=authors]")
    assert "CrowdSeer" in visit.names


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(visitor, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    visit = visitor(width=width, scheme=scheme)
    visit.open("?q=newest+crowd+papers+by+Author+One+since+April+2025+accepted+at+CVPR+2031")
    assert len(chips(visit)) == 4
    found = Axe().run(visit.page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= width
