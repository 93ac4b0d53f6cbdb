"""A newspaper's archive, walked backwards to a date.

Sitemaps and their parts are read whole back to the date, listing pages one after another for as long as
they show articles that were not seen before and are not all older. What was read is marked in the
archive in the same transaction as the articles that it announced, so a walk that was stopped goes on
where it was. A further page is asked for only when no article waits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import CloseSpider

from crawler.discovery import listings, sitemaps
from crawler.spider import NewspaperSpider
from diembao.archive import crawl
from diembao.archive.crawl import ARTICLE, LISTING, SITEMAP, Visit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from datetime import datetime

    from scrapy import Request
    from scrapy.http import Response

    from crawler.declarations import Listing
    from crawler.discovery.listed import Listed
    from crawler.fetching import FetchedPage

LAST = -10
"""Priority of a further listing page: below that of articles."""

MOST_PAGES = 5000
"""Pages of one listing at most."""

_MONTH = re.compile(r"(20\d\d)[-_/]?(0?[1-9]|1[0-2])(?!\d)")


class ArchiveSpider(NewspaperSpider):
    """Walks one newspaper back to `since`; stops at `until`, calling `on_stop`, where it is not there yet."""

    name = "archive"

    def __init__(
        self,
        *args: Any,
        since: datetime,
        until: datetime,
        on_stop: Callable[[datetime], object],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.since = since
        self.until = until
        self.on_stop = on_stop
        self._pages: dict[str, tuple[Listing, int]] = {}
        self._seen: dict[str, set[str]] = {}
        self._before: dict[str, list[str]] = {}

    async def start(self) -> AsyncIterator[Any]:
        """The sitemaps and first listing pages anew, then what an earlier walk left waiting."""
        for address in self.declaration.sitemaps:
            for request in self._ask(Visit(address, SITEMAP)):
                yield request
        for listing in self.declaration.listings:
            for request in self._page(listing, 1):
                yield request
        with self.archive.read() as conn:
            waiting = crawl.due(conn, self.declaration.name, SITEMAP, self.clock())
            waiting += crawl.due(conn, self.declaration.name, ARTICLE, self.clock())
        for visit in waiting:
            for request in self._ask(visit):
                yield request

    def _take(self, response: Response, visit: Visit) -> Iterator[Request]:
        if self.clock() >= self.until:  # what is dropped here is due still
            self.on_stop(self.until)
            raise CloseSpider("the day's crawl is due")
        _, number = self._pages.get(visit.url, (None, 0))
        if response.status in (404, 410) and number > 1:  # the end of a listing
            with self.archive.write() as conn:
                crawl.walked(conn, self.declaration.name, visit, self.since, self.clock())
            self.report.fetched += 1
            return
        yield from super()._take(response, visit)

    def _discover(self, page: FetchedPage, visit: Visit) -> Iterator[Request]:
        if visit.kind == SITEMAP:
            yield from self._walk_sitemap(page, visit)
        else:
            yield from self._walk_listing(page, visit)

    def _walk_sitemap(self, page: FetchedPage, visit: Visit) -> Iterator[Request]:
        found, further, whole = sitemaps.read(page.body, page.url, self.zone)
        parts = self._wanted_sitemaps(further, page.url)
        if not whole:
            self.report.causes["sitemap bị cắt ngang (sitemap cut off)"] += 1
        yield from self._record(found, visit, page.url, is_done=whole)
        with self.archive.read() as conn:
            done = crawl.walked_to(conn, list(parts), self.since)
        for address, dated in parts.items():
            if address not in done:
                yield from self._ask(Visit(address, SITEMAP, dated=dated))

    def _walk_listing(self, page: FetchedPage, visit: Visit) -> Iterator[Request]:
        listing, number = self._pages[visit.url]
        found = listings.read(page)
        shown = set(self._wanted(found, LISTING, page.url, self.clock()))
        seen = self._seen.setdefault(listing.url, set())
        with self.archive.read() as conn:
            dates = crawl.article_dates(conn, self._before.get(listing.url, ()))
        is_past = bool(dates) and max(dates) < self.since
        if is_past or not shown - seen:
            return
        yield from self._record(found, visit, page.url, is_done=True)
        seen |= shown
        self._before[listing.url] = sorted(shown)
        yield from self._page(listing, number + 1)

    def _record(
        self, found: Sequence[Listed], visit: Visit, base: str, *, is_done: bool
    ) -> Iterator[Request]:
        now, name = self.clock(), self.declaration.name
        announced = self._wanted(found, visit.kind, base, now)
        with self.archive.write() as conn:
            crawl.record(conn, name, ARTICLE, announced.items(), now, self.chosen.revisit_interval)
            if is_done:
                crawl.walked(conn, name, visit, self.since, now)
            waiting = crawl.due(conn, name, ARTICLE, now, list(announced))
        for one in waiting:
            yield from self._ask(one)

    def _page(self, listing: Listing, number: int) -> Iterator[Request]:
        """The request for a page, or for the first after it that no walk has read."""
        addresses = [listing.url]
        if number > 1:
            candidates = (listing.page(n) for n in range(number, MOST_PAGES + 1))
            addresses = [address for address in candidates if address]
        with self.archive.read() as conn:
            done = crawl.walked_to(conn, addresses, self.since) if number > 1 else set()
        for ahead, address in enumerate(addresses):
            if address not in done:
                self._pages[address] = (listing, number + ahead)
                for request in self._ask(Visit(address, LISTING)):
                    yield request.replace(priority=LAST if number > 1 else request.priority)
                return

    def _is_too_old(self, dated: datetime | None) -> bool:
        return bool(dated and dated < self.since)

    def _wanted_sitemaps(self, found: Sequence[Listed], base: str) -> dict[str, datetime | None]:
        wanted = super()._wanted_sitemaps(found, base)
        first = (self.since.astimezone(self.zone).year, self.since.astimezone(self.zone).month)
        return {url: dated for url, dated in wanted.items() if (_month(url) or first) >= first}


def _month(url: str) -> tuple[int, int] | None:
    """Year and month in a sitemap's address."""
    found = _MONTH.search(url)
    return (int(found[1]), int(found[2])) if found else None
