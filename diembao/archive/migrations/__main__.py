"""Writes the step that leads from the migrations to `schema.py`: `... MESSAGE [REVISION]`."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from diembao.archive.migration import config, open_archive

with tempfile.TemporaryDirectory() as folder:
    archive = open_archive(f"sqlite:///{Path(folder) / 'archive.db'}")
    with archive.write() as connection:
        message, *revision = sys.argv[1:]
        command.revision(
            config(connection), message, autogenerate=True, rev_id=revision[0] if revision else None
        )
    archive.close()
