"""Pages by their addresses, by the same rules as the crawl, for someone who waits."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from crawler import urls
from crawler.discovery.gzipped import MAGIC
from crawler.fetching import network, redirects, retrying, robots, walls
from crawler.fetching.faults import PageError, of_status
from crawler.fetching.page import FetchedPage

if TYPE_CHECKING:
    from diembao.settings import Settings


class Visitor:
    """Fetches pages one after another by the same rules as the crawl; a context manager.

    Rules of each origin are asked for once; `settings.crawl_delay`, or the origin's own, lies between.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.Client(
            headers={"User-Agent": settings.agent, "Accept-Encoding": "gzip, deflate"},
            timeout=settings.crawl_timeout,
            proxy=settings.proxy,
            trust_env=False,
        )
        self._rules: dict[str, robots.Robots] = {}
        self._last: dict[str, float] = {}

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def fetch(self, url: str) -> FetchedPage:
        """The page at an address, wherever it redirects to. Raises FetchError with the cause."""
        address = urls.canonical(url)
        if address is None:
            raise PageError("chỉ nhận địa chỉ http hoặc https (only http and https addresses)", url)
        trail: list[str] = []
        while True:
            network.check(address, self._settings.private_networks or bool(self._settings.proxy))
            rules = self.rules(address)
            robots.check(rules, address, self._settings.agent)
            self._pace(address, rules)
            response = _get(self._client, address, self._settings)
            if response.status_code not in redirects.STATUSES:
                break
            target = redirects.follow(address, response.headers.get("location", ""), trail)
            trail.append(address)
            address = target
        if response.status_code != 200:
            raise PageError(of_status(response.status_code), address)
        page = FetchedPage(
            url=address,
            fetched_at=datetime.now(UTC),
            headers=dict(response.headers.items()),
            body=response.content,
        )
        if not page.body.startswith(MAGIC) and (wall := walls.reason(page.tree)):
            raise PageError(wall, address)
        return page

    def rules(self, url: str) -> robots.Robots:
        """The rules of an address's origin."""
        address = robots.address(url)
        if address not in self._rules:
            self._rules[address] = self._ask(address)
        return self._rules[address]

    def _ask(self, address: str) -> robots.Robots:
        trail: list[str] = []
        try:
            while True:
                network.check(
                    address, self._settings.private_networks or bool(self._settings.proxy)
                )
                response = _read(self._client, address, self._settings)
                if response.status_code not in redirects.STATUSES:
                    return robots.read(response.status_code, response.content)
                target = redirects.follow(address, response.headers.get("location", ""), trail)
                trail.append(address)
                address = target
        except (httpx.TransportError, PageError):
            return robots.UNREACHABLE

    def _pace(self, address: str, rules: robots.Robots) -> None:
        host = urls.host_of(address)
        delay = max(self._settings.crawl_delay, rules.delay(self._settings.agent))
        if host in self._last:
            time.sleep(max(0.0, self._last[host] + delay - time.monotonic()))
        self._last[host] = time.monotonic()


def fetch_one(url: str, settings: Settings) -> FetchedPage:
    """Fetch a page for someone who waits. Raises FetchError with the cause."""
    with Visitor(settings) as visitor:
        return visitor.fetch(url)


def _get(client: httpx.Client, url: str, settings: Settings) -> httpx.Response:
    attempt = 0
    while True:
        attempt += 1
        asked = None
        try:
            response = _read(client, url, settings)
            if response.status_code not in retrying.STATUSES:
                return response
            asked = retrying.retry_after(response.headers.get("retry-after"), datetime.now(UTC))
            fault = PageError(of_status(response.status_code), url, asked)
        except httpx.TimeoutException:
            fault = PageError("quá thời hạn (timed out)", url)
        except (httpx.TransportError, httpx.DecodingError) as error:
            fault = PageError(f"lỗi kết nối (connection failed: {type(error).__name__})", url)
        wait = retrying.pause(attempt, asked)
        if wait is None:
            raise fault
        time.sleep(wait)


def _read(client: httpx.Client, url: str, settings: Settings) -> httpx.Response:
    """A response whose body was read up to the limit."""
    with client.stream("GET", url) as response:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > settings.page_limit:
                raise PageError("trang quá lớn (page too large)", url)
        headers = [(k, v) for k, v in response.headers.items() if k != "content-encoding"]
        return httpx.Response(response.status_code, headers=headers, content=bytes(body))
