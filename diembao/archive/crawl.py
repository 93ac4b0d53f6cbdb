"""What the crawler knows of each address: all SQL on `crawl_urls`.

An address is recorded before it is fetched, due at once. `next_visit_at` is the only clock: due when it
has come, never when it is empty. `status` 200 means that the last visit brought something new, 304 that
it did not. Functions that write leave the commit to the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from diembao.archive.articles import keep_page
from diembao.archive.engine import insert, upsert
from diembao.archive.schema import articles, crawl_urls, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    from diembao.archive.articles import Page

FEED, SITEMAP, LISTING, ARTICLE = "feed", "sitemap", "listing", "article"
"""Kinds of addresses."""

CHUNK = 300
"""Addresses that one statement takes."""

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(days=1)
ATTEMPTS = 10
"""Visits that may fail in a row before an address is given up."""


@dataclass(frozen=True, slots=True)
class Visit:
    """An address with what its last visit left. `dated` is the latest date announced for it."""

    url: str
    kind: str
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: datetime | None = None
    dated: datetime | None = None
    article_id: int | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """Headers of a conditional GET."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


_COLUMNS = (
    crawl_urls.c.url,
    crawl_urls.c.kind,
    crawl_urls.c.etag,
    crawl_urls.c.last_modified,
    crawl_urls.c.fetched_at,
    crawl_urls.c.dated,
    crawl_urls.c.article_id,
)


def record(
    connection: Connection,
    source: str,
    kind: str,
    announced: Iterable[tuple[str, datetime | None]],
    now: datetime,
    revisit_seconds: float,
) -> int:
    """Record announced addresses with their dates; the number of new ones.

    A new one is due at once. A known one whose date is newer than any before is due again: at once if
    its last visit brought something new, else `revisit_seconds` after that visit at the earliest.
    """
    latest: dict[str, datetime | None] = {}
    for url, dated in announced:
        latest[url] = max(filter(None, (latest.get(url), dated)), default=None)
    addresses = list(latest)
    added = 0
    for start in range(0, len(addresses), CHUNK):
        chunk = addresses[start : start + CHUNK]
        rows = connection.execute(select(crawl_urls).where(crawl_urls.c.url.in_(chunk))).all()
        fresh = [
            {
                "url": url,
                "source": source,
                "kind": kind,
                "dated": latest[url],
                "failures": 0,
                "discovered_at": now,
                "next_visit_at": now,
            }
            for url in sorted(set(chunk) - {row.url for row in rows})
        ]
        if fresh:
            connection.execute(
                insert(connection, crawl_urls).values(fresh).on_conflict_do_nothing()
            )
        added += len(fresh)
        for row in rows:
            _renew(connection, row, latest[row.url], now, revisit_seconds)
    return added


def _renew(
    connection: Connection,
    row: Row[Any],
    dated: datetime | None,
    now: datetime,
    revisit_seconds: float,
) -> None:
    """Make a known address due if it is dated anew."""
    before = row.dated or row.fetched_at
    if dated is None or (before is not None and dated <= before):
        return
    if row.fetched_at is None:
        again = row.next_visit_at or now
    elif row.status == 304:
        again = max(now, row.fetched_at + timedelta(seconds=revisit_seconds))
    else:
        again = now
    connection.execute(
        update(crawl_urls)
        .where(crawl_urls.c.url == row.url)
        .values(dated=dated, next_visit_at=again)
    )


def due(
    connection: Connection,
    source: str,
    kind: str,
    now: datetime,
    among: Sequence[str] | None = None,
) -> list[Visit]:
    """Addresses of a kind whose time has come, newest first; only those `among` some if given."""
    wanted = (
        select(*_COLUMNS)
        .where(
            crawl_urls.c.source == source,
            crawl_urls.c.kind == kind,
            crawl_urls.c.next_visit_at <= now,
        )
        .order_by(
            crawl_urls.c.dated.desc().nulls_last(), crawl_urls.c.discovered_at, crawl_urls.c.url
        )
    )
    if among is None:
        return [Visit(*row) for row in connection.execute(wanted)]
    return [
        Visit(*row)
        for start in range(0, len(among), CHUNK)
        for row in connection.execute(
            wanted.where(crawl_urls.c.url.in_(among[start : start + CHUNK]))
        )
    ]


def get(connection: Connection, url: str) -> Visit | None:
    """What is known of an address."""
    row = connection.execute(select(*_COLUMNS).where(crawl_urls.c.url == url)).one_or_none()
    return row and Visit(*row)


