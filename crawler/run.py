"""Running crawls: once over all newspapers, or again and again for those that are due.

Scrapy runs in a thread of its own (`reactor`); each newspaper is a crawl of its own there, so that none can
stop or delay another. Callers stay in their thread. A newspaper is one process's at a time: whoever crawls
it holds its lease. A walk through an archive goes in stretches and lets the day's crawl go first.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerRunner
from sqlalchemy.exc import OperationalError

from crawler.reactor import submit
from crawler.report import CrawlReport, SourceReport
from crawler.scrapy_settings import scrapy_settings
from crawler.spider import NewspaperSpider
from crawler.walking import ArchiveSpider
from diembao.archive import sources
from diembao.errors import BadInputError, DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future

    from crawler.declarations import Declaration
    from diembao.archive.engine import Archive
    from diembao.settings import Settings

__all__ = ["CrawlReport", "SourceReport", "crawl_once", "run_worker"]

log = logging.getLogger("diembao.crawler")

ELSEWHERE = "một tiến trình khác đang thu thập báo này (another process is collecting it)"


def crawl_once(
    archive: Archive,
    declarations: Mapping[str, Declaration],
    settings: Settings,
    *,
    only: Sequence[str] | None = None,
    since: datetime | None = None,
    on_progress: Callable[[CrawlReport], None] | None = None,
) -> CrawlReport:
    """Crawl every declared newspaper once, or `only` some; with `since`, backwards through its archive.

    Raises BadInputError for unknown names.
    """
    if unknown := sorted(set(only or ()) - set(declarations)):
        raise BadInputError(
            f"Không có báo nào tên {', '.join(unknown)} (no newspaper of that name)."
        )
    chosen = [declarations[name] for name in (only or declarations)]
    with archive.write() as conn:
        sources.save(conn, (declaration.source for declaration in chosen))
    report = CrawlReport({declaration.name: SourceReport() for declaration in chosen})
    room = asyncio.Semaphore(_newspapers_at_once(settings))
    worker = f"once@{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
    crawls = {
        one.name: submit(
            _crawl_alone(archive, one, settings, report.sources[one.name], room, worker, since)
        )
        for one in chosen
    }
    try:
        _wait_for(crawls, archive, settings, worker, lambda: on_progress and on_progress(report))
    finally:
        with archive.write() as conn:
            sources.release(conn, worker)
    if on_progress:
        on_progress(report)
    return report


def run_worker(
    archive: Archive,
    declarations: Mapping[str, Declaration],
    settings: Settings,
    worker_name: str,
    should_stop: Callable[[], bool],
    declared_since: Callable[[], Mapping[str, Declaration]] = dict,
) -> None:
    """Crawl whatever is due until told to stop, and keep the leases of what is being crawled.

    It takes no more than it can soon begin, so that other machines have their share. `declared_since`
    is asked for the declaration of a newspaper that was added after the start; one that is declared
    only on other machines is left to them.
    """
    known = dict(declarations)
    with archive.write() as conn:
        sources.save(conn, (declaration.source for declaration in declarations.values()))
    most = _newspapers_at_once(settings)
    room = asyncio.Semaphore(most)
    running: dict[str, Future[None]] = {}
    strange: dict[str, datetime] = {}
    while not should_stop():
        now = datetime.now(UTC)
        strange = {name: until for name, until in strange.items() if until > now}
        try:
            for name in [name for name, crawl in running.items() if crawl.done()]:
                running.pop(name).result()
            with archive.write() as conn:
                sources.renew(conn, list(running), worker_name, now, settings.lease)
                sources.release(conn, worker_name, strange)
                due = sources.lease_due(
                    conn, now, worker_name, settings.lease, settings.crawl_interval,
                    limit=2 * most - len(running), but=strange,
                )  # fmt: skip
        except OperationalError as error:
            log.warning("kho đang bận, thử lại sau (the archive is out of reach): %s", error)
            due = []
        if any(source.domain and source.name not in known for source in due):
            known |= _declared(declared_since)
        for source in due:
            declaration = known.get(source.name)
            if declaration is None:
                strange[source.name] = now + timedelta(seconds=settings.lease)
            elif source.name not in running:
                running[source.name] = submit(
                    _crawl(archive, declaration, settings, SourceReport(), room, worker_name)
                )
        _wait(settings.idle, should_stop)
    with archive.write() as conn:
        sources.release(conn, worker_name)


def _declared(ask: Callable[[], Mapping[str, Declaration]]) -> Mapping[str, Declaration]:
    try:
        return ask()
    except DeclarationError as error:
        log.warning("khai báo mới có lỗi (a new declaration is wrong): %s", error)
        return {}


def _wait(seconds: float, should_stop: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not should_stop() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))


def _newspapers_at_once(settings: Settings) -> int:
    return max(1, settings.crawl_concurrency // settings.crawl_per_newspaper)


def _wait_for(
    crawls: Mapping[str, Future[None]],
    archive: Archive,
    settings: Settings,
    worker: str,
    tell: Callable[[], object],
) -> None:
    """Wait until all crawls are done, keeping their newspapers' leases; the first fault is raised."""
    renewed = time.monotonic()
    while waiting := [name for name, crawl in crawls.items() if not crawl.done()]:
        tell()
        time.sleep(0.05)
        if time.monotonic() - renewed > settings.lease / 4:
            renewed = time.monotonic()
            with archive.write() as conn:
                sources.renew(conn, waiting, worker, datetime.now(UTC), settings.lease)
    for crawl in crawls.values():
        crawl.result()


