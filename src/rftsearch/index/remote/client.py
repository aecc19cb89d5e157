"""The client of Qdrant: opened once, asked with bounded patience, each failure in one line.

In local mode one client serves the whole process: the memory of a process is shared by
its name, and a folder can be opened once only. It is not made for several threads, so
that one at a time asks it.
"""

from __future__ import annotations

import atexit
import ssl
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from rftsearch.errors import IndexServerError, UsageError
from rftsearch.index.remote.address import Address
from rftsearch.index.remote.failures import Failure, Kind, explained, failure_of
from rftsearch.settings import QDRANT_CA_VARIABLE, QDRANT_KEY_VARIABLE, setting

if TYPE_CHECKING:
    from qdrant_client import QdrantClient

__all__ = ["OLDEST", "PATIENT", "QUICK", "Remote", "forget_memory"]

T = TypeVar("T")

QUICK, PATIENT = 10, 60
"""Seconds that one request may take: of a question, and of a build."""
_PAUSES = (0.2, 0.8, 3.2)
"""Seconds before each further attempt."""
_LONGEST_PAUSE = 30.0
"""If the server says how long to wait, at most this long."""
OLDEST = (1, 16)
"""The first version of Qdrant that has all that is asked of it."""


class Remote:
    """An open client of the server, or of the local mode, that an address names."""

    _local: ClassVar[dict[str, tuple[QdrantClient, int]]] = {}
    """Open clients of the local mode, and how many use each, by address."""
    _lock: ClassVar[threading.RLock] = threading.RLock()

    def __init__(
        self,
        client: QdrantClient,
        address: Address,
        timeout: int = QUICK,
        sleep: Callable[[float], object] = time.sleep,
        *,
        again: bool = True,
    ) -> None:
        """Wrap a client; use `open`."""
        self._client = client
        self._again = again
        self._sleep = sleep
        self._timeout = timeout
        self.address = address

    @classmethod
    def open(
        cls,
        address: Address | str,
        timeout: int = QUICK,
        sleep: Callable[[float], object] = time.sleep,
        *,
        again: bool = True,
    ) -> Self:
        """Open a client. A server is not asked anything yet.

        Args:
            address: Where the index is.
            timeout: Seconds that one request may take.
            sleep: Waits some seconds between two attempts.
            again: Whether anything is asked a second time where that may help.

        Raises:
            UsageError: The address is none, or a setting makes no sense.
            IndexServerError: `qdrant-client` is not installed, or the folder cannot be opened.
        """
        address = Address.parse(address) if isinstance(address, str) else address
        if not address.is_local:
            return cls(_client_of(address, timeout), address, timeout, sleep, again=again)
        with cls._lock:
            client, users = cls._local.get(address.text, (None, 0))
            if client is None:
                client = _local_client(address)
            cls._local[address.text] = client, users + 1
        return cls(client, address, timeout, sleep, again=again)

    def close(self) -> None:
        """Close the client; what is in memory stays until the process ends."""
        if not self.address.is_local:
            self._client.close()
            return
        with self._lock:
            client, users = self._local.get(self.address.text, (self._client, 0))
            if self.address.folder is None:
                return
            self._local[self.address.text] = client, users - 1
            if users <= 1:
                self._local.pop(self.address.text, None)
                client.close()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close at the end of a `with`."""
        self.close()

    def ask(self, call: Callable[[QdrantClient], T], *, again: bool = True) -> T:
        """Ask the server something; ask again a few times if that may help.

        Args:
            call: Asks; it must do no harm if it is done twice.
            again: Whether a failure that may pass is worth another attempt.

        Raises:
            IndexMissingError: There is no such collection.
            IndexServerError: The server does not answer, refuses, or is full.
        """
        pauses = iter(_PAUSES if again and self._again else ())
        while True:
            try:
                with self._alone():
                    return call(self._client)
            except Exception as error:
                failure = failure_of(error)
                pause = next(pauses, None) if failure.passes else None
                if pause is None:
                    raise explained(failure, self.address, self._timeout) from error
                if failure.wait is not None:
                    pause = min(max(failure.wait, pause), _LONGEST_PAUSE)
            self._sleep(pause)

    def check_version(self) -> None:
        """Refuse a server that is too old for what is asked of it.

        Raises:
            IndexServerError: It is, or it does not answer.
        """
        if self.address.is_local:
            return
        version = self.ask(lambda client: client.info()).version
        numbers = version.split(".")[:2]
        if not all(one.isdecimal() for one in numbers) or tuple(map(int, numbers)) < OLDEST:
            oldest = ".".join(map(str, OLDEST))
            raise IndexServerError(
                f"{self.address.url} is Qdrant {version}; update it to {oldest} or newer"
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self.address.is_local:
            yield
            return
        with self._lock, warnings.catch_warnings():
            if self.address.folder is not None:
                _hasten(self._client)
            # It warns above 20,000 points; docs/qdrant.md says what local mode is for.
            warnings.filterwarnings("ignore", "Local mode is not recommended")
            yield


def forget_memory(name: str) -> None:
    """Drop what `qdrant+memory:NAME` holds in this process."""
    with Remote._lock:
        client, _ = Remote._local.pop(f"qdrant+memory:{name}", (None, 0))
        if client is not None:
            client.close()


def _client_of(address: Address, timeout: int) -> QdrantClient:
    key = setting(QDRANT_KEY_VARIABLE)
    if key is not None and not (key.isascii() and key.isprintable()):
        raise UsageError(f"{QDRANT_KEY_VARIABLE} holds a sign that no key has; set it again")
    # As a header: given as a key, the client would warn where the address is not of TLS.
    headers = {"api-key": key} if key else None
    try:
        return _library()(
            url=address.url,
            port=None,
            timeout=timeout,
            headers=headers,
            check_compatibility=False,  # It would ask in a thread of its own, and warn.
            # Without TLS nothing is to be verified, and to read all authorities takes long.
            verify=_authorities() if str(address.url).startswith("https:") else False,
        )
    except ValueError as error:
        raise UsageError(f"{address.text} is no address that Qdrant's client takes") from error


def _authorities() -> ssl.SSLContext:
    """Return what certificates are checked with.

    Raises:
        UsageError: The file that is set cannot be read.
    """
    file = setting(QDRANT_CA_VARIABLE)
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"{QDRANT_CA_VARIABLE} is {file!r}, which holds no certificates; name a PEM file"
        ) from error


def _local_client(address: Address) -> QdrantClient:
    library = _library()
    # Threads take turns, see `Remote.ask`.
    try:
        if address.folder is None:
            return library(location=":memory:", force_disable_check_same_thread=True)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Local mode is not recommended")
            if _is_held(address.folder):
                raise explained(Failure(Kind.HELD), address, 0)
            return library(path=str(address.folder), force_disable_check_same_thread=True)
    except Exception as error:
        raise explained(failure_of(error), address, 0) from error


def _is_held(folder: Path) -> bool:
    """Return whether another client has a folder open: the library would leave its lock open."""
    import portalocker  # noqa: PLC0415 - comes with the client

    try:
        with (folder / ".lock").open("r+") as file:
            portalocker.lock(
                file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
            )
            portalocker.unlock(file)
    except portalocker.exceptions.LockException:
        return True
    except OSError:
        pass  # It is not there yet, or opening it says more.
    return False


def _hasten(client: QdrantClient) -> None:
    """Let SQLite not wait for the disk at each paper, as the local mode has it: 50 ms each.

    What a lost machine leaves undone is found by its digest, and written again.
    """
    collections = getattr(getattr(client, "_client", None), "collections", {})
    for collection in list(collections.values()):
        storage = getattr(collection, "storage", None)
        connection = getattr(storage, "storage", None)
        if storage is not None and not hasattr(storage, "hastened") and connection is not None:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
            storage.hastened = True


@atexit.register
def _close_folders() -> None:
    """Close what was left open: the client cannot do it once Python takes itself apart."""
    for client, _ in list(Remote._local.values()):
        client.close()
    Remote._local.clear()


def _library() -> type[QdrantClient]:
    try:
        from qdrant_client import QdrantClient  # noqa: PLC0415 - an extra, and it takes a second
    except ImportError as error:
        raise IndexServerError(
            'an index on Qdrant needs its client; `pip install "rftsearch[qdrant]"` brings it'
        ) from error
    return QdrantClient
