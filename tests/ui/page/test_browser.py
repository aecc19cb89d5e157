"""The page in a real browser. What holds of every visit is in conftest: nothing in
the console, nothing asked of another host, no script run that came with a paper."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from support.hostile import TEMPLATE

pytestmark = pytest.mark.browser

# Boxes that stick out of the window, leaving out what scrolls within itself.
STICKING_OUT = """() => {
  const scrolls = (e) =>
    e && (getComputedStyle(e).overflowX !== 'visible' || scrolls(e.parentElement));
  return [...document.querySelectorAll('body *')]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e.parentElement))
    .map((e) => `${e.tagName}.${e.className}`);
}"""
# All categories on, then all but the first off again, faster than any answer.
QUICK_CLICKS = """() => {
  const boxes = [...document.querySelectorAll('input[name=categories]')];
  for (const box of [...boxes, ...boxes.slice(1)]) box.click();
}"""


class TestAsking:
    def test_the_newest_works_before_anything_is_asked(self, visitor):
        visit = visitor().open()
        assert visit.heading == "Newest papers"
        assert visit.names[:3] == ["CrowdSeer", "DrawWell", "ClipMind"]
        assert "14 entries" in visit.page.locator("#masthead").inner_text()

    def test_the_box_has_the_focus_and_enter_searches(self, visitor):
        visit = visitor().open()
        visit.page.keyboard.type("audio")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_selector("text=Results for “audio”")
        visit.answered()
        assert visit.names[0] == "EarTest"

    def test_the_button_searches(self, visitor):
        visit = visitor().open()
        visit.page.get_by_label("Search papers").fill("draw")
        visit.page.get_by_role("button", name="Search").click()
        visit.page.wait_for_selector("text=Results for “draw”")
        assert visit.answered().names[0] == "DrawWell"

    def test_an_example_is_one_click_away(self, visitor):
        visit = visitor().open()
        example = visit.page.locator(".examples .chip").first
        words = example.inner_text()
        example.click()
        visit.page.wait_for_selector(f"text=Results for “{words}”")
        assert visit.page.get_by_label("Search papers").input_value() == words

    def test_what_a_card_says(self, visitor):
        visit = visitor().open().search("crowd")
        card = visit.page.locator(".card").first
        words = card.inner_text()
        for part in ("Vision (Image)", "CrowdSeer", "Counting People", "May 2025"):
            assert part in words
        assert re.search(r"score \d\.\d\d", words)
        assert "Author One, Author Two, Author Three, Author Four" in words
        assert "arXiv:2505.00001 · PDF" in " ".join(words.split())
        title = card.locator("h3 a")
        assert title.get_attribute("href") == "https://arxiv.org/abs/2505.00001"
        assert title.get_attribute("rel") == "noopener"
        [reference] = card.locator(".Z3988").all()
        assert "rft.atitle=CrowdSeer" in reference.get_attribute("title")
        assert card.locator(".button").all_inner_texts() == ["Code", "Model"]
        abstract = card.get_by_text("We count people in a crowd. Count and reward.").last
        assert not abstract.is_visible()
        card.locator("summary").click()
        assert abstract.is_visible()

    def test_on_paper_stand_the_papers_and_nothing_to_press(self, visitor):
        visit = visitor().open().search("crowd")
        assert visit.page.title() == "crowd · Invented works"
        visit.page.emulate_media(media="print")
        for place in ("#ask", "#panel", "#tabs", ".vote", ".more", ".sort"):
            assert not visit.page.locator(place).first.is_visible(), place
        assert visit.card("CrowdSeer").locator(".labels").is_visible()

    def test_a_project_says_so(self, visitor):
        visit = visitor().open("?q=robot&kind=project")
        words = visit.page.locator(".card").first.inner_text()
        assert "Project" in words
        assert "A robot toolbox" in words

    def test_more_can_be_had_and_what_was_unfolded_stays_so(self, visitor):
        visit = visitor().open().search("crowd")
        assert len(visit.names) == 10
        visit.page.locator(".card summary").first.click()
        visit.page.get_by_role("button", name="Show more").click()
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 14")
        visit.answered()
        assert visit.page.locator(".abstract[open]").count() == 1
        assert "n=20" in visit.page.url
        assert len(visit.second().open(visit.page.url.removeprefix(visit.address)).names) == 14
        assert visit.page.get_by_role("button", name="Show more").count() == 0

    def test_the_order_is_explained(self, visitor):
        visit = visitor().open().search("crowd")
        visit.page.get_by_text("Why this order").click()
        assert visit.page.get_by_text("score is a sum").is_visible()

    def test_an_answer_is_spoken(self, visitor):
        visit = visitor().open().search("crowd")
        status = visit.page.locator("#spoken")
        assert status.get_attribute("role") == "status"
        assert status.inner_text() == "Results for “crowd”: 10 papers shown."

    def test_the_sentence_that_answers_is_shown_with_its_words_marked(self, visitor):
        visit = visitor().open().search("crowd reward")
        card = visit.card("CrowdSeer")
        assert card.locator("summary mark").all_inner_texts() == ["crowd"]
        card.locator("summary").click()
        answering = card.locator(".answering").all_inner_texts()
        assert "".join(answering) == "We count people in a crowd."

    def test_the_score_is_a_sum(self, visitor):
        visit = visitor().open().search("crowd")
        words = visit.page.locator(".why").first.inner_text()
        score, parts = words.removeprefix("score ").split(" = ")
        assert float(score) == pytest.approx(sum(map(float, re.findall(r"[0-9.]+", parts))))
        assert "meaning" in parts

    def test_names_are_suggested_while_typing(self, visitor):
        visit = visitor().open()
        visit.page.keyboard.type("crowds")
        visit.offers.first.wait_for()
        assert visit.offers.all_inner_texts() == [
            "CrowdSeer Counting People",
            "Papers like CrowdSeer",
        ]
        visit.offers.first.click()
        visit.until("Results for “CrowdSeer”")
        assert visit.query.input_value() == "CrowdSeer"
        assert visit.offers.count() == 0

    def test_sorted_by_date(self, visitor):
        visit = visitor().open().search("reward")
        visit.page.get_by_label("Sort by").select_option("oldest")
        visit.page.wait_for_function("() => document.querySelectorAll('.cards > li').length === 3")
        assert visit.answered().names == ["ClipMind", "DrawWell", "CrowdSeer"]
        again = visitor().open("?" + visit.page.url.partition("?")[2])
        assert again.names == visit.names
        assert again.page.get_by_label("Sort by").input_value() == "oldest"
        assert visit.search("video").page.get_by_label("Sort by").input_value() == "relevance"


class TestTrouble:
    def test_a_question_overtakes_one_that_waits_for_its_answer(self, visitor):
        visit = visitor().open()
        held = []

        def hold(route):  # playwright takes no method of a list
            held.append(route)

        visit.page.route("**/component_server/**", hold, times=1)
        visit.page.locator(".examples .chip").first.click()
        visit.page.wait_for_function("() => document.querySelector('#found[aria-busy]')")
        visit.search("video")
        [route] = held
        with visit.page.expect_response("**/component_server/**"):
            route.continue_()
        assert visit.answered().heading == "Results for “video”"

    def test_a_question_that_takes_long_can_be_given_up(self, visitor):
        visit = visitor().open().search("video")
        held = []

        def hold(route):
            held.append(route)

        visit.page.route("**/component_server/**", hold, times=1)
        visit.page.evaluate(
            "() => document.dispatchEvent("
            "new CustomEvent('rftsearch:change', { detail: { seed: '2506.00503' } }))"
        )
        waiting = visit.page.locator("#asking", has_text="Asking arXiv for 2506.00503")
        waiting.get_by_role("button", name="Cancel").click()
        visit.page.wait_for_function("() => !location.search.includes('like')")
        assert visit.answered().heading == "Results for “video”"
        assert not waiting.is_visible()
        [route] = held
        with visit.page.expect_response("**/component_server/**"):
            route.continue_()
        assert visit.answered().heading == "Results for “video”"

    def test_a_server_that_does_not_answer_leaves_the_page_and_is_asked_again(self, visitor):
        visit = visitor().open()
        visit.page.route("**/component_server/**", lambda route: route.abort())
        visit.query.fill("audio")
        visit.query.press("Enter")
        trouble = visit.page.get_by_role("alert").filter(has_text="server does not answer")
        trouble.wait_for()
        assert len(visit.names) == 10
        assert visit.page.locator("[aria-busy]").count() == 0  # no lasting "Searching…"
        assert visit.page.locator(".toast-body").count() == 0  # and nothing of Gradio's own
        visit.complaints.clear()  # the browser's own lines about the connection
        visit.page.unroute("**/component_server/**")
        trouble.get_by_role("button", name="Try again now").click()
        visit.until("Results for “audio”")
        assert not trouble.is_visible()

    def test_it_is_asked_again_by_itself(self, visitor):
        visit = visitor().open()
        visit.page.route("**/component_server/**", lambda route: route.fulfill(status=500), times=1)
        visit.page.locator(".examples .chip").first.click()
        visit.page.get_by_role("alert").filter(has_text="server does not answer").wait_for()
        visit.until("Results for")
        visit.complaints.clear()


class TestPapersLikeThis:
    def test_from_every_card(self, visitor):
        visit = visitor().open().search("reward")
        for place, name in enumerate(visit.names[:4]):
            visit.page.locator(".card .like").nth(place).click()
            visit.page.wait_for_selector(f"h2:has-text('Papers like {name}')")
            visit.answered()
            assert name not in visit.names
            assert name in visit.page.locator(".seed").inner_text()
            visit.page.get_by_role("button", name="Back").click()
            visit.page.wait_for_selector("text=Results for “reward”")
            visit.answered()

    def test_with_the_keyboard(self, visitor):
        visit = visitor().open().search("draw")
        visit.page.locator(".card .like").first.focus()
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_selector("h2:has-text('Papers like DrawWell')")
        visit.answered()
        assert visit.page.evaluate("() => document.activeElement.id") == "heading"

    def test_by_part_of_a_name(self, visitor):
        visit = visitor().open()
        visit.query.press_sequentially("eart")
        visit.offers.filter(has_text="Papers like EarTest").click()
        visit.page.wait_for_selector("h2:has-text('Papers like EarTest')")
        assert "EarTest" not in visit.answered().names

    def test_by_keys_alone(self, visitor):
        visit = visitor().open()
        box = visit.query
        box.press_sequentially("arm-")
        visit.offers.first.wait_for()
        assert box.get_attribute("aria-expanded") == "true"
        box.press("ArrowUp")
        chosen = visit.page.locator("[aria-selected=true]")
        assert chosen.get_attribute("id") == box.get_attribute("aria-activedescendant")
        heading = chosen.inner_text()
        assert heading.startswith("Papers like Arm-")
        box.press("Enter")
        visit.page.wait_for_selector(f"h2:has-text('{heading}')")

    def test_words_before_a_name_or_an_address_ask_for_papers_like_it(self, visitor):
        visit = visitor().open().search("papers like https://arxiv.org/pdf/2503.00003v2")
        visit.until("Papers like ClipMind")
        visit.search("similar to drawwell").until("Papers like DrawWell")
        visit.search("papers like a human").until("Results for “papers like a human”")

    def test_a_name_that_does_not_exist_offers_what_comes_close(self, visitor):
        visit = visitor().open("?like=CrowdSear")
        notice = visit.page.locator(".notice")
        notice.get_by_role("button", name="CrowdSeer", exact=True).click()
        visit.page.wait_for_selector("h2:has-text('Papers like CrowdSeer')")

    def test_a_part_of_several_names_names_no_paper(self, visitor):
        visit = visitor().open("?like=arm-")
        visit.page.locator(".notice", has_text="No paper is called “arm-”").wait_for()


class TestFilters:
    def test_they_act_at_once_and_together_and_clear_with_one_click(self, visitor):
        visit = visitor().open().search("reward")
        visit.page.get_by_label("Vision (Image)").check()
        visit.page.get_by_label("Model").check()
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 1")
        assert visit.answered().names == ["CrowdSeer"]
        visit.page.get_by_role("button", name="Clear all").click()
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 10")
        visit.answered()
        assert not visit.page.get_by_label("Model").is_checked()
        assert visit.heading == "Results for “reward”"

    def test_months_and_kind(self, visitor):
        visit = visitor().open()
        visit.page.get_by_label("Released from").select_option(label="Apr 2025")
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 2")
        visit.page.get_by_label("Released until").select_option(label="Apr 2025")
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 1")
        assert visit.answered().names == ["DrawWell"]
        visit.page.get_by_role("button", name="Clear all").click()
        visit.page.get_by_label("Projects").check()
        visit.page.wait_for_selector("text=A robot toolbox")
        assert visit.answered().names == ["Robo-Kit"]

    def test_counts_are_of_the_question_under_the_other_filters(self, visitor):
        visit = visitor().open()
        count = visit.page.locator("label", has_text="Vision (Image)").locator(".count")
        assert count.inner_text() == "3"
        visit.search("reward")
        assert count.inner_text() == "2"
        visit.page.get_by_label("Model").check()
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 1")
        visit.answered()
        assert count.inner_text() == "1"
        visit.page.get_by_label("Vision (Video)").check()
        visit.page.locator(".notice").wait_for()
        visit.answered()
        assert count.inner_text() == "1"
        assert visit.page.evaluate("() => document.activeElement.value") == "Vision (Video)"

    def test_generative_works(self, visitor):
        visit = visitor().open()
        visit.page.get_by_label("Generative").check()
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 1")
        assert visit.answered().names == ["DrawWell"]
        assert "generative=yes" in visit.page.url

    def test_quick_clicks_end_with_the_last(self, visitor):
        visit = visitor().open()
        boxes = visit.page.locator("input[name=categories]")
        visit.page.evaluate(QUICK_CLICKS)
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 3")
        visit.answered()
        assert [box.is_checked() for box in boxes.all()] == [True, False, False, False]
        assert visit.names == ["CrowdSeer", "DrawWell", "Robo-Kit"]

    def test_nothing_left_offers_what_to_take_off(self, visitor):
        visit = visitor().open("?q=crowd&category=Audio&has=demo")
        assert "No paper passes all of these filters" in visit.page.locator(".notice").inner_text()
        visit.page.get_by_role("button", name="with or without resources").click()
        visit.page.wait_for_selector(".card")
        assert visit.answered().names == ["EarTest"]

    def test_a_range_that_does_not_exist_is_said_calmly(self, visitor):
        visit = visitor().open("?since=2025-05&until=2025-03")
        assert "No month lies between" in visit.page.locator(".notice").inner_text()
        assert visit.page.get_by_label("Released from").input_value() == "2025-05"


class TestTheAddress:
    def test_a_year_stands_for_its_months(self, visitor):
        visit = visitor().open("?since=2025&until=2025")
        assert visit.names == visitor().open("?since=2025-01&until=2025-12").names != []
        assert visitor().open("?since=2026").names == []

    def test_a_category_may_be_named_in_short(self, visitor):
        visit = visitor().open("?category=video")
        box = visit.page.get_by_label("Vision (Video)")
        assert box.is_checked()
        assert "category=Vision+%28Video%29" in visit.page.url
        visit.page.get_by_label("Audio").check()
        visit.page.locator(".cards .name b", has_text="EarTest").wait_for()
        assert set(visit.answered().names) == {"ClipMind", "NoPreprint", "EarTest"}
        box.uncheck()
        visit.page.locator(".cards .name b", has_text="ClipMind").wait_for(state="detached")
        assert visit.answered().names == ["EarTest"]

    def test_a_copied_link_shows_the_same(self, visitor):
        visit = visitor().open().search("reward")
        visit.page.get_by_label("Vision (Video)").check()
        visit.page.wait_for_function("() => document.querySelectorAll('.card').length === 2")
        visit.answered()
        again = visitor().open("?" + visit.page.url.partition("?")[2])
        assert (again.heading, again.names) == (visit.heading, visit.names)
        assert again.page.get_by_label("Vision (Video)").is_checked()
        assert again.page.get_by_label("Search papers").input_value() == "reward"

    def test_back_and_forward(self, visitor):
        visit = visitor().open().search("video").search("audio")
        visit.page.go_back()
        visit.page.wait_for_selector("text=Results for “video”")
        assert visit.page.get_by_label("Search papers").input_value() == "video"
        visit.page.go_back()
        visit.page.wait_for_selector("text=Newest papers")
        visit.page.go_forward()
        visit.page.wait_for_selector("text=Results for “video”")
        visit.answered()


class TestHostileTexts:
    def test_papers(self, visitor):
        visit = visitor().open().search("scan")
        card = visit.page.locator(".card").first
        assert "<img src=x onerror=" in card.locator("h3").inner_text()
        assert TEMPLATE in card.locator("h3").inner_text()
        assert "<i>Trap</i>" in card.locator("h3 b").inner_text()
        card.locator("summary").click()
        assert "<script>window.ran=1</script>" in card.locator(".abstract p").inner_text()
        card.locator(".category").hover()
        card.locator(".like").click()
        visit.page.wait_for_selector("h2:has-text('Papers like')")
        visit.answered()
        visit.query.fill("")
        visit.query.press_sequentially("trap")
        visit.offers.first.wait_for()
        assert "<i>Trap</i>" in visit.offers.first.inner_text()
        assert visit.page.locator(".card img, .seed img, #ask img, .card script").count() == 0

    @pytest.mark.parametrize("name", ["q", "like", "category", "since", "has", "kind"])
    def test_addresses(self, visitor, name):
        hostile = "<img src=x onerror=window.ran=1>${window.ran=1}{{value}}"
        visit = visitor().open(f"?{name}={quote(hostile)}")
        assert visit.page.locator("#found img").count() == 0

    def test_questions(self, visitor):
        visit = visitor().open().search("<img src=x onerror=window.ran=1>")
        assert "<img src=x" in visit.heading


class TestLooks:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_it_follows_the_readers_scheme(self, visitor, scheme):
        visit = visitor(scheme=scheme).open()
        ground = visit.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground)[:3])) > 380) == (scheme == "light")
        assert (
            visit.page.evaluate("() => getComputedStyle(document.documentElement).colorScheme")
            == scheme
        )

    def test_nothing_sticks_out_of_a_phone(self, visitor):
        visit = visitor(width=360, height=740).open()
        assert visit.page.evaluate(STICKING_OUT) == []
        visit.search("scan")
        visit.page.locator(".card summary").first.click()
        visit.page.get_by_role("button", name="Filters").click()
        assert visit.page.get_by_label("Vision (Image)").is_visible()
        assert visit.page.evaluate(STICKING_OUT) == []
        assert visit.page.evaluate("() => document.scrollingElement.scrollWidth") <= 360

    def test_on_a_phone_the_filters_wait_behind_a_button(self, visitor):
        visit = visitor(width=360, height=740).open("?category=Audio")
        button = visit.page.get_by_role("button", name="Filters")
        assert not visit.page.get_by_label("Vision (Image)").is_visible()
        assert button.get_attribute("aria-expanded") == "false"
        assert "1" in button.inner_text()
        button.click()
        assert button.get_attribute("aria-expanded") == "true"
        assert visit.page.get_by_label("Vision (Image)").is_visible()

    def test_nothing_jumps_when_an_answer_arrives(self, visitor):
        visit = visitor().open().search("reward")  # what introduces the page is gone then
        visit.page.evaluate(
            "() => { window.shifts = []; new PerformanceObserver((list) =>"
            " window.shifts.push(...list.getEntries().map((e) => e.value)))"
            ".observe({ type: 'layout-shift' }); }"
        )
        visit.search("video").search("audio")
        assert sum(visit.page.evaluate("() => window.shifts")) < 0.02

    def test_results_stay_while_the_next_are_on_their_way(self, visitor):
        visit = visitor().open().search("video")
        visit.page.evaluate(
            "() => { window.fewest = 99; new MutationObserver(() => {"
            " window.fewest = Math.min(window.fewest, document.querySelectorAll('.card').length);"
            " }).observe(document.querySelector('#found'), { childList: true, subtree: true }); }"
        )
        visit.search("audio")
        assert visit.page.evaluate("() => window.fewest") >= 10
