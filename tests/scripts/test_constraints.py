from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support.paths import ROOT

REPOSITORY = ROOT

# Brought along by torch's builds for CUDA alone, and pinned by torch itself.
CUDA = re.compile(r"nvidia-|cuda-|triton$")


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    lines = (REPOSITORY / "constraints.txt").read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def asked_for() -> list[Requirement]:
    """Everything pyproject.toml asks for, the test extra included."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    return [
        Requirement(line)
        for line in project["dependencies"] + project["optional-dependencies"]["test"]
    ]


def needed(requirement: Requirement, seen: set[tuple[str, str]]) -> Iterator[str]:
    """The installed packages that a requirement brings, itself included."""
    name = canonicalize_name(requirement.name)
    yield name
    for extra in ("", *requirement.extras):
        if CUDA.match(name) or (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in distribution(name).requires or ():
            below = Requirement(line)
            if below.marker is None or below.marker.evaluate({"extra": extra}):
                yield from needed(below, seen)


def test_every_line_is_a_name_and_a_version():
    lines = (REPOSITORY / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert pins == sorted(pins, key=lambda pin: pin.split("==")[0].lower())


def test_pins_are_what_pyproject_allows(pins):
    wrong = [str(r) for r in asked_for() if pins[canonicalize_name(r.name)] not in r.specifier]
    assert wrong == []


def test_pins_are_complete(pins):
    seen: set[tuple[str, str]] = set()
    names = {name for requirement in asked_for() for name in needed(requirement, seen)}
    assert {name for name in names if not CUDA.match(name)} - set(pins) == set()


def test_a_space_installs_the_same(pins):
    lines = (REPOSITORY / "requirements.txt").read_text("utf-8").splitlines()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"]]
    expected = [
        f"{one.name}{'[' + ','.join(one.extras) + ']' if one.extras else ''}"
        f"=={pins[canonicalize_name(one.name)]}{f'; {one.marker}' if one.marker else ''}"
        for one in wanted
    ]
    found = [line for line in lines if not line.startswith("#")]
    assert found == expected, "requirements.txt is to hold these lines:\n" + "\n".join(expected)
