"""The one spider: it crawls the newspaper that its declaration describes.

Entry pages (feeds, sitemaps, listing pages) are asked for conditionally at every crawl; what they
announce is recorded in the same transaction as their validators, then fetched. What comes of an article's
page `keeping` says. Nothing is asked for twice in a crawl.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from sqlalchemy.exc import OperationalError

from crawler import reading
from crawler.discovery import feeds, listings, sitemaps
from crawler.fetching import FetchedPage
from crawler.fetching.faults import DisallowedError, PageError, of_status
from crawler.fetching.unpacking import CUT_OFF
from crawler.keeping import Keeper
from diembao.archive import crawl
from diembao.archive.crawl import ARTICLE, FEED, LISTING, SITEMAP, Visit
from diembao.article import DateSource
from diembao.errors import DiembaoError, ReadError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.declarations import Declaration
    from crawler.discovery.listed import Listed
    from crawler.report import SourceReport
    from diembao.archive.engine import Archive
    from diembao.settings import Settings

log = logging.getLogger("diembao.crawler")

MOST_ENTRIES = 5000
"""Entry pages of one crawl at most: sitemaps that name further ones for ever end here."""
BROKE_OFF = "trang bị cắt ngang (page cut off)"
PRIORITY = {FEED: 30, SITEMAP: 20, LISTING: 10, ARTICLE: 0}


class NewspaperSpider(Spider):
    """Crawls one newspaper once, and counts in `report`."""

    name = "newspaper"

    def __init__(
        self,
        declaration: Declaration,
        archive: Archive,
        settings_: Settings,
        report: SourceReport,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self.declaration = declaration
        self.archive = archive
        self.chosen = settings_
        self.report = report
        self.clock = clock
        self.keeper = Keeper(declaration, archive, settings_, report, self._next_visit)
        self.zone = ZoneInfo(declaration.timezone)
        self._asked: set[str] = set()
        self._announced: dict[str, tuple[datetime, DateSource]] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Everything due before anything is discovered."""
        declared = self.declaration
        for kind, addresses in (
            (FEED, declared.feeds),
            (SITEMAP, declared.sitemaps),
            (LISTING, [page for listing in declared.listings for page in listing.addresses]),
        ):
            for request in self._entries(kind, addresses):
                yield request
        with self.archive.read() as conn:
            further = crawl.due(conn, declared.name, SITEMAP, self.clock())
            waiting = crawl.due(conn, declared.name, ARTICLE, self.clock())
        for visit in [*further, *waiting]:
            for request in self._ask(visit):
                yield request

    def _entries(self, kind: str, addresses: Sequence[str]) -> Iterator[Request]:
        for address in addresses:
            with self.archive.read() as conn:
                known = crawl.get(conn, address)
            yield from self._ask(known or Visit(address, kind))

    def _ask(self, visit: Visit) -> Iterator[Request]:
        if visit.url in self._asked:
            return
        self._asked.add(visit.url)
        if visit.kind != ARTICLE and self.report.entries >= MOST_ENTRIES:
            self.report.causes["quá nhiều trang danh mục (too many entry pages)"] += 1
            return
        self.report.listed += 1
        if visit.kind != ARTICLE:
            self.report.entries += 1
        yield Request(
            visit.url,
            headers=visit.conditions,
            callback=self._answered,
            errback=self._unanswered,
            cb_kwargs={"visit": visit},
            priority=PRIORITY[visit.kind],
            dont_filter=True,
        )

    def _answered(self, response: Response, visit: Visit) -> Iterator[Request]:
        try:
            yield from self._take(response, visit)
        except CloseSpider:
            raise
        except Exception as error:  # one page, however broken, never stops the newspaper
            if not isinstance(error, DiembaoError | OperationalError):
                log.exception("%s", visit.url)
            self._fail(visit, error)

    def _unanswered(self, failure: Failure) -> None:
        known = failure.request.cb_kwargs  # type: ignore[attr-defined]
        visit: Visit = known["visit"]
        error = failure.value or PageError("không rõ lý do (unknown cause)", visit.url)
        self._fail(visit, error, known.get("pages", ()))

    def _take(self, response: Response, visit: Visit) -> Iterator[Request]:
        now = self.clock()
        if response.status == 304:
            self.report.not_modified += 1
            with self.archive.write() as conn:
                again = self._next_visit(visit, visit.dated, now)
                crawl.fetched(
                    conn, self.declaration.name, visit, now, is_news=False, next_visit_at=again
                )
            return
        is_cut_off = bool(response.meta.get(CUT_OFF))
        page = _checked(response, now, may_break_off=visit.kind != ARTICLE)
        if is_cut_off:
            self.report.causes[f"{visit.kind}: {BROKE_OFF}"] += 1
            visit = Visit(visit.url, visit.kind)  # no validators: it is read again next time
        if visit.kind == ARTICLE:
            yield from self._read_on([page], _with_validators(visit, page))
        else:
            yield from self._discover(page, _with_validators(visit, page))
        self.report.fetched += 1

    def _discover(self, page: FetchedPage, visit: Visit) -> Iterator[Request]:
        found: list[Listed] = []
        further: list[Listed] = []
        whole = True
        if visit.kind == FEED:
            found = feeds.read(page.body, page.url, self.zone, page.headers.get("content-type", ""))
        elif visit.kind == SITEMAP:
            found, further, whole = sitemaps.read(page.body, page.url, self.zone)
        else:
            found = listings.read(page)
        now = self.clock()
        announced = self._wanted(found, visit.kind, page.url, now)
        sitemap_dates = self._wanted_sitemaps(further, page.url)
        if not whole:
            self.report.causes["sitemap bị cắt ngang (sitemap cut off)"] += 1
            visit = Visit(visit.url, visit.kind)  # no validators: it is read again next time
        name, again = self.declaration.name, self.chosen.revisit_interval
        with self.archive.write() as conn:
            crawl.record(conn, name, ARTICLE, announced.items(), now, again)
            crawl.record(conn, name, SITEMAP, sitemap_dates.items(), now, 0)
            at = self._next_visit(visit, None, now) if whole else now
            crawl.fetched(conn, name, visit, now, is_news=True, next_visit_at=at)
            waiting = crawl.due(conn, name, SITEMAP, now, list(sitemap_dates))
            waiting += crawl.due(conn, name, ARTICLE, now, list(announced))
        for one in waiting:
            yield from self._ask(one)

    def _wanted(
        self, found: Sequence[Listed], kind: str, base: str, now: datetime
    ) -> dict[str, datetime | None]:
        wanted: dict[str, datetime | None] = {}
        for listed in found:
            url = self.declaration.address(listed.url, base)
            if not url or not self.declaration.is_article(url):
                continue
            if kind == SITEMAP and self._is_too_old(listed.dated):
                continue
            if listed.published and kind != LISTING:
                source = DateSource.FEED if kind == FEED else DateSource.SITEMAP
                self._announced.setdefault(url, (listed.published, source))
            dated = listed.dated if listed.dated and listed.dated <= now else None
            wanted[url] = max(filter(None, (wanted.get(url), dated)), default=None)
        return wanted

    def _wanted_sitemaps(self, found: Sequence[Listed], base: str) -> dict[str, datetime | None]:
        return {
            url: listed.dated
            for listed in found
            if (url := self.declaration.address(listed.url, base))
            and self.declaration.owns(url)
            and not self._is_too_old(listed.dated)
        }

    def _is_too_old(self, dated: datetime | None) -> bool:
        days = self.declaration.horizon_days
        return bool(days and dated and dated < self.clock() - timedelta(days=days))

    def _read_on(self, pages: list[FetchedPage], visit: Visit) -> Iterator[Request]:
        """Archive the article, or first ask for its next page."""
        url = reading.following(pages)
        if url is None or not self.declaration.owns(url):
            announced = self._announced.get(visit.url)
            own = self.keeper.keep(reading.joined(pages), visit, announced, self.clock())
            self._asked.update([own] if own else [])
            return
        yield Request(
            url,
            callback=self._part_answered,
            errback=self._unanswered,
            cb_kwargs={"visit": visit, "pages": pages},
            dont_filter=True,
        )

    def _part_answered(
        self, response: Response, visit: Visit, pages: list[FetchedPage]
    ) -> Iterator[Request]:
        try:
            part = _checked(response, self.clock())
        except PageError as error:
            self._fail(visit, error, pages)
            return
        try:
            yield from self._read_on([*pages, part], visit)
        except Exception as error:  # as above
            if not isinstance(error, DiembaoError | OperationalError):
                log.exception("%s", visit.url)
            self._fail(visit, error)

    def _next_visit(self, visit: Visit, date: datetime | None, now: datetime) -> datetime | None:
        if visit.kind != ARTICLE:
            # A sitemap named by another without a date has to be looked at in every crawl.
            undated = visit.kind == SITEMAP and not visit.dated
            return now if undated and visit.url not in self.declaration.sitemaps else None
        young = date and now - date < timedelta(hours=self.chosen.revisit_hours)
        return now + timedelta(seconds=self.chosen.revisit_interval) if young else None

    def _fail(self, visit: Visit, error: BaseException, pages: Sequence[FetchedPage] = ()) -> None:
        """Count a fault and ask again later; of an article in parts keep the `pages` that came."""
        cause = error.cause if isinstance(error, PageError) else _cause(error)
        log.info("%s: %s", visit.url, error)
        if isinstance(error, DisallowedError) and visit.kind == ARTICLE:
            self.report.disallowed += 1
        else:
            self.report.causes[cause] += 1
        if visit.kind == ARTICLE:
            self.report.articles_failed += not isinstance(error, DisallowedError)
        else:
            self.report.entries_failed += 1
        if isinstance(error, OperationalError):
            return  # the archive is out of reach: the address stays due
        now = self.clock()
        later = error.retry_after if isinstance(error, PageError) else None
        article_id = self._keep_part(pages, visit, now) if pages else None
        with self.archive.write() as conn:
            crawl.failed(
                conn, self.declaration.name, visit, cause, str(error), now, later, article_id
            )

    def _keep_part(self, pages: Sequence[FetchedPage], visit: Visit, now: datetime) -> int | None:
        announced = self._announced.get(visit.url)
        try:
            return self.keeper.keep_part(reading.joined(pages), announced, now)
        except PageError:  # what came of it is no article either
            return None

    def closed(self, reason: str) -> None:  # noqa: ARG002
        """Scrapy's call at the end: keep how the readings went."""
        with self.archive.write() as conn:
            self.keeper.watch.save(conn)


def _cause(error: BaseException) -> str:
    if isinstance(error, ReadError):
        return "trang không đọc được (page unreadable)"
    return f"{type(error).__name__}"


def _checked(response: Response, now: datetime, *, may_break_off: bool = False) -> FetchedPage:
    """The page that answered. Raises PageError where it is an error page or broke off."""
    if response.status != 200:
        raise PageError(of_status(response.status), response.url)
    if response.meta.get(CUT_OFF) and not may_break_off:
        raise PageError(BROKE_OFF, response.url)
    headers = {
        name.decode("latin-1").lower(): b", ".join(response.headers.getlist(name)).decode("latin-1")
        for name in response.headers
    }
    return FetchedPage(response.url, now, headers, response.body, response.status)


def _with_validators(visit: Visit, page: FetchedPage) -> Visit:
    return Visit(
        visit.url,
        visit.kind,
        page.headers.get("etag"),
        page.headers.get("last-modified"),
        visit.fetched_at,
        visit.dated,
        visit.article_id,
    )
