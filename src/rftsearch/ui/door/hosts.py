"""Which names and which other sites a request may come with.

A page on another site can point its own name at this machine (DNS rebinding), or send a
request from a visitor's browser. The `Host` header tells the first, the `Origin` and
`Sec-Fetch-Site` headers tell the second.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from rftsearch.errors import UsageError

__all__ = ["ANY", "Hosts", "is_loopback"]

ANY = "*"
"""In place of a name: every name is accepted."""


class Hosts:
    """The names under which the page is served."""

    def __init__(self, address: str, names: Iterable[str] = ()) -> None:
        """Accept the names of an address, and more.

        Args:
            address: What the server listens on. Bound to loopback, only names of loopback
                are accepted; otherwise also every IP address and the name of this machine.
            names: Other names: those of a proxy, for example; `*` for every name.

        Raises:
            UsageError: If one of the names is not a host name.
        """
        self._more = frozenset(map(_checked, names))
        own = _name(address)
        self._only_loopback = is_loopback(own)
        self._own = {own}
        if not self._only_loopback:
            machine = socket.gethostname().lower()
            self._own |= {machine, machine.partition(".")[0], f"{machine.partition('.')[0]}.local"}

    def accepts(self, host: str) -> bool:
        """Return whether a `Host` header, with or without a port, has an accepted name."""
        name = _name(host)
        if ANY in self._more or name in self._more or is_loopback(name):
            return True
        if self._only_loopback or not name:
            return False
        return name in self._own or _address(name) is not None

    def is_same_site(self, headers: Headers) -> bool:
        """Return whether a request comes from this page, or from a program.

        Browsers say in `Sec-Fetch-Site` where a request comes from; those that do not
        send `Origin`. Programs usually send neither.
        """
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        origin = headers.get("origin")
        if origin is None:
            return True
        try:
            sender = urlsplit(origin).netloc
        except ValueError:  # An unfinished IPv6 address, for example.
            return False
        if not sender:
            return False
        if _name(sender) in self._more:
            return True
        shown = (headers.get("host", ""), headers.get("x-forwarded-host", ""))
        return any(_same(sender, host) for host in shown if host)


def _name(host: str) -> str:
    """Return the name in `name`, `name:port`, `[::1]` or `[::1]:port`, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    if host.count(":") > 1:  # an IPv6 address without brackets
        return host
    return host.partition(":")[0].rstrip(".")


def _same(one: str, other: str) -> bool:
    """Return whether two names with ports are one place; all names of loopback are one."""

    def place(host: str) -> tuple[str, str]:
        name = _name(host)
        port = host.rpartition("]")[2].rpartition(":")[2] if ":" in host else ""
        return ("localhost" if is_loopback(name) else name), port

    return place(one) == place(other)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_loopback(name: str) -> bool:
    """Return whether a host name or address is this machine itself, for itself alone."""
    name = name.strip("[]")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def _checked(name: str) -> str:
    """Return a name that was given as an option."""
    if name == ANY:
        return name
    found = _name(name)
    if not found or any(sign in name for sign in "/*@ ,"):
        raise UsageError(f"{name!r} is not a host name; write it like papers.example.org")
    return found
