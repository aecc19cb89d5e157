"""Names of people, as lists write those of authors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rftsearch.sources.markdown.words.venues import is_venue

__all__ = [
    "ABBREVIATIONS",
    "ends_in_abbreviation",
    "looks_like_authors",
    "looks_like_person",
    "names_in",
]

_PARTICLES = frozenset(
    """
    de van von der den la le di da dos el al bin del della das do du ter ten te zu zur af av ibn
    ben abu las los
    """.split()  # noqa: SIM905 - a column of words is easier to read and to add to
)


ABBREVIATIONS = (
    *("Md", "Mohd", "Muhd", "Mhd", "Moh", "Wm", "Jr", "Sr", "St", "Ph", "Th", "Ch", "Chr"),
    *("Geo", "Jos", "Chas", "Thos", "Alex", "Dr", "Prof"),
)
"""Parts of names that a dot may follow which ends nothing."""
_ABBREVIATED = re.compile(rf"(?:^|[\s.-])(?:[^\W\d_]|{'|'.join(ABBREVIATIONS)})$")
_SENTENCE_ENDS = re.compile(r"[^\W\d_]{3,}\.\s+(?=\S)")


def ends_in_abbreviation(text: str) -> bool:
    """Return whether a text ends with an initial or with a part of a name that is cut short."""
    return _ABBREVIATED.search(text) is not None


def _holds_sentence(text: str) -> bool:
    """Return whether a sentence ends within a text, as none does in a list of names."""
    for found in _SENTENCE_ENDS.finditer(text):
        before, behind = text[: found.end()].rstrip(" ."), text[found.end() :]
        if not ends_in_abbreviation(before) and not is_venue(behind):
            return True
    return False


@lru_cache(maxsize=4096)
def looks_like_authors(text: str) -> bool:
    """Return whether a text is a list of people's names."""
    bare = re.sub(r"\([^()]*\)|[*\u2020\u2021\u00a7\d]+", " ", text).strip(" .,;:-\u2013\u2014")
    exact = _family_first(bare) or _of_bibtex(re.sub(r"\s+and\s+others$", "", bare))
    if exact or _HAN_NAMES.fullmatch(bare):
        return True
    if others := re.search(r"\bet\.?\s?al\b", bare, re.IGNORECASE):
        named = len(bare[: others.start()].split()) <= _MOST_BEFORE_OTHERS
        return named and not re.search(r"[:?!]", bare)
    if not bare or re.search(r"[:?!\"\u201c]", bare) or _holds_sentence(bare):
        return False
    names = [n.strip() for n in re.split(r",|;|&|\u00b7|\band\b|\bwith\b", bare) if n.strip()]
    if len(names) == 1:
        return False
    words = [[w for w in re.split(r"\s+", n) if w.strip(".")] for n in names]
    if not words or any(_size(name) > _MOST_WORDS for name in words):
        return False
    capitals = sum(map(_has_capitals, words)) + min(
        sum(map(_has_lower_part, words)), _most_lower(len(words))
    )
    mean = sum(map(_size, words)) / len(words)
    named = len(words) > 1 and capitals >= 0.8 * len(words) and 1.6 <= mean <= 4
    # Of many names one may look like a word of titles, as On does.
    doubtful = sum(not _few_topics(name) for name in names)
    many = len(names) >= _NAMES_TO_ONE_DOUBT * max(doubtful, 1) and not re.search(r"\bwith\b", bare)
    return named and (_few_topics(bare) or many)


def _size(name: Sequence[str]) -> int:
    """Return how many words a name has; its particles and initials count as one in all."""
    whole = sum(w.casefold() not in _PARTICLES and len(w.strip(".")) > 1 for w in name)
    return whole + (whole < len(name))


def _has_capitals(name: Sequence[str]) -> bool:
    return all(w[0].isupper() or w.casefold() in _PARTICLES or not w[0].isascii() for w in name)


def _has_lower_part(name: Sequence[str]) -> bool:
    """Return whether one word in a name is written small, as in `Jong chul Ye`."""
    lower = [word for word in name[1:-1] if word.islower() and word not in _PARTICLES]
    outer = len(name) in {3, 4} and name[0][0].isupper() and name[-1][0].isupper()
    return outer and len(lower) == 1 and _SMALL.fullmatch(lower[0]) is not None


