"""What the archive remembers of addresses: recorded before they are fetched, due by one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from diembao.archive import crawl
from diembao.archive.crawl import Visit
from diembao.archive.engine import Archive
from diembao.archive.schema import crawl_urls

NOW = datetime(2024, 12, 11, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://baomau.vn/a-1.html"
REVISIT = 3600.0


def record(archive: Archive, dated: datetime | None, now: datetime, *urls: str) -> int:
    with archive.write() as conn:
        announced = [(url, dated) for url in urls or (URL,)]
        return crawl.record(conn, "mau", "article", announced, now, REVISIT)


def fetched(
    archive: Archive, now: datetime, *, is_news: bool, again: datetime | None = None
) -> None:
    with archive.write() as conn:
        crawl.fetched(
            conn,
            "mau",
            Visit(URL, "article", etag='"1"'),
            now,
            is_news=is_news,
            next_visit_at=again,
        )


def due(archive: Archive, now: datetime) -> list[str]:
    with archive.read() as conn:
        return [visit.url for visit in crawl.due(conn, "mau", "article", now)]


def test_an_announced_address_is_due_until_it_was_fetched(archive: Archive) -> None:
    assert record(archive, None, NOW) == 1
    assert record(archive, None, NOW) == 0
    assert due(archive, NOW) == [URL]
    fetched(archive, NOW, is_news=True)
    assert due(archive, NOW + 1000 * HOUR) == []


def test_the_newest_come_first_and_a_thousand_at_once_are_no_matter(archive: Archive) -> None:
    old = [f"https://baomau.vn/cu-{n}.html" for n in range(1000)]
    assert record(archive, NOW - HOUR, NOW, *old, *old) == 1000
    record(archive, NOW, NOW)
    assert due(archive, NOW)[0] == URL
    with archive.read() as conn:
        among = crawl.due(conn, "mau", "article", NOW, [*old[:5], "https://baomau.vn/la.html"])
    assert sorted(visit.url for visit in among) == sorted(old[:5])


def test_what_was_kept_makes_the_next_request_conditional(archive: Archive) -> None:
    record(archive, None, NOW)
    fetched(archive, NOW, is_news=True)
    with archive.read() as conn:
        visit = crawl.get(conn, URL)
    assert visit
    assert visit.conditions == {"If-None-Match": '"1"'}


def test_a_newer_date_makes_it_due_at_once(archive: Archive) -> None:
    record(archive, NOW - HOUR, NOW)
    fetched(archive, NOW, is_news=True)
    record(archive, NOW - HOUR, NOW + HOUR / 60)
    assert due(archive, NOW + HOUR / 60) == []
    record(archive, NOW, NOW + HOUR / 60)
    assert due(archive, NOW + HOUR / 60) == [URL]


def test_a_date_that_brought_nothing_new_waits_for_the_interval(archive: Archive) -> None:
    record(archive, NOW - HOUR, NOW)
    fetched(archive, NOW, is_news=False)
    record(archive, NOW, NOW + HOUR / 2)
    assert due(archive, NOW + HOUR / 2) == []
    assert due(archive, NOW + HOUR) == [URL]


def test_a_date_before_the_first_fetch_is_no_news(archive: Archive) -> None:
    record(archive, None, NOW)
    fetched(archive, NOW, is_news=True)
    record(archive, NOW - HOUR, NOW + HOUR)
    assert due(archive, NOW + HOUR) == []


def test_failures_are_tried_again_later_and_later_and_at_last_given_up(archive: Archive) -> None:
    record(archive, NOW, NOW)
    now, pauses = NOW, []
    while due(archive, now + crawl.LONGEST_PAUSE):
        with archive.write() as conn:
            crawl.failed(conn, "mau", Visit(URL, "article"), "HTTP 500", "", now)
            again = conn.execute(select(crawl_urls.c.next_visit_at)).scalar_one()
        if again:
            pauses.append(again - now)
            now = again
    assert len(pauses) == crawl.ATTEMPTS - 1
    assert pauses == sorted(pauses)
    assert pauses[0] == crawl.FIRST_PAUSE
    record(archive, now + HOUR, now + HOUR)
    assert due(archive, now + HOUR) == [URL]  # a newer date is a reason to try once more


@pytest.mark.parametrize("asked", [7200.0, 1.0])
def test_a_newspaper_that_wants_to_be_left_alone_is(archive: Archive, asked: float) -> None:
    record(archive, None, NOW)
    with archive.write() as conn:
        crawl.failed(conn, "mau", Visit(URL, "article"), "HTTP 429", "", NOW, asked)
    wait = max(timedelta(seconds=asked), crawl.FIRST_PAUSE)
    assert due(archive, NOW + wait - timedelta(seconds=1)) == []
    assert due(archive, NOW + wait) == [URL]


def test_success_forgets_failures(archive: Archive) -> None:
    record(archive, None, NOW)
    with archive.write() as conn:
        crawl.failed(conn, "mau", Visit(URL, "article"), "HTTP 500", "", NOW)
    fetched(archive, NOW, is_news=True)
    with archive.read() as conn:
        row = conn.execute(select(crawl_urls.c.failures, crawl_urls.c.last_error)).one()
    assert tuple(row) == (0, None)


def test_an_entry_page_that_never_answered_is_remembered_with_its_error(archive: Archive) -> None:
    feed = Visit("https://baomau.vn/rss", "feed")
    with archive.write() as conn:
        crawl.failed(conn, "mau", feed, "gone", "https://baomau.vn/rss is gone.", NOW)
        row = conn.execute(select(crawl_urls)).one()
        assert (row.kind, row.failures, row.fetched_at) == ("feed", 1, None)
        assert (row.cause, row.last_error) == ("gone", "https://baomau.vn/rss is gone.")


def test_faults_are_told_by_newspaper_and_end_with_a_good_visit(archive: Archive) -> None:
    with archive.write() as conn:
        for number in range(3):
            visit = Visit(f"https://baomau.vn/a-{number}.html", "article")
            crawl.failed(conn, "mau", visit, "gone", "", NOW)
        crawl.failed(conn, "mau", Visit("https://baomau.vn/rss", "feed"), "slow", "", NOW)
        crawl.failed(conn, "khac", Visit("https://khac.vn/rss", "feed"), "slow", "", NOW)
        first = "https://baomau.vn/a-0.html"
        feed = crawl.Fault("feed", "slow", 1, "https://baomau.vn/rss")
        told = crawl.faults(conn)
        assert told["mau"] == [feed, crawl.Fault("article", "gone", 3, first)]
        assert set(told) == {"mau", "khac"}
        visit = Visit(first, "article")
        crawl.fetched(conn, "mau", visit, NOW, is_news=True, next_visit_at=None)
        assert [fault.count for fault in crawl.faults(conn)["mau"]] == [1, 2]
