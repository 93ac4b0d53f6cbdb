"""`diembao doctor`: what is well on this machine and what is not, each with the remedy."""

from __future__ import annotations

import shutil
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING

import typer

from diembao.cli.faults import told
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
        (say("Cấu hình", "Settings"), _settings),
        (say("Ổ đĩa", "Disk"), _disk),
        (say("Kho lưu trữ", "Archive"), _archive),
        (say("Chỉ mục", "Index"), _index),
        (say("Khai báo báo", "Declarations"), _declarations),
        (say("Thu thập", "Collection"), _collection),
        (say("Bộ trích xuất", "Extractor"), _extractor),
        (say("Cổng", "Port"), _port),
    ]
    faults = 0
    for name, check in checks:
        try:
            mark, state = "[green]✓[/]", check(chosen)
        except Exception as error:
            fault = told(error)
            if fault is None:
                raise
            mark, state = "[red]✗[/]", fault[1]
            faults += 1
        console.print(f"{mark} {name}:", end=" ")
        console.print(state, markup=False)
    if faults:
        raise typer.Exit(1)


def _python(_: Settings) -> str:
    return sys.version.split()[0]


def _settings(settings: Settings) -> str:
    from dotenv import dotenv_values

    file = settings.home / "settings.env"
    if not file.is_file():
        return say(f"mặc định; có thể đặt trong {file}", f"defaults; {file} may change them")
    known = {f"DIEMBAO_{name.upper()}" for name in (*type(settings).model_fields, "language")}
    given = dotenv_values(file, encoding="utf-8-sig", interpolate=False)
    if unknown := sorted(given.keys() - known):
        close = [*get_close_matches(unknown[0].upper(), known, 1), "docs/settings.md"][0]
        raise DiembaoError(
            say(
                f"{file} có tên không hiểu được: {', '.join(unknown)}; xem {close}.",
                f"{file} has names that mean nothing: {', '.join(unknown)}; see {close}.",
            )
        )
    return say(f"{len(given)} dòng trong {file}", f"{len(given)} lines in {file}")


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


def _collection(settings: Settings) -> str:
    from datetime import UTC, datetime

    from diembao.archive.condition import conditions
    from diembao.archive.migration import open_archive

    archive = open_archive(settings.archive_url)
    with archive.read() as conn:
        found = conditions(conn, datetime.now(UTC))
    archive.close()
    broken = {name: one.quarantine[0].fault for name, one in found.items() if one.quarantine}
    if broken:
        name, fault = min(broken.items())
        raise DiembaoError(
            say(
                f"{len(broken)} báo có bố cục bị cách ly ({name}: {fault}); xem `diembao sources`.",
                f"{len(broken)} newspapers have layouts in quarantine ({name}: {fault}); see `diembao sources`.",
            )
        )
    silent = sum(1 for one in found.values() if one.gaps and one.gaps[-1].until is None)
    return say(
        f"{len(found)} báo, {silent} báo đang không thu thập được",
        f"{len(found)} newspapers, {silent} of them not collected now",
    )


def _index(settings: Settings) -> str:
    from diembao.archive import articles, jobs
    from diembao.archive.migration import open_archive
    from search_api.index import open_index

    count = open_index(settings).count()
    archive = open_archive(settings.archive_url)
    with archive.read() as conn:
        archived = articles.counts(conn)["articles"]
        under_way = any(waiting or aside for waiting, aside in jobs.counts(conn).values())
    archive.close()
    if archived and not count and not under_way:
        raise DiembaoError(
            say(
                f"trống, mà kho có {archived} bài; chạy `diembao reindex`.",
                f"empty, while the archive holds {archived} articles; run `diembao reindex`.",
            )
        )
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
    from diembao.cli.supervisor import healthy

    if settings.port and healthy(address := f"http://{settings.host}:{settings.port}"):
        return say(f"trang đang chạy ở {address}", f"the page runs at {address}")
    listen(settings.host, settings.port).close()
    return say(
        f"{settings.host}:{settings.port} còn trống", f"{settings.host}:{settings.port} is free"
    )
