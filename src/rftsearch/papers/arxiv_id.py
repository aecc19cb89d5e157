"""Read arXiv ids in every form in which people write them."""

from __future__ import annotations

import re

from rftsearch.text.dates import is_month, month_of_digits

__all__ = ["abstract_page", "month_of_id", "parse_arxiv_id"]

_LONGEST = 2_000
"""Characters of a text that are looked at; an address may bring a long query."""

_NEW_ID = r"(?P<year>\d{2})(?P<month>\d{2})\.(?P<number>\d{4,5})"
_OLD_ID = r"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/(?P<old>\d{7})"
# Paths of arXiv's own pages, and the hosts that show its papers under their own address.
_PREFIX = r"""
    (?:https?://)?
    (?:
        (?:[a-z]+\.)*arxiv\.org/(?:abs|pdf|html|ps|format|e-print|src|tb|cits)/+(?:arxiv:)?
      | (?:www\.)?alphaxiv\.org/(?:[a-z]{2}/)?(?:abs|pdf|html|overview)/
      | ar5iv(?:\.labs\.arxiv)?\.org/(?:abs|html)/
      | (?:www\.)?huggingface\.co/papers/
      | (?:www\.)?scirate\.com/arxiv/
      | (?:(?:www|api)\.)?semanticscholar\.org/arxiv:
      | ui\.adsabs\.harvard\.edu/abs/arxiv:
      | (?:dx\.|www\.)?doi\.org/10\.48550/arxiv\.
    )
  | doi:\s*10\.48550/arxiv\.
  | 10\.48550/arxiv\.
  | (?:arxiv\s+(?:e-?prints?|preprint)[\s,:]*)?(?:arxiv\s*:?\s*)?
"""
# What papers that are copied from a page or a bibliography bring along: `[cs.CV]`, `(2025)`.
_SUFFIX = r"(?:\s*\[[a-z-]+(?:\.[a-z-]+)?\]?)?(?:,?\s*\(?(?:19|20)\d\d\)?)?\.?"

_ARXIV_ID = re.compile(
    rf"(?:{_PREFIX})?(?:{_NEW_ID}|{_OLD_ID})(?:v\d+)?(?:(?:\.pdf)?/?(?:(?:[?\#]|%20).*)?|{_SUFFIX})",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
# As arXiv's mirror names files: the archive, or arxiv, then the month as a folder.
_FTP = re.compile(
    r"(?:(?:https?|ftp)://)?(?:[a-z]+\.)*arxiv\.org/(?:ftp/)?(?P<archive>[a-z-]+)/(?:papers|pdf)/"
    r"\d{4}/(?P<number>\d{4}\.\d{4,5}|\d{7})(?:v\d+)?\.(?:pdf|ps|ps\.gz|gz|tar\.gz)",
    re.IGNORECASE | re.ASCII,
)


def parse_arxiv_id(text: str) -> str | None:
    """Read an arXiv id out of any of the forms in which people write one.

    Bare ids, `arXiv:` prefixes, versions, URLs of arXiv's abstract, PDF and
    HTML pages with or without scheme and `www.`, files of its mirror, DOIs of the
    10.48550 prefix, ids as pages and bibliographies show them (`arXiv:2503.12345
    [cs.CV]`, `arXiv preprint arXiv:2503.13377`), and the pre-2007 form (`cs/0501001`,
    `math.GT/0309136`) are understood.

    Args:
        text: One id or URL, with nothing else around it but blanks.

    Returns:
        The id without version (`2503.13377`, `cs/0501001`), or None where the
        text is not an id that arXiv could have given out
        (https://info.arxiv.org/help/arxiv_identifier.html).
    """
    text = text.strip()[:_LONGEST]
    if file := _FTP.fullmatch(text):
        archive = "" if file["archive"].lower() == "arxiv" else file["archive"].lower() + "/"
        text = archive * ("." not in file["number"]) + file["number"]
    match = _ARXIV_ID.fullmatch(text)
    if match is None:
        return None
    if match["old"]:
        number = match["old"]
        # The old form was given out from July 1991 to March 2007.
        when = ("19" if number[:2] > "90" else "20") + number[:4]
        sound = is_month(number[2:4]) and "199107" <= when <= "200703"
        return f"{match['archive'].lower()}/{number}" if sound else None
    year, month, number = match["year"], match["month"], match["number"]
    # Four digits until the end of 2014, five since; the scheme began in April 2007.
    digits = 4 if year < "15" else 5
    if not is_month(month) or not "0704" <= year + month < "9101" or len(number) != digits:
        return None
    return f"{year}{month}.{number}"


def abstract_page(arxiv_id: str) -> str:
    """Return the address of a paper's page on arXiv."""
    return f"https://arxiv.org/abs/{arxiv_id}"


def month_of_id(arxiv_id: str) -> str:
    """Return the month in which arXiv gave out an id: `2025-03` of `2503.13377`.

    Args:
        arxiv_id: As `parse_arxiv_id` writes it; `cs/0501001` is of `2005-01`.

    Raises:
        ValueError: It is no such id.
    """
    month = month_of_digits(arxiv_id.rpartition("/")[2][:4])
    if month is None:
        raise ValueError(f"{arxiv_id!r} is not an arXiv id")
    return month
