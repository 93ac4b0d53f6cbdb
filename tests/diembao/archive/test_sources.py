"""Newspapers: kept as declared, leased when due, in good health or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from diembao.archive import sources

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
