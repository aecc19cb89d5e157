"""Lists at addresses: files of every kind, and repositories, folders, files and gists of GitHub."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import rftsearch
from rftsearch import Engine, build_index, update_index
from rftsearch.errors import FetchError, SourceError
from rftsearch.papers.about import ListAbout
from rftsearch.sources.base import ParsedList
from rftsearch.sources.markdown.list_file import MarkdownList
from rftsearch.sources.registry import open_source
from rftsearch.sources.web import repository
from rftsearch.sources.web.fetch import Fetcher
from rftsearch.sources.web.places import Place, find_place, raw_address, repository_named
from rftsearch.sources.web.web_list import WebList, web_address
from support.encoder import WordEncoder
from support.web import Reply, WebServer, redirect


def item(number: int, title: str = "Lamp") -> str:
    return f"- [{title} {number}](https://arxiv.org/abs/2503.{number:05})\n"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[WebServer]:
    """A server that also plays GitHub; the copies of a test are its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    with WebServer() as server:
        monkeypatch.setenv("RFTSEARCH_GITHUB_URL", server.url)
        yield server


def places(parsed: ParsedList) -> list[tuple[str, str, str]]:
    return [(p.id, p.provenance[0].source, p.category) for p in parsed.papers]


# --- files at any address -----------------------------------------------------------------

MARKDOWN = "# My lamps\n\n## Night\n\n" + item(1)
CSV = "title,arxiv\nLamp 1,2503.00001\n"
YAML = "- title: Lamp 1\n  arxiv: 2503.00001\n"
JSON = '[{"title": "Lamp 1", "arxiv": "2503.00001"}]'
LINES = '{"title": "Lamp 1", "arxiv_id": "2503.00001"}\n{"title": "Two"}\n'
BIB = "@article{a1,\n title = {Lamp 1},\n eprint = {2503.00001},\n archiveprefix = {arXiv}\n}\n"
RIS = "TY  - JOUR\r\nTI  - Lamp 1\r\nUR  - https://arxiv.org/abs/2503.00001\r\nER  - \r\n"
CSL = '[{"id": "a1", "type": "article", "title": "Lamp 1", "URL": "https://arxiv.org/abs/2503.00001"}]'


@pytest.mark.parametrize(
    ("path", "content", "media_type"),
    [
        ("/lists/mine.md", MARKDOWN, "text/plain"),
        ("/mine.csv?raw=1", CSV, ""),
        ("/mine.yaml", YAML, "application/octet-stream"),
        ("/mine.json", JSON, "text/html"),
        ("/mine.json", CSL, ""),
        ("/mine.jsonl", LINES, ""),
        ("/mine.bib", BIB, ""),
        ("/mine.ris", RIS, ""),
        ("/get", MARKDOWN, "text/markdown; charset=utf-8"),
        ("/get", CSV, "text/csv"),
        ("/get", YAML, "application/yaml"),
        ("/get", JSON, "application/json"),
        ("/get", LINES, "application/x-ndjson"),
        ("/get", BIB, "application/x-bibtex"),
        ("/get", RIS, "application/x-research-info-systems"),
        ("/get", MARKDOWN, "text/plain"),
        ("/get", CSV, "text/plain"),
        ("/get", YAML, "text/plain"),
        ("/get", JSON, ""),
        ("/get", LINES, "application/octet-stream"),
        ("/get", BIB, "text/plain"),
        ("/get", RIS, ""),
        ("/get", CSL, ""),
    ],
)
def test_the_kind_is_told_by_name_then_by_type_then_by_content(web, path, content, media_type):
    web.answers[path] = Reply(content, headers={"Content-Type": media_type} if media_type else {})
    parsed = rftsearch.read_list(web.url + path)
    paper = parsed.papers[0]
    assert (paper.id, paper.title) == ("2503.00001", "Lamp 1")
    assert paper.provenance[0].source == f"{web.url}{path}".partition("?")[0].partition("//")[2]
    assert parsed.problems == ()
    assert parsed.about.home == web.url + path


def test_the_name_that_the_server_gives_counts_too(web):
    head = {"Content-Disposition": 'attachment; filename="mine.tsv"', "Content-Type": "text/plain"}
    web.answers["/get"] = Reply("title\turl\nLamp, lit\thttps://example.org\n", headers=head)
    assert rftsearch.read_list(f"{web.url}/get").papers[0].title == "Lamp, lit"


