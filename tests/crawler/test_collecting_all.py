"""All articles of the sample newspapers, none twice, across three crawls with faults of every kind between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from crawler.declarations import Declaration
from crawler.run import CrawlReport, crawl_once
from diembao.archive.engine import Archive
from diembao.archive.schema import articles, crawl_urls, versions
from diembao.settings import Settings

Crawl = Callable[..., CrawlReport]


def on_articles(module: Any) -> list[Any]:
    """A fault of every kind that an article's page can have."""
    return [
        module.status(404),
        module.status(500),
        module.too_many_requests("3600"),
        module.challenge(),
        module.redirect_loop(),
        module.growing_query(),
        module.led_away("/"),
        module.connection_reset(),
        module.slow(1.0),
        module.truncated_gzip(),
        module.double_gzip(),
        module.gzip_bomb(20_000_000),
        module.swollen(10_000_001),
        module.other_kind("application/pdf"),
        module.soft_404(),
        module.log_in(),
        module.cookie_redirect(),
        module.wrong_charset("utf-8", "iso-8859-1"),
    ]


def misbehave(press: Any, module: Any, entries: list[tuple[str, str, Any]], shift: int) -> None:
    """Let every article's page, and some entry pages, show a fault; another one for another shift."""
    for site, pattern, fault in entries:
        press.misbehave(site, pattern, fault)
    faults = on_articles(module)
    for place, article in enumerate(press.articles):
        if (place + shift) % 2:
            press.misbehave(article.site, article.slug, faults[(place // 2 + shift) % len(faults)])


def make_due(archive: Archive) -> None:
    """As if the pause after every failure had passed."""
    with archive.write() as conn:
        past = datetime.now(UTC) - timedelta(seconds=1)
        failing = update(crawl_urls).where(crawl_urls.c.failures > 0)
        conn.execute(failing.values(next_visit_at=past))


def collected(archive: Archive) -> list[str]:
    with archive.read() as conn:
        return list(conn.execute(select(articles.c.canonical_url)).scalars())


def test_everything_is_collected_once(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl
) -> None:
    wanted = sorted(article.url for article in press.articles)
    first = [
        ("mau-datto", "robots.txt", press_module.status(503)),
        ("mau-kinhbac", "sitemap", press_module.truncated_gzip(0.5)),
        ("mau-laodongthudo", "rss_feed", press_module.status(404)),
    ]
    second = [
        ("mau-cuulong", "robots.txt", press_module.connection_reset()),
        ("mau-datto", "rss", press_module.too_many_requests("3600")),
        ("mau-kinhbac", "sitemap", press_module.gzip_bomb(20_000_000)),
    ]
    misbehave(press, press_module, first, shift=0)
    assert crawl(crawl_timeout=0.5).failed
    so_far = collected(archive)
    assert 0 < len(so_far) < len(wanted)
    press.behave()
    make_due(archive)
    misbehave(press, press_module, second, shift=1)
    assert crawl(crawl_timeout=0.5).failed
    assert len(so_far) <= len(collected(archive)) <= len(wanted)
    press.behave()
    make_due(archive)
    last = crawl()
    assert sorted(collected(archive)) == wanted
    assert {one: report.error for one, report in last.sources.items() if report.error} == {}
    with archive.read() as conn:
        written = conn.execute(select(versions.c.version)).scalars().all()
    assert list(written) == [1] * len(wanted)


@pytest.mark.parametrize(
    "form", ["{path}?PHPSESSID=a{n}", "{path};jsessionid=b{n}", "{path}?sid={n}"]
)
def test_session_ids_in_addresses_make_no_second_article(
    press: Any, archive: Archive, crawl: Crawl, form: str
) -> None:
    site = "mau-laodongthudo"
    printed = [one for one in press.articles if one.site == site]
    visits: list[int] = []

    def linked(reply: Any, path: str, headers: Any) -> Any:
        visits.append(1)
        links = "".join(
            f'<a href="{form.format(path=one.path, n=len(visits))}">{one.title}</a>'
            for one in printed
        )
        return type(reply)(200, {"Content-Type": "text/html; charset=utf-8"}, links.encode())

    press.misbehave(site, "^/thoi-su", linked)
    crawl(site)
    crawl(site)
    assert len(visits) > 1
    assert sorted(collected(archive)) == sorted(one.url for one in printed)
    asked = [request.path for request in press.fetched(site, printed[0].slug)]
    assert len(asked) == 1


def test_a_calendar_of_sitemaps_without_end_is_left_within_a_bound(
    press: Any,
    archive: Archive,
    declared: dict[str, Declaration],
    hurried: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = "mau-kinhbac"
    monkeypatch.setattr("crawler.spider.MOST_ENTRIES", 40)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"

    def month_after_month(reply: Any, path: str, headers: Any) -> Any:
        number = int(path.rpartition("=")[2]) if "=" in path else 0
        place = f"{press.origins[site]}/sitemap.xml?thang={number + 1}"
        body = f'<sitemapindex xmlns="{space}"><sitemap><loc>{place}</loc></sitemap></sitemapindex>'
        return type(reply)(200, {"Content-Type": "text/xml"}, body.encode())

    press.misbehave(site, "sitemap", month_after_month)
    changed = {"feeds": (), "listings": (), "sitemaps": (f"{press.origins[site]}/sitemap.xml",)}
    endless = declared[site].model_copy(update=changed)
    report = crawl_once(archive, {site: endless}, hurried)
    assert "too many entry pages" in next(iter(report.causes))
    assert len(press.fetched(site)) <= 45
