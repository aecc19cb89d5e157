"""Keys for the whole page: through the papers, and what can be done with each."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

NAME = (
    "() => document.activeElement.closest('#found .cards > li')?.querySelector('.name b').innerText"
)


def here(visit) -> str | None:
    """The paper that has the focus."""
    return visit.page.evaluate(NAME)


def test_through_the_papers_and_what_is_done_with_each(visitor):
    visit = visitor(height=720).open().search("reward")
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    keys = visit.page.keyboard
    keys.press("j")  # in the box it is a letter
    assert visit.query.input_value() == "rewardj"
    visit.query.fill("reward")
    visit.page.locator("#heading").focus()
    keys.press("j")
    assert here(visit) == visit.names[0]
    keys.press("ArrowDown")
    keys.press("j")
    keys.press("k")
    assert here(visit) == visit.names[1]
    keys.press("ArrowUp")
    keys.press("+")
    assert visit.answered().basket == [f"+ {visit.names[0]}"]
    keys.press("-")
    assert visit.answered().basket == [f"− {visit.names[0]}"]  # noqa: RUF001 - a minus sign
    assert here(visit) == visit.names[0]
    keys.press("c")
    visit.page.locator("#spoken", has_text="BibTeX copied.").wait_for()
    with visit.page.context.expect_page() as opened:
        keys.press("o")
    opened.value.close()
    keys.press("?")
    window = visit.page.get_by_role("dialog", name="Keyboard shortcuts")
    assert "next paper" in window.inner_text()
    window.get_by_label("Single keys are shortcuts").uncheck()
    keys.press("Escape")
    assert not window.is_visible()
    keys.press("j")
    assert here(visit) != visit.names[1]
    visit.page.evaluate("() => localStorage.removeItem('rftsearch.keys')")
    keys.press("m")
    visit.until("Papers like")
    keys.press("/")
    assert visit.page.evaluate("() => document.activeElement.id") == "query"
    visit.outside.clear()  # the paper that was opened beside the page


def test_few_tabs_lead_to_the_first_result_and_past_the_filters(visitor):
    visit = visitor(height=720).open().search("reward")
    for key in ("Tab", "Tab", "Enter"):  # the button, the way past the filters
        visit.page.keyboard.press(key)
    assert here(visit) == visit.names[0]
    # The same way stands before everything.
    assert visit.page.locator("a, button").first.get_attribute("data-action") == "skip"
    visit.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    boxes = visit.page.locator("#found .cards > li").all()
    seen = [box.bounding_box() for box in boxes[:3]]
    assert sum(box["y"] + box["height"] <= 720 for box in seen) >= 2


def test_a_compact_list_is_a_choice_and_stays_one(visitor):
    visit = visitor().open().search("crowd")
    visit.page.get_by_role("button", name="Compact").click()
    visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 14")
    card = visit.card("CrowdSeer")
    assert card.bounding_box()["height"] < 40
    assert not card.locator(".abstract").is_visible()
    assert "n=30" in visit.page.url
    again = visit.second().open("?q=crowd")
    assert again.page.locator("body").get_attribute("data-layout") == "compact"
    assert len(again.names) == 14
