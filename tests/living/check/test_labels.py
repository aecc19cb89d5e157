from __future__ import annotations

import pytest

from rftsearch.papers.paper import ArxivMetadata
from support.checking import HEAD, codes, entry, found

HF = "https://huggingface.co"
CODE = " [[Code](https://github.com/example/code{})]"


@pytest.mark.parametrize(
    ("label", "url", "severity"),
    [
        ("Code", f"{HF}/datasets/example/lamps", "warning"),
        ("Code \U0001f4bb", "https://dl.acm.org/doi/10.1145/1", "warning"),
        ("Code", "https://lamps.github.io/", "note"),
        ("Dataset", "https://arxiv.org/abs/2504.00009", "warning"),
        ("Datasets", f"{HF}/example/lamp-7b", "warning"),
        ("Model", f"{HF}/datasets/example/lamps", "warning"),
        ("Demo", "https://arxiv.org/pdf/2504.00009", "warning"),
        ("Paper", f"{HF}/datasets/example/lamps", "warning"),
        ("Paper", "https://www.youtube.com/watch?v=1", "warning"),
    ],
)
def test_a_label_that_contradicts_its_target_is_found(label, url, severity):
    text = HEAD + entry(1, rest=f" [[{label}]({url})]") + entry(2, rest=CODE.format(2))
    (finding,) = [one for one in found(text) if one.code == "link-label"]
    assert (finding.severity, finding.line) == (severity, 5)
    assert finding.text.startswith("A Study of Lantern")


@pytest.mark.parametrize(
    ("label", "url"),
    [
        ("Code", "https://github.com/example/lamps"),
        ("Code", "https://gitlab.com/example/lamps"),
        ("Project", "https://github.com/example/lamps"),
        ("Dataset", "https://github.com/example/lamps"),
        ("Dataset", f"{HF}/collections/example/lamps"),
        ("Datasets", f"{HF}/example"),
        ("Datasets", f"{HF}/example/datasets"),
        ("Models", f"{HF}/collections/example/lamps"),
        ("Model", "https://www.dropbox.com/x"),
        ("Paper", "https://example.org/lamps.pdf"),
        ("Paper", f"{HF}/papers/2504.00009"),
        ("Large Language Models Can Improve Themselves", "https://arxiv.org/abs/2504.00009"),
    ],
)
def test_a_label_that_may_be_right_is_left_alone(label, url):
    text = HEAD + entry(1, rest=f" [[{label}]({url})]") + entry(2, rest=CODE.format(2))
    assert "link-label" not in {one.code for one in found(text)}


def test_what_a_list_always_means_by_a_label_contradicts_nothing():
    page = "- **A Study of Lantern Number {0} and Its Flame**, 2025\n  [page](https://arxiv.org/abs/2505.0000{0})\n"
    assert found(HEAD + "".join(page.format(number) for number in range(1, 6))) == []


def abstract(text: str) -> ArxivMetadata:
    return ArxivMetadata("2505.00001", "A Study of Lantern Number 1 and Its Flame", text)


OTHERS = "".join(entry(n, rest=CODE.format(n)) for n in range(2, 6))


@pytest.mark.parametrize(
    "text",
    [
        "We light lamps. Code is available at https://github.com/example/lantern.",
        r"The code is at \url{https://github.com/example/lantern}.",
        "Our implementation: github.com/example/lantern",
    ],
)
def test_a_link_that_the_abstract_offers_is_missed(text):
    (finding,) = found(HEAD + entry(1) + OTHERS, abstract(text))
    assert (finding.code, finding.severity, finding.line) == ("missing-link", "note", 5)
    assert "github.com/example/lantern, but the entry has no code link." in finding.message


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        (CODE.format(1), "Code is available at https://github.com/other/lantern."),
        ("", "We compare with the lamps of https://github.com/example/lantern."),
        ("", "Lamps are lit. The licence is https://openmdw.example/license."),
        ("", "Our project page: https://lantern.github.io."),
        ("", "Code is available at this https URL"),
    ],
    ids=["has code", "of others", "no kind", "no habit of projects", "address left out"],
)
def test_a_link_that_is_served_or_not_wanted_is_not_missed(rest, text):
    assert found(HEAD + entry(1, rest=rest) + OTHERS, abstract(text)) == []


def test_the_same_repository_in_another_form_is_not_missed():
    rest = " [[Project](https://www.github.com/Example/Lantern/tree/main)]"
    known = abstract("Code: https://github.com/example/lantern.git")
    assert codes(found(HEAD + entry(1, rest=rest) + OTHERS, known)) == []
