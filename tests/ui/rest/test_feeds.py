"""Feeds of a question and of the list, and answers that follow the index."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
import requests

from rftsearch import Engine, update_index
from rftsearch.index.build.build import build_index
from support.encoder import WordEncoder
from support.serving import served

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = "# A list\n## Videos\n- [2503] [ClipMind] [Watching](https://arxiv.org/abs/2503.00003)\n"
SECOND = "- [2401] [ClipOld] [Watching again](https://arxiv.org/abs/2401.00004)\n"


def titles(feed) -> list[str]:
    return [one.findtext(f"{ATOM}title") for one in feed.iter(f"{ATOM}entry")]


def test_a_feed_of_a_question(address, engine):
    answer = requests.get(f"{address}api/search.atom?q=reward&k=2", timeout=60)
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = fromstring(answer.content)  # noqa: S314 - our own
    found = engine.search("reward", 2, sort="newest")
    assert titles(feed) == [hit.paper.title for hit in found]
    assert feed.findtext(f"{ATOM}title").endswith(": reward")
    [own] = [one for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert own.get("href") == answer.url
    assert [one.findtext(f"{ATOM}updated") for one in feed.iter(f"{ATOM}entry")] == [
        "2025-05-01T00:00:00Z", "2025-04-01T00:00:00Z",
    ]  # fmt: skip
    oldest = requests.get(f"{address}api/search.atom?q=reward&sort=oldest", timeout=60)
    assert titles(fromstring(oldest.content))[0] == "ClipMind: Reasoning over Video"  # noqa: S314


def test_a_feed_of_the_list(address, engine):
    answer = requests.get(f"{address}api/list.atom?k=4&has=code", timeout=60)
    feed = fromstring(answer.content)  # noqa: S314 - our own
    assert titles(feed)[0] == engine.papers(limit=1, has=["code"])[0].title
    again = requests.get(f"{address}api/list.atom?has=code&k=4", timeout=60)
    assert fromstring(again.content).findtext(f"{ATOM}id") == feed.findtext(f"{ATOM}id")  # noqa: S314


@pytest.mark.parametrize("query", ["", "q=x&since=soon", "q=x&detail=brief"])
def test_a_mistake_is_one_line_of_json(address, query):
    answer = requests.get(f"{address}api/search.atom?{query}", timeout=60)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_answers_and_feeds_follow_the_index(tmp_path):
    (tmp_path / "list.md").write_text(FIRST, "utf-8")
    build_index(tmp_path / "index", [tmp_path / "list.md"], encoder=WordEncoder(), offline=True)
    with (
        Engine.open(tmp_path / "index", encoder=WordEncoder()) as engine,
        served(engine) as address,
    ):
        at, feed = f"{address}api/list", f"{address}api/list.atom"
        before = requests.get(at, timeout=60)
        (tmp_path / "more.md").write_text(FIRST.splitlines()[0] + "\n## Videos\n" + SECOND, "utf-8")
        update_index(
            tmp_path / "index", [tmp_path / "more.md"], encoder=WordEncoder(), offline=True
        )
        after = requests.get(at, headers={"If-None-Match": before.headers["etag"]}, timeout=60)
        assert (before.json()["total"], after.json()["total"]) == (1, 2)
        entries = fromstring(requests.get(feed, timeout=60).content).iter(f"{ATOM}entry")  # noqa: S314
        when = {one.findtext(f"{ATOM}title"): one.findtext(f"{ATOM}updated") for one in entries}
        assert when["Watching"] == "2025-03-01T00:00:00Z"
        assert when["Watching again"] == engine.version.partition("/")[2]
