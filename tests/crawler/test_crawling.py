"""Crawls of the sample newspapers over HTTP: complete, polite, cheap when repeated, steady under faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from crawler.run import CrawlReport
from diembao.archive import articles, jobs
from diembao.archive import crawl as crawl_state
from diembao.archive.engine import Archive
from diembao.archive.schema import articles as article_table
from diembao.archive.schema import crawl_urls
from diembao.archive.schema import sources as source_table
from diembao.errors import BadInputError
from diembao.settings import Settings

Crawl = Callable[..., CrawlReport]
LDTD = "mau-laodongthudo"


def archived(archive: Archive, site: str | None = None) -> set[str]:
    with archive.read() as conn:
        wanted = select(article_table.c.canonical_url)
        if site:
            wanted = wanted.where(article_table.c.source == site)
        return set(conn.execute(wanted).scalars())


def versions(archive: Archive, url: str) -> int:
    with archive.read() as conn:
        article_id = articles.find(conn, url)
        assert article_id is not None
        return len(articles.versions(conn, article_id))


def addresses(press: Any, site: str | None = None) -> set[str]:
    return {article.url for article in press.articles if site in (None, article.site)}


def asked_twice(requests: Iterable[Any]) -> set[str]:
    counted = Counter((request.site, request.path) for request in requests)
    return {path for (_, path), count in counted.items() if count > 1}


def make_due(archive: Archive) -> None:
    """As if the pause after every failure had passed."""
    with archive.write() as conn:
        past = datetime.now(UTC) - timedelta(seconds=1)
        failing = update(crawl_urls).where(crawl_urls.c.failures > 0)
        conn.execute(failing.values(next_visit_at=past))


def test_every_article_is_collected_once_and_filed_for_extraction(
    press: Any, archive: Archive, crawl: Crawl
) -> None:
    report = crawl()
    assert archived(archive) == addresses(press)
    assert report.new == len(press.articles)
    assert report.failed == 0
    assert not asked_twice(press.requests)
    with archive.read() as conn:
        assert jobs.counts(conn)["extract"][0] == len(press.articles)
        assert articles.counts(conn)["pages"] == len(press.articles)
    for site in press.sites:
        assert press.fetched(site)[0].path == "/robots.txt"
        named = {request.user_agent for request in press.fetched(site)}
        assert named == {Settings.model_fields["user_agent"].default}


def test_what_robots_forbid_is_never_asked_for(press: Any, crawl: Crawl) -> None:
    report = crawl()
    assert report.disallowed
    for name, site in press.sites.items():
        assert not press.fetched(name, site.config["private"])


def test_a_second_crawl_asks_only_for_entry_pages_and_adds_nothing(
    press: Any, archive: Archive, crawl: Crawl
) -> None:
    crawl()
    press.requests.clear()
    report = crawl()
    paths = {article.path for article in press.articles}
    asked = [request for request in press.requests if request.path != "/robots.txt"]
    assert not paths & {request.path for request in asked}
    assert {request.status for request in asked} == {304}
    assert (report.new, report.edited, report.failed) == (0, 0, 0)
    assert archived(archive) == addresses(press)


def test_a_newer_date_brings_the_crawl_back_and_an_edit_makes_one_version(
    press: Any, archive: Archive, crawl: Crawl
) -> None:
    crawl()
    edited = press.sites[LDTD].manuscripts
    name = next(key for key, manuscript in edited.items() if "second" in manuscript.front)
    press.edit(name)
    printed = [article for article in press.articles if article.article_id == name]
    press.requests.clear()
    report = crawl()
    assert report.edited == len(printed)
    assert {versions(archive, article.url) for article in printed} == {2}
    asked = {request.path for request in press.requests} & {a.path for a in press.articles}
    assert asked == {article.path for article in printed}
    assert crawl().edited == 0


def test_a_young_article_is_asked_for_again_conditionally_after_the_interval(
    press: Any, archive: Archive, crawl: Crawl
) -> None:
    crawl(LDTD, revisit_hours=1e6, revisit_interval=0.001)
    press.requests.clear()
    report = crawl(LDTD, revisit_hours=1e6, revisit_interval=3600)
    pages = [r for r in press.fetched(LDTD) if r.path in {a.path for a in press.articles}]
    assert len(pages) == len(addresses(press, LDTD))
    assert {request.status for request in pages} == {304}
    assert all(request.if_none_match for request in pages)
    assert report.edited == 0
    press.requests.clear()
    crawl(LDTD, revisit_hours=1e6, revisit_interval=3600)
    assert not [r for r in press.fetched(LDTD) if r.path in {a.path for a in press.articles}]


def test_a_changed_headline_is_a_new_version_not_a_new_article(
    press: Any, archive: Archive, crawl: Crawl
) -> None:
    crawl(LDTD, revisit_hours=1e6, revisit_interval=0.001)
    count = len(archived(archive))
    article = next(one for one in press.articles if one.site == LDTD)

    def retitled(reply: Any, path: str, headers: Any) -> Any:
        body = reply.body.decode().replace(article.title, "Đầu đề mới của bài này")
        return type(reply)(200, {**reply.headers, "ETag": '"mới"'.encode().hex()}, body.encode())

    press.misbehave(LDTD, article.path, retitled)
    assert crawl(LDTD, revisit_hours=1e6).edited == 1
    assert len(archived(archive)) == count
    assert versions(archive, article.url) == 2


def test_an_unknown_newspaper_is_told(crawl: Crawl) -> None:
    with pytest.raises(BadInputError, match="khong-co"):
        crawl("khong-co")


@pytest.mark.parametrize("status", [500, 503])
def test_robots_that_cannot_be_read_close_the_site_until_the_next_crawl(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl, status: int
) -> None:
    press.misbehave(LDTD, "robots.txt", press_module.status(status))
    report = crawl(LDTD)
    assert {request.path for request in press.fetched(LDTD)} == {"/robots.txt"}
    assert report.sources[LDTD].error
    press.behave()
    crawl(LDTD)
    assert archived(archive, LDTD) == addresses(press, LDTD)


def test_robots_that_time_out_close_the_site(press: Any, press_module: Any, crawl: Crawl) -> None:
    press.misbehave(LDTD, "robots.txt", press_module.slow(1.0))
    crawl(LDTD, crawl_timeout=0.2)
    assert {request.path for request in press.fetched(LDTD)} == {"/robots.txt"}


def test_missing_robots_allow_everything(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl
) -> None:
    press.misbehave(LDTD, "robots.txt", press_module.status(404))
    crawl(LDTD)
    assert archived(archive, LDTD) >= addresses(press, LDTD)


FAULTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "500": (lambda module: module.status(500), "HTTP 500"),
    "404": (lambda module: module.status(404), "HTTP 404"),
    "wall": (lambda module: module.challenge(), "HTTP 403"),
    "wait long": (lambda module: module.too_many_requests("3600"), "HTTP 429"),
    "loop": (lambda module: module.redirect_loop(), "redirect loop"),
    "reset": (lambda module: module.connection_reset(), "connection lost"),
    "slow": (lambda module: module.slow(1.5), "timed out"),
    "growing query": (lambda module: module.growing_query(), "redirect loop"),
    "cut off": (lambda module: module.truncated_gzip(), "page cut off"),
    "bomb": (lambda module: module.gzip_bomb(20_000_000), "too large once unpacked"),
    "huge": (lambda module: module.swollen(10_000_001), "page too large"),
    "no page": (lambda module: module.other_kind("application/pdf"), "not HTML: application/pdf"),
    "soft 404": (lambda module: module.soft_404(), "gone, though answered with 200"),
    "log-in": (lambda module: module.log_in(), "log-in form"),
    "led away": (lambda module: module.led_away("/"), "led to a page that is no article"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_on_one_article_is_counted_and_the_article_comes_later(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl, name: str
) -> None:
    fault, cause = FAULTS[name]
    ill = next(one for one in press.articles if one.site == LDTD)
    press.misbehave(LDTD, ill.slug, fault(press_module))
    report = crawl(LDTD, crawl_timeout=0.7)
    assert archived(archive) == addresses(press, LDTD) - {ill.url}
    assert report.failed == 1
    assert cause in next(iter(report.causes))
    with archive.read() as conn:
        stored = conn.execute(select(crawl_urls.c.last_error).where(crawl_urls.c.url == ill.url))
        assert cause in stored.scalar_one()

    press.behave()
    press.requests.clear()
    crawl(LDTD)
    assert not press.fetched(LDTD, ill.slug)  # not before its pause has passed
    make_due(archive)
    crawl(LDTD)
    assert archived(archive) == addresses(press, LDTD)


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize("is_date", [False, True])
def test_a_newspaper_that_asks_for_a_pause_is_given_it(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl, code: int, is_date: bool
) -> None:
    ill = next(one for one in press.articles if one.site == LDTD)
    until = datetime.now(UTC) + timedelta(hours=2)
    asked = format_datetime(until, usegmt=True) if is_date else "7200"
    press.misbehave(LDTD, ill.slug, press_module.too_many_requests(asked, code))
    crawl(LDTD)
    assert len(press.fetched(LDTD, ill.slug)) == 1  # the pause is too long to wait for now
    with archive.read() as conn:
        again = select(crawl_urls.c.next_visit_at).where(crawl_urls.c.url == ill.url)
        assert conn.execute(again).scalar_one() >= until - timedelta(seconds=1)


def test_a_fault_that_passes_costs_nothing(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl
) -> None:
    press.misbehave(LDTD, r"\.html", press_module.status(502), times=2)
    press.misbehave(LDTD, "rss_feed", press_module.too_many_requests("1"), times=1)
    report = crawl(LDTD)
    assert report.failed == 0
    assert archived(archive) == addresses(press, LDTD)


def test_a_page_that_sets_a_cookie_and_redirects_to_itself_is_read(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl
) -> None:
    press.misbehave(LDTD, r"\.html", press_module.cookie_redirect())
    assert crawl(LDTD).failed == 0
    assert archived(archive) == addresses(press, LDTD)


@pytest.mark.parametrize("fault", ["truncated_gzip", "double_gzip"])
def test_a_broken_sitemap_never_stops_the_crawl(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl, fault: str
) -> None:
    site = "mau-kinhbac"
    press.misbehave(site, "sitemap", getattr(press_module, fault)())
    crawl(site)
    assert archived(archive) == addresses(press, site)


@pytest.mark.parametrize(
    ("written", "label"), [("utf-8", "iso-8859-1"), ("windows-1258", "windows-1258")]
)
def test_a_wrong_or_old_charset_gives_the_same_text(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl, written: str, label: str
) -> None:
    ill = next(one for one in press.articles if one.site == LDTD)
    press.misbehave(LDTD, ill.slug, press_module.wrong_charset(written, label))
    crawl(LDTD)
    with archive.read() as conn:
        article_id = articles.find(conn, ill.url)
        assert article_id is not None
        read = articles.load_version(conn, article_id, 1)
    assert read.title == ill.title
    assert read.lead == ill.lead


def test_a_newspaper_that_is_down_never_stops_the_others(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl
) -> None:
    press.misbehave(LDTD, "", press_module.connection_reset())
    report = crawl()
    assert archived(archive) == addresses(press) - addresses(press, LDTD)
    assert report.sources[LDTD].error
    with archive.read() as conn:
        stored = dict(conn.execute(select(source_table.c.name, source_table.c.last_error)).all())
    assert stored.pop(LDTD)
    assert not any(stored.values())


def test_a_page_above_the_limit_is_a_fault(press: Any, archive: Archive, crawl: Crawl) -> None:
    report = crawl(LDTD, page_limit=3000)
    assert not archived(archive)
    assert "too large" in next(iter(report.causes))


def test_the_phone_form_of_an_article_is_the_same_article(
    press: Any, archive: Archive, crawl: Crawl
) -> None:
    article = next(one for one in press.articles if one.site == LDTD)
    phone = press.sites[LDTD].mobile_path(article)

    def linked(reply: Any, path: str, headers: Any) -> Any:
        body = reply.body.replace(
            b"</body>", f'<a href="{phone}?utm_source=x">x</a></body>'.encode()
        )
        return type(reply)(200, reply.headers, body)

    press.misbehave(LDTD, "^/thoi-su", linked)
    crawl(LDTD)
    assert archived(archive) == addresses(press, LDTD)
    assert not asked_twice(press.fetched(LDTD, article.slug))


@pytest.mark.parametrize("status", [404, 410])
def test_what_a_newspaper_takes_down_stays(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl, status: int
) -> None:
    crawl(LDTD, revisit_hours=1e6, revisit_interval=0.001)
    gone = next(one for one in press.articles if one.site == LDTD)
    press.misbehave(LDTD, gone.slug, press_module.status(status))
    report = crawl(LDTD, revisit_hours=1e6)
    assert f"HTTP {status}" in next(iter(report.causes))
    assert archived(archive) == addresses(press, LDTD)
    with archive.read() as conn:
        article_id = articles.find(conn, gone.url)
        assert article_id is not None
        (shown,) = articles.load(conn, [article_id])
    assert shown.article.title == gone.title


def test_an_entry_page_that_never_answered_is_told(
    press: Any, press_module: Any, archive: Archive, crawl: Crawl
) -> None:
    press.misbehave(LDTD, "rss_feed", press_module.status(404))
    crawl(LDTD)
    with archive.read() as conn:
        (fault,) = [one for one in crawl_state.faults(conn)[LDTD] if one.kind == "feed"]
    assert fault.url == f"{press.origins[LDTD]}/rss_feed/"
    assert "HTTP 404" in fault.cause
    press.behave()
    crawl(LDTD)
    with archive.read() as conn:
        (forbidden,) = crawl_state.faults(conn)[LDTD]
    assert "disallowed by robots.txt" in forbidden.cause
