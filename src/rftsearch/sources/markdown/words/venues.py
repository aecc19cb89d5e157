"""Where papers are published, as lists write it: `ICLR 2024`, `[NeurIPS'24]`, a journal."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["find_venue", "is_venue", "may_name_venue", "venue_of_words"]

_YEAR = r"(?:['\u2019`\u2018]?\s?\d{2}|(?:19|20)\d{2})"
_PREPRINTS = (
    r"arxiv|corr|preprint|openreview|under\s+review|submitted|blog|technical\s+report|tech\s+report"
    r"|biorxiv|medrxiv|ssrn|techrxiv|chemrxiv"
)
"""Where a paper stands that was not published yet."""
_VENUE_NAMES = (
    r"neurips|nips|iclr|icml|aaai|ijcai|cvprw?|iccvw?|eccvw?|wacv|bmvc|accv|3dv"
    r"|acl|emnlp|naacl|eacl|aacl|tacl|coling|conll|interspeech|icassp|miccai|isbi|icra|iros|midl"
    r"|rss|corl|humanoids|ra-?l|t-?ro|tpami|pami|ijcv|tip|tmm|tmi|tnnls|tmlr|jmlr|aistats|uai"
    r"|colm|sigir|kdd|www|wsdm|cikm|recsys|chi|uist|siggraph(?:\s+asia)?|tog|cacm|acm\s*mm|acmmm|mm"
    r"|icdm|icde|vldb|sigmod|osdi|sosp|asplos|isca|mlsys|usenix|ndss|ccs|nature(?:\s+[^\W\d]\w*){0,3}"
    r"|science(?:\s+[^\W\d]\w*)?|pnas|cell|ieee(?:\s+[^\W\d][\w-]*){0,4}|acm(?:\s+[^\W\d]\w*){0,3}|lrec|icmr|icme"
    r"|tkde|tvcg|tcsvt|tois|tist|tgrs|jair|tallip|taslp|ijrr|pakdd|ecml(?:[\s-]?pkdd)?|ecir|ijcnn"
    r"|l4dc|icip|icpr|icse|fse|issta|hri|ro-?man|eswa|jbhi|chil|mlhc|asru|acml|collas"
    r"|robotics:?\s+science\s+and\s+systems|dasfaa|webconf|the\s+web\s+conf(?:erence)?|icaps|ecai|aamas|colt|stoc|focs|soda|pods"
)
_HONOUR = (
    r"(?:findings|oral|spotlight|workshops?|poster|highlight|best|student|paper|finalist|long|short"
    r"|main|demo|outstanding|award|notable|top|rejected|withdrawn|ws|conference|track|datasets"
    r"|and|benchmarks?|accepted|submission|candidate|mention|d&b)"
)
_VENUE_TAIL = rf"(?:[\s,(]+{_HONOUR}\S*)*"
_VENUE = re.compile(
    rf"\W*(?:(?:accepted\s+(?:to|by|at)|published\s+(?:in|at)|in)\s+)?"
    rf"(?:(?:{_PREPRINTS}|workshop|findings|{_VENUE_NAMES})(?:[\s,.@-]*(?:\w+\s+)?{_YEAR})?(?:\.\d{{1,2}})?"
    rf"|{_YEAR}[\s,.-]*(?:{_PREPRINTS}|workshop|findings|{_VENUE_NAMES})|(?:19|20)\d\d){_VENUE_TAIL}\W*",
    re.IGNORECASE,
)
_OF_CAPITALS = re.compile(
    rf"\W*(?:[A-Z][\w&/-]*[A-Z][\w&/-]*)(?:\s+[A-Z][\w&-]*){{0,2}}[\s,@-]*{_YEAR}{_VENUE_TAIL}\W*"
)
_IN_WORDS = re.compile(
    r"(?:[\w/&-]+\s+){0,6}(?:transactions|journal|letters|conference|proceedings|symposium|review)"
    r"\b[\w\s/&:,'\u2019()-]{0,90}",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def is_venue(text: str) -> bool:
    """Return whether a text is only a place of publication: `ICLR 2024`, `Preprint'25`."""
    if len(text) > 60:
        return bool(re.search(r"\b(?:19|20)\d\d\b", text) and _IN_WORDS.fullmatch(text.strip()))
    if re.search(r"\b(?:19|20)\d\d\b", text) and _IN_WORDS.fullmatch(text.strip(" .,()")):
        return True
    if _VENUE.fullmatch(text):
        return True
    short = re.fullmatch(r"\W*[A-Z]{2}\W?\d\d\W*", text)  # `PG-19` is a name, `ESWC-19` is not.
    return short is None and _OF_CAPITALS.fullmatch(text) is not None


# --- what is written of a venue --------------------------------------------------------

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_MONTH_BEFORE_YEAR = re.compile(
    rf"[\s,]+(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?{_MONTH}\b[.,]?\s*(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?"
    r"(?=(?:19|20)\d\d\b)",
    re.IGNORECASE,
)
"""`CoRL, Nov 2023` is of CoRL 2023; the month is told apart."""
_NUMBER_OF_MONTH = re.compile(r"((?:19|20)\d\d)[./-](?:0?[1-9]|1[0-2])(?:[./-]\d{1,2})?\b")
_COMMA_BEFORE_YEAR = re.compile(r"\s*[,.]\s*(?=(?:['\u2019]\s?\d\d|(?:19|20)\d\d)\b)")
_YEAR_APART = re.compile(r"(?<=\w)\s*\(\s*((?:19|20)\d\d)\s*\)")
_ANY_HONOUR = r"(?:oral|spotlight|highlight|best|poster|findings|notable|outstanding)"
_COMMA_BEFORE_HONOUR = re.compile(
    rf"\s*,\s*(?={_ANY_HONOUR}\b)|(?<=\d)[\])]+\s*[(\[]\s*(?={_ANY_HONOUR}\b)", re.IGNORECASE
)
_HONOUR_APART = re.compile(rf"\s*[(\[]\s*({_ANY_HONOUR}[^()\[\]]{{0,20}})[)\]]", re.IGNORECASE)
_ABBREVIATED = (
    r"(?<!\bproc)(?<!\btrans)(?<!\bconf)(?<!\bint)(?<!\bj)(?<!\bvis)(?<!\blett)(?<!\bnat)"
    r"(?<!\bintell)(?<!\bmach)(?<!\banal)(?<!\brobot)(?<!\bcommun)(?<!\bsci)(?<!\bcomput)"
)
_APART = re.compile(
    rf"[\[\](){{}}<>|;,\n\u2022\u00b7\u3001\u3002\uff0c\uff1b\uff08\uff09\u3010\u3011\x1f\"\u201c\u201d]"
    rf"|{_ABBREVIATED}\.\s|:\s|\s[-\u2013\u2014]\s",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"(?:(?:(?:accepted|published|presented|appears?|appeared|appearing|to\s+appear)\s+"
    r"(?:to|by|at|in|as)|in|at|to|by)\s+)(?:the\s+)?(?=\S)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?P<name>{_VENUE_NAMES})(?P<year>[\s@-]*(?:\w+\s+)?{_YEAR})?(?P<tail>{_VENUE_TAIL}"
    r"|\s+(?:[\w&-]+\s+){0,2}(?:workshops?|tracks?|ws)\b.{0,80})"
    rf"|(?P<before>{_YEAR})[\s-]*(?P<after>{_VENUE_NAMES})(?P<end>{_VENUE_TAIL})"
    rf"|(?P<findings>findings\s+of\s+(?:the\s+)?(?:acl|emnlp|naacl|eacl)[\s:-]*(?:\w+\s+)?{_YEAR})",
    re.IGNORECASE,
)
_JOURNAL = re.compile(
    r"(?:[\w/&'-]+\s+){0,7}(?:transactions|trans\.|journal|letters|proceedings|proc\.|symposium"
    r"|conference|magazine|robotics\s+science\s+and\s+systems)(?:\s+[\w/&'.-]+){0,10}",
    re.IGNORECASE,
)
_WITHOUT_YEAR = re.compile(
    r"Nature(?: [A-Z]\w+)*|Science(?: [A-Z]\w+)+|Interspeech|Humanoids|[A-Z][\w/ -]*[A-Z][\w/ -]*"
)
_TOO_SHORT = {"MM", "CHI", "RSS", "TIP", "CCS", "WWW", "ACM", "IEEE", "TOG"}
"""Names that say something else too where no year follows."""
_PREPRINT = re.compile(rf"\W*(?:{_PREPRINTS})\b", re.IGNORECASE)
_NO_VENUE = re.compile(
    r"\W*(?:gpt|llm|vlm|mllm|rlhf|code|data|paper|top|figure|fig|table|part|new|week|page|pages)\b",
    re.IGNORECASE,
)


def find_venue(text: str, *, apart: bool = False) -> str | None:
    """Return the place of publication that stands in a text; None if none does.

    An archive of preprints is none. A month beside the year is left out.

    Args:
        text: A line of an entry without its title.
        apart: Whether it stands alone, in brackets or in a badge, so that capitals with a
            year are a venue even if no such name is known.

    >>> find_venue("Ann Bee, Carl Dew. In CoRL, Nov 2023 (Oral).")
    'CoRL 2023 Oral'
    """
    if not may_name_venue(text, apart=apart):
        return None
    text = _MONTH_BEFORE_YEAR.sub(" ", text)
    text = _NUMBER_OF_MONTH.sub(r"\1", text)
    text = _COMMA_BEFORE_YEAR.sub(" ", _YEAR_APART.sub(r" \1", text))
    text = _HONOUR_APART.sub(r" \1 ", _COMMA_BEFORE_HONOUR.sub(" ", text))
    text = text.replace("Robotics: Science", "Robotics Science")
    for part in _APART.split(text):
        if found := _venue(part, apart=apart):
            return found
    return None


def may_name_venue(text: str, *, apart: bool = False) -> bool:
    """Return whether a text may hold what `find_venue` finds; this is found out quickly."""
    if any(word.casefold() in _KNOWN for word in _FIRST_WORDS.findall(text)):
        return True
    return apart and _SURE_YEAR.search(text) is not None and _CAPITALS.search(text) is not None


_CAPITALS = re.compile(r"\b[A-Z][\w&/-]*[A-Z]")
_FIRST_WORDS = re.compile(r"[A-Z][A-Za-z]+|3DV|L4DC")
_KNOWN = frozenset(
    word.casefold()
    for name in re.split(r"[|()?]|\\s[+*]", _VENUE_NAMES)
    for word in (name, name[:-1])
    if re.fullmatch(r"[a-z]{3,}|mm", word)
) - {"the", "asia", "web"} | {
    *("transactions", "trans", "journal", "letters", "proceedings", "proc", "symposium", "ieee"),
    *("conference", "magazine", "robotics", "findings", "ra", "ral", "tro", "ro", "3dv", "l4dc"),
    *("acm", "nature", "science", "web", "findings", "accepted"),
}
"""A text without one of these words names no venue that is known."""


def _venue(part: str, *, apart: bool) -> str | None:
    """Return a part of a line as a venue if it is nothing else."""
    part = " ".join(part.split()).strip(" *_`~.,:;'\"!&+-\u2013\u2014")
    part = part[match.end() :] if (match := _LEADS.match(part)) else part
    part = _VOLUME.sub("", part)
    if not part or len(part) > _LONGEST or _PREPRINT.match(part):
        return None
    if found := _NAMED.fullmatch(part):
        year = found["year"] or found["before"] or found["findings"]
        name = found["name"] or found["after"] or found["findings"]
        if not any(letter.isupper() for letter in name):
            return None
        sure = name not in _TOO_SHORT and _WITHOUT_YEAR.fullmatch(name)
        return part if year or sure else None
    if _JOURNAL.fullmatch(part):
        words = [word for word in part.split() if len(word) > 3]
        capitals = sum(word[0].isupper() or word[0].isdigit() for word in words)
        return part if len(words) > 1 and capitals >= 0.7 * len(words) else None
    sure = apart and _OF_CAPITALS.fullmatch(part) and _SURE_YEAR.search(part)
    return part if sure and not _NO_VENUE.match(part) else None


_LONGEST = 120
_SURE_YEAR = re.compile(r"(?:19|20)\d\d\b|['\u2019]\s?\d\d\b")
_VOLUME = re.compile(
    r"(?<!['\u2019])(?:\s+(?:vol\.?\s*|no\.?\s*)?(?!(?:19|20)\d\d)\d{1,3})+$", re.IGNORECASE
)
"""`IEEE T-RO 31, 4`: which volume it is."""


def venue_of_words(text: str) -> str | None:
    """Return what a column or line of venues holds; None for preprints, dates and dashes.

    >>> venue_of_words("Example Quarterly")
    'Example Quarterly'
    """
    text = " ".join(text.split()).strip(" *_`~.,:;'\"-\u2013\u2014[]")
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if found := find_venue(text, apart=True):
        return found
    told = re.search(r"[^\W\d_]{2}", text) and len(text) <= _LONGEST
    if not told or _PREPRINT.match(text) or _NO_ANSWER.fullmatch(text):
        return None
    return text


_NO_ANSWER = re.compile(
    rf"(?:n/?a|none|null|tbd|unknown|unpublished|yes|no|links?|papers?|pdf|code|doi|(?:{_MONTH}|\W|\d)+)",
    re.IGNORECASE,
)
