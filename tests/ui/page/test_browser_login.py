"""The login in a real browser: asked for, lost and asked for again."""

from __future__ import annotations

from support.serving import served

ACCOUNTS = {"reader": "secret"}


def log_in(page, password=ACCOUNTS["reader"]):
    page.get_by_label("Name").fill("reader")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_login_that_is_lost_is_asked_for_again(engine, visitor, free_port):
    port = free_port + 1
    with served(engine, port, accounts=ACCOUNTS) as address:
        visit = visitor(at=address)
        visit.page.goto(f"{address}?q=audio")
        log_in(visit.page, "wrong")
        assert "wrong" in visit.page.get_by_role("alert").inner_text()
        log_in(visit.page)
        visit.until("Results for “audio”")
        assert visit.page.url == f"{address}?q=audio"
    with served(engine, port, accounts=ACCOUNTS):
        visit.query.fill("video")
        visit.query.press("Enter")
        lost = visit.page.get_by_role("alert").filter(has_text="Your login has ended")
        lost.get_by_role("button", name="Log in again").click()
        log_in(visit.page)
        visit.until("Results for “video”")
    visit.complaints.clear()  # the browser's own lines about status 401
