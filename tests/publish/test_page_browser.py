"""The page of a published folder in a real browser: what it does, and what it never does."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from rftsearch import Engine
from rftsearch.look.coins import coins
from rftsearch.publish.publish import publish
from support.browser import served_folder

pytestmark = pytest.mark.browser

READY = "html[data-ready='meaning']"


class Reader:
    """A reader of a published folder, and what the browser complained about."""

    def __init__(self, chromium, address: str, **options: object) -> None:
        self.context = chromium.new_context(**options)
        self.context.set_default_timeout(60_000)
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
    example = page.locator("#ask .examples button").first
    asked = example.inner_text()
    example.click()
    page.wait_for_selector("body.asked")
    assert asked in page.locator("#heading").inner_text()
    assert not example.is_visible()
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
    assert started.value.suggested_filename == "rftsearch-a-reward-that-counts-people.bib"
    assert "EarTest" in started.value.path().read_text("utf-8")
    page.go_back()
    assert len(reader.names()) > 1


def offers(page) -> list[str]:
    return page.locator("#query-list > li").all_inner_texts()


def test_names_and_authors_are_suggested_while_typing(reader, index):
    page = reader.open()
    box = page.get_by_role("combobox", name="Search papers")
    box.press_sequentially("robo")
    assert offers(page)[0].startswith("Robo")
    assert offers(page)[-1].startswith("Papers like Robo")
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    chosen = page.locator("#query-list [aria-selected=true]")
    assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
    box.press("Escape")
    assert offers(page) == []
    assert box.input_value() == "robo"
    assert box.evaluate("box => box === document.activeElement")
    box.fill("crowdse")
    name = page.locator("#query-list b").first.inner_text()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_selector(f"#heading:has-text('{name}')")
    assert reader.names()[0] == name
    assert box.input_value() == name
    assert offers(page) == []
    box.fill("")
    box.press_sequentially("author t")
    page.locator("#query-list > li", has_text="Author Two").click()
    page.wait_for_url("**author=Author+Two**")
    box.fill("crowdse")
    page.locator("#query-list > li", has_text="Papers like").click()
    page.wait_for_selector("#heading:has-text('Papers like')")
    box.fill("crowdse")
    box.press("Enter")
    page.wait_for_selector("#heading:has-text('“crowdse”')")
    assert offers(page) == []


def test_suggestions_are_those_of_python(reader, index):
    page = reader.open()
    ask = """async (typed) => {
      const { Engine } = await import("./engine/engine.js");
      const { suggestions, records } = await Engine.open("data/");
      return typed.map((one) => [
        suggestions.papers(one, 8).map((row) => records[row].id), suggestions.authors(one, 3),
      ]);
    }"""
    with Engine.open(index) as engine:
        papers = engine.papers()
        words = [
            word for paper in papers for word in (paper.title + " " + paper.short_name).split()
        ]
        names = [name for paper in papers for name in paper.authors]
        typed = sorted(
            {each[:end] for each in (*words, *names) for end in (2, 4, 9)} | {"", " ", "é"}
        )
        found = page.evaluate(ask, typed)
        for text, (ids, people) in zip(typed, found, strict=True):
            assert ids == [paper.id for paper in engine.suggest(text, 8)], text
            assert people == [list(one) for one in engine.suggest_authors(text, 3).items()], text


def test_zotero_finds_the_papers_that_are_shown(reader, index):
    page = reader.open("?q=video")
    page.wait_for_selector("#found .card .Z3988", state="attached")
    shown = page.locator("#found .card").evaluate_all(
        "all => all.map((one) => [one.dataset.id, one.querySelector('.Z3988').title])"
    )
    with Engine.open(index) as engine:
        assert shown == [[name, coins(engine.paper(name))] for name, _ in shown]
    said = page.evaluate(
        "new Promise((done) => { document.addEventListener('ZoteroItemUpdated', () => done(1));"
        "document.querySelector('.like').click(); })"
    )
    assert said == 1


TEXT = "A reward that counts people in a video. The model sees the crowd and counts it. " * 3


def test_a_long_text_is_read_as_a_text(reader, index):
    page = reader.open()
    box, text = page.locator("#query"), page.locator("#text")
    box.fill(TEXT)
    assert text.is_visible()
    assert text.input_value() == TEXT
    assert not box.is_visible()
    assert "48 words: read as a text" in page.locator("#text-said").inner_text()
    text.press("Enter")
    page.wait_for_selector("#heading:has-text('Papers like your text')")
    with Engine.open(index) as engine:
        wanted = engine.similar_to_text(TEXT)
    assert reader.names() == [hit.paper.short_name for hit in wanted]
    assert "related" in page.locator(".why").first.inner_text()
    assert page.locator("#found mark").count() > 0
    assert "reward" not in page.url  # It may be unpublished.
    page.reload()
    page.wait_for_selector(READY, state="attached")
    assert page.locator("#heading").inner_text() == "Papers like your text"
    assert text.input_value() == TEXT.strip()
    page.get_by_role("button", name="Search for its words instead").click()
    page.wait_for_url("**q=A+reward**")
    assert page.locator("#heading").inner_text().startswith("Results for")
    assert box.is_visible()
    page.get_by_role("button", name="Read it as a text").click()
    page.wait_for_selector("#heading:has-text('Papers like your text')")
    page.go_back()
    page.wait_for_selector("#heading:has-text('Results for')")
    page.go_back()
    page.wait_for_selector("#heading:has-text('Papers like your text')")


def test_more_like_this_the_basket_and_the_keys(reader):
    page = reader.open("?q=video")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("+")
    page.get_by_role("button", name="Recommend").click()
    page.wait_for_selector("#heading:has-text('Recommended')")
    assert "liked" in page.locator(".why").first.inner_text()
    assert page.locator(".because").first.inner_text().startswith("because of ")
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


def test_the_basket_has_a_note_for_each_paper(reader):
    page = reader.open("?q=video")
    name = reader.names()[0]
    page.locator("#found [data-action=plus]").first.click()
    page.locator("#found [data-action=minus]").nth(1).click()
    page.locator("body").press("b")
    page.wait_for_selector("#heading:has-text('Your basket')")
    assert reader.names()[0] == name
    assert page.locator("#found h3.aside").inner_text() == "Not interesting"
    page.get_by_label(f"Note on {name}", exact=True).fill("Read section 3 again.")
    page.reload()
    page.wait_for_selector(READY, state="attached")
    note = page.get_by_label(f"Note on {name}", exact=True)
    assert note.input_value() == "Read section 3 again."
    with page.expect_download() as started:
        page.locator("#found .take summary").click()
        page.locator("#found .take").get_by_role("button", name="BibTeX", exact=True).click()
    assert started.value.suggested_filename == "rftsearch-basket.bib"
    assert started.value.path().read_text("utf-8").count("\n@") <= 1  # what is liked, alone
    page.locator("#found .out").first.click()
    assert page.locator("#undone").inner_text().startswith(f"{name} taken out.")
    page.get_by_role("button", name="Undo").click()
    assert note.input_value() == "Read section 3 again."
    note.fill(" ")
    page.reload()
    page.wait_for_selector(READY, state="attached")
    assert note.input_value() == ""


def test_what_a_question_leaves_out_is_a_part_that_can_be_taken_back(reader):
    page = reader.open("?q=video+without+crowd")
    assert page.locator(".understood .part").inner_text().startswith("without crowd")
    assert "without" in "".join(page.locator(".why").all_inner_texts())
    page.locator(".understood button").click()
    page.wait_for_url("**ignore=without**")
    assert page.locator(".understood .part").count() == 0


def test_map_and_timeline(reader):
    page = reader.open("?tab=timeline&q=reward")
    bars = page.locator("#timeline-panel .bar").count()
    assert page.locator("#timeline-panel .over[fill^='url(#hatch-']").count() == bars > 0
    assert page.locator("#timeline-panel .legend button").count() > 1
    page.get_by_role("button", name="Map", exact=True).click()
    assert page.locator("#map-panel canvas").is_visible()
    assert "highlighted" in page.locator("#map-panel .standing").inner_text()
    shapes = page.locator("#map-panel .legend svg")
    assert page.locator("#filters .dot svg").count() >= shapes.count() > 1
    page.locator("#map-panel .legend button").first.click()
    page.wait_for_url("**category=**")
    assert page.locator("#map-panel .legend [aria-pressed=true]").count() == 1


WORDS_ON_THE_MAP = """
async (category) => {
  const written = [];
  CanvasRenderingContext2D.prototype.fillText = (words) => written.push(words);
  const { PaperMap } = await import("./page/map.js");
  const element = document.querySelector("#map-panel");
  const categories = [category, ...Array(24).keys()].map(String);
  const records = categories.map((_, at) => ({ categories: [at], title: `${at}` }));
  const settings = { hues: categories.map(() => 0), map: {
    about: "", places: categories.map((_, at) => [at / 24, at / 24]),
    regions: [{ words: "in sight", x: 0.5, y: 0.5 }, { words: "under it", x: 0.5, y: 0.5 }],
  } };
  element.classList.add("open");
  const texts = { filters: { category } };
  const page = { engine: { records, settings, categories }, texts, view: { categories: [] } };
  new PaperMap(page, element).show(null, null);
  await new Promise(requestAnimationFrame);
  return [[...new Set(written)], element.querySelectorAll(".legend svg .open").length];
}
"""


def test_regions_are_named_one_beside_the_other_and_symbols_repeat_hollow(reader):
    page = reader.open()
    words, hollow = page.evaluate(WORDS_ON_THE_MAP, "Category")
    assert words == ["in sight"]
    assert hollow == 10


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
        page.locator("#query").fill("crowd")  # its list is open
        assert page.locator("#query-list").is_visible()
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
