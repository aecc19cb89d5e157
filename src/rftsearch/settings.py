"""Settings from the environment: every variable that the package reads has its name here.

================================  ==========================================================
`RFTSEARCH_INDEX`                 folder or address of the index, if none is given
`RFTSEARCH_THREADS`               threads for one computation; by default as many as cores
`RFTSEARCH_ARXIV_URL`             address to ask in place of arXiv's API
`RFTSEARCH_GITHUB_URL`            address of a server to ask in place of GitHub
`RFTSEARCH_AUTH`                  accounts of the page, `name:password`, one a line
`RFTSEARCH_ALLOWED_HOSTS`         names under which a proxy shows the page, with commas
`RFTSEARCH_VECTOR_ENGINE`         engine that builds write vectors with; by default FAISS
`RFTSEARCH_QDRANT_API_KEY`        key that a Qdrant server asks for
`RFTSEARCH_QDRANT_CA`             file of the authorities that sign its certificate
`RFTSEARCH_QDRANT_SHARDS`         shards of a new collection; by default what Qdrant takes
`RFTSEARCH_QDRANT_REPLICAS`       copies of each shard, likewise
`RFTSEARCH_TITLE`, `..._HOME`     name and home of the page, in place of those of its lists
`RFTSEARCH_DESCRIPTION`           its description, likewise
`RFTSEARCH_EMBED_FROM`            origins whose pages may show the page in a frame
`RFTSEARCH_SOURCES`               what the first start builds the index from
`GRADIO_SERVER_NAME`, `..._PORT`  address and port of the page, without `--host` and `--port`
`GRADIO_ROOT_PATH`                path of the page behind a proxy, without `--root-path`
`GITHUB_TOKEN`                    token with which GitHub is asked, and nobody else
`GITHUB_REPOSITORY`               repository whose issue `rftsearch issue` keeps
`GITHUB_API_URL`                  address of GitHub's API, in place of the public one
`SPACE_HOST`                      public name of the page, set by a Space
`FORCE_COLOR`, `NO_COLOR`         styles in the output: always; never
================================  ==========================================================

The libraries below read variables of their own, such as `HF_HOME` and `XDG_CACHE_HOME`.

onnxruntime, FAISS and torch each start as many threads as the machine has processors,
even if this process may use fewer, and then slow each other down: all of them get
their number of threads from here.
"""

from __future__ import annotations

import math
import os
import re
import shlex
import tomllib
from pathlib import Path

import platformdirs

from rftsearch.errors import UsageError

__all__ = [
    "ACCOUNTS_VARIABLE",
    "ALLOWED_HOSTS_VARIABLE",
    "ALLOW_ORIGIN_VARIABLE",
    "ARXIV_URL_VARIABLE",
    "DESCRIPTION_VARIABLE",
    "EMBED_FROM_VARIABLE",
    "GITHUB_API_VARIABLE",
    "GITHUB_REPOSITORY_VARIABLE",
    "GITHUB_TOKEN_VARIABLE",
    "GITHUB_URL_VARIABLE",
    "HOME_VARIABLE",
    "INDEX_VARIABLE",
    "QDRANT_CA_VARIABLE",
    "QDRANT_KEY_VARIABLE",
    "QDRANT_REPLICAS_VARIABLE",
    "QDRANT_SHARDS_VARIABLE",
    "ROOT_PATH_VARIABLE",
    "SERVER_NAME_VARIABLE",
    "SERVER_PORT_VARIABLE",
    "SOURCES_VARIABLE",
    "THREADS_VARIABLE",
    "TITLE_VARIABLE",
    "VECTOR_ENGINE_VARIABLE",
    "address_of",
    "build_command",
    "cores",
    "default_cache",
    "default_index",
    "expanded",
    "first_sources",
    "index_path",
    "index_place",
    "number_setting",
    "refuse_address",
    "setting",
    "threads",
    "vector_engine",
    "wants_styles",
    "web_copies",
]

