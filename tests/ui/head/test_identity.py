from __future__ import annotations

from pathlib import Path

import pytest

from rftsearch.errors import UsageError
from rftsearch.index.generations import status
from rftsearch.papers.about import ListAbout
from rftsearch.sources.arxiv.snapshot import Snapshot
from rftsearch.sources.catalogue import ABOUT, CATALOGUE
from rftsearch.ui.head.identity import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    PageIdentity,
    chosen_about,
    exported_about,
    file_name,
)

A = ListAbout(
    "Awesome Robots",
    "Papers on robots.",
    "https://github.com/example/robots",
    "MIT",
    "2026-05-03",
)
B = ListAbout("Kites", "All about kites.", "https://example.org/kites", "MIT", "2026-06")
C = ListAbout("Pumps", "", "", "CC BY 4.0")
NOTHING = ListAbout()


class Status:
    """As much of a status as an identity is made of."""

    lists = status.Status.lists
    papers, projects = 2, 1
    built = "2026-11-29T12:00:00+00:00"

    def __init__(self, **about):
        self.sources = tuple(f"/lists/{name}.md" for name in about)
        self.about = dict(zip(self.sources, about.values(), strict=True))


def identity(given=NOTHING, **about) -> PageIdentity:
    return PageIdentity.of(Status(**about), given)


class TestOneList:
    def test_it_says_what_the_list_says(self):
        assert identity(a=A) == PageIdentity(
            "Awesome Robots",
            "Papers on robots.",
            (("This list on GitHub", "https://github.com/example/robots"),),
            ("licence MIT", "updated 3 May 2026"),
        )

    @pytest.mark.parametrize(
        ("home", "words"),
        [
            ("https://github.com/a/b", "This list on GitHub"),
            ("https://www.GitHub.com/a/b", "This list on GitHub"),
            ("https://gist.github.com/a/1", "This list on GitHub"),
            ("https://example.org/github.com", "This list"),
            ("http://notgithub.com/x", "This list"),
        ],
    )
    def test_its_link_names_github_only_there(self, home, words):
        assert identity(a=ListAbout(home=home)).links == ((words, home),)

    @pytest.mark.parametrize("home", ["javascript:alert(1)", "robots.md", "//x", "https://["])
    def test_what_is_no_web_address_is_no_link(self, home):
        assert identity(a=ListAbout(home=home)).links == ()

    def test_a_list_that_says_nothing_goes_by_its_file(self):
        assert identity(robots=NOTHING) == PageIdentity(
            "robots", "Search 3 entries by topic, title or meaning.", (), ("indexed 29 Nov 2026",)
        )

    @pytest.mark.parametrize(
        ("home", "title"),
        [
            ("https://github.com/example/awesome-kites/blob/main/README.md", "awesome-kites"),
            ("https://github.com/example", "README"),
            ("https://gist.github.com/example/0123", "README"),
            ("https://example.org/a/b", "README"),
        ],
    )
    def test_a_list_without_a_name_goes_by_its_repository(self, home, title):
        assert identity(README=ListAbout(home=home)).title == title

    @pytest.mark.parametrize(
        ("updated", "shown"),
        [
            ("2026-05", "updated May 2026"),
            ("2026-05-13", "updated 13 May 2026"),
            ("last week", "indexed 29 Nov 2026"),
            ("2026-13", "indexed 29 Nov 2026"),
        ],
    )
    def test_its_date(self, updated, shown):
        assert identity(a=ListAbout(updated=updated)).facts == (shown,)

    def test_long_texts_are_cut_after_a_word(self):
        shown = identity(a=ListAbout("word, " * 99, "word, " * 99))
        assert shown.title.endswith("word…")
        assert len(shown.title) <= LONGEST_TITLE
        assert shown.description.endswith("word…")
        assert len(shown.description) <= LONGEST_DESCRIPTION

    def test_texts_turn_nothing_after_them_and_are_one_line(self):
        assert identity(a=ListAbout("A \u202e\nB")).title == "A B"

    def test_a_snapshot_goes_by_its_file(self):
        status = Status()
        status.sources = (Snapshot(Path("/data/arxiv.json"), ("cs.CV",), "2024").key,)
        assert PageIdentity.of(status, NOTHING).title == "arxiv.json (in cs.CV since 2024)"


