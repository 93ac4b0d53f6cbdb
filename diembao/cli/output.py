"""How the command line speaks: results on standard output, progress and hints on standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from diembao.errors import BadInputError
from diembao.language import say

if TYPE_CHECKING:
    from collections.abc import Iterator

console = Console(soft_wrap=True, highlight=False)
hints = Console(stderr=True, highlight=False)


def progress() -> Progress:
    """A progress bar on standard error; silent where that is no terminal."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=hints,
        disable=not sys.stderr.isatty(),
        transient=True,
    )


def files_in(paths: list[Path], suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files named, and those with one of the suffixes inside the folders named, in order.

    Raises BadInputError for a path that does not exist and a folder without such files.
    """
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p for p in path.rglob("*") if p.suffix.lower() in suffixes and p.is_file()
            )
            if not inside:
                raise BadInputError(
                    say(
                        f"Thư mục {path} không có tệp {', '.join(suffixes)} nào.",
                        f"Folder {path} holds no {', '.join(suffixes)} file.",
                    )
                )
            yield from inside
        elif path.is_file():
            yield path
        else:
            raise BadInputError(say(f"Không có tệp {path}.", f"There is no file {path}."))


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, or of standard input for `-`; BadInputError where there are none."""
    if path == Path("-"):
        if sys.stdin is None:
            raise BadInputError(say("Đầu vào chuẩn đã đóng.", "Standard input is closed."))
        yield sys.stdin.buffer
    elif path.is_dir():
        raise BadInputError(say(f"{path} là thư mục.", f"{path} is a folder."))
    elif not path.exists():
        raise BadInputError(say(f"Không có tệp {path}.", f"There is no file {path}."))
    else:
        try:
            file = path.open("rb")
        except OSError as error:
            reason = error.strerror
            raise BadInputError(
                say(f"Không đọc được {path} ({reason}).", f"Cannot read {path} ({reason}).")
            ) from error
        with file:
            yield file


def read_utf8(path: Path) -> str:
    """The text of a file, or of standard input for `-`; BadInputError where it is not UTF-8."""
    with opened(path) as file:
        raw = file.read()
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BadInputError(
            say(
                f"{path} không phải văn bản UTF-8 (byte {error.start}); hãy lưu lại bằng mã UTF-8.",
                f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8.",
            )
        ) from error
