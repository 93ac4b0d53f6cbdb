"""`diembao doctor`: what is well on this machine and what is not, each with the remedy."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import typer

from diembao.cli.output import console
from diembao.errors import DiembaoError
from diembao.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from diembao.settings import Settings

LEAST_DISK = 1_000_000_000
"""Bytes of free disk below which the doctor warns."""


def doctor() -> None:
    """Check this machine."""
    from diembao import settings

    chosen = settings.load()
    checks: list[tuple[str, Callable[[Settings], str]]] = [
        ("Python", _python),
        (say("Ổ đĩa", "Disk"), _disk),
        (say("Kho lưu trữ", "Archive"), _archive),
        (say("Chỉ mục", "Index"), _index),
        (say("Khai báo báo", "Declarations"), _declarations),
        (say("Bộ trích xuất", "Extractor"), _extractor),
        (say("Cổng", "Port"), _port),
    ]
    faults = 0
    for name, check in checks:
        try:
            console.print(f"[green]✓[/] {name}: {check(chosen)}")
        except DiembaoError as error:
            faults += 1
            console.print(f"[red]✗[/] {name}:", end=" ")
            console.print(str(error), markup=False)
    if faults:
        raise typer.Exit(1)


def _python(_: Settings) -> str:
    return sys.version.split()[0]


def _disk(settings: Settings) -> str:
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free
    if free < LEAST_DISK:
        raise DiembaoError(
            say(
                f"chỉ còn {free / 1e9:.1f} GB ở {place}; dọn bớt hoặc đặt DIEMBAO_HOME sang ổ khác.",
                f"only {free / 1e9:.1f} GB left at {place}; make room or set DIEMBAO_HOME to another disk.",
            )
        )
    return say(f"còn {free / 1e9:.0f} GB ở {place}", f"{free / 1e9:.0f} GB free at {place}")


def _archive(settings: Settings) -> str:
    from diembao.archive import articles, jobs
    from diembao.archive.migration import open_archive

    archive = open_archive(settings.archive_url)
    with archive.read() as conn:
        count = articles.counts(conn)
        aside = sum(failed for _, failed in jobs.counts(conn).values())
    archive.close()
    return say(
        f"{count['articles']} bài, {count['versions']} bản; {aside} việc bị để riêng",
        f"{count['articles']} articles, {count['versions']} versions; {aside} jobs set aside",
    )


def _index(settings: Settings) -> str:
    from search_api.index import open_index

    count = open_index(settings).count()
    return say(f"{count} bài", f"{count} articles")


def _declarations(settings: Settings) -> str:
    from crawler import declarations

    declared = declarations.load_all(settings)
    unchecked = sum(not declaration.checked for declaration in declared.values())
    return say(
        f"{len(declared)} báo, {unchecked} chưa kiểm tra trên mạng",
        f"{len(declared)} newspapers, {unchecked} not checked live",
    )


def _extractor(_: Settings) -> str:
    import extraction

    nlp = extraction.load()
    found = extraction.extract(nlp, "Chủ tịch UBND tỉnh tặng Bằng khen cho Hội Nông dân xã.")
    if not found.mentions:
        raise DiembaoError(
            say(
                "mô hình không đọc ra gì; cài lại diembao.",
                "the model reads nothing; install diembao again.",
            )
        )
    return extraction.EXTRACTOR


def _port(settings: Settings) -> str:
    from diembao.cli.serving import listen

    listen(settings.host, settings.port).close()
    return say(
        f"{settings.host}:{settings.port} còn trống", f"{settings.host}:{settings.port} is free"
    )