INDEX_VARIABLE = "RFTSEARCH_INDEX"
THREADS_VARIABLE = "RFTSEARCH_THREADS"
ARXIV_URL_VARIABLE = "RFTSEARCH_ARXIV_URL"
GITHUB_URL_VARIABLE = "RFTSEARCH_GITHUB_URL"
GITHUB_API_VARIABLE = "GITHUB_API_URL"
GITHUB_REPOSITORY_VARIABLE = "GITHUB_REPOSITORY"
GITHUB_TOKEN_VARIABLE = "GITHUB_TOKEN"  # noqa: S105 - a name
ACCOUNTS_VARIABLE = "RFTSEARCH_AUTH"
ALLOWED_HOSTS_VARIABLE = "RFTSEARCH_ALLOWED_HOSTS"
VECTOR_ENGINE_VARIABLE = "RFTSEARCH_VECTOR_ENGINE"
QDRANT_KEY_VARIABLE = "RFTSEARCH_QDRANT_API_KEY"
QDRANT_CA_VARIABLE = "RFTSEARCH_QDRANT_CA"
QDRANT_SHARDS_VARIABLE = "RFTSEARCH_QDRANT_SHARDS"
QDRANT_REPLICAS_VARIABLE = "RFTSEARCH_QDRANT_REPLICAS"
TITLE_VARIABLE = "RFTSEARCH_TITLE"
HOME_VARIABLE = "RFTSEARCH_HOME"
DESCRIPTION_VARIABLE = "RFTSEARCH_DESCRIPTION"
ALLOW_ORIGIN_VARIABLE = "RFTSEARCH_ALLOW_ORIGIN"
EMBED_FROM_VARIABLE = "RFTSEARCH_EMBED_FROM"
SOURCES_VARIABLE = "RFTSEARCH_SOURCES"
ROOT_PATH_VARIABLE = "GRADIO_ROOT_PATH"
SERVER_NAME_VARIABLE = "GRADIO_SERVER_NAME"
SERVER_PORT_VARIABLE = "GRADIO_SERVER_PORT"


def setting(variable: str) -> str | None:
    """Return what a variable is set to; None if it is not set, or empty."""
    return os.environ.get(variable) or None


def first_sources() -> list[str]:
    """Return what a first start shall build the index from; nothing for the shipped list.

    `RFTSEARCH_SOURCES` separates sources by semicolons or line ends: addresses and paths
    hold colons, commas and spaces, and what sets variables for a Space or a container often
    takes one line only.

    Raises:
        UsageError: The variable is set, but names no source.
    """
    named = setting(SOURCES_VARIABLE)
    sources = [one.strip() for one in re.split(r"[;\r\n]", named or "")]
    sources = [one for one in sources if one]
    if named and not sources:
        raise UsageError(
            f"{SOURCES_VARIABLE} names no source; give a list's path or address, "
            "several with a semicolon between them"
        )
    return sources


def wants_styles(terminal: bool) -> bool:
    """Return whether the user wants bold and coloured text.

    Args:
        terminal: Whether the text goes to a terminal.
    """
    if setting("FORCE_COLOR"):
        return True
    return terminal and not setting("NO_COLOR") and setting("TERM") != "dumb"


def default_index() -> Path:
    """Return the index folder to use if nobody names one; it need not exist yet.

    It is, in this order: the folder in `RFTSEARCH_INDEX`; the `index/` folder of the
    checkout that the package runs from, or that contains the working folder; a folder in
    the user's data folder.

    Raises:
        UsageError: If the variable begins with a user who does not exist.
    """
    if named := setting(INDEX_VARIABLE):
        return expanded(Path(named))
    # The package's own place first: `src/rftsearch/settings.py` of a checkout.
    for folder in (Path(__file__).parents[2], *_working_folders()):
        if _is_checkout(folder):
            return folder / "index"
    return platformdirs.user_data_path("rftsearch", appauthor=False) / "index"


def expanded(path: Path) -> Path:
    """Return a path with `~` replaced by the home folder.

    Raises:
        UsageError: If there is no such user.
    """
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise UsageError(f"{path} begins with a user who does not exist; write ./{path}") from error


