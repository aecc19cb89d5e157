#!/usr/bin/env python3
"""Set rftsearch up in this checkout and open its page.

Makes `.venv`, installs rftsearch and the packages pinned in constraints.txt into it,
builds the index if there is none, and becomes `rftsearch app`. The second run installs
nothing and goes straight to the page. pip's own settings (pip.conf, the PIP_* variables)
apply as everywhere.

With lists on the command line the index is built from these, each time. A first index is
otherwise built from the sources in RFTSEARCH_SOURCES, or from the shipped list.

It uses only the standard library and the syntax of Python 3.8, so that an older Python
prints the sentence of `check_python` and not a SyntaxError.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

OLDEST, NEWEST = (3, 11), (3, 13)
"""The versions of Python that the tests ran on, these two and what is between."""

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RFTSEARCH = VENV / "bin" / "rftsearch"
STATE = VENV / "rftsearch-setup.json"

# Sizes of the wheels that constraints.txt names, for Python 3.11 on x86-64 Linux.
SIZE = "510 MB"
SIZE_OF_TEST_TOOLS = "85 MB"
SIZE_WITH_CUDA = "3 GB"


class SetupError(Exception):
    """The setup cannot go on; the message is one line that names the cure."""


# --- what this runs on -------------------------------------------------------


def check_python(version: tuple[int, ...] = sys.version_info[:2], system: str = os.name) -> None:
    """Refuse a Python that cannot run rftsearch; warn about one that is not tested.

    Raises:
        SetupError: If it is older than the oldest tested one, or the system is not POSIX.
    """
    oldest, newest, found = (".".join(map(str, each)) for each in (OLDEST, NEWEST, version))
    if system != "posix":
        raise SetupError("this runs on Linux; on Windows, run it inside WSL")
    if version < OLDEST:
        raise SetupError(
            f"this is Python {found} and rftsearch needs {oldest} or newer; "
            f"install it and run: python{oldest} {' '.join(sys.argv)}"
        )
    if version > NEWEST:
        say(
            f"Note: rftsearch is tested on Python {oldest} to {newest}, not on {found}; continuing."
        )


def check_venv_module() -> None:
    """Refuse a Python that cannot make a virtual environment.

    Raises:
        SetupError: If `venv` or `ensurepip` is missing.
    """
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise SetupError(
            "this Python comes without venv; on Debian and Ubuntu: apt install python3-venv "
            "(elsewhere: a complete Python 3.11), then run this again"
        )


# --- running programs ----------------------------------------------------------


def say(text: str) -> None:
    """Print at once, so that the line comes before the output of the next program."""
    print(text, flush=True)


@contextlib.contextmanager
def only_one() -> Iterator[int]:
    """Let one run at a time change `.venv` and the index; other runs wait here.

    This file itself is locked, so no lock file has to be removed, and the system
    releases the lock when its last holder ends.

    Yields:
        The lock's file descriptor. Programs that get it hold the lock too, so a pip
        that outlives a killed start.py still makes other runs wait.
    """
    import fcntl  # noqa: PLC0415 -- POSIX only: `check_python` has refused other systems

    with Path(__file__).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run is setting up this checkout; waiting for it to finish.")
            fcntl.flock(file, fcntl.LOCK_EX)
        except OSError:
            pass  # Some network file systems cannot lock; a single run needs no lock.
        yield file.fileno()


def run(command: Sequence[str | Path], lock: int | None = None) -> int:
    """Run a program to its end and return its exit status; end it if this process is ended."""
    words = [str(word) for word in command]
    # Signals wait until there is a child to end: one within Popen would leave the child running.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))

    def let_signals_in() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        child = subprocess.Popen(
            words,
            pass_fds=() if lock is None else (lock,),
            preexec_fn=let_signals_in,  # noqa: PLW1509 -- there are no threads here
        )
    except BaseException:
        let_signals_in()
        raise
    with child:
        try:
            let_signals_in()
            return child.wait()
        except KeyboardInterrupt:
            # A terminal's Ctrl-C reached the child as well: let it tidy up.
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=5)
            raise
        finally:
            child.terminate()  # does nothing to one that has ended


def guarded(main: Callable[[], int]) -> NoReturn:
    """Run a script's main function; print one line, not a traceback, if it fails."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        status = main()
    except KeyboardInterrupt:
        status = 128 + signal.SIGINT
    except (SetupError, OSError) as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        status = 1
    sys.exit(status)


