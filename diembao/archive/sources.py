"""Newspapers in the archive: what they are, when they are due, and how their crawls went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, func, or_, select, update

from diembao.archive.engine import upsert
from diembao.archive.schema import articles, gaps, sources
from diembao.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Row

OBSERVED = timedelta(days=7)
"""The time over which a newspaper's rhythm is counted."""

GAP = timedelta(hours=1)
"""A newspaper that was due so long ago, and an interval more, was not collected."""

LONGEST_PAUSE = 8
"""A newspaper that keeps failing rests for at most so many intervals."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A newspaper and how its crawls went. `articles` counts those not withdrawn."""

    source: Source
    articles: int
    last_crawl_at: datetime | None
    last_article_at: datetime | None
    next_crawl_at: datetime | None
    failures: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class Headline:
    """An article by its headline."""

    id: int
    title: str
    date: datetime


def save(connection: Connection, declared: Iterable[Source]) -> None:
    """Add newspapers, or replace what is known of them; their crawl state stays."""
    for source in declared:
        upsert(connection, sources, _row(source), renewed=("source",))


def add_missing(connection: Connection, source: Source) -> None:
    """Add a newspaper unless it is there."""
    upsert(connection, sources, _row(source))


def _row(source: Source) -> dict[str, Any]:
    return {"name": source.name, "source": source.model_dump(mode="json"), "failures": 0}


def get(connection: Connection, name: str) -> Source | None:
    """The newspaper of that name."""
    row = connection.execute(select(sources.c.source).where(sources.c.name == name)).scalar()
    return None if row is None else Source.model_validate(row)


def at_host(connection: Connection, host: str) -> Source | None:
    """The newspaper whose domain it is, with or without `www.`."""
    bare = host.lower().removeprefix("www.")
    rows = connection.execute(select(sources.c.source)).scalars()
    found = (Source.model_validate(row) for row in rows)
    return next((one for one in found if one.domain.removeprefix("www.") == bare), None)


def newest(connection: Connection, name: str, limit: int) -> list[Headline]:
    """The newest articles of a newspaper that are not withdrawn."""
    rows = connection.execute(
        select(articles.c.id, articles.c.title, articles.c.date)
        .where(articles.c.source == name, articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.date.desc(), articles.c.id)
        .limit(limit)
    )
    return [Headline(*row) for row in rows]


