"""Pages that were kept, to be read again: those of articles, and those of which no article was made."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from diembao import covering
from diembao.archive import crawl, jobs, names
from diembao.archive.articles import Page
from diembao.archive.crawl import ARTICLE, Visit
from diembao.archive.schema import articles, crawl_urls, pages
from diembao.archive.schema import versions as version_table
from diembao.article import Article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from diembao.archive.engine import Archive

_PAGE = (pages.c.url, pages.c.fetched_at, pages.c.headers, pages.c.body)
STEP = 50
"""Pages taken out of the archive at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page and the current version that was read from it; no article where none was made."""

    address: str
    page: Page
    article_id: int | None = None
    version: int | None = None
    article: Article | None = None


def of_newspaper(archive: Archive, source: str) -> Iterator[Kept]:
    """All kept pages of a newspaper: those of its articles' current versions, then the others."""
    read = (
        select(
            articles.c.canonical_url,
            version_table.c.article_id,
            version_table.c.version,
            version_table.c.article,
            *_PAGE,
        )
        .join(
            version_table,
            (version_table.c.article_id == articles.c.id)
            & (version_table.c.version == articles.c.version),
        )
        .join(pages, pages.c.id == version_table.c.page_id)
        .where(articles.c.source == source)
    )
    for row in _stepwise(archive, read, articles.c.id):
        article = Article.model_validate(row.article)
        yield Kept(row.canonical_url, _page(row), row.article_id, row.version, article)
    alone = (
        select(crawl_urls.c.url.label("address"), *_PAGE)
        .join(pages, pages.c.id == crawl_urls.c.page_id)
        .where(crawl_urls.c.source == source)
    )
    for row in _stepwise(archive, alone, pages.c.id):
        yield Kept(row.address, _page(row))


def of_address(connection: Connection, canonical_url: str) -> tuple[int, int, Article] | None:
    """Number, current version and text of the article at an address."""
    row = connection.execute(
        select(version_table.c.article_id, version_table.c.version, version_table.c.article)
        .join(
            articles,
            (version_table.c.article_id == articles.c.id)
            & (version_table.c.version == articles.c.version),
        )
        .where(articles.c.canonical_url == canonical_url)
    ).one_or_none()
    return row and (row.article_id, row.version, Article.model_validate(row.article))


def _stepwise(archive: Archive, wanted: Select[Any], number: Any) -> Iterator[Row[Any]]:
    """Rows by ascending number, a few at a time, so that no transaction stays open over the work."""
    last = 0
    while True:
        with archive.read() as conn:
            rows = conn.execute(
                wanted.add_columns(number.label("number"))
                .where(number > last)
                .order_by(number)
                .limit(STEP)
            ).all()
        if not rows:
            return
        yield from rows
        last = rows[-1].number


def _page(row: Row[Any]) -> Page:
    return Page(row.url, row.fetched_at, row.headers, zlib.decompress(row.body))


def replace(
    connection: Connection, article_id: int, version: int, article: Article, now: datetime
) -> None:
    """Put a better reading of the same page in the place of a version's; it is extracted anew."""
    connection.execute(
        update(version_table)
        .where(version_table.c.article_id == article_id, version_table.c.version == version)
        .values(article=article.model_dump(mode="json"), digest=article.digest)
    )
    connection.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.version == version)
        .values(title=covering.cover(article, names.standing(connection)).title, date=article.date)
    )
    jobs.add(
        connection, "extract", str(article_id), {"article_id": article_id, "version": version}, now
    )


def read_at_last(
    connection: Connection, source: str, address: str, article_id: int, now: datetime
) -> None:
    """An article was made of a page that was kept alone."""
    kept = connection.execute(
        select(crawl_urls.c.page_id).where(crawl_urls.c.url == address)
    ).scalar_one_or_none()
    known = crawl.get(connection, address) or Visit(address, ARTICLE)
    crawl.fetched(
        connection, source, known, now, is_news=True, next_visit_at=None, article_id=article_id
    )
    connection.execute(update(crawl_urls).where(crawl_urls.c.url == address).values(page_id=None))
    if kept is not None:
        connection.execute(delete(pages).where(pages.c.id == kept))
