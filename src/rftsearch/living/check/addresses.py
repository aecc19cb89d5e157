"""Rules about the addresses of links: empty, malformed, plain http, one version of a paper.

An address is mended only where there is one way to mend it and nothing can be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rftsearch.living.check.findings import Edit, Finding
from rftsearch.living.check.subject import Subject, share
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.markdown.link_places import LinkPlace

__all__ = ["broken_links", "empty_links", "fault_of", "mended", "pinned_versions", "plain_http"]

_PROMISE = re.compile(
    r"\W*(?:comin[gs]\s+soon|soon|tbd|tba|to\s+(?:be\s+)?(?:come|released|announced|appear)|"
    r"not\s+(?:yet\s+)?(?:available|released)(?:\s+yet)?|n/?a|-|\u2013)\W*",
    re.IGNORECASE,
)


def empty_links(subject: Subject) -> Iterator[Finding]:
    """Name links without an address; badges that only show something need none."""
    for link in subject.places.links:
        if link.target or link.is_image or link.only_image or link.form == "reference":
            continue
        label = link.label.strip()
        if not label:
            nothing = _edit(subject, link.start, link.end, "")
            yield subject.at_link(
                "empty-link", link, "A link has no text and no address.", edit=nothing
            )
        elif _PROMISE.fullmatch(label):
            inline = link.form == "inline"
            edit = _edit(subject, link.start, link.end, link.label) if inline else None
            message = f'The link "{label}" has no address; plain text says the same.'
            yield subject.at_link("empty-link", link, message, severity="note", edit=edit)
        else:
            yield subject.at_link("empty-link", link, f'The link "{label}" has no address.')


# --- malformed addresses ---------------------------------------------------------------

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]")
_DOUBLE_SCHEME = re.compile(r"(?:https?:/{1,3})+(?=https?:/)", re.IGNORECASE)
_SECOND = re.compile(r"(?<=[^/=])https?://", re.IGNORECASE)
"""Behind a slash an address is a part of another one, as an archive has it."""
_SCHEME = re.compile(
    r"(?:h+t+p+s?|ttps?|htps?|hptts?|htt?ps?)(?P<sign>\s*[:;]?\s*[/\\]{1,4}\s*|:\s*)(?=[\w.-]+\.\w)",
    re.IGNORECASE,
)
_RIGHT_SCHEME = re.compile(r"https?://(?![/\s])", re.IGNORECASE)
_KNOWN_HOSTS = re.compile(
    r"(?:www\.[\w-]+\.[\w.-]+|(?:arxiv\.org|github\.com|huggingface\.co|openreview\.net|doi\.org"
    r"|aclanthology\.org|openaccess\.thecvf\.com|youtu\.be|youtube\.com|[\w-]+\.github\.io))/\S",
    re.IGNORECASE,
)
_OTHER_SCHEME = re.compile(r"(?:javascript|data|file|vbscript):", re.IGNORECASE)
_HOST = re.compile(r"https?://(?P<host>[^/?#\s]*)", re.IGNORECASE)
_SOUND_HOST = re.compile(
    r"(?:[^@/]*@)?"
    r"(?:(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*\.?|\[[0-9a-f:.]+\]|(?:\d{1,3}\.){3}\d{1,3})"
    r"(?::\d{1,5})?",
    re.IGNORECASE,
)
_ARXIV_PAGE = re.compile(
    # A file below a paper, such as a figure, has an id in its path.
    r"https?://(?:[a-z]+\.)*arxiv\.org/(?:abs|pdf|html)/(?!\d{4}\.\d{4,5}(?:v\d+)?/.)",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[.,;:)\]}'\"\u3002\uff0c\uff09]+\Z")


def broken_links(subject: Subject) -> Iterator[Finding]:
    """Name links whose address leads nowhere as it is written."""
    for link in subject.places.links:
        if not link.target or (link.form == "bare" and link.target.count("://") == 1):
            continue
        reason = fault_of(link)
        if reason is None:
            continue
        better = mended(link.target)
        edit = None
        if better is not None and _fault_of_target(better) is None:
            edit = _replaced(subject, link, better)
        yield subject.at_link("broken-link", link, f"{reason}: {link.target[:200]}", edit=edit)


def fault_of(link: LinkPlace) -> str | None:
    """Return what is wrong with a link as it is written; None if nothing is."""
    if not link.closed:
        return "The parenthesis behind the address is missing"
    if link.apart:
        return "A blank stands between the text of the link and its address"
    return _fault_of_target(link.target)


def _fault_of_target(target: str) -> str | None:
    """Return what is wrong with an address; None if nothing is, or it is a path."""
    if not _RIGHT_SCHEME.match(target) and not _INVISIBLE.search(target):
        if _OTHER_SCHEME.match(target):
            return "The link is not a web address"
        if _DOUBLE_SCHEME.match(target):
            return "Two addresses stand in one"
        if _SCHEME.match(target):
            return "The beginning of the address is misspelt"
        return "The address lacks https://" if _KNOWN_HOSTS.match(target) else None
    host = _HOST.match(target)
    faults = {
        "The address holds characters that nobody sees": _INVISIBLE.search(target),
        "Two addresses stand in one": _DOUBLE_SCHEME.match(target)
        or _SECOND.search(target.partition("?")[0][8:]),
        "A blank stands in the address": re.search(r"\s", target),
        "The address has no proper host": not (host and _SOUND_HOST.fullmatch(host["host"])),
        "The address on arXiv has no arXiv id": _ARXIV_PAGE.match(target)
        and parse_arxiv_id(target) is None,
    }
    return next((fault for fault, found in faults.items() if found), None)


def mended(target: str) -> str | None:
    """Return an address as it was meant; None if that is not obvious, or it is sound.

    >>> mended("htttps:/arxiv.org/abs/2505.01234")
    'https://arxiv.org/abs/2505.01234'
    """
    better = _INVISIBLE.sub("", target).strip()
    better = _DOUBLE_SCHEME.sub("", better)
    if not _RIGHT_SCHEME.match(better):
        if scheme := _SCHEME.match(better):
            plain = scheme[0].lower()[: scheme.start("sign")].rstrip()
            better = f"{'https' if 's' in plain else 'http'}://{better[scheme.end() :]}"
        elif _KNOWN_HOSTS.match(better):
            better = f"https://{better}"
    if _ARXIV_PAGE.match(better) and parse_arxiv_id(better) is None:
        shorter = _TRAILING.sub("", better)
        better = shorter if parse_arxiv_id(shorter) else better
    return better if _fault_of_target(better) is None and _RIGHT_SCHEME.match(better) else None


def _replaced(subject: Subject, link: LinkPlace, better: str) -> Edit | None:
    """Return the edit that writes a sound address; None where its link is not plain."""
    start, end = link.target_start, link.target_end
    if not link.closed:
        return _edit(subject, start, end, f"{better})") if link.form == "inline" else None
    if link.apart:
        behind_label = link.start + len(link.label) + len("[]")
        return _edit(subject, behind_label, end, f"({better}")
    return _edit(subject, start, end, better)


def _edit(subject: Subject, start: int, end: int, text: str) -> Edit:
    return Edit(start, end, subject.places.text[start:end], text)


# --- addresses that work, and could be better -------------------------------------------

_SECURE = re.compile(
    r"http://(?=(?:www\.|export\.)?(?:arxiv\.org|github\.com|huggingface\.co|openreview\.net"
    r"|aclanthology\.org|doi\.org|dx\.doi\.org|openaccess\.thecvf\.com|proceedings\.mlr\.press"
    r"|youtube\.com|youtu\.be|[\w-]+\.github\.io)(?:[/?#]|\Z))",
    re.IGNORECASE,
)


def plain_http(subject: Subject) -> Iterator[Finding]:
    """Name addresses with http: of hosts that are known to answer with https:."""
    for link in subject.places.links:
        if _SECURE.match(link.target) and not link.is_image and fault_of(link) is None:
            start = link.target_start
            edit = _edit(subject, start, start + len("http"), "https")
            message = "The address begins with http:, but its host has https:."
            yield subject.at_link("plain-http", link, message, edit=edit)


_VERSION = re.compile(
    r"arxiv\.org/(?:abs|pdf|html)/[\w.-]+(?:/\d+)?v(?P<version>\d+)(?:\.pdf)?(?:[?#].*)?\Z"
)
_RARELY = 0.2
"""Up to this share of links with a version, a list means the newest one."""


def pinned_versions(subject: Subject) -> Iterator[Finding]:
    """Name links to one version of a paper, in lists whose other links lead to the newest."""
    links = [link for one in subject.links.values() for link in one if parse_arxiv_id(link.url)]
    pinned = [(link, _VERSION.search(link.url)) for link in links]
    if share(found is not None for _, found in pinned) > _RARELY:
        return
    for link, found in pinned:
        if found is not None:
            version = found["version"]
            message = f"It leads to version {version}; without v{version} to the newest."
            yield subject.at_link("pinned-version", link, message)
