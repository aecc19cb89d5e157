from __future__ import annotations

import itertools

import pytest

from rftsearch.errors import IndexLockedError
from rftsearch.index.remote import lease as module
from rftsearch.index.remote.client import Remote, forget_memory
from rftsearch.index.remote.lease import RENEWED, SECONDS, Lease

_names = itertools.count()


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def remote():
    name = f"lease-{next(_names)}"
    with Remote.open(f"qdrant+memory:{name}") as opened:
        yield opened
    forget_memory(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_second_builder_is_told_who_writes_and_until_when(remote, clock):
    with Lease(remote, clock):
        with pytest.raises(IndexLockedError, match=r"process \d+ on .*, until 1970-01-12T13:49:40"):
            Lease(remote, clock).__enter__()
        clock.now += SECONDS - 1
        with pytest.raises(IndexLockedError, match="wait for it or stop it"):
            Lease(remote, clock).__enter__()
    with Lease(remote, clock):
        pass  # It was given back.


def test_a_lease_runs_out_and_its_holder_notices(remote, clock):
    with Lease(remote, clock) as first:
        clock.now += SECONDS + 1
        with Lease(remote, clock):
            with pytest.raises(IndexLockedError, match="another build is publishing"):
                first.renew(now=True)
            first.__exit__()  # It gives back its own only.
            with pytest.raises(IndexLockedError):
                Lease(remote, clock).__enter__()


def test_whoever_is_slow_but_there_keeps_it(remote, clock):
    with Lease(remote, clock) as first:
        for _ in range(20):
            clock.now += RENEWED
            first.renew()
        with pytest.raises(IndexLockedError):
            Lease(remote, clock).__enter__()
        clock.now += SECONDS + 1
        first.renew(now=True)  # Nobody came meanwhile.


def test_what_a_process_of_this_machine_left_when_it_died_is_free_at_once(
    remote, clock, monkeypatch
):
    own = module._own_process()
    monkeypatch.setattr(module, "_own_process", lambda: {**own, "process": 2**22 + 1})
    Lease(remote, clock).__enter__()  # and is killed
    monkeypatch.undo()
    with Lease(remote, clock):
        pass


def test_a_process_of_the_same_number_elsewhere_is_not_taken_for_dead(remote, clock, monkeypatch):
    own = module._own_process()
    other = {**own, "process": 2**22 + 1, "space": "another container"}
    monkeypatch.setattr(module, "_own_process", lambda: other)
    Lease(remote, clock).__enter__()
    monkeypatch.undo()
    with pytest.raises(IndexLockedError):
        Lease(remote, clock).__enter__()


def test_of_two_that_find_it_free_at_the_same_time_one_gets_it(remote, clock, monkeypatch):
    rival = Lease(remote, clock)
    first = Lease(remote, clock)
    real, seen = first._holder, iter([None])

    def raced():
        if next(seen, "later") is None:
            rival.__enter__()  # between the look and the write
            return None
        return real()

    monkeypatch.setattr(first, "_holder", raced)
    with pytest.raises(IndexLockedError):
        first.__enter__()
    rival.renew(now=True)