def test_the_encoding_that_the_server_names_is_read(web):
    head = {"Content-Type": "text/csv; charset=windows-1252"}
    web.answers["/a.csv"] = Reply("title\nL\u00e4mpchen\n".encode("cp1252"), headers=head)
    web.answers["/b.csv"] = Reply("title\nL\u00e4mpchen\n".encode(), headers=head)
    for name in ("a", "b"):
        assert rftsearch.read_list(f"{web.url}/{name}.csv").papers[0].title == "L\u00e4mpchen"


def test_what_a_list_says_of_itself_is_kept(web):
    web.answers["/mine.md"] = Reply(MARKDOWN)
    parsed = rftsearch.read_list(f"{web.url}/mine.md")
    assert (parsed.about.title, parsed.about.home) == ("My lamps", f"{web.url}/mine.md")
    assert places(parsed) == [("2503.00001", f"{web.url[7:]}/mine.md", "Night")]
    told = json.dumps(
        {"title": "Mine", "homepage": "https://example.org", "papers": [{"title": "A1"}]}
    )
    web.answers["/mine.json"] = Reply(told)
    assert rftsearch.read_list(f"{web.url}/mine.json").about == ListAbout(
        title="Mine", home="https://example.org"
    )


@pytest.mark.parametrize("path", ["/mine.csv", "/", "/page"])
def test_a_web_page_is_no_list(web, path):
    page = "<!DOCTYPE html>\n<html><body>Log in</body></html>"
    web.answers[path] = Reply(page, headers={"Content-Type": "text/html"})
    with pytest.raises(SourceError, match=r"is a web page, not a list; give the address of the"):
        rftsearch.read_list(web.url + path)


def test_what_is_broken_or_empty_says_so(web):
    web.answers |= {"/a.json": Reply("{"), "/b.md": Reply("Nothing.\n"), "/c.csv": Reply(b"\xe9")}
    as_bibtex = {"Content-Type": "application/x-bibtex"}
    web.answers["/library"] = Reply("@misc{a, year = 2025}", headers=as_bibtex)
    with pytest.raises(SourceError, match=r"no paper at .*library \(.*line 1: it has no title\)"):
        list(open_source(f"{web.url}/library").read(lambda *_: None))
    with pytest.raises(SourceError, match=r"a\.json is not JSON \(line 1"):
        rftsearch.read_list(f"{web.url}/a.json")
    with pytest.raises(SourceError, match=r"c\.csv is not UTF-8 text"):
        rftsearch.read_list(f"{web.url}/c.csv")
    assert rftsearch.read_list(f"{web.url}/b.md").papers == ()
    with pytest.raises(SourceError, match=r"no paper at http://.*/b\.md; give the address"):
        list(WebList(f"{web.url}/b.md").read(lambda *_: None))


@pytest.mark.parametrize(
    ("shown", "raw"),
    [
        ("https://gitlab.com/a/b/-/blob/main/x.md", "https://gitlab.com/a/b/-/raw/main/x.md"),
        ("https://codeberg.org/a/b/src/branch/main/x.md", "https://codeberg.org/a/b/raw/branch/main/x.md"),
        ("https://huggingface.co/datasets/a/b/blob/main/x.csv", "https://huggingface.co/datasets/a/b/resolve/main/x.csv"),
        ("https://docs.google.com/spreadsheets/d/a-1/edit?usp=sharing", "https://docs.google.com/spreadsheets/d/a-1/export?format=csv"),
        ("https://docs.google.com/spreadsheets/d/a-1/edit#gid=7", "https://docs.google.com/spreadsheets/d/a-1/export?format=csv&gid=7"),
        ("https://example.org/a.md#part", "https://example.org/a.md"),
    ],
)  # fmt: skip
def test_pages_that_show_a_file_are_turned_into_the_file(shown, raw):
    assert raw_address(shown) == raw


# --- addresses of GitHub ------------------------------------------------------------------


