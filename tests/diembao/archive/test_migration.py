"""Opening an archive: made, migrated, and refused when a newer release wrote it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from diembao.archive.engine import Archive
from diembao.archive.migration import config, open_archive
from diembao.archive.schema import metadata
from diembao.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path


def test_migrations_lead_to_the_schema(archive: Archive) -> None:
    # PostgreSQL has no equality of JSON, by which Alembic compares defaults.
    options = {"compare_server_default": archive.is_sqlite}
    with archive.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_many_processes_may_open_a_new_archive_at_once(either_bare_url: str) -> None:
    program = (
        "import sys; from diembao.archive.migration import open_archive; "
        "a = open_archive(sys.argv[1]); "
        "c = a.engine.connect(); print(c.exec_driver_sql('select count(*) from articles').scalar())"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, either_bare_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    ended = [process.communicate(timeout=120) for process in running]
    assert [out.strip() for out, _ in ended] == ["0"] * 6, ended


def test_an_archive_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    archive = open_archive(url)
    with archive.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    archive.close()
    with pytest.raises(BadInputError, match="mới hơn"):
        open_archive(url)


def test_opening_again_keeps_what_is_there(archive: Archive) -> None:
    with archive.write() as connection:
        connection.execute(text("INSERT INTO stories (created_at) VALUES ('2024-01-01')"))
    again = open_archive(archive.url)
    with again.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM stories")).scalar_one() == 1
    again.close()


def test_an_archive_of_the_first_release_comes_along_with_what_it_holds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'archive.db'}"
    old = Archive(url)
    with old.write() as connection:
        command.upgrade(config(connection), "0001")
        connection.execute(
            text("INSERT INTO sources (name, source, failures) VALUES ('bao', '{}', 2)")
        )
        connection.execute(
            text(
                "INSERT INTO crawl_urls (url, source, kind, discovered_at, failures) "
                "VALUES ('https://bao.example/a1.html', 'bao', 'article', '2024-12-11', 0)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO subscriptions (name, query, subject, channels, feed_token, active, created_at) "
                "VALUES ('Khen thưởng mới', '', 'event', '[]', 'x', 1, '2024-12-11')"
            )
        )
    old.close()
    archive = open_archive(url)
    with archive.read() as connection:
        assert connection.execute(text("SELECT schedule FROM subscriptions")).scalars().all() == [
            "{}"
        ]
        assert connection.execute(text("SELECT failures FROM sources")).scalars().all() == [2]
        assert connection.execute(text("SELECT page_id FROM crawl_urls")).scalars().all() == [None]
        assert (
            compare_metadata(
                MigrationContext.configure(connection, opts={"compare_server_default": True}),
                metadata,
            )
            == []
        )
    archive.close()
