"""A tab of the page is added by one `Tab`, without touching another file."""

from __future__ import annotations

import pytest

from rftsearch.ui import Tab
from rftsearch.ui.page.build import default_tabs
from support.serving import served

SCRIPT = """
async function draw() {
  const { words } = await server.longest_title(window.rftsearchView ?? {});
  element.querySelector('.longest').textContent = words;
}
document.addEventListener('rftsearch:answered', draw);
draw();
"""


def longest(engine):
    def longest_title(view):
        categories = view.get("categories") if isinstance(view, dict) else ()
        papers = [one for one in engine.papers() if not categories or one.category in categories]
        return {"words": max((one.title for one in papers), key=len)}

    return [longest_title]


LONGEST = Tab(
    value="longest",
    label="Longest title",
    markup='<p class="longest">Looking for it</p>',
    script=SCRIPT,
    functions=longest,
)


@pytest.fixture(scope="module")
def toy_address(engine):
    with served(engine, tabs=(*default_tabs(), LONGEST)) as address:
        yield address


def test_a_toy_tab_shows_what_its_function_found(visitor, toy_address, engine):
    visit = visitor(at=toy_address)
    visit.open()
    page = visit.page
    panel = page.locator("#longest-panel")
    assert panel.is_hidden()
    page.get_by_role("button", name="Longest title").click()
    wanted = max((one.title for one in engine.papers()), key=len)
    page.wait_for_function(
        "words => document.querySelector('.longest').textContent === words", arg=wanted
    )
    assert panel.is_visible()
    assert "tab=longest" in page.url
    assert page.locator("#map-panel").is_hidden()


def test_a_toy_tab_follows_the_filters(visitor, toy_address):
    visit = visitor(at=toy_address)
    visit.open("?tab=longest&category=Audio")
    visit.page.wait_for_function(
        "document.querySelector('.longest').textContent.includes('Audio Questions')"
    )
