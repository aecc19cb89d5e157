from __future__ import annotations

import os
import runpy

import pytest

from support.paths import ROOT

CHECKS = ["pytest", "ruff check", "ruff format", "mypy"]


@pytest.fixture
def all_tests(monkeypatch):
    """The function of that name of the script."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return runpy.run_path(str(ROOT / "scripts" / "test.py"))["all_tests"]


def test_installs_the_test_extra_and_runs_every_check(checkout, all_tests):
    status, out, err = checkout.run("test.py")
    calls = checkout.calls()
    assert calls[1][-1] == f"{checkout.root}[test]"
    assert calls[2:] == [
        ["python", "-m", "pytest", *all_tests(os.cpu_count())],
        ["ruff", "check"],
        ["ruff", "format", "--check"],
        ["mypy"],
    ]
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].startswith("test.py: all checks passed")


@pytest.mark.parametrize(
    ("cores", "processes"), [(1, []), (2, ["--numprocesses", "2"]), (64, ["--numprocesses", "4"])]
)
def test_all_tests_share_the_cores(all_tests, cores, processes):
    assert all_tests(cores)[:2] == processes


def test_arguments_go_to_pytest_as_they_are(checkout):
    arguments = ["-k", "parser and not slow", "--maxfail=1", "tests/sources", "-x"]
    checkout.run("test.py", *arguments)
    assert ["python", "-m", "pytest", *arguments] in checkout.calls()


@pytest.mark.parametrize(
    ("failing", "named"),
    [
        ({"FAKE_STATUS_pytest": "1"}, "pytest"),
        ({"FAKE_STATUS_pytest": "5"}, "pytest"),  # no test was found
        ({"FAKE_STATUS_ruff": "1"}, "ruff check, ruff format"),
        ({"FAKE_STATUS_pytest": "2", "FAKE_STATUS_mypy": "1"}, "pytest, mypy"),
    ],
)
def test_failed_check_is_named_and_does_not_stop_the_others(checkout, failing, named):
    status, out, _ = checkout.run("test.py", **failing)
    assert status == 1
    assert [line[4:] for line in out.splitlines() if line.startswith("---")] == CHECKS
    assert out.splitlines()[-1].startswith(f"test.py: FAILED: {named} (")


def test_adds_to_what_start_has_installed(checkout):
    checkout.run("start.py")
    checkout.calls()
    _, out, _ = checkout.run("test.py")
    assert "only what is missing or has changed, and the test tools, about 85 MB" in out
    assert checkout.tasks() == ["install", "pytest", "ruff", "ruff", "mypy"]


def test_start_needs_nothing_after_test(checkout):
    checkout.run("test.py")
    checkout.calls()
    checkout.run("start.py")
    checkout.run("test.py")
    assert "install" not in checkout.tasks()


def test_later_updates_keep_the_test_extra(checkout):
    checkout.run("test.py")
    with (checkout.root / "constraints.txt").open("a") as file:
        file.write("\n# changed\n")
    checkout.calls()
    checkout.run("start.py")
    assert checkout.calls()[0][-1] == f"{checkout.root}[test]"


def test_failed_installation_runs_no_check(checkout):
    status, _, err = checkout.run("test.py", FAKE_STATUS_install="1")
    assert status == 1
    assert err.startswith("test.py: pip did not finish")
    assert checkout.tasks() == ["index", "install"]
