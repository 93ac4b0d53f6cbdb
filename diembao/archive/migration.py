"""Opening the archive with its tables brought up to this release.

Alembic's steps live in `migrations/versions/`. Any number of processes may open an archive at once:
one of them migrates, the others wait. `python -m diembao.archive.migrations MESSAGE` writes the step
that leads from the migrations to `schema.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from diembao.archive.engine import MIGRATION, Archive, lock, wait_as_long_as_it_takes
from diembao.errors import BadInputError

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCRIPTS = "diembao.archive:migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, which acts on the connection given."""
    alembic = Config(attributes={"connection": connection})
    alembic.set_main_option("script_location", SCRIPTS)
    return alembic


def open_archive(url: str) -> Archive:
    """The archive at a SQLAlchemy URL, made or migrated as needed.

    Raises BadInputError if a newer release wrote it.
    """
    archive = Archive(url)
    try:
        _migrate(archive)
    except BaseException:
        archive.close()
        raise
    return archive


def _migrate(archive: Archive) -> None:
    scripts = ScriptDirectory.from_config(config())
    if _revision(archive) == scripts.get_current_head():
        return
    with archive.write() as connection:
        wait_as_long_as_it_takes(connection)
        lock(connection, MIGRATION)
        current = MigrationContext.configure(connection).get_current_revision()
        if current not in {None, *(step.revision for step in scripts.walk_revisions())}:
            name = archive.engine.url.render_as_string(hide_password=True)
            raise BadInputError(
                f"Kho lưu trữ {name} do bản diembao mới hơn tạo ra; hãy nâng cấp diembao "
                f"(a newer diembao wrote this archive: upgrade diembao)."
            )
        command.upgrade(config(connection), "head")


def _revision(archive: Archive) -> str | None:
    with archive.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()
