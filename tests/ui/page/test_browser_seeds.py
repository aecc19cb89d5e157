"""Papers like one: from every place where one can be named, or pasted."""

from __future__ import annotations

import pytest

from support.page import OUTSIDE, SILENT

pytestmark = pytest.mark.browser

TEXT = "We teach a model to draw.\nA reward tells how well it draws. " * 8


def test_a_paper_that_is_not_in_the_list_is_fetched_and_its_category_guessed(visitor):
    visit = visitor().open()
    visit.search(f"papers like https://arxiv.org/pdf/{OUTSIDE}v3")
    visit.until("Papers like Outside")
    seed = visit.page.locator(".card.seed")
    assert "Vision (Image)?" in seed.inner_text()
    assert "predicted from similar papers" in seed.inner_text()
    assert visit.names[0] == "DrawWell"
    seed.get_by_role("button", name="Like Outside", exact=True).click()
    assert len(visit.answered().basket) == 1
    visit.page.get_by_role("button", name="Recommend", exact=True).click()
    assert visit.until("Recommended").names[0] == "DrawWell"


def test_an_arxiv_that_does_not_answer_leads_to_pasting(visitor):
    visit = visitor().open(f"?like={SILENT}")
    assert f"Cannot fetch {SILENT}" in visit.page.locator(".notice").inner_text()
    visit.page.get_by_role("button", name="Paste its abstract instead").click()
    assert visit.page.evaluate("() => document.activeElement.id") == "query"
    visit.query.fill(TEXT)
    visit.page.keyboard.press("Enter")
    visit.until("Papers like your text")
    assert visit.names[0] == "DrawWell"


def test_a_text_stays_out_of_the_address_and_lasts(visitor):
    visit = visitor().open()
    addresses = []
    visit.page.on("request", lambda request: addresses.append(request.url))
    visit.paste(TEXT)
    visit.page.get_by_role("button", name="Search", exact=True).click()
    visit.until("Papers like your text")
    assert "from similar papers: Vision (Image)" in visit.page.locator("#found").inner_text()
    names, address = visit.names, visit.page.url
    visit.page.reload()
    visit.until("Papers like your text")
    assert visit.names == names
    visit.page.goto(address)  # a new visit in the same tab, as after a login
    visit.until("Papers like your text")
    assert visit.names == names
    visit.page.go_back()
    visit.until("Newest papers")
    visit.page.go_forward()
    visit.until("Papers like your text")
    word = TEXT.rsplit(maxsplit=1)[-1].strip(".")
    assert not [one for one in [*addresses, visit.page.url] if word in one]


def test_a_long_query_is_not_in_the_address_and_lasts(visitor):
    visit = visitor().open().search("本" * 1000)
    heading = visit.heading
    assert len(visit.page.url) < 2100
    visit.page.reload()
    assert visit.answered().heading == heading
    assert visit.query.input_value() == "本" * 1000
    visit.search("audio")
    assert visit.page.url.endswith("?q=audio")


def test_what_is_longer_than_a_question_is_read_as_a_text_and_said_so(visitor):
    visit = visitor().open().paste(TEXT)
    box = visit.page.get_by_role("textbox", name="Your text")
    assert box.input_value() == TEXT
    said = visit.page.locator("#text-said")
    assert "104 words: read as a text" in said.inner_text()
    said.get_by_role("button", name="Search for its words instead").click()
    visit.until("Results for “We teach a model to draw.")
    assert not box.is_visible()
    said.get_by_role("button", name="Read it as a text").click()
    visit.until("Papers like your text")
    box.fill("draw")  # short again: a question
    assert visit.query.input_value() == "draw"
    assert said.inner_text() == ""
    visit.query.press("Enter")
    visit.until("Results for “draw”")