def fetched(
    connection: Connection,
    source: str,
    visit: Visit,
    now: datetime,
    *,
    is_news: bool,
    next_visit_at: datetime | None,
    article_id: int | None = None,
    note: str | None = None,
) -> None:
    """A visit succeeded: keep its validators, and when to come again (None: not by itself)."""
    values = {
        "etag": visit.etag,
        "last_modified": visit.last_modified,
        "status": 200 if is_news else 304,
        "fetched_at": now,
        "next_visit_at": next_visit_at,
        "failures": 0,
        "cause": None,
        "last_error": note,
        "article_id": article_id or visit.article_id,
    }
    _write(connection, source, visit, values, now)


def _write(
    connection: Connection, source: str, visit: Visit, values: dict[str, Any], now: datetime
) -> None:
    """Set the values of an address, which is recorded now if it was not."""
    row = {
        "url": visit.url,
        "source": source,
        "kind": visit.kind,
        "discovered_at": now,
        "dated": visit.dated,
        **values,
    }
    upsert(connection, crawl_urls, row, renewed=tuple(values))


def walked(
    connection: Connection, source: str, visit: Visit, since: datetime, now: datetime
) -> None:
    """A walk through the archive has read an entry page back to `since`."""
    values = {
        "walked_to": since,
        "fetched_at": now,
        "failures": 0,
        "cause": None,
        "last_error": None,
    }
    _write(connection, source, visit, values, now)


def walked_to(connection: Connection, addresses: Sequence[str], since: datetime) -> set[str]:
    """Those of the entry pages that a walk has read back to `since` or further."""
    return {
        url
        for start in range(0, len(addresses), CHUNK)
        for url in connection.execute(
            select(crawl_urls.c.url).where(
                crawl_urls.c.url.in_(addresses[start : start + CHUNK]),
                crawl_urls.c.walked_to <= since,
            )
        ).scalars()
    }


def article_dates(connection: Connection, addresses: Sequence[str]) -> list[datetime]:
    """The dates of the articles at some addresses, as far as they are archived."""
    return [
        dated
        for start in range(0, len(addresses), CHUNK)
        for dated in connection.execute(
            select(articles.c.date)
            .join(crawl_urls, crawl_urls.c.article_id == articles.c.id)
            .where(crawl_urls.c.url.in_(addresses[start : start + CHUNK]))
        ).scalars()
    ]


def failed(
    connection: Connection,
    source: str,
    visit: Visit,
    cause: str,
    error: str,
    now: datetime,
    retry_after: float | None = None,
    article_id: int | None = None,
) -> None:
    """A visit failed: try again later and later, at last not at all.

    `cause` is the same for all faults of its kind, `error` tells this one. `article_id` is what could be
    archived of it all the same.
    """
    failures = connection.execute(
        select(crawl_urls.c.failures).where(crawl_urls.c.url == visit.url)
    ).scalar_one_or_none()
    before = failures or 0
    pause = min(FIRST_PAUSE * 2**before, LONGEST_PAUSE)
    pause = max(pause, timedelta(seconds=retry_after or 0))
    again = None if before + 1 >= ATTEMPTS else now + pause
    values = {
        "failures": before + 1,
        "cause": cause,
        "last_error": error,
        "next_visit_at": again,
    }
    if article_id is not None:
        values["article_id"] = article_id
    _write(connection, source, visit, values, now)


def keep_alone(
    connection: Connection, source: str, visit: Visit, page: Page, now: datetime, cause: str
) -> None:
    """Keep a page of which no article was made, in place of an earlier one; only news bring us back."""
    earlier = connection.execute(
        select(crawl_urls.c.page_id).where(crawl_urls.c.url == visit.url)
    ).scalar_one_or_none()
    kept = keep_page(connection, page)
    values = {
        "etag": visit.etag,
        "last_modified": visit.last_modified,
        "status": 304,
        "fetched_at": now,
        "next_visit_at": None,
        "failures": 0,
        "cause": cause,
        "last_error": None,
        "page_id": kept,
    }
    _write(connection, source, visit, values, now)
    if earlier is not None:
        connection.execute(delete(pages).where(pages.c.id == earlier))


@dataclass(frozen=True, slots=True)
class Fault:
    """Addresses of one kind that failed for one cause at their last visit; `url` is one of them."""

    kind: str
    cause: str
    count: int
    url: str


def faults(connection: Connection) -> dict[str, list[Fault]]:
    """What fails now, by newspaper: entry pages first, then the most frequent cause."""
    columns = crawl_urls.c
    rows = connection.execute(
        select(columns.source, columns.kind, columns.cause, func.count(), func.min(columns.url))
        .where(columns.cause.is_not(None))
        .group_by(columns.source, columns.kind, columns.cause)
    )
    found: dict[str, list[Fault]] = {}
    for source, *fields in rows:
        found.setdefault(source, []).append(Fault(*fields))
    for one in found.values():
        one.sort(key=lambda fault: (fault.kind == "article", -fault.count, fault.url))
    return found
