"""Running crawls: once over all newspapers, or again and again for those that are due.

Scrapy runs on one asyncio reactor in a thread of its own for the life of the process; each newspaper is
a crawl of its own there, so that none can stop or delay another. Callers stay in their thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.reactor import install_reactor, is_reactor_installed
from sqlalchemy.exc import OperationalError

from crawler.fetching.middlewares import PRIVATE
from crawler.report import CrawlReport, SourceReport
from crawler.spider import NewspaperSpider
from crawler.walking import ArchiveSpider
from diembao.archive import sources
from diembao.errors import BadInputError, DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from concurrent.futures import Future

    from crawler.declarations import Declaration
    from diembao.archive.engine import Archive
    from diembao.settings import Settings

__all__ = ["CrawlReport", "SourceReport", "crawl_once", "run_worker"]

log = logging.getLogger("diembao.crawler")


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
    crawls = [
        _submit(_crawl(archive, one, settings, report.sources[one.name], room, since))
        for one in chosen
    ]
    while not all(crawl.done() for crawl in crawls):
        if on_progress:
            on_progress(report)
        time.sleep(0.1)
    for crawl in crawls:
        crawl.result()
    if on_progress:
        on_progress(report)
    return report


def run_worker(
    archive: Archive,
    declarations: Mapping[str, Declaration],
    settings: Settings,
    worker_name: str,
    should_stop: Callable[[], bool],
    before_round: Callable[[], object] = lambda: None,
    declared_since: Callable[[], Mapping[str, Declaration]] = dict,
) -> None:
    """Crawl whatever is due until told to stop; `before_round` is called every `settings.idle`.

    `declared_since` is asked for the declaration of a newspaper that was added after the start.
    """
    known = dict(declarations)
    with archive.write() as conn:
        sources.save(conn, (declaration.source for declaration in declarations.values()))
    room = asyncio.Semaphore(_newspapers_at_once(settings))
    running: dict[str, Future[None]] = {}
    while not should_stop():
        try:
            before_round()
            for name in [name for name, crawl in running.items() if crawl.done()]:
                running.pop(name).result()
            with archive.write() as conn:
                now = datetime.now(UTC)
                sources.renew(conn, list(running), worker_name, now, settings.lease)
                due = sources.lease_due(
                    conn, now, worker_name, settings.lease, settings.crawl_interval
                )
        except OperationalError as error:
            log.warning("kho đang bận, thử lại sau (the archive is out of reach): %s", error)
            due = []
        if any(source.domain and source.name not in known for source in due):
            known |= _declared(declared_since)
        for source in due:
            declaration = known.get(source.name)
            if declaration and source.name not in running:
                running[source.name] = _submit(
                    _crawl(archive, declaration, settings, SourceReport(), room)
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


async def _crawl(
    archive: Archive,
    declaration: Declaration,
    settings: Settings,
    report: SourceReport,
    room: asyncio.Semaphore,
    since: datetime | None = None,
) -> None:
    """Crawl one newspaper and settle it, whatever happens there."""
    spider = (ArchiveSpider, {"since": since}) if since else (NewspaperSpider, {})
    async with room:
        runner = AsyncCrawlerRunner(_scrapy_settings(settings))
        error: str | None = None
        try:
            await runner.crawl(spider[0], declaration, archive, settings, report, **spider[1])
            error = report.error
        except Exception as fault:  # a newspaper never stops the others
            log.exception("%s", declaration.name)
            error = f"{type(fault).__name__}: {fault}"
            report.causes[error] += 1
        with archive.write() as conn:
            now = datetime.now(UTC)
            interval = settings.crawl_interval or sources.rhythm(
                conn, declaration.name, now, settings.crawl_shortest, settings.crawl_longest
            )
            sources.finish(conn, declaration.name, now, interval, error)


def _scrapy_settings(settings: Settings) -> dict[str, Any]:
    return {
        "USER_AGENT": settings.user_agent,
        "CONCURRENT_ITEMS": 1,
        "CONCURRENT_REQUESTS": settings.crawl_per_newspaper,
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.crawl_per_newspaper,
        "DOWNLOAD_DELAY": settings.crawl_delay,
        "DOWNLOAD_TIMEOUT": settings.crawl_timeout,
        "DOWNLOAD_MAXSIZE": settings.page_limit,
        "DOWNLOAD_WARNSIZE": 0,
        "HTTPERROR_ALLOW_ALL": True,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "ROBOTSTXT_OBEY": False,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "LOG_LEVEL": "WARNING",
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "DOWNLOADER_STATS": False,
        "SPIDER_MIDDLEWARES": dict.fromkeys(_SPARED),
        "EXTENSIONS": {
            "scrapy.extensions.corestats.CoreStats": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
        },
        PRIVATE: settings.private_networks,
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.fetching.middlewares.RobotsMiddleware": 100,
            "crawler.fetching.middlewares.RetryMiddleware": 550,
            "crawler.fetching.middlewares.RedirectMiddleware": 600,
        },
    }


_SPARED = (
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
    "scrapy.spidermiddlewares.referer.RefererMiddleware",
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
    "scrapy.spidermiddlewares.depth.DepthMiddleware",
)
"""Scrapy's stations that the spider has no use for, each of which every answer would pass."""

_starting = threading.Lock()


def _submit(crawl: Coroutine[Any, Any, None]) -> Future[None]:
    """Run a coroutine in the reactor's thread, which is started on first use."""
    with _starting:
        if not is_reactor_installed():
            _start_reactor()
    from twisted.internet import reactor

    loop: asyncio.AbstractEventLoop = cast("Any", reactor)._asyncioEventloop
    return asyncio.run_coroutine_threadsafe(crawl, loop)


def _start_reactor() -> None:
    started = threading.Event()

    def run() -> None:
        install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
        from twisted.internet import reactor as installed

        reactor = cast("Any", installed)
        # Its threads look host names up; the process must not wait for them when it ends.
        reactor.getThreadPool().threadFactory = _daemon
        reactor.callWhenRunning(started.set)
        reactor.run(installSignalHandlers=False)

    threading.Thread(target=run, name="reactor", daemon=True).start()
    started.wait()


def _daemon(*args: Any, **kwargs: Any) -> threading.Thread:
    thread = threading.Thread(*args, **kwargs)
    thread.daemon = True
    return thread