_SMALL = re.compile(
    r"(?!(?:and|are|as|at|be|but|by|can|do|does|has|have|into|is|it|its|like|more|not|off|or|out|"
    r"over|per|than|that|then|they|this|under|until|up|via|vs|was|we|when|while|who|why|will|with|"
    r"within|without|you|your|about|across|after|before|between|beyond|during|against|through)$)"
    r"[a-z]{2,8}"
)
"""A part of a name in small letters; the words between those of titles are none."""


def _most_lower(names: int) -> int:
    """Return how many of some names may have such a part: one, of many a fifth."""
    return max(1, names // 5)


_NAMES_TO_ONE_DOUBT = 5
_MOST_BEFORE_OTHERS = 12
"""Words before `et al.` that may be names."""


def looks_like_person(text: str) -> bool:
    """Return whether a text may be the name of one person."""
    words = text.strip(" .,;*").split()
    return 2 <= len(words) <= 3 and all(w[0].isupper() for w in words) and _few_topics(text)


_TOPICS = frozenset(
    """
    learning model models network networks language vision visual reasoning with for via using from
    training neural deep data survey toward towards the of in on to its their how what is are
    diffusion image images attention efficient robust system systems agent agents policy policies
    control robot robots robotic robotics transformer transformers bridge problem problems
    autoencoder autoencoders knowledge large self
    """.split()  # noqa: SIM905 - a column of words is easier to read and to add to
)
"""Words of titles that no name has."""
_OF_TOPICS = re.compile(
    r"[a-z]{3,}(?:ation|ction|ition|ision|ization|ement|ative|ational|ology|ability|thesis)"
)
_WITH_HYPHEN = re.compile(
    r"\w-(?:based|aware|driven|free|guided|level|shot|dimensional|conditioned|time|end|scale)\b",
    re.IGNORECASE,
)


def _few_topics(text: str) -> bool:
    for word in re.findall(r"\w+", text):
        if word in {"a", "an"} or (lower := word.lower()) in _TOPICS or _OF_TOPICS.fullmatch(lower):
            return False
    return "-" not in text or _WITH_HYPHEN.search(text) is None


# --- the names themselves ---------------------------------------------------------------

_MARKS = re.compile(r"[*\u2020\u2021\u00a7\u00b6#^\u2709\u2020\u266f\u2663\u2660\d]+|\\[*#]")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\uff08[^\uff08\uff09]*\uff09")
_AND_OTHERS = re.compile(
    r"\b(?:et\.?\s*al\b\.?|and\s+others|and\s+\d+\s+more|etc\b\.?)|\.\.\.|\u2026|\u7b49\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[,;&\u00b7\u3001\uff0c\uff1b|]\s*(?:and\s+)?|\s+(?:and|und|et|y)\s+")
_FAMILY_FIRST = re.compile(
    r"(?P<family>\b(?!and\b)[^\W\d_][\w'\u2019 -]{0,40}),\s*"
    r"(?P<initials>(?:[A-Z]\.[\s-]?)*[A-Z]\.?)(?=\s*(?:,|;|&|and\b|$))"
)
_ORGANISATION = re.compile(
    r"\b(?:universit\w*|institut\w*|labs?|laborator\w+|inc|ltd|corp\w*|college|school|academy|"
    r"cent(?:er|re)|department|google|microsoft|meta|nvidia|openai|deepmind|alibaba|tencent|"
    r"bytedance|baidu|huawei|amazon|apple|anthropic|research|team|group|project|paper|code)\b|"
    r"\u5927\u5b66|\u5927\u5b78|\u7814\u7a76|\u5b9e\u9a8c",
    re.IGNORECASE,
)
_HAN_NAMES = re.compile(
    r"(?:[\u738b\u674e\u5f20\u5289\u5218\u9648\u9673\u6768\u694a\u9ec4\u9ec3\u8d75\u8d99\u5434\u5433"
    r"\u5468\u5f90\u5b59\u5b6b\u9a6c\u99ac\u6731\u80e1\u90ed\u4f55\u9ad8\u6797\u7f57\u7f85\u90d1\u912d"
    r"\u6881\u8c22\u8b1d\u5b8b\u5510\u8bb8\u8a31\u97e9\u97d3\u51af\u99ae\u9093\u9127\u66f9\u5f6d\u66fe"
    r"\u8096\u7530\u8463\u6f58\u8881\u8521\u8523\u848b\u4f59\u4e8e\u675c\u53f6\u8449\u7a0b\u9b4f\u82cf"
    r"\u8607\u5415\u5442\u4e01\u4efb\u5362\u76e7\u59da\u6c88\u949f\u937e\u59dc\u5d14\u8c2d\u9646\u9678"
    r"\u8303\u6c6a\u5ed6\u77f3\u91d1\u4f50\u5c71\u9234\u9ad8\u6e21\u4f0a\u5c0f\u5409\u6728\u6e05\u5b89"
    r"\u4e95\u4e2d][\u3400-\u9fff]{1,3}(?:\s*[,\u3001\uff0c;&]\s*|$)){2,}"
)
"""Names in Han characters, each with a family name that many bear."""
_MOST_WORDS = 5
_LONGEST_NAME = 60


def names_in(text: str, *, alone: bool = False) -> tuple[str, ...]:
    """Return the names of a list of authors, in order; nothing if it is none.

    Marks, affiliations in parentheses and `et al.` are left out.

    Args:
        text: A line, a cell or a part of a line.
        alone: Whether one name without a second one is enough, as under `Authors`.

    >>> names_in("Ann Bee<1>, Carl Dew (Fen Lab) et al.".replace("<1>", "1*"))
    ('Ann Bee', 'Carl Dew')
    """
    text = re.sub(r"\S+@\S+", " ", text) if "@" in text else text
    text = _ASIDE.sub(" ", text)
    others = _AND_OTHERS.search(text)
    text = text[: others.start()] if others else text
    text = _MARKS.sub(" ", text).replace("\\", " ").strip(" .,;:-\u2013\u2014|")
    if pairs := _family_first(text) or _of_bibtex(text):
        return pairs
    names = [" ".join(part.split()).strip(" .:*_-") for part in _BETWEEN.split(text)]
    names = [_with_dot(name) for name in names if name and not _ORGANISATION.search(name)]
    if not names or (len(names) == 1 and not (alone or others)):
        return ()
    others_than_names = [name for name in names if not _is_name(name)]
    few = len(names) > 1 and len(others_than_names) <= _most_lower(len(names))
    if others_than_names and not (
        few and all(_has_lower_part(name.split()) for name in others_than_names)
    ):
        return ()
    return tuple(dict.fromkeys(names))


def _family_first(text: str) -> tuple[str, ...]:
    """Return the names of `Bee, A. and Dew, C.`, initials first."""
    if re.search(r",\s*[A-Z]\.?(?=\W|$)", text) is None:
        return ()
    found = list(_FAMILY_FIRST.finditer(text))
    rest = _FAMILY_FIRST.sub("", text)
    if not found or re.sub(r"\band\b|\W", "", rest):
        return ()
    return tuple(_with_dots(name["initials"]) + " " + name["family"].strip() for name in found)


def _of_bibtex(text: str) -> tuple[str, ...]:
    """Return the names of `Bee, Ann and Dew, Carl`, as BibTeX has them."""
    if "and" not in text or "," not in text:
        return ()
    parts = re.split(r"\s+and\s+", text)
    if len(parts) == 1:
        return ()
    pairs = [re.fullmatch(r"([^,]{2,40}),\s*([^,]{1,40})", part.strip(" .")) for part in parts]
    named = [pair for pair in pairs if pair is not None]
    names = tuple(f"{pair[2].strip()} {pair[1].strip()}" for pair in named)
    return names if len(named) == len(parts) and all(map(_is_name, names)) else ()


def _with_dots(initials: str) -> str:
    return initials.strip() + "." * (not initials.strip().endswith("."))


def _with_dot(name: str) -> str:
    """Give an initial at the end its dot again, as `Jr` has one too."""
    return f"{name}." if re.search(r"\s(?:(?:[A-Z]\.)*[A-Z]|Jr|Sr)$", name) else name


def _is_name(name: str) -> bool:
    words = name.split()
    if len(name) > _LONGEST_NAME or _size(words) > _MOST_WORDS:
        return False
    if len(words) == 1:  # Chinese and Japanese names have no blanks; nicknames are none.
        return (not name.isascii() and 2 <= len(name) <= 8) or (name.isascii() and name.istitle())
    return _has_capitals(words)
