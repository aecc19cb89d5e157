"""What a short text in a list is: a label, a date, a title; by how it is written.

None of this knows a list: these are the habits that lists have in common.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.sources.markdown.words.venues import is_venue
from rftsearch.text.dates import month_of_digits, month_of_words

__all__ = [
    "find_month",
    "has_words",
    "is_date",
    "is_label",
    "is_title_case",
    "paper_in_text",
    "words_in",
]

_LABELS = frozenset(
    """
    paper papers pdf arxiv abs abstract link links url code codes coding github git gitlab repo
    repository project projects page pages homepage home website web site webpage demo demos blog
    blogs blogpost post article dataset datasets data bench benchmark model models weights
    weight checkpoint checkpoints ckpt video videos youtube bilibili hf huggingface hugging face
    modelscope source here book html ps star stars stargazers fork forks poster slides slide talk
    colab notebook preprint openreview doi official implementation unofficial pytorch tensorflow
    tf jax keras twitter tweet tweets bibtex bib cite supp supplementary supplemental material
    appendix acl anthology semantic scholar hal report tech technical camera ready version
    extended full text download view read open access review note notes thread media news
    not yet coming soon tbd presentation short viewer interactive supplement available unavailable
    released release online author authors results result
    citation citations leaderboard playground app space api docs documentation license badge
    docker kaggle wandb medium zhihu publication published journal proceedings conference
    論文 程式碼 連結 項目 專案 數據 影片 地址 论文地址 论文链接 项目地址 项目主页 开源代码
    代码地址 代码链接 开源 原论文 论文解读 コード リンク 実装 データ データセット 動画
    記事 解説 スライド プロジェクト 논문 코드 링크 영상 데이터 데이터셋 프로젝트 페이지 블로그
    발표 구현 lien papier codigo código enlace artículo artikel quelle projekt статья код ссылка
    论文 代码 链接 项目 主页 数据 数据集 模型 视频 博客 解读 原文 中文 知乎
    n a the and of on
    """.split()  # noqa: SIM905 - a column of words is easier to read and to add to
)
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")

_CITATION = re.compile(
    r"\W*(?:[A-Z][\w'\u2019-]+(?:\s+(?:and|&)\s+[A-Z][\w'\u2019-]+)?\s+et\.?\s*al\.?.{0,20}"
    r"|.{0,60}\bet\.?\s?al\.?,?\s*\(?(?:19|20)?\d{0,2}\)?"
    r"|[A-Z][\w'\u2019-]+(?:\s+(?:and|&)\s+[A-Z][\w'\u2019-]+)?,?\s*\(?(?:19|20)\d\d[a-z]?\)?)\W*"
)


_QUALIFIED = re.compile(
    r"\W*(?P<label>[A-Za-z]+(?:\s+[A-Za-z]+)?)\s*\((?:[\w./+-]+\s*){1,3}\)\W*"
    r"|\W*(?P<of_paper>paper|pdf|poster|slides|arxiv)[\s:_-]*[A-Z][A-Za-z]*[\s'-]?\d{2,4}\W*",
    re.IGNORECASE,
)
"""A label that says which: `Paper (long version)`, `Paper-ICML14`."""


def words_in(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def has_words(text: str) -> bool:
    """Return whether a text has a letter or a digit."""
    return _LETTER.search(text) is not None


_LETTER = re.compile(r"[^\W_]")


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """Return whether a text only says what a link leads to: `PDF`, `Project Page`, an id.

    An empty text, an address, a date, a venue with its year and a citation such as
    `Smith et al., 2023` are labels too.
    """
    words = [word.casefold() for word in words_in(text)]
    if all(word in _LABELS or word.isdigit() or len(word) == 1 for word in words):
        return True
    if qualified := _QUALIFIED.fullmatch(text):
        label = words_in(qualified["label"] or "")
        if qualified["of_paper"] or {word.casefold() for word in label} <= _LABELS:
            return True
    if "://" in text or text.startswith("www.") or parse_arxiv_id(text.strip(" []()*")):
        return True
    return is_venue(text) or is_date(text) or _CITATION.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Return whether a text is only a date or a month."""
    return len(text) < 40 and not re.sub(
        r"(?i)\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b"
        r"|\d{1,4}(?:st|nd|rd|th)?|\W|submitted|published|updated|date",
        "",
        text,
    )


def is_title_case(text: str) -> bool:
    """Return whether most of the longer words begin with a capital, as in a title."""
    words = [word for word in words_in(text) if len(word) > 3]
    return bool(words) and sum(not word[0].islower() for word in words) > 0.6 * len(words)


# --- dates and ids ------------------------------------------------------------------

_MONTH_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_MONTH_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<![\d.])(?P<year>(?:19|20)\d\d)[-/.\u5e74](?P<month>0?[1-9]|1[0-2])(?![\d])",
        rf"\b{_MONTH_NAME}[.,]?\s*(?:\d{{1,2}}(?:st|nd|rd|th)?[.,]?\s+)?[,']?\s*"
        r"(?P<year>(?:19|20)\d\d)\b",
        rf"(?<!\d)(?P<year>(?:19|20)\d\d)[\s,./-]*(?:\d{{1,2}}\s+)?{_MONTH_NAME}",
        r"(?<![\d/.-])(?P<month>0?[1-9]|1[0-2])[/](?P<year>20\d\d)(?!\d)",
        r"(?<![\d.])\[(?P<digits>[012]\d(?:0[1-9]|1[0-2]))\]",
        r"(?<![\d/.-])(?P<short>[12]\d)[/.-](?P<month>0[1-9]|1[0-2])(?![\d/.-])",
    )
]


_TWO_DIGITS = re.compile(r"\d\d")


def find_month(text: str) -> str | None:
    """Return the month that a text states, `2025-03`; None if it states none.

    >>> find_month("ICRA, 14 Mar 2023")
    '2023-03'
    """
    if _TWO_DIGITS.search(text) is None:
        return None
    for form in _MONTH_FORMS:
        if found := form.search(text):
            parts = found.groupdict()
            if parts.get("digits"):
                return month_of_digits(parts["digits"])
            year = parts.get("year") or f"20{parts['short']}"
            if parts.get("name"):
                return month_of_words(parts["name"], year)
            return f"{year}-{int(parts['month']):02}"
    return None


_ID_IN_TEXT = re.compile(
    r"(?:arxiv(?:\s+preprint\s+arxiv)?\s*[:/.\s-]\s*(?:abs/|pdf/)?)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?!\d)",
    re.IGNORECASE,
)


_ID_IN_BRACKETS = re.compile(
    r"\s*(?:\[(?=\d{4}\.\d{4,5}(?:v\d+)?\])"
    r"|(?=\d{4}\.\d{5}(?:v\d+)?\s*(?:[-:\u2013\u2014]\s|\[[a-z-]+(?:\.[A-Za-z]{2})?\])))"
    r"(\d{4}\.\d{4,5})"
)
"""How a text begins that was copied from a page of arXiv: `[2503.01234] Title`."""


def paper_in_text(text: str) -> str | None:
    """Return the arXiv id that a text names, `arXiv:2503.01234`, or before which it stands."""
    found = _ID_IN_TEXT.search(text) or _ID_IN_BRACKETS.match(text)
    return parse_arxiv_id(found[1]) if found else None
