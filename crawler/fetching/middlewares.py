"""The crawl's own Scrapy middlewares: robots, redirects, retries.

They differ from Scrapy's where those let through what must not pass: robots.txt that cannot be read
closes the site for now, redirects to itself are followed once, Retry-After is obeyed.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http.request import NO_CALLBACK

from crawler.fetching import network, redirects, retrying, robots
from crawler.fetching.faults import PageError, of_status
from crawler.fetching.throttle import Throttle

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.fetching.robots import Robots

PRIVATE = "DIEMBAO_PRIVATE_NETWORKS"
"""Name of the Scrapy setting that opens private networks."""

PROXY = "DIEMBAO_PROXY"
"""Name of the Scrapy setting that holds the proxy's address."""

_CAUSES: dict[type[BaseException], str] = {
    DownloadTimeoutError: "quá thời hạn (timed out)",
    CannotResolveHostError: "không tìm thấy máy chủ (host not found)",
    DownloadConnectionRefusedError: "máy chủ không nhận kết nối (connection refused)",
    DownloadFailedError: "kết nối bị ngắt (connection lost)",
    ResponseDataLossError: "trang bị cắt ngang (page cut off)",
    OSError: "lỗi kết nối (connection failed)",
}


class _Middleware:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Any:
        return cls(crawler)


class RobotsMiddleware(_Middleware):
    """Every request waits for its origin's robots.txt and obeys it, its crawl delay too."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, asyncio.Task[Robots]] = {}
        self._public: set[str] = set()
        self._agent: str = crawler.settings["USER_AGENT"]
        self._proxy: str | None = crawler.settings[PROXY]

    async def process_request(self, request: Request) -> None:
        """Raise PageError where robots forbid the request or the host is in a private network."""
        address = robots.address(request.url)
        if self._proxy:  # which looks host names up itself
            request.meta["proxy"] = self._proxy
        elif address not in self._public and not self.crawler.settings.getbool(PRIVATE):
            await asyncio.to_thread(network.check, request.url, False)
            self._public.add(address)
        if request.meta.get("robots"):
            return
        if address not in self._rules:
            self._rules[address] = asyncio.create_task(self._ask(address))
        rules = await asyncio.shield(self._rules[address])
        robots.check(rules, request.url, self._agent)

    async def _ask(self, address: str) -> Robots:
        engine = self.crawler.engine
        assert engine
        request = Request(address, callback=NO_CALLBACK, meta={"robots": True}, priority=1000)
        try:
            response = await engine.download_async(request)
        except (PageError, IgnoreRequest):
            return robots.UNREACHABLE
        rules = robots.read(response.status, response.body)
        slot = engine.downloader.slots.get(request.meta.get("download_slot", ""))
        delay = rules.delay(self._agent)
        if throttle := self.crawler.get_extension(Throttle):
            throttle.ask_at_least(delay)
        if slot and delay > slot.delay:
            slot.delay = delay
            slot.jitter = 0.0
        return rules


class RedirectMiddleware(_Middleware):
    """Follows redirects within bounds; the new request passes all middlewares again."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The next request, or the response where it redirects nowhere."""
        location = response.headers.get("Location")
        if response.status not in redirects.STATUSES or not location:
            return response
        trail: list[str] = request.meta.get("trail", [])
        target = redirects.follow(request.url, location.decode("utf-8", "replace"), trail)
        meta = {**request.meta, "trail": [*trail, request.url]}
        meta.pop("download_slot", None)
        return request.replace(url=target, meta=meta, dont_filter=True)


class RetryMiddleware(_Middleware):
    """Waits as long as it should and tries again; what is left becomes a PageError."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """The response, or the request once more after a pause."""
        if response.status not in retrying.STATUSES:
            return response
        header = response.headers.get("Retry-After")
        asked = retrying.retry_after(
            header.decode("latin-1") if header else None, datetime.now(UTC)
        )
        again = await self._again(request, asked)
        if again is None and not request.meta.get("robots"):
            raise PageError(of_status(response.status), request.url, asked)
        return again or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request once more after a pause; raises PageError when it was the last attempt."""
        if isinstance(exception, DownloadCancelledError):
            raise PageError("trang quá lớn (page too large)", request.url) from exception
        cause = next((text for kind, text in _CAUSES.items() if isinstance(exception, kind)), None)
        if cause is None:
            return None
        if again := await self._again(request, None):
            return again
        raise PageError(cause, request.url) from exception

    async def _again(self, request: Request, asked: float | None) -> Request | None:
        attempt = request.meta.get("attempt", 1)
        wait = retrying.pause(attempt, asked)
        if wait is None:
            return None
        await asyncio.sleep(wait)
        return request.replace(meta={**request.meta, "attempt": attempt + 1}, dont_filter=True)
