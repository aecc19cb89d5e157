"""The page in a frame of a page of another site, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from support.serving import served

pytestmark = pytest.mark.browser

ACCOUNTS = {"reader": "secret"}


@contextmanager
def another_site(inner: str) -> Iterator[str]:
    """Serve a page that frames another one; its address.

    To a browser `localhost` is another site than `127.0.0.1`.
    """

    class Outer(BaseHTTPRequestHandler):
        def do_GET(self):
            content = f'<title>Outer</title><iframe src="{inner}" width="900" height="700">'
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Outer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def outside(chromium):
    """A window of a browser; what it prints to its console is checked by each test."""
    context = chromium.new_context()
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_an_origin_that_may_frame_the_page_shows_it_and_it_answers(engine, outside, free_port):
    port = free_port + 2
    with another_site(f"http://127.0.0.1:{port}/?q=crowd") as outer:
        complaints = []
        outside.on("console", lambda m: m.type == "error" and complaints.append(m.text))
        with served(engine, port, embed_from=[outer]):
            outside.goto(outer)
            frame = outside.frame_locator("iframe")
            frame.locator("h2", has_text="Results for “crowd”").wait_for()
            frame.get_by_role("combobox", name="Search papers").fill("audio")
            frame.get_by_role("button", name="Search").click()
            frame.locator("h2", has_text="Results for “audio”").wait_for()
            frame.locator("[data-action=plus]").first.click()
            frame.locator("#basket li").wait_for()
        assert complaints == []


def test_no_other_site_may_frame_the_page(engine, outside, free_port):
    port = free_port + 3
    with another_site(f"http://127.0.0.1:{port}/") as outer:
        lab = ["https://lab.example.org"]
        said = outside.expect_console_message(lambda m: "frame-ancestors" in m.text)
        with served(engine, port, embed_from=lab), said:
            outside.goto(outer)
        assert outside.frame_locator("iframe").locator("#masthead").count() == 0


def test_a_page_with_accounts_leads_out_of_the_frame(engine, outside, free_port):
    port = free_port + 4
    with (
        another_site(f"http://127.0.0.1:{port}/?q=crowd") as outer,
        served(engine, port, accounts=ACCOUNTS, embed_from=[outer]),
    ):
        outside.goto(outer)
        frame = outside.frame_locator("iframe")
        assert not frame.get_by_label("Password").is_visible()
        with outside.context.expect_page() as opened:
            frame.get_by_role("link", name="Open it in a window of its own").click()
        own = opened.value
        own.get_by_label("Name").fill("reader")
        own.get_by_label("Password").fill("secret")
        own.get_by_role("button", name="Log in").click()
        own.locator("h2", has_text="Results for “crowd”").wait_for()
