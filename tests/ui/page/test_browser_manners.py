"""Manners: for the keyboard, for screen readers, towards other hosts."""

from __future__ import annotations

from urllib.parse import quote

import pytest

pytestmark = pytest.mark.browser

VIEWS = {
    "newest": "",
    "answer": "?q=reward&category=Vision+(Image)&plus=2505.00001&minus=2504.00002",
    "similar": "?like=2505.00001",
    "basket": "?show=saved&plus=2505.00001&minus=2504.00002",
    "nothing": "?q=crowd&category=Audio&has=demo",
    "map": "?tab=map",
    "timeline": "?tab=timeline",
}


@pytest.mark.parametrize(
    ("scheme", "width", "views"),
    [
        ("light", 1280, list(VIEWS)),
        ("dark", 1280, ["answer", "basket", "map", "timeline"]),
        ("light", 360, ["answer", "similar", "basket", "map", "timeline"]),
    ],
    ids=["light", "dark", "phone"],
)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_page(
    visitor, scheme, width, views
):
    from axe_playwright_python.sync_playwright import Axe

    visit = visitor(width=width, scheme=scheme)
    for name in views:
        visit.open(VIEWS[name])
        if name == "answer":
            visit.page.locator(".abstract summary").first.click()
            visit.query.fill("arm")
            visit.offers.first.wait_for()
        found = Axe().run(visit.page).response["violations"]
        grave = [
            (one["id"], [node["html"][:200] for node in one["nodes"]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
        assert grave == [], name
        assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= width, name


def test_everything_can_be_reached_with_tab_in_the_order_it_is_read(visitor):
    visit = visitor().open("?q=crowd&plus=2505.00001")
    visit.query.focus()
    reached = []
    for _ in range(70):
        visit.page.keyboard.press("Tab")
        reached.append(
            visit.page.evaluate(
                """() => { const e = document.activeElement;
                return e.dataset.action || e.name || e.closest('h3')?.className || e.tagName; }"""
            )
        )
    wanted = ["skip", "categories", "since", "tab", "sort", "name", "SUMMARY", "cite", "like",
              "plus", "minus"]  # fmt: skip
    places = [next((at for at, one in enumerate(reached) if one == name), None) for name in wanted]
    assert None not in places, dict(zip(wanted, places, strict=True))
    assert places[1:6] == sorted(places[1:6])


def test_a_search_without_a_mouse(visitor):
    visit = visitor().open()
    visit.page.keyboard.type("crowdse")
    visit.offers.first.wait_for()
    box = visit.query
    assert box.get_attribute("aria-expanded") == "true"
    visit.page.keyboard.press("ArrowDown")
    active = visit.page.locator(f"#{box.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    visit.page.keyboard.press("Enter")
    visit.until("Results for “CrowdSeer”")
    assert visit.names[0] == "CrowdSeer"
    assert visit.offers.count() == 0
    visit.page.keyboard.press("Control+A")
    visit.page.keyboard.type("arm")
    visit.offers.first.wait_for()
    visit.page.keyboard.press("Escape")
    assert visit.offers.count() == 0
    visit.page.keyboard.press("Enter")
    visit.until("Results for “arm”")


def test_the_policy_keeps_scripts_from_other_hosts(visitor):
    visit = visitor().open()
    refused = visit.page.evaluate(
        "() => fetch('https://example.org/').then(() => 'came', () => 'refused')"
    )
    assert refused == "refused"
    assert any("Content Security Policy" in line for line in visit.complaints)
    visit.complaints.clear()  # the browser's own lines about it


@pytest.mark.parametrize(
    "names",
    [["text", "tab", "paper", "generative"], ["plus", "minus", "show"], ["sort", "until"]],
    ids=" ".join,
)
def test_nothing_in_an_address_runs(visitor, names):
    hostile = '<img src=x onerror=window.ran=1>"onmouseover=window.ran=1 ${window.ran=1}'
    visit = visitor().open("?show=basket&" + "&".join(f"{name}={quote(hostile)}" for name in names))
    assert visit.page.locator("#found img, #basket img").count() == 0


def test_on_a_phone_a_thumb_can_tell_like_from_dislike(visitor):
    visit = visitor(width=360, height=740).open("?q=crowd")
    for action in ("plus", "minus"):
        box = visit.card("CrowdSeer").locator(f"[data-action={action}]").bounding_box()
        assert box["width"] >= 40
        assert box["height"] >= 30
