"""GitHub's refusals: each is one line with a cure, and none holds the token."""

from __future__ import annotations

import pytest

from rftsearch.errors import FetchError, UsageError
from rftsearch.living.issue.body import MARKER
from rftsearch.living.issue.github import GitHubIssues
from support.github_issues import REPOSITORY, TOKEN, GitHubServer


@pytest.fixture
def waited() -> list[float]:
    return []


def issues(server: GitHubServer, waited: list[float], token: str = TOKEN) -> GitHubIssues:
    return GitHubIssues(REPOSITORY, token, server.url, waited.append)


def test_one_issue_is_opened_found_and_changed(waited):
    with GitHubServer() as server:
        github = issues(server, waited)
        assert github.find(MARKER) is None
        made = github.open("Papers", f"{MARKER} one")
        assert github.find(MARKER) == made
        assert github.change(made.number, f"{MARKER} two").body == f"{MARKER} two"
        server.issues[0]["labels"] = []  # Somebody's own issue with our words in it.
        assert github.find(MARKER) is None
    assert waited == []


def test_a_fault_of_the_server_is_waited_for_but_nothing_is_opened_twice(waited):
    with GitHubServer([502, 503]) as server:
        assert issues(server, waited).find(MARKER) is None
        assert len(server.requests) == 3
    assert waited == [2.0, 8.0]
    with GitHubServer([502]) as server:
        with pytest.raises(FetchError, match="502: try again later; nothing was changed"):
            issues(server, waited).open("Papers", MARKER)
        assert [method for method, _ in server.requests] == ["POST"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (401, "the token is not valid"),
        (403, "issues: write"),
        (404, "no such repository"),
        (410, "switched off"),
        (301, "has moved"),
        (422, "does not accept the issue"),
        (500, "try again later"),
    ],
)
def test_refusals_name_their_cure(waited, code, said):
    with GitHubServer([code] * 5) as server, pytest.raises(FetchError, match=said) as caught:
        issues(server, waited).find(MARKER)
    assert TOKEN not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_token_and_a_server_that_is_gone(waited):
    with GitHubServer() as server, pytest.raises(FetchError, match="token is not valid"):
        issues(server, waited, "wrong").find(MARKER)
    with pytest.raises(FetchError, match="cannot be reached"):
        issues(server, waited).find(MARKER)


@pytest.mark.parametrize("repository", ["list", "a/b/c", "a b/c", "https://github.com/a/b", ""])
def test_what_is_no_repository(repository):
    with pytest.raises(UsageError, match="owner/name"):
        GitHubIssues(repository, TOKEN, "https://api.github.com")


def test_a_token_is_sent_to_no_open_address():
    with pytest.raises(UsageError, match="use https"):
        GitHubIssues(REPOSITORY, TOKEN, "http://api.example.org")


def test_without_a_token_or_a_repository_nothing_is_asked(monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    with pytest.raises(UsageError, match="--repository owner/name"):
        GitHubIssues.chosen()
    with pytest.raises(UsageError, match="GITHUB_TOKEN"):
        GitHubIssues.chosen("example/list")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", "https://github.example.org/api/v3")
    assert GitHubIssues.chosen("example/list").repository == "example/list"
