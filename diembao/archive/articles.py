"""Articles with every version and its page.

An article is its canonical address. A version is what a reader saw: text that differs makes the next
one, anything else leaves the article as it is. Functions that write leave the commit to the caller.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from diembao import covering
from diembao.archive import jobs, names, sources
from diembao.archive.engine import insert_in
from diembao.archive.schema import (
    articles,
    conferments,
    entities,
    extractions,
    mentions,
    pages,
)
from diembao.archive.schema import sources as source_table
from diembao.archive.schema import versions as version_table
from diembao.archived import ArchivedArticle, Entity
from diembao.article import Article
from diembao.errors import NotFoundError
from diembao.records import Extraction, Label
from diembao.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlalchemy.sql.dml import ReturningInsert

COMPRESSION = 3
"""Of pages: a third of the time of zlib's default, a tenth more room."""
BATCH = 500
"""Articles that one statement loads."""


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page as it came, its body decoded from any transfer encoding."""

    url: str
    fetched_at: datetime
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: `is_new` article, or `is_edit` of a known one, or neither."""

    article_id: int
    version: int
    is_new: bool
    is_edit: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, without its text."""

    version: int
    title: str
    digest: str
    fetched_at: datetime


def save(
    connection: Connection, source: Source, article: Article, page: Page | None, now: datetime
) -> Saved:
    """Archive what was read, and file the `extract` job if it is a new article or a new version."""
    sources.add_missing(connection, source)
    title = covering.cover(article, names.standing(connection)).title
    row = {
        "canonical_url": article.canonical_url,
        "source": source.name,
        "version": 1,
        "title": title,
        "date": article.date,
        "first_seen_at": now,
    }
    new_id = connection.execute(_adding(connection.dialect.name), row).scalar()
    if new_id is not None:
        connection.execute(_SEEN, {"newspaper": source.name, "at": now})
        _add_version(connection, new_id, 1, article, page, now)
        return Saved(new_id, 1, is_new=True, is_edit=False)
    known = connection.execute(
        select(articles.c.id, articles.c.version, articles.c.date)
        .where(articles.c.canonical_url == article.canonical_url)
        .with_for_update(key_share=True)
    ).one()
    digest = connection.execute(
        select(version_table.c.digest).where(
            version_table.c.article_id == known.id, version_table.c.version == known.version
        )
    ).scalar_one()
    if digest == article.digest:
        return Saved(known.id, known.version, is_new=False, is_edit=False)
    version = known.version + 1
    connection.execute(
        update(articles)
        .where(articles.c.id == known.id)
        .values(version=version, title=title, date=article.published_at or known.date)
    )
    _add_version(connection, known.id, version, article, page, now)
    return Saved(known.id, version, is_new=False, is_edit=True)


@cache
def _adding(dialect: str) -> ReturningInsert[Any]:
    statement = insert_in(dialect, articles)
    return statement.on_conflict_do_nothing(index_elements=["canonical_url"]).returning(
        articles.c.id
    )


# Built once: with many articles a second, building a statement costs more than running it.
_SEEN = (
    update(source_table)
    .where(source_table.c.name == bindparam("newspaper"))
    .values(last_article_at=bindparam("at"))
)
_KEEP_PAGE = insert(pages).returning(pages.c.id)
_KEEP_VERSION = insert(version_table)


def _add_version(
    connection: Connection,
    article_id: int,
    version: int,
    article: Article,
    page: Page | None,
    now: datetime,
) -> None:
    page_id = None
    if page is not None:
        page_id = keep_page(connection, page)
    row = {
        "article_id": article_id,
        "version": version,
        "article": article.model_dump(mode="json"),
        "digest": article.digest,
        "page_id": page_id,
        "fetched_at": article.fetched_at,
    }
    connection.execute(_KEEP_VERSION, row)
    payload = {"article_id": article_id, "version": version}
    jobs.add(connection, "extract", str(article_id), payload, now)


def keep_page(connection: Connection, page: Page) -> int:
    """Keep a page as it came; its number."""
    row = {
        "url": page.url,
        "fetched_at": page.fetched_at,
        "headers": dict(page.headers),
        "body": zlib.compress(page.body, COMPRESSION),
    }
    return int(connection.execute(_KEEP_PAGE, row).scalar_one())


def hold(connection: Connection, article_ids: Sequence[int]) -> None:
    """Let no other transaction edit these articles until the end of this one."""
    connection.execute(
        select(articles.c.id)
        .where(articles.c.id.in_(article_ids))
        .order_by(articles.c.id)
        .with_for_update(key_share=True)
    ).all()


def find(connection: Connection, url: str) -> int | None:
    """The article of that canonical address."""
    return connection.execute(
        select(articles.c.id).where(articles.c.canonical_url == url)
    ).scalar_one_or_none()


def ids(connection: Connection, after: int = 0, limit: int = 1000) -> list[int]:
    """Identifiers above `after`, ascending, of articles that are not withdrawn."""
    return list(
        connection.execute(
            select(articles.c.id)
            .where(articles.c.id > after, articles.c.withdrawn_at.is_(None))
            .order_by(articles.c.id)
            .limit(limit)
        ).scalars()
    )


def counts(connection: Connection) -> dict[str, int]:
    """`articles` that are not withdrawn, their `versions`, and all `pages`."""
    shown = articles.c.withdrawn_at.is_(None)
    number = select(func.count()).select_from(articles).where(shown)
    written = select(func.count()).select_from(version_table.join(articles)).where(shown)
    kept = select(func.count()).select_from(pages)
    return {
        "articles": connection.execute(number).scalar_one(),
        "versions": connection.execute(written).scalar_one(),
        "pages": connection.execute(kept).scalar_one(),
    }


def current(connection: Connection, article_id: int) -> ArchivedArticle:
    """An article as it stands. Raises NotFoundError, also where it was withdrawn."""
    found = load(connection, [article_id])
    if not found:
        raise NotFoundError(
            f"Không có bài số {article_id} trong kho; có thể bài đã được gỡ (no such article)."
        )
    return found[0]


def versions(connection: Connection, article_id: int) -> list[Version]:
    """All versions of an article, first to last."""
    rows = connection.execute(
        select(version_table)
        .where(version_table.c.article_id == article_id)
        .order_by(version_table.c.version)
    )
    withdrawn = names.standing(connection)
    return [
        Version(
            row.version,
            covering.cover(Article.model_validate(row.article), withdrawn).title,
            row.digest,
            row.fetched_at,
        )
        for row in rows
    ]


def load_version(connection: Connection, article_id: int, version: int) -> Article:
    """One version of an article. Raises NotFoundError."""
    row = connection.execute(
        select(version_table.c.article).where(
            version_table.c.article_id == article_id, version_table.c.version == version
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFoundError(
            f"Bài số {article_id} không có bản {version} trong kho (no such version in the archive)."
        )
    return covering.cover(Article.model_validate(row), names.standing(connection))


def page_of(connection: Connection, article_id: int, version: int) -> Page | None:
    """The page that a version was read from; None if it came without one."""
    row = connection.execute(
        select(pages)
        .join(version_table, version_table.c.page_id == pages.c.id)
        .where(version_table.c.article_id == article_id, version_table.c.version == version)
    ).one_or_none()
    if row is None:
        return None
    return Page(row.url, row.fetched_at, row.headers, zlib.decompress(row.body))


def load(connection: Connection, wanted: Sequence[int]) -> list[ArchivedArticle]:
    """The current versions in the order asked; unknown and withdrawn ones are left out."""
    found: dict[int, ArchivedArticle] = {}
    for start in range(0, len(wanted), BATCH):
        found |= _load_batch(connection, wanted[start : start + BATCH])
    return [found[article_id] for article_id in wanted if article_id in found]


def _load_batch(connection: Connection, wanted: Sequence[int]) -> dict[int, ArchivedArticle]:
    rows = connection.execute(
        select(
            articles,
            version_table.c.article,
            source_table.c.source.label("newspaper"),
            extractions.c.extraction,
        )
        .join(
            version_table,
            (version_table.c.article_id == articles.c.id)
            & (version_table.c.version == articles.c.version),
        )
        .join(source_table, source_table.c.name == articles.c.source)
        .outerjoin(
            extractions,
            (extractions.c.article_id == articles.c.id)
            & (extractions.c.version == articles.c.version),
        )
        .where(articles.c.id.in_(wanted), articles.c.withdrawn_at.is_(None))
    ).all()
    extracted = [row.id for row in rows if row.extraction is not None]
    withdrawn = names.standing(connection)
    resolved, known = _resolved(connection, extracted)
    events = _events(connection, extracted)
    loaded: dict[int, ArchivedArticle] = {}
    for row in rows:
        links = resolved.get(row.id, {})
        loaded[row.id] = ArchivedArticle(
            id=row.id,
            version=row.version,
            article=covering.cover(Article.model_validate(row.article), withdrawn),
            source=Source.model_validate(row.newspaper),
            extraction=None if row.extraction is None else _linked(row.extraction, links),
            entities={key: known[key] for key in set(links.values())},
            story_id=row.story_id,
            event_ids=tuple(events.get(row.id, ())),
            first_seen_at=row.first_seen_at,
        )
    return loaded


def _linked(stored: Any, links: Mapping[int, str]) -> Extraction:
    extraction = Extraction.model_validate(stored)
    return extraction.model_copy(
        update={
            "mentions": tuple(m._replace(entity=links.get(m.start)) for m in extraction.mentions)
        }
    )


def _resolved(
    connection: Connection, wanted: Sequence[int]
) -> tuple[dict[int, dict[int, str]], dict[str, Entity]]:
    links: dict[int, dict[int, str]] = {}
    known: dict[str, Entity] = {}
    rows = connection.execute(
        select(mentions.c.article_id, mentions.c.start, entities)
        .join(entities, entities.c.id == mentions.c.entity_id)
        .where(mentions.c.article_id.in_(wanted))
    )
    for row in rows:
        links.setdefault(row.article_id, {})[row.start] = row.id
        if row.id not in known:
            known[row.id] = Entity(
                row.id, Label(row.label), row.name, tuple(row.aliases), row.province
            )
    return links, known


def _events(connection: Connection, wanted: Iterable[int]) -> dict[int, list[int]]:
    events: dict[int, list[int]] = {}
    rows = connection.execute(
        select(conferments.c.article_id, conferments.c.event_id)
        .where(conferments.c.article_id.in_(wanted))
        .order_by(conferments.c.article_id, conferments.c.ordinal)
    )
    for article_id, event_id in rows:
        events.setdefault(article_id, []).append(event_id)
    return events