class TestTheShippedList:
    def test_it_is_named_also_where_an_old_index_says_nothing(self):
        for about in ({}, {CATALOGUE: ABOUT}):
            status = Status()
            status.about = about
            shown = PageIdentity.of(status, NOTHING)
            assert shown.title.startswith("Reinforcement Fine-Tuning")
            assert "multimodal" in shown.description
            assert shown.facts == ("updated 15 May 2025",)
            assert shown.links == ()


class TestSeveralLists:
    def test_names_are_joined(self):
        assert identity(a=A, b=B).title == "Awesome Robots and Kites"
        assert identity(a=A, b=B, c=C).title == "Awesome Robots, Kites and Pumps"
        assert identity(a=A, b=B, c=C, d=NOTHING).title == (
            "Awesome Robots, Kites, Pumps and 1 more list"
        )
        assert identity(a=A, b=A).title == "Awesome Robots"

    def test_each_is_linked_by_its_name_and_the_page_speaks_for_all(self):
        shown = identity(a=A, b=B, c=C)
        assert shown.links == (("Awesome Robots", A.home), ("Kites", B.home))
        assert shown.description == "Search 3 entries by topic, title or meaning."

    def test_one_licence_is_said_once_and_different_ones_by_name(self):
        assert identity(a=A, b=B).facts == ("licence MIT", "updated Jun 2026")
        assert identity(a=A, c=C).facts == (
            "Awesome Robots: licence MIT",
            "Pumps: licence CC BY 4.0",
            "updated 3 May 2026",
        )


class TestWhatIsGiven:
    def test_it_stands_in_place_of_what_the_lists_say(self):
        given = chosen_about("My page", "https://example.org", "What I read.")
        shown = identity(given, a=A, b=B)
        assert (shown.title, shown.description) == ("My page", "What I read.")
        assert shown.links == (("These lists", "https://example.org"),)
        assert identity(chosen_about(title="Mine"), a=A).description == A.description

    def test_variables_give_it_too_and_options_win(self, monkeypatch):
        monkeypatch.setenv("RFTSEARCH_TITLE", "Of the variable")
        monkeypatch.setenv("RFTSEARCH_HOME", "https://example.org/home")
        monkeypatch.setenv("RFTSEARCH_DESCRIPTION", "One\nline.")
        assert chosen_about() == ListAbout(
            "Of the variable", "One line.", "https://example.org/home"
        )
        assert chosen_about("Of the option").title == "Of the option"

    @pytest.mark.parametrize(
        "home", ["example.org", "ftp://x", "javascript:1", "https://a b", "/x"]
    )
    def test_a_home_that_is_no_web_address_is_one_line(self, home):
        with pytest.raises(UsageError, match="give a web address like https"):
            chosen_about(home=home)

    def test_texts_that_no_page_has_room_for_are_refused(self):
        with pytest.raises(UsageError, match="the title has 161 characters; give at most 160"):
            chosen_about(title="x" * 161)
        with pytest.raises(UsageError, match="the description has 401 characters"):
            chosen_about(description="x" * 401)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("reward hacking", "rftsearch-reward-hacking"),
        ("Awesome Robots: a list!", "rftsearch-awesome-robots-a-list"),
        ("論文", "rftsearch-論文"),
        ("...", "rftsearch"),
        ("../../etc", "rftsearch-etc"),
        ("word " * 40, "rftsearch-" + "word-" * 9 + "word"),
        ("x" * 99, "rftsearch-" + "x" * 50),
    ],
)
def test_downloads_are_named_after_what_they_are_about(subject, name):
    assert file_name(subject) == name


def test_files_from_the_page_say_what_its_lists_say_or_whoever_runs_it():
    assert exported_about(Status(robots=A), NOTHING) == A
    own = ListAbout(title="Mine", home="https://example.org/mine")
    said = exported_about(Status(robots=A, kites=B), own)
    assert said == ListAbout("Mine", "", "https://example.org/mine", "MIT")
    assert exported_about(Status(robots=A, kites=B), NOTHING).title == "Awesome Robots and Kites"