RAW = "https://raw.githubusercontent.com"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://github.com/a/b", Place("a", "b")),
        ("http://www.github.com/a/b.git", Place("a", "b")),
        ("https://github.com/a/b/?tab=readme-ov-file#audio", Place("a", "b")),
        ("https://github.com/a/b/issues", Place("a", "b")),
        ("https://github.com/a/b/tree/main", Place("a", "b", "folder", "main")),
        ("https://github.com/a/b/tree/main/c/d", Place("a", "b", "folder", "main/c/d")),
        ("https://github.com/a/b/blob/main/c%20d.md#x", Place("a", "b", "file", "main/c d.md")),
        ("https://github.com/a/b/raw/main/c.md", Place("a", "b", "file", "main/c.md")),
        (f"{RAW}/a/b/main/c/d.md", Place("a", "b", "file", "main/c/d.md")),
        (f"{RAW}/a/b/refs/heads/main/c.md", Place("a", "b", "file", "main/c.md")),
        ("https://gist.github.com/a/0123abc", Place("a", "0123abc", "gist")),
        ("https://example.org/a/b", None),
    ],
)
def test_what_an_address_means(url, place):
    assert find_place(url) == place
    if place:
        assert find_place(place.address) == place
        assert WebList(url).key == place.address


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://github.com/example", "is no repository; write https://github.com/owner/name"),
        ("https://github.com/", "is no repository"),
        ("https://github.com/a/b/blob/main", "is no list; give the repository"),
        ("https://github.com/a/b/actions/runs/1", "is no list"),
        ("https://github.com/a/../etc", "is no repository|is no list"),
        ("https://gist.github.com/example", "is no gist"),
    ],
)
def test_an_address_of_github_that_leads_to_no_list(url, message):
    with pytest.raises(SourceError, match=message):
        WebList(url).parse()


@pytest.mark.parametrize("given", ["http://[::1", "https://", "http://h:port/a.md", "https:/h:0"])
def test_what_is_no_address_is_named_with_the_cure(given):
    with pytest.raises(SourceError, match="is no web address; write it like https://"):
        open_source(given)


def test_what_is_given_for_a_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lists" / "mine").mkdir(parents=True)
    url = "https://github.com/example/lamps"
    for given in ("example/lamps", "github:example/lamps", "git@github.com:example/lamps.git", url):
        source = open_source(given, offline=True)
        assert isinstance(source, WebList)
        assert (source.url, source.key, source.label) == (url, url, "example/lamps")
        assert source.offline
    assert open_source(Path("https://example.org/a.md")) == WebList("https://example.org/a.md")
    assert open_source("HTTPS://example.org/a.md").key == "https://example.org/a.md"
    assert not isinstance(open_source("lists/mine"), WebList)
    for path in ("lists/other.md", "./lists/other", "a/b/c", "gone/", "other", "-a/b"):
        assert open_source(path) == MarkdownList(Path(path))
    assert open_source(Path("example/lamps")) == MarkdownList(Path("example/lamps"))
    assert repository_named("a/..") is None
    assert web_address("C:/lists/a.md") is None
    with pytest.raises(SourceError, match="write github:owner/name"):
        open_source("github:lamps")


def test_an_address_of_github_needs_no_scheme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given in ("github.com/example/lamps", "GitHub.com/example/lamps"):
        assert open_source(given).label == "example/lamps"
    (tmp_path / "github.com" / "example" / "lamps").mkdir(parents=True)
    assert not isinstance(open_source("github.com/example/lamps"), WebList)


@pytest.mark.parametrize("given", ["ftp://example.org/a.md", "file:///lists/a.md", "s3://a/b.bib"])
def test_an_address_that_cannot_be_fetched_is_no_path(given):
    with pytest.raises(SourceError, match=rf"{given[:2]}.* addresses are not read: .*https://"):
        open_source(given)


# --- repositories -------------------------------------------------------------------------


def test_a_repository_is_its_readme_with_what_github_says_of_it(web):
    about = {
        "name": "lamps",
        "description": "Papers on lamps",
        "license": {"name": "MIT License", "spdx_id": "MIT"},
        "pushed_at": "2026-05-03T10:00:00Z",
    }
    web.holds("example/lamps", {"README.md": MARKDOWN}, **about)
    parsed = rftsearch.read_list("example/lamps")
    assert places(parsed) == [("2503.00001", "example/lamps/README.md", "Night")]
    assert parsed.about == ListAbout(
        "My lamps",
        "Papers on lamps",
        "https://github.com/example/lamps",
        "MIT License",
        "2026-05-03",
    )
    assert parsed.account == ()
    assert web.paths == ["/raw/example/lamps/HEAD/README.md", "/api/repos/example/lamps"]


