"""A session of requests whose connections can be broken off, and whose other side is known."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

__all__ = ["LateError", "Peers", "TimedSession"]


class LateError(Exception):
    """The time for an answer was over, and the connection was broken off."""


class Peers:
    """The open connections of a session."""

    def __init__(self, check: Callable[[str], None]) -> None:
        """Know none yet; `check` gets the address of each other side before it is asked."""
        self._check = check
        self._sockets: list[socket.socket] = []
        self._addresses: dict[tuple[str, int], str] = {}

    def opened(self, host: str, port: int, made: socket.socket) -> None:
        """Take note of a connection.

        Raises:
            Exception: Whatever the check raises about the other side.
        """
        self._sockets = [one for one in self._sockets if one.fileno() != -1]
        self._sockets.append(made)
        address = str(made.getpeername()[0])
        self._addresses[host, port] = address
        try:
            self._check(address)
        except BaseException:
            made.close()
            raise

    def secured(self, made: socket.socket) -> None:
        """Take note of the socket into which TLS has wrapped the last one."""
        self._sockets.append(made)

    def address_of(self, host: str, port: int) -> str | None:
        """Return the address of a host that was connected to; None if it was not, or by a proxy."""
        return self._addresses.get((host, port))

    def break_off(self) -> None:
        """Shut every connection down, whoever waits for it."""
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class TimedSession(requests.Session):
    """A session for one request at a time, each with a time for its whole answer.

    The timeouts of requests are those of silence: an answer that comes byte by byte would
    hold a connection for ever.

    Attributes:
        peers: Its connections.
    """

    def __init__(self, check: Callable[[str], None] = lambda _: None) -> None:
        """Open no connection yet.

        Args:
            check: Called with the address of each other side, once there is a connection and
                before anything is sent. What it raises ends the request.
        """
        super().__init__()
        self.peers = Peers(check)
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self.peers))

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Break the connection off when the time for an answer is over.

        Raises:
            LateError: It was.
        """
        late = threading.Event()

        def break_off() -> None:
            late.set()
            self.peers.break_off()

        timer = threading.Timer(seconds, break_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if not late.is_set():
                raise
            raise LateError from error
        finally:
            timer.cancel()
        if late.is_set():  # Cut off, an answer without a length looks whole.
            raise LateError


class _Adapter(HTTPAdapter):
    """Tells of each connection that is made."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as requests
        super().init_poolmanager(*args, **options)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as requests
        manager = super().proxy_manager_for(*args, **options)
        self._watch(manager)
        return manager

    def _watch(self, manager: PoolManager) -> None:
        peers = self._peers

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                _note(peers, self, made)
                return made

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                _note(peers, self, made)
                return made

            def connect(self) -> None:
                super().connect()
                peers.secured(self.sock)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _note(peers: Peers, connection: HTTPConnection, made: socket.socket) -> None:
    """Take note of a connection; one to a proxy says nothing about the host behind it."""
    if connection.proxy is None:
        peers.opened(connection.host, connection.port, made)
    else:
        peers.secured(made)
