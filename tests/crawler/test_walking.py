"""Walking back through archives: complete to the date, not further, and on from where it stopped."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from crawler.declarations import Declaration, Listing
from crawler.run import CrawlReport, crawl_once
from diembao.archive.engine import Archive
from diembao.archive.schema import articles as article_table
from diembao.settings import Settings

SITE = "mau-kinhbac"
BY_MONTH = "mau-tiengnoidoanvien"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

Walk = Callable[..., CrawlReport]


@pytest.fixture
def walk(archive: Archive, hurried: Settings) -> Walk:
    def run(declaration: Declaration, since: datetime = LONG_AGO) -> CrawlReport:
        return crawl_once(archive, {declaration.name: declaration}, hurried, since=since)

    return run


def archived(archive: Archive) -> set[str]:
    with archive.read() as conn:
        return set(conn.execute(select(article_table.c.canonical_url)).scalars())


def printed(press: Any, site: str, since: datetime = LONG_AGO) -> list[str]:
    """Addresses of the articles since then, newest first."""
    found = [one for one in press.articles if one.site == site and one.published_at >= since]
    return [one.url for one in sorted(found, key=lambda one: one.published_at, reverse=True)]


def asked(press: Any, site: str) -> Counter[str]:
    return Counter(request.path for request in press.fetched(site))


def by_sitemap(declared: dict[str, Declaration]) -> Declaration:
    """The newspaper by months, which an ordinary crawl would look at for a month only."""
    return declared[BY_MONTH].model_copy(update={"feeds": (), "listings": (), "horizon_days": 30})


def by_listing(press: Any, declared: dict[str, Declaration], past_the_end: str) -> Declaration:
    """The newspaper with nothing but a long list, two articles a page."""
    addresses = printed(press, SITE)
    last = -(-len(addresses) // 2)

    def listed(reply: Any, path: str, headers: Any) -> Any:
        number = int(path.partition("?page=")[2] or 1)
        if number > last and past_the_end == "404":
            return type(reply)(404, {"Content-Type": "text/html"}, b"")
        number = number if past_the_end == "growing" else min(number, last)
        links = [f'<a href="{url}">bai</a>' for url in addresses[2 * number - 2 : 2 * number]]
        links.append(f'<a href="/kho?page={number + 1}">sau</a>')
        return type(reply)(200, {"Content-Type": "text/html"}, "".join(links).encode())

    press.misbehave(SITE, "^/kho", listed)
    base = press.origins[SITE]
    listing = Listing(url=f"{base}/kho", next="/kho?page={page}")
    return declared[SITE].model_copy(update={"feeds": (), "sitemaps": (), "listings": (listing,)})


def test_sitemaps_are_read_beyond_the_horizon_back_to_the_date(
    press: Any, archive: Archive, declared: dict[str, Declaration], walk: Walk
) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    before = [month for month in asked_months(press) if month < "2026-01"]
    assert before
    walk(by_sitemap(declared), since)
    assert archived(archive) == set(printed(press, BY_MONTH, since))
    assert not [path for path in asked(press, BY_MONTH) if any(month in path for month in before)]


def asked_months(press: Any) -> set[str]:
    """The months in which the newspaper by months printed anything."""
    found = [one.published_at for one in press.articles if one.site == BY_MONTH]
    return {f"{moment:%Y-%m}" for moment in found}


def test_what_a_walk_has_read_is_not_asked_for_again(
    press: Any, archive: Archive, declared: dict[str, Declaration], walk: Walk
) -> None:
    walk(by_sitemap(declared), datetime(2026, 1, 1, tzinfo=UTC))
    press.requests.clear()
    walk(by_sitemap(declared), datetime(2026, 1, 1, tzinfo=UTC))
    assert set(asked(press, BY_MONTH)) == {"/robots.txt", "/sitemap.xml"}
    walk(by_sitemap(declared))  # further back
    assert archived(archive) == set(printed(press, BY_MONTH))


@pytest.mark.parametrize("past_the_end", ["404", "the last again", "growing"])
def test_listings_are_followed_to_their_end(
    press: Any, archive: Archive, declared: dict[str, Declaration], walk: Walk, past_the_end: str
) -> None:
    report = walk(by_listing(press, declared, past_the_end))
    assert archived(archive) == set(printed(press, SITE))
    pages = [path for path in asked(press, SITE) if path.startswith("/kho")]
    assert len(pages) <= -(-len(archived(archive)) // 2) + 1
    assert report.failed == 0
    press.requests.clear()
    walk(by_listing(press, declared, past_the_end))
    again = [path for path in asked(press, SITE) if path.startswith("/kho")]
    assert len(again) <= 3  # the first page, and what lies beyond the last
    assert not set(asked(press, SITE)) & {url.removeprefix(press.origins[SITE]) for url in printed(press, SITE)}  # fmt: skip


def test_listings_are_left_once_a_page_is_older_than_the_date(
    press: Any, archive: Archive, declared: dict[str, Declaration], walk: Walk
) -> None:
    declaration = by_listing(press, declared, "404")
    addresses = printed(press, SITE)
    fourth = next(one for one in press.articles if one.url == addresses[3])
    walk(declaration, fourth.published_at)
    assert archived(archive) >= set(addresses[:4])
    assert len(archived(archive)) <= 8
    assert f"/kho?page={len(addresses) // 2}" not in asked(press, SITE)


COMMAND = "from diembao.cli import main; main()"


def test_interrupted_it_goes_on_where_it_was(press: Any, tmp_path: Path, archive: Archive) -> None:
    press.write_declarations(tmp_path / "sources")
    path = tmp_path / "sources" / f"{BY_MONTH}.toml"
    path.write_text(
        path.read_text("utf-8").replace("feeds =", "horizon_days = 30\nfeeds ="), "utf-8"
    )
    environment = {
        **os.environ,
        "DIEMBAO_HOME": str(tmp_path),
        "DIEMBAO_SOURCES": str(tmp_path / "sources"),
        "DIEMBAO_PRIVATE_NETWORKS": "true",
        "DIEMBAO_CRAWL_DELAY": "0.05",
        "DIEMBAO_LANGUAGE": "vi",
    }
    arguments = [
        sys.executable,
        "-c",
        COMMAND,
        "crawl",
        "--since",
        "2020-01-01",
        "--source",
        BY_MONTH,
    ]

    def count() -> int:
        with archive.read() as conn:
            return int(conn.execute(select(func.count()).select_from(article_table)).scalar_one())

    gone_on = threading.Event()
    answered = itertools.count(1)

    def held(reply: Any, path: str, headers: Any) -> Any:
        """From the fifth article on the newspaper answers only after the walk was stopped."""
        if press.origins[BY_MONTH] + path in total and next(answered) > 4:
            gone_on.wait(60)
        return reply

    total = set(printed(press, BY_MONTH))
    press.misbehave(BY_MONTH, "", held)
    first = subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while count() < 3:
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
    first.send_signal(signal.SIGINT)
    _, told = first.communicate(timeout=60)
    gone_on.set()
    press.behave()
    assert first.returncode == 130
    assert "chạy lại lệnh này để tiếp tục" in told
    have = archived(archive)
    assert have < total

    press.requests.clear()
    second = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    assert archived(archive) == total
    assert f"{len(total - have)} bài mới" in second.stdout
    origin = press.origins[BY_MONTH]
    assert not {origin + path for path in asked(press, BY_MONTH)} & have
