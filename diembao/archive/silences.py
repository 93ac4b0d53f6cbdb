"""When newspapers were not collected: an article that is missing then says nothing of the press.

A newspaper is collected from its oldest article on, the oldest hundredth left aside (old pages stray in
through links), until its last good crawl; a crawl less than a day old reaches to the present. Gaps that
the crawler has noted lie between. Of a newspaper that was never crawled (its articles were imported)
only the beginning is known. The future is never collected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from diembao.archive.schema import articles, gaps, sources
from diembao.archive.sources import last_success
from diembao.source import Source

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

EVER_BEFORE = datetime(1, 1, 2, tzinfo=UTC)
EVER_AFTER = datetime(9999, 12, 30, tzinfo=UTC)

PATIENCE = timedelta(days=1)
"""A crawl so long ago reaches to the present."""

STRAYED = 100
"""One article in so many is left aside where the beginning is looked for."""


@dataclass(frozen=True, slots=True)
class Collected:
    """A newspaper, its articles that are not withdrawn, and its silences in order, none overlapping."""

    source: Source
    articles: int
    silences: tuple[tuple[datetime, datetime], ...]


def collected(connection: Connection, now: datetime) -> list[Collected]:
    """Every newspaper that the archive holds an article of, by name."""
    counted = connection.execute(
        select(articles.c.source, func.count().label("held"))
        .where(articles.c.withdrawn_at.is_(None))
        .group_by(articles.c.source)
    )
    held: dict[str, int] = {row.source: row.held for row in counted}
    noted: dict[str, list[tuple[datetime, datetime]]] = {}
    for gap in connection.execute(select(gaps)):
        noted.setdefault(gap.source, []).append((gap.began_at, gap.ended_at))
    rows = connection.execute(
        select(sources).where(sources.c.name.in_(held)).order_by(sources.c.name)
    ).all()
    return [
        Collected(
            Source.model_validate(row.source),
            held[row.name],
            merged(
                [
                    (EVER_BEFORE, _beginning(connection, row.name, held[row.name])),
                    *noted.get(row.name, ()),
                    (_known_until(row, now), EVER_AFTER),
                ]
            ),
        )
        for row in rows
    ]


def merged(
    silences: list[tuple[datetime, datetime]],
) -> tuple[tuple[datetime, datetime], ...]:
    """The same stretches in order, those that touch made one, empty ones left out."""
    found: list[tuple[datetime, datetime]] = []
    for began, ended in sorted(silences):
        if ended <= began:
            continue
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return tuple(found)


def _beginning(connection: Connection, name: str, count: int) -> datetime:
    oldest: datetime = connection.execute(
        select(articles.c.date)
        .where(articles.c.source == name, articles.c.withdrawn_at.is_(None))
        .order_by(articles.c.date)
        .offset(count // STRAYED)
        .limit(1)
    ).scalar_one()
    return oldest


def _known_until(row: Row[Any], now: datetime) -> datetime:
    good: datetime | None = last_success(row)
    if good is None and row.failures:
        good = row.last_article_at
    return now if good is None or now - good <= PATIENCE else good