async def _crawl_alone(
    archive: Archive,
    declaration: Declaration,
    settings: Settings,
    report: SourceReport,
    room: asyncio.Semaphore,
    worker: str,
    since: datetime | None,
) -> None:
    """Crawl a newspaper, or walk through its archive, once no other process does."""
    if not await _taken(archive, declaration.name, settings, worker):
        report.causes[ELSEWHERE] += 1
        return
    while since is not None:
        if await _walk(archive, declaration, settings, report, room, since):
            return
        await _crawl(archive, declaration, settings, report, room, worker)
        if not await _taken(archive, declaration.name, settings, worker):
            report.causes[ELSEWHERE] += 1
            return
    await _crawl(archive, declaration, settings, report, room, worker)


async def _taken(archive: Archive, name: str, settings: Settings, worker: str) -> bool:
    """Whether the lease of a newspaper could be had; one that a dead process left is waited for."""
    first: datetime | None = None
    while True:
        with archive.write() as conn:
            until = sources.lease(conn, name, worker, datetime.now(UTC), settings.lease)
        if until is None:
            return True
        first = first or until
        if until > first:  # its holder is alive
            return False
        await asyncio.sleep(0.2)


async def _walk(
    archive: Archive,
    declaration: Declaration,
    settings: Settings,
    report: SourceReport,
    room: asyncio.Semaphore,
    since: datetime,
) -> bool:
    """Walk through a newspaper's archive until the day's crawl is due; whether it came to its end."""
    now = datetime.now(UTC)
    with archive.read() as conn:
        due = sources.next_crawl(conn, declaration.name)
    soonest = now + timedelta(seconds=settings.crawl_shortest)
    until = max(due, soonest) if due else now + timedelta(seconds=settings.crawl_longest)
    stopped: list[datetime] = []
    async with room:
        await _run(
            ArchiveSpider, archive, declaration, settings, report,
            since=since, until=until, on_stop=stopped.append,
        )  # fmt: skip
    return not stopped


async def _crawl(
    archive: Archive,
    declaration: Declaration,
    settings: Settings,
    report: SourceReport,
    room: asyncio.Semaphore,
    worker: str,
) -> None:
    """Crawl one newspaper and settle it, whatever happens there."""
    async with room:
        error = await _run(NewspaperSpider, archive, declaration, settings, report) or report.error
        with archive.write() as conn:
            now = datetime.now(UTC)
            interval = settings.crawl_interval or sources.rhythm(
                conn, declaration.name, now, settings.crawl_shortest, settings.crawl_longest
            )
            sources.finish(conn, declaration.name, now, interval, error, worker)


async def _run(
    spider: type[NewspaperSpider],
    archive: Archive,
    declaration: Declaration,
    settings: Settings,
    report: SourceReport,
    **further: Any,
) -> str | None:
    """Run a spider; what broke it, if anything did."""
    runner = AsyncCrawlerRunner(scrapy_settings(settings))
    try:
        await runner.crawl(spider, declaration, archive, settings, report, **further)
    except Exception as fault:  # a newspaper never stops the others
        log.exception("%s", declaration.name)
        error = f"{type(fault).__name__}: {fault}"
        report.causes[error] += 1
        return error
    return None
