"""One page by its address, by the same rules as the crawl."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from crawler import urls
from crawler.fetching import encoding, network, redirects, retrying, robots, walls
from crawler.fetching.faults import PageError, of_status
from crawler.fetching.page import FetchedPage

if TYPE_CHECKING:
    from diembao.settings import Settings


def fetch_one(url: str, settings: Settings) -> FetchedPage:
    """Fetch a page for someone who waits. Raises FetchError with the cause."""
    address = urls.canonical(url)
    if address is None:
        raise PageError("chỉ nhận địa chỉ http hoặc https (only http and https addresses)", url)
    headers = {"User-Agent": settings.user_agent, "Accept-Encoding": "gzip, deflate"}
    with httpx.Client(headers=headers, timeout=settings.crawl_timeout, trust_env=False) as client:
        trail: list[str] = []
        while True:
            network.check(address, settings.private_networks)
            _ask_robots(client, address, settings)
            response = _get(client, address, settings)
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
    if wall := walls.reason(encoding.parse_html(page.text)):
        raise PageError(wall, address)
    return page


def _ask_robots(client: httpx.Client, url: str, settings: Settings) -> None:
    address = robots.address(url)
    trail: list[str] = []
    try:
        while True:
            network.check(address, settings.private_networks)
            response = _read(client, address, settings)
            if response.status_code not in redirects.STATUSES:
                break
            target = redirects.follow(address, response.headers.get("location", ""), trail)
            trail.append(address)
            address = target
        rules = robots.read(response.status_code, response.content)
    except (httpx.TransportError, PageError):
        rules = robots.UNREACHABLE
    robots.check(rules, url, settings.user_agent)


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
