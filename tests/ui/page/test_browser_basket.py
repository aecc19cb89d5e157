"""The basket: what is put there, what it recommends, where it lasts."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_likes_and_dislikes_recommend_and_recommendations_change(visitor):
    visit = visitor().open().press("CrowdSeer", "plus")
    assert visit.basket == ["+ CrowdSeer"]
    assert visit.card("CrowdSeer").locator("[data-action=plus]").get_attribute("aria-pressed")
    assert visit.names[0] == "CrowdSeer"  # the list that one reads stays as it is
    visit.page.get_by_role("button", name="Recommend", exact=True).click()
    visit.until("Recommended from your basket")
    first = visit.names
    assert "CrowdSeer" not in first
    visit.press(first[0], "minus")
    assert visit.basket == ["+ CrowdSeer", f"− {first[0]}"]  # noqa: RUF001 - a minus sign
    assert first[0] not in visit.names
    visit.press(visit.names[-1], "plus")
    assert set(visit.names).isdisjoint(name[2:] for name in visit.basket)
    assert visit.names != first[1:]


def test_a_paper_changes_sides_and_leaves(visitor):
    visit = visitor().open().press("CrowdSeer", "plus").press("CrowdSeer", "minus")
    assert visit.basket == ["− CrowdSeer"]  # noqa: RUF001
    visit.press("CrowdSeer", "minus")
    assert visit.basket == []
    visit.press("DrawWell", "plus").press("ClipMind", "plus")
    visit.page.get_by_role("button", name="Remove DrawWell").click()
    assert visit.answered().basket == ["+ ClipMind"]
    visit.page.get_by_role("button", name="Clear", exact=True).click()
    assert visit.answered().basket == []
    undone = visit.page.locator("#undone")
    assert "Basket cleared: 1 taken out." in undone.inner_text()
    undone.get_by_role("button", name="Undo").click()
    assert visit.answered().basket == ["+ ClipMind"]
    assert not undone.is_visible()


def test_an_emptied_basket_recommends_nothing_any_more(visitor):
    visit = visitor().open("?plus=2505.00001&show=basket")
    assert visit.heading == "Recommended from your basket"
    visit.page.get_by_role("button", name="Remove CrowdSeer").click()
    visit.until("Newest papers")


def test_it_is_a_place_with_a_note_for_each_paper(visitor):
    visit = visitor().open("?q=draw&plus=2505.00001&plus=2503.00003&minus=2504.00002")
    visit.page.locator("#basket li", has_text="ClipMind").locator("[data-action=inside]").click()
    visit.until("Your basket")
    assert visit.names == ["CrowdSeer", "ClipMind", "DrawWell"]
    assert "show=saved" in visit.page.url
    item = visit.page.locator("#found .cards > li", has_text="ClipMind")
    assert item.evaluate("item => item.contains(document.activeElement)")
    visit.page.get_by_label("Note on ClipMind").fill("for section 2")
    visit.card("CrowdSeer").get_by_role("button", name="Remove CrowdSeer").click()
    assert visit.answered().names == ["ClipMind", "DrawWell"]
    visit.page.locator("#undone").get_by_role("button", name="Undo").click()
    assert visit.answered().names == ["CrowdSeer", "ClipMind", "DrawWell"]
    visit.page.reload()
    assert visit.answered().page.get_by_label("Note on ClipMind").input_value() == "for section 2"
    visit.page.get_by_role("button", name="Recommend more like these").click()
    visit.until("Recommended from your basket")
    reasons = visit.page.locator("#found .because").all_inner_texts()
    assert set(reasons) <= {"because of CrowdSeer", "because of ClipMind"}
    assert len(reasons) == len(visit.names)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (640, 360)], ids=["phone", "zoomed"])
def test_on_a_small_window_it_is_one_line(visitor, width, height):
    visit = visitor(width, height).open("?q=draw&plus=2505.00001&plus=2503.00003&minus=2504.00002")
    bar = visit.page.locator("#basket .basket").bounding_box()
    assert bar["height"] <= 50
    assert bar["y"] + bar["height"] <= height
    visit.page.get_by_role("button", name="Open the basket: 3").click()
    visit.until("Your basket")


def test_it_lasts_in_the_browser_and_stands_in_the_address(visitor):
    visit = visitor().open().press("CrowdSeer", "plus").press("DrawWell", "minus")
    again = visit.second().open()
    assert again.basket == visit.basket
    elsewhere = visitor().open("?" + visit.page.url.partition("?")[2])
    assert elsewhere.basket == visit.basket


def test_windows_of_one_browser_share_it(visitor):
    visit = visitor().open()
    visit.second().open().press("CrowdSeer", "plus")
    visit.page.locator("#basket li").wait_for()
    assert visit.answered().basket == ["+ CrowdSeer"]


def test_someone_elses_basket_does_not_replace_ones_own(visitor):
    visit = visitor().open().press("CrowdSeer", "plus")
    visit.open("?plus=2504.00002")
    assert visit.basket == ["+ DrawWell"]
    visit.press("ClipMind", "plus")
    assert visit.second().open().basket == ["+ CrowdSeer"]
    visit.page.get_by_role("button", name="Back to my basket").click()
    assert visit.answered().basket == ["+ CrowdSeer"]


def test_going_back_takes_nothing_out_of_it(visitor):
    visit = visitor().open().search("reward").press("DrawWell", "plus").search("video")
    visit.press("ClipMind", "plus")
    visit.page.go_back()
    visit.until("Results for “reward”")
    assert visit.basket == ["+ DrawWell", "+ ClipMind"]
    assert "plus=2503.00003" in visit.page.url


def test_with_the_keyboard_alone(visitor):
    visit = visitor().open()
    plus = visit.card("CrowdSeer").locator("[data-action=plus]")
    plus.focus()
    visit.page.keyboard.press("Enter")
    visit.page.locator("#basket li").wait_for()
    visit.answered()
    focused = "() => document.activeElement.getAttribute('aria-label')"
    assert visit.page.evaluate(focused) == "Like CrowdSeer"


def test_what_a_browser_keeps_may_be_anything(visitor):
    visit = visitor().open()
    for kept in ("{", "null", '{"liked": {"a": 1}, "disliked": [null, "2504.00002"]}'):
        visit.page.evaluate("kept => localStorage.setItem('rftsearch.basket', kept)", kept)
        visit.open()
    assert visit.basket == ["− DrawWell"]  # noqa: RUF001
