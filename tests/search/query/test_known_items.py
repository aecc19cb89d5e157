"""Papers asked for by name come first; names that are words leave questions alone."""

from __future__ import annotations

import pytest

from rftsearch.index.build.build import build_index
from rftsearch.search.engine import Engine
from support.encoder import WordEncoder
from support.library import write_list

NAMES = """\
## Vision (Image)

* [2505] [PLM-Q1] [PLM-Q1: A Steady and General Learner](https://arxiv.org/abs/2505.00001)
* [2505] [PLM-Q2] [PLM-Q2: The Same Once More](https://arxiv.org/abs/2505.00002)
* [2504] [OpenPLThinker] [OpenPLThinker: Slow Answers Open to All](https://arxiv.org/abs/2504.00003)
* [2504] [SWIFT] [SWIFT: Robot Scans without Words](https://arxiv.org/abs/2504.00004)
* [2504] [Omnia] [Omnia: Audio for Everything](https://arxiv.org/abs/2504.00005)
* [2503] [Lyra] [Lyra: To Draw What Was Said](https://arxiv.org/abs/2503.00006)
* [2503] [Video-Q1] [Video-Q1: Rewards over Time](https://arxiv.org/abs/2503.00007)
* [2503] [Reward Model Zoo] [Which Reward Should a Model Get for a Drawing Made in Haste]\
(https://arxiv.org/abs/2503.00008)
* [2502] [VQ-Q$^3$] [VQ-Q$^3$: Crowds Cubed](https://arxiv.org/abs/2502.00009)
* [2502] [π1] [π1: A Robot of Few Words](https://arxiv.org/abs/2502.00010)
* [0501] [Elder] [Elder: An Old Paper](https://arxiv.org/abs/cs/0501011)
* [2501] [Crowds] [A Crowd Is Counted](https://arxiv.org/abs/2501.00012)
* [2501] [Counter] [We Count Crowds, Fast and with Lyra and Omnia](https://arxiv.org/abs/2501.00013)
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("names")
    build_index(folder / "i", [write_list(folder, NAMES)], encoder=WordEncoder(), offline=True)
    with Engine.open(folder / "i", encoder=WordEncoder()) as opened:
        yield opened


def first(engine, query: str) -> str:
    return engine.search(query, k=3)[0].paper.short_name


def is_named(engine, query: str) -> list[str]:
    hits = engine.search(query, k=10)
    return [hit.paper.short_name for hit in hits if hit.parts.get("name")]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("PLM-Q1", "PLM-Q1"),
        ("plm q1", "PLM-Q1"),
        ("plmq1", "PLM-Q1"),
        ("  PLM_Q1 ", "PLM-Q1"),
        ("PLM‑Q2", "PLM-Q2"),  # noqa: RUF001 - a hyphen that does not break
        ("openplthinker", "OpenPLThinker"),
        ("open pl thinker", "OpenPLThinker"),
        ("Open-PL-Thinker", "OpenPLThinker"),
        ("swift", "SWIFT"),
        ("Omnia", "Omnia"),
        ("vq-q3", "VQ-Q$^3$"),
        ("VQ-Q$^3$", "VQ-Q$^3$"),
        ("VQ-Q³", "VQ-Q$^3$"),
        ("π1", "π1"),
        ("crowds", "Crowds"),
        ("reward model zoo", "Reward Model Zoo"),
    ],
)
def test_names_in_any_spelling(engine, query, name):
    assert first(engine, query) == name


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("openplthinkr", "OpenPLThinker"),  # a letter missing
        ("openplthinkerr", "OpenPLThinker"),  # one too many
        ("opneplthinker", "OpenPLThinker"),  # two swapped
        ("openvl thinker", "OpenPLThinker"),  # another
        ("Omnai", "Omnia"),
        ("vidoe-q1", "Video-Q1"),
    ],
)
def test_names_with_a_slip(engine, query, name):
    assert first(engine, query) == name
    assert is_named(engine, query) == [name]


def test_a_digit_is_no_slip(engine):
    assert is_named(engine, "PLM-Q2") == ["PLM-Q2"]
    assert "PLM-Q1" not in is_named(engine, "PLM-Q7")


@pytest.mark.parametrize(
    "query",
    [
        "2504.00003",
        "2504.00003v2",
        "arXiv:2504.00003",
        "arxiv 2504.00003v1",
        "https://arxiv.org/abs/2504.00003",
        "http://www.arxiv.org/pdf/2504.00003v3.pdf",
        "arxiv.org/html/2504.00003v1",
        "https://doi.org/10.48550/arXiv.2504.00003",
        "https://huggingface.co/papers/2504.00003",
        "papers like 2504.00003, please",
        "see https://arxiv.org/abs/2504.00003.",
        "(arXiv:2504.00003)",
        "[2504.00003]",
    ],
)
def test_ids_in_any_form(engine, query):
    assert first(engine, query) == "OpenPLThinker"
    assert is_named(engine, query) == ["OpenPLThinker"]


@pytest.mark.parametrize("query", ["cs/0501011", "cs.CV/0501011v1", "arxiv.org/abs/cs/0501011"])
def test_old_ids(engine, query):
    assert first(engine, query) == "Elder"


def test_two_ids_are_two_papers(engine):
    assert set(is_named(engine, "2505.00001 or 2505.00002?")) == {"PLM-Q1", "PLM-Q2"}


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("PLM-Q1: A Steady and General Learner", "PLM-Q1"),
        ("a steady and general learner", "PLM-Q1"),
        ("steady general learner plm-q1", "PLM-Q1"),
        ("slow answers open to everyone", "OpenPLThinker"),
        ("Which reward should a model get for a drawing in haste?", "Reward Model Zoo"),
        ("robot scan without words", "SWIFT"),
        ('"To Draw What Was Said"', "Lyra"),
    ],
)
def test_titles_exact_and_half_remembered(engine, query, name):
    assert first(engine, query) == name


@pytest.mark.parametrize(
    "query",
    [
        "a swift way to count crowds",
        "how to count swift crowds",
        "omnia lyra swift and other stars in audio",
        "counters of crowds in video",
        "are there papers about crowds in audio",
        "models that are swift",
        "which reward for a model of video",
        "reward model",
        "what a reward model zoo is good for",
    ],
)
def test_names_that_are_words_do_not_hijack_a_question(engine, query):
    assert is_named(engine, query) == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("how does PLM-Q1 count?", {"PLM-Q1"}),
        ("is plm q1 better than plm q2", {"PLM-Q1", "PLM-Q2"}),
        ("papers that build on OpenPLThinker", {"OpenPLThinker"}),
        ("Video-Q1, but for audio", {"Video-Q1"}),
    ],
)
def test_names_that_are_nothing_else_are_found_in_a_question(engine, query, names):
    hits = engine.search(query, k=len(names))
    assert {hit.paper.short_name for hit in hits} == names
    assert set(is_named(engine, query)) == names


def test_a_named_paper_that_is_filtered_out_stays_out(engine):
    from rftsearch.papers.filters import Filters

    hits = engine.search("PLM-Q1", filters=Filters(until="2025-04"))
    assert "PLM-Q1" not in [hit.paper.short_name for hit in hits]
    assert len(hits) > 0