@pytest.mark.parametrize(
    "path",
    ["HEAD/readme.md", "HEAD/README", "HEAD/docs/README.md", "main/README.md", "master/readme.md"],
)
def test_a_readme_is_found_under_its_usual_names(web, path):
    web.answers[f"/raw/example/lamps/{path}"] = Reply(item(1))
    assert [paper.id for paper in rftsearch.read_list("example/lamps").papers] == ["2503.00001"]


def test_what_github_does_not_say_is_told(web):
    web.answers["/raw/example/lamps/HEAD/README.md"] = Reply(item(1))
    web.answers["/api/repos/example/lamps"] = Reply(
        status=403, headers={"X-RateLimit-Remaining": "0"}
    )
    parsed = rftsearch.read_list("example/lamps")
    assert "licence and date are not known" in parsed.account[-1]
    assert "set GITHUB_TOKEN" in parsed.account[-1]
    assert parsed.about.home == "https://github.com/example/lamps"


def test_the_lists_that_a_readme_links_to_are_read(web):
    readme = (
        "# My lamps\n\n- [Night](topics/night.md)\n- [Day](./topics/day.md#top)\n"
        "- [Data](/data/papers.csv) and [library](library.bib)\n- [Sound](sound/)\n"
        "- [Same](https://github.com/Example/Lamps/blob/main/more.yml)\n"
        "- [Elsewhere](https://github.com/example/other/blob/main/x.md)\n"
        "- [Above](../../secret.md) [Page](about.html) [Gone](gone.md) [License](LICENSE)\n"
        "- [How to add](CONTRIBUTING.md) [Chinese](README_zh.md)\n\n"
        + item(1).strip()
        + " [[notes](notes/lamp-1.md)]\n"
    )
    web.holds(
        "example/lamps",
        {
            "README.md": readme,
            "topics/night.md": item(2) + "\n[deeper](deeper.md) [back](../README.md)\n",
            "topics/deeper.md": item(3) + "\n[no further](further.md)\n",
            "topics/further.md": item(4),
            "topics/day.md": item(5),
            "data/papers.csv": "title,arxiv\nLamp 6,2503.00006\n",
            "library.bib": BIB.replace("00001", "00007"),
            "sound/README.md": "# Sound\n\n" + item(8),
            "more.yml": "- arxiv: 2503.00009\n",
            "notes/lamp-1.md": item(10),
            "CONTRIBUTING.md": item(11),
            "README_zh.md": item(12),
        },
        name="lamps",
    )
    parsed = rftsearch.read_list("https://github.com/example/lamps")
    found = {paper.id[-2:]: paper.provenance[0].source for paper in parsed.papers}
    assert found == {
        "01": "example/lamps/README.md",
        "02": "example/lamps/topics/night.md",
        "05": "example/lamps/topics/day.md",
        "06": "example/lamps/data/papers.csv",
        "07": "example/lamps/library.bib",
        "08": "example/lamps/sound/README.md",
        "09": "example/lamps/more.yml",
        "03": "example/lamps/topics/deeper.md",
    }
    categories = {paper.id[-2:]: paper.category for paper in parsed.papers}
    assert (categories["02"], categories["08"]) == ("Night", "Sound")
    assert parsed.problems == ()
    assert parsed.account == (
        "example/lamps: papers in 8 files",
        "example/lamps: not read, as it repeats the README: README_zh.md",
        "example/lamps: linked but not there: gone.md",
    )
    assert len(web.paths) == len(set(web.paths))  # Nothing is fetched twice.


def test_of_very_many_linked_lists_the_first_are_read(web, monkeypatch):
    monkeypatch.setattr(repository, "MOST_FETCHED", 2)
    links = "".join(f"- [Part {n}](part-{n}.md)\n" for n in range(9))
    parts = {f"part-{n}.md": item(n + 1) for n in range(9)}
    web.holds("example/lamps", {"README.md": links, **parts}, name="lamps")
    parsed = rftsearch.read_list("example/lamps")
    assert len(parsed.papers) == 2
    assert parsed.account[-1] == (
        "example/lamps: linked but not read, as 2 files or 128 MiB are the most: part-2.md, "
        "part-3.md, part-4.md, part-5.md, part-6.md and 2 more files"
    )


