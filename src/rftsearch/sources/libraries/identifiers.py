"""The arXiv id and the DOI of an entry, wherever its program has put them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.text.addresses import find_addresses

__all__ = ["doi_in", "id_in_journal", "id_in_note", "id_of_eprint", "names_arxiv"]

_LONGEST = 5_000
"""Characters of a remark in which an id is looked for."""

_CITED = re.compile(
    r"arxiv(?:\.org)?(?:\s+e-?prints?|\s+preprint)?[\s:./,]*(?:abs|pdf)?[\s:/]*"
    r"(?P<id>\d{4}\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?!\d)",
    re.IGNORECASE,
)
# `abs/2503.01234`, as DBLP writes the volume of CoRR.
_VOLUME = re.compile(r"\s*abs/(?P<id>\S+)\s*")
# What says that the id behind it is that of another paper.
_OF_ANOTHER = re.compile(
    r"\b(?:of|on|to|see(?: also)?|cf\.?|cites?|extends?|supersede[sd]?|based|replaces?|follows?|"
    r"companion|supplement(?:s|ary)?|reply|comments?|version|builds?|from)\b\W*(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}\\^`|]+")
_WHOLE_DOI = re.compile(r"10\.\d{4,9}/[!-~]{1,1000}")
_NAMES_ARXIV = re.compile(
    r"arxiv(?:\.org|\.cs|\s+e-?prints?|\s+preprint)?\b.*|corr(?:\s+abs.*)?"
    r"|computing research repository", re.IGNORECASE | re.DOTALL,
)  # fmt: skip


def id_of_eprint(eprint: str, kind: str, subject: str) -> str | None:
    """Return the arXiv id of the field `eprint`, or of one like it.

    Args:
        eprint: The field.
        kind: That of `archiveprefix` or `eprinttype`, which names the archive; often missing.
        subject: That of `primaryclass` or `eprintclass`: old ids had their archive there.
    """
    if kind and "arxiv" not in kind.lower():
        return None
    found = parse_arxiv_id(eprint)
    if found is None and re.fullmatch(r"\d{7}(?:v\d+)?", eprint):
        found = parse_arxiv_id(f"{subject.partition('.')[0]}/{eprint}")
    return found


def id_in_journal(text: str) -> str | None:
    """Return the arXiv id in `arXiv preprint arXiv:2503.01234` or `CoRR abs/2503.01234`."""
    text = text[:_LONGEST]
    volume = _VOLUME.fullmatch(re.sub(r"^\s*corr\b", "", text, flags=re.IGNORECASE))
    if volume:
        return parse_arxiv_id(volume["id"])
    found = _CITED.search(text)
    return parse_arxiv_id(found["id"]) if found else None


def id_in_note(text: str) -> str | None:
    """Return the arXiv id that a remark gives to its own paper.

    A remark may speak of other papers: one that names two ids, or says `extended version
    of arXiv:2503.01234`, gives none.
    """
    text = text[:_LONGEST]
    cited = [(parse_arxiv_id(found["id"]), found.start()) for found in _CITED.finditer(text)]
    cited += [(parse_arxiv_id(url), text.index(url)) for url in find_addresses(text)]
    places = {identifier: start for identifier, start in reversed(cited) if identifier}
    if len(places) != 1:
        return None
    ((identifier, start),) = places.items()
    sentence = re.split(r"[.;]\s", text[:start])[-1]
    return None if _OF_ANOTHER.search(sentence) else identifier


def names_arxiv(venue: str) -> bool:
    """Return whether what stands as journal or publisher is arXiv itself, which is no venue."""
    return _NAMES_ARXIV.fullmatch(venue.strip()) is not None


def doi_in(texts: Iterable[str]) -> str | None:
    """Return the first DOI in some texts, without an address before it: `10.1000/example`."""
    for text in texts:
        if _WHOLE_DOI.fullmatch(text):
            return text
        found = _DOI.search(text[:_LONGEST])
        if found is None:
            continue
        doi = found[0]
        if text[: found.start()].lower().endswith("/"):  # In an address.
            doi = unquote(re.split(r"[?#]", doi)[0])
        doi = doi.rstrip(".,;:")
        for closing, opening in (")(", "]["):
            while doi.endswith(closing) and doi.count(closing) > doi.count(opening):
                doi = doi[:-1].rstrip(".,;:")
        if doi.partition("/")[2]:
            return doi
    return None
