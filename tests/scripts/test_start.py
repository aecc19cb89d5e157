from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from rftsearch import settings
from support.paths import ROOT

SCRIPTS = ROOT / "scripts"


@pytest.fixture(scope="module")
def start() -> ModuleType:
    spec = importlib.util.spec_from_file_location("start", SCRIPTS / "start.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- a first and a second run ------------------------------------------------


def test_first_run_installs_builds_and_becomes_the_app(checkout):
    page = ["--port", "7001", "--host", "h", "--no-browser"]
    status, out, err = checkout.run("start.py", *page)
    root = str(checkout.root)
    pip = ["python", "-m", "pip"]
    options = ["--no-user", "--disable-pip-version-check"]
    assert checkout.calls() == [
        [*pip, "index", "versions", "torch"],
        [*pip, "install", *options, "-c", f"{root}/constraints.txt", "-e", root],
        ["rftsearch", "build", "--index", f"{root}/index"],
        ["rftsearch", "app", "--index", f"{root}/index", *page],
    ]
    assert (status, err) == (0, "")
    assert out.index("pip downloads") < out.index("this is the fake install")


def test_second_run_only_opens_the_page(checkout):
    checkout.run("start.py")
    checkout.calls()
    assert checkout.run("start.py") == (0, "this is the fake app\n", "")
    assert checkout.tasks() == ["app"]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_pins_are_installed_into_the_same_environment(checkout, name):
    checkout.run("start.py")
    kept = checkout.root / ".venv" / "kept"
    kept.touch()
    with (checkout.root / name).open("a") as file:
        file.write("\n# changed\n")
    checkout.calls()
    _, out, _ = checkout.run("start.py")
    assert checkout.tasks() == ["install", "app"]
    assert "only what is missing or has changed" in out
    assert kept.exists()


def test_status_of_the_app_is_passed_on(checkout):
    assert checkout.run("start.py", FAKE_STATUS_app="7")[0] == 7


# --- the index ---------------------------------------------------------------


def test_index_is_built_where_it_is_asked_for(checkout):
    checkout.run("start.py", "--index", "here")
    expected = str(checkout.root.parent / "here")  # relative to where the user stands
    assert [call[3] for call in checkout.calls() if call[0] == "rftsearch"] == [expected] * 2


def test_environment_variable_names_the_index(checkout, tmp_path):
    checkout.run("start.py", RFTSEARCH_INDEX=str(tmp_path / "other"))
    assert checkout.calls()[-1] == ["rftsearch", "app", "--index", str(tmp_path / "other")]
    assert not (checkout.root / "index").exists()


def builds(checkout) -> list[list[str]]:
    return [call[4:] for call in checkout.calls() if call[:2] == ["rftsearch", "build"]]


def test_lists_that_are_named_are_built_each_time(checkout):
    checkout.run("start.py")
    checkout.calls()
    for _ in range(2):
        checkout.run("start.py", "mine.md", "owner/name", "--no-browser")
        assert builds(checkout) == [["mine.md", "owner/name"]]


def test_variable_names_what_the_first_index_is_built_from(checkout):
    named = {"RFTSEARCH_SOURCES": " a b.md; https://example.org/c,d.md ;"}
    checkout.run("start.py", **named)
    assert builds(checkout) == [["a b.md", "https://example.org/c,d.md"]]
    checkout.run("start.py", **named)
    assert builds(checkout) == []


def test_script_and_package_read_the_variable_alike(start, monkeypatch):
    for value in ("", "a.md", "a.md;b.md", "a b.md\n https://c.example:1/d,e ;\r\n"):
        monkeypatch.setenv("RFTSEARCH_SOURCES", value)
        assert start.first_sources() == settings.first_sources()


def test_failed_build_ends_with_its_status(checkout):
    assert checkout.run("start.py", FAKE_STATUS_build="3")[0] == 3
    assert "app" not in checkout.tasks()


# --- an environment that is not as it was left -------------------------------


def lose_python(checkout):
    (checkout.root / ".venv/bin/python").unlink()


def lose_everything(checkout):
    shutil.rmtree(checkout.root / ".venv")
    (checkout.root / ".venv").mkdir()


def move_checkout(checkout):
    checkout.root = checkout.root.rename(checkout.root.with_name("elsewhere"))


@pytest.mark.parametrize("harm", [lose_python, lose_everything, move_checkout])
def test_broken_environment_is_made_again(checkout, harm):
    checkout.run("start.py")
    left_over = checkout.root / ".venv" / "left-over"
    left_over.touch()
    harm(checkout)
    checkout.calls()
    status, out, _ = checkout.run("start.py")
    assert status == 0
    assert "making .venv again" in out
    assert checkout.tasks() == ["index", "install", "app"]
    assert not (checkout.root / ".venv" / "left-over").exists()
    assert checkout.run("start.py")[1] == "this is the fake app\n"


def test_environment_made_by_hand_is_taken_over(checkout):
    checkout.run("start.py")
    (checkout.root / ".venv/rftsearch-setup.json").unlink()
    mine = checkout.root / ".venv" / "mine"
    mine.touch()
    checkout.calls()
    checkout.run("start.py")
    assert checkout.tasks() == ["install", "app"]
    assert mine.exists()


@pytest.mark.parametrize("text", ["", "[]", '{"status": "ready"}'])
def test_unreadable_state_means_installing_again(checkout, text):
    checkout.run("start.py")
    (checkout.root / ".venv/rftsearch-setup.json").write_text(text)
    checkout.calls()
    assert checkout.run("start.py")[0] == 0
    assert "install" in checkout.tasks()


# --- what a user meets when something is missing -----------------------------


def test_failed_download_names_the_cure_and_is_completed_later(checkout):
    status, _, err = checkout.run("start.py", FAKE_STATUS_install="1")
    assert status == 1
    assert err.count("\n") == 1
    assert err.startswith("start.py: pip did not finish (exit status 1")
    assert "network" in err
    assert "run this again" in err
    checkout.calls()
    status, out, _ = checkout.run("start.py")
    assert status == 0
    assert "again" not in out
    assert checkout.tasks() == ["index", "install", "build", "app"]


def test_missing_ensurepip_names_the_package_and_deletes_nothing(checkout, tmp_path):
    checkout.run("start.py")
    lose_python(checkout)
    # What Debian's Python is like without python3-venv.
    (tmp_path / "fakes" / "sitecustomize.py").write_text(
        "import sys; sys.modules['ensurepip'] = None"
    )
    status, _, err = checkout.run("start.py")
    assert status == 1
    assert "apt install python3-venv" in err
    assert err.count("\n") == 1
    assert (checkout.root / ".venv").exists()


def test_failing_venv_names_the_cure_and_is_made_again_later(checkout):
    status, _, err = checkout.run("start.py", FAKE_STATUS_venv="1")
    assert status == 1
    assert "apt install python3-venv" in err
    assert checkout.run("start.py")[0] == 0


def test_folder_that_cannot_be_written_is_one_line(checkout):
    # A file where the folder should be: holds for root too, whom permissions do not stop.
    (checkout.root / ".venv").touch()
    status, _, err = checkout.run("start.py")
    assert status == 1
    assert err.startswith("start.py: ")
    assert str(checkout.root / ".venv") in err


def test_older_python_is_refused_with_the_cure(start):
    with pytest.raises(start.SetupError, match=r"Python 3\.10 .* run: python3\.11 "):
        start.check_python((3, 10))


def test_newer_python_is_warned_of_in_one_line(start, capsys):
    start.check_python((start.NEWEST[0], start.NEWEST[1] + 1))
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_tested_pythons_pass_in_silence(start, capsys, version):
    start.check_python(version)
    assert capsys.readouterr().out == ""


def test_the_versions_that_pass_in_silence_are_those_that_the_package_claims(start):
    project = tomllib.loads((SCRIPTS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    claimed = re.findall(r"Python :: 3\.(\d+)", "\n".join(project["classifiers"]))
    assert [int(minor) for minor in claimed] == list(range(start.OLDEST[1], start.NEWEST[1] + 1))
    assert project["requires-python"] == ">={}.{}".format(*start.OLDEST)


def test_other_systems_are_refused(start):
    with pytest.raises(start.SetupError, match="WSL"):
        start.check_python((3, 11), "nt")


@pytest.mark.parametrize("name", ["start.py", "test.py"])
def test_old_pythons_can_read_the_scripts(name):
    tree = ast.parse((SCRIPTS / name).read_text("utf-8"), feature_version=(3, 8))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
    assert {module.split(".")[0] for module in imported} <= sys.stdlib_module_names | {"start"}


# --- how much is said to be downloaded ---------------------------------------


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ("2.14.0, 2.13.0+cpu, 2.13.0", "about 510 MB"),
        ("2.14.0+cpu, 2.13.0", "up to 3 GB"),
        ("2.13.0+cu130, 2.13.0+cpu", "up to 3 GB"),
        ("2.12.0", "510 MB with a CPU build of torch, or 3 GB"),
        ("", "510 MB with a CPU build of torch, or 3 GB"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="only torch for Linux comes with CUDA")
def test_download_is_announced_by_the_build_of_torch(checkout, versions, said):
    _, out, _ = checkout.run("start.py", FAKE_TORCH=versions)
    assert said in out


def test_pip_that_cannot_list_versions_is_no_obstacle(checkout):
    status, out, _ = checkout.run("start.py", FAKE_STATUS_index="1")
    assert status == 0
    assert "or 3 GB" in out


# --- runs that meet, or are cut short ----------------------------------------


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A pipe at which the fake pip waits; opening it for writing waits for that pip."""
    path = tmp_path / "gate"
    os.mkfifo(path)
    return path


def test_two_runs_at_once_install_once(checkout, gate):
    with checkout.begin("start.py", FAKE_GATE=str(gate)) as first:
        with gate.open("w"):
            second = checkout.begin("start.py")
            assert second.stdout.readline().startswith("Another run")
        first.communicate()
    with second:
        second.communicate()
    assert first.returncode == second.returncode == 0
    assert sorted(checkout.tasks()) == ["app", "app", "build", "index", "install"]


def test_killed_run_leaves_nothing_that_the_next_would_trust(checkout, gate):
    with checkout.begin("start.py", FAKE_GATE=str(gate)) as killed:
        with gate.open("w"):
            killed.kill()
            killed.wait()
            # Its pip lives on, and holds the lock as long as it does.
            following = checkout.begin("start.py")
            assert following.stdout.readline().startswith("Another run")
        with following:
            out, _ = following.communicate()
    assert "interrupted: making .venv again" in out
    assert following.returncode == 0


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Let children react to SIGINT even where the tests run in the background and do not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_signal_ends_the_run_and_its_pip_quietly(checkout, gate, name, status):
    number = signal.Signals[name]
    with checkout.begin("start.py", FAKE_GATE=str(gate)) as process, gate.open("w"):
        # Ctrl-C reaches the whole group, a `kill` the one process.
        (os.killpg if name == "SIGINT" else os.kill)(process.pid, number)
        _, err = process.communicate()
    assert (process.returncode, err) == (status, "")
    assert "making .venv again" in checkout.run("start.py")[1]


# The signal comes when the child is there and Popen has not yet returned it.
SIGNALLED_WHILE_BEGINNING = """
import os, signal, subprocess, sys
sys.path.insert(0, sys.argv[1])
import start

class Signalled(subprocess.Popen):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Ctrl-C reaches the whole group, a `kill` the one process.
        number = int(sys.argv[2])
        os.killpg(0, number) if number == signal.SIGINT else os.kill(os.getpid(), number)

subprocess.Popen = Signalled
start.guarded(lambda: start.run(["sh", "-c", "read -r _"]))
"""


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_that_meets_a_beginning_child_ends_that_child_too(number):
    command = [sys.executable, "-c", SIGNALLED_WHILE_BEGINNING, str(SCRIPTS), str(int(number))]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, **pipes, start_new_session=True) as process:
        # Ends when the last holder of these pipes has ended: the child is one of them.
        process.stdout.read()
        assert (process.wait(), process.stderr.read()) == (128 + number, b"")