def address_of(index: Path) -> str | None:
    """Return the address of an index that a path stands for; None if it is a folder.

    Wherever a folder can be named, so can an address such as `qdrant://host:6333/papers`. It
    comes as a path, which has one slash where two stand side by side.
    """
    text = str(index)
    if _ADDRESS.match(text) is None:
        return None
    return re.sub(r"^(qdrant(?:\+https)?):/+", r"\1://", text)


def refuse_address(index: Path) -> None:
    """Do nothing for a folder.

    Raises:
        UsageError: It is an address.
    """
    if address := address_of(index):
        raise UsageError(
            f"{address} is an index on a server, and this needs the folder that it was published "
            "from; name that with --index"
        )


def index_place(index: Path | None) -> Path:
    """Return where an index is read: its folder as `index_path` returns it, or its address.

    Raises:
        UsageError: As `index_path`.
    """
    named = default_index() if index is None else index
    return named if address_of(named) else index_path(named)


def index_path(index: Path | None) -> Path:
    """Return the whole path of an index, which holds even if the working folder changes.

    Args:
        index: Its folder; None for the default one.

    Raises:
        UsageError: If it is an address, if the path is not UTF-8, which FAISS and tantivy
            cannot open, or if it depends on a folder or a user that does not exist.
    """
    folder = default_index() if index is None else expanded(index)
    refuse_address(folder)
    try:
        whole = folder.absolute()
        str(whole).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(folder).decode(errors="replace")
        raise UsageError(f"the path {shown} is not in UTF-8; rename the folder") from None
    except FileNotFoundError as error:
        raise UsageError(
            f"{folder} is relative to a folder that was deleted; give the whole path"
        ) from error
    return whole


def build_command(index: Path) -> str:
    """Return the command that builds an index: it names the folder if it is not the default."""
    try:
        default = index == index_path(None)
    except UsageError:  # The default folder cannot be found.
        default = False
    return "rftsearch build" if default else f"rftsearch build --index {shlex.quote(str(index))}"


def _working_folders() -> list[Path]:
    """Return the working folder and the folders above it; none if it was deleted."""
    try:
        here = Path.cwd()
    except FileNotFoundError:
        return []
    return [here, *here.parents]


def default_cache() -> Path:
    """Return the user's folder for files that can be made again; it need not exist yet."""
    return platformdirs.user_cache_path("rftsearch", appauthor=False)


def web_copies() -> Path:
    """Return the user's folder for copies of lists from the web; it need not exist yet."""
    return default_cache() / "web"


def vector_engine() -> str:
    """Return the name of the engine that builds write vectors with; empty for the usual one."""
    return setting(VECTOR_ENGINE_VARIABLE) or ""


def _is_checkout(folder: Path) -> bool:
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(project.get("project", {}).get("name") == "rftsearch")


_ADDRESS = re.compile(r"qdrant(\+[a-z]+)?:")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Processor time that a container may use: microseconds, and the period that they are for."""


def threads() -> int:
    """Return the threads for one computation: `RFTSEARCH_THREADS`, else `cores`.

    Raises:
        UsageError: If the variable is not a number of threads.
    """
    named = number_setting(THREADS_VARIABLE, "threads")
    return cores() if named is None else named


def number_setting(variable: str, of_what: str) -> int | None:
    """Return a variable that is a number of something, 1 or more; None if it is not set.

    Raises:
        UsageError: If it is something else.
    """
    named = setting(variable)
    if named is None:
        return None
    if not named.isdecimal() or int(named) < 1:
        raise UsageError(f"{variable} is {named!r}; give a number of {of_what}, 1 or more")
    return int(named)


def cores() -> int:
    """Return the number of processors that this process may use: its affinity and quota."""
    if hasattr(os, "sched_getaffinity"):
        available = len(os.sched_getaffinity(0))
    else:
        available = os.cpu_count() or 1
    return max(1, min(available, _quota()))


def _quota() -> int:
    """Return the processors of the container's quota, rounded up; without a quota all of them."""
    everything = os.cpu_count() or 1
    try:
        allowed, period = _QUOTA.read_text("ascii").split()
        return everything if allowed == "max" else math.ceil(int(allowed) / int(period))
    except (OSError, ValueError):
        return everything
