"""What the columns of a table are called: the many names of a few fields.

Case, accents, blanks and signs in a name do not count, so `arXiv ID`, `arxiv_id` and
`arxivId` are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rftsearch.papers.paper import LINK_KINDS
from rftsearch.text.clean import slug

__all__ = ["CHILDREN", "IDENTITY", "LINKS", "field_of", "known_fields", "squashed"]

_NAMES = {
    "title": (
        "title, paper title, title of paper, title of the paper, article title, "
        "document title, full title, paper name, name of paper, headline, 标题, 论文标题, "
        "题目, titre, titel, título"
    ),
    "paper": "paper, papers, article, publication, work, paper link title, 论文",
    "name": (
        "name, names, short name, short title, shortname, abbreviation, abbr, acronym, "
        "alias, method, method name, model name, nickname, approach, 名称, 简称"
    ),
    "authors": (
        "authors, author, author s, author names, author list, authors list, creator, "
        "creators, by, autor, autoren, auteurs, autores, contributors, author full names, "
        "作者"
    ),
    "first_author": "first author, lead author, 第一作者",
    "date": (
        "date, published, publication date, published date, published at, published on, "
        "date published, pub date, pubdate, release date, release, submitted, "
        "submission date, date submitted, datum, posted, online date, first published, "
        "created, issued, 日期, 时间, 发表时间"
    ),
    "year": (
        "year, publication year, pub year, year of publication, published year, yr, jahr, "
        "année, año, 年份, 年"
    ),
    "month": "month, publication month, pub month, 月份, 月",
    "day": "day, publication day",
    "updated": "updated, last updated, update date, updated at, modified, last modified",
    "url": (
        "url, link, links, address, web, web address, uri, href, source url, paper url, "
        "paper link, link to paper, article url, article link, publisher url, "
        "publication url, landing page, abstract url, abs url, abs, read, 链接, 论文链接, "
        "paper link url, official url, urls"
    ),
    "pdf": (
        "pdf, pdf url, pdf link, paper pdf, full text, fulltext, full text url, "
        "open access pdf, download, pdf file"
    ),
    "arxiv": (
        "arxiv, arxiv id, arxiv url, arxiv link, arxiv number, arxiv no, arxiv identifier, "
        "eprint, e print, preprint, preprint url, preprint link, arxiv abs, arxiv pdf, "
        "arxiv page"
    ),
    "doi": "doi, doi url, doi link, digital object identifier, doi number",
    "venue": (
        "venue, venues, conference, conference name, journal, journal title, journal name, "
        "journal ref, journal reference, publication title, publication venue, "
        "publication name, container title, booktitle, book title, proceedings, "
        "proceedings title, source title, published in, published at venue, where, conf, "
        "conf journal, venue year, conference journal, 会议, 期刊, 发表"
    ),
    "publisher": (
        "publisher, organization, organisation, institution, institutions, affiliation, "
        "affiliations, company, lab, school, university, 机构"
    ),
    "category": (
        "category, kategorie, catégorie, section, topic, subject, area, field, group, theme, "
        "class, domain, track, collection, task, 类别, 分类, 主题"
    ),
    "categories": (
        "categories, sections, topics, subjects, areas, fields, themes, collections, tasks, "
        "primary category, research areas"
    ),
    "subcategory": (
        "subcategory, sub category, subsection, subtopic, sub topic, subarea, subgroup, "
        "subject area, secondary category, 子类别"
    ),
    "tags": (
        "tags, tag, keywords, keyword, key words, author keywords, index keywords, labels, "
        "label, manual tags, 关键词, 标签"
    ),
    "abstract": "abstract, abstract note, abstract text, paper abstract, 摘要",
    "remark": (
        "remark, remarks, description, summary, tldr, tl dr, note, notes, comment, comments, "
        "short description, about, contribution, key contribution, main contribution, "
        "highlights, one sentence summary, 简介, 备注, 描述"
    ),
    "code": (
        "code, codes, code url, code link, code repository, source code, github, github url, "
        "github link, github repo, github repository, repo, repository, repo url, "
        "repository url, git, gitlab, implementation, official code, code repo, codebase, "
        "代码, software, source"
    ),
    "project": (
        "project, project page, project url, project link, project website, homepage, "
        "home page, website, webpage, web page, site, page, project site, 项目, 主页, "
        "项目主页"
    ),
    "dataset": (
        "dataset, datasets, data, data url, data link, dataset url, dataset link, 数据集, 数据"
    ),
    "model": (
        "model, models, model url, model link, weights, checkpoint, checkpoints, "
        "model weights, huggingface, hugging face, hf, huggingface url, pretrained model, "
        "模型"
    ),
    "demo": (
        "demo, demos, demo url, demo link, space, playground, video, videos, video url, "
        "youtube, colab, talk, presentation"
    ),
    "benchmark": "benchmark, benchmarks, leaderboard, leaderboard url",
    "blog": "blog, blog post, blogpost, blog url, blog link, post, medium, media",
    "key": (
        "key, bibtex key, bibtexkey, citation key, citekey, cite key, bib key, bibkey, "
        "cite id, id, paper id, paperid, identifier, entry id, slug, ref, reference key, uid"
    ),
    "kind": "kind",
    "released": "released",
    "place": "no, nr, number, index, idx, rank, row, sl no, s no, abstract state",
    "generative": "generative, generation",
    "heading_paths": "heading paths",
    "withdrawn": "withdrawn, retracted",
}
LINKS = LINK_KINDS[:-1]
"""The fields that hold addresses beside that of the paper itself."""
IDENTITY = ("title", "paper", "name", "arxiv", "url", "pdf", "doi")
"""The fields of which an entry has at least one."""

_CHILDREN = (
    "papers, paper, paper list, entries, items, data, records, results, publications, articles, "
    "references, works, list, resources, content, contents, rows, documents, library, posts"
)
CHILDREN = frozenset(name.strip().replace(" ", "") for name in _CHILDREN.split(","))
"""Squashed names of what holds the entries of a category or of a whole file."""


def squashed(name: str) -> str:
    """Return a name without case, accents, blanks and signs."""
    return slug(name).replace("-", "")


_FIELDS = {squashed(name): field for field, names in _NAMES.items() for name in names.split(",")}
_FIELDS |= {kind: kind for kind in LINKS}
_FIELDS |= {f"{squashed(kind)}s": kind for kind in LINKS}
# What stands behind a name in a header: `Date (YYYY-MM)`, `Code [link]`, `Title*`.
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_AROUND = frozenset(
    ("link", "links", "url", "urls", "to", "of", "the", "paper", "papers", "official", "id")
)
"""Words that say nothing where another word of a name does: `Link to code`, `url_pdf`."""


@lru_cache(maxsize=4096)
def field_of(name: str) -> str | None:
    """Return the field that a column holds, by its name; None if it is not known.

    >>> field_of("arXiv ID"), field_of("Link to code")
    ('arxiv', 'code')
    """
    bare = _ASIDE.sub(" ", name[:200])
    telling = "".join(word for word in slug(bare).split("-") if word not in _AROUND)
    for form in (squashed(name[:200]), squashed(bare), telling):
        if form in _FIELDS:
            return _FIELDS[form]
    return None


def known_fields(names: Iterable[str]) -> set[str]:
    """Return the fields that some columns hold."""
    return {field for name in names if (field := field_of(name))}
