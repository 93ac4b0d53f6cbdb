"""Manners on the wire: pace by the newspaper's own, name and contact, a proxy where one is set."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import urlopen

import pytest

from crawler.fetching import fetch_one
from crawler.run import CrawlReport
from diembao.archive.engine import Archive
from diembao.settings import Settings

Crawl = Callable[..., CrawlReport]
SITE = "mau-laodongthudo"


@pytest.fixture
def times(press: Any, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the newspaper was asked."""
    asked: list[float] = []
    answer = press.answer

    def timed(*given: Any) -> Any:
        asked.append(time.monotonic())
        return answer(*given)

    for server in press._servers:
        monkeypatch.setattr(server, "answer", timed)
    return asked


def shortest_pause(asked: list[float]) -> float:
    return min(later - earlier for earlier, later in itertools.pairwise(asked))


def test_a_slow_newspaper_is_left_alone_longer(
    press: Any, crawl: Crawl, times: list[float]
) -> None:
    press.misbehave(SITE, "", lambda reply, *_: replace(reply, delay=0.4))
    crawl(SITE, crawl_delay=0.02)
    assert (
        shortest_pause(times[5:]) > 0.1
    )  # half of what it takes to answer, and much above its delay


def test_what_robots_ask_for_is_the_least(press: Any, crawl: Crawl, times: list[float]) -> None:
    def slowly(reply: Any, path: str, headers: Any) -> Any:
        return type(reply)(
            200, {"Content-Type": "text/plain"}, b"User-agent: *\nCrawl-delay: 0.3\n"
        )

    press.misbehave(SITE, "robots.txt", slowly)
    crawl(SITE, crawl_delay=0.01)
    assert shortest_pause(times[2:]) > 0.25


@pytest.mark.parametrize("allowed", [1, 3])
def test_no_newspaper_is_asked_for_more_pages_at_once_than_allowed(
    press: Any, crawl: Crawl, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    asked = Counter[str]()
    most = Counter[str]()
    counting = threading.Lock()

    def slowly(answer: Any, site: str) -> Any:
        def answered(*given: Any) -> Any:
            with counting:
                asked[site] += 1
                most[site] = max(most[site], asked[site])
            time.sleep(0.05)
            with counting:
                asked[site] -= 1
            return answer(*given)

        return answered

    for server in press._servers:
        monkeypatch.setattr(server, "answer", slowly(server.answer, str(server.server_port)))
    crawl(crawl_per_newspaper=allowed)
    assert max(most.values()) == allowed


def test_the_contact_stands_in_every_request(press: Any, crawl: Crawl) -> None:
    seen: set[str | None] = set()

    def note(reply: Any, path: str, headers: Any) -> Any:
        seen.add(headers.get("From"))
        return reply

    press.misbehave(SITE, "", note)
    crawl(SITE, contact="bientap@vanphong.example")
    assert seen == {"bientap@vanphong.example"}
    agents = {request.user_agent for request in press.fetched(SITE)}
    assert len(agents) == 1
    assert agents.pop().endswith(" (+bientap@vanphong.example)")


class _Proxy(BaseHTTPRequestHandler):
    """Passes requests on and notes them."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append((self.path, self.headers.get("Proxy-Authorization")))
        with urlopen(self.path) as answer:
            body, kind = answer.read(), answer.headers["Content-Type"]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def proxy() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_everything_goes_through_the_proxy(
    press: Any, archive: Archive, crawl: Crawl, hurried: Settings, proxy: Any
) -> None:
    through = f"http://ten:mat-khau@127.0.0.1:{proxy.server_port}"
    report = crawl(SITE, proxy=through, private_networks=False)
    article = next(one for one in press.articles if one.site == SITE)
    assert report.new == sum(one.site == SITE for one in press.articles)
    assert len(proxy.asked) == len(press.fetched(SITE))
    assert {credentials for _, credentials in proxy.asked} == {"Basic dGVuOm1hdC1raGF1"}
    proxy.asked.clear()
    fetch_one(article.url, hurried.model_copy(update={"proxy": through, "private_networks": False}))
    assert article.url in {address for address, _ in proxy.asked}
