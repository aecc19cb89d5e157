"""The map and the timeline in a real browser; conftest checks every visit besides."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from support.hostile import MARKUP

pytestmark = pytest.mark.browser

# What Plotly was given: points, and the names on them.
POINTS = "() => document.querySelector('#map-panel .canvas').data[1]"
NAMES = "() => document.querySelector('#map-panel .canvas').data[3].text"
LINES = "() => document.querySelector('#map-panel .canvas').data[0].x.length / 3"
BARS = "() => document.querySelector('#timeline-panel .canvas').data"


class Plot:
    """One of the two, opened."""

    def __init__(self, visit, tab: str, query: str = ""):
        self.visit, self.tab = visit, tab
        visit.open(f"?tab={tab}{query}")
        self.drawn()

    @property
    def page(self):
        return self.visit.page

    def drawn(self) -> Plot:
        self.page.wait_for_selector(f"#{self.tab}-panel .canvas .main-svg")
        self.page.wait_for_function(
            "tab => document.querySelector(`#${tab}-panel .legend`).children.length", arg=self.tab
        )
        return self

    def part(self, selector: str):
        return self.page.locator(f"#{self.tab}-panel {selector}")

    def until(self, condition: str, value: object = None) -> None:
        """Wait until a condition on what is drawn holds; `plot` is what Plotly has.

        Right after a reload the page can stand there before Plotly has drawn.
        """
        self.page.wait_for_function(
            f"([tab, value]) => {{ const plot = document.querySelector(`#${{tab}}-panel .canvas`);"
            f" if (!plot?.data) return false;"
            f" const panel = plot.closest('section'); return {condition}; }}",
            arg=[self.tab, value],
        )

    def point(self, name: str):
        """The middle of a work's mark on the screen."""
        self.part(".canvas").scroll_into_view_if_needed()
        return self.page.evaluate(
            """name => {
              const plot = document.querySelector('#map-panel .canvas');
              const box = plot.getBoundingClientRect();
              const { hovertext, x, y } = plot.data[1];
              const at = hovertext.findIndex((text) => text.startsWith(`<b>${name}</b>`));
              const share = ([from, to], value) => (value - from) / (to - from);
              return [
                box.left + share(plot.layout.xaxis.range, x[at]) * box.width,
                box.top + (1 - share(plot.layout.yaxis.range, y[at])) * box.height,
              ];
            }""",
            name,
        )

    def zoom_in(self, times: int) -> None:
        for _ in range(times):
            seen = self.page.evaluate(
                "() => document.querySelector('#map-panel .canvas').layout.xaxis.range"
            )
            self.part(".zoom").get_by_role("button", name="Zoom in").click()
            self.until("String(plot.layout.xaxis.range) !== String(value)", seen)

    def seen(self) -> dict[str, list[float]]:
        """The part of the map that is seen."""
        return self.page.evaluate(
            """() => {
              const { xaxis, yaxis } = document.querySelector('#map-panel .canvas').layout;
              return { x: [...xaxis.range], y: [...yaxis.range] };
            }"""
        )

    def moved(self, before: dict[str, list[float]]) -> dict[str, list[float]]:
        """The part that is seen once it is another one, and the names have followed."""
        self.until("String(plot.layout.xaxis.range) !== String(value)", before["x"])
        return self.seen()

    def levels(self) -> dict[str, float]:
        """Opacity of each work, by its name."""
        drawn = self.page.evaluate(POINTS)
        names = [re.match(r"<b>(.*?)</b>", text)[1] for text in drawn["hovertext"]]
        return dict(zip(names, drawn["marker"]["opacity"], strict=True))


def width(seen: dict[str, list[float]]) -> float:
    return seen["x"][1] - seen["x"][0]


@pytest.fixture
def the_map(visitor):
    return lambda query="", **look: Plot(visitor(**look), "map", query)


@pytest.fixture
def the_timeline(visitor):
    return lambda query="", **look: Plot(visitor(**look), "timeline", query)


