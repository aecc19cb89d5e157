from __future__ import annotations

import http.client
import json
import subprocess
import sys
from urllib.parse import urlsplit

import arxiv
import pytest

from support.arxiv_feed import ArxivFeed, status
from support.paths import ROOT

SCRIPT = ROOT / "scripts" / "arxiv_feed.py"
PAPERS = [
    {"arxiv_id": f"2503.{number:05}", "title": "A title", "abstract": "An abstract."}
    for number in range(1, 31)
]
IDS = ",".join(each["arxiv_id"] for each in PAPERS)


def ask(url, query):
    """Status and content, without any library of ours between."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        connection.request("GET", f"{address.path}?{query}", headers={"Accept": "*/*"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "abstracts.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in PAPERS))
    return path


def test_it_pages_as_arxiv_does():
    with ArxivFeed(PAPERS) as feed:
        _, first = ask(feed.url, f"id_list={IDS}")
        _, last = ask(feed.url, f"id_list={IDS}&start=25&max_results=100")
    assert first.count("<entry>") == 10
    assert last.count("<entry>") == 5
    assert "<opensearch:totalResults>30</opensearch:totalResults>" in first
    assert "<opensearch:startIndex>25</opensearch:startIndex>" in last


def test_an_unknown_id_is_left_out_and_a_malformed_one_refused():
    with ArxivFeed(PAPERS) as feed:
        code, content = ask(feed.url, "id_list=2503.00001,2503.99999")
        assert (code, content.count("<entry>")) == (200, 1)
        code, content = ask(feed.url, "id_list=2503.00001,2503.1")
    assert code == 400
    assert "incorrect id format for 2503.1<" in content


def test_faults_come_in_turn_and_pass():
    with ArxivFeed(PAPERS, faults=[status(429), None, status(503)]) as feed:
        codes = [ask(feed.url, f"id_list={IDS}")[0] for _ in range(4)]
    assert codes == [429, 200, 503, 200]
    assert [len(request.ids) for request in feed.requests] == [30] * 4


def test_it_is_started_by_hand(file):
    command = [sys.executable, str(SCRIPT), str(file), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            name, url = process.stdout.readline().removeprefix("export ").strip().split("=")
            client = arxiv.Client(page_size=100, num_retries=0)
            client.query_url_format = url + "?{}"
            client._session.trust_env = False
            found = list(client.results(arxiv.Search(id_list=IDS.split(","), max_results=None)))
        finally:
            process.terminate()
            _, log = process.communicate(timeout=240)
    assert name == "RFTSEARCH_ARXIV_URL"
    assert urlsplit(url).hostname == "127.0.0.1"
    assert len(found) == len(PAPERS)
    assert "30 ids asked for: status 200, 30 papers" in log


@pytest.mark.parametrize("content", [None, "{", '{"title": "no id"}', "7"])
def test_a_file_it_cannot_serve_is_one_line(tmp_path, content):
    path = tmp_path / "abstracts.jsonl"
    if content is not None:
        path.write_text(content)
    process = subprocess.run(
        [sys.executable, str(SCRIPT), str(path), "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert process.returncode == 1
    assert process.stderr.startswith("arxiv_feed.py: cannot serve ")
    assert len(process.stderr.splitlines()) == 1
