"""What the archive owes to PostgreSQL: limits of time, and a server that goes away and comes back."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from diembao.archive import sources
from diembao.archive.engine import MIGRATION, RESOLUTION, Archive, lock
from diembao.archive.migration import open_archive
from diembao.archive.schema import sources as source_table
from diembao.source import Source
from tests.servers.postgresql_cluster import Cluster

pytestmark = pytest.mark.needs_postgresql


def paper(name: str) -> Source:
    return Source(name=name, title=f"Báo {name}", domain=f"{name}.example")


def limit(archive: Archive, name: str) -> str:
    with archive.read() as connection:
        return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())


def test_nothing_may_hang_for_good_and_the_url_may_say_how_long(postgresql_url: str) -> None:
    archive = Archive(postgresql_url)
    assert limit(archive, "statement_timeout") == "2min"
    assert limit(archive, "lock_timeout") == "30s"
    assert limit(archive, "idle_in_transaction_session_timeout") == "5min"
    archive.close()
    other = Archive(f"{postgresql_url}?options=-c%20statement_timeout%3D7000")
    assert limit(other, "statement_timeout") == "7s"
    other.close()


def test_the_driver_need_not_be_named(postgresql_url: str) -> None:
    archive = Archive(postgresql_url.replace("postgresql+psycopg://", "postgresql://"))
    assert limit(archive, "client_encoding") == "UTF8"
    archive.close()


def test_who_waits_too_long_for_a_lock_is_told_so(postgresql_url: str) -> None:
    archive = Archive(f"{postgresql_url}?options=-c%20lock_timeout%3D100")
    with archive.write() as first:
        lock(first, RESOLUTION)
        with pytest.raises(OperationalError, match="lock timeout"), archive.write() as second:
            lock(second, RESOLUTION)
    archive.close()


def test_a_process_that_stands_still_in_a_transaction_lets_the_others_on(
    postgresql_url: str,
) -> None:
    archive = Archive(f"{postgresql_url}?options=-c%20idle_in_transaction_session_timeout%3D200")
    other = Archive(postgresql_url)

    def stand_still() -> None:
        with archive.write() as still:
            lock(still, RESOLUTION)
            with other.write() as connection:
                lock(connection, RESOLUTION)  # given once the server has ended the other's session
            still.execute(text("SELECT 1"))

    with pytest.raises(OperationalError):
        stand_still()
    assert limit(archive, "server_encoding") == "UTF8"  # on a new connection
    archive.close()
    other.close()


def test_a_migration_takes_the_time_that_it_takes(bare_postgresql_url: str) -> None:
    short = "-c%20statement_timeout%3D1000%20-c%20lock_timeout%3D100"
    made = Archive(bare_postgresql_url)
    with made.write() as connection:
        lock(connection, MIGRATION)
        opened: list[Archive] = []
        waiting = threading.Thread(
            target=lambda: opened.append(open_archive(f"{bare_postgresql_url}?options={short}"))
        )
        waiting.start()
        waiting.join(0.5)  # five times as long as a lock may be waited for
        assert waiting.is_alive()
    waiting.join(60)
    (archive,) = opened
    with archive.read() as reading:
        assert reading.execute(select(func.count()).select_from(source_table)).scalar_one() == 0
    archive.close()
    made.close()


@pytest.mark.needs_own_postgresql
def test_a_server_that_was_killed_is_used_again_once_it_is_back(
    own_postgresql: Cluster,
) -> None:
    archive = open_archive(own_postgresql.url)
    with archive.write() as connection:
        sources.save(connection, [paper("a")])
    own_postgresql.kill()
    with pytest.raises(OperationalError), archive.write() as connection:
        sources.save(connection, [paper("b")])
    own_postgresql.start()
    with archive.write() as connection:
        sources.save(connection, [paper("c")])
    with archive.read() as connection:
        assert [one.source.name for one in sources.health(connection)] == ["a", "c"]
    archive.close()


@pytest.mark.needs_own_postgresql
def test_a_server_that_is_killed_within_a_transaction_keeps_none_of_it(
    own_postgresql: Cluster,
) -> None:
    archive = open_archive(own_postgresql.url)

    def write() -> None:
        with archive.write() as connection:
            sources.save(connection, [paper("a")])
            own_postgresql.kill()

    with pytest.raises(OperationalError):
        write()
    own_postgresql.start()
    with archive.read() as connection:
        assert sources.health(connection) == []
    archive.close()