def lease_due(
    connection: Connection,
    now: datetime,
    worker: str,
    lease_seconds: float,
    interval: float | None = None,
    limit: int | None = None,
    but: Iterable[str] = (),
) -> list[Source]:
    """The newspapers whose crawl is due, which are this worker's for `lease_seconds`.

    At most `limit`, those that have waited longest first, and none of `but`. Due is what was never
    crawled, or whose next crawl has come; a shorter `interval` (seconds) than at the last crawl, where
    one is given, holds at once for newspapers in good health.
    """
    sooner = (
        and_(sources.c.failures == 0, sources.c.last_crawl_at <= now - timedelta(seconds=interval))
        if interval is not None
        else false()
    )
    rows = connection.execute(
        select(sources.c.name, sources.c.source)
        .where(
            or_(sources.c.leased_until.is_(None), sources.c.leased_until <= now),
            or_(
                sources.c.next_crawl_at.is_(None),
                sources.c.next_crawl_at <= now,
                sooner,
            ),
            sources.c.name.not_in(list(but)),
        )
        .order_by(sources.c.next_crawl_at.nulls_first(), sources.c.name)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    connection.execute(
        update(sources)
        .where(sources.c.name.in_([row.name for row in rows]))
        .values(leased_by=worker, leased_until=now + timedelta(seconds=lease_seconds))
    )
    return [Source.model_validate(row.source) for row in rows]


def lease(
    connection: Connection, name: str, worker: str, now: datetime, lease_seconds: float
) -> datetime | None:
    """Take one newspaper for this worker, due or not; until when it is another's, where it is."""
    taken = connection.execute(
        update(sources)
        .where(
            sources.c.name == name,
            or_(
                sources.c.leased_by == worker,
                sources.c.leased_until.is_(None),
                sources.c.leased_until <= now,
            ),
        )
        .values(leased_by=worker, leased_until=now + timedelta(seconds=lease_seconds))
    )
    if taken.rowcount:
        return None
    return connection.execute(
        select(sources.c.leased_until).where(sources.c.name == name)
    ).scalar_one_or_none()


def next_crawl(connection: Connection, name: str) -> datetime | None:
    """When a newspaper is due; None if it was never crawled."""
    due: datetime | None = connection.execute(
        select(sources.c.next_crawl_at).where(sources.c.name == name)
    ).scalar_one_or_none()
    return due


def renew(
    connection: Connection, names: Iterable[str], worker: str, now: datetime, lease_seconds: float
) -> None:
    """Keep newspapers for this worker for `lease_seconds` more, as far as they are still its own."""
    connection.execute(
        update(sources)
        .where(sources.c.name.in_(list(names)), sources.c.leased_by == worker)
        .values(leased_until=now + timedelta(seconds=lease_seconds))
    )


def release(connection: Connection, worker: str, only: Iterable[str] | None = None) -> None:
    """Give back whatever the worker has leased, or `only` some of it."""
    its = sources.c.leased_by == worker
    _free(connection, its if only is None else its & sources.c.name.in_(list(only)))


def _free(connection: Connection, which: ColumnElement[bool]) -> None:
    connection.execute(update(sources).where(which).values(leased_by=None, leased_until=None))


def rhythm(
    connection: Connection, name: str, now: datetime, shortest: float, longest: float
) -> float:
    """Seconds after which to look at a newspaper again: half of what lies between two of its articles.

    Counted over the articles dated in the last days; between `shortest` and `longest`.
    """
    count = connection.execute(
        select(func.count())
        .select_from(articles)
        .where(articles.c.source == name, articles.c.date > now - OBSERVED, articles.c.date <= now)
    ).scalar_one()
    half = OBSERVED.total_seconds() / count / 2 if count else longest
    return max(shortest, min(half, longest))


def finish(
    connection: Connection,
    name: str,
    now: datetime,
    interval: float,
    error: str | None = None,
    worker: str | None = None,
) -> None:
    """End a crawl: the next is due in `interval` seconds, later the more crawls failed in a row.

    A good crawl long after the last good one ends a gap, which is kept. Of a `worker` whose lease ran
    out meanwhile, it leaves the newspaper to whoever has it by now.
    """
    before = connection.execute(select(sources).where(sources.c.name == name)).one()
    failures = before.failures + 1 if error else 0
    if not error:
        began = last_success(before)
        late = 2 * timedelta(seconds=interval) + GAP
        if began is not None and now - began > late:
            row = {"source": name, "began_at": began, "ended_at": now}
            upsert(connection, gaps, row, renewed=("ended_at",))
    pause = timedelta(seconds=interval) * min(2**failures, LONGEST_PAUSE)
    connection.execute(
        update(sources)
        .where(sources.c.name == name)
        .values(
            last_crawl_at=now,
            next_crawl_at=now + pause,
            failures=failures,
            last_error=error,
            last_success_at=before.last_success_at if error else now,
        )
    )
    its = sources.c.name == name
    _free(connection, its if worker is None else its & (sources.c.leased_by == worker))


def last_success(row: Row[Any]) -> datetime | None:
    """When a newspaper's row of the table saw its last good crawl; older archives know less."""
    known: datetime | None = row.last_success_at or (None if row.failures else row.last_crawl_at)
    return known


def health(connection: Connection) -> list[SourceHealth]:
    """Every newspaper with the state of its crawls, by name."""
    held = (
        select(articles.c.source, func.count().label("articles"))
        .where(articles.c.withdrawn_at.is_(None))
        .group_by(articles.c.source)
        .subquery()
    )
    rows = connection.execute(
        select(sources, held.c.articles)
        .outerjoin(held, held.c.source == sources.c.name)
        .order_by(sources.c.name)
    )
    return [
        SourceHealth(
            source=Source.model_validate(row.source),
            articles=row.articles or 0,
            last_crawl_at=row.last_crawl_at,
            last_article_at=row.last_article_at,
            next_crawl_at=row.next_crawl_at,
            failures=row.failures,
            last_error=row.last_error,
        )
        for row in rows
    ]
