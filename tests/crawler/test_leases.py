"""One newspaper is one process's at a time: crawls, walks and workers never meet there."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from crawler.declarations import Declaration
from crawler.run import ELSEWHERE, CrawlReport, crawl_once
from diembao.archive import sources
from diembao.archive.engine import Archive
from diembao.archive.schema import articles
from diembao.archive.schema import sources as source_table
from diembao.settings import Settings

SITE = "mau-kinhbac"
PAST = datetime(2020, 1, 1, tzinfo=UTC)


def collected(archive: Archive) -> list[str]:
    with archive.read() as conn:
        return sorted(conn.execute(select(articles.c.canonical_url)).scalars())


def held_by(archive: Archive) -> str | None:
    with archive.read() as conn:
        holder = select(source_table.c.leased_by).where(source_table.c.name == SITE)
        return conn.execute(holder).scalar_one()


@pytest.mark.parametrize("since", [(PAST, PAST), (PAST, None), (None, None)])
def test_two_at_once_ask_for_no_article_twice(
    press: Any,
    archive: Archive,
    declared: dict[str, Declaration],
    hurried: Settings,
    since: tuple[datetime | None, datetime | None],
) -> None:
    chosen = hurried.model_copy(update={"lease": 0.6})
    only = {SITE: declared[SITE]}
    reports: list[CrawlReport] = []

    def run(day: datetime | None) -> None:
        reports.append(crawl_once(archive, only, chosen, since=day))

    running = [threading.Thread(target=run, args=(day,)) for day in since]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    assert len(reports) == 2
    wanted = [one for one in press.articles if one.site == SITE]
    assert collected(archive) == sorted(one.url for one in wanted)
    asked = Counter(request.path for request in press.fetched(SITE))
    assert {asked[one.path] for one in wanted} == {1}
    assert held_by(archive) is None


def test_what_a_living_process_holds_is_left_to_it(
    press: Any, archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> None:
    with archive.write() as conn:
        sources.save(conn, [declared[SITE].source])
        assert sources.lease(conn, SITE, "crawl@khác", datetime.now(UTC), 1.0) is None
    done = threading.Event()

    def renew() -> None:
        while not done.wait(0.1):
            with archive.write() as conn:
                sources.renew(conn, [SITE], "crawl@khác", datetime.now(UTC), 1.0)

    alive = threading.Thread(target=renew)
    alive.start()
    report = crawl_once(archive, {SITE: declared[SITE]}, hurried)
    done.set()
    alive.join()
    assert report.causes == {ELSEWHERE: 1}
    assert not press.fetched(SITE)
    assert held_by(archive) == "crawl@khác"


def test_what_a_dead_process_left_is_waited_for(
    press: Any, archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> None:
    with archive.write() as conn:
        sources.save(conn, [declared[SITE].source])
        sources.lease(conn, SITE, "crawl@chết", datetime.now(UTC), 0.5)
    report = crawl_once(archive, {SITE: declared[SITE]}, hurried)
    assert report.new == sum(one.site == SITE for one in press.articles)


def test_a_walk_lets_the_days_crawl_go_first_and_goes_on(
    press: Any, archive: Archive, declared: dict[str, Declaration], hurried: Settings
) -> None:
    own = declared[SITE]
    short = hurried.model_copy(update={"crawl_shortest": 0.3, "crawl_longest": 3600.0})
    with archive.write() as conn:
        sources.save(conn, [own.source])
        past = datetime.now(UTC) - timedelta(days=1)
        conn.execute(update(source_table).values(next_crawl_at=past))
    press.misbehave(SITE, "", lambda reply, *_: replace(reply, delay=0.05))
    report = crawl_once(archive, {SITE: own}, short, since=PAST)
    assert collected(archive) == sorted(one.url for one in press.articles if one.site == SITE)
    assert report.failed == 0
    assert held_by(archive) is None
    with archive.read() as conn:  # the day's crawl came in between
        assert conn.execute(select(source_table.c.last_success_at)).scalar_one()
