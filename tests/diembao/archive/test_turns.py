"""Writers of one archive get their turn, and a reader sees one moment of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from diembao.archive import engine
from diembao.archive.migration import open_archive

if TYPE_CHECKING:
    from pathlib import Path

    from diembao.archive.engine import Archive

STORY = text("INSERT INTO stories (created_at) VALUES ('2024-01-01')")


def test_writers_wait_for_their_turn(archive: Archive) -> None:
    def write() -> None:
        for _ in range(10):
            with archive.write() as connection:
                connection.execute(text("INSERT INTO stories (created_at) VALUES ('2024-01-01')"))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with archive.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM stories")).scalar_one() == 40


def test_what_is_written_meanwhile_is_not_seen_until_the_next_reading(archive: Archive) -> None:
    count = text("SELECT count(*) FROM stories")
    with archive.read() as reading:
        assert reading.execute(count).scalar_one() == 0
        with archive.write() as writing:
            writing.execute(STORY)
        assert reading.execute(count).scalar_one() == 0
    with archive.read() as reading:
        assert reading.execute(count).scalar_one() == 1


def test_a_writer_of_sqlite_gives_up_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = open_archive(f"sqlite:///{tmp_path / 'archive.db'}")
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    with (
        archive.write(),
        pytest.raises(OperationalError, match="locked"),
        archive.write(),
    ):
        pytest.fail("two writers at once")
    with archive.write() as connection:
        assert connection.in_transaction()
    archive.close()
