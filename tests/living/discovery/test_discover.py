"""Discoveries: what is proposed, what is not, and what is learnt from decisions."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from rftsearch import Engine, Paper, read_list
from rftsearch.errors import FetchError, SourceError, UsageError
from rftsearch.index.build.build import index_papers
from rftsearch.living.discovery.decide import decide
from rftsearch.living.discovery.decisions import Decision, read_decisions, write_decisions
from rftsearch.living.discovery.discover import discover, expected_papers, recency
from rftsearch.living.discovery.formats import write_atom, write_markdown
from rftsearch.living.discovery.travel import travel
from rftsearch.living.issue.body import write_body
from rftsearch.sources.arxiv.api import ArxivClient, RateLimiter
from support.arxiv_feed import ArxivFeed, status
from support.command_line import run_command
from support.encoder import WordEncoder
from support.invented_papers import SUBJECTS, invented_paper

WORDS = tuple(word for words in SUBJECTS.values() for word in words[:3])
TODAY = "2025-06-20"
LISTED = ("Robots", "Video")


def listed() -> list[Paper]:
    return [
        invented_paper(number, LISTED[number % 2], month=f"2025-{1 + number % 5:02}")
        for number in range(24)
    ]


def new_papers() -> list[Paper]:
    """Two of five are about what the list is about."""
    names = list(SUBJECTS)
    return [
        invented_paper(
            1000 + number, (names * 2 + ["Crowds", "Audio"])[number % 10], month="2025-06"
        )
        for number in range(60)
    ]


def lines(papers: list[Paper]) -> list[dict]:
    return [asdict(one.metadata) | {"arxiv_id": one.id} for one in papers if one.metadata]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("discover") / "index"
    index_papers(folder, listed(), encoder=WordEncoder(WORDS))
    return folder


@pytest.fixture
def engine(index):
    with Engine.open(index, encoder=WordEncoder(WORDS)) as engine:
        yield engine


@pytest.fixture
def snapshot(tmp_path) -> Path:
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in lines([*listed(), *new_papers()])))
    return path


def client_of(feed: ArxivFeed) -> ArxivClient:
    no_wait = {"clock": lambda: 0.0, "sleep": lambda _: None}
    return ArxivClient(feed.url, limiter=RateLimiter(0.0, **no_wait), **no_wait)


def test_papers_that_belong_come_first_from_arxiv(engine):
    with ArxivFeed(lines([*listed(), *new_papers()])) as feed:
        found = discover(engine, count=20, since="2025-06", client=client_of(feed), today=TODAY)
    assert found.asked.classes == ("cs.CV",)
    assert found.looked_at == 60
    subjects = [one.paper.title.split()[0].lower() for one in found.candidates]
    wanted = {word for name in LISTED for word in SUBJECTS[name]}
    assert sum(subject in wanted for subject in subjects) >= 18
    shares = [one.probability for one in found.candidates]
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares, reverse=True)
    for one in found.candidates[:5]:
        assert one.prediction
        assert one.prediction.category in LISTED
        assert one.nearest[0][0].id in {paper.id for paper in listed()}
        assert one.sentence in f"{one.paper.title} {one.paper.abstract}"


def test_a_list_may_know_nothing_but_years(tmp_path, snapshot):
    known = [replace(one, released=str(2024 + n % 2)) for n, one in enumerate(listed())]
    assert recency(known).tolist() == [0.5**0.25, 1.0] * 12
    assert expected_papers(known, new_papers()) == pytest.approx(1 / 30)  # One a month, one day.
    folder = tmp_path / "years"
    index_papers(folder, known, encoder=WordEncoder(WORDS))
    with Engine.open(folder, encoder=WordEncoder(WORDS)) as engine:
        found = discover(engine, since="2025-06", snapshot=snapshot, today=TODAY)
    assert found.candidates
    [first, *_] = found.candidates
    unknown = replace(first.paper, released="2025", metadata=None)
    feed = write_atom(replace(found, candidates=(replace(first, paper=unknown),)))
    assert "<updated>2025-01-01T00:00:00Z</updated>" in feed


def test_the_sentence_is_shown_without_latex(engine, snapshot):
    typeset = [
        one | {"abstract": re.sub(r"\b[a-z]{5,}\b", r"\\emph{\g<0>}", one["abstract"])}
        for one in lines(new_papers())
    ]
    snapshot.write_text("".join(json.dumps(one) + "\n" for one in typeset))
    found = discover(engine, since="2025-06", snapshot=snapshot, today=TODAY)
    assert all("\\emph" in one.paper.abstract for one in found.candidates)
    assert not [one.sentence for one in found.candidates if "\\" in one.sentence]


def test_a_line_is_read_back_as_the_same_paper(engine, snapshot, tmp_path):
    found = discover(engine, since="2025-06", snapshot=snapshot, today=TODAY)
    for one in found.candidates[:3]:
        path = tmp_path / "one.md"
        path.write_text(f"## {one.prediction.category}\n\n### Papers\n\n{one.line}\n")
        [read] = read_list(path).papers
        assert (read.arxiv_id, read.title) == (one.paper.id, one.paper.title)


def test_entries_have_the_style_of_the_list(engine, snapshot, tmp_path):
    own = tmp_path / "README.md"
    entries = (f"- [{one.title}]({one.url}) (2025)\n" for one in listed()[:6])
    own.write_text(f"# Invented\n\n## Robots\n\n{''.join(entries)}")
    found = discover(engine, count=3, since="2025-06", snapshot=snapshot, like=own, today=TODAY)
    for one in found.candidates:
        assert one.line.startswith(f"- [{one.paper.title}]({one.paper.url})")
    with pytest.raises(SourceError):
        discover(engine, since="2025-06", snapshot=snapshot, like=tmp_path / "no.md", today=TODAY)


def test_what_is_listed_or_decided_is_no_news(engine, snapshot):
    everything = discover(engine, count=100, since="2025", snapshot=snapshot, today=TODAY)
    ids = {one.paper.id for one in everything.candidates}
    assert not ids & {paper.id for paper in listed()}
    assert everything.known == 24
    first, second = (one.paper.id for one in everything.candidates[:2])
    decisions = {
        first: Decision(first, "accepted", TODAY),
        second: Decision(second, "dismissed", TODAY),
    }
    again = discover(
        engine, count=100, since="2025", snapshot=snapshot, decisions=decisions, today=TODAY
    )
    assert {one.paper.id for one in again.candidates} == ids - {first, second}


def test_the_same_title_under_another_id_is_no_news(engine, tmp_path):
    twin = replace(listed()[0], id="x")
    path = tmp_path / "twin.jsonl"
    record = asdict(twin.metadata) | {"arxiv_id": "2506.99999", "published": "2025-06-02"}
    path.write_text(json.dumps(record))
    found = discover(engine, since="2025-06", snapshot=path, today=TODAY)
    assert (found.candidates, found.known) == ((), 1)


def test_dismissed_papers_push_their_like_down(engine, snapshot):
    def place_of_robots(decisions: dict[str, Decision]) -> float:
        found = discover(
            engine, count=100, since="2025-06", snapshot=snapshot, decisions=decisions, today=TODAY
        )
        robots = [
            at
            for at, one in enumerate(found.candidates)
            if one.paper.title.split()[0].lower() in SUBJECTS["Robots"]
        ]
        return float(np.mean(robots))

    unwanted = [invented_paper(number, "Robots", month="2025-05") for number in range(2000, 2012)]
    dismissed = {
        one.id: Decision(one.id, "dismissed", TODAY, one.title, one.abstract) for one in unwanted
    }
    assert place_of_robots(dismissed) > place_of_robots({})
    accepted = {
        one.id: Decision(one.id, "accepted", TODAY, one.title, one.abstract)
        for one in (invented_paper(n, "Crowds", month="2025-05") for n in range(2100, 2110))
    }
    assert place_of_robots(accepted) >= place_of_robots({})


def test_arxiv_out_of_reach_is_an_error_and_half_an_answer_a_note(engine):
    with ArxivFeed(lines(new_papers()), faults=[status(400)]) as feed, pytest.raises(FetchError):
        discover(engine, since="2025-06", client=client_of(feed), today=TODAY)
    with ArxivFeed(lines(new_papers())) as feed:
        found = discover(engine, since="2025-06", most=7, client=client_of(feed), today=TODAY)
    assert found.looked_at == 7
    assert any("newest 7 of 60" in note for note in found.notes)


def test_a_list_without_classes_must_name_some(tmp_path):
    bare = [replace(one, metadata=replace(one.metadata, categories=())) for one in listed()]
    index_papers(tmp_path, bare, encoder=WordEncoder(WORDS))
    with (
        Engine.open(tmp_path, encoder=WordEncoder(WORDS)) as engine,
        pytest.raises(UsageError, match="--class"),
    ):
        discover(engine, today=TODAY)


@pytest.mark.parametrize("content", ["", "no json\n", '{"title": ""}\n'])
def test_a_file_that_is_no_snapshot_is_an_error(engine, tmp_path, content):
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    with pytest.raises(SourceError):
        discover(engine, snapshot=path, today=TODAY)


def test_a_few_candidates_are_ranked_by_nearness(engine, tmp_path):
    path = tmp_path / "few.jsonl"
    few = [
        invented_paper(3000, "Audio", month="2025-06"),
        invented_paper(3001, "Video", month="2025-06"),
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in lines(few)))
    found = discover(engine, since="2025-06", snapshot=path, today=TODAY)
    assert [one.paper.id for one in found.candidates] == ["2506.03001", "2506.03000"]


# --- formats -----------------------------------------------------------------


def test_formats_hold_every_candidate_and_escape_what_they_say(engine, snapshot):
    found = discover(engine, count=5, since="2025-06", snapshot=snapshot, today=TODAY)
    first = found.candidates[0]
    evil = replace(first.paper, title="<script>alert(1)</script> [x](y) @somebody `z`")
    found = replace(found, candidates=(replace(first, paper=evil), *found.candidates[1:]))
    issue = write_body(found, "decisions.jsonl")
    assert issue.count("- [ ] ") == 10
    assert "<script" not in issue.replace("\\<script", "")
    assert "@somebody" not in issue
    assert write_markdown(found).count("\n## ") == 5
    feed = ET.fromstring(write_atom(found))  # noqa: S314 - our own
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert entries[0].findtext("{http://www.w3.org/2005/Atom}title") == evil.title
    assert len({entry.findtext("{http://www.w3.org/2005/Atom}id") for entry in entries}) == 5
    json.dumps(found.to_dict())


# --- decisions ---------------------------------------------------------------


def test_the_later_decision_counts(tmp_path):
    path = tmp_path / "folder" / "decisions.jsonl"
    write_decisions(path, [Decision("2506.00001", "accepted", TODAY, "A title")])
    write_decisions(path, [Decision("2506.00002", "dismissed", TODAY)])
    every = write_decisions(path, [Decision("2506.00001", "dismissed", TODAY, "A title")])
    assert read_decisions(path) == every
    assert {one.id: one.verdict for one in every.values()} == {
        "2506.00001": "dismissed",
        "2506.00002": "dismissed",
    }
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "line", ["[]", '{"id": "x", "decision": "maybe"}', '{"decision": "accepted"}']
)
def test_a_damaged_file_of_decisions_is_named_and_stays(tmp_path, line):
    path = tmp_path / "decisions.jsonl"
    path.write_text(f'{{"id": "2506.00001", "decision": "accepted"}}\n{line}\n')
    before = path.read_bytes()
    with pytest.raises(SourceError, match=":2 is not a decision"):
        write_decisions(path, [Decision("2506.00002", "accepted", TODAY)])
    assert path.read_bytes() == before


def test_a_decision_counts_even_if_arxiv_is_out_of_reach(tmp_path):
    path, paper = tmp_path / "decisions.jsonl", new_papers()[0]
    with ArxivFeed(lines([paper]), faults=[status(503)] * 99) as feed:
        clock = iter(range(0, 10_000, 30))
        client = ArxivClient(
            feed.url,
            limiter=RateLimiter(0.0),
            clock=lambda: float(next(clock)),
            sleep=lambda _: None,
        )
        notes = decide(path, [paper.id], "dismissed", TODAY, client=client)
    assert notes[-1] == (
        f"title and abstract of {paper.id} are not known; the decision counts, but nothing is "
        "learnt from it"
    )
    assert read_decisions(path)[paper.id].title == ""
    with ArxivFeed(lines([paper])) as feed:
        assert decide(path, [paper.url], "accepted", TODAY, client=client_of(feed)) == ()
    assert read_decisions(path)[paper.id] == Decision(
        paper.id, "accepted", TODAY, paper.title, paper.abstract
    )
    with pytest.raises(UsageError, match="not an arXiv id"):
        decide(path, ["nonsense"], "accepted", TODAY)


# --- backtests and commands --------------------------------------------------


def test_a_backtest_finds_the_later_papers(engine, snapshot):
    found = travel(engine, snapshot, month="2025-04")
    assert (found.known, found.hidden) == (15, 9)
    ours = found.rankings[0]
    assert ours.system == "rftsearch"
    bots = {one.system: one for one in found.rankings[1:]}
    assert ours.average_precision > bots["keyword bot"].average_precision - 0.2
    assert list(ours.recall) == sorted(ours.recall)
    assert ours.recall[-1] == 1
    with pytest.raises(UsageError, match="--snapshot"):
        travel(engine, None)
    with pytest.raises(UsageError, match="at least 5"):
        travel(engine, snapshot, month="2030-01")


def test_a_backtest_leaves_out_what_may_be_on_both_sides(tmp_path, snapshot):
    years = [invented_paper(n, LISTED[n % 2], month=str(2024 + n % 2)) for n in range(100, 110)]
    index_papers(tmp_path / "index", [*listed(), *years], encoder=WordEncoder(WORDS))
    with Engine.open(tmp_path / "index", encoder=WordEncoder(WORDS)) as engine:
        found = travel(engine, snapshot, month="2025-04")
        # Those of 2024 are earlier; those of 2025 may be either.
        assert (found.known, found.hidden, found.left_out) == (15 + 5, 9, 5)
        found = travel(engine, snapshot, month="2025")
        assert (found.known, found.hidden, found.left_out) == (5, 24 + 5, 0)
        with pytest.raises(UsageError, match="not a date"):
            travel(engine, snapshot, month="2025-4")


def test_a_backtest_of_a_list_that_knows_only_years(tmp_path, snapshot):
    years = [invented_paper(n, LISTED[n % 2], month=str(2023 + n % 3)) for n in range(100, 130)]
    index_papers(tmp_path / "index", years, encoder=WordEncoder(WORDS))
    with Engine.open(tmp_path / "index", encoder=WordEncoder(WORDS)) as engine:
        found = travel(engine, snapshot)
    assert (found.month, found.known, found.hidden) == ("2025", 20, 10)


def test_the_commands(index, snapshot, tmp_path, monkeypatch, capsys):
    opened = Engine.open
    monkeypatch.setattr(Engine, "open", lambda path, **_: opened(path, encoder=WordEncoder(WORDS)))
    monkeypatch.chdir(tmp_path)
    asked = ("discover", "--index", index, "--snapshot", snapshot, "--since", "2025")
    assert run_command(*asked, "--format", "json", "-k", "3") == 0
    first = json.loads(capsys.readouterr().out)["candidates"][0]["id"]
    assert run_command("dismiss", first, "--snapshot", snapshot) == 0
    assert "dismissed" in capsys.readouterr().out
    assert run_command(*asked, "-k", "3") == 0
    shown = capsys.readouterr()
    assert first not in shown.out
    assert "already" in shown.err
    for form, lines in (("markdown", 20), ("issue", 20), ("atom", 1)):
        assert run_command(*asked, "--format", form) == 0
        printed = capsys.readouterr().out
        assert first not in printed
        assert len(printed.splitlines()) >= lines
    assert run_command(*asked[:-1], "2025-04", "--backtest", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["hidden"] == 9
    assert run_command(*asked, "--backtest") == 1 or capsys.readouterr().err
    assert run_command("discover", "--index", index, "-k", "0") == 2
