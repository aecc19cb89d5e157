"""What the tab "New" does: papers are proposed, decisions noted, lists synchronised."""

from __future__ import annotations

import os
import re
import threading

import pytest

from rftsearch import Engine
from rftsearch.errors import IndexLockedError
from rftsearch.index.generations.lock import writing
from rftsearch.living.discovery.decisions import read_decisions
from rftsearch.sources.arxiv.api import ArxivClient, RateLimiter
from rftsearch.ui.living.curator import Curator
from support.arxiv_feed import ArxivFeed, status
from support.command_line import run_command
from support.curated import TODAY, curated_list, encoder, listed, metadata_lines, new_papers


@pytest.fixture
def place(tmp_path):
    return (tmp_path, *curated_list(tmp_path))


@pytest.fixture
def curator(place):
    folder, _, index = place
    with Engine.open(index, encoder=encoder()) as engine:
        yield Curator(engine, folder / "decisions.jsonl", encoder=encoder(), today=TODAY)


def call(curator: Curator, name: str, **asked: object) -> dict:
    """Call a function as the script does, and wait for what it began; the state after it."""
    functions = {one.__name__: one for one in curator.functions()}
    answer = functions[name](asked)
    curator.jobs.wait()
    begun = {"busy", "trouble"} if "busy" in answer else set()
    state = functions["state"](None)
    return state | {key: one for key, one in answer.items() if key not in begun}


def ids(markup: str) -> list[str]:
    return re.findall(r'<li data-id="([^"]+)">', markup)


def proposed(curator: Curator, place) -> list[str]:
    answer = call(curator, "propose", file=str(place[0] / "new.jsonl"), since="2025", count="10")
    assert curator.jobs.trouble == ""
    return ids(answer["found"])


def test_candidates_are_those_of_discover_with_all_that_speaks_for_them(curator, place):
    found = proposed(curator, place)
    assert len(found) == 10
    markup = curator.state()["found"]
    for what in ("Most like", "Category predicted", "likely", "* [2506]", "Accept", "Dismiss"):
        assert markup.count(what) >= 10, what
    belongs = {one.id for one in new_papers() if one.category in {"Robots", "Video"}}
    assert set(found[:8]) <= belongs


def test_arxiv_is_asked_unless_a_file_is_named(place):
    lines = metadata_lines([*listed(), *new_papers()])
    no_wait = {"clock": lambda: 0.0, "sleep": lambda _: None}
    with ArxivFeed(lines) as feed, Engine.open(place[2], encoder=encoder()) as engine:
        client = ArxivClient(feed.url, limiter=RateLimiter(0.0, **no_wait), **no_wait)
        curator = Curator(engine, place[0] / "decisions.jsonl", client=client, today=TODAY)
        assert len(ids(call(curator, "propose")["found"])) == 20
    silent = ArxivFeed(lines, faults=[status(400)])
    with silent as feed, Engine.open(place[2], encoder=encoder()) as engine:
        client = ArxivClient(feed.url, limiter=RateLimiter(0.0, **no_wait), **no_wait)
        curator = Curator(engine, place[0] / "decisions.jsonl", client=client, today=TODAY)
        assert "arXiv was not reached" in call(curator, "propose")["trouble"]


def test_decisions_are_those_of_the_command_line(curator, place, capsys):
    folder = place[0]
    first, second, third, *_ = proposed(curator, place)
    call(curator, "decide", id=first, verdict="accept")
    answer = call(curator, "decide", id=second, verdict="dismiss")
    assert answer["found"].count('aria-pressed="true"') == 2
    snapshot = ["--snapshot", folder / "new.jsonl", "--decisions", folder / "by-command.jsonl"]
    assert run_command("accept", first, *snapshot) == 0
    assert run_command("dismiss", second, *snapshot) == 0
    capsys.readouterr()
    written = (folder / "decisions.jsonl").read_bytes()
    assert written == (folder / "by-command.jsonl").read_bytes()
    # A decision may be taken back, and what was decided is not proposed again.
    call(curator, "decide", id=third, verdict="dismiss")
    call(curator, "decide", id=third, verdict="")
    assert (folder / "decisions.jsonl").read_bytes() == written
    assert not {first, second} & set(proposed(curator, place))
    assert {path.name for path in folder.glob(".*")} == set()


