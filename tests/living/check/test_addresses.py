from __future__ import annotations

import pytest

from rftsearch.living.check.addresses import mended
from rftsearch.living.check.mend import apply_edits
from support.checking import HEAD, entry, found

SOUND = "https://example.org/code"


def of_link(link: str) -> list[tuple[str, str, int]]:
    findings = found(HEAD + entry(1, rest=f" {link}") + entry(2))
    start = len(entry(1)) + 1
    return [(one.code, one.severity, one.column - start) for one in findings]


def after_mending(link: str) -> str:
    text = HEAD + entry(1, rest=f" {link}") + entry(2)
    edits = [one.edit for one in found(text) if one.edit]
    better, _ = apply_edits(text, edits)
    assert better.startswith(HEAD + entry(1)[:-1] + " ")
    assert better.endswith("\n" + entry(2))
    return better[len(HEAD + entry(1)) :].partition("\n")[0]


@pytest.mark.parametrize(
    "link",
    [
        f"[Code]({SOUND})",
        "[Code](docs/code.md)",
        "[Code](#code)",
        "[Mail](mailto:someone@example.org)",
        "[Code](http://example.org:8080/x)",
        "[Code](https://web.archive.org/web/2020/https://example.org)",
        "[Code](https://example.org/?next=https://example.com)",
        "[Code](https://example.org/a_(b))",
        "[![Star](https://example.org/star.svg)]()",
        "[Benchmark](https://arxiv.org/abs/cs/0501001)",
        "<img src='https://arxiv.org/html/2505.00001v1/x1.png'>",
        "[Code](https://b\u00fccher.example/x)",
        "[1] (a remark)",
    ],
)
def test_sound_links_are_left_alone(link):
    assert of_link(link) == []
    assert after_mending(link) == link


@pytest.mark.parametrize(
    ("link", "severity", "better"),
    [
        ("[[Code]()]", "warning", "[[Code]()]"),
        ("[Coming soon]()", "note", "Coming soon"),
        ("[]()", "warning", ""),
        ('<a href="">Code</a>', "warning", '<a href="">Code</a>'),
    ],
)
def test_links_without_an_address_are_found(link, severity, better):
    ((code, found_severity, _),) = of_link(link)
    assert (code, found_severity) == ("empty-link", severity)
    assert after_mending(link) == better


@pytest.mark.parametrize(
    ("link", "better"),
    [
        ("[Code](htttps://example.org/code)", f"[Code]({SOUND})"),
        ("[Code](https//example.org/code)", f"[Code]({SOUND})"),
        ("[Code](https:/example.org/code)", f"[Code]({SOUND})"),
        ("[Code](https:\\\\example.org/code)", f"[Code]({SOUND})"),
        ("[Code](https:// example.org/code)", f"[Code]({SOUND})"),
        ("[Code](https://https://example.org/code)", f"[Code]({SOUND})"),
        ("[Code](github.com/example/code)", "[Code](https://github.com/example/code)"),
        ("[Code](www.example.org/code)", "[Code](https://www.example.org/code)"),
        ("[Code](https://example.org/\u200bcode)", f"[Code]({SOUND})"),
        (f"[[Code]({SOUND}]", f"[[Code]({SOUND})]"),
        (f"[Code] ({SOUND})", f"[Code]({SOUND})"),
        (
            "[Benchmark](https://arxiv.org/abs/2504.00009,)",
            "[Benchmark](https://arxiv.org/abs/2504.00009)",
        ),
        ('<a href="htps://example.org/code">Code</a>', f'<a href="{SOUND}">Code</a>'),
    ],
)
def test_malformed_addresses_with_one_way_to_mend_them_are_mended(link, better):
    assert [(code, severity) for code, severity, _ in of_link(link)] == [("broken-link", "error")]
    assert after_mending(link) == better
    assert after_mending(better) == better


@pytest.mark.parametrize(
    "link",
    [
        "[Paper](https://arxiv.org/abs/2505.123456)",
        "[Paper](https://arxiv.org/pdf/https://example.org/a.pdf)",
        "[Paper](https://arxiv.org/pdf/1705.05065.pdf%20http://arxiv.org/abs/1705.05065)",
        "[Code](https://example)",
        "[Code](https://example,org/x)",
        "[Code](https://example.org/a b)",
        "[Code](javascript:alert)",
    ],
)
def test_malformed_addresses_that_may_mean_several_things_are_only_named(link):
    assert ("broken-link", "error") in [(code, severity) for code, severity, _ in of_link(link)]
    assert after_mending(link) == link


def test_http_becomes_https_where_the_host_is_known_to_have_it():
    assert of_link("[Code](http://github.com/example/code)") == [("plain-http", "note", 0)]
    better = "[Code](https://github.com/example/code)"
    assert after_mending("[Code](http://github.com/example/code)") == better


def test_a_version_is_named_where_other_links_have_none():
    pinned = entry(9).replace("00009)", "00009v2)")
    few = found(HEAD + "".join(map(entry, range(1, 9))) + pinned)
    assert [(one.code, one.severity, one.line) for one in few] == [("pinned-version", "note", 13)]
    assert few[0].edit is None
    assert found(HEAD + entry(1) + pinned) == []


def test_what_is_sound_is_not_mended():
    assert mended(SOUND) == SOUND
    assert mended("docs/code.md") is None
