"""The tab "New" in a real browser: with mouse and keyboard, for everyone's eyes."""

from __future__ import annotations

import pytest

from rftsearch import Engine
from rftsearch.living.discovery.decisions import read_decisions
from rftsearch.ui.living.curator import Curator
from rftsearch.ui.living.tab import new_tab
from rftsearch.ui.page.build import default_tabs
from support.curated import TODAY, curated_list, encoder
from support.serving import served

pytestmark = pytest.mark.browser


@pytest.fixture
def kept(tmp_path):
    """The list, the curator, and the address of the page."""
    path, index = curated_list(tmp_path)
    with Engine.open(index, encoder=encoder()) as engine:
        curator = Curator(engine, tmp_path / "decisions.jsonl", encoder=encoder(), today=TODAY)
        with served(engine, tabs=(*default_tabs(), new_tab(curator)), only_local=True) as address:
            yield path, curator, address
        curator.jobs.wait()


def look(visit, path) -> None:
    """Ask for candidates from the file beside the list, with the keyboard."""
    visit.page.get_by_label("Since", exact=True).first.fill("2025")
    box = visit.page.get_by_label("File instead of arXiv")
    box.fill(str(path.with_name("new.jsonl")))
    box.press("Enter")
    visit.page.locator("#proposed .candidate").first.wait_for()


def test_candidates_are_accepted_and_dismissed_without_a_mouse(visitor, kept):
    path, curator, address = kept
    visit = visitor(at=address).open("?tab=new")
    page = visit.page
    look(visit, path)
    cards = page.locator("#proposed .candidate")
    assert cards.count() == 20
    first = cards.first
    assert "%" in first.locator(".likely").inner_text()
    assert "Most like" in first.inner_text()
    button = first.locator("[data-do=accept]")
    button.focus()
    page.keyboard.press("Enter")
    first.locator("[data-do=accept][aria-pressed=true]").wait_for()
    # The focus stays, so that the next candidate is a few presses of Tab away.
    assert page.evaluate("() => document.activeElement.dataset.do") == "accept"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    first.locator("[data-do=dismiss][aria-pressed=true]").wait_for()
    [decision] = read_decisions(curator.file).values()
    assert decision.verdict == "dismissed"
    assert decision.abstract
    page.keyboard.press("Space")
    first.locator("[data-do=dismiss][aria-pressed=false]").wait_for()
    assert read_decisions(curator.file) == {}
    # What was found is still there when the page is opened again.
    visit.open("?tab=new")
    page.locator("#proposed .candidate").first.wait_for()


def test_a_sync_is_shown_then_applied_and_the_page_reloads_by_itself(visitor, kept):
    path, _, address = kept
    visit = visitor(at=address).open("?tab=new&q=robot+arm")
    page = visit.page
    line = "* [2506] [Lantern] [Lantern: A robot arm](https://example.org/lantern.pdf)\n"
    path.write_text(f"{path.read_text('utf-8')}\n{line}", "utf-8")
    page.get_by_role("button", name="See what would change").click()
    apply = page.get_by_role("button", name="Apply these changes")
    apply.wait_for()
    assert "+ Lantern" in page.locator("[data-part=synced]").inner_text()
    assert "24 papers" in page.locator("#masthead").inner_text()
    apply.click()
    page.get_by_text("Applied: this is generation 2").wait_for()
    page.wait_for_function("document.querySelector('#masthead').innerText.includes('25 papers')")
    news = page.locator("[data-part=lately] a", has_text="Lantern")
    news.wait_for()
    page.get_by_role("button", name="List", exact=True).click()
    visit.card("Lantern").wait_for()


def test_what_goes_wrong_is_said_in_one_line_and_nothing_is_lost(visitor, kept):
    path, curator, address = kept
    visit = visitor(at=address).open("?tab=new")
    page = visit.page
    look(visit, path)
    box = page.get_by_label("File instead of arXiv")
    box.fill("/there/is/none.jsonl")
    box.press("Enter")
    alert = page.get_by_role("alert").filter(has_text="none.jsonl")
    alert.wait_for()
    assert page.locator("#proposed .candidate").count() == 20
    curator.file.write_text("no decision\n", "utf-8")
    page.locator("#proposed [data-do=accept]").first.click()
    page.get_by_role("alert").filter(has_text="is not a decision").wait_for()
    assert curator.file.read_text("utf-8") == "no decision\n"


def test_a_visitor_of_a_public_page_has_no_such_tab(visitor):
    visit = visitor().open("?tab=new")
    assert visit.page.get_by_role("button", name="New", exact=True).count() == 0
    assert visit.names  # The address is answered as that of the list.


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)], ids=str
)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(visitor, kept, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    path, _, address = kept
    visit = visitor(width=width, scheme=scheme, at=address).open("?tab=new&q=robot")
    page = visit.page
    look(visit, path)
    page.locator("#proposed [data-do=accept]").first.click()
    page.locator("#proposed [data-do=dismiss]").nth(1).click()
    page.locator("#proposed [aria-pressed=true]").nth(1).wait_for()
    page.locator("#proposed .entry summary").first.click()
    page.get_by_role("button", name="See what would change").click()
    page.get_by_text("No paper changed.").wait_for()
    found = Axe().run(page).response["violations"]
    grave = [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert grave == []
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= width
