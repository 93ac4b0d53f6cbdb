"""Copying an archive out whole while it is in use, and putting a copy in place of an empty one.

SQLite copies itself page by page into a file of the same kind; PostgreSQL by its own `pg_dump` and
`pg_restore`, which must be as new as the server. Either shows one moment of the archive.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from diembao.archive.schema import articles, metadata
from diembao.errors import BadInputError
from diembao.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from diembao.archive.engine import Archive

SQLITE, POSTGRESQL = "archive.db", "archive.dump"
"""Names of copies."""

STEP = 4096
"""Pages of SQLite that are copied at once; writers go on in between."""


def copy_out(archive: Archive, folder: Path) -> Path:
    """Copy the archive into a file of the folder. Raises BadInputError where a program fails."""
    if not archive.is_sqlite:
        target = folder / POSTGRESQL
        _run("pg_dump", archive, ["--format=custom", "--no-owner", f"--file={target}"])
        return target
    target = folder / SQLITE
    source = sqlite3.connect(archive.engine.url.database or "")
    with closing(source), closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=STEP)
    return target


def copy_in(archive: Archive, folder: Path) -> int:
    """Fill an empty archive from a copy; its number of articles.

    Raises BadInputError where it is not empty, or the copy is of the other kind of database.
    """
    _must_be_empty(archive)
    copy = folder / (SQLITE if archive.is_sqlite else POSTGRESQL)
    if not copy.is_file():
        raise BadInputError(
            say(
                f"{folder} không có {copy.name}: bản sao lưu này không phải của loại cơ sở dữ liệu đang dùng.",
                f"{folder} has no {copy.name}: this backup is not of the kind of database in use.",
            )
        )
    if archive.is_sqlite:
        target = sqlite3.connect(archive.engine.url.database or "")
        with closing(target), closing(sqlite3.connect(copy)) as source:
            source.backup(target)
    else:
        with archive.write() as connection:
            # The tables are empty, and the copy brings its own, of the release that wrote it.
            for table in [*metadata.tables, "alembic_version"]:
                connection.execute(text(f'DROP TABLE IF EXISTS "{table}" CASCADE'))
        _run("pg_restore", archive, ["--no-owner", "--exit-on-error", "--single-transaction", copy])
    with archive.read() as connection:
        return connection.execute(select(func.count()).select_from(articles)).scalar_one()


def _must_be_empty(archive: Archive) -> None:
    with archive.read() as connection:
        is_empty = connection.execute(select(articles.c.id).limit(1)).first() is None
    if not is_empty:
        place = archive.engine.url.render_as_string(hide_password=True)
        raise BadInputError(
            say(
                f"Kho {place} đang có bài; hãy khôi phục vào một kho trống "
                "(đặt DIEMBAO_HOME hoặc DIEMBAO_ARCHIVE khác).",
                f"The archive {place} holds articles; restore into an empty one "
                "(set another DIEMBAO_HOME or DIEMBAO_ARCHIVE).",
            )
        )


def _run(program: str, archive: Archive, options: Sequence[str | Path]) -> None:
    found = shutil.which(program)
    if found is None:
        raise BadInputError(
            say(
                f"Không tìm thấy {program}; hãy cài bộ công cụ của PostgreSQL (gói postgresql-client).",
                f"{program} was not found; install PostgreSQL's client programs (postgresql-client).",
            )
        )
    url = archive.engine.url
    # The password goes by the environment: everyone on the machine can read a command line.
    password = {"PGPASSWORD": url.password} if url.password else {}
    place = url.set(drivername="postgresql", password=None).render_as_string()
    ended = subprocess.run(
        [found, f"--dbname={place}", *options],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise BadInputError(f"{program}: {ended.stderr.strip()}")
