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


def test_an_emptied_basket_recommends_nothing_any_more(visitor):
    visit = visitor().open("?plus=2505.00001&show=basket")
    assert visit.heading == "Recommended from your basket"
    visit.page.get_by_role("button", name="Remove CrowdSeer").click()
    visit.until("Newest papers")


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
