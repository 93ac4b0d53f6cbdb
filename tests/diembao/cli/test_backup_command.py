"""A backup taken while work goes on, restored elsewhere, is the same archive."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import select, text

from diembao.archive import alerts, articles
from diembao.archive.engine import Archive
from diembao.archive.migration import open_archive
from diembao.archive.schema import metadata
from diembao.article import Article, Block, BlockKind
from diembao.source import Source
from tests.servers.postgresql_cluster import programs

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
PAPER = Source(name="bao-mau", title="Báo Mẫu", domain="bao.example")

Run = Callable[..., Result]


def printed(number: int) -> Article:
    url = f"https://bao.example/{number}.html"
    block = Block(kind=BlockKind.PARAGRAPH, text=f"Tin số {number} ở xã Đồi Chè.")
    return Article(url=url, canonical_url=url, source=PAPER.name, blocks=(block,), fetched_at=NOW)


def save(archive: Archive, number: int) -> None:
    page = articles.Page(f"https://bao.example/{number}.html", NOW, {"a": "b"}, b"<p>\xff" * 50)
    with archive.write() as connection:
        articles.save(connection, PAPER, printed(number), page, NOW)


def rows(archive: Archive) -> dict[str, list[Any]]:
    with archive.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in metadata.sorted_tables
        }


@pytest.fixture
def office(
    home: Path, either_archive_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Archive]:
    """The archive that the command line works on, with a few articles and a saved search."""
    monkeypatch.setenv("DIEMBAO_ARCHIVE", either_archive_url)
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    archive = open_archive(either_archive_url)
    for number in range(20):
        save(archive, number)
    with archive.write() as connection:
        alerts.create_subscription(
            connection, name="Xã Đồi Chè", query="đồi chè", subject="story", channels=[], now=NOW
        )
    yield archive
    archive.close()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, office: Archive, tmp_path: Path) -> str:
    """The URL of an archive of the same kind that is not there yet."""
    if office.is_sqlite:
        return f"sqlite:///{tmp_path / 'elsewhere' / 'archive.db'}"
    url: str = request.getfixturevalue("bare_postgresql_url")
    return url


def test_what_was_backed_up_is_what_is_restored(
    run: Run, home: Path, office: Archive, empty_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (home / "sources").mkdir(parents=True)
    (home / "sources" / "bao-nha.toml").write_text("name = 'bao-nha'\n", encoding="utf-8")
    (home / "settings.env").write_text("DIEMBAO_SMTP_HOST=thu.example\n", encoding="utf-8")
    before = rows(office)
    made = run("backup", tmp_path / "bản sao")
    assert made.exit_code == 0, made.output
    monkeypatch.setenv("DIEMBAO_ARCHIVE", empty_url)
    monkeypatch.setenv("DIEMBAO_HOME", str(tmp_path / "nhà mới"))
    restored = run("restore", tmp_path / "bản sao")
    assert restored.exit_code == 0, restored.output
    assert "20 bài" in restored.output
    other = open_archive(empty_url)
    assert rows(other) == before
    save(other, 20)  # numbers go on where they stopped
    other.close()
    own = tmp_path / "nhà mới"
    assert (own / "sources" / "bao-nha.toml").read_text(encoding="utf-8") == "name = 'bao-nha'\n"
    assert (own / "settings.env").is_file()


def test_a_backup_beside_a_busy_writer_shows_one_moment(
    run: Run, office: Archive, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            save(office, 1000 + len(written))
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    made = run("backup", tmp_path / "copy")
    stop.set()
    writer.join()
    assert made.exit_code == 0, made.output
    assert written
    monkeypatch.setenv("DIEMBAO_ARCHIVE", empty_url)
    assert run("restore", tmp_path / "copy").exit_code == 0
    other = open_archive(empty_url)
    found = rows(other)
    other.close()
    assert 20 <= len(found["articles"]) <= 20 + len(written)
    assert (
        len(found["articles"])
        == len(found["versions"])
        == len(found["pages"])
        == len(found["jobs"])
    )


def test_nothing_that_is_there_is_overwritten(run: Run, office: Archive, tmp_path: Path) -> None:
    assert run("backup", tmp_path / "copy").exit_code == 0
    again = run("backup", tmp_path / "copy")
    assert again.exit_code == 1
    assert "đã có" in str(again.exception)
    into = run("restore", tmp_path / "copy")
    assert into.exit_code == 1
    assert "kho trống" in str(into.exception)
    assert len(rows(office)["articles"]) == 20


def test_a_backup_of_an_older_release_comes_up_to_this_one(
    run: Run, office: Archive, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    from diembao.archive.migration import config

    old = tmp_path / "old"
    old.mkdir()
    monkeypatch.setenv("DIEMBAO_ARCHIVE", empty_url)
    first = Archive(empty_url)
    with first.write() as connection:
        command.upgrade(config(connection), "0001")
        connection.execute(
            text("INSERT INTO sources (name, source, failures) VALUES ('x', '{}', 0)")
        )
    if first.is_sqlite:
        with sqlite3.connect(old / "archive.db") as copy:
            source = sqlite3.connect(first.engine.url.database or "")
            source.backup(copy)
            source.close()
        copy.close()
    else:
        from diembao.archive.copying import copy_out

        copy_out(first, old)
    with first.write() as connection:
        for table in [*metadata.tables, "alembic_version"]:
            connection.execute(
                text(f"DROP TABLE IF EXISTS {table}" + " CASCADE" * (not first.is_sqlite))
            )
    first.close()
    restored = run("restore", old)
    assert restored.exit_code == 0, restored.output
    other = open_archive(empty_url)
    assert len(rows(other)["sources"]) == 1
    other.close()


def test_a_backup_of_the_other_kind_and_no_backup_are_refused(
    run: Run, home: Path, tmp_path: Path
) -> None:
    assert "Không có thư mục" in str(run("restore", tmp_path / "none").exception)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "archive.dump").write_bytes(b"")
    assert "archive.db" in str(run("restore", tmp_path / "other").exception)
