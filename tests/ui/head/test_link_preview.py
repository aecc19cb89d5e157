"""The head of the served page, as what reads it without running scripts sees it."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from rftsearch import Engine
from rftsearch.index.build.build import build_index
from rftsearch.papers.about import ListAbout
from rftsearch.ui.head.identity import PageIdentity
from rftsearch.ui.head.link_preview import with_head
from support.encoder import WordEncoder
from support.hostile import MARKUP
from support.library import write_list
from support.serving import served


class Head(HTMLParser):
    """The title and the tags for previews of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.title, self.tags, self._in_title = "", [], False
        self.elements = Counter()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        had = dict(attrs)
        self.elements[tag] += 1
        self._in_title = tag == "title"
        name = had.get("property") or had.get("name") or ""
        if tag == "meta" and (name.startswith(("og:", "twitter:")) or name == "description"):
            self.tags.append((name, had["content"]))

    def handle_data(self, data):
        self.title += data if self._in_title else ""

    def handle_endtag(self, tag):
        self._in_title = False


NAMES = ["description", "og:type", "og:site_name", "og:title", "og:description", "og:url"]
NAMES += ["og:image", "og:image:width", "og:image:height", "og:image:alt", "twitter:image"]
NAMES += ["twitter:card", "twitter:title", "twitter:description"]


def visit(address, query="", **headers) -> Head:
    return Head(requests.get(f"{address}{query}", headers=headers, timeout=60).text)


@pytest.fixture(scope="module")
def named(engine):
    about = ListAbout("Kites & <b>", 'About "kites".', "https://example.org/kites")
    with served(engine, about=about, allowed_hosts=["kites.example.org"]) as address:
        yield address


def test_each_tag_stands_there_once_and_none_of_gradios(named):
    head = visit(named)
    assert [name for name, _ in head.tags] == NAMES
    said = dict(head.tags)
    assert head.title == said["og:title"] == said["twitter:title"] == "Kites & <b>"
    assert said["og:description"] == said["description"] == 'About "kites".'
    assert said["og:url"] == named
    assert not any("gradio" in content.lower() for _, content in head.tags)


def test_without_options_it_says_what_the_index_holds(address):
    said = dict(visit(address).tags)
    assert said["og:title"].lower().startswith("invented")
    assert said["og:description"] == "Search 14 entries by topic, title or meaning."


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?q=crowd+counting&category=Audio", "?q=crowd+counting&category=Audio"),
        ("?q=a%22%3E", "?q=a%22%3E"),
        ("?", ""),
    ],
)
def test_a_link_to_results_previews_as_that_link(named, query, kept):
    assert dict(visit(named, query).tags)["og:url"] == named + kept


def test_a_link_to_an_answer_has_the_question_in_its_title(named):
    head = visit(named, "?q=crowd+%3Cb%3E%0A+counting&category=Audio")
    assert head.title == dict(head.tags)["og:title"] == "crowd <b> counting · Kites & <b>"
    assert visit(named, "?like=CrowdSeer").title == "Kites & <b>"


def test_a_proxy_that_the_page_knows_names_the_address(named):
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "kites.example.org"}
    assert dict(visit(named, **forwarded).tags)["og:url"] == "https://kites.example.org/"
    own_host = {"Host": "kites.example.org", "X-Forwarded-Proto": "https, http"}
    assert dict(visit(named, **own_host).tags)["og:url"] == "https://kites.example.org/"


def test_a_proxy_that_the_page_does_not_know_has_no_say(named):
    forged = {"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "evil.example.org"}
    assert dict(visit(named, **forged).tags)["og:url"] == named


@pytest.mark.parametrize(
    ("root", "url"),
    [
        ("/papers", "{at}papers/"),
        ("https://kites.example.org/deep/papers", "https://kites.example.org/deep/papers/"),
    ],
)
def test_below_a_root_path_the_address_has_it(engine, root, url):
    with served(engine, root_path=root) as at:
        assert dict(visit(at).tags)["og:url"] == url.format(at=at)
        said = dict(visit(at, "?q=x").tags)
        assert said["og:url"] == url.format(at=at) + "?q=x"
        assert said["og:image"] == said["twitter:image"] == url.format(at=at) + "preview.png"


def test_the_picture_lies_where_the_tags_say(named):
    said = dict(visit(named).tags)
    answer = requests.get(said["og:image"], timeout=60)
    assert answer.headers["content-type"] == "image/png"
    shape = int.from_bytes(answer.content[16:20]), int.from_bytes(answer.content[20:24])
    assert shape == (int(said["og:image:width"]), int(said["og:image:height"]))


def test_too_few_papers_make_no_picture(tmp_path):
    listed = write_list(tmp_path)
    build_index(tmp_path / "index", [listed], encoder=WordEncoder(), offline=True)
    with Engine.open(tmp_path / "index", encoder=WordEncoder()) as few, served(few) as address:
        said = dict(visit(address).tags)
        assert said["twitter:card"] == "summary"
        assert "og:image" not in said
        assert requests.get(f"{address}preview.png", timeout=60).status_code == 404


def test_with_accounts_the_picture_is_not_for_everybody(engine):
    with served(engine, accounts={"reader": "secret"}) as address:
        assert requests.get(f"{address}preview.png", timeout=60).status_code == 401


def test_programs_that_ask_for_the_head_alone_get_it(named):
    assert requests.head(named, timeout=60).status_code == 200


IDENTITY = PageIdentity("T", "D", (), ())
BARE = "<html><head><style></style></head><body><title>not this</title></body></html>"


def test_a_page_without_any_tags_gets_them_too():
    page = with_head(BARE, IDENTITY, "https://example.org/")
    head, _, body = page.partition("</head>")
    assert head.count("<title>T</title>") == 1
    assert "<title>not this</title>" in body


@given(st.text(), st.text(), st.text())
def test_whatever_a_list_says_stays_text(title, description, url):
    page = with_head(BARE, PageIdentity(title, description, (), ()), url)
    assert Head(page).elements == Head(with_head(BARE, IDENTITY, "")).elements


def test_markup_of_a_list_stays_text():
    page = with_head(BARE, PageIdentity(MARKUP, MARKUP, (), ()), MARKUP)
    head = Head(page)
    assert head.elements["script"] == head.elements["img"] == 0
    assert dict(head.tags)["og:title"] == MARKUP
