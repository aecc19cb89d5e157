from __future__ import annotations

from rftsearch.sources.web.link_status import LinkAsker
from support.asked import AskedServer
from support.checking import HEAD, check_text, entry


def test_dead_and_moved_links_are_found_with_their_lines(tmp_path):
    answers = {"/a": (200, {}), "/old": (301, {"Location": "/a"}), "/shy": (403, {})}
    with AskedServer(answers) as server:
        text = HEAD + "".join(
            entry(n, rest=f" [[Code]({server.url}{path})]")
            for n, path in enumerate(("/a", "/gone", "/old", "/shy"), start=1)
        )
        asker = LinkAsker(sleep=[].append, public=lambda _: True)
        report = check_text(tmp_path, text, links=asker)
        assert [(one.code, one.severity, one.line) for one in report.findings] == [
            ("dead-link", "error", 6),
            ("moved-link", "note", 7),
        ]
        assert "(404 Not Found)" in report.findings[0].message
        assert report.findings[1].message == f"The address has moved to {server.url}/a"
        unsure = "dead-link for 1 of 4 addresses: 403 Forbidden (1)"
        assert any(sentence.endswith(unsure) for sentence in report.not_checked)
        server.asked.clear()
        assert check_text(tmp_path, text).findings == ()
        assert (
            check_text(tmp_path, text, links=asker, ignore=["dead-link", "moved-link"]).findings
            == ()
        )
        assert server.asked == []


class Refuser(LinkAsker):
    """Fails if it is asked anything."""

    def ask(self, urls):
        assert list(urls) == []
        return {}


def test_pages_of_arxiv_and_malformed_addresses_are_not_asked(tmp_path):
    text = HEAD + entry(1, rest=" [[Code](htps://example.org)] ![i](https://example.org/i.png)")
    report = check_text(tmp_path, text, links=Refuser())
    assert [one.code for one in report.findings] == ["broken-link"]
