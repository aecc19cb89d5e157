"""Papers like one: from every place where one can be named, or pasted."""

from __future__ import annotations

import pytest

from support.page import OUTSIDE, SILENT

pytestmark = pytest.mark.browser

TEXT = "We teach a model to draw.\nA reward tells how well it draws. " * 8


def test_a_paper_that_is_not_in_the_list_is_fetched_and_its_category_guessed(visitor):
    visit = visitor().open()
    visit.pick.fill(f"https://arxiv.org/pdf/{OUTSIDE}v3")
    visit.pick.press("Enter")
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
    box = visit.page.get_by_label("Title and abstract, or a paragraph")
    assert visit.page.evaluate("() => document.activeElement.id") == "text"
    box.fill(TEXT)
    visit.page.get_by_role("button", name="Find papers like it").click()
    visit.until("Papers like your text")
    assert visit.names[0] == "DrawWell"


def test_a_text_stays_out_of_the_address_and_lasts(visitor):
    visit = visitor().open()
    addresses = []
    visit.page.on("request", lambda request: addresses.append(request.url))
    visit.page.get_by_text("or paste an abstract").click()
    visit.page.get_by_label("Title and abstract, or a paragraph").fill(TEXT)
    visit.page.get_by_role("button", name="Find papers like it").click()
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


def test_a_paragraph_pasted_as_a_name_becomes_a_text(visitor):
    visit = visitor().open()
    visit.page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData('text', text);
          const paste = new ClipboardEvent(
            'paste', { clipboardData: data, bubbles: true, cancelable: true });
          document.querySelector('#pick').dispatchEvent(paste);
        }""",
        TEXT,
    )
    assert visit.page.get_by_label("Title and abstract").input_value() == TEXT.strip()
    assert visit.pick.input_value() == ""


def test_on_a_phone_the_place_for_it_waits_behind_a_button(visitor):
    visit = visitor(width=360, height=740).open()
    assert not visit.pick.is_visible()
    visit.page.get_by_role("button", name="Papers like", exact=False).first.click()
    visit.pick.press_sequentially("eart")
    visit.offers.first.click()
    visit.until("Papers like EarTest")
