"""Newspapers: kept as declared, leased when due, in good health or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from diembao.archive import sources
from diembao.archive.schema import articles as article_table

if TYPE_CHECKING:
    from datetime import datetime

    from diembao.archive.engine import Archive

INTERVAL = 900.0


def due(archive: Archive, at: datetime, interval: float = INTERVAL, worker: str = "w") -> list[str]:
    with archive.write() as connection:
        return [s.name for s in sources.lease_due(connection, at, worker, 60, interval)]


def finish(archive: Archive, name: str, at: datetime, error: str | None = None) -> None:
    with archive.write() as connection:
        sources.finish(connection, name, at, INTERVAL, error)


def test_a_declaration_replaces_what_was_known(archive: Archive, desk: Any, now: datetime) -> None:
    with archive.write() as connection:
        sources.save(connection, [desk.source("a"), desk.source("b")])
    finish(archive, "a", now)
    with archive.write() as connection:
        sources.save(connection, [desk.source("a", province="ha-noi")])
        found = sources.get(connection, "a")
        assert sources.get(connection, "c") is None
        state = {health.source.name: health.last_crawl_at for health in sources.health(connection)}
    assert found is not None
    assert found.province == "ha-noi"
    assert state == {"a": now, "b": None}


def test_a_newspaper_is_leased_once_and_again_after_its_interval(
    archive: Archive, desk: Any, now: datetime
) -> None:
    with archive.write() as connection:
        sources.save(connection, [desk.source("a"), desk.source("b")])
    assert due(archive, now) == ["a", "b"]
    assert due(archive, now, worker="other") == []
    finish(archive, "a", now)
    assert due(archive, now + timedelta(seconds=61), worker="other") == ["b"]
    finish(archive, "b", now)
    assert due(archive, now + timedelta(seconds=899)) == []
    assert due(archive, now + timedelta(seconds=900)) == ["a", "b"]


def test_a_failing_newspaper_rests_longer(archive: Archive, desk: Any, now: datetime) -> None:
    with archive.write() as connection:
        sources.save(connection, [desk.source("a")])
    finish(archive, "a", now, "503")
    finish(archive, "a", now, "503")
    assert due(archive, now + timedelta(seconds=4 * INTERVAL - 1)) == []
    with archive.read() as connection:
        (health,) = sources.health(connection)
    assert (health.failures, health.last_error) == (2, "503")
    assert due(archive, now + timedelta(seconds=4 * INTERVAL)) == ["a"]
    finish(archive, "a", now)
    with archive.read() as connection:
        (health,) = sources.health(connection)
    assert (health.failures, health.last_error) == (0, None)


def test_a_shorter_interval_holds_at_once(archive: Archive, desk: Any, now: datetime) -> None:
    with archive.write() as connection:
        sources.save(connection, [desk.source("a")])
    finish(archive, "a", now)
    assert due(archive, now + timedelta(seconds=10)) == []
    assert due(archive, now + timedelta(seconds=10), interval=10) == ["a"]


def test_health_counts_articles_and_knows_the_latest(
    archive: Archive, desk: Any, now: datetime
) -> None:
    desk.save("A\nB", source="a")
    desk.save("C\nD", source="a")
    with archive.read() as connection:
        (health,) = sources.health(connection)
    assert (health.articles, health.last_article_at) == (2, now)


@pytest.mark.parametrize(
    ("articles_in_a_week", "seconds"),
    [(0, 21600), (7, 21600), (28, 10800), (336, 900), (1008, 300), (1500, 300)],
)
def test_the_rhythm_is_half_of_what_lies_between_two_articles(
    archive: Archive, desk: Any, now: datetime, articles_in_a_week: int, seconds: float
) -> None:
    with archive.write() as conn:
        sources.save(conn, [desk.source("a"), desk.source("b")])
        rows = [
            {
                "canonical_url": f"https://a.example/{number}", "source": name, "version": 1,
                "title": "", "date": now - age, "first_seen_at": now,
            }
            for number, (name, age) in enumerate(
                [("a", timedelta(hours=1))] * articles_in_a_week
                + [("a", timedelta(days=8)), ("a", timedelta(days=-1)), ("b", timedelta(hours=1))]
            )
        ]  # fmt: skip
        conn.execute(article_table.insert(), rows)
        assert sources.rhythm(conn, "a", now, 300, 21600) == seconds


def test_without_an_interval_only_the_set_time_counts(
    archive: Archive, desk: Any, now: datetime
) -> None:
    with archive.write() as conn:
        sources.save(conn, [desk.source("a")])
    finish(archive, "a", now)
    with archive.write() as conn:
        assert sources.lease_due(conn, now + timedelta(seconds=INTERVAL - 1), "w", 60) == []
        assert sources.lease_due(conn, now + timedelta(seconds=INTERVAL), "w", 60)


def test_who_takes_a_few_takes_those_that_have_waited_longest(
    archive: Archive, desk: Any, now: datetime
) -> None:
    with archive.write() as connection:
        sources.save(connection, [desk.source(name) for name in ("a", "b", "c", "d")])
    finish(archive, "a", now)
    finish(archive, "b", now - timedelta(hours=1))
    with archive.write() as connection:
        later = now + timedelta(seconds=INTERVAL)
        taken = sources.lease_due(connection, later, "w", 60, limit=2, but=["c"])
    assert [one.name for one in taken] == ["d", "b"]
    with archive.write() as connection:
        sources.release(connection, "w", ["b"])
        assert [one.name for one in sources.lease_due(connection, later, "x", 60)] == [
            "c",
            "b",
            "a",
        ]
