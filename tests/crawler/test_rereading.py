"""Kept pages read again: what would change is shown, newspaper by newspaper, before it goes live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.declarations import Declaration
from crawler.fetching import FetchedPage, warc
from crawler.rereading import Outcome, reread, reread_files
from crawler.run import CrawlReport
from diembao.archive import articles, jobs
from diembao.archive.engine import Archive
from diembao.archive.schema import articles as article_table
from diembao.archive.schema import versions
from diembao.errors import BadInputError
from diembao.settings import Settings

Crawl = Callable[..., CrawlReport]
LDTD = "mau-laodongthudo"
KINHBAC = "mau-kinhbac"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def changed(declared: dict[str, Declaration]) -> dict[str, Declaration]:
    """The declarations, of which one takes the headline for the byline."""
    own = declared[LDTD]
    selectors = own.selectors.model_copy(update={"byline": "h1"})
    return {**declared, LDTD: own.model_copy(update={"selectors": selectors})}


def bylines(archive: Archive) -> dict[str, str]:
    with archive.read() as conn:
        found = articles.load(conn, articles.ids(conn))
    return {one.article.canonical_url: one.article.byline for one in found}


def read(
    archive: Archive, declared: dict[str, Declaration], *, is_applied: bool
) -> dict[str, Outcome]:
    return reread(archive, declared, sorted(declared), NOW, is_applied=is_applied)


def test_what_nothing_changed_reads_the_same(
    archive: Archive, declared: dict[str, Declaration], crawl: Crawl
) -> None:
    report = crawl(LDTD, KINHBAC)
    found = read(archive, declared, is_applied=False)
    assert set(found) == {LDTD, KINHBAC}
    assert sum(one.pages for one in found.values()) == report.new
    assert all(one.same == one.pages for one in found.values())


def test_a_changed_declaration_is_shown_and_changes_nothing_until_it_is_applied(
    archive: Archive,
    declared: dict[str, Declaration],
    changed: dict[str, Declaration],
    crawl: Crawl,
) -> None:
    crawl(LDTD, KINHBAC)
    before = bylines(archive)
    shown = read(archive, changed, is_applied=False)
    assert shown[KINHBAC].altered == 0
    assert shown[LDTD].changed["byline"] == shown[LDTD].altered == shown[LDTD].pages
    example = shown[LDTD].examples[0]
    assert (example.part, example.before) == ("byline", before[example.url])
    assert bylines(archive) == before

    with archive.write() as conn:
        for job in jobs.lease(conn, "extract", "thử", datetime.now(UTC), 1000, 60):
            jobs.done(conn, job)
    applied = read(archive, changed, is_applied=True)
    assert applied[LDTD].altered == shown[LDTD].altered
    assert bylines(archive)[example.url] == example.after
    with archive.read() as conn:
        assert jobs.counts(conn)["extract"][0] == shown[LDTD].altered
        assert set(conn.execute(select(versions.c.version)).scalars()) == {1}
    assert read(archive, changed, is_applied=True)[LDTD].altered == 0


def test_a_page_without_an_article_is_kept_and_becomes_one_later(
    press: Any, archive: Archive, declared: dict[str, Declaration], crawl: Crawl
) -> None:
    ill = next(one for one in press.articles if one.site == LDTD)
    text = "Bà con thôn Nà Hin góp công mở con đường mới trong ba tháng. " * 20
    page = f"<html><head><meta charset='utf-8'></head><body><x-dau>Con đường mới</x-dau><x-bai>{text}</x-bai></body></html>"

    def redrawn(reply: Any, path: str, headers: Any) -> Any:
        return type(reply)(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())

    press.misbehave(LDTD, ill.slug, redrawn)
    own = declared[LDTD]
    blind = {
        LDTD: own.model_copy(
            update={"selectors": type(own.selectors)(body="x-khac"), "layouts": ()}
        )
    }
    report = crawl(LDTD)
    assert "no article on the page" in next(iter(report.causes))
    shown = reread(archive, blind, [LDTD], NOW, is_applied=False)[LDTD]
    assert shown.gained == 0
    selectors = own.selectors.model_copy(update={"title": "x-dau", "body": "x-bai"})
    better = {LDTD: own.model_copy(update={"selectors": selectors, "layouts": ()})}
    assert reread(archive, better, [LDTD], NOW, is_applied=True)[LDTD].gained == 1
    with archive.read() as conn:
        assert articles.find(conn, ill.url)
    assert reread(archive, better, [LDTD], NOW, is_applied=True)[LDTD].gained == 0


def test_pages_kept_as_warc_are_read_again(
    archive: Archive,
    declared: dict[str, Declaration],
    changed: dict[str, Declaration],
    crawl: Crawl,
    hurried: Settings,
) -> None:
    report = crawl(LDTD, warc=True)
    files = sorted((hurried.home / "warc").glob("*.warc.gz"))
    assert [path.name.startswith(LDTD) for path in files] == [True]
    found = reread_files(archive, declared, files, NOW, is_applied=False)
    assert (found[LDTD].pages, found[LDTD].same) == (report.new, report.new)
    assert reread_files(archive, changed, files, NOW, is_applied=False)[LDTD].altered == report.new


def test_articles_are_made_of_a_warc_file_alone(
    press: Any, archive: Archive, declared: dict[str, Declaration], tmp_path: Path
) -> None:
    one = next(article for article in press.articles if article.site == LDTD)
    body = press.sites[LDTD].page(one.path).body
    headers = {"content-type": "text/html; charset=utf-8"}
    warc.keep(tmp_path / "warc", LDTD, FetchedPage(one.url, NOW, headers, body))
    files = list((tmp_path / "warc").iterdir())
    assert reread_files(archive, declared, files, NOW, is_applied=True)[LDTD].gained == 1
    with archive.read() as conn:
        wanted = article_table.c.canonical_url == one.url
        title = conn.execute(select(article_table.c.title).where(wanted)).scalar_one()
    assert title == one.title


def test_a_file_that_is_no_warc_is_refused(
    archive: Archive, declared: dict[str, Declaration], tmp_path: Path
) -> None:
    path = tmp_path / "khac.warc.gz"
    path.write_bytes(b"khong phai WARC")
    with pytest.raises(BadInputError, match=r"khac\.warc\.gz"):
        reread_files(archive, declared, [path], NOW, is_applied=False)