def test_a_linked_list_that_cannot_be_fetched_stops_all(web):
    web.holds("example/lamps", {"README.md": item(1) + "- [Night](night.md)\n"}, name="lamps")
    web.answers["/raw/example/lamps/HEAD/night.md"] = Reply(status=403)
    with pytest.raises(FetchError, match=r"night\.md: it lets nobody in"):
        rftsearch.read_list("example/lamps")


def test_without_papers_in_the_readme_all_lists_of_the_repository_are_read(web):
    files = {
        "README.md": "# My lamps\n\nSee the page.\n",
        "data/papers.yml": "- arxiv: 2503.00001\n",
        ".github/x.md": item(2),
        "site/package.json": '{"name": "x"}',
    }
    web.holds("example/lamps", files, name="lamps")
    parsed = rftsearch.read_list("example/lamps")
    assert [paper.id for paper in parsed.papers] == ["2503.00001"]
    assert parsed.about.title == "My lamps"


def test_without_a_readme_all_lists_of_the_repository_are_read(web):
    web.holds("example/lamps", {"papers.bib": BIB}, name="lamps")
    parsed = rftsearch.read_list("example/lamps")
    assert [paper.id for paper in parsed.papers] == ["2503.00001"]


def test_all_files_of_a_repository_together_are_bounded(web, monkeypatch):
    monkeypatch.setattr(repository, "_MOST_BYTES", 100)
    files = {f"part-{n}.md": item(n + 1) for n in range(9)}
    web.holds("example/lamps", files, name="lamps")
    parsed = rftsearch.read_list("example/lamps")
    assert len(parsed.papers) == 3
    assert "not read, as 60 files or 0 MiB are the most" in parsed.account[-1]


def test_offline_what_was_not_there_is_still_not_there(web):
    readme = item(1) + "- [Night](night.md)\n- [Gone](gone.md)\n"
    web.holds("example/lamps", {"readme.md": readme, "night.md": item(2)}, name="lamps")
    online = rftsearch.read_list("example/lamps")
    asked = len(web.requests)
    offline = rftsearch.read_list("example/lamps", offline=True)
    assert offline.papers == online.papers
    assert offline.about == online.about
    assert offline.account[:-1] == online.account
    assert len(web.requests) == asked


def test_a_folder_of_a_repository(web):
    files = {"README.md": item(1), "topics/night.md": item(2), "topics/in/day.csv": CSV}
    web.holds("example/lamps", files, name="lamps")
    parsed = rftsearch.read_list("https://github.com/example/lamps/tree/main/topics")
    assert places(parsed) == [
        ("2503.00001", "example/lamps/topics/in/day.csv", "Day"),
        ("2503.00002", "example/lamps/topics/night.md", "Night"),
    ]
    assert parsed.about.home == "https://github.com/example/lamps/tree/main/topics"


def test_a_branch_may_hold_a_slash(web):
    listing = json.dumps({"tree": [{"path": "topics/a.md", "type": "blob"}]})
    web.answers["/api/repos/example/lamps/git/trees/new/lamps?recursive=1"] = Reply(listing)
    web.answers["/raw/example/lamps/new/lamps/topics/a.md"] = Reply(item(1))
    parsed = rftsearch.read_list("https://github.com/example/lamps/tree/new/lamps/topics")
    assert [paper.id for paper in parsed.papers] == ["2503.00001"]
    with pytest.raises(FetchError, match="there is nothing at"):
        rftsearch.read_list("https://github.com/example/lamps/tree/old/lamps/topics")


@pytest.mark.parametrize("form", ["https://github.com/example/lamps/blob", f"{RAW}/example/lamps"])
def test_a_file_of_a_repository(web, form):
    web.answers["/raw/example/lamps/new/lamps/my list.md"] = Reply(MARKDOWN)
    parsed = rftsearch.read_list(f"{form}/new/lamps/my%20list.md")
    assert places(parsed) == [("2503.00001", "example/lamps/lamps/my list.md", "Night")]
    assert parsed.about.home == "https://github.com/example/lamps/blob/new/lamps/my%20list.md"


