"""The page of a published folder in a real browser: what it does, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from rftsearch.publish.publish import publish
from support.browser import served_folder

pytestmark = pytest.mark.browser

READY = "html[data-ready='meaning']"


class Reader:
    """A reader of a published folder, and what the browser complained about."""

    def __init__(self, chromium, address: str, **options: object) -> None:
        self.context = chromium.new_context(**options)
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)

    def _hear(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _see(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "blob" and parts.netloc != urlsplit(self.address).netloc:
            self.outside.append(request.url)

    def open(self, path: str = "", ready: str = READY):
        self.page.goto(self.address + path)
        self.page.wait_for_selector(ready, state="attached")
        return self.page

    def names(self) -> list[str]:
        return self.page.locator("#found .cards .name b").all_text_contents()


@pytest.fixture
def reader(chromium, folder) -> Iterator[Reader]:
    with served_folder(folder) as address:
        made = Reader(chromium, address, viewport={"width": 1280, "height": 720})
        yield made
        made.context.close()
        assert made.complaints == []
        assert made.outside == []


def test_a_reader_asks_filters_and_takes_references(reader):
    page = reader.open()
    assert len(reader.names()) == 7
    page.keyboard.press("/")
    page.keyboard.type("CrowdSeer")
    page.keyboard.press("Enter")
    page.wait_for_selector("#heading:has-text('CrowdSeer')")
    assert reader.names()[0] == "CrowdSeer"
    assert "q=CrowdSeer" in page.url
    assert "name 3.00" in page.locator(".why").first.inner_text()
    page.goto(f"{reader.address}?q=a+reward+that+counts+people")
    page.wait_for_selector("mark")
    page.get_by_label("Audio").check()
    page.wait_for_url("**category=Audio**")
    assert reader.names()[0] == "EarTest"
    with page.expect_download() as started:
        page.get_by_text("Download these").click()
        page.get_by_role("button", name="BibTeX", exact=True).click()
    assert started.value.suggested_filename == "a-reward-that-counts-people.bib"
    assert "EarTest" in started.value.path().read_text("utf-8")
    page.go_back()
    assert len(reader.names()) > 1


def test_more_like_this_the_basket_and_the_keys(reader):
    page = reader.open("?q=video")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("+")
    page.get_by_role("button", name="Recommend").click()
    page.wait_for_selector("#heading:has-text('Recommended')")
    assert "liked" in page.locator(".why").first.inner_text()
    page.reload()
    page.wait_for_selector(READY, state="attached")
    assert page.locator("#basket .liked").count() == 1
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    assert page.locator("#basket .liked").count() == 1
    page.locator("#found .like").first.click()
    page.wait_for_selector("#heading:has-text('Papers like')")
    assert "like=" in page.url
    page.locator("body").press("?")
    assert page.get_by_role("dialog").is_visible()


def test_map_and_timeline(reader):
    page = reader.open("?tab=timeline&q=reward")
    assert page.locator("#timeline-panel .bar").count() > 0
    page.get_by_role("button", name="Map", exact=True).click()
    assert page.locator("#map-panel canvas").is_visible()


def test_texts_that_would_do_harm_are_texts(reader):
    page = reader.open("?q=%3Cimg+src%3Dx+onerror%3D%22window.ran%3D1%22%3E+Trap")
    assert "<img src=x" in page.locator("#found").inner_text()
    assert page.evaluate("window.ran") is None
    assert page.locator("#found img, #found script").count() == 0
    links = page.locator("#found a").evaluate_all("all => all.map((one) => one.protocol)")
    assert set(links) <= {"https:", "http:"}


def test_without_a_network_the_page_still_answers(reader):
    page = reader.open()
    page.wait_for_function("navigator.serviceWorker.controller || navigator.serviceWorker.ready")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.reload()
    page.wait_for_selector(READY, state="attached")
    reader.context.set_offline(True)
    page.goto(f"{reader.address}?q=video")
    page.wait_for_selector(READY, state="attached")
    assert reader.names()
    assert "meaning" in page.locator(".why").first.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_and_axe(chromium, folder, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    size = {"width": 360, "height": 740}
    with served_folder(folder) as address:
        reader = Reader(chromium, address, viewport=size, color_scheme=scheme, bypass_csp=True)
        page = reader.open("?q=reward")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        found = axe.Axe().run(page).response["violations"]
        reader.context.close()
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in serious] == []


def test_words_alone(chromium, index, tmp_path):
    publish(index, tmp_path / "site", meaning=False)
    with served_folder(tmp_path / "site") as address:
        reader = Reader(chromium, address)
        page = reader.open("?q=reward", ready="html[data-ready='words'] .card")
        assert "by words alone" not in page.locator("#foot").inner_text()
        assert "words alone" in page.locator("#foot").inner_text()
        assert "words" in page.locator(".why").first.inner_text()
        reader.context.close()
        assert reader.complaints == []