def test_a_file_of_decisions_that_is_broken_or_may_not_be_written_is_named(curator, place):
    first, *_ = proposed(curator, place)
    curator.file.write_text('{"id": "2506.01000", "decision": "perhaps"}\n', "utf-8")
    answer = call(curator, "decide", id=first, verdict="accept")
    assert "decisions.jsonl:1 is not a decision" in answer["trouble"]
    assert "perhaps" in curator.file.read_text("utf-8")
    curator.file.unlink()
    curator.file.mkdir()
    assert "cannot read" in call(curator, "decide", id=first, verdict="accept")["trouble"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"file": "there-is-none.jsonl"}, "there-is-none.jsonl"),
        ({"since": "yesterday"}, "'yesterday' is not a day"),
        ({"count": "many"}, "'many' is no number of papers"),
        ({"classes": "robots!"}, "robots!"),
    ],
)
def test_what_cannot_be_looked_for_is_one_line(curator, asked, said):
    answer = call(curator, "propose", **asked)
    assert said in answer["trouble"]
    assert "\n" not in answer["trouble"]


def test_a_synchronisation_is_shown_before_it_is_applied(curator, place):
    _, path, _ = place
    engine = curator._engine
    before = engine.version
    text = path.read_text("utf-8")
    line = "* [2506] [Lantern] [Lantern: A robot arm](https://example.org/lantern.pdf)\n"
    path.write_text(f"{text}\n{line}", "utf-8")
    shown = call(curator, "synchronise")
    assert "+ Lantern" in shown["synced"]
    assert 'data-do="apply"' in shown["synced"]
    assert engine.version == before
    done = call(curator, "synchronise", apply="yes")
    assert "Applied: this is generation 2, with 25 entries." in done["synced"]
    assert 'data-do="apply"' not in done["synced"]
    assert "Lantern" in {paper.short_name for paper in engine.papers()}
    assert engine.version != before
    lately = call(curator, "lately", view={"query": "robot arm"}, since="2025")["lately"]
    assert lately.count("Lantern") == 3  # in the log, the difference, and for the question
    back = call(curator, "lately", first="2", second="1")["lately"]
    assert "- Lantern" in back
    assert "not the number of a generation" in call(curator, "lately", first="x")["trouble"]


def test_a_list_that_lost_half_changes_nothing_unless_it_is_forced(curator, place):
    _, path, _ = place
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[: len(lines) // 3]), "utf-8")
    refused = call(curator, "synchronise", apply="yes")
    assert "and had 24" in refused["trouble"]
    assert 'data-do="force"' in refused["synced"]
    assert len(curator._engine.papers()) == 24
    assert 'data-do="apply-forced"' in call(curator, "synchronise", force="yes")["synced"]
    path.unlink()
    assert "there is no" in call(curator, "synchronise")["trouble"]


def test_one_task_runs_at_a_time_and_another_writer_is_named(curator, place):
    begun, over = threading.Event(), threading.Event()

    def task(_) -> None:
        begun.set()
        over.wait()

    assert curator.jobs.start(task)
    begun.wait()
    try:
        functions = {one.__name__: one for one in curator.functions()}
        assert functions["progress"](None)["busy"]
        assert "something else is running" in functions["synchronise"]({})["trouble"]
    finally:
        over.set()
    curator.jobs.wait()
    with writing(place[2]):
        answer = call(curator, "synchronise", apply="yes")
    assert "another build is writing" in answer["trouble"]
    assert issubclass(IndexLockedError, Exception)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_named(curator, place):
    first, *_ = proposed(curator, place)
    place[0].chmod(0o500)
    try:
        answer = call(curator, "decide", id=first, verdict="accept")
    finally:
        place[0].chmod(0o700)
    assert "cannot write" in answer["trouble"]
    assert read_decisions(curator.file) == {}