def test_a_gist(web):
    said = {"files": {"a.md": {}, "b.csv": {}, "c.png": {}}, "description": "Lamps"}
    web.answers |= {
        "/api/gists/0a1": Reply(json.dumps(said)),
        "/gists/example/0a1/raw/a.md": Reply(item(1)),
        "/gists/example/0a1/raw/b.csv": Reply("title,arxiv\nLamp 2,2503.00002\n"),
    }
    parsed = rftsearch.read_list("https://gist.github.com/example/0a1")
    assert [paper.id for paper in parsed.papers] == ["2503.00001", "2503.00002"]
    assert parsed.about.home == "https://gist.github.com/example/0a1"
    assert parsed.about.description == "Lamps"


def test_what_is_neither_a_path_nor_a_repository(web):
    with pytest.raises(FetchError, match=r"there is no file example/lamps here; there is no repos"):
        rftsearch.read_list("example/lamps")
    web.answers["/api/gists/0a1"] = Reply("[]")
    with pytest.raises(FetchError, match="does not answer as GitHub does"):
        rftsearch.read_list("https://gist.github.com/example/0a1")


# --- builds -------------------------------------------------------------------------------


def page(name: str) -> str:
    """An entry of which arXiv is asked nothing."""
    return f"- [{name} in a list](https://openreview.net/forum?id={name})\n"


def build(index: Path, *sources: str, offline: bool = False) -> rftsearch.BuildReport:
    return build_index(index, sources, encoder=WordEncoder(), offline=offline)


def test_an_index_remembers_an_address_and_a_failed_fetch_changes_nothing(web, tmp_path):
    index = tmp_path / "index"
    web.holds("example/lamps", {"README.md": page("Lamp") + page("Drum")}, name="lamps")
    first = build(index, "example/lamps")
    assert first.manifest.sources == ("https://github.com/example/lamps",)
    assert first.manifest.about["https://github.com/example/lamps"].home
    web.answers["/raw/example/lamps/HEAD/README.md"] = Reply(status=403)
    with pytest.raises(FetchError, match="it lets nobody in"):
        build(index)
    with Engine.open(index, encoder=WordEncoder()) as engine:
        assert len(list(engine.papers())) == 2
    web.holds("example/lamps", {"README.md": page("Lamp")}, name="lamps")
    assert build(index).removed == 1


def test_offline_the_copies_are_read_and_that_is_told(web, tmp_path):
    index = tmp_path / "index"
    web.holds(
        "example/lamps",
        {"README.md": item(1) + "- [Night](night.md)\n", "night.md": item(2)},
        name="lamps",
    )
    build(index, "example/lamps")
    asked = len(web.requests)
    report = build(index, offline=True)
    assert len(web.requests) == asked
    assert report.manifest.counts["papers"] == 2
    assert any(
        "nothing was fetched; read from the copies of 20" in line for line in report.outcome.account
    )
    with pytest.raises(FetchError, match="was never fetched, and --offline fetches nothing"):
        build(index, "example/other", offline=True)


def test_a_list_at_an_address_is_added(web, tmp_path):
    index = tmp_path / "index"
    mine = tmp_path / "mine.md"
    mine.write_text(item(1), "utf-8")
    build(index, str(mine), offline=True)
    web.answers["/more.csv"] = Reply("title,url\nDrum,https://example.org/drum\n")
    report = update_index(index, f"{web.url}/more.csv", encoder=WordEncoder())
    assert report.manifest.sources[1] == f"{web.url}/more.csv"
    assert report.added == 1


def test_a_redirect_is_followed_to_the_list(web):
    web.answers |= {"/get": redirect("/files/mine.csv"), "/files/mine.csv": Reply(CSV)}
    assert [paper.id for paper in rftsearch.read_list(f"{web.url}/get").papers] == ["2503.00001"]


def test_a_fetcher_of_ones_own(web, tmp_path):
    web.answers["/a.md"] = Reply(item(1))
    source = WebList(f"{web.url}/a.md", fetcher=Fetcher(copies=tmp_path / "own"))
    assert len(source.parse().papers) == 1
    assert len(list((tmp_path / "own").iterdir())) == 1


def test_opening_a_source_loads_nothing_that_fetches():
    script = (
        "import sys; from rftsearch.sources.registry import open_source\n"
        "print(open_source('https://github.com/example/lamps').label)\n"
        "print([m for m in ('requests', 'urllib3', 'bibtexparser') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout.split("\n")[:2] == ["example/lamps", "[]"]
