#!/usr/bin/env python3
"""Build the wheel and the sdist, install them elsewhere, and use what was installed.

    python scripts/check_package.py           # dependencies of this Python, a minute
    python scripts/check_package.py --whole   # all of them installed again, some 2 GB

pip gets the build backend that pyproject.toml names; everything else is made in a temporary
folder. What is installed runs there, without this checkout on its path.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Collection
from pathlib import Path

import start

PACKAGE = "rftsearch"
QUERY = "reward model for multimodal reasoning"


def run(*words: str | Path, folder: Path) -> str:
    """Run a program in a folder and return what it prints.

    Raises:
        SetupError: It fails.
    """
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise start.SetupError(f"{' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def make_environment(folder: Path) -> Path:
    """Make an environment without any package but pip, and return its Python."""
    run(sys.executable, "-m", "venv", folder, folder=folder.parent)
    return folder / "bin" / "python"


def build(folder: Path) -> tuple[Path, Path]:
    """Build wheel and sdist into a folder, and return both."""
    settings = tomllib.loads((start.ROOT / "pyproject.toml").read_text("utf-8"))
    python = make_environment(folder / "builder")
    run(python, "-m", "pip", "install", "-q", *settings["build-system"]["requires"], folder=folder)
    for target in ("wheel", "sdist"):
        run(python, "-m", "hatchling", "build", "-t", target, "-d", folder, folder=start.ROOT)
    [wheel], [sdist] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def check_contents(wheel: Path, sdist: Path) -> None:
    """Compare both with the files of the package in this checkout.

    Raises:
        SetupError: A file is missing, or there is one too many.
    """
    source = start.ROOT / "src"
    ours = {
        path.relative_to(source).as_posix()
        for path in (source / PACKAGE).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        _compare(wheel, ours, {name for name in archive.namelist() if ".dist-info/" not in name})
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    packed = {name.removeprefix("src/") for name in names if name.startswith(f"src/{PACKAGE}/")}
    _compare(sdist, ours, packed)
    if missing := {"pyproject.toml", "README.md", "LICENSE", "constraints.txt"} - names:
        raise start.SetupError(f"{sdist.name} lacks {', '.join(sorted(missing))}")


def _compare(archive: Path, ours: Collection[str], packed: Collection[str]) -> None:
    if differing := sorted(set(ours) ^ set(packed)):
        raise start.SetupError(f"{archive.name} and src/ differ in {', '.join(differing[:9])}")


def install(archive: Path, folder: Path, *, whole: bool) -> Path:
    """Install a wheel or an sdist into an environment of its own, and return its Python."""
    python = make_environment(folder)
    pip: list[str | Path] = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    if whole:
        run(*pip, "-c", start.ROOT / "constraints.txt", archive, folder=folder)
        return python
    run(*pip, "--no-deps", archive, folder=folder)
    packages = run(python, "-c", "import site; print(*site.getsitepackages())", folder=folder)
    # A path that is named in such a file is searched; files like it in there are not read,
    # so an editable installation of this checkout is not found.
    borrowed = Path(packages.strip()) / "borrowed.pth"
    borrowed.write_text(sysconfig.get_path("purelib"), "utf-8")
    return python


def use(python: Path, folder: Path) -> None:
    """Build the shipped list with what was installed, and ask it a question.

    Raises:
        SetupError: It fails, or runs code of this checkout.
    """
    place = run(python, "-I", "-c", f"import {PACKAGE}; print({PACKAGE}.__file__)", folder=folder)
    if not Path(place.strip()).is_relative_to(python.parents[1]):
        raise start.SetupError(f"{PACKAGE} was imported from {place.strip()}")
    command, index = python.with_name(PACKAGE), folder / "index"
    run(command, "build", "--offline", "--index", index, folder=folder)
    answer = run(command, "search", QUERY, "-k", "3", "--index", index, folder=folder)
    if "Reward" not in answer:
        raise start.SetupError(f"the answer to {QUERY!r} is:\n{answer}")


def main() -> int:
    """Run all checks; print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], allow_abbrev=False)
    parser.add_argument("--whole", action="store_true", help="install all dependencies as well")
    whole = parser.parse_args().whole
    with tempfile.TemporaryDirectory(prefix="rftsearch-package-") as name:
        folder = Path(name).resolve()
        archives = build(folder)
        check_contents(*archives)
        start.say("wheel and sdist: the same files as src/")
        for archive in archives:
            here = folder / archive.name.replace(".", "-")
            here.mkdir()
            use(install(archive, here / "environment", whole=whole), here)
            start.say(f"{archive.name}: installed elsewhere, built the shipped list, answered")
    return 0


if __name__ == "__main__":
    start.guarded(main)