# --- the environment ---------------------------------------------------------


class State(NamedTuple):
    """What is known about `.venv`; it is kept inside, so that it disappears with `.venv`."""

    status: str
    """`busy` while `.venv` is changed, then `ready` or `failed`."""
    root: str
    """The checkout it was made in: an environment that was moved does not work."""
    key: str
    """Digest of everything that decides what is installed; see `key_of`."""
    extras: Sequence[str]
    """The extras of pyproject.toml that are installed."""


def read_state() -> State | None:
    """Return the state; None if there is no state, or it cannot be read."""
    try:
        return State(**json.loads(STATE.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_state(status: str, key: str = "", extras: Sequence[str] = ()) -> None:
    """Replace the state by an atomic rename."""
    state = State(status, str(ROOT), key, extras)
    draft = STATE.with_suffix(".new")
    draft.write_text(json.dumps(state._asdict()), "utf-8")
    draft.replace(STATE)


def key_of(python: str) -> str:
    """Return a digest of everything that decides what an environment contains."""
    files = (ROOT / "pyproject.toml", ROOT / "constraints.txt")
    parts = [python.encode(), *(file.read_bytes() for file in files)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def python_of_venv() -> str | None:
    """Return the version of `.venv`'s Python, `3.11`; None if it does not run or lacks pip."""
    code = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([PYTHON, "-I", "-c", code], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.decode().strip()


def ensure_environment(extras: Sequence[str], lock: int) -> None:
    """Install rftsearch with these extras in `.venv`; do only what is not done yet.

    An environment that is incomplete, was moved, or lost its Python is made again; one
    that is out of date is updated. An environment made by hand is used if it works.

    Raises:
        SetupError: If Python cannot make an environment, or pip fails.
    """
    python, state = python_of_venv(), read_state()
    if python and state and state.root == str(ROOT) and state.status == "ready":
        if state.key == key_of(python) and set(extras) <= set(state.extras):
            return
        extras = sorted({*extras, *state.extras})
    if VENV.exists():
        damage = _damage(python, state)
        if damage:
            check_venv_module()  # before anything is lost
            say(f"{damage}: making .venv again.")
            shutil.rmtree(VENV)
    if not VENV.exists():
        python = _create(lock)
    _install(extras, key_of(python or ""), lock)


def _damage(python: str | None, state: State | None) -> str | None:
    """Return why an environment cannot be used; None if it can."""
    if python is None:
        return "The Python of .venv does not run"
    if state and state.status == "busy":
        return "An earlier setup was interrupted"
    if state and state.root != str(ROOT):
        return "This checkout was moved"
    return None


def _create(lock: int) -> str:
    """Make an empty `.venv` and return the version of its Python."""
    check_venv_module()
    say("Making .venv ...")
    VENV.mkdir()
    write_state("busy")
    status = run([sys.executable, "-m", "venv", "--prompt", "rftsearch", VENV], lock)
    python = python_of_venv()
    if status or not python:
        raise SetupError(
            f"Python could not make {VENV} (exit status {status}, its reason is above); "
            "on Debian and Ubuntu: apt install python3-venv, then run this again"
        )
    return python


def _install(extras: Sequence[str], key: str, lock: int) -> None:
    """Let pip install in `.venv` what pyproject.toml and constraints.txt name."""
    say(download_notice(extras))
    write_state("busy")
    target = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    # --no-user: with `user` in pip.conf, pip refuses to install into an environment.
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--no-user"]
    pip += ["--disable-pip-version-check", "-c", ROOT / "constraints.txt", "-e", target]
    status = run(pip, lock)
    if status > 0:
        # pip ended by itself and not by a signal: what it installed is complete.
        write_state("failed")
    if status:
        raise SetupError(
            f"pip did not finish (exit status {status}, its reason is above); check the network, "
            f"free disk space and pip's settings (PIP_* variables, {PYTHON} -m pip config list), "
            "then run this again: pip does not download again what is in its cache"
        )
    write_state("ready", key, extras)


# --- the size of the download -------------------------------------------


def download_notice(extras: Sequence[str]) -> str:
    """Return a line about how much pip will download."""
    tools = f", and the test tools, about {SIZE_OF_TEST_TOOLS}" if extras else ""
    if _installed("torch"):  # an earlier run installed at least that
        tools = "" if _installed("pytest") else tools
        return f"Installing; pip downloads only what is missing or has changed{tools}."
    kept = "minus what is in its cache"
    build = torch_build()
    if build and (build.endswith("+cpu") or sys.platform != "linux"):
        return f"Installing; pip downloads about {SIZE}{tools}, {kept}."
    if build:
        return (
            f"Installing; pip downloads up to {SIZE_WITH_CUDA}{tools}, {kept}: its torch {build} "
            f"for Linux brings NVIDIA's CUDA libraries. With a CPU build of torch it is {SIZE}: "
            "stop with Ctrl-C, tell pip where to find one (PIP_EXTRA_INDEX_URL for an index, "
            "PIP_FIND_LINKS for a folder), and run this again."
        )
    return (
        f"Installing; pip downloads {SIZE} with a CPU build of torch, or {SIZE_WITH_CUDA} with "
        f"one for CUDA (pip did not say which one it takes){tools}, {kept}."
    )


def _installed(name: str) -> bool:
    return any(VENV.glob(f"lib/python*/site-packages/{name}-*.dist-info"))


def torch_build() -> str | None:
    """Ask pip which build of the pinned torch it will install.

    Listing versions reads one page of the package index. `pip install --dry-run` knows it,
    too, but downloads gigabytes of wheels first if the index does not serve their metadata
    separately.

    Returns:
        Its version with the label of the build, if there is one: `2.13.0+cpu`, `2.13.0`;
        None if pip does not know.
    """
    command = [str(PYTHON), "-m", "pip", "index", "versions", "torch"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    constraints = (ROOT / "constraints.txt").read_text("utf-8")
    pin = re.search(r"^torch==(\S+)", constraints, re.MULTILINE)
    listed = re.search(r"^Available versions: (.*)", answer.stdout, re.MULTILINE)
    if not (pin and listed):
        return None
    # Newest first, as pip chooses: among equal versions, the one with a label wins.
    versions = listed[1].split(", ")
    return next((version for version in versions if version.split("+")[0] == pin[1]), None)


# --- the index and the page --------------------------------------------------


def ensure_index(index: Path, lists: Sequence[str], lock: int) -> int:
    """Build the index if there is none, or if lists are named.

    Returns:
        The exit status of the build; 0 if there was nothing to build.
    """
    if (index / "manifest.json").exists() and not lists:
        return 0
    say(f"Building the index in {index} ...")
    return run([RFTSEARCH, "build", "--index", index, *(lists or first_sources())], lock)


def first_sources() -> Sequence[str]:
    """Return the sources in RFTSEARCH_SOURCES, as `rftsearch.settings` reads them."""
    named = re.split(r"[;\r\n]", os.environ.get("RFTSEARCH_SOURCES", ""))
    return [source.strip() for source in named if source.strip()]


def app_command(args: argparse.Namespace, index: Path) -> list[str]:
    """Return the command of the page; options that were not given keep their defaults."""
    command = [str(RFTSEARCH), "app", "--index", str(index)]
    if args.port is not None:
        command += ["--port", str(args.port)]
    if args.host is not None:
        command += ["--host", args.host]
    if args.no_browser:
        command += ["--no-browser"]
    return command


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Set rftsearch up in this checkout and open its page.", allow_abbrev=False
    )
    parser.add_argument(
        "lists",
        nargs="*",
        metavar="LIST",
        help="what to build the index from, see docs/your-list.md",
    )
    parser.add_argument("--port", type=int, help="port of the page")
    parser.add_argument("--host", help="address to listen on (default: this machine only)")
    parser.add_argument("--no-browser", action="store_true", help="only print the page's address")
    parser.add_argument(
        "--index", type=Path, help="folder of the index (default: $RFTSEARCH_INDEX, else index/)"
    )
    return parser.parse_args()


def main() -> int:
    """Set up and become the page; return only if the build of the index failed."""
    args = parse_arguments()
    check_python()
    index = args.index or Path(os.environ.get("RFTSEARCH_INDEX") or ROOT / "index")
    index = index.expanduser().absolute()
    with only_one() as lock:
        ensure_environment((), lock)
        status = ensure_index(index, args.lists, lock)
    if status == 0:
        command = app_command(args, index)
        # Signals then reach the app itself, and its exit status is this one.
        os.execv(command[0], command)  # noqa: S606 -- no shell is wanted
    return status


if __name__ == "__main__":
    guarded(main)
