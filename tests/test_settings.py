from __future__ import annotations

import os

import pytest

from rftsearch import settings as counting
from rftsearch.errors import UsageError
from rftsearch.settings import (
    INDEX_VARIABLE,
    THREADS_VARIABLE,
    build_command,
    cores,
    threads,
)


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Sets how many processors there are, may be used, and are paid for."""

    def make(there: int, usable: int, quota: str | None) -> None:
        monkeypatch.delenv(THREADS_VARIABLE, raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: there)
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(usable)), raising=False)
        file = tmp_path / "cpu.max"
        if quota is not None:
            file.write_text(quota)
        monkeypatch.setattr(counting, "_QUOTA", file)

    return make


@pytest.mark.parametrize(
    ("there", "usable", "quota", "expected"),
    [
        (8, 8, None, 8),
        (8, 3, None, 3),
        (8, 8, "max 100000\n", 8),
        (8, 8, "250000 100000\n", 3),
        (8, 2, "400000 100000\n", 2),
        (8, 8, "10000 100000\n", 1),
        (8, 8, "nonsense", 8),
    ],
)
def test_cores_are_those_this_process_may_use(machine, there, usable, quota, expected):
    machine(there, usable, quota)
    assert cores() == expected
    assert threads() == expected


def test_a_variable_says_otherwise(machine, monkeypatch):
    machine(8, 8, None)
    monkeypatch.setenv(THREADS_VARIABLE, "3")
    assert threads() == 3


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5"])
def test_what_is_no_number_of_threads_is_refused(monkeypatch, value):
    monkeypatch.setenv(THREADS_VARIABLE, value)
    with pytest.raises(UsageError, match=THREADS_VARIABLE):
        threads()


def test_the_command_that_builds_an_index_can_be_copied(monkeypatch, tmp_path):
    monkeypatch.setenv(INDEX_VARIABLE, str(tmp_path / "mine"))
    assert build_command(tmp_path / "mine") == "rftsearch build"
    other = tmp_path / "other"
    assert build_command(other) == f"rftsearch build --index {other}"
    assert build_command(tmp_path / "a b") == f"rftsearch build --index '{tmp_path / 'a b'}'"
    monkeypatch.setenv(INDEX_VARIABLE, "~nobody-at-all/index")  # The default cannot be found.
    assert build_command(other) == f"rftsearch build --index {other}"
