"""Where an address leads: to GitHub, to this machine, to a private network, or out."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from rftsearch.errors import FetchError
from rftsearch.settings import GITHUB_URL_VARIABLE, setting

__all__ = [
    "GitHubHosts",
    "encoded",
    "has_login",
    "host_of",
    "is_private_host",
    "is_public",
    "is_sound",
    "sound_address",
]

# Addresses of IPv4 as networks without it write them (RFC 6052).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_KEPT_IN_ADDRESS = "%/:=&?~#+!$,;'@()*[]-._|"
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def is_public(address: str) -> bool:
    """Return whether an IP address is of the open internet, and not of a private network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def is_private_host(host: str, public: Callable[[str], bool] = is_public) -> bool:
    """Return whether a host is of this machine or a private network, as far as its name says.

    Args:
        host: A name, or an IP address.
        public: Whether an IP address is of the open internet.
    """
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(_LOCAL_NAMES) or ("." not in name and ":" not in name):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return not public(name)


def host_of(url: str) -> str:
    """Return the host of an address as messages call it, with its port if it names one."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2]


def has_login(url: str) -> bool:
    """Return whether an address holds a name or a password."""
    return "@" in urlsplit(url).netloc


def is_sound(url: str) -> bool:
    """Return whether a text is a web address that can be asked."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # A port that is not a number, a bracket too few.
        return False


def sound_address(url: str) -> str:
    """Return an address as it can be asked.

    Raises:
        FetchError: It cannot, or holds a password.
    """
    if not is_sound(url):
        raise FetchError(f"{url[:200]} is no web address; write https://host/path")
    if has_login(url):
        raise FetchError(
            f"the address of {host_of(url)} holds a name or a password, which an index would "
            "remember; leave them out, or download the file and give its path"
        )
    return encoded(url).partition("#")[0]


def encoded(url: str) -> str:
    """Return an address with its odd signs as the web writes them."""
    return quote(url, safe=_KEPT_IN_ADDRESS, errors="replace")


@dataclass(frozen=True, slots=True)
class GitHubHosts:
    """Where GitHub's files are; each without a slash at its end."""

    raw: str = "https://raw.githubusercontent.com"
    """Files of repositories, as they are."""
    api: str = "https://api.github.com"
    gists: str = "https://gist.githubusercontent.com"

    @classmethod
    def chosen(cls) -> GitHubHosts:
        """Return GitHub's own, or those below the address in `RFTSEARCH_GITHUB_URL`."""
        base = setting(GITHUB_URL_VARIABLE)
        return cls() if base is None else cls.below(base)

    @classmethod
    def below(cls, base: str) -> GitHubHosts:
        """Return those of a server that stands for GitHub, at `/raw`, `/api` and `/gists`."""
        base = base.rstrip("/")
        return cls(f"{base}/raw", f"{base}/api", f"{base}/gists")

    def holds(self, url: str) -> bool:
        """Return whether an address is of one of these: then a token may be sent with it."""
        return any(url.startswith(f"{base}/") for base in (self.raw, self.api, self.gists))
