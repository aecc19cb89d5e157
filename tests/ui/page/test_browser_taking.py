"""References on the clipboard, files, and nothing that was not asked for."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import bibtexparser
import pytest

from support.hostile import MARKUP

pytestmark = pytest.mark.browser


def clipboard(visit) -> str:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return visit.page.evaluate("() => navigator.clipboard.readText()")


def download(visit, place: str, form: str, name: str) -> str:
    menu = visit.page.locator(place)
    menu.locator("summary").click()
    with visit.page.expect_download() as coming:
        menu.get_by_role("button", name=form, exact=True).click()
    assert coming.value.suggested_filename == name
    return Path(coming.value.path()).read_text("utf-8")


def test_cite_copies_the_bibtex(visitor):
    visit = visitor().open()
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cite = visit.page.get_by_role("button", name="Cite CrowdSeer")
    cite.click()
    cite.get_by_text("Copied").wait_for()
    [entry] = bibtexparser.parse_string(clipboard(visit)).entries
    assert entry["eprint"] == "2505.00001"
    assert visit.page.locator("#spoken").inner_text() == "BibTeX copied."


def test_without_a_clipboard_of_the_pages_own_it_is_copied_all_the_same(visitor):
    visit = visitor()
    visit.page.add_init_script("delete Navigator.prototype.clipboard")
    visit.open()
    visit.page.get_by_role("button", name="Cite CrowdSeer").click()
    visit.page.get_by_text("Copied", exact=True).wait_for()


def test_hostile_fields_are_copied_as_texts(visitor):
    visit = visitor().open().search("scan")
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = visit.page.locator("#found .cards .card").first
    assert MARKUP[:8] in card.inner_text()
    card.locator("[data-action=cite]").click()
    card.get_by_text("Copied").wait_for()
    assert len(bibtexparser.parse_string(clipboard(visit)).entries) == 1


def test_what_an_answer_shows(visitor):
    visit = visitor().open().search("crowd")
    titles = {row["short_name"] for row in csv.DictReader(
        io.StringIO(download(visit, "#found .take", "CSV", "rftsearch-crowd.csv"))
    )}  # fmt: skip
    assert titles == set(visit.names)


def test_the_basket(visitor):
    visit = visitor().open("?plus=2505.00001&plus=2504.00002&minus=2503.00003")
    items = json.loads(download(visit, "#basket .take", "CSL-JSON", "rftsearch-basket.json"))
    assert [item["title"] for item in items] == [
        "CrowdSeer: Counting People", "DrawWell: Learning to Draw",
    ]  # fmt: skip


def test_nothing_is_downloaded_unasked(visitor):
    visit = visitor()
    came = []
    visit.page.on("download", lambda one: came.append(one.suggested_filename))
    visit.open().search("crowd").press("CrowdSeer", "plus")
    visit.page.get_by_role("button", name="Cite CrowdSeer").click()
    visit.page.locator("#found .take summary").click()
    visit.page.keyboard.press("Escape")
    assert not visit.page.get_by_role("button", name="RIS").first.is_visible()
    assert came == []
