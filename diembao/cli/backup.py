"""`diembao backup` and `restore`: all that cannot be made again, in one folder.

The folder holds the archive, the newspapers that the office declared itself, and its settings, with
whatever passwords stand there. The index is not in it: `reindex` makes it from the archive.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from diembao.cli.output import console
from diembao.errors import BadInputError
from diembao.language import say

OWN = ("sources", "settings.env")
"""What else of the home folder is kept."""


def backup(
    folder: Annotated[
        Path,
        typer.Argument(help=say("Thư mục mới cho bản sao lưu.", "A new folder for the backup.")),
    ],
) -> None:
    """Copy everything that cannot be made again, while all goes on."""
    from diembao import settings
    from diembao.archive.copying import copy_out
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    if folder.exists():
        raise BadInputError(
            say(f"{folder} đã có; hãy chọn tên khác.", f"{folder} exists; choose another name.")
        )
    # Under another name until it is whole: a backup that was broken off is never taken for one.
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    with closing(open_archive(chosen.archive_url)) as archive:
        copy = copy_out(archive, unfinished)
    _copy_own(chosen.home, unfinished)
    size = copy.stat().st_size / 1e6
    unfinished.rename(folder)
    console.print(say(f"{folder}: kho {size:.1f} MB", f"{folder}: archive of {size:.1f} MB"))


def restore(
    folder: Annotated[Path, typer.Argument(help=say("Thư mục sao lưu.", "Folder of the backup."))],
) -> None:
    """Fill an empty archive from a backup."""
    from diembao import settings
    from diembao.archive.copying import copy_in
    from diembao.archive.migration import open_archive

    chosen = settings.load()
    if not folder.is_dir():
        raise BadInputError(say(f"Không có thư mục {folder}.", f"There is no folder {folder}."))
    with closing(open_archive(chosen.archive_url)) as archive:
        count = copy_in(archive, folder)
    open_archive(chosen.archive_url).close()  # a backup of an older release comes up to this one
    _copy_own(folder, chosen.home, keep=True)
    console.print(
        say(
            f"Đã khôi phục {count} bài; chạy `diembao reindex` để tìm được chúng.",
            f"Restored {count} articles; run `diembao reindex` so that they can be found.",
        )
    )


def _copy_own(source: Path, target: Path, *, keep: bool = False) -> None:
    """Copy the office's own files; with `keep`, none that is there already."""
    for path in (path for name in OWN for path in (source / name, *(source / name).rglob("*"))):
        copy = target / path.relative_to(source)
        if path.is_file() and not (keep and copy.exists()):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
