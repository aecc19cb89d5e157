"""A checkout whose Python, pip and tools are fakes: the real scripts, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.library import build_library
from support.static import save_static_model

REPOSITORY = Path(__file__).parents[2]

# `python -m venv ... DIR`: an environment whose Python is the program below.
FAKE_VENV = """
import os, shutil, sys
from pathlib import Path
if os.environ.get("FAKE_STATUS_venv"):
    sys.exit(int(os.environ["FAKE_STATUS_venv"]))
Path(sys.argv[-1], "bin").mkdir(parents=True)
shutil.copy(Path(__file__).with_name("program"), Path(sys.argv[-1], "bin", "python"))
"""

# Every program of that environment. It logs its name and arguments, one call a line, does what
# can be seen from outside, and ends as $FAKE_STATUS_<task> says. A shell's, to start at once.
FAKE_PROGRAM = r"""#!/bin/sh
if [ "$1" = -I ]; then echo VERSION; exit; fi  # asked for its version
bin=${0%/*} name=${0##*/}
IFS=$(printf '\t')
printf '%s\t%s\n' "$name" "$*" >>"$FAKE_LOG"
case "$name $1 $2" in
  python*pip) task=$3 ;;
  python*) task=$2 ;;
  rftsearch*) task=$1 ;;
  *) task=$name ;;
esac
case $task in
  index) echo "Available versions: ${FAKE_TORCH-2.13.0+cpu, 2.13.0}" ;;
  install)
    if [ -n "$FAKE_GATE" ]; then read -r _ <"$FAKE_GATE"; fi  # until the test closes it
    if [ -n "$FAKE_STATUS_install" ]; then exit "$FAKE_STATUS_install"; fi
    packages=$bin/../lib/python3/site-packages
    mkdir -p "$packages/torch-2.13.0.dist-info"
    case "$*" in *"[test]") mkdir -p "$packages/pytest-9.2.0.dist-info" ;; esac
    for other in rftsearch ruff mypy; do cp "$0" "$bin/$other"; done ;;
  build) mkdir -p "$3"; touch "$3/manifest.json" ;;
esac
echo "this is the fake $task"
eval "exit \${FAKE_STATUS_$task:-0}"
"""


class Checkout:
    """The scripts in a folder of their own, run as a user runs them."""

    def __init__(self, root: Path, fakes: Path) -> None:
        self.root = root
        self.log = fakes / "log"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "RFTSEARCH_INDEX"},
            "PYTHONPATH": str(fakes),
            "PYTHONDONTWRITEBYTECODE": "1",
            "FAKE_LOG": str(self.log),
        }

    def begin(self, script: str, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a script of the checkout in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, str(self.root / "scripts" / script), *arguments],
            cwd=self.root.parent,
            env={**self.environment, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, script: str, *arguments: str, **settings: str) -> tuple[int, str, str]:
        """Run a script to its end; returns its status and what it wrote to stdout and stderr."""
        with self.begin(script, *arguments, **settings) as process:
            out, err = process.communicate()
        assert "Traceback" not in err
        return process.returncode, out, err

    def calls(self) -> list[list[str]]:
        """Forget and return what the fake programs were asked since the last time."""
        lines = self.log.read_text().splitlines()
        self.log.write_text("")
        return [line.rstrip("\t").split("\t") for line in lines]

    def tasks(self) -> list[str]:
        """As `calls`, in one word each: index, install, build, app, ..."""
        return [_task(call) for call in self.calls()]


def _task(call: list[str]) -> str:
    program, *words = call
    if program == "python":  # -m pip TASK, or -m TASK
        return words[2] if words[1] == "pip" else words[1]
    return words[0] if program == "rftsearch" else program


@pytest.fixture(scope="session")
def index(tmp_path_factory) -> Path:
    """An index whose model is a table: the processes that open it load no torch."""
    folder = tmp_path_factory.mktemp("benchmarked")
    return build_library(folder, save_static_model(folder / "model"))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root = tmp_path / "a checkout"  # a blank in the path, as people have them
    fakes = tmp_path / "fakes"
    fakes.mkdir()
    (fakes / "venv.py").write_text(FAKE_VENV)
    version = "{}.{}".format(*sys.version_info)
    (fakes / "program").write_text(FAKE_PROGRAM.replace("VERSION", version))
    (fakes / "program").chmod(0o755)
    (fakes / "log").touch()
    (root / "scripts").mkdir(parents=True)
    for name in ("scripts/start.py", "scripts/test.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(REPOSITORY / name, root / name)
    return Checkout(root, fakes)
