"""Writers of one SQLite archive wait for one another and all get their turn."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from diembao.archive import engine

if TYPE_CHECKING:
    from diembao.archive.engine import Archive


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


def test_a_writer_gives_up_in_the_end(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    with (
        archive.write(),
        pytest.raises(OperationalError, match="locked"),
        archive.write(),
    ):
        pytest.fail("two writers at once")
    with archive.write() as connection:
        assert connection.in_transaction()