class TestLoading:
    def test_plotly_is_fetched_once_and_not_before_a_plot_is_opened(self, visitor):
        visit = visitor()
        fetched = []
        visit.page.on("request", lambda one: "plotly" in one.url and fetched.append(one.url))
        visit.open().search("audio")
        assert fetched == []
        visit.page.get_by_role("button", name="Map").click()
        visit.page.wait_for_selector("#map-panel .main-svg")
        visit.page.get_by_role("button", name="Timeline").click()
        visit.page.wait_for_selector("#timeline-panel .main-svg")
        assert len(fetched) == 1
        assert fetched[0].startswith(visit.address)

    def test_where_it_does_not_come_one_can_try_again(self, visitor):
        visit = visitor()
        visit.page.route("**/plotly*.js", lambda route: route.abort())
        visit.open("?tab=map")
        alert = visit.page.get_by_role("alert").filter(has_text="could not be loaded")
        alert.wait_for()
        visit.page.unroute("**/plotly*.js")
        alert.get_by_role("button", name="Try again").click()
        visit.page.wait_for_selector("#map-panel .main-svg")
        assert all("ERR_FAILED" in line for line in visit.complaints)
        visit.complaints.clear()  # the browser's own lines about the request


class TestMap:
    def test_every_work_is_drawn_in_its_category(self, the_map):
        plot = the_map()
        drawn = plot.page.evaluate(POINTS)
        assert len(drawn["x"]) == 14
        assert len(set(drawn["marker"]["symbol"])) == 4
        assert len(set(drawn["marker"]["color"])) == 4
        assert "Layout: PCA." in plot.part(".about").inner_text()
        legend = plot.part(".legend li").all_inner_texts()
        assert legend[0].startswith("Vision (Image)")

    def test_hovering_shows_a_title_as_text(self, the_map):
        plot = the_map("&paper=2501.00005")
        plot.until("plot.data[0].x.length")
        plot.zoom_in(6)  # others lie close by
        plot.page.mouse.move(*plot.point("&lt;i&gt;Trap&lt;/i&gt;"))
        label = plot.part(".hoverlayer .hovertext")
        label.wait_for()
        shown = label.evaluate("node => node.textContent")
        assert "<i>Trap</i>" in shown
        assert "".join(MARKUP.split()) in "".join(shown.split()), "lines are folded at blanks"
        assert plot.page.locator(".hoverlayer img, .hoverlayer a, .hoverlayer i").count() == 0

    def test_a_click_opens_the_card_with_lines_and_the_address_keeps_it(self, the_map):
        plot = the_map()
        plot.page.mouse.click(*plot.point("CrowdSeer"))
        card = plot.part(".beside .card")
        card.wait_for()
        assert "Counting People" in card.inner_text()
        plot.until("plot.data[0].x.length")
        assert plot.page.evaluate(LINES) == 8
        assert "paper=2505.00001" in plot.page.url
        plot.page.reload()
        plot.part(".beside .card").wait_for()
        plot.part(".beside").get_by_role("button", name="Close").click()
        plot.until("!plot.data[0].x.length")
        assert "paper=" not in plot.page.url

    def test_a_neighbour_is_one_click_away(self, the_map):
        plot = the_map("&paper=2505.00001")
        plot.part(".near button").first.click()
        plot.page.wait_for_function("() => !location.search.includes('paper=2505.00001')")
        assert plot.part(".beside .card").count() == 1

    def test_the_works_of_the_answer_stand_out(self, the_map):
        plot = the_map()
        assert set(plot.levels().values()) == {0.8}
        plot.visit.search("audio")
        plot.until("panel.querySelector('.standing').textContent.includes('10 papers')")
        plot.until("plot.data[1].marker.opacity.includes(1)")
        levels = plot.levels()
        shown = set(plot.page.locator("#found .cards h3 b").all_inner_texts())
        assert {name for name, level in levels.items() if level == 1} == {
            name.replace("<", "&lt;").replace(">", "&gt;") for name in shown
        }
        assert min(levels.values()) < 0.3

    def test_what_a_filter_takes_away_is_faint(self, the_map):
        plot = the_map("&kind=project")
        plot.until("panel.querySelector('.standing').textContent.startsWith('1 paper passes')")
        plot.until("plot.data[1].marker.opacity.includes(0.8)")
        assert [name for name, level in plot.levels().items() if level > 0.5] == ["Robo-Kit"]

    def test_the_legend_filters(self, the_map):
        plot = the_map()
        plot.part(".legend button").filter(has_text="Audio").click()
        plot.page.wait_for_function("() => location.search.includes('category=Audio')")
        plot.until("panel.querySelector('.legend [aria-pressed=true]')")
        plot.part(".legend button").filter(has_text="Audio").click()
        plot.page.wait_for_function("() => !location.search.includes('category')")

    def test_zooming_brings_names(self, the_map):
        plot = the_map("&paper=2412.00013")
        before = plot.page.evaluate(NAMES)
        plot.zoom_in(4)
        arms = [name for name in plot.page.evaluate(NAMES) if name.startswith("Arm-")]
        assert len(arms) > len([name for name in before if name.startswith("Arm-")])
        plot.part(".zoom").get_by_role("button", name="Whole map").click()
        plot.until("plot.data[3].text.join() === value.join()", before)

    def test_a_work_is_found_by_its_name(self, the_map):
        plot = the_map()
        plot.page.get_by_label("Find a paper on the map").fill("eartest")
        plot.page.keyboard.press("Enter")
        plot.part(".beside .card").wait_for()
        assert "paper=2502.00004" in plot.page.url

    def test_a_wheel_zooms_with_a_key_and_scrolls_without(self, the_map):
        plot = the_map(height=600)
        before, (x, y) = plot.seen(), plot.point("EarTest")
        plot.page.mouse.move(x, y)
        plot.page.keyboard.down("Control")
        plot.page.mouse.wheel(0, -200)
        plot.page.keyboard.up("Control")
        after = plot.moved(before)
        assert width(after) < width(before)
        assert plot.point("EarTest") == pytest.approx([x, y], abs=2)  # it stays where it was
        plot.page.mouse.wheel(0, 200)
        plot.page.wait_for_function("() => scrollY > 0")
        assert plot.seen() == after

    def test_nobody_gets_lost_beside_the_map(self, the_map):
        plot = the_map()
        whole = plot.seen()
        plot.part(".canvas").focus()
        for _ in range(6):
            plot.page.keyboard.press("-")
        assert width(plot.moved(whole)) < 3 * width(whole)
        for _ in range(40):
            plot.page.keyboard.press("Shift+ArrowRight")
        xs = plot.page.evaluate(POINTS)["x"]
        plot.until("Math.abs((plot.layout.xaxis.range[0] + plot.layout.xaxis.range[1]) / 2 - value)"
                   " < 1e-6", max(xs))  # fmt: skip
        plot.page.keyboard.press("0")
        plot.until("String(plot.layout.xaxis.range) === String(value)", whole["x"])

    def test_two_fingers_move_it_and_zoom_and_one_does_not(self, the_map):
        plot = the_map(width=360, height=740)
        before, (x, y) = plot.seen(), plot.point("EarTest")
        touch = plot.page.context.new_cdp_session(plot.page)

        def send(kind, *places):
            points = [{"x": left, "y": top, "id": n} for n, (left, top) in enumerate(places)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        send("touchStart", (x, y), (x + 40, y))
        send("touchMove", (x, y + 20), (x + 80, y + 20))
        send("touchEnd")
        after = plot.moved(before)
        assert width(after) == pytest.approx(width(before) / 2, rel=0.02)
        assert plot.point("EarTest") == pytest.approx([x, y + 20], abs=2)
        send("touchStart", (x, y))
        send("touchMove", (x + 60, y))
        send("touchEnd")
        assert plot.seen() == after

    def test_the_keyboard_alone(self, the_map):
        plot = the_map()
        plot.part(".canvas").focus()
        plot.page.keyboard.press("ArrowRight")
        plot.until("panel.querySelector('.spoken').textContent")
        first = plot.part(".spoken").inner_text()
        plot.page.keyboard.press("ArrowLeft")
        plot.until("panel.querySelector('.spoken').textContent !== value", first)
        name = plot.part(".spoken").inner_text().partition(",")[0]
        plot.page.keyboard.press("Enter")
        plot.part(".beside .card").wait_for()
        assert plot.part(".beside .card h3 b").inner_text() == name
        plot.page.keyboard.press("Escape")
        plot.part(".beside .hint").wait_for()

    def test_the_wheel_scrolls_the_page(self, the_map):
        plot = the_map()
        seen = plot.page.evaluate(POINTS)["x"]
        plot.part(".canvas").scroll_into_view_if_needed()
        before = plot.page.evaluate("() => scrollY")
        box = plot.part(".canvas").bounding_box()
        plot.page.mouse.move(box["x"] + 50, box["y"] + 50)
        plot.page.mouse.wheel(0, 200)
        plot.page.wait_for_function("before => scrollY !== before", arg=before)
        assert plot.page.evaluate(POINTS)["x"] == seen

    def test_a_change_of_theme_is_followed(self, the_map):
        plot = the_map()
        light = plot.page.evaluate(POINTS)["marker"]["color"]
        plot.page.evaluate("() => document.body.classList.add('dark')")
        plot.until("plot.data[1].marker.color.join() !== value.join()", light)

    def test_the_points_can_be_taken_away(self, the_map):
        plot = the_map("&category=Audio")
        plot.until("plot.data[1].marker.opacity.some((one) => one < 0.3)")
        table = list(csv.DictReader(io.StringIO(taken(plot, "CSV"), newline="")))
        assert len(table) == 14
        assert [row["short_name"] for row in table if row["stands_out"] == "true"] == ["EarTest"]
        assert any(MARKUP in row["title"] for row in table)
        whole = json.loads(taken(plot, "JSON"))
        assert whole["method"] == "PCA"
        drawn = plot.page.evaluate(POINTS)
        assert sorted(row["x"] for row in whole["rows"]) == sorted(drawn["x"])


def taken(plot: Plot, form: str) -> str:
    with plot.page.expect_download() as waiting:
        plot.part(".taking").get_by_role("button", name=form).click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (form == "CSV"), "for spreadsheets"
    return content.decode("utf-8-sig")


class TestTimeline:
    def click(self, plot: Plot, month: str, category: str) -> None:
        bar = plot.page.evaluate(
            """([month, category]) => {
              const plot = document.querySelector('#timeline-panel .canvas');
              const trace = plot.data.findIndex((one) => one.name === category);
              const traces = plot.querySelectorAll('.barlayer .trace');
              const bars = traces[trace].querySelectorAll('.point');
              const box = bars[plot.data[trace].x.indexOf(month)].getBoundingClientRect();
              return [box.left + box.width / 2, box.top + box.height / 2];
            }""",
            [month, category],
        )
        plot.page.mouse.click(*bar)

    def test_bars_are_works_by_month_and_category(self, the_timeline):
        plot = the_timeline()
        bars = plot.page.evaluate(BARS)
        assert [trace["name"] for trace in bars][:3] == [
            "Vision (Image)",
            "Vision (Video)",
            "Audio",
        ]
        assert bars[0]["x"][0] == "2024-12"
        assert sum(sum(trace["y"]) for trace in bars) == 13
        assert "Not shown: 1 paper without a month" in plot.part(".about").inner_text()
        assert len({trace["marker"]["pattern"]["shape"] for trace in bars}) == 4

    def test_a_click_on_a_bar_filters_and_a_second_one_shows_all(self, the_timeline):
        plot = the_timeline()
        self.click(plot, "2025-03", "Vision (Video)")
        plot.page.wait_for_function(
            "() => document.querySelectorAll('#found .cards .card').length === 2"
        )
        assert set(plot.visit.answered().names) == {"ClipMind", "NoPreprint"}
        for part in ("since=2025-03", "until=2025-03", "category=Vision"):
            assert part in plot.page.url
        plot.until("plot.data[1].marker.opacity.filter((one) => one === 1).length === 1")
        self.click(plot, "2025-03", "Vision (Video)")
        plot.page.wait_for_function("() => !location.search.includes('since')")
        plot.until("plot.data[0].marker.opacity.every((one) => one === 1)")

    def test_a_question_stands_out_within_the_list(self, the_timeline):
        plot = the_timeline("&q=crowd")
        # The seven papers of one month would dwarf a single match: it stands alone at first.
        plot.until("plot.data.length === 4")
        assert "pale" not in plot.part(".about").inner_text()
        rest = plot.page.get_by_role("button", name="Rest of the list")
        rest.click()
        plot.until("plot.data.length === 5")
        assert "pale part of each bar is the rest" in plot.part(".about").inner_text()
        bars = plot.page.evaluate(BARS)
        assert bars[-1]["name"] == "Rest of the list"
        assert sum(sum(trace["y"]) for trace in bars) == 13
        assert sum(bars[0]["y"]) > 0 < sum(bars[-1]["y"])
        rest.click()
        plot.until("plot.data.length === 4")
        rest.click()
        plot.until("plot.data.length === 5")
        self.click(plot, "2025-03", "Rest of the list")
        plot.page.wait_for_function("() => location.search.includes('since=2025-03')")
        assert "category" not in plot.page.url
        plot.visit.search("")
        plot.until("plot.data.length === 4")
        assert not rest.is_visible()

    def test_cumulative_on_demand(self, the_timeline):
        plot = the_timeline()
        plot.page.get_by_role("button", name="Cumulative").click()
        plot.until("plot.data.reduce((sum, trace) => sum + trace.y.at(-1), 0) === 13")
        self.click(plot, "2025-03", "Vision (Video)")
        plot.page.wait_for_function("() => location.search.includes('until=2025-03')")
        assert "since=" not in plot.page.url

    def test_the_table_says_the_same_and_filters_too(self, the_timeline):
        plot = the_timeline()
        plot.page.get_by_text("The numbers as a table").click()
        rows = plot.part("tr").all_inner_texts()
        assert rows[1].split() == ["May", "2025", "1", "1", "0", "0", "0"]
        plot.part(".numbers").get_by_role("button", name="Dec 2024").click()
        plot.page.wait_for_function("() => location.search.includes('since=2024-12')")
        assert all(name.startswith("Arm-") for name in plot.visit.answered().names)

    def test_other_filters_take_works_away(self, the_timeline):
        plot = the_timeline("&has=code")
        plot.until("plot.data.reduce((sum, one) => sum + one.y.reduce((a, b) => a + b), 0) === 3")

    def test_the_numbers_can_be_taken_away(self, the_timeline):
        plot = the_timeline()
        rows = list(csv.DictReader(io.StringIO(taken(plot, "CSV"), newline="")))
        assert sum(int(row["works"]) for row in rows) == 13
        assert {"month": "2025-05", "category": "Vision (Image)", "works": "1"} in rows
        assert json.loads(taken(plot, "JSON"))["cumulative"] is False

    def test_a_name_of_a_category_is_no_markup(self, the_timeline):
        plot = the_timeline()
        assert any("onmouseover" in words for words in plot.part(".legend li").all_inner_texts())
        self.click(plot, "2024-12", "Robots &lt;b onmouseover=window.ran=1&gt;")
        plot.page.wait_for_function("() => location.search.includes('until=2024-12')")


@pytest.mark.parametrize("tab", ["map", "timeline"])
class TestManners:
    def test_a_phone_is_wide_enough(self, visitor, tab):
        plot = Plot(visitor(width=360, height=740), tab)
        width = plot.page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= 360

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing_serious(self, visitor, tab, scheme):
        axe = pytest.importorskip("axe_playwright_python.sync_playwright")
        plot = Plot(visitor(scheme=scheme), tab, "&paper=2505.00001" if tab == "map" else "")
        found = axe.Axe().run(plot.page, context=f"#{tab}-panel").response["violations"]
        grave = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert grave == [], [(one["id"], one["nodes"][0]["html"]) for one in grave]
